# SPDX-License-Identifier: Apache-2.0
"""JSON in one form only, with a digest over its content, so that any change to a single byte of it is noticed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

DIGEST = "sha256"
"""The key of the digest."""
SIGNATURE = "signature"
"""The key of the signature; neither it nor the digest is part of the content."""


class NotIntactError(ValueError):
    """A document that is not as it was written; the message goes on after its name."""


def canonical(document: Mapping[str, Any], indent: int | None = None) -> str:
    """The one form of a document: ASCII, sorted keys, fixed separators, and a newline at the end.

    Raises:
        ValueError: it holds a number that is none in JSON.
    """
    separators = (",", ":") if indent is None else (",", ": ")
    text = json.dumps(document, ensure_ascii=True, allow_nan=False, sort_keys=True, separators=separators, indent=indent)
    return f"{text}\n"


def content(document: Mapping[str, Any]) -> bytes:
    """What the digest and a signature are over: all but these two."""
    return canonical({key: value for key, value in document.items() if key not in {DIGEST, SIGNATURE}}).encode("ascii")


def sealed(document: Mapping[str, Any]) -> dict[str, Any]:
    """``document`` with the digest over its content."""
    return {**document, DIGEST: hashlib.sha256(content(document)).hexdigest()}


def unsealed(data: bytes, schema: str, indent: int | None = None) -> dict[str, Any]:
    """The document in ``data``, which is exactly as it was written.

    Args:
        data: the bytes of the file.
        schema: what its key ``schema`` must be.
        indent: as it was written with.

    Raises:
        NotIntactError: it is not.
    """
    try:
        document = json.loads(data.decode("ascii"))
    except (ValueError, RecursionError):
        raise NotIntactError("is not whole: it is no JSON as orsgate writes it") from None
    if not isinstance(document, dict):
        raise NotIntactError("is not whole: it is no JSON as orsgate writes it")
    if document.get("schema") != schema:
        raise NotIntactError(f"is not of the form {schema}")
    try:
        same = canonical(document, indent).encode("ascii") == data
        digest = hashlib.sha256(content(document)).hexdigest()
    except (ValueError, RecursionError):
        same, digest = False, ""
    if not same:
        raise NotIntactError("was changed after it was written: it is not in the form that orsgate writes")
    if document.get(DIGEST) != digest:
        raise NotIntactError("was changed after it was written: its SHA-256 is not that of its content")
    return document
