# SPDX-License-Identifier: Apache-2.0
"""JSON documents that are refused when a single byte of them was changed: one canonical form, with a checksum in it.

The checksum detects accidents. Whoever can write the file can make a new one: only a signature tells who did.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from orsgate.estate.mistakes import InputError

CHECKSUM = "sha256"
LARGEST = 256 * 2**20
"""Bytes; a record of ten thousand applications takes about 30 MB."""


class SealError(InputError):
    """A document that was changed, or is of another kind; the message is one sentence for the user."""


def canonical(document: Mapping[str, Any]) -> bytes:
    """The one form in which a document is written: keys sorted, ASCII, one line feed at its end."""
    return (json.dumps(document, ensure_ascii=True, sort_keys=True, indent=1, allow_nan=False) + "\n").encode("ascii")


def checksum(document: Mapping[str, Any], outside: tuple[str, ...] = ()) -> str:
    """SHA-256 (hexadecimal) of a document without its checksum and the keys ``outside`` it."""
    left_out = {CHECKSUM, *outside}
    return hashlib.sha256(canonical({key: value for key, value in document.items() if key not in left_out})).hexdigest()


def sealed(document: Mapping[str, Any], outside: tuple[str, ...] = ()) -> bytes:
    """The bytes of a document with its checksum."""
    return canonical({**document, CHECKSUM: checksum(document, outside)})


def opened(data: bytes, place: str, schema: str, outside: tuple[str, ...] = ()) -> dict[str, Any]:
    """The document in ``data``.

    Args:
        data: the bytes of the file.
        place: the file, for the message.
        schema: what its key ``schema`` must say.
        outside: keys that the checksum does not cover.

    Raises:
        SealError: it is no such document, or a byte of it was changed.
    """
    kind = schema.split("/")[1]
    if len(data) > LARGEST:
        raise SealError(f"{place} is larger than {LARGEST // 2**20} MB, which no {kind} is")
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        raise SealError(f"{place} is no {kind}: it is not JSON, or was cut off") from None
    if not isinstance(found, dict) or found.get("schema") != schema:
        said = found.get("schema") if isinstance(found, dict) else None
        other = f", but says {said}" if isinstance(said, str) and said.startswith("orsgate/") else ""
        raise SealError(f"{place} is no {kind} of the form {schema}{other}")
    try:
        same = canonical(found) == data and checksum(found, outside) == found.get(CHECKSUM)
    except ValueError:  # NaN and the like, which the canonical form has not
        same = False
    if not same:
        raise SealError(f"{place} was changed since it was written, and counts no more; take it from where it was kept")
    return found
