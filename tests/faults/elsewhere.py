# SPDX-License-Identifier: Apache-2.0
"""What judges a requirement outside of its scenario finds exactly what the scenario finds: the parameters stand in both."""

from __future__ import annotations

from collections.abc import Iterable

from orsgate.estate.estate import Estate, FactUnknownError
from orsgate.estate.judgement import Violation
from orsgate.estate.snapshot import Snapshot
from orsgate.remedy.tasks import MANUAL
from orsgate.rules.broken import ASKING, Broken
from tests.faults.workshop import Judged

Found = set[tuple[str, str, str]]


def _found(violations: Iterable[Violation]) -> Found:
    return {(each.subject, each.found, each.expected) for each in violations}


def _by_planned_changes(estate: Estate) -> dict[str, Found]:
    broken = Broken(estate)
    return {name: _found(each for theirs in broken.all_of(name).values() for each in theirs) for name in ASKING}


def _by_tasks(estate: Estate) -> dict[str, Found]:
    result: dict[str, Found] = {}
    for manual in MANUAL:
        try:
            result[manual.id] = _found(manual.rule(estate).violations) if manual.applies(estate) else set()
        except FactUnknownError:
            result[manual.id] = set()
    return result


def require_the_same_elsewhere(snapshot: Snapshot, judged: Judged) -> None:
    """Every rule finds in a snapshot what its scenario found in it before the installation."""
    for elsewhere in (_by_planned_changes, _by_tasks):
        for name, theirs in elsewhere(Estate(snapshot)).items():
            if name in judged.results:
                assert theirs == _found(judged.results[name].judgement.violations), (name, elsewhere.__name__)
