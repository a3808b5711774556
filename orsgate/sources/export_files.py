# SPDX-License-Identifier: Apache-2.0
"""Reading export files from disk: what is there, what is not, and why."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from orsgate.estate.export import Export, parse
from orsgate.estate.file import LoadedEstate
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.secret import Redactor

LARGEST_EXPORT = 16 * 2**20
"""Bytes; an export of a thousand options takes about 50 kB."""
SUFFIXES = (".cfg", ".conf")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def read_export(path: Path, whose: str, redactor: Redactor) -> Export | Unknown:
    """Read one export file.

    Args:
        path: the file.
        whose: how sentences call it, e.g. ``the current export of ORS_1``.
        redactor: replaces secrets where they enter.
    """
    place = str(path)
    try:
        if not path.exists():
            return Unknown(f"{whose} is not there: {place}", place, Failure.MISSING)
        if not path.is_file():
            return Unknown(f"{whose} is not a file: {place}", place)
        if path.stat().st_size > LARGEST_EXPORT:
            return Unknown(f"{whose} is larger than {LARGEST_EXPORT // 2**20} MB, which no export is: {place}", place)
        data = path.read_bytes()
        modified = datetime.fromtimestamp(path.stat().st_mtime, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return Unknown(f"{whose} cannot be read ({reason}): {place}", place)
    if data.startswith(_UTF16):
        return Unknown(f"{whose} is UTF-16 text; save it as UTF-8: {place}", place)
    return parse(data, place, redactor, modified)


def is_file_name(name: str) -> bool:
    """Whether a name stays within the directory that it is looked for in."""
    return bool(name.strip(". ")) and not {"/", "\0", os.sep, os.altsep} & set(name)


def read_rollback(loaded: LoadedEstate, application: str, redactor: Redactor, *, new: bool) -> Export | Unknown | None:
    """Read the rollback export of an application, ``<application>.cfg`` or ``.conf`` in the rollback directory.

    Returns:
        None where the application is new and has none.
    """
    whose = f"the rollback export of {application}"
    directory = loaded.file.estate.rollback
    if directory is None:
        where = loaded.where("estate")
        cause = "no rollback export is given: name their directory as rollback in [estate]"
        return None if new else Unknown(cause, where, Failure.NOT_GIVEN)
    if not is_file_name(application):
        cause = f"{whose} cannot be there: no file can have the name of this application; give it a name that one can have"
        return None if new else Unknown(cause, str(loaded.resolve(directory)), Failure.MISSING)
    candidates = [loaded.resolve(directory) / f"{application}{suffix}" for suffix in SUFFIXES]
    try:
        there = [path for path in candidates if path.exists()]
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return Unknown(f"{whose} cannot be read ({reason}): {candidates[0]}", str(candidates[0]))
    if len(there) > 1:
        return Unknown(f"{whose} is there twice: {there[0]} and {there[1]}; keep one", str(there[0]))
    if not there and new:
        return None
    return read_export(there[0] if there else candidates[0], whose, redactor)
