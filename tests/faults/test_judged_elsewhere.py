# SPDX-License-Identifier: Apache-2.0
"""What judges a requirement outside of its scenario finds exactly what the scenario finds: the parameters stand in both."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from orsgate.estate.estate import Estate, FactUnknownError
from orsgate.estate.judgement import Violation
from orsgate.remedy.tasks import MANUAL
from orsgate.rules.broken import ASKING, Broken
from tests.faults.test_faults import FAULTS, HARMLESS
from tests.faults.workshop import judged, open_workshop

Found = set[tuple[str, str, str]]
READINESS = [item for item in (*FAULTS, *HARMLESS) if item.phase == "readiness"]


def found(violations: Iterable[Violation]) -> Found:
    return {(each.subject, each.found, each.expected) for each in violations}


def by_planned_changes(estate: Estate) -> dict[str, Found]:
    broken = Broken(estate)
    return {name: found(each for theirs in broken.all_of(name).values() for each in theirs) for name in ASKING}


def by_tasks(estate: Estate) -> dict[str, Found]:
    result: dict[str, Found] = {}
    for manual in MANUAL:
        try:
            result[manual.id] = found(manual.rule(estate).violations) if manual.applies(estate) else set()
        except FactUnknownError:
            result[manual.id] = set()
    return result


@pytest.mark.slow
@pytest.mark.parametrize("item", READINESS, ids=lambda item: item.name)
def test_every_rule_finds_what_its_scenario_finds(item, tmp_path):
    workshop = open_workshop(tmp_path)
    for change in item.changes:
        change(workshop)
    snapshot = workshop.alter(workshop.collected())
    results = judged(snapshot, "readiness").results
    for elsewhere in (by_planned_changes, by_tasks):
        for name, theirs in elsewhere(Estate(snapshot)).items():
            if name in results:
                assert theirs == found(results[name].judgement.violations), (name, elsewhere.__name__)
