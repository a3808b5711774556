# SPDX-License-Identifier: Apache-2.0
"""Applying option changes to a running GAX or GWS, one object at a time, so that each can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from orsgate.estate.journal import Journal
from orsgate.remedy.careful import Careful
from orsgate.remedy.changes import ChangeList, OptionChange
from orsgate.remedy.results import Applied, ObjectResult, Status
from orsgate.remedy.writes import Write, begin
from orsgate.sources.fields import ShapeError
from orsgate.sources.option_edits import Edit, Key, ObjectKind, values
from orsgate.sources.writing import NoSuchObjectError, Writer
from orsgate.wire.observer import Observer, unobserved
from orsgate.wire.trouble import ProbeError

Target = tuple[ObjectKind, str]


def never() -> bool:
    """Nothing ends the run."""
    return False


def apply(
    changes: ChangeList,
    writer: Writer,
    journal: Journal,
    observer: Observer = unobserved,
    *,
    estate: str = "",
    stop: Callable[[], bool] = never,
) -> Applied:
    """Make the changes.

    Each object is read; where one of its options is neither as the change expects nor already as it is to be, nothing of it is
    written. What a run before began and could not end is found out first, so that it may be run again after whatever happened.

    Args:
        changes: those of one object need not stand together; the tasks in it are left to persons.
        writer: to the system, entered.
        journal: of this system and estate alone.
        observer: told about progress.
        estate: name of the estate, which the journal keeps.
        stop: asked before each object whether the run is to end.

    Raises:
        JournalError: the journal is another one, or cannot be written; what it did not announce is not done.
    """
    begin(journal, "apply", writer, estate)
    careful = Careful(writer, journal, observer)
    objects = _by_object(changes.changes)
    earlier = {(result.kind, result.object): result for result in careful.settle()}
    results = [result for target, result in earlier.items() if target not in objects]
    interrupted = False
    what = f"applying changes through {writer.source.upper()}"
    for number, (target, of_object) in enumerate(objects.items()):
        observer(what, number, len(objects))
        interrupted = interrupted or stop()
        edits = tuple(_edit(change) for change in of_object)
        if interrupted:
            results.append(ObjectResult(*target, Status.NOT_TRIED, edits, "the run was interrupted before"))
            continue
        results.append(_with_earlier(earlier.get(target), partial(_one, careful, target, edits)))
    observer(what, len(objects), len(objects))
    return Applied(tuple(results), interrupted)


def _with_earlier(earlier: ObjectResult | None, deal: Callable[[], ObjectResult]) -> ObjectResult:
    """What became of an object that a run before was at work on: what cannot be told of it is not written to."""
    if earlier is not None and earlier.status is Status.UNKNOWN:
        return earlier
    result = deal()
    return earlier if earlier is not None and result.status is Status.ALREADY else result


def _by_object(changes: Iterable[OptionChange]) -> dict[Target, list[OptionChange]]:
    found: dict[Target, list[OptionChange]] = {}
    for change in changes:
        found.setdefault((change.kind, change.object), []).append(change)
    return found


def _edit(change: OptionChange) -> Edit:
    return Edit(Key(change.tab, change.section, change.option), change.before, change.after)


def _one(careful: Careful, target: Target, edits: tuple[Edit, ...]) -> ObjectResult:
    kind, name = target
    try:
        dbid = careful.writer.find(kind, name)
        raw = careful.writer.read(kind, dbid)
        now = values(raw)
    except NoSuchObjectError as error:
        return ObjectResult(kind, name, Status.REFUSED, edits, error.unknown.cause)
    except ProbeError as error:
        return ObjectResult(kind, name, Status.UNKNOWN, edits, f"{error.unknown.cause}; nothing was written")
    except ShapeError as error:
        return ObjectResult(kind, name, Status.REFUSED, edits, f"it is not understood: {error}; nothing was written")
    changed = [edit for edit in edits if now.get(edit.key) not in {edit.before, edit.after}]
    if changed:
        told = ", ".join(f"{edit.key} {_found(edit, now.get(edit.key))}" for edit in changed)
        return ObjectResult(kind, name, Status.REFUSED, edits, f"changed since it was planned: {told}; nothing was written")
    todo = tuple(edit for edit in edits if now.get(edit.key) != edit.after)
    if not todo:
        return ObjectResult(kind, name, Status.ALREADY, edits)
    return careful.write(Write(0, kind, name, dbid, todo, raw))


def _found(edit: Edit, now: str | None) -> str:
    """How it is not as it was; a value could be a secret."""
    if now is None:
        return "is not there any more"
    return "has another value" if edit.before is not None else "is there"
