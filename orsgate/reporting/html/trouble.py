# SPDX-License-Identifier: Apache-2.0
"""Which subject has which trouble: what the drawing marks, and the list below it says in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from orsgate.estate.estate import Estate
from orsgate.estate.judgement import Outcome
from orsgate.reporting.html import marks, model, requirements
from orsgate.reporting.results_json import scope_of
from orsgate.verdict.result import Result

_WORST = ("fail", "error", "open", "warn")
MOST_SUBJECTS = 12
"""Subjects named for one set of requirements in the list."""


@dataclass(slots=True)
class Troubles:
    """Subject -> the requirements that it does not meet, or that a fact about it is missing for, worst first."""

    by_subject: dict[str, list[tuple[marks.Mark, model.Reference]]] = field(default_factory=dict)

    def add(self, subject: str, mark: marks.Mark, reference: model.Reference) -> None:
        """Mark a subject, once for each requirement."""
        found = self.by_subject.setdefault(subject, [])
        if (mark, reference) not in found[-1:]:
            found.append((mark, reference))

    def mark(self, *subjects: str) -> marks.Mark | None:
        """The worst trouble of what goes by any of these names; None where there is none."""
        found = [mark for subject in subjects for mark, _ in self.by_subject.get(subject, ())]
        return min(found, key=lambda mark: _WORST.index(mark.kind), default=None)


def troubles(results: Iterable[Result], estate: Estate) -> Troubles:
    """The trouble of each subject; that of a pair is that of both of its applications."""
    members = _pairs(estate)
    found = Troubles()
    for result in results:
        if result.original_outcome is Outcome.FAIL:
            subjects = dict.fromkeys(violation.subject for violation in result.violations)
        elif result.original_outcome is Outcome.BLOCKED:
            subjects = dict.fromkeys(gap.subject for gap in result.judgement.gaps)
        else:
            continue
        mark, reference = marks.mark_of(result), requirements.reference(result)
        for subject in subjects:
            for name in members.get(subject, (subject,)):
                found.add(name, mark, reference)
    return found


def _pairs(estate: Estate) -> dict[str, tuple[str, str]]:
    if scope_of(estate) is None:
        return {}
    return {pair.name: (pair.primary.name, pair.backup.name) for pair in estate.pairs}


def listed(found: Troubles) -> tuple[model.Marked, ...]:
    """Subjects with the same trouble together, the worst first."""
    groups: dict[tuple[tuple[marks.Mark, model.Reference], ...], list[str]] = {}
    for subject, each in found.by_subject.items():
        groups.setdefault(tuple(each), []).append(subject)
    rows = [_marked(each, subjects) for each, subjects in groups.items()]
    return tuple(sorted(rows, key=lambda row: _WORST.index(row.mark.kind)))


def _marked(each: Sequence[tuple[marks.Mark, model.Reference]], subjects: Sequence[str]) -> model.Marked:
    worst = min((mark for mark, _ in each), key=lambda mark: _WORST.index(mark.kind))
    references = tuple(dict.fromkeys(reference for _, reference in each))
    return model.Marked(worst, model.Shown.first(subjects, MOST_SUBJECTS), references)
