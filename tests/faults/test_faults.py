# SPDX-License-Identifier: Apache-2.0
"""Each fault changes exactly the outcomes it should, and the verdict follows; what is harmless stays GO.

What judges a requirement outside of its scenario is held to the same findings in each of them.
"""

from __future__ import annotations

import importlib
from collections import Counter
from pathlib import Path

import pytest

from orsgate.estate.estate import Phase
from orsgate.rules.catalogue import catalogue
from tests.faults.elsewhere import require_the_same_elsewhere
from tests.faults.workshop import Fault, Judged, judged, open_workshop

STEPS = [importlib.import_module(f"tests.faults.{path.stem}") for path in sorted(Path(__file__).parent.glob("step_*.py"))]
FAULTS: list[Fault] = [item for module in STEPS for item in module.FAULTS]
HARMLESS: list[Fault] = [item for module in STEPS for item in module.HARMLESS]


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Judged]:
    """What the healthy estate ends with, in each phase."""
    phases: tuple[Phase, ...] = ("readiness", "deployment", "rehearsal")
    return {phase: open_workshop(tmp_path_factory.mktemp("healthy"), phase).judge() for phase in phases}


def run(item: Fault, directory: Path) -> Judged:
    workshop = open_workshop(directory, item.phase)
    for change in item.changes:
        change(workshop)
    snapshot = workshop.alter(workshop.collected())
    found = judged(snapshot, item.phase)
    if item.phase == "readiness":
        require_the_same_elsewhere(snapshot, found)
    return found


def test_the_healthy_estate_is_go(healthy):
    for phase, found in healthy.items():
        assert found.verdict == "go", (phase, {name: out for name, out in found.outcomes.items() if out != "pass"})


@pytest.mark.slow
@pytest.mark.parametrize("item", FAULTS, ids=lambda item: item.name)
def test_a_fault_changes_exactly_what_it_should(item, healthy, tmp_path):
    found = run(item, tmp_path)
    assert found.changed(healthy[item.phase]) == item.expected
    assert found.verdict == item.verdict


@pytest.mark.slow
@pytest.mark.parametrize("item", HARMLESS, ids=lambda item: item.name)
def test_what_is_harmless_stays_go(item, healthy, tmp_path):
    found = run(item, tmp_path)
    assert found.changed(healthy[item.phase]) == item.expected
    assert found.verdict == "go"


def test_every_requirement_is_broken_at_least_twice():
    broken = Counter(name for item in FAULTS for name in item.expected)
    assert {name: broken[name] for name in catalogue() if broken[name] < 2} == {}
    assert len(FAULTS) >= 130
    assert len(HARMLESS) >= 40


def test_a_deployment_is_broken_and_varied_in_many_ways():
    trying = [item for item in FAULTS if any(name >= "ORS-0901" for name in item.expected) and item.phase == "deployment"]
    varied = [item for module in STEPS if "10" in module.__name__ or "installed" in module.__name__ for item in module.HARMLESS]
    assert len(trying) >= 100
    assert len(varied) >= 45
