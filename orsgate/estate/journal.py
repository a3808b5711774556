# SPDX-License-Identifier: Apache-2.0
"""A journal of what is done to running systems: each step is on the disk before it is taken, and again when it was.

A process that is killed between any two steps leaves a journal that says what was begun and what is known to be done.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from orsgate.estate.atomic import sync_directory
from orsgate.estate.mistakes import InputError

OWNER_ONLY = 0o600
_BEGINS = b'{"number": %d, "step": '
"""How ``append`` begins a line."""


class JournalError(InputError):
    """A journal that cannot be read or written; the message is one sentence for the user."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a journal.

    Attributes:
        number: from 1.
        step: what is begun or was done, such as ``write``.
        of: the number of the entry that it ends; 0 where it begins something.
        facts: what belongs to it, as JSON.
    """

    number: int
    step: str
    of: int = 0
    facts: Mapping[str, Any] = field(default_factory=dict)


class Journal:
    """Appends entries to a file that only its owner can read; each is on the disk when ``append`` returns.

    One that did not return, since it was interrupted or the disk is full, gives way to the next entry.

    Args:
        path: the file; it is made where it is not there.

    Raises:
        JournalError: it cannot be opened, another run is at work with it, or what is there is no journal.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            flags = os.O_CREAT | os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
            self._file = os.fdopen(os.open(path, flags, OWNER_ONLY), "r+b", buffering=0)
        except OSError as error:
            raise JournalError(f"{path}: the journal cannot be written: {error.strerror or error}") from None
        try:
            _lock(path, self._file.fileno())
            self.entries: list[Entry] = list(read_journal(path))
            self._drop_torn_end()
        except OSError as error:
            self._file.close()
            raise JournalError(f"{path}: the journal cannot be written: {error.strerror or error}") from None
        except JournalError:
            self._file.close()
            raise
        sync_directory(path.parent)

    def append(self, step: str, of: int = 0, **facts: Any) -> Entry:
        """Write an entry and wait until it is on the disk.

        Raises:
            JournalError: it cannot be written; what it announces must not be done then.
        """
        entry = Entry(len(self.entries) + 1, step, of, facts)
        line = json.dumps({"number": entry.number, "step": step, "of": of, "facts": facts}, ensure_ascii=True) + "\n"
        begin = self._ends[len(self.entries)]
        try:
            self._file.seek(begin)
            self._file.truncate()  # what an append that was interrupted, or that a full disk ended, has left there
            self._file.write(line.encode())
            os.fsync(self._file.fileno())
        except OSError as error:
            raise JournalError(f"{self.path}: the journal cannot be written: {error.strerror or error}") from None
        self._ends[entry.number] = begin + len(line)
        self.entries.append(entry)  # the last thing: an interruption before this leaves an entry that was not made
        return entry

    def close(self) -> None:
        """Give the file back."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _drop_torn_end(self) -> None:
        """Forget a last line that a killed process did not write whole: what it announced was not begun.

        Raises:
            JournalError: it is the beginning of no line of a journal, so that the file is another one.
        """
        data = self._file.read()
        whole = data.rfind(b"\n") + 1
        torn, begins = data[whole:].rstrip(b"\0"), _BEGINS % (len(self.entries) + 1)
        if torn[: len(begins)] != begins[: len(torn)]:
            raise JournalError(f"{self.path}:{len(self.entries) + 1}: this is no line of a journal; it is another file")
        if whole != len(data):
            self._file.truncate(whole)
        self._ends = {len(self.entries): whole}


def _lock(path: Path, descriptor: int) -> None:
    """Keep other runs from writing to the journal as long as it is open here; on Windows nothing keeps them.

    Raises:
        JournalError: another run does.
    """
    if sys.platform == "win32":
        return
    import fcntl  # noqa: PLC0415 - of POSIX

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise JournalError(f"{path}: another run is at work with this journal; wait until it has ended") from None
    except OSError:
        return  # some network file systems know no locks


def read_journal(path: Path) -> Iterator[Entry]:
    """The entries of a journal; a torn last line is none.

    Raises:
        JournalError: it cannot be read, or is no journal.
    """
    try:
        if path.exists() and not path.is_file():  # a pipe would be waited for
            raise JournalError(f"{path}: this is no file, so no journal")
        data = path.read_bytes()
    except OSError as error:
        raise JournalError(f"{path}: the journal cannot be read: {error.strerror or error}") from None
    for number, line in enumerate(data.split(b"\n")[:-1], 1):
        try:
            found = json.loads(line)
            entry = Entry(*_fields(found))
        except (ValueError, KeyError, TypeError, RecursionError):
            raise JournalError(f"{path}:{number}: this is no line of a journal; it was changed, or is another file") from None
        if entry.number != number:
            raise JournalError(f"{path}:{number}: the journal has a gap; entry {entry.number} stands where {number} belongs")
        yield entry


def _fields(found: Any) -> tuple[int, str, int, Mapping[str, Any]]:
    """The fields of an entry.

    Raises:
        TypeError: they are of other types.
    """
    match found:
        case {"number": int(number), "step": str(step), "of": int(of), "facts": dict(facts)}:
            return number, step, of, facts
    raise TypeError(found)
