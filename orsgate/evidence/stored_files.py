# SPDX-License-Identifier: Apache-2.0
"""The files of a stored directory: what its manifest says of them, and whether they are still that."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orsgate.estate.mistakes import InputError, quoted
from orsgate.estate.wording import listed
from orsgate.evidence.canonical import NotIntactError, canonical, sealed, unsealed

MANIFEST = "manifest.json"
INDENT = 1
LARGEST_MANIFEST = 64 * 2**20
"""Bytes; that of ten thousand applications takes about 5 MB."""
MOST_NAMED = 5
"""Files that a sentence names."""
_CHUNK = 2**20


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of the directory.

    Attributes:
        file: its name, with the directory it lies in and ``/`` before it where that is not the top one.
        sha256: of its bytes, hexadecimal.
        copy_of: the place it was copied from byte for byte; empty where it was written.
    """

    file: str
    sha256: str
    bytes: int
    copy_of: str = ""


def stored_file(file: str, data: bytes, copy_of: str = "") -> StoredFile:
    """What the manifest says of a file."""
    return StoredFile(file, hashlib.sha256(data).hexdigest(), len(data), copy_of)


def manifest_bytes(document: Mapping[str, Any], files: Iterable[StoredFile]) -> bytes:
    """A manifest, with the digest over its own content."""
    listed = [
        {"file": each.file, "sha256": each.sha256, "bytes": each.bytes} | ({"copy_of": each.copy_of} if each.copy_of else {})
        for each in files
    ]
    return canonical(sealed({**document, "files": listed}), INDENT).encode("ascii")


@dataclass(frozen=True, slots=True)
class Stored:
    """A directory whose files were found to be what its manifest says.

    Attributes:
        manifest: what it says.
        files: name -> what it says of the file.
        kept: the bytes of the files that were asked for; those that were checked.
    """

    manifest: dict[str, Any]
    files: Mapping[str, StoredFile]
    kept: Mapping[str, bytes]


def read_stored(directory: Path, schema: str, what: str, keep: Iterable[str]) -> Stored:
    """Check every file of a directory.

    Args:
        directory: holds the manifest.
        schema: that the manifest must have.
        what: how sentences call the directory, such as ``the baseline``.
        keep: the files whose bytes are given back; they must be there.

    Raises:
        InputError: a file was added, removed or changed, or there is no such manifest.
    """
    manifest = _manifest(directory, schema, what)
    files = _files(manifest, directory / MANIFEST)
    wanted = frozenset(keep)
    kept: dict[str, bytes] = {}
    present = dict(_present(directory))
    wrong = [f"{quoted(name)} was added" for name in sorted(present.keys() - files.keys() - {MANIFEST})]
    for name, said in files.items():
        if name not in present:
            wrong.append(f"{quoted(name)} was removed")
            continue
        try:
            if (data := _checked(present[name], said, keep=name in wanted)) is None:
                wrong.append(f"{quoted(name)} was changed")
            elif name in wanted:
                kept[name] = data
        except OSError as error:
            wrong.append(f"{quoted(name)} cannot be read ({error.strerror})")
    wrong += [f"{quoted(name)} is not in the manifest" for name in sorted(wanted - files.keys())]
    if wrong:
        raise InputError(f"{directory}: is not {what} that was stored: {listed(wrong, MOST_NAMED)}; use another copy")
    return Stored(manifest, files, kept)


def _manifest(directory: Path, schema: str, what: str) -> dict[str, Any]:
    path = directory / MANIFEST
    if "\0" not in str(directory) and not directory.is_dir():
        raise InputError(f"{directory}: there is no such directory; name the one that holds {what}")
    try:
        with path.open("rb") as stream:
            data = stream.read(LARGEST_MANIFEST + 1)
    except FileNotFoundError:
        raise InputError(f"{directory}: holds no {MANIFEST}, so that it is not {what}; name another directory") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"{path}: cannot be read: {reason}") from None
    if len(data) > LARGEST_MANIFEST:
        raise InputError(
            f"{path}: is larger than {LARGEST_MANIFEST // 2**20} MB, which no manifest is; use another copy of {what}"
        )
    try:
        return unsealed(data, schema, INDENT)
    except NotIntactError as error:
        raise InputError(f"{path}: {error}; use another copy of {what}") from None


def _files(manifest: Mapping[str, Any], path: Path) -> dict[str, StoredFile]:
    found: dict[str, StoredFile] = {}
    listed = manifest.get("files")
    for entry in listed if isinstance(listed, list) else [None]:
        match entry:
            case {"file": str(name), "sha256": str(digest), "bytes": int(size), **rest} if _is_inside(name):
                found[name] = StoredFile(name, digest, size, str(rest.get("copy_of", "")))
            case _:
                raise InputError(f"{path}: lists something that is no file of this directory; use another copy")
    return found


def _is_inside(name: str) -> bool:
    parts = name.split("/")
    bad = any(part in {"", ".", ".."} or "\\" in part or "\0" in part for part in parts)
    return not bad and len(parts) <= 2 and name != MANIFEST


def _present(directory: Path) -> Iterator[tuple[str, Path]]:
    """Name and path of everything in the directory, and in the directories in it."""
    try:
        for path in sorted(directory.iterdir()):
            if stat.S_ISDIR(path.lstat().st_mode):
                inside = sorted(path.iterdir())
                yield from ((f"{path.name}/{each.name}", each) for each in inside)
                if not inside:
                    yield path.name, path
            else:
                yield path.name, path
    except OSError as error:
        raise InputError(f"{directory}: cannot be read: {error.strerror}") from None


def _checked(path: Path, said: StoredFile, *, keep: bool) -> bytes | None:
    """The bytes of a file, or nothing of it where they are not wanted; None where it is not what the manifest says."""
    status = path.lstat()
    if not stat.S_ISREG(status.st_mode) or status.st_size != said.bytes:
        return None
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    digest = hashlib.sha256()
    chunks: list[bytes] = []
    with os.fdopen(os.open(path, flags), "rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
            if keep:
                chunks.append(chunk)
    return b"".join(chunks) if digest.hexdigest() == said.sha256 else None
