# SPDX-License-Identifier: Apache-2.0
"""What waivers do to the results of a run: a result is waived only as a whole, and nothing else changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from orsgate.estate.judgement import Judgement, Outcome
from orsgate.estate.mistakes import quoted
from orsgate.rules.catalogue import NEVER_WAIVABLE, gating
from orsgate.rules.times import shown_time
from orsgate.verdict.result import Planned, Result
from orsgate.verdict.waiver import WAIVABLE, Standing, Waiver, Waivers, WaiverUse

MOST_NAMES = 5
"""Subjects that a sentence names."""
_WORDS = {
    Outcome.PASS: "passed",
    Outcome.FAIL: "failed",
    Outcome.ERROR: "ended in an error",
    Outcome.BLOCKED: "is blocked",
    Outcome.NOT_APPLICABLE: "does not apply",
    Outcome.SKIPPED: "is skipped",
    Outcome.MANUAL: "is to be attested",
    Outcome.WAIVED: "is waived",
}


@dataclass(frozen=True, slots=True)
class Need:
    """A part of a result that has to be covered before the whole is waived.

    Attributes:
        outcome: that a waiver of this part must name.
        subject: that a waiver of this part must match.
    """

    outcome: Outcome
    subject: str


def needs_of(result: Result) -> tuple[Need, ...]:
    """Everything about a result that has to be covered, each once; empty where nothing can ever be waived.

    A result can be several things at once, of which its outcome names only the worst. Each violation is to be covered as a
    ``fail``, each missing fact as a ``blocked``, and what is left to a person as a ``manual`` of every subject: who accepts a
    violation did not accept what nobody knows. A subject of which nothing was seen (a pair that was not tried because the one
    before it failed) is not known either. What was skipped has no subjects, and its own id stands for them.
    """
    if result.id in NEVER_WAIVABLE or result.original_outcome not in WAIVABLE:
        return ()
    if result.original_outcome is Outcome.SKIPPED:
        return (Need(Outcome.SKIPPED, result.id),)
    judgement = result.judgement
    found = [Need(Outcome.FAIL, violation.subject) for violation in judgement.violations]
    found += [Need(Outcome.BLOCKED, gap.subject) for gap in judgement.gaps]
    if judgement.manual:
        found += [Need(Outcome.MANUAL, subject) for subject in judgement.subjects]
    else:
        found += [Need(Outcome.BLOCKED, subject) for subject in _unseen(judgement)]
    return tuple(dict.fromkeys(found))


def _unseen(judgement: Judgement) -> Iterator[str]:
    """The subjects of which the judgement says nothing at all."""
    seen = {violation.subject for violation in judgement.violations} | {gap.subject for gap in judgement.gaps}
    seen |= {evidence.subject for evidence in judgement.evidence}
    return (subject for subject in judgement.subjects if subject not in seen)


@dataclass(frozen=True, slots=True)
class _Cover:
    """What the waivers that count do to one result.

    Attributes:
        needs: everything that has to be covered.
        by: waiver -> the needs that it covers, for those that count and cover any.
        missing: the needs that nobody covers.
    """

    needs: tuple[Need, ...]
    by: dict[Waiver, tuple[Need, ...]]
    missing: tuple[Need, ...]

    @property
    def is_whole(self) -> bool:
        """Whether everything is covered, and there is anything to cover."""
        return bool(self.by) and not self.missing


class Waiving:
    """The waivers of a run at one instant.

    Args:
        waivers: what the run was given.
        at: the instant that decides which of them count.
        strict: warnings gate as well.
    """

    def __init__(self, waivers: Waivers, at: datetime, *, strict: bool = False) -> None:
        self._given = waivers
        self._at = at
        self._strict = strict
        self._of: dict[str, list[Waiver]] = {}
        for waiver in waivers.entries:
            self._of.setdefault(waiver.requirement, []).append(waiver)

    def waived(self, result: Result) -> Result:
        """``result``, with the outcome ``waived`` where waivers that count cover the whole of it."""
        if result.id not in self._of:
            return result
        cover = self._cover(result)
        if not cover.is_whole:
            return result
        return replace(result, outcome=Outcome.WAIVED, waived_from=result.outcome, waivers=tuple(cover.by))

    def uses(self, results: Sequence[Result]) -> tuple[WaiverUse, ...]:
        """What became of each waiver, in the order they were given."""
        found = {result.id: (result, self._cover(result)) for result in results if result.id in self._of}
        return tuple(
            self._use(waiver, *found[waiver.requirement]) if waiver.requirement in found else _not_judged(waiver)
            for waiver in self._given.entries
        )

    def _cover(self, result: Result) -> _Cover:
        needs = needs_of(result)
        known = frozenset(needs)
        by = {}
        for waiver in self._of[result.id]:
            if not self._against(waiver, result.planned) and (covered := _covered(waiver, needs, known)):
                by[waiver] = covered
        done = {need for covered in by.values() for need in covered}
        return _Cover(needs, by, tuple(need for need in needs if need not in done))

    def _use(self, waiver: Waiver, result: Result, cover: _Cover) -> WaiverUse:
        if against := self._against(waiver, result.planned):
            standing, told = against
            return WaiverUse(waiver, standing, problem=f"{told}; {_stays(result)}")
        covered = tuple(need.subject for need in cover.by.get(waiver, ()))
        if not covered:
            return WaiverUse(waiver, Standing.UNMATCHED, problem=_unmatched(waiver, result, cover.needs))
        if result.outcome is Outcome.WAIVED:
            return WaiverUse(waiver, Standing.APPLIED, covered)
        return WaiverUse(waiver, Standing.PARTIAL, covered, f"it is not enough: {_uncovered(cover.missing)}")

    def _against(self, waiver: Waiver, planned: Planned) -> tuple[Standing, str] | None:
        """What keeps a waiver from counting for a requirement, whatever it is for; None where nothing does."""
        if self._at >= waiver.until:
            return Standing.EXPIRED, f"it expired at {shown_time(waiver.until)}"
        if self._at < waiver.begins:
            return Standing.FUTURE, f"it begins at {shown_time(waiver.begins)}, after this run began"
        if waiver.is_wide and planned.severity in gating(strict=self._strict) and not self._given.allow_wide:
            told = f"its subject {quoted(waiver.subject)} is as wide as everything, on a {planned.severity}"
            return Standing.TOO_WIDE, f"{told}: name the subjects, or allow it with --allow-wide-waivers"
        return None


def _uncovered(needs: Sequence[Need]) -> str:
    """Which parts of a result no waiver covers, in words."""
    shown = ", ".join(f"{need.subject} ({need.outcome})" for need in needs[:MOST_NAMES])
    rest = f" and {len(needs) - MOST_NAMES} more" if len(needs) > MOST_NAMES else ""
    return f"no waiver that counts covers {shown}{rest}"


def _covered(waiver: Waiver, needs: Sequence[Need], known: frozenset[Need]) -> tuple[Need, ...]:
    """The needs that a waiver covers; a name is looked up, only a pattern is tried on each."""
    if not waiver.is_pattern:
        need = Need(waiver.outcome, waiver.subject)
        return (need,) if need in known else ()
    return tuple(need for need in needs if need.outcome is waiver.outcome and waiver.matches(need.subject))


def _not_judged(waiver: Waiver) -> WaiverUse:
    told = f"{waiver.requirement} is not judged in this run: it is of another phase, or of --features that were not given"
    return WaiverUse(waiver, Standing.NOT_JUDGED, problem=told)


def _stays(result: Result) -> str:
    if result.outcome is Outcome.WAIVED:
        return f"{result.id} is waived by others"
    return f"{result.id} {_WORDS[result.outcome]}"


def _unmatched(waiver: Waiver, result: Result, needs: Sequence[Need]) -> str:
    if result.id in NEVER_WAIVABLE:
        return f"{result.id} can never be waived"
    if result.original_outcome is Outcome.ERROR:
        return f"{result.id} ended in an error, which can never be waived"
    names = list(islice((need.subject for need in needs if need.outcome is waiver.outcome), MOST_NAMES + 1))
    if not names:
        return f"it matches nothing: {result.id} {_WORDS[result.original_outcome]}, and the waiver is for {waiver.outcome}"
    shown = ", ".join(names[:MOST_NAMES]) + (" and more" if len(names) > MOST_NAMES else "")
    return f"it matches nothing: {quoted(waiver.subject)} fits none of the subjects that are {waiver.outcome}: {shown}"
