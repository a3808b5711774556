# SPDX-License-Identifier: Apache-2.0
"""What several reports group the same way: steps with their state, alike violations, root causes, what is not proven."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from orsgate.estate.judgement import Outcome, Violation
from orsgate.estate.knowledge import Basis
from orsgate.rules.catalogue import STEPS
from orsgate.verdict.result import Result

_WORST = (
    Outcome.FAIL, Outcome.ERROR, Outcome.BLOCKED, Outcome.MANUAL, Outcome.SKIPPED, Outcome.WAIVED, Outcome.PASS,
    Outcome.NOT_APPLICABLE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class StepState:
    """One step of the procedure.

    Attributes:
        state: the worst outcome of its requirements, as far as they gate; advice never counts.
        results: its requirements.
    """

    number: int
    title: str
    state: Outcome
    results: tuple[Result, ...]

    def count(self, outcome: Outcome) -> int:
        """How many of its requirements ended so."""
        return sum(result.outcome is outcome for result in self.results)


def steps_of(results: Sequence[Result]) -> list[StepState]:
    """The steps that were planned, in order, each with its state."""
    found = []
    for number, title in STEPS.items():
        own = tuple(result for result in results if result.planned.step == number)
        if own:
            gating = [result.outcome for result in own if result.planned.severity != "advice"] or [
                result.outcome for result in own
            ]
            found.append(StepState(number, title, min(gating, key=_WORST.index), own))
    return found


@dataclass(frozen=True, slots=True)
class Alike:
    """Violations of one requirement that say the same of several subjects.

    Attributes:
        places: subject and where, for each.
    """

    found: str
    expected: str
    fix: str
    places: tuple[tuple[str, str], ...]


def alike(result: Result) -> list[Alike]:
    """The violations of a result, those that say the same together."""
    groups: dict[tuple[str, str, str], list[Violation]] = {}
    for violation in result.violations:
        groups.setdefault((violation.found, violation.expected, result.remedy(violation)), []).append(violation)
    return [
        Alike(found, expected, fix, tuple((violation.subject, violation.where) for violation in group))
        for (found, expected, fix), group in groups.items()
    ]


def causes(results: Iterable[Result]) -> dict[str, list[Result]]:
    """Root cause -> the results that it keeps from being proven, most blocking first."""
    found: dict[str, list[Result]] = {}
    for result in results:
        if result.outcome in {Outcome.BLOCKED, Outcome.ERROR}:
            for cause in result.causes or (result.reason,):
                found.setdefault(cause, []).append(result)
    return dict(sorted(found.items(), key=lambda item: -len(item[1])))


def is_declared_pass(result: Result) -> bool:
    """Whether a pass rests on facts that somebody typed."""
    return result.outcome is Outcome.PASS and result.judgement.basis is not Basis.OBSERVED
