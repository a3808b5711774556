# SPDX-License-Identifier: Apache-2.0
"""Ed25519 keys that sign readiness records and bundles: made, kept in PEM files, read, used."""

from __future__ import annotations

import contextlib
import os
import shlex
import stat
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from orsgate.estate.atomic import sync_directory
from orsgate.estate.key_id import key_id
from orsgate.estate.mistakes import InputError
from orsgate.evidence.given_file import read_given

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ALGORITHM = "ed25519"
LARGEST_KEY = 64 * 2**10
"""Bytes of a key file that are read at most; one of this kind takes about 400."""
_PRIME = 2**255 - 19
_OF_ORDER_8 = 2707385501144840649318225287225658788936804267575313519463743609750303402022
"""A solution of ``d y^4 + 2 y^2 = 1``, where d is that of the curve (RFC 8032, 5.1)."""
_SMALL = frozenset({0, 1, _PRIME - 1, _OF_ORDER_8, _PRIME - _OF_ORDER_8})
"""The y of the eight points whose order divides 8. With one of them as the public key, signatures of anything can be made."""
_NEW = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)

Passphrase = Callable[[str], str]
"""Gives the passphrase of the key that is named; raises InputError where it cannot be had."""


class SigningKey:
    """A private key, ready to sign.

    Attributes:
        public_key: the public one that belongs to it, raw, hexadecimal.
        key_id: of the public one.
    """

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.public_key = key.public_key().public_bytes_raw().hex()
        self.key_id = key_id(self.public_key)

    def sign(self, data: bytes) -> str:
        """The signature of ``data``, hexadecimal."""
        return self._key.sign(data).hex()


def is_signature(public_key: str, value: str, data: bytes) -> bool:
    """Whether ``value`` is what the holder of ``public_key`` signed ``data`` with; both hexadecimal.

    With a key that anybody can sign with, nothing is a signature.
    """
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - cryptography is slow to import
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415

    try:
        raw = bytes.fromhex(public_key)
        Ed25519PublicKey.from_public_bytes(raw).verify(bytes.fromhex(value), data)
    except (InvalidSignature, ValueError):
        return False
    return not _is_anybodys(raw)


def _is_anybodys(raw: bytes) -> bool:
    """Whether a public key is a point of small order, in whichever of its encodings: no private key is needed to sign for it."""
    return (int.from_bytes(raw, "little") & (2**255 - 1)) % _PRIME in _SMALL


def write_key_pair(private: Path, public: Path, passphrase: str | None) -> str:
    """Make a pair of keys and write both; neither file may be there yet.

    Args:
        private: where the private key goes, for its owner only.
        public: where the public key goes.
        passphrase: that protects the private key; None writes it in the open.

    Returns:
        the public key, raw, hexadecimal.

    Raises:
        InputError: one of them is there already, or cannot be written; then neither was.
    """
    from cryptography.hazmat.primitives import serialization as form  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415

    refuse_what_is_there(private, public)
    key = Ed25519PrivateKey.generate()
    protection = form.NoEncryption() if passphrase is None else form.BestAvailableEncryption(passphrase.encode())
    secret = key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, protection)
    shown = key.public_key().public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo)
    _write_new(private, secret, 0o600)
    try:
        _write_new(public, shown, 0o644)
    except BaseException:
        with contextlib.suppress(OSError):
            private.unlink()
        raise
    return SigningKey(key).public_key


def refuse_what_is_there(private: Path, public: Path) -> None:
    """Make sure that both keys can come to be.

    Raises:
        InputError: one is there already, or both are one file.
    """
    if os.path.normcase(os.path.realpath(private)) == os.path.normcase(os.path.realpath(public)):
        raise InputError(f"{private}: is named for both keys; give each a file of its own")
    for path in (private, public):
        if os.path.lexists(path):
            raise InputError(f"{path}: is there already, and a key is never replaced; name another file")


def _write_new(path: Path, data: bytes, mode: int) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be written: {getattr(error, 'strerror', None) or error}") from None
    try:
        with os.fdopen(os.open(path, _NEW, mode), "wb") as stream:
            try:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            except BaseException:
                with contextlib.suppress(OSError):
                    path.unlink()
                raise
    except FileExistsError:
        raise InputError(f"{path}: is there already, and a key is never replaced; name another file") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be written: {getattr(error, 'strerror', None) or error}") from None
    sync_directory(path.parent)


def load_signing_key(path: Path, passphrase: Passphrase) -> SigningKey:
    """The private key in a PEM file.

    Args:
        path: the file.
        passphrase: asked only where the key is protected by one.

    Raises:
        InputError: it cannot be read, is of another kind, or the passphrase is not the right one.
    """
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415

    data = _read(path)
    if b"PUBLIC KEY-----" in data and b"PRIVATE KEY-----" not in data:
        raise InputError(f"{path}: is a public key; what it is to sign is signed with the private one")
    if b"PRIVATE KEY-----" not in data:
        raise InputError(f"{path}: holds no private key in PEM; make one with: orsgate keygen")
    protected = b"BEGIN ENCRYPTED PRIVATE KEY" in data or b"Proc-Type: 4,ENCRYPTED" in data
    if not protected:
        _require_private(path)
    given = passphrase(f"private key {path}").encode() if protected else None
    try:
        key = load_pem_private_key(data, given)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        if protected:
            raise InputError(f"{path}: cannot be opened with this passphrase, or is damaged; give the right one") from None
        raise InputError(f"{path}: is damaged, or no key that can be read; make one with: orsgate keygen") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise InputError(f"{path}: is a key of another kind than Ed25519; make one with: orsgate keygen")
    return SigningKey(key)


def load_public_key(path: Path) -> str:
    """The public key in a PEM file, raw, hexadecimal.

    Raises:
        InputError: it cannot be read, is of another kind, or is one that anybody can sign for.
    """
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import load_pem_public_key  # noqa: PLC0415

    data = _read(path)
    if b"PRIVATE KEY-----" in data:
        raise InputError(f"{path}: is a private key; name the public one, which orsgate keygen wrote beside it")
    try:
        key = load_pem_public_key(data)
    except (ValueError, UnsupportedAlgorithm):
        raise InputError(f"{path}: holds no public key in PEM; name the one that orsgate keygen wrote") from None
    if not isinstance(key, Ed25519PublicKey):
        raise InputError(f"{path}: is a key of another kind than Ed25519; name the one that orsgate keygen wrote")
    if _is_anybodys(key.public_bytes_raw()):
        raise InputError(f"{path}: proves nothing, since anybody can sign for this key; name the one that orsgate keygen wrote")
    return key.public_bytes_raw().hex()


def _read(path: Path) -> bytes:
    data = read_given(path, LARGEST_KEY, "the key")
    if len(data) > LARGEST_KEY:
        raise InputError(f"{path}: is larger than {LARGEST_KEY // 2**10} KB, which no key is; name another file")
    return data


def _require_private(path: Path) -> None:
    """A key without a passphrase is nobody's but its owner's."""
    if os.name == "posix" and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        told = "others than its owner have access to it, and no passphrase protects it"
        raise InputError(f"{path}: {told} (chmod 600 {shlex.quote(str(path))})")
