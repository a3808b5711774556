# SPDX-License-Identifier: Apache-2.0
"""The failover test on a pair of real processes, which are stopped and started by real commands."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from orsgate.collection.trials import failover as module
from orsgate.collection.trials import takeover
from orsgate.collection.trials.failover import TAKEOVER, try_failovers
from orsgate.collection.trials.stopped import left_stopped
from orsgate.estate.deployment import CommandRun, Failover, Response
from orsgate.estate.journal import Journal, JournalError, read_journal
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.wire.deadline import Limits
from tests import make
from tests.collection.trials.interrupting import interrupting
from tests.collection.trials.pair import BACKUP, PRIMARY, SESSION, Client, Pair

pytestmark = pytest.mark.slow

MakePair = Callable[..., Pair]


@pytest.fixture
def pair(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MakePair]:
    """Makes a pair; both run then, and the Primary serves."""
    monkeypatch.setattr(takeover, "RECOVERS", 0.5)
    monkeypatch.setattr(module, "SETTLES", 0.5)
    monkeypatch.setattr(takeover, "RUNS_WITHIN", 1.0)
    monkeypatch.setattr(takeover, "ANSWER", 1.0)
    made: list[Pair] = []

    def make_pair(started: tuple[str, ...] = (PRIMARY, BACKUP), **arguments: Any) -> Pair:
        made.append(Pair(tmp_path, **arguments))
        made[-1].start(*started)
        return made[-1]

    yield make_pair
    for each in made:
        each.close()


def ran(run: CommandRun | None) -> CommandRun:
    assert run is not None
    return run


def unknown(fact: object) -> Unknown:
    assert isinstance(fact, Unknown), fact
    return fact


def left(pair: Pair) -> list[str]:
    return [each.application for each in left_stopped(read_journal(pair.journal_path))]


def in_order(found: Failover) -> bool:
    return ran(found.start).succeeded and found.left_behind == ()


def test_the_backup_takes_over(pair: MakePair) -> None:
    those = pair(takeover=0.5)
    found = those.try_it()
    assert (found.primary, found.backup, found.allowed, found.session) == (PRIMARY, BACKUP, 5.0, SESSION)
    stop = ran(found.stop)
    assert (stop.application, stop.action, stop.code) == (PRIMARY, "stop", 0)
    assert isinstance(found.serves_after, float)
    assert 0.3 < found.serves_after < 5
    assert isinstance(found.kept, Response)
    assert found.kept.succeeded
    assert f"{SESSION}/query" in found.kept.call
    assert in_order(found)
    assert found.serving == (BACKUP,)
    assert those.runs(PRIMARY)
    assert left(those) == []
    (asked,) = those.asked
    assert f"{PRIMARY}, then {BACKUP} serves within 5 s: " in asked
    assert stop.words in asked


def test_a_pair_that_is_switched_over(pair: MakePair) -> None:
    those = pair(started=())
    (those.directory / "active").write_text(BACKUP)
    those.start(BACKUP, PRIMARY)
    found = those.try_it()
    assert (found.primary, found.backup) == (PRIMARY, BACKUP)
    assert ran(found.stop).application == BACKUP
    assert isinstance(found.serves_after, float)
    assert isinstance(found.kept, Response)
    assert ran(found.start).application == BACKUP
    assert found.serving == (PRIMARY,)


def test_without_a_session_nobody_is_asked_for_one(pair: MakePair) -> None:
    found = pair().try_it(sessions={})
    assert (found.session, found.kept) == ("", None)
    assert isinstance(found.serves_after, float)


def test_a_takeover_that_loses_the_session(pair: MakePair) -> None:
    found = pair(loses=True).try_it()
    assert isinstance(found.serves_after, float)
    assert isinstance(found.kept, Response)
    assert found.kept.status == 404
    assert in_order(found)


@pytest.mark.parametrize("takeover", [None, 30.0])
def test_a_takeover_that_is_too_slow_or_never_comes(pair: MakePair, takeover: float | None) -> None:
    those = pair(takeover=takeover, allowed=1.0)
    found = those.try_it()
    after = unknown(found.serves_after)
    assert after.failure is Failure.REFUSED
    assert after.cause.startswith(f"{BACKUP} did not answer HTTP within 1 s after {PRIMARY} was stopped: ")
    assert found.kept is None
    assert in_order(found)
    assert found.serving == (PRIMARY,)


def test_a_backup_that_accepts_and_never_answers(pair: MakePair) -> None:
    those = pair(allowed=2.0)

    class Hanging(Client):
        def ask(self, method: Any, base_url: str, path: str, form: Any = None, seconds: float | None = None) -> Response:
            if base_url.endswith(str(those.ports[BACKUP])) and not those.runs(PRIMARY):
                those.behave(silent_for=60)
            return super().ask(method, base_url, path, form, seconds)

    with Journal(those.journal_path) as journal:
        (found,) = try_failovers(
            those.estate, those.loaded, Hanging(), {PRIMARY: SESSION}, journal, Limits(), lambda _: True, done=those.done.append
        )
    assert unknown(found.serves_after).failure is Failure.TIMEOUT


def test_a_backup_that_served_before(pair: MakePair) -> None:
    those = pair(always=[BACKUP])
    until = time.monotonic() + 20
    while not those.serves(BACKUP):
        assert time.monotonic() < until
    found = those.try_it()
    assert "both serve HTTP before anything was stopped" in unknown(ran(found.stop).code).cause
    assert found.serving == (PRIMARY, BACKUP)
    assert (found.start, found.serves_after) == (None, None)
    assert those.runs(PRIMARY)
    assert those.asked == []
    assert not those.journal_path.read_bytes()


def test_where_nobody_serves(pair: MakePair) -> None:
    those = pair(started=())
    found = those.try_it()
    assert "neither serves HTTP" in unknown(ran(found.stop).code).cause
    assert found.serving == ()


def test_where_one_of_them_gives_no_answer(pair: MakePair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(takeover, "ANSWER", 0.3)
    those = pair()
    those.behave(silent_for=2)
    found = those.try_it()
    assert unknown(ran(found.stop).code).failure is Failure.TIMEOUT
    assert unknown(found.serving).failure is Failure.TIMEOUT
    assert those.runs(PRIMARY)


@pytest.mark.parametrize("commands", [(), ("start",), ("stop",), ("status",)])
def test_without_commands_a_person_does_it(pair: MakePair, commands: tuple[str, ...]) -> None:
    those = pair(commands=commands)
    found = those.try_it()
    assert found == Failover(PRIMARY, BACKUP, 5.0, SESSION, serving=(PRIMARY,))
    assert those.asked == []


def test_what_is_not_agreed_to_is_not_done(pair: MakePair) -> None:
    those = pair()
    found = those.try_it(agree=False)
    assert "not agreed to" in unknown(ran(found.stop).code).cause
    assert found.serving == (PRIMARY,)
    assert those.runs(PRIMARY)
    assert not those.journal_path.read_bytes()


def test_a_stop_that_fails(pair: MakePair) -> None:
    those = pair(stop="fails", allowed=60.0)
    began = time.monotonic()
    found = those.try_it()
    assert (ran(found.stop).code, ran(found.stop).said) == (4, "not allowed")
    assert unknown(found.serves_after).failure is Failure.REJECTED
    assert "ended with 4: not allowed" in unknown(found.serves_after).cause
    assert time.monotonic() - began < 30  # no takeover is waited for
    assert ran(found.start).code == 1  # it runs already
    assert found.left_behind == ()
    assert found.serving == (PRIMARY,)
    assert left(those) == []


def test_a_stop_that_does_nothing(pair: MakePair) -> None:
    found = pair(stop="does nothing", allowed=1.0).try_it()
    assert ran(found.stop).succeeded
    after = unknown(found.serves_after)
    assert (after.failure, f"{PRIMARY} still answers HTTP" in after.cause) == (Failure.REJECTED, True)
    assert found.serving == (PRIMARY,)


@pytest.mark.parametrize(("stop", "after"), [("hangs", Unknown), ("stops and hangs", float)])
def test_a_stop_that_hangs(pair: MakePair, stop: str, after: type) -> None:
    those = pair(stop=stop, timeout=2.0)
    found = those.try_it()
    assert unknown(ran(found.stop).code).failure is Failure.TIMEOUT
    assert isinstance(found.serves_after, after)
    assert found.left_behind == ()
    assert left(those) == []
    assert those.runs(PRIMARY)


def test_a_start_that_fails(pair: MakePair) -> None:
    those = pair(start="works")
    those.behave(start="fails")
    found = those.try_it()
    assert isinstance(found.serves_after, float)
    assert (ran(found.start).code, ran(found.start).said) == (3, "no licence")
    assert those.tries(PRIMARY) == 2
    (sentence,) = found.left_behind
    assert sentence.startswith(
        f"{PRIMARY} was stopped, and could not be started again (its start command ended with 3: no licence)"
    )
    assert sentence.endswith(ran(found.start).words)
    assert found.serving == (BACKUP,)
    assert left(those) == [PRIMARY]


def test_a_start_that_fails_once(pair: MakePair) -> None:
    those = pair()
    those.behave(start="fails once")
    found = those.try_it()
    assert in_order(found)
    assert those.tries(PRIMARY) == 2
    assert left(those) == []


def test_a_start_that_hangs(pair: MakePair) -> None:
    those = pair(timeout=2.0)
    those.behave(start="hangs")
    found = those.try_it()
    assert unknown(ran(found.start).code).failure is Failure.TIMEOUT
    assert len(found.left_behind) == 1
    assert left(those) == [PRIMARY]


def test_a_start_that_succeeds_and_starts_nothing(pair: MakePair) -> None:
    those = pair()
    those.behave(start="does nothing")
    found = those.try_it()
    assert ran(found.start).succeeded
    assert "its status command does not say that it runs" in found.left_behind[0]
    assert left(those) == [PRIMARY]


def test_without_a_status_command_the_start_command_is_believed(pair: MakePair) -> None:
    those = pair(commands=("start", "stop"))
    found = those.try_it()
    assert in_order(found)
    assert left(those) == []


def test_the_end_of_the_run_stops_nothing_more(pair: MakePair) -> None:
    those = pair()
    found = those.try_it(limits=Limits(run_until=time.monotonic()))
    assert unknown(ran(found.stop).code).failure is Failure.NOT_ASKED
    assert those.runs(PRIMARY)


def test_the_end_of_the_run_during_a_takeover_leaves_nothing_stopped(pair: MakePair) -> None:
    those = pair(takeover=None, allowed=60.0)
    found = those.try_it(limits=Limits(run_until=time.monotonic() + 2))
    assert unknown(found.serves_after).failure is Failure.NOT_ASKED
    assert in_order(found)
    assert those.runs(PRIMARY)


def test_an_interruption_while_the_takeover_is_waited_for(pair: MakePair) -> None:
    those = pair(takeover=None, allowed=60.0)
    with interrupting(lambda: those.takeover_is_waited_for), pytest.raises(KeyboardInterrupt):
        those.try_it()
    assert those.runs(PRIMARY)
    assert left(those) == []
    (found,) = those.done
    assert ran(found.stop).succeeded
    assert in_order(found)
    assert unknown(found.serving).failure is Failure.NOT_ASKED


def test_an_interruption_during_the_stop(pair: MakePair) -> None:
    those = pair(stop="stops and hangs")
    with (
        interrupting(lambda: (those.directory / f"{PRIMARY}.stopping").exists() and not those.runs(PRIMARY)),
        pytest.raises(KeyboardInterrupt),
    ):
        those.try_it()
    assert those.runs(PRIMARY)
    assert left(those) == []
    (found,) = those.done
    assert unknown(ran(found.stop).code).failure is Failure.NOT_ASKED


def test_a_second_interruption_ends_the_start_too_and_the_journal_knows(pair: MakePair) -> None:
    those = pair(takeover=None, allowed=60.0)
    those.behave(start="hangs", takeover=None)
    first = interrupting(lambda: those.takeover_is_waited_for)
    second = interrupting(lambda: those.tries(PRIMARY) == 1)
    with first, second, pytest.raises(KeyboardInterrupt):
        those.try_it()
    assert left(those) == [PRIMARY]
    (found,) = those.done
    assert unknown(ran(found.start).code).failure is Failure.NOT_ASKED
    assert found.left_behind[0].endswith(ran(found.start).words)


def test_an_interruption_during_the_start_starts_it_once_more(pair: MakePair) -> None:
    those = pair()
    those.behave(start="hangs once")
    with interrupting(lambda: those.tries(PRIMARY) == 1), pytest.raises(KeyboardInterrupt):
        those.try_it()
    assert those.runs(PRIMARY)
    assert left(those) == []
    (found,) = those.done
    assert in_order(found)
    assert isinstance(found.serves_after, float)


def test_a_journal_that_cannot_be_written_stops_nothing(pair: MakePair) -> None:
    those = pair()
    with Journal(those.journal_path) as journal:
        journal._file.close()
        journal._file = Path("/dev/full").open("r+b", buffering=0)  # noqa: SIM115 - the journal closes it
        with pytest.raises(JournalError, match="cannot be written"):
            try_failovers(those.estate, those.loaded, Client(), {}, journal, Limits(), lambda _: True)
    assert those.runs(PRIMARY)
    assert those.serves(PRIMARY)


def test_a_journal_that_breaks_off_does_not_keep_it_from_being_started(pair: MakePair) -> None:
    those = pair()

    class Breaks(Journal):
        def append(self, step: str, of: int = 0, **facts: Any) -> Any:
            if self.entries:
                raise JournalError("full")
            return super().append(step, of, **facts)

    with Breaks(those.journal_path) as journal:
        (found,) = try_failovers(those.estate, those.loaded, Client(), {}, journal, Limits(), lambda _: True)
    assert in_order(found)
    assert those.runs(PRIMARY)
    assert left(those) == [PRIMARY]  # which the next run looks after


def test_pairs_out_of_scope_are_left_alone(pair: MakePair) -> None:
    those = pair()
    estate = make.estate(file={"scope": {"exclude": [{"application": "ORS_*", "reason": "lab"}]}})
    with Journal(those.journal_path) as journal:
        assert try_failovers(estate, those.loaded, Client(), {}, journal, Limits(), lambda _: True) == ()
    assert TAKEOVER == 60
