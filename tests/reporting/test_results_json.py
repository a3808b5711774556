# SPDX-License-Identifier: Apache-2.0
"""results.json: every promised key, valid by the published schema, and nothing lost on the way."""

from __future__ import annotations

import io
import json
import tracemalloc
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import jsonschema
import pydantic_core
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orsgate.estate.estate import Estate
from orsgate.estate.judgement import Evidence, Gap, Judgement, Outcome, Violation
from orsgate.estate.knowledge import Basis, Failure, Unknown
from orsgate.estate.snapshot import sha256
from orsgate.reporting import results_json
from orsgate.reporting.results_json import JsonReporter, document
from orsgate.verdict.events import RunFinished, RunStarted
from tests import make
from tests.reporting import runs

VALIDATOR = jsonschema.Draft202012Validator(results_json.schema())
GOLDEN = Path(__file__).parent / "golden" / "results.json"

TEXT = st.text(st.characters(exclude_categories=()), max_size=20)
EVIDENCE = st.builds(Evidence, TEXT, TEXT, TEXT)
UNKNOWN = st.builds(Unknown, TEXT, TEXT, st.sampled_from(Failure))
JUDGEMENTS = st.builds(
    Judgement,
    subjects=st.lists(TEXT, max_size=2).map(tuple),
    violations=st.lists(st.builds(Violation, TEXT, TEXT, TEXT, TEXT, TEXT), max_size=2).map(tuple),
    gaps=st.lists(st.builds(Gap, TEXT, UNKNOWN), max_size=2).map(tuple),
    notes=st.lists(TEXT, max_size=2).map(tuple),
    evidence=st.lists(EVIDENCE, max_size=2).map(tuple),
    not_applicable=TEXT,
    manual=TEXT,
    basis=st.sampled_from(Basis),
)
IDS = st.sampled_from(["ORS-0101", "ORS-0201", "ORS-0306", "ORS-0501", "ORS-0709", "ORS-0907"])
JUDGED = st.dictionaries(IDS, JUDGEMENTS | TEXT.filter(bool), max_size=4)


def read(started: RunStarted, finished: RunFinished) -> dict[str, Any]:
    """What the reporter writes, read back and validated."""
    stream = io.StringIO()
    reporter = JsonReporter(stream)
    reporter.handle(started)
    reporter.handle(finished)
    assert stream.getvalue().isascii()
    report: dict[str, Any] = json.loads(stream.getvalue())
    VALIDATOR.validate(report)
    return report


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(results_json.schema())


@pytest.mark.parametrize("phase", ["readiness", "deployment"])
def test_a_healthy_run_is_go(phase):
    report = read(*runs.run({}, make.estate(phase=phase)))
    assert (report["phase"], report["verdict"], report["exit_code"], report["exceptions"]) == (phase, "go", 0, 0)
    assert report["counts"]["pass"] == len(report["results"])
    assert report["not_proven"] == report["errors"] == report["waivers"] == []


def test_what_is_written_is_the_document():
    started, finished = runs.every_outcome()
    assert read(started, finished) == document(started, finished)


def test_a_strict_reader_takes_names_that_are_no_text() -> None:
    odd = replace(runs.FAIL, violations=(Violation("ORS_\udcfc", "\U0001f600\ud83d", "b", "c"),))
    written = "".join(results_json.chunks(*runs.run({"ORS-0201": odd})))
    found = pydantic_core.from_json(written)
    (violation,) = next(each for each in found["results"] if each["id"] == "ORS-0201")["violations"]
    assert (violation["subject"], violation["found"]) == ("ORS_[U+DCFC]", "\U0001f600[U+D83D]")


def test_all_eight_outcomes_are_counted():
    report = read(*runs.every_outcome())
    found = [result["outcome"] for result in report["results"]]
    assert report["counts"] == {outcome.value: found.count(outcome.value) for outcome in Outcome}
    assert all(report["counts"].values())
    assert report["verdict"] == "no_go"


def test_results_are_in_id_order_with_what_the_scenario_says():
    report = read(*runs.every_outcome())
    ids = [result["id"] for result in report["results"]]
    assert ids == sorted(ids)
    first = report["results"][0]
    assert (first["why"], first["fix"]) == ("ORS-0101 matters.", "mend it at once.")
    assert first["gherkin"][0] == "Given the options of every application in scope"


def test_a_violation_without_its_own_remedy_has_that_of_the_requirement():
    own = replace(runs.FAIL, violations=(*runs.FAIL.violations, Violation("ORS_2", "a", "b", "c", "do this")))
    report = read(*runs.run({"ORS-0201": own}))
    [result] = [result for result in report["results"] if result["outcome"] == "fail"]
    assert [violation["fix"] for violation in result["violations"]] == ["mend it at once.", "do this"]


def test_what_is_not_proven_is_listed_with_its_reason():
    report = read(*runs.every_outcome())
    found = {entry["id"]: (entry["outcome"], entry["reason"]) for entry in report["not_proven"]}
    assert found["ORS-0102"] == ("blocked", runs.TROUBLE.cause)
    assert found["ORS-0103"] == ("error", runs.BROKE)
    assert found["ORS-0105"] == ("manual", "a named person attests that sessions may be lost")
    assert found["ORS-0106"] == ("pass", "rests on declared facts")
    assert found["ORS-0801"] == ("skipped", "not selected (without step:8)")
    assert not {"ORS-0101", "ORS-0104", "ORS-0107", "ORS-0201"} & set(found)


def test_a_waived_requirement_keeps_its_outcome():
    report = read(*runs.every_outcome())
    [waived] = [result for result in report["results"] if result["outcome"] == "waived"]
    assert (waived["id"], waived["original_outcome"]) == ("ORS-0201", "fail")


def test_an_interrupted_run_ends_130():
    report = read(*runs.run({}, others=None, interrupted=True))
    assert (report["verdict"], report["exit_code"], report["interrupted"]) == ("inconclusive", 130, True)
    assert report["counts"]["error"] == len(report["results"])


def test_problems_of_the_run_are_errors():
    report = read(*runs.run({}, problems=[("features/07.feature:12", "made to go wrong")]))
    assert report["errors"] == [{"where": "features/07.feature:12", "message": "made to go wrong"}]
    assert report["exit_code"] == 3


def test_the_scope_names_who_was_left_out():
    applications = (*make.pair("ORS_1"), make.ors("ORS_LAB"), make.ors("ORS_OLD", enabled=False), *make.SERVERS)
    exclude = {"exclude": [{"application": "ORS_LAB*", "reason": "laboratory"}]}
    report = read(*runs.run({}, make.estate(applications, file={"scope": exclude})))
    assert report["scope"] == {
        "applications": ["ORS_1", "ORS_1_B"],
        "excluded": [{"name": "ORS_LAB", "reason": "laboratory"}],
        "disabled": ["ORS_OLD"],
    }


@pytest.mark.parametrize("configuration", [None, Unknown("GAX did not answer")])
def test_an_unknown_configuration_has_an_empty_scope(configuration):
    snapshot = replace(make.estate().snapshot, configuration=configuration, parts=())
    report = read(*runs.run({}, Estate(snapshot)))
    assert report["scope"] == {"applications": [], "excluded": [], "disabled": []}
    assert report["collected"] == "2026-01-31T01:00:00Z"


def test_times_are_utc_to_the_second():
    elsewhere = datetime(2026, 1, 31, 23, 59, 59, 999, tzinfo=timezone(timedelta(hours=-5)))
    snapshot = make.estate().snapshot
    parts = (replace(snapshot.parts[0], collected=elsewhere), snapshot.parts[1])
    report = read(*runs.run({}, Estate(replace(snapshot, parts=parts))))
    assert report["collected"] == report["parts"][0]["collected"] == "2026-02-01T04:59:59Z"
    assert (report["started"], report["finished"]) == ("2026-01-31T01:00:05Z", "2026-01-31T01:00:07Z")


def test_change_and_policy_are_carried():
    file = {
        "change": {"ticket": "CHG-1", "window_start": make.NOW},
        "policy": {"cassandra": ["2.2.5"], "reason": "confirmed"},
    }
    report = read(*runs.run({}, make.estate(file=file)))
    assert report["change"] == {"ticket": "CHG-1", "window_start": "2026-01-31T01:00:00Z"}
    assert report["policy"] == {"cassandra": ["2.2.5"], "reason": "confirmed"}


@pytest.mark.slow
@settings(deadline=None, max_examples=30)
@given(JUDGED)
def test_every_id_and_outcome_arrives(judged):
    started, finished = runs.run(judged)
    report = read(started, finished)
    found = {result["id"]: result["outcome"] for result in report["results"]}
    assert found == {result.id: result.outcome.value for result in finished.results}
    for result in finished.results:
        [entry] = [entry for entry in report["results"] if entry["id"] == result.id]
        assert [seen["text"] for seen in entry["evidence"]] == [seen.text for seen in result.evidence]
        assert [gap["cause"] for gap in entry["gaps"]] == [gap.unknown.cause for gap in result.judgement.gaps]
        assert len(entry["violations"]) == len(result.violations)


def test_the_form_is_the_published_one():
    """Delete the golden file and run the test twice where the form changes on purpose."""
    started, finished = runs.every_outcome()
    snapshot = started.estate.snapshot
    started = replace(started, estate=Estate(replace(snapshot, parts=snapshot.parts[:2])))
    kept = tuple(result for result in finished.results if result.planned.step == 1 or result.id == "ORS-0201")
    stream = io.StringIO()
    reporter = JsonReporter(stream)
    reporter.handle(started)
    reporter.handle(replace(finished, results=kept))
    tool = json.loads(stream.getvalue())["tool"]
    text = stream.getvalue().replace(tool["catalogue_sha256"], "c" * 64).replace(f'"{tool["version"]}"', '"0.0.0"')
    text = text.replace(sha256(started.estate.snapshot), "a" * 64)
    if not GOLDEN.exists():
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text(text, "utf-8", newline="\n")
        pytest.fail(f"{GOLDEN} was not there and is written now; read it")
    assert text == GOLDEN.read_text("utf-8")


@pytest.mark.slow
def test_writing_needs_little_memory_besides_the_results():
    many = 20_000
    evidence = tuple(Evidence(f"ORS_{number}", "is as it should be", f"exports/{number}.cfg") for number in range(many))
    started, finished = runs.run({"ORS-0201": replace(runs.PASS, evidence=evidence)})
    tracemalloc.start()
    try:
        length = sum(map(len, results_json.chunks(started, finished)))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert length > many * 80
    assert peak < 2_000_000
