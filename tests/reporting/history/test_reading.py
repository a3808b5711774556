# SPDX-License-Identifier: Apache-2.0
"""Reading results.json back: what the engine writes is taken, and whatever is wrong is one sentence."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orsgate.estate.judgement import Judgement, Outcome, Violation
from orsgate.estate.mistakes import InputError
from orsgate.reporting.history import reading
from orsgate.reporting.history.reading import read_run, run_in
from orsgate.reporting.results_json import chunks
from tests.reporting import runs
from tests.reporting.history.stored import any_run, saved, written

DATA = "".join(chunks(*runs.every_outcome())).encode()
GO = {"verdict_sentence": "GO: made up", "exit_code": 0}


def test_what_the_engine_writes_is_read_back(tmp_path: Path) -> None:
    started, finished = runs.every_outcome()
    found = read_run(written(tmp_path / "a.json", {"ORS-0201": runs.FAIL, "ORS-0501": runs.BLOCKED}))
    by_id = {each.id: each for each in found.results}
    (violation,) = by_id["ORS-0201"].violations
    assert (violation.subject, violation.found) == ("ORS_1", "log/all = network")
    assert by_id["ORS-0501"].gaps[0].cause == runs.TROUBLE.cause
    assert (found.phase, found.collected.tzinfo is not None) == ("readiness", True)
    every = run_in(DATA, "every outcome")
    assert [(each.id, each.outcome) for each in every.results] == [
        (each.id, each.outcome) for each in sorted(finished.results, key=lambda each: each.id)
    ]
    assert every.estate.name == started.estate.name


@settings(max_examples=20)
@given(any_run())
def test_any_run_is_read_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, made: Any) -> None:
    assert read_run(saved(made, tmp_path_factory.mktemp("any") / "a.json")) == made


def test_half_a_character_in_a_name_is_shown_as_every_report_shows_it() -> None:
    odd = Judgement(("ORS_\udcff",), (Violation("ORS_\udcff", "\U0001f600", "b", "c"),))
    found = run_in("".join(chunks(*runs.run({"ORS-0201": odd}))).encode(), "a.json")
    (violation,) = next(each for each in found.results if each.id == "ORS-0201").violations
    assert (violation.subject, violation.found) == ("ORS_[U+DCFF]", "\U0001f600")


def changed(change: Callable[[Any], None]) -> bytes:
    document = json.loads(DATA)
    change(document)
    return json.dumps(document).encode()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "ends in the middle"),
        (DATA[:-3], "ends in the middle"),
        (DATA[: len(DATA) // 2], "ends in the middle"),
        (b"\xff\xfe{", "is no JSON"),
        (b"[" * 100_000, "is no JSON"),
        (b"[]", "is no results.json"),
        (b'{"schema": "orsgate/snapshot/3"}', "is no results.json"),
        (b'{"phase": "readiness"}', "is no results.json"),
        (changed(lambda it: it.update(schema="orsgate/report/2")), 'says schema "orsgate/report/2"'),
        (changed(lambda it: it.update(schema="orsgate/report/0")), "judge the snapshot again"),
        (changed(lambda it: it.pop("scope")), 'has no "scope"'),
        (changed(lambda it: it["results"][3].pop("outcome")), 'has no "results[3].outcome"'),
        (changed(lambda it: it["results"][3].update(outcome="passed")), '"results[3].outcome" is "passed"'),
        (changed(lambda it: it.update(collected="yesterday")), '"collected" is "yesterday"'),
        (changed(lambda it: it.update(collected="2026-01-31T01:00:00")), "collected is no time in UTC"),
        (changed(lambda it: it.update(collected="0001-01-01T00:00:00+14:00")), "collected is no time in UTC"),
        (changed(lambda it: it.update(finished="9999-12-31T23:59:59-14:00")), "finished is no time in UTC"),
        (changed(lambda it: it["results"].append(it["results"][0])), '"ORS-0101" stands in it twice'),
        (changed(lambda it: it["counts"].update({"pass": 1})), "it counts 1 pass"),
        (changed(lambda it: it["results"][0].update(violations=[])), "ORS-0101: it failed, without any violation"),
        (changed(lambda it: it.update(verdict="go", **GO)), "it says go, and ORS-0101 is fail"),
        (changed(lambda it: it.update(verdict_sentence="GO: all is well")), 'in words "GO: all is well"'),
        (changed(lambda it: it.update(exit_code=0)), "and the exit code 0"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(data: bytes, told: str) -> None:
    with pytest.raises(InputError) as refused:
        run_in(data, "run.json")
    message = str(refused.value)
    assert message.startswith("run.json ")
    assert told in message
    assert "\n" not in message
    assert len(message) < 400


@settings(max_examples=200)
@given(st.integers(0, len(DATA) - 2), st.binary(min_size=1, max_size=4))
def test_no_damage_leads_to_anything_but_a_sentence(place: int, damage: bytes) -> None:
    try:
        run_in(DATA[:place] + damage + DATA[place + len(damage) :], "run.json")
    except InputError as error:
        assert "\n" not in str(error)  # noqa: PT017 - damage within a text is not noticed, and need not be


@pytest.mark.parametrize("change", [{"violations": json.loads(DATA)["results"][0]["violations"]}, {"evidence": []}])
def test_a_pass_with_violations_or_without_evidence_is_no_pass(change: dict[str, Any]) -> None:
    passed = next(number for number, each in enumerate(json.loads(DATA)["results"]) if each["outcome"] == "pass")
    with pytest.raises(InputError, match="it passed"):
        run_in(changed(lambda it: it["results"][passed].update(change)), "run.json")


def test_a_file_that_is_not_there_is_a_directory_or_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="is not there"):
        read_run(tmp_path / "none.json")
    with pytest.raises(InputError, match="is a directory"):
        read_run(tmp_path)
    with pytest.raises(InputError, match="null character"):
        read_run(Path("a\0b"))
    monkeypatch.setattr(reading, "LARGEST_RESULTS", 2**20)
    (tmp_path / "large.json").write_bytes(DATA + b" " * 2**20)
    with pytest.raises(InputError, match="larger than 1 MB"):
        read_run(tmp_path / "large.json")


def test_a_waived_blocker_lets_go_be_true() -> None:
    def waive_all(it: Any) -> None:
        for each in it["results"]:
            if each["outcome"] in {"error", "fail", "blocked", "manual", "skipped"}:
                it["counts"][each["outcome"]] -= 1
                it["counts"]["waived"] += 1
                each["outcome"] = "waived"
        deciding = [each for each in it["results"] if each["severity"] == "blocker"]
        exceptions = sum(each["outcome"] == "waived" for each in deciding)
        it.update(verdict="go", exceptions=exceptions, selection=[], errors=[], **GO)

    assert run_in(changed(waive_all), "run.json").counts[Outcome.WAIVED] > 1


WELL = "".join(chunks(*runs.run({}))).encode()


def test_a_run_that_is_go_says_so_in_every_place() -> None:
    assert (run_in(WELL, "run.json").verdict, json.loads(WELL)["exit_code"]) == ("go", 0)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"interrupted": True}, "it says go, and it was interrupted"),
        ({"selection": ["only step:2"]}, "it says go, and only a selection was judged"),
        ({"errors": [{"where": "harness", "message": "it broke"}]}, "it says go, and there are errors in the run itself"),
        ({"exceptions": 1}, "it says go, and tells of 1 exceptions, and 0 are waived"),
        ({"results": [], "counts": {}}, "it says go, and holds no result"),
        ({"exit_code": 1}, "it says go, and the exit code 1"),
        ({"verdict_sentence": "NO-GO: 1 blocker failed"}, 'it says go, and in words "NO-GO: 1 blocker failed"'),
        ({"verdict": "inconclusive"}, "it says inconclusive, and in words"),
    ],
)
def test_nothing_that_stands_against_go_is_read_as_go(change: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError) as refused:
        run_in(json.dumps(json.loads(WELL) | change).encode(), "run.json")
    assert told in str(refused.value)


def test_where_warnings_decide_one_that_failed_is_not_go() -> None:
    started, finished = runs.run({"ORS-0103": runs.FAIL})
    document = json.loads("".join(chunks(started, finished)))
    assert run_in(json.dumps(document).encode(), "run.json").verdict == "go"
    with pytest.raises(InputError, match="it says go, and ORS-0103 is fail"):
        run_in(json.dumps(document | {"strict": True}).encode(), "run.json")
