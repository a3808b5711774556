# SPDX-License-Identifier: Apache-2.0
"""What keeps blockers from being met, by root cause: requirements that one remedy mends, or one missing fact holds up."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from orsgate.estate.judgement import Outcome
from orsgate.reporting import grouping
from orsgate.reporting.html import marks, model
from orsgate.reporting.html.marks import mark_of
from orsgate.reporting.html.requirements import MOST_ROWS, failure, shown_places
from orsgate.verdict.result import Result

_WAITING = {Outcome.ERROR, Outcome.BLOCKED}


@dataclass(slots=True)
class _Group:
    """Requirements with one root cause, and what was found of it."""

    fixes: dict[str, None] = field(default_factory=dict)
    results: dict[str, Result] = field(default_factory=dict)
    rows: dict[tuple[str, str], dict[tuple[str, str], None]] = field(default_factory=dict)


def obstacles(results: Iterable[Result]) -> tuple[model.Obstacle, ...]:
    """The root causes of requirements that failed, in the order of the procedure.

    Two findings have one root cause where one remedy mends both, or where they say the same of the same subjects.
    """
    groups: list[_Group] = []
    by_fix: dict[str, _Group] = {}
    by_finding: dict[tuple[str, frozenset[str]], _Group] = {}
    for result in results:
        for alike in grouping.alike(result):
            finding = alike.found, frozenset(subject for subject, _ in alike.places)
            group = by_finding.get(finding) or (by_fix.get(alike.fix) if alike.fix else None)
            if group is None:
                groups.append(group := _Group())
            by_finding[finding] = by_fix[alike.fix] = group
            group.fixes[alike.fix] = None
            group.results[result.id] = result
            group.rows.setdefault((alike.found, alike.expected), {}).update(dict.fromkeys(alike.places))
    return tuple(map(_obstacle, groups))


def _obstacle(group: _Group) -> model.Obstacle:
    results = tuple(group.results.values())
    rows = tuple(
        model.Alike(found, expected, *shown_places(places)) for (found, expected), places in list(group.rows.items())[:MOST_ROWS]
    )
    return model.Obstacle(
        mark=mark_of(results[0]),
        fix=" ".join(fix for fix in group.fixes if fix),
        requirements=tuple(map(failure, results)),
        rows=rows,
        more=max(0, len(group.rows) - MOST_ROWS),
    )


def undecided(causes: Sequence[model.Cause], severities: Collection[str]) -> tuple[model.Cause, ...]:
    """The root causes, of all that is not proven, that keep a requirement of these severities from being judged."""
    waiting = {marks.MARKS[outcome] for outcome in _WAITING}
    return tuple(
        cause for cause in causes
        if cause.mark in waiting and any(reference.severity in severities for reference in cause.references)
    )  # fmt: skip
