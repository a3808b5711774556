# SPDX-License-Identifier: Apache-2.0
"""Files that a run will read: whether they are there, are files, and can be opened."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from orsgate.doctor.checks import Check, Topic, failed
from orsgate.doctor.trouble import Trouble
from orsgate.estate.file import LoadedEstate
from orsgate.estate.knowledge import Failure

KeyPath = tuple[str | int, ...]


def file_check(loaded: LoadedEstate, what: Topic, name: str, whose: str, *key: str | int) -> Check:
    """Whether a file that the estate file names can be read.

    Args:
        loaded: the estate file.
        what: the part that needs it.
        name: the path, as the estate file has it.
        whose: what it is, such as ``the log file of ORS_1``.
        key: where in the estate file it is named.
    """
    path = loaded.resolve(name)
    how = f"{whose.partition(' of ')[0].removeprefix('the ')}, opened"
    trouble = unreadable(path, whose, loaded.where(*key))
    if trouble is not None:
        return failed(what, str(path), how, trouble)
    return Check(what, str(path), how, "ok", f"{whose} can be read")


def unreadable(path: Path, whose: str, named: str) -> Trouble | None:
    """Why a file cannot be read; None where it can.

    Args:
        path: the file.
        whose: what it is.
        named: where it is named, for what to do.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # a pipe would be waited for
            return Trouble(f"{whose} is not a file: {path}", f"name a file in {named}", Failure.UNREADABLE)
        with path.open("rb") as stream:
            stream.read(1)
    except FileNotFoundError:
        return Trouble(f"{whose} is not there: {path}", f"put it there, or correct its name in {named}", Failure.MISSING)
    except OSError as error:
        text = f"{whose} cannot be read ({error.strerror}): {path}"
        return Trouble(text, "let the account that runs this read it", Failure.UNREADABLE)
    return None


def directory_trouble(path: Path, whose: str, named: str) -> Trouble | None:
    """Why a directory cannot be listed; None where it can."""
    try:
        os.scandir(path).close()
    except (FileNotFoundError, NotADirectoryError):
        return Trouble(f"{whose} is not there: {path}", f"make it, or correct its name in {named}", Failure.MISSING)
    except OSError as error:
        text = f"{whose} cannot be read ({error.strerror}): {path}"
        return Trouble(text, "let the account that runs this read it", Failure.UNREADABLE)
    return None


def other_files(loaded: LoadedEstate) -> Iterator[Check]:
    """The log files."""
    for number, entry in enumerate(loaded.file.application):
        if entry.log is not None:
            yield file_check(loaded, "other", entry.log, f"the log file of {entry.name}", "application", number, "log")
