# SPDX-License-Identifier: Apache-2.0
"""Writing one object with care: announced, sent once, read back, and known for what it is after whatever happened."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from orsgate.estate.journal import Journal
from orsgate.estate.wording import listed
from orsgate.remedy.results import ObjectResult, Status
from orsgate.remedy.writes import Write, announce, end, writes_in
from orsgate.reporting.text import in_one_line
from orsgate.sources.fields import ShapeError
from orsgate.sources.option_edits import Edit, Key, differences, edited, values
from orsgate.sources.writing import WriteError, Writer
from orsgate.wire.observer import Observer, unobserved
from orsgate.wire.trouble import ProbeError

_SOON = 5.0
"""Seconds in which what was accepted must be seen: a server may learn of it from Configuration Server a little later."""
_POLL = 0.2
_MOST_NAMED = 5
EARLIER = "an earlier run wrote it and was cut short before it could say so"


class Careful:
    """Writes objects one at a time, and says in a journal what it does.

    Args:
        writer: to the system.
        journal: what is announced and ended in.
        observer: told what is waited for.
    """

    def __init__(self, writer: Writer, journal: Journal, observer: Observer = unobserved) -> None:
        self.writer = writer
        self.journal = journal
        self._observer = observer

    def write(self, planned: Write, like: Mapping[str, Any] | None = None) -> ObjectResult:
        """Write an object that was read as ``planned.raw``, so that ``planned.edits`` are in it.

        Args:
            planned: without a number yet.
            like: an object that shows where to put what comes back.

        Raises:
            JournalError: it cannot be announced, and is not done; or it was done, and cannot be ended.
        """
        try:
            whole = edited(planned.raw, planned.edits, self.writer.style, like)
            changing = differences(planned.raw, whole).options
        except ShapeError as error:
            return _result(planned, Status.REFUSED, f"{error}; nothing was written")
        if not changing:
            return _result(planned, Status.ALREADY)
        write = announce(self.journal, _replaced(planned, changing, time.time() + self.writer.seconds))
        why = self._changed_since(write)
        if isinstance(why, ObjectResult):
            end(self.journal, write, "not stored")
            return why
        trouble: WriteError | None = None
        try:
            self.writer.write(write.kind, write.dbid, whole)
        except WriteError as error:
            trouble = error
        return self._read_back(write, whole, trouble)

    def _changed_since(self, write: Write) -> ObjectResult | None:
        """What keeps it from being written after all: the time between reading and writing is made as short as can be."""
        try:
            again = self.writer.read(write.kind, write.dbid)
        except ProbeError as error:
            return _result(write, Status.UNKNOWN, f"{error.unknown.cause}; nothing was written")
        if again == write.raw:
            return None
        return _result(write, Status.REFUSED, "somebody else changed the object at this very moment; nothing was written")

    def _read_back(self, write: Write, whole: Mapping[str, Any], trouble: WriteError | None) -> ObjectResult:
        may_come = trouble is None or trouble.may_come
        patience = 0.0 if not may_come else min(_SOON, self.writer.seconds) if trouble is None else self.writer.seconds
        until = time.monotonic() + patience
        while True:
            try:
                found = self.writer.read(write.kind, write.dbid)
                other = differences(whole, found)
            except (ProbeError, ShapeError) as error:
                cause = error.unknown.cause if isinstance(error, ProbeError) else str(error)
                if time.monotonic() >= until:
                    before = f"{trouble.unknown.cause}; " if trouble else ""
                    return _result(write, Status.UNKNOWN, f"{before}what was stored cannot be read back: {cause}")
            else:
                if not other:
                    end(self.journal, write, "done", write.edits)
                    return _result(write, Status.DONE)
                if not _all_at(values(found), write.edits, after=False) or time.monotonic() >= until:
                    break
            time.sleep(_POLL)
        if _all_at(values(found), write.edits, after=False):
            return self._not_there(write, trouble)
        seen = differences(write.raw, found)
        end(self.journal, write, "differs", seen.options)
        names = [_said(edit) for edit in other.options] + [f"the field {name}" for name in other.fields]
        why = f"read back otherwise: {listed(names, _MOST_NAMED)}"
        return ObjectResult(write.kind, write.object, Status.DIFFERS, seen.options, why, write.number)

    def _not_there(self, write: Write, trouble: WriteError | None) -> ObjectResult:
        """The object is as it was, after all patience."""
        if trouble is not None and trouble.may_come:
            told = "the object is as it was, and what was sent may still be stored: run it again to see"
            return _result(write, Status.UNKNOWN, f"{trouble.unknown.cause}; {told}")
        end(self.journal, write, "not stored")
        if trouble is not None:
            return _result(write, Status.REFUSED, trouble.unknown.cause)
        return _result(write, Status.NOT_STORED, f"{self.writer.address} accepted it and did not store it (see its log)")

    def settle(self) -> list[ObjectResult]:
        """Find out what became of every write that was cut short: what was done, and what cannot be told.

        Raises:
            JournalError: it cannot be ended.
        """
        results = (self._settled(write) for write in writes_in(self.journal) if not write.outcome)
        return [result for result in results if result is not None]

    def _settled(self, write: Write) -> ObjectResult | None:
        """None where it is as it was before, after all patience: then it was not done."""
        what = f"waiting for a write to {in_one_line(write.object)} that was cut short and may still be stored"
        while True:
            try:
                now = values(self.writer.read(write.kind, write.dbid))
            except (ProbeError, ShapeError) as error:
                cause = error.unknown.cause if isinstance(error, ProbeError) else str(error)
                return _result(write, Status.UNKNOWN, f"a write to it was cut short, and what became of it is not known: {cause}")
            if _all_at(now, write.edits, after=True):
                end(self.journal, write, "done", write.edits)
                return _result(write, Status.DONE, EARLIER)
            if not _all_at(now, write.edits, after=False):
                names = [str(edit.key) for edit in write.edits if now.get(edit.key) != edit.after]
                told = f"a write to it was cut short, and it is neither as before nor as planned: {listed(names, _MOST_NAMED)}"
                return _result(write, Status.UNKNOWN, f"{told}; entry {write.number} of {self.journal.path} holds what it was")
            left = min(write.until - time.time(), self.writer.seconds)
            if left <= 0:
                end(self.journal, write, "not stored")
                self._observer(what, 1, 1)
                return None
            self._observer(what, 0, 1)
            time.sleep(min(_POLL, left))


def _all_at(now: Mapping[Key, str], edits: tuple[Edit, ...], *, after: bool) -> bool:
    return all(now.get(edit.key) == (edit.after if after else edit.before) for edit in edits)


def _replaced(planned: Write, edits: tuple[Edit, ...], until: float) -> Write:
    return Write(0, planned.kind, planned.object, planned.dbid, edits, planned.raw, planned.undoes, until)


def _result(write: Write, status: Status, why: str = "") -> ObjectResult:
    return ObjectResult(write.kind, write.object, status, write.edits, why, write.number)


def _said(edit: Edit) -> str:
    """How an option is not what it should be; its value could be a secret."""
    if edit.after is None:
        return f"{edit.key} is not there"
    return f"{edit.key} is there" if edit.before is None else f"{edit.key} has another value"
