# SPDX-License-Identifier: Apache-2.0
"""Comparing two runs of the same estate and phase."""

from __future__ import annotations

from collections.abc import Iterator

from orsgate.estate.judgement import Outcome
from orsgate.estate.mistakes import InputError, quoted
from orsgate.estate.wording import listed, several
from orsgate.reporting.history.difference import Change, Compared, Difference, Violations
from orsgate.reporting.history.reading import run_of
from orsgate.reporting.history.stored import StoredResult, StoredRun
from orsgate.reporting.history.violations import Left, Sight, matched, seen
from orsgate.reporting.text import readable
from orsgate.verdict.events import RunFinished, RunStarted

_SHOWN_NAMES = 5
_MORE_OR_LESS = "one id may ask for more or less now"


def since(previous: StoredRun, started: RunStarted, finished: RunFinished) -> Compared:
    """What changed since a previous run, for the reports of a run that has just ended.

    Args:
        previous: what ``read_run`` gave.
        started: the first event of the run.
        finished: its last event.

    Raises:
        InputError: the previous run is of another estate or phase.
    """
    return difference_between(previous, run_of(started, finished))


def difference_between(a: StoredRun, b: StoredRun) -> Compared:
    """What differs between two runs; linear in their requirements, violations and evidence.

    Raises:
        InputError: they are of different estates or phases, so that no difference between them would mean anything.
    """
    require_comparable(a, b.estate.name, b.phase)
    left = Left(a, b)
    before, after = ({result.id: result for result in run.results} for run in (a, b))
    differences = tuple(_difference(before.get(name), after.get(name), left) for name in sorted({*before, *after}))
    return Compared(a, b, tuple(_notes(a, b, left)), differences)


def require_comparable(previous: StoredRun, estate: str, phase: str) -> None:
    """Make sure that a run may be compared with one of an estate and a phase.

    Raises:
        InputError: it may not.
    """
    if previous.estate.name != estate:
        told = f"the runs are of different estates, {quoted(previous.estate.name)} and {quoted(estate)}"
        raise InputError(f"{told}, so that a difference would mean nothing; name two runs of one estate")
    if previous.phase != phase:
        told = f"the runs answer different questions, {previous.phase} and {phase}"
        raise InputError(f"{told}, so that a difference would mean nothing; name two runs of one phase")


def _difference(before: StoredResult | None, after: StoredResult | None, left: Left) -> Difference:
    if before is None or after is None:
        return Difference(Change.ONLY_B if before is None else Change.ONLY_A, before, after)
    sight = Sight(before, after, left)
    violations = matched(before, after, sight)
    lapsed = "" if before.green or not after.green else _lapsed(before, after, violations, sight)
    if before.green:
        change = Change.GREEN if after.green else Change.NEW
    elif not after.green:
        change = Change.STILL
    else:
        change = Change.LAPSED if lapsed else Change.FIXED
    return Difference(change, before, after, violations, seen(before, after), lapsed)


def _lapsed(before: StoredResult, after: StoredResult, violations: Violations, sight: Sight) -> str:
    """Why a requirement that is green in B may not be called fixed; empty where it may."""
    if after.outcome is Outcome.NOT_APPLICABLE:
        return f"it does not apply any more: {after.reason}"
    whys = [sight.typed] if sight.typed else []
    whys += [each.why for each in violations.unjudged]
    whys += filter(None, (sight.lost(gap.subject) for gap in before.gaps))
    return whys[0] if whys else ""


def _notes(a: StoredRun, b: StoredRun, left: Left) -> Iterator[str]:
    """What makes the two sides less alike than they look."""
    if b.collected < a.collected:
        older = f"the facts of B ({readable(b.collected)}) are older than those of A ({readable(a.collected)})"
        yield f"{older}: were the two meant the other way round?"
    yield from _note_of("A", a)
    yield from _note_of("B", b)
    if a.tool.catalogue_sha256 != b.tool.catalogue_sha256:
        yield f"the catalogues of requirements differ (orsgate {a.tool.version} and {b.tool.version}); {_MORE_OR_LESS}"
    elif a.tool.features_sha256 != b.tool.features_sha256:
        yield f"the feature files differ; {_MORE_OR_LESS}"
    for what in ("from_release", "to_release", "path"):
        ours, theirs = getattr(a.estate, what), getattr(b.estate, what)
        if ours != theirs:
            yield f"{what} is {ours} in A and {theirs} in B"
    for names, told in (
        (left.names, "judged in A and not in B, so that nothing of them counts as fixed"),
        (Left(b, a).names, "judged in B and not in A"),
    ):
        if names:
            yield f"{several(len(names), 'application')} {told}: {listed(names, _SHOWN_NAMES)}"


def _note_of(letter: str, run: StoredRun) -> Iterator[str]:
    if run.plan:
        yield f"{letter} judged a plan, the options in {run.plan}, and not those that the applications have"
    if run.stage:
        yield f"{letter} judged {run.stage} of the path without loss, and not the whole migration"
    if run.selection:
        yield f"{letter} judged only a part ({'; '.join(run.selection)}); what it left out counts as not proven"
    if run.interrupted:
        yield f"{letter} was interrupted; what it did not come to counts as not proven"
    if run.stand_ins:
        yield f"{letter} was not measured against the real software; in its place stood {', '.join(run.stand_ins)}"
