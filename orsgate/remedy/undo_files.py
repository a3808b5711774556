# SPDX-License-Identifier: Apache-2.0
"""Gives back the files that ``orsgate fix`` changed, byte for byte, from the migrated ones and ``changes.json``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from orsgate.discovery.new_directory import new_directory
from orsgate.estate.mistakes import InputError, quoted
from orsgate.remedy.cfg_edit import taken_back
from orsgate.remedy.changes_file import CHANGES_FILE, document_of, edit_of, sha256


@dataclass(frozen=True, slots=True)
class Restored:
    """What was given back.

    Attributes:
        files: names of the files in ``directory``, with ``/``.
        new: files of Applications that were still to be created; they have no original.
    """

    directory: Path
    files: tuple[str, ...]
    new: tuple[str, ...]


def undo_files(directory: Path, out: Path) -> Restored:
    """Write the originals of all files that ``orsgate fix`` wrote to ``directory`` into the new directory ``out``.

    Raises:
        InputError: a file is missing, was changed since, or does not give back its original; nothing is written then.
    """
    document = document_of(directory)["files"]
    files: list[str] = []
    new: list[str] = []
    with new_directory(out) as target:
        for entry in document:
            try:
                name = str(entry["file"])
                original = entry["original_sha256"]
                if original is None:
                    new.append(name)
                    continue
                data = _original(directory, name, entry)
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                if isinstance(error, InputError):
                    raise
                raise InputError(f"{directory / CHANGES_FILE}: is not what orsgate fix wrote: {error}") from None
            target.write_below(name, data)
            files.append(name)
    return Restored(out, tuple(files), tuple(new))


def _original(directory: Path, name: str, entry: Mapping[str, Any]) -> bytes:
    path = directory / _inside(name)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from None
    if sha256(data) != entry["sha256"]:
        raise InputError(f"{path}: was changed since orsgate fix wrote it, so its original cannot be given back")
    original = taken_back(data, [edit_of(edit) for edit in entry["edits"]])
    if sha256(original) != entry["original_sha256"]:
        raise InputError(f"{directory / CHANGES_FILE}: does not give back the original of {quoted(name)}; it was changed")
    return original


def _inside(name: str) -> PurePosixPath:
    """A name that stays within the directory."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or not path.parts:
        raise ValueError(f"{quoted(name)} is no file of that directory")
    return path
