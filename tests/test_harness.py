# SPDX-License-Identifier: Apache-2.0
"""The harness is whole: every requirement has its scenario, and what was written is what was parsed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pytest_bdd.feature import get_feature
from pytest_bdd.parser import ScenarioTemplate

from orsgate.cli.harness import vocabulary
from orsgate.cli.team import _steps
from orsgate.rules.catalogue import STEPS, catalogue
from orsgate.verdict.description import parse_description

ROOT = Path(__file__).resolve().parents[1]
FEATURES = sorted((ROOT / "features").glob("*.feature"))
SCENARIOS: list[tuple[Path, ScenarioTemplate]] = [
    (path, scenario) for path in FEATURES for scenario in get_feature(str(path.parent), path.name).scenarios.values()
]


def test_each_requirement_has_one_scenario_with_its_tags():
    tags = sorted(sorted(scenario.tags) for _, scenario in SCENARIOS)
    assert tags == sorted(sorted(requirement.tags) for requirement in catalogue().values())


@pytest.mark.parametrize(("path", "scenario"), SCENARIOS, ids=[scenario.name for _, scenario in SCENARIOS])
def test_a_description_was_parsed_as_it_was_written(path, scenario):
    """A line that begins with a step keyword, # or @ would end the description without a word."""
    lines = path.read_text(encoding="utf-8").splitlines()[scenario.line_number :]
    end = next(number for number, line in enumerate(lines) if re.match(r"\s*Given |\s*Then ", line))
    written = [line.strip() for line in lines[:end] if line.strip()]
    assert [line.strip() for line in scenario.description.splitlines() if line.strip()] == written
    parse_description(scenario.description)


def test_a_scenario_stands_in_the_feature_file_of_its_step():
    for path, scenario in SCENARIOS:
        [name] = scenario.tags & catalogue().keys()
        assert path.name.startswith(f"{catalogue()[name].step:02}_"), name
        assert catalogue()[name].step in STEPS


def test_every_step_is_defined_exactly_once():
    steps = list(_steps(vocabulary()))
    for path, scenario in SCENARIOS:
        for line in scenario.steps:
            matching = [step for step in steps if step.type in {None, line.type} and step.parser.is_matching(line.name)]
            assert len(matching) == 1, f"{path.name}:{line.line_number} {line.name}"


def test_steps_import_neither_sources_nor_probes():
    for path in sorted((ROOT / "steps").glob("*.py")):
        assert not re.search(r"orsgate\.(sources|probes|collection|sandbox|cli)", path.read_text(encoding="utf-8")), path.name


def test_conftest_names_every_steps_file():
    named = {module.__name__ for module in vocabulary()}
    assert named == {
        "orsgate.plugin",
        *(f"steps.{path.stem}" for path in (ROOT / "steps").glob("*.py") if path.stem != "__init__"),
    }
