# SPDX-License-Identifier: Apache-2.0
"""The id of a public key: what everything that a person reads calls a key by."""

from __future__ import annotations

import hashlib

_DER_OF_ED25519 = bytes.fromhex("302a300506032b6570032100")
"""What stands before the 32 raw bytes of a key in its SubjectPublicKeyInfo; RFC 8410, sections 3 and 4."""


def key_id(public_key: str) -> str:
    """SHA-256 of a public key as SubjectPublicKeyInfo in DER (``openssl pkey -pubin -outform DER``), hexadecimal.

    Args:
        public_key: Ed25519, raw, hexadecimal.
    """
    return hashlib.sha256(_DER_OF_ED25519 + bytes.fromhex(public_key)).hexdigest()
