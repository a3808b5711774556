# SPDX-License-Identifier: Apache-2.0
"""What differs between two runs: requirement by requirement, and within each violation by violation."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from orsgate.estate.judgement import Outcome
from orsgate.estate.knowledge import Basis
from orsgate.estate.wording import several
from orsgate.reporting.history.stored import StoredEvidence, StoredResult, StoredRun, StoredViolation
from orsgate.reporting.text import readable


class Change(StrEnum):
    """What became of one requirement from A to B. Green is: passed, or does not apply."""

    NEW = "new"
    """Green in A, not green in B."""
    STILL = "still"
    """Not green in either, failing or not proven."""
    FIXED = "fixed"
    """Not green in A, and passed in B on the same subjects."""
    LAPSED = "lapsed"
    """Not green in A, and in B green only since it does not apply, does not cover what was wrong, or rests on declared facts."""
    GREEN = "green"
    """Green in both."""
    ONLY_A = "only_a"
    """A judged it, B knows no such requirement."""
    ONLY_B = "only_b"
    """B judged it, A knows no such requirement."""


@dataclass(frozen=True, slots=True)
class StillViolated:
    """A violation that both sides have; what was found may read differently now."""

    before: StoredViolation
    after: StoredViolation

    @property
    def differs(self) -> bool:
        """Whether what was found or expected is another now; only the place where it was read may move."""
        return (self.before.found, self.before.expected) != (self.after.found, self.after.expected)


@dataclass(frozen=True, slots=True)
class Unjudged:
    """A violation of A that B does not show, and that nobody may call fixed.

    Attributes:
        why: what keeps it from being called fixed.
    """

    violation: StoredViolation
    why: str


@dataclass(frozen=True, slots=True)
class Violations:
    """The violations of one requirement on both sides.

    Each violation of A is in exactly one of ``fixed``, ``still`` and ``unjudged``, each of B in one of ``new`` and ``still``.
    """

    fixed: tuple[StoredViolation, ...] = ()
    new: tuple[StoredViolation, ...] = ()
    still: tuple[StillViolated, ...] = ()
    unjudged: tuple[Unjudged, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """Evidence that only one side has; that it was read at another place is no difference."""

    gone: tuple[StoredEvidence, ...] = ()
    came: tuple[StoredEvidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """One requirement on both sides.

    Attributes:
        before: in A; None where A does not know it.
        after: in B; None where B does not know it.
        lapsed: why it is not called fixed, where it is LAPSED.
    """

    change: Change
    before: StoredResult | None
    after: StoredResult | None
    violations: Violations = Violations()
    evidence: Seen = Seen()
    lapsed: str = ""

    @property
    def shown(self) -> StoredResult:
        """The side whose title and severity are shown: B, where it has it."""
        found = self.after or self.before
        if found is None:
            raise RuntimeError("a difference of nothing")
        return found

    @property
    def id(self) -> str:
        """The requirement's id."""
        return self.shown.id

    @property
    def reason(self) -> str:
        """Why B could not prove it, which several requirements may share; empty where they have violations or are green."""
        return "" if self.after is None or self.after.green or self.after.violations else self.after.reason

    @property
    def other_outcome(self) -> bool:
        """Whether both sides have it, with different outcomes."""
        return self.before is not None and self.after is not None and self.before.outcome is not self.after.outcome

    @property
    def other_evidence(self) -> bool:
        """Whether both sides saw different things."""
        return bool(self.evidence.gone or self.evidence.came)

    @property
    def weaker(self) -> bool:
        """Whether it passed on facts that were read, and passes now on what somebody stated."""
        both = self.before, self.after
        return all(each is not None and each.outcome is Outcome.PASS for each in both) and [
            each.basis is Basis.OBSERVED for each in both if each is not None
        ] == [True, False]

    @property
    def changed(self) -> bool:
        """Whether anything at all differs."""
        if self.before is None or self.after is None or self.other_outcome or self.other_evidence:
            return True
        found = self.violations
        said = self.before.basis is not self.after.basis or self.before.reason != self.after.reason
        return said or bool(found.fixed or found.new or found.unjudged or any(each.differs for each in found.still))

    @property
    def worse(self) -> bool:
        """Whether B is worse than A in it: a worse outcome, another violation, or a pass that rests on less.

        What B does not know, B does not prove. Never for advice; what was more in A, and is called advice in B, is no advice.
        """
        if all(each is None or each.severity == "advice" for each in (self.before, self.after)):
            return False
        if self.before is None:
            return not self.shown.green
        after = _NOT_PROVEN if self.after is None else _RANK[self.after.outcome]
        return after > _RANK[self.before.outcome] or bool(self.violations.new) or self.weaker


_NOT_PROVEN = 2
_RANK = {
    Outcome.PASS: 0, Outcome.NOT_APPLICABLE: 0, Outcome.WAIVED: 1, Outcome.MANUAL: _NOT_PROVEN, Outcome.SKIPPED: _NOT_PROVEN,
    Outcome.BLOCKED: _NOT_PROVEN, Outcome.ERROR: _NOT_PROVEN, Outcome.FAIL: 3,
}  # fmt: skip
"""Green, accepted, not proven, failed."""


ONLY_THEN, ONLY_NOW = "judged then and not now", "judged now and not then"
"""What is only in A, and only in B, in words for a reader of B alone."""


@dataclass(frozen=True)
class Compared:
    """Two runs, and what differs.

    Attributes:
        a: what was.
        b: what is.
        notes: what a reader has to know before any of it, such as that the catalogues differ; sentences without a full stop.
        requirements: every requirement of either side, by id.
    """

    a: StoredRun
    b: StoredRun
    notes: tuple[str, ...]
    requirements: tuple[Difference, ...]

    @cached_property
    def counts(self) -> Counter[Change]:
        """How many requirements there are of each kind of change."""
        return Counter(each.change for each in self.requirements)

    def of(self, change: Change) -> tuple[Difference, ...]:
        """The requirements of one kind of change."""
        return tuple(each for each in self.requirements if each.change is change)

    @cached_property
    def changed(self) -> tuple[Difference, ...]:
        """The requirements in which anything differs."""
        return tuple(each for each in self.requirements if each.changed)

    @cached_property
    def worse(self) -> tuple[Difference, ...]:
        """The blockers and warnings that became worse."""
        return tuple(each for each in self.requirements if each.worse)

    @property
    def empty(self) -> bool:
        """Whether nothing differs."""
        return not self.changed

    @cached_property
    def violations(self) -> dict[str, int]:
        """How many violations are fixed, new, still there, and not judged any more."""
        kinds = ("new", "still", "fixed", "unjudged")
        return {kind: sum(len(getattr(each.violations, kind)) for each in self.requirements) for kind in kinds}

    @property
    def sentence(self) -> str:
        """What changed, in one sentence that calls the runs A and B."""
        return self.said("only in A", "only in B")

    def said(self, only_a: str, only_b: str) -> str:
        """What changed, in one sentence, with words for what only one of the runs knows."""
        since = f"since {readable(self.a.collected)}"
        words = {
            Change.NEW: "new", Change.STILL: "still open", Change.FIXED: "fixed", Change.LAPSED: "not judged any more",
            Change.ONLY_A: only_a, Change.ONLY_B: only_b,
        }  # fmt: skip
        found = {change: word for change, word in words.items() if self.counts[change]}
        parts = [f"{self.counts[change]:,} {word}{self._accepted(change)}" for change, word in found.items()]
        told = ", ".join(parts) or "nothing is open"
        if self.empty:
            return f"nothing changed {since}: {told}"
        worse = f"{several(len(self.worse), 'requirement')} became worse" if self.worse else "nothing became worse"
        return f"{worse} {since}: {told}"

    def _accepted(self, change: Change) -> str:
        """How many of the requirements of a kind of change are waived in B, since what is accepted asks for nothing now."""
        number = sum(each.after is not None and each.after.outcome is Outcome.WAIVED for each in self.of(change))
        return f" ({number:,} of these waived now)" if number else ""
