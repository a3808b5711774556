# SPDX-License-Identifier: Apache-2.0
"""``changes.json`` (``orsgate/changes/1``): what ``orsgate fix`` changed in which file, so that it can be taken back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from orsgate.estate.mistakes import InputError, quoted
from orsgate.evidence.canonical import NotIntactError, canonical, sealed, unsealed
from orsgate.remedy.cfg_edit import Edit
from orsgate.remedy.changes import ChangeList, OptionChange, Task
from orsgate.remedy.migrated import MigratedFile
from orsgate.reporting.text import utc

SCHEMA = "orsgate/changes/1"
CHANGES_FILE = "changes.json"


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a fix comes from.

    Attributes:
        estate: its name.
        made: when, UTC.
        stand_in: what stood in for the system that was read; empty where nothing did.
    """

    estate: str
    tool: str
    made: datetime
    stand_in: str = ""


def changes_bytes(files: Iterable[MigratedFile], changes: ChangeList, read: Provenance) -> bytes:
    """The file; it holds real option values, so only its owner may read it.

    Bytes of files stand in it as UTF-8 text, in which a byte that is none is half a surrogate (from U+DC80 on).
    """
    document = {
        "schema": SCHEMA,
        "tool": read.tool,
        "estate": read.estate,
        "made": utc(read.made),
        "stand_in": read.stand_in,
        "files": [_file(file) for file in files],
        "changes": [asdict(change) for change in changes.changes],
        "tasks": [asdict(task) for task in changes.tasks],
    }
    return canonical(sealed(document), indent=1).encode("ascii")


def _file(file: MigratedFile) -> dict[str, Any]:
    return {
        "file": file.file,
        "object": file.object,
        "kind": file.kind,
        "tab": file.tab,
        "sha256": sha256(file.data),
        "original_sha256": None if file.original is None else sha256(file.original),
        "edits": [
            {"line": edit.line, "at": edit.at, "removed": as_text(edit.removed), "added": as_text(edit.added)}
            for edit in file.edits
        ],
    }


def document_of(directory: Path) -> dict[str, Any]:
    """What ``changes.json`` of a directory holds.

    Raises:
        InputError: there is none, it is another file, or a byte of it was changed.
    """
    path = directory / CHANGES_FILE
    try:
        document = unsealed(path.read_bytes(), SCHEMA, indent=1)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from None
    except NotIntactError as error:
        raise InputError(f"{path}: {error}; make it again in a new directory with orsgate fix") from None
    if not isinstance(document.get("files"), list):
        raise InputError(f"{path}: is not of the form {SCHEMA}, which orsgate fix writes")
    return document


def has_changes_file(directory: Path) -> bool:
    """Whether a directory is one that ``orsgate fix`` wrote."""
    return (directory / CHANGES_FILE).is_file()


def read_changes(directory: Path, estate: str) -> ChangeList:
    """The change list that ``orsgate fix`` wrote, with real values.

    Args:
        directory: that it was written to.
        estate: the name of the estate that it must be of.

    Raises:
        InputError: there is none, it is another file, or it is of another estate.
    """
    path = directory / CHANGES_FILE
    document = document_of(directory)
    if document.get("estate") != estate:
        raise InputError(f"{path}: is of another estate, {quoted(str(document.get('estate')))}, and not of {quoted(estate)}")
    try:
        changes = tuple(OptionChange(**_with_tuples(each)) for each in document["changes"])
        return ChangeList(changes, tuple(Task(**_with_tuples(each)) for each in document["tasks"]))
    except (KeyError, TypeError, AttributeError):
        raise InputError(f"{path}: is not what orsgate fix wrote; make it again in a new directory") from None


def _with_tuples(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(map(str, value)) if isinstance(value, list) else value for key, value in entry.items()}


def edit_of(entry: Mapping[str, Any]) -> Edit:
    """An edit as the file holds it.

    Raises:
        ValueError, TypeError, KeyError: it holds none.
    """
    return Edit(int(entry["line"]), int(entry["at"]), as_bytes(entry["removed"]), as_bytes(entry["added"]))


def as_text(data: bytes) -> str:
    """Bytes as text that gives them back."""
    return data.decode("utf-8", "surrogateescape")


def as_bytes(text: str) -> bytes:
    """What ``as_text`` was given."""
    return text.encode("utf-8", "surrogateescape")


def sha256(data: bytes) -> str:
    """SHA-256, hexadecimal."""
    return hashlib.sha256(data).hexdigest()
