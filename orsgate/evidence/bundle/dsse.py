# SPDX-License-Identifier: Apache-2.0
"""The envelope of a signed statement: DSSE 1.0 (https://github.com/secure-systems-lab/dsse) in canonical JSON (RFC 8785)."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

import rfc8785

from orsgate.evidence.canonical import NotIntactError
from orsgate.evidence.keys import SigningKey

PAYLOAD_TYPE = "application/vnd.in-toto+json"
LARGEST_ENVELOPE = 8 * 2**20
"""Bytes; that of ten thousand files takes about 2 MB."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """An envelope as it was found.

    Attributes:
        payload: what was signed, with its type.
        keyid: of the key that it says it was signed by.
        signature: hexadecimal.
    """

    payload: bytes
    payload_type: str
    keyid: str
    signature: str


def pae(payload_type: str, payload: bytes) -> bytes:
    """What the signature is over: the pre-authentication encoding of DSSE 1.0."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def seal(payload: bytes, key: SigningKey) -> bytes:
    """The envelope of a payload, signed."""
    signature = bytes.fromhex(key.sign(pae(PAYLOAD_TYPE, payload)))
    return rfc8785.dumps(
        {
            "payload": base64.b64encode(payload).decode(),
            "payloadType": PAYLOAD_TYPE,
            "signatures": [{"keyid": key.key_id, "sig": base64.b64encode(signature).decode()}],
        }
    )


def opened(data: bytes) -> Envelope:
    """What is in an envelope; who signed it is still to be verified.

    Raises:
        NotIntactError: it is not in the one form that ``seal`` writes.
    """
    if len(data) > LARGEST_ENVELOPE:
        raise NotIntactError(f"is larger than {LARGEST_ENVELOPE // 2**20} MB, which no envelope is")
    match canonical_json(data):
        case {
            "payload": str(payload), "payloadType": str(kind), "signatures": [{"keyid": str(keyid), "sig": str(value), **other}],
            **more,
        } if not other and not more:  # fmt: skip
            return Envelope(_decoded("payload", payload), kind, keyid, _decoded("sig", value).hex())
        case {"payload": str(), "payloadType": str(), "signatures": [_, _, *_]}:
            raise NotIntactError("was changed: a signature was added to its field signatures, which holds exactly one")
    raise NotIntactError("was changed: it holds other fields than payload, payloadType, and one signature with keyid and sig")


def canonical_json(data: bytes) -> Any:
    """The value in ``data``, which is JSON in the form of RFC 8785; so no key can stand twice.

    Raises:
        NotIntactError: it is not.
    """
    try:
        value = json.loads(data)
        same = rfc8785.dumps(value) == data
    except (ValueError, RecursionError):
        raise NotIntactError("was changed: it is no JSON as orsgate writes it") from None
    if not same:
        raise NotIntactError("was changed: it is not in the form that orsgate writes")
    return value


def _decoded(field: str, text: str) -> bytes:
    try:
        value = base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        value = b""
    if base64.b64encode(value).decode() != text:
        raise NotIntactError(f"was changed: its field {field} is not base64 as orsgate writes it")
    return value
