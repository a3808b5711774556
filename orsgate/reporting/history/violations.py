# SPDX-License-Identifier: Apache-2.0
"""Matching the violations and the evidence of one requirement on two sides; what is not seen any more is not yet fixed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field

from orsgate.estate.judgement import Outcome
from orsgate.estate.knowledge import Basis
from orsgate.estate.wording import several
from orsgate.reporting.history.difference import Seen, StillViolated, Unjudged, Violations
from orsgate.reporting.history.stored import StoredEvidence, StoredResult, StoredRun, StoredViolation

_SAW_ALL = frozenset({Outcome.PASS, Outcome.FAIL})
"""Outcomes of a rule that walked all its subjects; what is not among its violations is met, where nothing was missing."""
_NOT_A_NAME = re.compile(r"[\s,;/]+")

Pairs = list[tuple[StoredViolation, StoredViolation]]


@dataclass(slots=True)
class Left:
    """The applications that were judged in A and are not in B, and why.

    Args:
        before: the run of A.
        after: the run of B.
    """

    before: StoredRun
    after: StoredRun
    _reasons: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        excluded = {each.name: f"is excluded from B: {each.reason}" for each in self.after.scope.excluded}
        disabled = dict.fromkeys(self.after.scope.disabled, "is disabled in B")
        known = set(self.after.scope.applications)
        self._reasons = {
            name: f"{name} {excluded.get(name) or disabled.get(name) or 'is not in the scope of B'}"
            for name in self.before.scope.applications
            if name not in known
        }

    @property
    def names(self) -> tuple[str, ...]:
        """Who left, in the order of A."""
        return tuple(self._reasons)

    def why(self, subject: str) -> str:
        """Why a subject, which may be a pair, is not judged any more; empty where it is."""
        if not self._reasons:
            return ""
        return next((self._reasons[name] for name in (subject, *_NOT_A_NAME.split(subject)) if name in self._reasons), "")


@dataclass(slots=True)
class Sight:
    """Whether B could have seen of one requirement what A saw.

    Args:
        before: in A.
        after: in B.
        left: who left the scope.
    """

    before: StoredResult
    after: StoredResult
    left: Left
    _gaps: dict[str, str] = field(init=False)
    _wide: str = field(init=False)
    _judged: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        own = set(self.before.subjects)
        self._gaps = {gap.subject: gap.cause for gap in self.after.gaps}
        self._wide = next((gap.cause for gap in self.after.gaps if gap.subject not in own), "")
        self._judged = frozenset(self.after.subjects)

    @property
    def typed(self) -> str:
        """Why a pass of B proves nothing against what A found: somebody typed what A had read, or could not; else empty."""
        if self.after.outcome is Outcome.PASS and self.after.basis is Basis.DECLARED and self.before.basis is not Basis.DECLARED:
            return "it passed in B on declared facts only, which prove nothing"
        return ""

    def lost(self, subject: str) -> str:
        """Why B proves nothing of a subject that it does not complain of; empty where it judged it.

        A subject may be gone since that put it right, such as a member of the ring. Where the scope became smaller besides,
        nobody can tell that from a cluster that was left out, so that it is not called judged.
        """
        outcome = self.after.original_outcome
        if outcome is Outcome.NOT_APPLICABLE:
            return f"the requirement does not apply in B: {self.after.reason}"
        if outcome not in _SAW_ALL:
            return f"B could not judge it, {outcome.value}: {self.after.reason}"
        if cause := self._gaps.get(subject) or self._wide:
            return f"not known in B: {cause}"
        if why := self.typed or self.left.why(subject):
            return why
        if self.left.names and subject not in self._judged:
            return f"B judged nothing called {subject}, and {several(len(self.left.names), 'application')} left the scope"
        return ""


def matched(before: StoredResult, after: StoredResult, sight: Sight) -> Violations:
    """The violations of a requirement on both sides, each in exactly one place.

    The same violation has the same subject and says the same; where that leaves some over, one with the same subject and the
    same expectation is the same too, since what was found may be a measured value.
    """
    pairs: Pairs = []
    gone, came = list(before.violations), list(after.violations)
    for identity in (_word_for_word, _by_expectation):
        found, gone, came = _pair(gone, came, identity)
        pairs += found
    fixed, unjudged = [], []
    for violation in gone:
        if why := sight.lost(violation.subject):
            unjudged.append(Unjudged(violation, why))
        else:
            fixed.append(violation)
    return Violations(tuple(fixed), tuple(came), tuple(StillViolated(*pair) for pair in pairs), tuple(unjudged))


def seen(before: StoredResult, after: StoredResult) -> Seen:
    """The evidence that only one side has."""
    return Seen(_missing(before.evidence, after.evidence), _missing(after.evidence, before.evidence))


def _missing(ours: Iterable[StoredEvidence], theirs: Iterable[StoredEvidence]) -> tuple[StoredEvidence, ...]:
    left = Counter((each.subject, each.text) for each in theirs)
    found = []
    for each in ours:
        key = each.subject, each.text
        if left[key]:
            left[key] -= 1
        else:
            found.append(each)
    return tuple(found)


def _word_for_word(violation: StoredViolation) -> Hashable:
    return violation.subject, violation.found, violation.expected


def _by_expectation(violation: StoredViolation) -> Hashable:
    return violation.subject, violation.expected


def _pair(
    gone: list[StoredViolation], came: list[StoredViolation], identity: Callable[[StoredViolation], Hashable]
) -> tuple[Pairs, list[StoredViolation], list[StoredViolation]]:
    """The pairs of the same identity, and what is left over on either side, in its order."""
    waiting: dict[Hashable, list[int]] = {}
    for number in range(len(came) - 1, -1, -1):
        waiting.setdefault(identity(came[number]), []).append(number)
    pairs, over, taken = [], [], set()
    for violation in gone:
        if numbers := waiting.get(identity(violation)):
            number = numbers.pop()
            taken.add(number)
            pairs.append((violation, came[number]))
        else:
            over.append(violation)
    return pairs, over, [violation for number, violation in enumerate(came) if number not in taken]
