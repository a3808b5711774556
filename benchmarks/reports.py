# SPDX-License-Identifier: Apache-2.0
"""The HTML report beside what pytest-html and Allure write of the same scenarios: size, and time of the whole run."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from benchmarks.comparisons import GO, ORSGATE, Row, made, times
from benchmarks.estates import SNAPSHOT
from benchmarks.measuring import PYTHON, Laboratory, Program, Spread

SCENARIOS = 1000
_CORE = Path(__file__).resolve().parent.parent / "features"
_ENVIRONMENT = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
_STEPS = '''\
from pytest_bdd import given, parsers, scenarios, then

scenarios(".")


@given(parsers.re(".*"))
def _() -> None:
    """Nothing."""


@then(parsers.re(".*"))
def _() -> None:
    """Nothing."""
'''
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
    """Judging a thousand scenarios with a report, beside pytest-bdd running the same with steps that do nothing."""
    estate = made(laboratory, directory, 0)
    team = directory / "team"
    team.mkdir()
    readiness = sum(path.read_text(encoding="utf-8").count(" @readiness ") for path in _CORE.glob("*.feature"))
    names = [
        f"{prefix}-{step:02}{number:02}" for prefix in ("AMADE", "BMADE") for step in range(1, 11) for number in range(1, 100)
    ]
    scenarios = [_SCENARIO.format(id=name, number=number) for number, name in enumerate(names[: SCENARIOS - readiness])]
    (team / "made_up.feature").write_text("Feature: Made up\n\n" + "".join(scenarios), encoding="utf-8")
    project = _project(directory / "project", team)
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


def _project(directory: Path, team: Path) -> Path:
    """A pytest-bdd project of the same scenarios; its steps match everything and do nothing."""
    directory.mkdir()
    for path in (*_CORE.glob("*.feature"), *team.glob("*.feature")):
        shutil.copy(path, directory)
    (directory / "test_scenarios.py").write_text(_STEPS, encoding="utf-8")
    (directory / "pytest.ini").write_text("[pytest]\nfilterwarnings = ignore\n", encoding="utf-8")
    return directory


def _bytes(place: Path) -> int:
    """The size of a file, or of all files of a directory."""
    files = [place] if place.is_file() else [path for path in place.rglob("*") if path.is_file()]
    return sum(path.stat().st_size for path in files)
