# SPDX-License-Identifier: Apache-2.0
"""``manifest.json`` of a directory of exports: where they come from, what they hold and do not, and their digests."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from orsgate.discovery.cfg_text import LeftOut
from orsgate.estate.mistakes import InputError, quoted

SCHEMA = "orsgate/exports/1"
MANIFEST = "manifest.json"
LARGEST_MANIFEST = 64 * 2**20
"""Bytes; that of ten thousand exports takes about 3 MB."""

_HOLDS_SECRETS = "The files hold the real values of all options, passwords included; "
_PROTECTED = "they are readable by their owner only. Keep it so, and delete them when they are not needed any more."
_NOT_PROTECTED = "who can read them is decided by the directory that they lie in. Delete them when they are not needed any more."
_CHUNK = 2**20

Kind = Literal["rollback", "current"]
"""What the exports are for: the way back, from before the change, or the options as they are now."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the options come from.

    Attributes:
        source: ``gax``, ``gws`` or ``mutagen``.
        address: of the source, ``host:port``; empty for files.
        account: with which account it was read.
        read: when, UTC.
        stand_in: what stood in for the proprietary server; empty where it was the server itself.
        tool: name and version of the program that read it.
    """

    source: str
    address: str
    account: str
    read: datetime
    stand_in: str
    tool: str


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A file that was written.

    Attributes:
        file: its name in the directory.
        application: the object whose options it holds.
        sha256: of its bytes, hexadecimal.
        options: how many it holds, disabled ones included.
        left_out: what the format could not hold.
    """

    file: str
    application: str
    sha256: str
    bytes: int
    options: int
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, slots=True)
class NotExported:
    """An object of which no file was written, and why."""

    application: str
    why: str


def manifest_bytes(kind: Kind, provenance: Provenance, files: Sequence[ExportFile], not_exported: Sequence[NotExported]) -> bytes:
    """The manifest as JSON in UTF-8; ``created`` is the time at which the options were read."""
    document = {
        "schema": SCHEMA,
        "kind": kind,
        "created": provenance.read.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "source": provenance.source,
        "address": provenance.address,
        "account": provenance.account,
        "tool": provenance.tool,
        "stand_in": provenance.stand_in,
        "holds_secrets": True,
        "notice": _HOLDS_SECRETS + (_NOT_PROTECTED if os.name == "nt" else _PROTECTED),
        "files": [
            {
                "file": each.file,
                "application": each.application,
                "sha256": each.sha256,
                "bytes": each.bytes,
                "options": each.options,
                "left_out": [{"section": lost.section, "option": lost.option, "why": lost.why} for lost in each.left_out],
            }
            for each in files
        ],
        "not_exported": [{"application": each.application, "why": each.why} for each in not_exported],
    }
    text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    return text.encode("utf-8", "backslashreplace")  # half a character becomes \\udXXX, as JSON writes it


def check_manifest(directory: Path) -> tuple[str, ...]:
    """What is not as the manifest says: a sentence for each file that was changed, removed or added; none where all is.

    Raises:
        InputError: if there is no manifest, or it is none of this form.
    """
    listed: dict[str, str] = {}
    said: list[str] = []
    for name, digest in _listed(_document(directory / MANIFEST)):
        if name != Path(name).name or "\\" in name or "\0" in name or name in {"", MANIFEST}:
            said.append(f"{quoted(name)} is in the manifest, and is no name of an export in this directory")
        elif name in listed:
            said.append(f"{quoted(name)} is in the manifest twice")
        else:
            listed[name] = digest
    try:
        present = {path.name for path in directory.iterdir()} - {MANIFEST}
    except OSError as error:
        raise InputError(f"{directory}: cannot be read: {error.strerror}") from None
    said += [f"{quoted(name)} was removed" for name in sorted(listed.keys() - present)]
    said += [f"{quoted(name)} was added" for name in sorted(present - listed.keys())]
    said += _changed({name: digest for name, digest in listed.items() if name in present}.items(), directory)
    return tuple(said)


def _changed(listed: Iterable[tuple[str, str]], directory: Path) -> Iterator[str]:
    for name, digest in listed:
        try:
            found = _sha256(directory / name)
        except OSError as error:
            yield f"{quoted(name)} cannot be read: {error.strerror}"
            continue
        if found is None:
            yield f"{quoted(name)} was changed: it is no regular file"
        elif found != digest:
            yield f"{quoted(name)} was changed"


def _sha256(path: Path) -> str | None:
    """The digest of a regular file; None where it is something else, such as a link or a pipe."""
    if not stat.S_ISREG(path.lstat().st_mode):
        return None
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    digest = hashlib.sha256()
    with os.fdopen(os.open(path, flags), "rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _document(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as stream:
            data = stream.read(LARGEST_MANIFEST + 1)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None
    try:
        document = json.loads(data) if len(data) <= LARGEST_MANIFEST else None
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        raise _no_manifest(path)
    return document


def _listed(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    files = document.get("files")
    for entry in files if isinstance(files, list) else [None]:
        name, digest = (entry.get("file"), entry.get("sha256")) if isinstance(entry, dict) else (None, None)
        if not isinstance(name, str) or not isinstance(digest, str):
            raise _no_manifest(Path(MANIFEST))
        yield name, digest


def _no_manifest(path: Path) -> InputError:
    return InputError(f"{path}: is no manifest of exports of the form {SCHEMA}")
