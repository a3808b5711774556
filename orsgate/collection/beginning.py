# SPDX-License-Identifier: Apache-2.0
"""What a snapshot says before anything was collected: the estate file without its secrets, and who collects where."""

from __future__ import annotations

import getpass
import platform
from datetime import UTC, datetime

from orsgate import __version__
from orsgate.estate.file import LoadedEstate
from orsgate.estate.schema import EstateFile
from orsgate.estate.secret import HIDDEN, is_secret, redacted_line, redacted_words, says_secret
from orsgate.estate.snapshot import SCHEMA, Part, PartName, Snapshot

_TABLES = ("estate", "scope", "configuration", "cassandra", "policy")
"""The tables of the estate file of whose keys a report may name the line."""


def empty_snapshot(loaded: LoadedEstate) -> Snapshot:
    """A snapshot of an estate of which nothing was collected yet."""
    lines = {}
    for table in _TABLES:
        for key in getattr(getattr(loaded.file, table), "model_fields_set", ()):
            if line := loaded.lines.line((table, key)):
                lines[f"{table}.{key}"] = line
    return Snapshot(
        schema=SCHEMA, tool=f"orsgate {__version__}", estate=_without_secrets(loaded.file),
        estate_path=str(loaded.path), estate_lines=lines,
        started=datetime.now(UTC).replace(microsecond=0), parts=(), configuration=None, cassandra=None,
    )  # fmt: skip


def _without_secrets(file: EstateFile) -> EstateFile:
    """The estate file without what command lines and planned values in it may hold."""
    applications = tuple(
        each.model_copy(
            update={
                "arguments": None if each.arguments is None else redacted_line(each.arguments),
                **{
                    key: None if (command := getattr(each, key)) is None else tuple(redacted_words(command))
                    for key in ("start", "stop", "status")
                },
            }
        )
        for each in file.application
    )
    planned = tuple(
        each.model_copy(update={"value": HIDDEN}) if each.value and _is_secret_change(each.item, each.value) else each
        for each in file.planned_change
    )
    return file.model_copy(update={"application": applications, "planned_change": planned})


def _is_secret_change(item: str, value: str) -> bool:
    return says_secret(item.replace("/", "-")) or is_secret(value)


def part_of(name: PartName) -> Part:
    """What is said of a part that is collected here and now: host, user and time."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError, ImportError):
        user = "unknown"
    return Part(name, platform.node(), user, datetime.now(UTC).replace(microsecond=0))
