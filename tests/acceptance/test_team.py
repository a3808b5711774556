# SPDX-License-Identifier: Apache-2.0
"""A team's own requirements: stated without Python, judged in a session of their own, and never in the way of the core."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.acceptance.conftest import ROOT, orsgate

pytestmark = pytest.mark.slow  # a process of the program for each

EXAMPLE = ROOT / "docs" / "examples" / "team"
FEATURE = """Feature: Ours

  @ACME-0201 @readiness @blocker
  Scenario: Ours
    Why: It matters.
    Fix: Mend it.
    Source: Our standard (made up).

    Given the options of every application in scope
    Then {step}
"""


@pytest.fixture
def team(tmp_path: Path) -> Path:
    directory = tmp_path / "team"
    directory.mkdir()
    return directory


def judged(go_snapshot: Path, team: Path, tmp_path: Path, *arguments: str):
    ended = orsgate("judge", go_snapshot, "--features", team, "--json", tmp_path / "r.json", *arguments)
    results = ended.report(tmp_path / "r.json")["results"] if (tmp_path / "r.json").exists() else []
    return ended, {result["id"]: result for result in results if result["origin"] == "team"}


def test_the_example_of_the_documentation_runs(go_snapshot, tmp_path):
    ended, results = judged(go_snapshot, EXAMPLE, tmp_path)
    assert ended.code == 0, ended.said
    assert {name: result["outcome"] for name, result in results.items()} == {"ACME-0301": "pass", "ACME-0801": "pass"}
    assert all(result["evidence"] for result in results.values())


def test_a_blocker_of_a_team_gates(go_snapshot, team, tmp_path):
    (team / "a.feature").write_text(FEATURE.format(step='each of them sets "orchestration/mcr-pull-limit" to "7"'))
    ended, results = judged(go_snapshot, team, tmp_path)
    assert ended.code == 1
    assert results["ACME-0201"]["outcome"] == "fail"
    assert len(results["ACME-0201"]["violations"]) == 6
    assert json.loads((tmp_path / "r.json").read_text())["counts"]["fail"] == 2


@pytest.mark.parametrize("phase", ["deployment", "rehearsal"])
def test_a_requirement_of_another_phase_is_left_to_that(phase, go_snapshot, team, tmp_path):
    (team / "a.feature").write_text(FEATURE.format(step='none of them sets "custom/nothing"'))
    ended, results = judged(go_snapshot, team, tmp_path, "--phase", phase)
    assert ended.report(tmp_path / "r.json")["errors"] == []
    assert results == {}


def test_a_team_may_add_steps_of_its_own(go_snapshot, team, tmp_path):
    (team / "a.feature").write_text(FEATURE.format(step="nothing is wrong in our eyes"))
    (team / "ours.py").write_text(
        "from pytest_bdd import then\n"
        "from orsgate.estate.judgement import Findings\n"
        "def rule(estate):\n"
        "    findings = Findings()\n"
        "    for application in estate.in_scope:\n"
        "        findings.evidence(application.name, 'seen', application.origin.at())\n"
        "    return findings.judgement()\n"
        "@then('nothing is wrong in our eyes')\n"
        "def _(case):\n"
        "    case.judge(rule)\n"
    )
    ended, results = judged(go_snapshot, team, tmp_path)
    assert ended.code == 0, ended.said
    assert results["ACME-0201"]["outcome"] == "pass"


def test_an_undefined_step_of_a_team_is_never_go(go_snapshot, team, tmp_path):
    (team / "a.feature").write_text(FEATURE.format(step="the moon is full"))
    ended, results = judged(go_snapshot, team, tmp_path)
    assert ended.code == 3
    assert results["ACME-0201"]["outcome"] == "error"
    assert "Step definition is not found" in results["ACME-0201"]["reason"]


def test_a_requirement_of_a_team_can_be_selected(go_snapshot, tmp_path):
    ended, results = judged(go_snapshot, EXAMPLE, tmp_path, "--only", "ACME-0301")
    assert ended.code == 3
    assert {name: result["outcome"] for name, result in results.items()} == {"ACME-0301": "pass", "ACME-0801": "skipped"}


@pytest.mark.parametrize(
    ("old", "new", "cause"),
    [
        ("@ACME-0201", "@ORS-0201", "has the prefix of the core"),
        ("@ACME-0201", "@ACME-201", "exactly one id"),
        ("@ACME-0201", "@ACME-0201 @ACME-0202", "exactly one id"),
        ("@ACME-0201", "@ACME-9901", "01 to 10"),
        ("@blocker", "@blokker", "@blocker, @warning, @advice"),
        ("@readiness ", "", "@readiness or @deployment"),
        ("@blocker", "@blocker @odd", "mean nothing here: @odd"),
        ("Feature: Ours", "Feature", "is not a feature file"),
    ],
)
def test_a_mistake_in_a_feature_file_is_usage(old, new, cause, go_snapshot, team, tmp_path):
    text = FEATURE.format(step='each of them sets "a/b"')
    (team / "a.feature").write_text(text.replace(old, new))
    ended, _ = judged(go_snapshot, team, tmp_path)
    assert ended.code == 2, ended.said
    assert cause in ended.err
    assert "Traceback" not in ended.err


def test_an_id_that_stands_twice_is_usage(go_snapshot, team, tmp_path):
    for name in ("a", "b"):
        (team / f"{name}.feature").write_text(FEATURE.format(step='each of them sets "a/b"'))
    assert "stands twice" in judged(go_snapshot, team, tmp_path)[0].err


@pytest.mark.parametrize(
    "pattern", ["'none of them has a section \"cluster\"'", "parsers.re('none of them has a .*')", "parsers.re('none.*')"]
)
def test_a_core_step_cannot_be_redefined(pattern, go_snapshot, team, tmp_path):
    (team / "a.feature").write_text(FEATURE.format(step='none of them has a section "cluster"'))
    (team / "ours.py").write_text(f"from pytest_bdd import parsers, then\n@then({pattern})\ndef _(case):\n    pass\n")
    ended, _ = judged(go_snapshot, team, tmp_path)
    assert ended.code == 2, ended.said
    assert "give yours another text" in ended.err


def test_steps_that_cannot_be_loaded_are_usage(go_snapshot, team, tmp_path):
    (team / "a.feature").write_text(FEATURE.format(step='each of them sets "a/b"'))
    (team / "ours.py").write_text("import nothing_of_that_name\n")
    ended, _ = judged(go_snapshot, team, tmp_path)
    assert ended.code == 2
    assert "nothing_of_that_name" in ended.err


def test_no_scenario_of_a_team_is_lost_for_having_the_name_of_another(go_snapshot, team, tmp_path):
    one = FEATURE.format(step='each of them sets "a/b"')
    other = one.split("\n\n", 1)[1].replace("ACME-0201", "ACME-0202")
    (team / "a.feature").write_text(one + "\n" + other)
    ended, _ = judged(go_snapshot, team, tmp_path)
    assert ended.code == 2, ended.said
    assert 'see "Ours"' in ended.err


def test_an_id_may_stand_on_the_feature(go_snapshot, team, tmp_path):
    text = FEATURE.format(step='each of them sets "orchestration/mcr-pull-limit"')
    (team / "a.feature").write_text("@ACME-0201 @readiness @blocker\n" + text.replace("  @ACME-0201 @readiness @blocker\n", ""))
    ended, results = judged(go_snapshot, team, tmp_path)
    assert ended.code == 0, ended.said
    assert results["ACME-0201"]["outcome"] == "pass"
