# SPDX-License-Identifier: Apache-2.0
"""Reading the ``manifest.json`` that ``discover`` and ``export`` write beside exports."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from orsgate.estate.mistakes import InputError, quoted

SCHEMA = "orsgate/exports/1"
MANIFEST = "manifest.json"
LARGEST_MANIFEST = 64 * 2**20
"""Bytes; that of ten thousand exports takes about 3 MB."""
_CHUNK = 2**20


def check_manifest(directory: Path) -> tuple[str, ...]:
    """What is not as the manifest says: a sentence for each file that was changed or removed; other files may lie beside them.

    Raises:
        InputError: if there is no manifest, or it is none of this form.
    """
    listed: dict[str, str] = {}
    said: list[str] = []
    for name, digest in _listed(document_in(directory / MANIFEST)):
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


def document_in(path: Path) -> dict[str, Any]:
    """What a manifest says.

    Raises:
        InputError: there is none, or it is none of this form.
    """
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
