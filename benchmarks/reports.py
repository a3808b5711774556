# SPDX-License-Identifier: Apache-2.0
"""The HTML report beside what pytest-html and Allure write of the same scenarios: size, and time of the whole run."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from benchmarks.comparisons import GO, ORSGATE, Row, made, times
from benchmarks.estates import SNAPSHOT
from benchmarks.measuring import PYTHON, Laboratory, Program, Spread
from orsgate.cli.harness import vocabulary
from orsgate.home import harness_directory

SCENARIOS = 1000
_CORE = Path(__file__).resolve().parent.parent / "features"
_ENVIRONMENT = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
_TEST = 'from pytest_bdd import scenarios\n\nscenarios(".")\n'
_CONFTEST = """\
from pathlib import Path

import pytest

from orsgate.estate.estate import Estate
from orsgate.estate.snapshot import load
from orsgate.verdict.case import Case

pytest_plugins = {plugins}


@pytest.fixture(scope="session")
def estate() -> Estate:
    return Estate(load(Path({snapshot}).read_bytes(), "the snapshot"))


@pytest.fixture
def case(estate: Estate) -> Case:
    return Case(estate)
"""
_SCENARIO = """\
  @{id} @readiness @deployment @warning
  Scenario: Made up {number}
    Why: It is made up, to have many.
    Fix: Delete the option that is named.
    Source: made up.

    Given the options of every application in scope
    Then none of them sets "made-up/option-{number}"

"""


def reports(laboratory: Laboratory, directory: Path, runs: int) -> Iterator[Row]:
    """Judging a thousand scenarios with a report, beside the same scenarios and steps under pytest with another reporter.

    The others run the steps of the harness on the same snapshot, in the simplest project that can: what differs is what
    reports, and what makes a verdict of what was handed over.
    """
    estate = made(laboratory, directory, 0)
    team = directory / "team"
    team.mkdir()
    readiness = sum(path.read_text(encoding="utf-8").count(" @readiness ") for path in _CORE.glob("*.feature"))
    names = [
        f"{prefix}-{step:02}{number:02}" for prefix in ("AMADE", "BMADE") for step in range(1, 11) for number in range(1, 100)
    ]
    scenarios = [_SCENARIO.format(id=name, number=number) for number, name in enumerate(names[: SCENARIOS - readiness])]
    (team / "made_up.feature").write_text("Feature: Made up\n\n" + "".join(scenarios), encoding="utf-8")
    project = _project(directory / "project", team, estate / SNAPSHOT)
    ours = Program((*ORSGATE, "judge", SNAPSHOT, "--features", str(team), "--quiet", "--html", "report.html"), estate, GO)
    run = (PYTHON, "-m", "pytest", "-q", "-m", "readiness", "-p", "pytest_bdd.plugin")
    html = (*run, "-p", "pytest_metadata.plugin", "-p", "pytest_html.plugin", "--html", "report.html", "--self-contained-html")
    allure = (*run, "-p", "allure_pytest_bdd.plugin", "--alluredir", "allure", "--clean-alluredir")
    theirs = {
        "pytest-html": (Program(html, project, environment=_ENVIRONMENT), project / "report.html"),
        "allure-pytest-bdd (its results, of which Allure makes a page)": (
            Program(allure, project, environment=_ENVIRONMENT),
            project / "allure",
        ),
    }
    mine, *others = laboratory.by_turns((ours, *(program for program, _ in theirs.values())), runs)
    size = _bytes(estate / "report.html")
    for (name, (_, place)), samples in zip(theirs.items(), others, strict=True):
        yield times(f"judge --html, {SCENARIOS:,} scenarios : pytest-bdd with {name}", 1, mine, samples)
        share = size / _bytes(place)
        yield Row(f"size of the report ({size // 1024} KB) : {name}", 1, "times", Spread(share, share, share))


def _project(directory: Path, team: Path, snapshot: Path) -> Path:
    """A pytest-bdd project of the same scenarios with the steps of the harness, which judge the same snapshot."""
    directory.mkdir()
    for path in (*_CORE.glob("*.feature"), *team.glob("*.feature")):
        shutil.copy(path, directory)
    (directory / "test_scenarios.py").write_text(_TEST, encoding="utf-8")
    steps = [module.__name__ for module in vocabulary() if module.__name__.startswith("steps.")]
    conftest = _CONFTEST.format(plugins=steps, snapshot=repr(str(snapshot)))
    (directory / "conftest.py").write_text(conftest, encoding="utf-8")
    (directory / "pytest.ini").write_text(
        f"[pytest]\nfilterwarnings = ignore\npythonpath = {harness_directory()}\n", encoding="utf-8"
    )
    return directory


def _bytes(place: Path) -> int:
    """The size of a file, or of all files of a directory."""
    files = [place] if place.is_file() else [path for path in place.rglob("*") if path.is_file()]
    return sum(path.stat().st_size for path in files)
