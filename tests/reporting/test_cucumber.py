# SPDX-License-Identifier: Apache-2.0
"""Cucumber Messages: never a requirement as passed that was not proven, and documents that say what was read."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from cucumber_messages import TestStepResultStatus as Status
from gherkin.parser import Parser
from hypothesis import given

from orsgate.estate.judgement import Evidence, Judgement, Outcome, Violation
from orsgate.reporting.bounded import MOST_CHARACTERS
from orsgate.reporting.cucumber.cases import NOT_READ, STATUSES, of_result
from orsgate.reporting.cucumber.gherkin import Scenario
from orsgate.reporting.cucumber.gherkin import written as document
from orsgate.reporting.results_json import not_proven
from orsgate.verdict.result import Result
from tests import make
from tests.reporting import runs
from tests.reporting.test_conservation import TITLES, arbitrary_runs, restricted, written
from tests.reporting.test_results_json import TEXT

VERDICT = "NO-GO: 1 blocker failed (ORS-0101); 6 more not proven; 1 waived"


def messages(*run) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written(*run)["cucumber"].splitlines()]


def of_kind(kind: str, *run) -> list[dict[str, Any]]:
    return [message[kind] for message in messages(*run) if kind in message]


def result_of(judgement: Judgement | str, **run) -> Result:
    _, finished = runs.run({"ORS-0305": judgement}, **run)
    return next(result for result in finished.results if result.id == "ORS-0305")


@pytest.mark.parametrize(
    ("judgement", "status", "message"),
    [
        (runs.PASS, "PASSED", ""),
        (runs.DECLARED, "PENDING", "pass: rests on declared facts"),
        (runs.FAIL, "FAILED", "fail: 1 violation\nORS_1: log/all = network; expected log/all = stdout (exports/ORS_1.cfg:4)"),
        (runs.BROKE, "FAILED", f"error: {runs.BROKE}"),
        (runs.BLOCKED, "PENDING", f"blocked: {runs.TROUBLE.cause}"),
        (runs.MANUAL, "PENDING", "manual: a named person attests that sessions may be lost"),
        (runs.NOT_APPLICABLE, "SKIPPED", "not_applicable: persistence is none"),
    ],
)
def test_statuses(judgement, status, message):
    case = of_result(result_of(judgement))
    assert (case.status.value, case.message) == (status, message)
    assert case.before.value == ("PASSED" if status in {"PASSED", "FAILED"} and not message.startswith("error") else "SKIPPED")


def test_every_outcome_has_a_status_and_only_a_pass_is_passed():
    assert STATUSES.keys() == set(Outcome)
    assert [outcome for outcome, status in STATUSES.items() if status is Status.passed] == [Outcome.PASS]


@pytest.mark.slow
@given(arbitrary_runs())
def test_passed_is_what_is_proven_and_nothing_else(run):
    _, finished = run
    unproven = {result.id for result, _ in not_proven(finished.results)}
    for result in finished.results:
        passed = result.outcome is Outcome.PASS and result.id not in unproven
        assert (of_result(result).status is Status.passed) == passed


@pytest.mark.slow
def test_a_go_is_a_success_and_the_only_one():
    declared = of_kind("testRunFinished", *runs.run({}, others=runs.DECLARED))
    [go], [no_go] = of_kind("testRunFinished", *runs.run({})), of_kind("testRunFinished", *runs.every_outcome())
    [interrupted] = of_kind("testRunFinished", *runs.run({}, interrupted=True))
    assert [end["success"] for end in (go, *declared, no_go, interrupted)] == [True, True, False, False]
    assert no_go["message"] == VERDICT


def test_documents_are_those_of_the_steps_with_titles_tags_and_steps_as_read():
    found = of_kind("gherkinDocument", *runs.every_outcome())
    assert [document["uri"] for document in found][:3] == [f"readiness/{name}.feature" for name in ("run", "step_01", "step_02")]
    feature = found[1]["feature"]
    assert feature["name"] == "Step 1: Export, the way back"
    assert feature["description"] == f"  Run: readiness of `Made up`. Its verdict: {VERDICT}"
    scenario = feature["children"][0]["scenario"]
    assert [tag["name"] for tag in scenario["tags"]] == ["@ORS-0101", "@readiness", "@blocker"]
    assert [f"{step['keyword']}{step['text']}" for step in scenario["steps"]] == [
        "Given the options of every application in scope", 'Then none of them sets "made/up-ORS-0101"',
    ]  # fmt: skip


def test_a_requirement_without_a_scenario_has_a_step_that_says_so():
    result = replace(result_of(runs.PASS), gherkin=())
    assert of_result(result).scenario.steps == (NOT_READ,)


@given(TITLES, TEXT, TITLES, TITLES)
def test_no_name_or_step_begins_a_line_of_its_own(title, description, name, step):
    scenarios = [Scenario(("ORS-0101", "x"), name, (f"Given {step}", step)), Scenario(("ORS-0102",), name, (step,))]
    parsed: Any = Parser().parse(document(title, description, scenarios))
    children = parsed["feature"]["children"]
    assert [len(child["scenario"]["steps"]) for child in children] == [2, 1]
    assert [len(child["scenario"]["tags"]) for child in children] == [2, 1]


@pytest.mark.slow
def test_time_goes_on_by_what_each_requirement_took():
    run = runs.run({}, make.estate(phase="deployment"))
    begun = [(at["seconds"], at["nanos"]) for at in (each["timestamp"] for each in of_kind("testCaseStarted", *run))]
    assert begun == sorted(begun)
    assert begun[:2] == [(1769821205, 0), (1769821205, 1_500_000)]
    [end] = of_kind("testRunFinished", *run)
    assert end["timestamp"] == {"seconds": 1769821207, "nanos": 999_999_000}


@pytest.mark.slow
def test_evidence_is_attached_to_the_step_that_judges_and_bounded():
    evidence = tuple(Evidence(f"ORS_{number}", "x" * 1000, "exports/a.cfg") for number in range(10_000))
    violations = tuple(Violation(f"ORS_{number}", "x" * 1000, "y", "exports/a.cfg:1") for number in range(10_000))
    result = result_of(Judgement(violations=violations, evidence=evidence))
    case = of_result(result)
    names = [name for name, _ in case.attachments]
    assert names == ["ORS-0305-outcome.txt", "ORS-0305-evidence.txt"]
    assert all(len(text) < MOST_CHARACTERS * 1.1 for text in (case.message, *(text for _, text in case.attachments)))
    assert case.message.endswith(" violations more: see results.json")
    assert case.attachments[1][1].endswith(" observations more: see results.json")


def test_a_waived_requirement_says_what_it_was_without_the_waiver():
    _, finished = runs.every_outcome()
    [case] = [of_result(result) for result in finished.results if result.outcome is Outcome.WAIVED]
    assert case.message == "waived: 1 violation"
    assert case.attachments[0][1].startswith("ORS-0201: waived (without the waiver: fail): 1 violation\n")
    assert "ORS_1: log/all = network" in case.attachments[0][1]
    assert (
        "\nwaived: fail of ORS_1 accepted by A. Approver (made up) until 2026-01-31T02:00:05Z (CHG-1): " in case.attachments[0][1]
    )


@pytest.mark.slow
def test_what_restricts_the_verdict_stands_beside_it():
    run = runs.run({}, restricted(make.estate(), "", ["a `twin` of ORS"]))
    [end] = of_kind("testRunFinished", *run)
    assert end["message"] == f"{run[1].verdict.sentence}\nmeasured against a stand-in: a `twin` of ORS"
    told = {document["feature"]["description"] for document in of_kind("gherkinDocument", *run)}
    assert told == {
        f"  Run: readiness of `Made up`. Its verdict: {run[1].verdict.sentence}; `measured against a stand-in: a 'twin' of ORS`"
    }
