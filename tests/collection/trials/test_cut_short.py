# SPDX-License-Identifier: Apache-2.0
"""An interruption, the end of the run's time, a journal that cannot be written: what was started is ended or named."""

from __future__ import annotations

import _thread
import errno
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from orsgate.collection.trials.serving import DocumentServer
from orsgate.collection.trials.sessions import LAST_WORDS, SessionTrials
from orsgate.estate.deployment import Response, RowSeen
from orsgate.estate.journal import Entry, Journal, JournalError
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.probes.ors.client import OrsClient
from orsgate.wire.deadline import Limits
from tests.collection.trials.scripted import CLOSE, Asked, Said, ScriptedOrs
from tests.collection.trials.trying import LIMITS, in_the_ring, served_by, tried, two_nodes
from tests.make import estate

pytestmark = pytest.mark.slow


@dataclass
class Cut:
    tests: SessionTrials
    raised: BaseException | None
    seconds: float


PATIENT = Limits(call=30.0, connect=1.0)


def run(
    first: ScriptedOrs,
    second: ScriptedOrs,
    journal: Journal,
    limits: Limits = PATIENT,
    look_up: Any = None,
) -> Cut:
    client = OrsClient(limits)
    began = time.monotonic()
    raised: BaseException | None = None
    with DocumentServer("127.0.0.1", 0) as documents:
        tests = SessionTrials(estate(), served_by(first, second), client, documents, journal, look_up, limits)
        try:
            with tests:
                tests.begin()
        except (KeyboardInterrupt, JournalError) as error:
            raised = error
    client.close()
    return Cut(tests, raised, time.monotonic() - began)


def interrupt_once(then: Said | None = None, wait: float = 0.0) -> Any:
    """An answer that comes after the user has interrupted."""
    done = threading.Event()

    def lie(_asked: Asked) -> Said | None:
        if not done.is_set():
            done.set()
            _thread.interrupt_main()
            threading.Event().wait(wait)
        return then

    return lie


def named(tests: SessionTrials) -> str:
    return "\n".join(each.left_behind for each in tests.trials)


@pytest.mark.parametrize("call", ["start", "event", "query"])
def test_an_interruption_ends_what_was_started(call, tmp_path):
    with two_nodes() as (first, second), Journal(tmp_path / "journal") as journal:
        first.lies[call] = interrupt_once(wait=0.5)
        cut = run(first, second, journal)
        assert isinstance(cut.raised, KeyboardInterrupt)
        assert first.site.live == set()
        assert named(cut.tests).strip() == ""
        assert cut.tests.settle()
        assert cut.seconds < 2 * LAST_WORDS


def test_a_start_that_is_under_way_has_a_moment_to_say_which_session_it_is(tmp_path):
    with two_nodes() as (first, second), Journal(tmp_path / "journal") as journal:
        first.lies["start"] = interrupt_once(wait=1.0)
        cut = run(first, second, journal)
        [trial] = [each for each in cut.tests.trials if each.node == "ORS_1"]
        assert isinstance(trial.started, Response)
        assert isinstance(trial.terminated, Response)
        assert isinstance(trial.event, Unknown)
        assert first.site.live == set()


def test_a_start_that_is_not_answered_in_time_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr("orsgate.collection.trials.sessions.LAST_WORDS", 1.0)
    with two_nodes() as (first, second), Journal(tmp_path / "journal") as journal:

        def hang(_asked: Asked) -> Said:
            first.new_session()
            _thread.interrupt_main()
            first.held.wait(20)
            return CLOSE

        first.lies["start"] = hang
        cut = run(first, second, journal)
        assert isinstance(cut.raised, KeyboardInterrupt)
        assert cut.seconds < 10
        [trial] = [each for each in cut.tests.trials if each.node == "ORS_1"]
        assert f"a session may have been started at {first.url} (ORS_1) at " in trial.left_behind
        assert {owner for owner in first.site.owners.values() if owner is not first} == set()


def test_what_there_is_no_time_to_end_is_named_and_ended_by_the_next_run(tmp_path, monkeypatch):
    monkeypatch.setattr("orsgate.collection.trials.sessions.LAST_WORDS", 1.0)
    path = tmp_path / "journal"
    with two_nodes() as (first, second):
        with Journal(path) as journal:
            first.lies["event"] = interrupt_once()
            first.lies["terminate"] = lambda _asked: CLOSE if first.held.wait(20) else None
            cut = run(first, second, journal)
            [trial] = [each for each in cut.tests.trials if each.node == "ORS_1"]
            assert f"end it with: curl -X POST {first.url}/scxml/session/{trial.session}/terminate" in trial.left_behind
            assert not cut.tests.settle()
            assert cut.seconds < 10
        first.lies.clear()
        found = tried(served_by(first, second), path)
        assert trial.session not in first.site.live
        assert [trial.session in each and "is over" in each for each in found.remarks] == [True]
        assert found.settled


def test_a_second_interruption_ends_the_waiting(tmp_path, monkeypatch):
    monkeypatch.setattr("orsgate.collection.trials.sessions.LAST_WORDS", 1.0)
    with two_nodes() as (first, second), Journal(tmp_path / "journal") as journal:
        again = interrupt_once()

        def hang(asked: Asked) -> Said:
            again(asked)
            first.held.wait(20)
            return CLOSE

        first.lies["event"] = interrupt_once()
        first.lies["terminate"] = hang
        cut = run(first, second, journal)
        assert isinstance(cut.raised, KeyboardInterrupt)
        assert cut.seconds < 10
        [trial] = [each for each in cut.tests.trials if each.node == "ORS_1"]
        assert trial.session in trial.left_behind


def test_the_end_of_the_runs_time_ends_what_was_started(tmp_path):
    def look_up(session: str, until: float) -> RowSeen | Unknown:
        threading.Event().wait(max(0.0, until - time.monotonic()))
        return Unknown(f"no row of {session}", failure=Failure.NOT_ASKED)

    limits = Limits(call=30.0, connect=1.0, run_until=time.monotonic() + 1.5)
    with two_nodes() as (first, second), Journal(tmp_path / "journal") as journal:
        cut = run(first, second, journal, limits, look_up)
        assert cut.raised is None
        assert first.site.live == set()
        for trial in cut.tests.trials:
            assert isinstance(trial.terminated, Response)
            [redirect] = trial.redirects
            assert isinstance(redirect.answer, Unknown)
            assert redirect.answer.failure is Failure.NOT_ASKED
            assert trial.left_behind == ""


def test_nothing_is_started_after_the_end_of_the_runs_time(tmp_path):
    limits = Limits(call=30.0, connect=1.0, run_until=time.monotonic() - 1)
    with two_nodes() as (first, second), Journal(tmp_path / "journal") as journal:
        cut = run(first, second, journal, limits)
        assert [each.started.failure for each in cut.tests.trials if isinstance(each.started, Unknown)] == [Failure.NOT_ASKED] * 2
        assert first.asked == second.asked == []
        assert journal.entries == []


def test_a_slow_start_is_not_cut_by_the_end_of_the_runs_time(tmp_path):
    limits = Limits(call=30.0, connect=1.0, run_until=time.monotonic() + 1.0)
    with two_nodes() as (first, second), Journal(tmp_path / "journal") as journal:

        def slow(_asked: Asked) -> None:
            first.held.wait(2.0)

        first.lies["start"] = slow
        cut = run(first, second, journal, limits)
        [trial] = [each for each in cut.tests.trials if each.node == "ORS_1"]
        assert isinstance(trial.started, Response)
        assert isinstance(trial.terminated, Response)
        assert first.site.live == set()


class FullDisk(Journal):
    """Cannot be written from one entry on."""

    def __init__(self, path: Path, last: int) -> None:
        super().__init__(path)
        self._last = last

    def append(self, step: str, of: int = 0, **facts: Any) -> Entry:
        if len(self.entries) >= self._last:
            raise JournalError(f"{self.path}: the journal cannot be written: {errno.ENOSPC}")
        return super().append(step, of, **facts)


@pytest.mark.parametrize("last", range(9))
def test_a_journal_that_cannot_be_written_starts_nothing_more_and_ends_what_was_started(last, tmp_path):
    with two_nodes() as (first, second), FullDisk(tmp_path / "journal", last) as journal:
        cut = run(first, second, journal, LIMITS, in_the_ring)
        assert isinstance(cut.raised, JournalError) == (last < 4)
        assert first.count("start") + second.count("start") <= min(2, last)
        assert first.site.live == set()
        assert named(cut.tests).strip() == ""
