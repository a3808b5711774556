# SPDX-License-Identifier: Apache-2.0
"""What changed since an earlier run, as the report shows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from orsgate.estate.wording import several
from orsgate.reporting.html import marks, model
from orsgate.reporting.text import readable
from orsgate.verdict.events import RunFinished, RunStarted

if TYPE_CHECKING:
    from orsgate.reporting.history.difference import Compared, Difference
    from orsgate.reporting.history.stored import StoredRun

MOST_SUBJECTS = 20
"""Violations named of one requirement; ``orsgate report diff`` has them all."""


def changes(previous: StoredRun, started: RunStarted, finished: RunFinished) -> model.Changes:
    """What an earlier run of the same estate and phase found and this one does not, and so on."""
    from orsgate.reporting.history.comparing import since  # noqa: PLC0415 - only where an earlier run was given

    return changes_of(since(previous, started, finished))


def changes_of(compared: Compared) -> model.Changes:
    """A comparison by what became of each requirement, what became worse first."""
    from orsgate.reporting.history.difference import ONLY_NOW, ONLY_THEN, Change  # noqa: PLC0415
    from orsgate.reporting.history.words import CHANGES  # noqa: PLC0415

    shown = {
        Change.NEW: CHANGES[Change.NEW],
        Change.ONLY_B: marks.Mark("✗", ONLY_NOW, "open"),
        Change.STILL: CHANGES[Change.STILL],
        Change.LAPSED: replace(CHANGES[Change.LAPSED], word="not judged any more, so not fixed"),
        Change.ONLY_A: marks.Mark("·", ONLY_THEN, "open"),
        Change.FIXED: CHANGES[Change.FIXED],
    }
    groups = [(mark, tuple(map(_changed, compared.of(change)))) for change, mark in shown.items()]
    evidence = tuple(_changed(each) for each in compared.of(Change.GREEN) if each.changed)
    groups.append((marks.Mark("≈", "passed then and now, with changed evidence", "none"), evidence))
    return model.Changes(
        sentence=compared.said(ONLY_THEN, ONLY_NOW),
        previous=readable(compared.a.collected),
        notes=compared.notes,
        groups=tuple((mark, found) for mark, found in groups if found),
    )


def _changed(difference: Difference) -> model.Changed:
    here = difference.after is not None
    return model.Changed(difference.id, difference.shown.title, here, model.Shown.first(list(_said(difference)), MOST_SUBJECTS))


def _said(difference: Difference) -> Iterator[str]:
    """What differs, one sentence each."""
    before, after, found = difference.before, difference.after, difference.violations
    if before is not None and after is not None and difference.other_outcome:
        yield f"{marks.MARKS[before.outcome].word} then, {marks.MARKS[after.outcome].word} now"
    if difference.lapsed or difference.reason:
        yield difference.lapsed or difference.reason
    yield from (f"new: {each.subject}: {each.found}" for each in found.new)
    yield from (f"still: {each.after.subject}: {each.after.found}" for each in found.still)
    yield from (f"fixed: {each.subject}: {each.found}" for each in found.fixed)
    yield from (f"not judged any more: {each.violation.subject}: {each.why}" for each in found.unjudged)
    if difference.weaker:
        yield "it passed on facts that were read, and passes now on what somebody stated"
    if difference.other_evidence:
        came, gone = len(difference.evidence.came), len(difference.evidence.gone)
        yield f"{several(came, 'other piece')} of evidence, {gone:,} not seen any more"
