# SPDX-License-Identifier: Apache-2.0
"""The statement says of the run what results.json says, in the words of in-toto."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orsgate.estate.judgement import Outcome
from orsgate.estate.mistakes import InputError
from tests.evidence.bundle.made import Left, stated

OUTCOMES = [outcome.value for outcome in Outcome]
RESULTS = st.lists(
    st.tuples(st.sampled_from(["blocker", "warning", "advice"]), st.sampled_from(OUTCOMES)), min_size=1, max_size=6
)  # fmt: skip


def made(run: Left, **changed: Any) -> dict[str, Any]:
    document = json.loads(run.files["results.json"]) | changed
    found: dict[str, Any] = json.loads(stated(run.files | {"results.json": json.dumps(document).encode()}))
    return found


def results(*outcomes: tuple[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "id": f"ORS-{number:04}",
            "severity": severity,
            "outcome": outcome,
            "original_outcome": outcome,
            "violations": [],
            "evidence": [],
        }
        for number, (severity, outcome) in enumerate(outcomes)
    ]


def test_its_fields_are_those_of_in_toto(run: Left) -> None:
    """https://github.com/in-toto/attestation: spec/v1/statement.md, resource_descriptor.md, predicates/test-result.md."""
    found = json.loads(stated(run.files))
    assert found.keys() == {"_type", "subject", "predicateType", "predicate"}
    assert found["_type"] == "https://in-toto.io/Statement/v1"
    assert found["predicateType"] == "https://in-toto.io/attestation/test-result/v0.1"
    predicate = found["predicate"]
    assert predicate.keys() - {"orsgate"} == {"result", "configuration", "passedTests", "warnedTests", "failedTests"}
    assert predicate["result"] in {"PASSED", "WARNED", "FAILED"}
    for descriptor in (*found["subject"], *predicate["configuration"]):
        assert descriptor.keys() == {"name", "digest"}
        assert descriptor["digest"] == {"sha256": hashlib.sha256(run.files[descriptor["name"]]).hexdigest()}
    assert [each["name"] for each in found["subject"]] == sorted(run.files)
    assert {each["name"] for each in predicate["configuration"]} == run.files.keys() - {"results.json", "report.html"}


def test_what_it_says_of_the_run(run: Left) -> None:
    said = json.loads(run.files["results.json"])
    found = json.loads(stated(run.files))["predicate"]["orsgate"]
    assert found["schema"] == "orsgate/bundle/1"
    assert (found["estate"], found["phase"], found["verdict"], found["sentence"]) == (
        said["estate"]["name"], said["phase"], said["verdict"], said["verdict_sentence"],
    )  # fmt: skip
    assert (found["started"], found["finished"], found["collected"]) == (said["started"], said["finished"], said["collected"])
    assert found["outcomes"] == {result["id"]: result["outcome"] for result in said["results"]}
    assert hashlib.sha256(run.files["results.json"]).hexdigest().startswith(found["run"])


@pytest.mark.slow
@given(outcomes=RESULTS, verdict=st.sampled_from(["go", "no_go", "inconclusive"]), strict=st.booleans())
@settings(max_examples=200, deadline=None)
def test_it_is_never_better_than_the_run(run: Left, outcomes: list[tuple[str, str]], verdict: str, *, strict: bool) -> None:
    predicate = made(run, verdict=verdict, strict=strict, results=results(*outcomes))["predicate"]
    passed, warned, failed = (set(predicate[key]) for key in ("passedTests", "warnedTests", "failedTests"))
    assert predicate["result"] != "PASSED" or (verdict == "go" and not warned and not failed)
    assert (predicate["result"] == "FAILED") == (verdict != "go" or bool(failed))
    for each in results(*outcomes):
        gates = each["severity"] == "blocker" or (strict and each["severity"] == "warning")
        assert (each["id"] in passed) == (each["outcome"] == "pass")
        assert (each["id"] in warned | failed) == (each["outcome"] not in {"pass", "not_applicable"})
        if gates and each["outcome"] in {"fail", "blocked", "manual", "skipped", "error"}:
            assert each["id"] in failed
    assert not passed & warned
    assert not warned & failed


def in_part(part: str, *names: str) -> list[dict[str, Any]]:
    return [{"part": part, "stand_ins": list(names)}]


@pytest.mark.parametrize(
    ("changed", "plan", "stand_ins", "result"),
    [
        ({}, None, [], "PASSED"),
        ({"plan": "exports"}, "exports", [], "WARNED"),
        ({"stage": "after stage 1 of 2"}, None, [], "WARNED"),
        ({"parts": in_part("http", "a twin of ORS", "a twin of ORS")}, None, ["a twin of ORS"], "WARNED"),
        ({"parts": in_part("rehearsal", "a ring")}, None, [], "PASSED"),
        ({"parts": in_part("rehearsal", "a ring"), "phase": "rehearsal"}, None, ["a ring"], "WARNED"),
        ({"parts": in_part("http", "a twin"), "verdict": "no_go"}, None, ["a twin"], "FAILED"),
    ],
)
def test_a_plan_a_stage_or_a_stand_in_never_passed(
    run: Left, changed: dict[str, Any], plan: str | None, stand_ins: list[str], result: str
) -> None:
    predicate = made(run, **changed, results=results(("blocker", "pass")))["predicate"]
    assert (predicate["orsgate"]["plan"], predicate["orsgate"]["standIns"], predicate["result"]) == (plan, stand_ins, result)


TWICE = [*results(("blocker", "pass")), *results(("advice", "fail"))]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"schema": "orsgate/report/2"}, "is not of the form orsgate/report/1"), ({"verdict": "GO"}, "verdict: "),
        ({"results": None}, "results: "), ({"results": TWICE}, "twice"), ({"tool": {}}, "tool.version: "),
        ({"exit_code": "none"}, "exit_code: "),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)  # fmt: skip
def test_what_is_no_results_json(run: Left, changed: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=rf"^results\.json: .*{said}"):
        made(run, **changed)


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"null", b"\xff", b"[" * 100_000], ids=ascii)
def test_what_is_no_json(run: Left, data: bytes) -> None:
    with pytest.raises(InputError, match=r"^results\.json: is no results\.json"):
        stated(run.files | {"results.json": data})


def test_half_a_character_cannot_be_signed(run: Left) -> None:
    with pytest.raises(InputError, match=r"^results\.json: "):
        made(run, verdict_sentence="\ud800")
