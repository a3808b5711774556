# SPDX-License-Identifier: Apache-2.0
"""Taking back what was applied: exactly what a journal says was done, last first, and nothing that others did since."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from orsgate.estate.journal import Journal
from orsgate.remedy.apply import never
from orsgate.remedy.careful import Careful
from orsgate.remedy.results import Applied, ObjectResult, Status
from orsgate.remedy.writes import Write, begin, writes_in
from orsgate.sources.fields import ShapeError
from orsgate.sources.option_edits import Edit, Key, values
from orsgate.sources.writing import NoSuchObjectError, Writer
from orsgate.wire.observer import Observer, unobserved
from orsgate.wire.trouble import ProbeError


def undo(
    journal: Journal,
    writer: Writer,
    observer: Observer = unobserved,
    *,
    estate: str = "",
    stop: Callable[[], bool] = never,
) -> Applied:
    """Take back every write that a journal says was done, and those cut short that turn out to be done.

    It is written to the same journal, so that it may be cut short and run again. Options are put back one by one into the
    object as it is now: what others changed besides stays. An option that was changed since keeps its whole write from being
    taken back, and is named.

    Args:
        journal: of an ``apply``.
        writer: to the same system, entered.
        observer: told about progress.
        estate: name of the estate, as ``apply`` was given it.
        stop: asked before each object whether the run is to end.

    Raises:
        JournalError: the journal is another one, or cannot be written; what it did not announce is not done.
    """
    begin(journal, "undo", writer, estate)
    careful = Careful(writer, journal, observer)
    settled = careful.settle()
    results = [result for result in settled if result.status is Status.UNKNOWN]
    open_ones = {(result.kind, result.object) for result in results}
    writes = writes_in(journal)
    by_undone: dict[int, list[Write]] = {}
    for write in writes:
        if write.undoes:
            by_undone.setdefault(write.undoes, []).append(write)
    done = [write for write in reversed(writes) if write.is_done and not write.undoes]
    finished = {result.entry: result for result in settled if result.status is Status.DONE}
    interrupted = False
    what = f"taking changes back through {writer.source.upper()}"
    for number, write in enumerate(done):
        observer(what, number, len(done))
        attempts = by_undone.get(write.number, ())
        wanted = _wanted(write, attempts)
        if wanted.is_reached:
            results += [finished[attempt.number] for attempt in attempts if attempt.number in finished]
            continue
        interrupted = interrupted or stop()
        if interrupted:
            results.append(_result(write, Status.NOT_TRIED, "the run was interrupted before"))
        elif (write.kind, write.object) not in open_ones:
            results.append(_one(careful, write, wanted))
    observer(what, len(done), len(done))
    return Applied(tuple(results), interrupted)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """How the options that a write changed should be found, and what they are to be."""

    state: Mapping[Key, str | None]
    target: Mapping[Key, str | None]

    @property
    def is_reached(self) -> bool:
        return self.state == self.target


def _wanted(write: Write, attempts: Sequence[Write]) -> _Wanted:
    """What a write left behind, after the attempts to take it back."""
    state = {edit.key: edit.after for edit in write.seen}
    target = {edit.key: edit.before for edit in write.seen}
    for attempt in attempts:
        if attempt.is_done:
            for edit in attempt.seen:
                state[edit.key] = edit.after
                target.setdefault(edit.key, edit.before)
    return _Wanted(state, target)


def _one(careful: Careful, write: Write, wanted: _Wanted) -> ObjectResult:
    try:
        raw = careful.writer.read(write.kind, write.dbid)
        now = values(raw)
    except NoSuchObjectError as error:
        return _result(write, Status.REFUSED, error.unknown.cause)
    except ProbeError as error:
        return _result(write, Status.UNKNOWN, f"{error.unknown.cause}; nothing was taken back")
    except ShapeError as error:
        return _result(write, Status.REFUSED, f"it is not understood: {error}; nothing was taken back")
    changed = [key for key, state in wanted.state.items() if now.get(key) not in {state, wanted.target[key]}]
    if changed:
        told = ", ".join(map(str, changed))
        return _result(write, Status.REFUSED, f"changed since by somebody else: {told}; nothing was taken back")
    edits = [Edit(key, now.get(key), target) for key, target in wanted.target.items() if now.get(key) != target]
    edits = [edit for edit in edits if not _is_used_by_others(edit, edits, now)]
    if not edits:
        return _result(write, Status.ALREADY)
    back = Write(0, write.kind, write.object, write.dbid, tuple(edits), raw, write.number)
    return careful.write(back, like=write.raw)


def _is_used_by_others(edit: Edit, edits: Sequence[Edit], now: Mapping[Key, str]) -> bool:
    """Whether a section that came with the write holds options of others by now; then it stays."""
    if edit.key.option or edit.after is not None:
        return False
    gone = {each.key for each in edits if each.after is None}
    return any(key[:2] == edit.key[:2] and key.option and key not in gone for key in now)


def _result(write: Write, status: Status, why: str = "") -> ObjectResult:
    return ObjectResult(write.kind, write.object, status, tuple(edit.reverse for edit in write.seen), why)
