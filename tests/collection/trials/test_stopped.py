# SPDX-License-Identifier: Apache-2.0
"""What a failover test leaves stopped: kill -9 at every step of the journal, and what the next run does about it."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from orsgate.collection.trials.stopped import left_stopped, start_stopped
from orsgate.estate.journal import Entry, Journal, read_journal
from orsgate.wire.deadline import Limits
from tests.collection.trials.pair import BACKUP, PRIMARY, Client, Pair

pytestmark = pytest.mark.slow

STEPS = (
    ("before", 1, False, True),  # nothing was announced, and nothing stopped
    ("after", 1, True, True),  # the stop is announced
    ("before", 2, True, False),  # it is stopped
    ("after", 2, True, False),  # that is noted
    ("before", 3, True, False),
    ("after", 3, True, False),  # the start is announced
    ("before", 4, True, True),  # it is started
    ("after", 4, False, True),  # that is noted
)
"""When the run is killed, whether the journal leaves the Primary stopped, and whether it runs."""


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    those = Pair(tmp_path)
    those.start(PRIMARY, BACKUP)
    yield those
    those.close()


def killed(those: Pair, when: str, number: int) -> None:
    words = [sys.executable, "-m", "tests.collection.trials.killed_failover", str(those.directory), when, str(number)]
    assert subprocess.run(words, check=False, timeout=60).returncode == -signal.SIGKILL


def left(those: Pair) -> list[str]:
    return [each.application for each in left_stopped(read_journal(those.journal_path))]


def next_run(those: Pair, *, disruptive: bool) -> tuple[str, ...]:
    with Journal(those.journal_path) as journal:
        return start_stopped(those.estate, those.loaded, Client(), journal, Limits(), disruptive=disruptive)


@pytest.mark.parametrize(("when", "number", "is_left", "runs"), STEPS)
def test_kill_9_at_every_step(pair: Pair, when: str, number: int, is_left: object, runs: object) -> None:
    killed(pair, when, number)
    assert left(pair) == ([PRIMARY] if is_left else [])
    assert pair.runs(PRIMARY) is runs
    said = next_run(pair, disruptive=False)
    if not is_left:
        assert said == ()
    elif runs:
        (sentence,) = said
        assert sentence.startswith(f"{PRIMARY} was stopped by an earlier run at 2")
        assert sentence.endswith("; it runs")
    else:
        (sentence,) = said
        assert f"start it (orsgate does with --disruptive): {sys.executable} " in sentence
        assert left(pair) == [PRIMARY]
        assert next_run(pair, disruptive=False) == said  # for as long as nobody has started it
        (sentence,) = next_run(pair, disruptive=True)
        assert sentence.endswith("; it was started now")
    assert pair.runs(PRIMARY)
    assert left(pair) == []
    assert next_run(pair, disruptive=True) == ()


def test_kill_9_while_the_stop_command_runs(pair: Pair) -> None:
    pair.behave(stop="stops and hangs")
    words = [sys.executable, "-m", "tests.collection.trials.killed_failover", str(pair.directory), "never", "0"]
    with subprocess.Popen(words) as run:
        until = time.monotonic() + 30
        while not (pair.directory / f"{PRIMARY}.stopping").exists() or pair.runs(PRIMARY):
            assert time.monotonic() < until
            time.sleep(0.01)
        run.kill()
    assert left(pair) == [PRIMARY]
    assert next_run(pair, disruptive=True)[0].endswith("; it was started now")


def test_one_that_a_person_started_meanwhile_is_not_started_again(pair: Pair) -> None:
    killed(pair, "after", 2)
    assert pair.call("start", PRIMARY) == 0
    tries = pair.tries(PRIMARY)
    assert next_run(pair, disruptive=True)[0].endswith("; it runs")
    assert pair.tries(PRIMARY) == tries
    assert left(pair) == []


def test_one_that_cannot_be_started_stays_named(pair: Pair) -> None:
    killed(pair, "after", 2)
    pair.behave(start="fails")
    (sentence,) = next_run(pair, disruptive=True)
    assert "it could not be started now (its start command ended with 3: no licence); start it: " in sentence
    assert left(pair) == [PRIMARY]


def test_one_that_the_estate_file_does_not_name_any_more(pair: Pair) -> None:
    killed(pair, "after", 2)
    head = (pair.directory / "estate.toml").read_text().partition("[[application]]")[0]
    (pair.directory / "estate.toml").write_text(f'{head}[[application]]\nname = "ORS_9"\n')
    (sentence,) = next_run(pair, disruptive=True)
    assert sentence.endswith(f"if it does not run, start it: {' '.join(pair.words('start', PRIMARY))}")
    assert left(pair) == [PRIMARY]


def test_who_is_left_stopped() -> None:
    def entry(number: int, step: str, of: int = 0, **facts: object) -> Entry:
        return Entry(number, step, of, facts)

    stop_a = entry(1, "stop application", application="A", at="then", start="start A")
    stop_b = entry(2, "stop application", application="B")
    failed = entry(4, "start application", 3, application="A", runs=False)
    started = entry(6, "start application", 5, application="A", runs=True)
    assert [each.application for each in left_stopped([stop_a, stop_b])] == ["A", "B"]
    assert left_stopped([stop_a, entry(3, "start application", application="A")])[0].start == "start A"
    assert [each.application for each in left_stopped([stop_a, failed])] == ["A"]
    assert left_stopped([stop_a, failed, started]) == ()
    assert [each.number for each in left_stopped([stop_a, started, entry(7, "stop application", application="A")])] == [7]
    assert left_stopped([stop_a, entry(8, "application runs", 1, application="A")]) == ()
    assert left_stopped([entry(1, "start session"), entry(2, "end session", 1, application="A", runs=True)]) == ()
