# SPDX-License-Identifier: Apache-2.0
"""The history of a directory: for how long blockers are open, what could not be read, and that it stays small."""

from __future__ import annotations

import json
import os
import re
import tracemalloc
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orsgate.estate.judgement import MET, Outcome
from orsgate.estate.knowledge import Basis
from orsgate.estate.mistakes import InputError
from orsgate.reporting.history.gathering import Keeper, history_of
from orsgate.reporting.history.history_document import document_of
from orsgate.reporting.history.history_text import lines_of
from orsgate.reporting.history.html_history import LEGEND, page_of
from orsgate.reporting.history.stored import StoredEstate, StoredPart, StoredRun
from orsgate.reporting.history.timeline import End, History, Opening, Series
from tests.reporting.history.stored import START, excluding, result, run, saved
from tests.reporting.pages import Page

NOW = START + timedelta(days=100)
ONE_AND_TWO = (Outcome.FAIL,), (Outcome.FAIL, Outcome.PASS)
HOSTILE = "</script><script>alert(1)</script>\x1b[2J\u202e{{ 7*7 }}"


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def series(*found: StoredRun) -> Series:
    keeper = Keeper("Sample", "readiness", of_plan=False, stand_ins=())
    for number, each in enumerate(found):
        keeper.keep(each, f"{number}.json")
    return keeper.series()


def outcomes(*found: Outcome) -> Series:
    """A blocker with these outcomes, a day apart."""
    return series(*(run(result(outcome), days=number) for number, outcome in enumerate(found)))


def the_open(found: Series) -> Opening:
    assert not found.closed
    (opening,) = found.open
    return opening


def the_closed(found: Series) -> Opening:
    assert not found.open
    (opening,) = found.closed
    return opening


class TestOpenings:
    def test_a_blocker_is_open_since_the_first_run_that_did_not_show_it_met(self) -> None:
        found = the_open(outcomes(Outcome.PASS, Outcome.FAIL, Outcome.BLOCKED, Outcome.FAIL))
        assert (found.since, found.until, found.runs, found.at_least) == (day(1), None, 3, False)
        assert found.lasted(NOW) == timedelta(days=99)

    def test_one_that_was_open_in_the_first_run_was_so_at_least_as_long(self) -> None:
        assert the_open(outcomes(Outcome.MANUAL, Outcome.FAIL)).at_least

    def test_a_pass_closes_it(self) -> None:
        found = the_closed(outcomes(Outcome.PASS, Outcome.FAIL, Outcome.FAIL, Outcome.PASS, Outcome.PASS))
        assert (found.since, found.until, found.end, found.lasted(NOW)) == (day(1), day(3), End.FIXED, timedelta(days=2))

    def test_what_opens_again_is_open_since_then(self) -> None:
        found = the_open(outcomes(Outcome.FAIL, Outcome.PASS, Outcome.ERROR))
        assert (found.since, found.openings, found.at_least, found.outcome) == (day(2), 2, False, Outcome.ERROR)

    def test_a_waived_blocker_stays_open(self) -> None:
        found = the_open(outcomes(Outcome.FAIL, Outcome.WAIVED))
        assert (found.since, found.outcome) == (day(0), Outcome.WAIVED)

    def test_one_that_does_not_apply_any_more_is_not_called_fixed(self) -> None:
        assert the_closed(outcomes(Outcome.FAIL, Outcome.NOT_APPLICABLE)).end is End.LAPSED

    def test_one_that_passes_without_an_application_is_not_called_fixed(self) -> None:
        passed = excluding("ORS_1", "too old", run(result(Outcome.PASS), days=2))
        fewer = excluding("ORS_1", "too old", run(result(Outcome.FAIL), days=1))
        assert the_closed(series(run(result(Outcome.FAIL)), passed)).end is End.LEFT
        assert the_closed(series(run(result(Outcome.FAIL)), fewer, passed)).end is End.LEFT

    def test_what_somebody_only_typed_fixes_nothing_that_was_read(self) -> None:
        typed = {outcome: replace(result(outcome), basis=Basis.DECLARED) for outcome in (Outcome.FAIL, Outcome.PASS)}
        passed = run(typed[Outcome.PASS], days=2)
        assert the_closed(series(run(result(Outcome.FAIL)), passed)).end is End.TYPED
        assert the_closed(series(run(result(Outcome.FAIL)), run(typed[Outcome.FAIL], days=1), passed)).end is End.TYPED
        assert the_closed(series(run(typed[Outcome.FAIL]), passed)).end is End.FIXED

    def test_what_a_selection_left_out_tells_nothing(self) -> None:
        part = run(result(Outcome.SKIPPED), days=1, selection=("--only step:3",))
        assert the_open(series(run(result(Outcome.FAIL)), part)).runs == 1
        assert not series(run(result(Outcome.PASS)), part).open

    def test_what_was_skipped_without_a_selection_is_not_proven(self) -> None:
        assert the_open(outcomes(Outcome.PASS, Outcome.SKIPPED)).since == day(1)

    def test_one_that_no_later_run_judges_stays_open(self) -> None:
        found = series(run(result(Outcome.FAIL)), run(result(Outcome.PASS, "ORS-0202"), days=5))
        assert the_open(found).last_seen == day(0)

    def test_warnings_are_no_blockers(self) -> None:
        assert not series(run(result(Outcome.FAIL, severity="warning"))).open

    def test_runs_count_by_their_facts_in_whatever_order_they_are_read(self) -> None:
        found = series(run(result(Outcome.PASS), days=3), run(result(Outcome.FAIL), days=1), run(result(Outcome.PASS)))
        assert the_closed(found).lasted(NOW) == timedelta(days=2)

    @given(st.lists(st.sampled_from(tuple(Outcome)), min_size=1, max_size=20), st.randoms())
    def test_it_is_what_counting_backwards_gives(self, told: list[Outcome], shuffle: Any) -> None:
        made = [run(result(outcome), days=number) for number, outcome in enumerate(told)]
        shuffle.shuffle(made)
        found = series(*made)
        red = [outcome not in MET for outcome in told]
        assert bool(found.open) == red[-1]
        assert bool(found.open or found.closed) == any(red)
        if red[-1]:
            first = len(red) - next((number for number, each in enumerate(reversed(red)) if not each), len(red))
            assert (the_open(found).since, the_open(found).runs) == (day(first), len(red) - first)
        in_order = series(*sorted(made, key=lambda each: each.collected))
        assert (found.open, found.closed) == (in_order.open, in_order.closed)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Two runs, and whatever else can lie about."""
    place = tmp_path / "runs"
    saved(run(result(Outcome.FAIL)), place / "1" / "results.json")
    saved(run(result(Outcome.PASS), days=1, verdict="go"), place / "2" / "deep" / "results.json")
    (place / "3").mkdir()
    (place / "3" / "again.json").write_bytes((place / "1" / "results.json").read_bytes())
    (place / "3" / "cut.json").write_bytes((place / "1" / "results.json").read_bytes()[:700])
    (place / "3" / "snapshot.json").write_text('{"schema": "orsgate/snapshot/3"}')
    (place / "3" / f"odd{chr(27)}.json" if os.name == "posix" else place / "3" / "odd.json").write_text("no JSON")
    (place / "notes.txt").write_text("no result, and not called so")
    return place


def read(found: History) -> Any:
    return json.loads("".join(document_of(found)))


class TestDirectory:
    def test_runs_are_found_at_any_depth_and_what_is_none_is_named(self, directory: Path) -> None:
        found = history_of(directory, NOW)
        (only,) = found.series
        assert [each.name for each in only.runs] == ["1/results.json", "2/deep/results.json"]
        assert {each.name.partition("/")[2][:3] for each in found.not_read} == {"cut", "sna", "odd"}
        assert [(each.name, "1/results.json" in each.why) for each in found.doubles] == [("3/again.json", True)]
        assert "ends in the middle" in next(each.why for each in found.not_read if "cut" in each.name)

    def test_every_format_names_every_run_and_every_file_that_is_none(self, directory: Path) -> None:
        found = history_of(directory, NOW)
        texts = ["\n".join(lines_of(found)), Page("".join(page_of(found))).text, json.dumps(read(found))]
        for text in texts:
            for name in ("1/results.json", "2/deep/results.json", "3/cut.json", "3/snapshot.json", "3/again.json"):
                assert name in text
            assert "ORS-0201" in text
        assert {each["file"] for each in read(found)["runs"]} == {"1/results.json", "2/deep/results.json"}

    def test_no_run_is_mixed_with_one_of_another_estate_phase_plan_or_of_stand_ins(self, tmp_path: Path) -> None:
        failed = result(Outcome.FAIL)
        passed = result(Outcome.PASS)
        saved(run(failed), tmp_path / "a.json")
        others = {
            "estate": run(passed, days=1, estate=StoredEstate("Other", "8.1.200.50", "8.1.400.27", "standard")),
            "phase": run(passed, days=2, phase="deployment"),
            "plan": run(passed, days=3, plan="planned"),
            "twin": run(passed, days=4, parts=(StoredPart("cassandra", ("Cassandra of the sandbox",)),)),
        }
        for name, made in others.items():
            saved(made, tmp_path / f"{name}.json")
        found = history_of(tmp_path, NOW)
        assert len(found.series) == 5
        assert [[each.id for each in one.open] for one in found.series if one.open] == [["ORS-0201"]]
        text = Page("".join(page_of(found))).text
        assert "Cassandra of the sandbox" in text
        assert "These runs judged plans" in text

    def test_a_directory_without_a_run_is_refused_with_the_reason(self, tmp_path: Path) -> None:
        with pytest.raises(InputError, match=r"holds no file \*\.json"):
            history_of(tmp_path, NOW)
        (tmp_path / "a.json").write_text("{")
        with pytest.raises(InputError, match=r"a\.json ends in the middle"):
            history_of(tmp_path, NOW)
        with pytest.raises(InputError, match="is no directory"):
            history_of(tmp_path / "a.json", NOW)

    @pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="needs permissions that bind the user")
    def test_a_directory_that_cannot_be_listed_is_named(self, directory: Path) -> None:
        (directory / "1").chmod(0)
        try:
            assert "1" in [each.name for each in history_of(directory, NOW).not_read]
        finally:
            (directory / "1").chmod(0o700)

    def test_a_run_of_a_time_that_is_still_to_come_closes_nothing(self, tmp_path: Path) -> None:
        now = day(3)
        saved(run(result(Outcome.FAIL), days=2), tmp_path / "now.json")
        saved(run(result(Outcome.PASS), days=900), tmp_path / "ahead.json")
        saved(run(result(Outcome.FAIL), collected=now + timedelta(minutes=4)), tmp_path / "nearly.json")
        found = history_of(tmp_path, now)
        assert [each.name for each in found.series[0].runs] == ["now.json", "nearly.json"]
        assert [each.id for each in found.series[0].open] == ["ORS-0201"]
        ((name, why),) = [(each.name, each.why) for each in found.not_read]
        assert (name, "which is still to come: a clock was wrong" in why) == ("ahead.json", True)

    def test_what_a_killed_run_left_is_named_and_no_run(self, tmp_path: Path) -> None:
        saved(run(result(Outcome.FAIL)), tmp_path / "a.json")
        saved(run(result(Outcome.PASS), days=1), tmp_path / ".orsgate.0123456789abcdef.json")
        found = history_of(tmp_path, NOW)
        assert [each.name for each in found.series[0].runs] == ["a.json"]
        assert [each.why.partition(",")[0] for each in found.not_read] == ["was never put in its place"]

    def test_a_pipe_is_no_file_to_wait_for(self, directory: Path) -> None:
        if os.name == "posix":
            os.mkfifo(directory / "pipe.json")
        assert history_of(directory, NOW).runs == 2


class TestSeveralSeries:
    """What is open of one estate says nothing of another."""

    def test_the_sentence_says_of_each_series_what_is_open_after_its_own_last_run(self, tmp_path: Path) -> None:
        other = StoredEstate("Other", "8.1.200.50", "8.1.400.27", "standard")
        saved(run(result(Outcome.FAIL), result(Outcome.FAIL, "ORS-0202"), estate=other), tmp_path / "a.json")
        saved(run(result(Outcome.PASS), days=1, verdict="go"), tmp_path / "b.json")
        found = history_of(tmp_path, NOW)
        assert found.sentence == (
            "2 runs in 2 series; after the last of each: Other, readiness: 2 blockers open, ORS-0201 for 100 days; "
            "Sample, readiness: 0 blockers open"
        )
        page = Page("".join(page_of(found))).text
        assert "Blockers open in 1 of 2 series" in page
        assert "2 blockers open:" not in page

    def test_series_on_stand_ins_are_called_so_and_many_are_counted(self) -> None:
        made = [
            Series(f"Estate {number}", "deployment", False, ("a twin",), found.runs, found.open, found.closed)
            for number, found in enumerate([outcomes(Outcome.PASS)] * 8)
        ]
        told = History("runs", NOW, tuple(made), (), ()).sentence
        assert "Estate 0, deployment on stand-ins: 0 blockers open; " in told
        assert told.endswith("Estate 4, deployment on stand-ins: 0 blockers open; and 3 more series")

    def test_one_series_is_told_without_its_name(self) -> None:
        told = History("runs", NOW, (outcomes(Outcome.FAIL),), (), ()).sentence
        assert told == "1 run; 1 blocker open after the last of them, ORS-0201 for 100 days"


class TestPage:
    def test_a_single_run_is_no_several(self) -> None:
        single, two = (Page("".join(page_of(History("runs", NOW, (outcomes(*found),), (), ())))).text for found in ONE_AND_TWO)
        assert "Last run, oldest on the left" in single
        assert "Last 2 runs, oldest on the left" in two
        assert "1 runs" not in single

    def test_people_read_times_in_one_form_only(self) -> None:
        found = History("runs", NOW, (outcomes(Outcome.FAIL, Outcome.PASS, Outcome.FAIL),), (), ())
        for text in ("\n".join(lines_of(found)), Page("".join(page_of(found))).text):
            assert "2026-01-05 22:00:00 UTC" in text
            assert not re.search(r"\dT\d\d:", text)

    def test_hostile_names_do_nothing(self, tmp_path: Path) -> None:
        made = run(result(Outcome.FAIL, title=HOSTILE), estate=StoredEstate(HOSTILE, "8.1.2", "8.1.4", "standard"))
        saved(made, tmp_path / "a.json")
        source = "".join(page_of(history_of(tmp_path, NOW)))
        assert source.isascii()
        assert not Page(source).all("script")
        assert "{{ 7*7 }}" in Page(source).text
        assert "[U+202E]" in Page(source).text

    def test_a_long_history_is_cut_and_says_so(self) -> None:
        found = History("runs", NOW, (outcomes(*[Outcome.FAIL] * 70),), (), ())
        page = Page("".join(page_of(found)))
        assert "The last 60 of 70 runs" in page.text
        assert len(read(found)["runs"]) == 70
        assert "69.json" in page.text
        assert len(page.all("rect")) == 60 + len(LEGEND)
        assert "the last 20 of them" in "\n".join(lines_of(found))

    def test_exceptions_make_no_no_go_milder(self, tmp_path: Path) -> None:
        waived = result(Outcome.WAIVED, "ORS-0202")
        saved(run(waived, verdict="go", exceptions=1), tmp_path / "a.json")
        saved(run(waived, result(Outcome.FAIL), days=1, verdict="no_go", exceptions=1), tmp_path / "b.json")
        found = history_of(tmp_path, NOW)
        for text in ("\n".join(lines_of(found)), Page("".join(page_of(found))).text):
            assert "GO with 1 exception" in text
            assert "NO-GO" in text
            assert "NO-GO with" not in text

    def test_the_trend_is_told_in_words_and_by_height(self) -> None:
        found = History("runs", NOW, (outcomes(Outcome.FAIL, Outcome.BLOCKED, Outcome.PASS),), (), ())
        page = Page("".join(page_of(found)))
        (label,) = [each["aria-label"] for each in page.all("svg") if each.get("role") == "img"]
        assert label == "Step 2: passed since 2026-01-05 22:00:00 UTC, 1 run; met in 1 of 3 runs"
        heights = [each["height"] for each in page.all("rect")]
        assert len(set(heights[:3])) == 3


def peak(directory: Path, number: int) -> int:
    """Bytes that a history of so many runs takes at most."""
    many = [violation_free(each) for each in range(200)]
    for each in range(number):
        saved(run(*many, days=each / 24), directory / f"{each:04}.json")
    history_of(directory, NOW)  # whatever is made once is made now
    tracemalloc.start()
    found = history_of(directory, NOW)
    used = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found.runs == number
    return used


def violation_free(number: int) -> Any:
    return result(Outcome.PASS, f"ORS-{number // 40 + 1:02}{number % 40:02}", evidence=["evidence " * 40])


@pytest.mark.slow
def test_of_each_run_less_than_two_thousand_bytes_are_kept(tmp_path: Path) -> None:
    few, many = peak(tmp_path / "few", 5), peak(tmp_path / "many", 25)
    size = (tmp_path / "few" / "0000.json").stat().st_size
    assert size > 200_000
    assert (many - few) / 20 < 2_000


@settings(max_examples=10)
@given(st.permutations(("a.json", "b.json", "c.json")))
def test_what_the_files_are_called_decides_nothing(tmp_path_factory: pytest.TempPathFactory, names: list[str]) -> None:
    place = tmp_path_factory.mktemp("named")
    for day, (name, outcome) in enumerate(zip(names, (Outcome.PASS, Outcome.FAIL, Outcome.BLOCKED), strict=True)):
        saved(run(result(outcome), days=day), place / name)
    (only,) = history_of(place, NOW).series
    assert [each.name for each in only.runs] == names
    (opening,) = only.open
    assert (opening.since, opening.at_least, opening.outcome) == (only.runs[1].collected, False, Outcome.BLOCKED)
