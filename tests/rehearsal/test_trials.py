# SPDX-License-Identifier: Apache-2.0
"""What is tried on a twin, what stands for what was not, and the deadline of it all."""

from __future__ import annotations

import re
import signal
import threading
import time
from contextlib import suppress
from dataclasses import replace
from hashlib import md5

import pytest

from orsgate.estate.knowledge import Unknown
from orsgate.estate.rehearsal import NodeDown, Rehearsal, Trial
from orsgate.rehearsal import rehearse as rehearsing
from orsgate.rehearsal.calls import rows_for
from orsgate.rehearsal.fence import DeadlinePassedError, fence
from orsgate.rehearsal.plan import TwinOptions
from orsgate.rehearsal.trials import PENDING, batches, given_up, pending
from orsgate.rules.keyspace_requests import KeyspaceRequest
from orsgate.sandbox.layout import even_token
from tests import make
from tests.rehearsals import trial

REQUEST = KeyspaceRequest("Orchestration", "SimpleStrategy", (("replication_factor", "2"),))
WHY = Unknown("the twin broke")


@pytest.mark.parametrize("count", [1, 2, 3, 6])
def test_there_is_a_row_for_each_token_range(count):
    tokens = [even_token(number, count) for number in range(count)]
    rows = rows_for(tokens)
    assert [row.range_end for row in rows] == [str(token) for token in sorted(tokens)]
    for row in rows:
        token = abs(int.from_bytes(md5(row.key, usedforsecurity=False).digest(), signed=True))
        end = int(row.range_end)
        others = [other for other in tokens if other != end]
        inside = token <= end and not any(token <= other < end for other in others)
        assert inside or (end == min(tokens) and token > max(tokens))


def test_what_was_not_tried_gets_the_reason():
    found = given_up(pending(REQUEST), WHY)
    assert found == Trial("Orchestration", "SimpleStrategy", {"replication_factor": "2"}, WHY, WHY, WHY, WHY, WHY)
    half = replace(trial(), one_down=(NodeDown("127.9.0.1", "DC1", ()), NodeDown("127.9.0.2", "DC2", PENDING)), all_up=PENDING)
    found = given_up(half, WHY)
    assert found.all_up == WHY
    assert found.one_down == (NodeDown("127.9.0.1", "DC1", ()), NodeDown("127.9.0.2", "DC2", WHY))
    assert found.created == trial().created


def test_names_that_cassandra_takes_for_the_same_are_not_tried_together():
    same = [replace(REQUEST, keyspace=name) for name in ("Orchestration", "Other", "orchestration", "ORCHESTRATION")]
    assert batches(same) == [same[:2], same[2:3], same[3:]]


def test_nothing_is_started_where_sessions_are_kept_elsewhere():
    snapshot = make.estate(persistence="redis").snapshot
    assert rehearsing.rehearse(snapshot, TwinOptions()) is snapshot


def test_nothing_is_started_where_no_keyspace_is_asked_for():
    options = make.HEALTHY_OPTIONS.replace("DC1:2;DC2:2", "two")
    found = rehearsing.rehearse(make.estate((make.ors("ORS_1", options),)).snapshot, TwinOptions())
    assert isinstance(found.rehearsal, Unknown)
    assert found.parts[-1].part == "rehearsal"


@pytest.mark.parametrize(
    ("snapshot", "says"),
    [
        (replace(make.estate().snapshot, interrupted=True), "was interrupted before anything was rehearsed"),
        (replace(make.estate().snapshot, deadline_passed=True), "was over its deadline before anything was rehearsed"),
    ],
)
def test_nothing_is_started_after_an_end(snapshot, says):
    found = rehearsing.rehearse(snapshot, TwinOptions())
    assert isinstance(found.rehearsal, Unknown)
    assert says in found.rehearsal.cause


def test_a_machine_without_memory_proves_nothing(monkeypatch):
    monkeypatch.setattr(rehearsing, "available_megabytes", lambda: 100)
    found = rehearsing.rehearse(make.estate().snapshot, TwinOptions()).rehearsal
    assert isinstance(found, Rehearsal)
    assert found.started_in is None
    (only,) = found.trials
    assert isinstance(only.created, Unknown)
    needs = r"4 nodes need about \d+ MB of memory and 100 MB are free; .* --most-nodes"
    assert re.match(rf"a twin of the ring could not be run on this machine: {needs}", only.created.cause)


def test_the_fence_ends_whatever_is_waited_for():
    began = time.monotonic()
    with pytest.raises(DeadlinePassedError), fence(began + 0.1):
        time.sleep(30)
    assert time.monotonic() - began >= 0.1
    with pytest.raises(DeadlinePassedError), fence(began):
        time.sleep(30)


def test_the_fence_ends_what_goes_on_after_any_exception():
    went_on = threading.Event()

    def stubborn() -> None:
        with suppress(Exception):
            time.sleep(30)
        went_on.set()

    with pytest.raises(DeadlinePassedError), fence(time.monotonic() + 0.05):
        stubborn()
    assert not went_on.is_set()


def test_an_alarm_at_the_very_end_leaves_the_alarm_as_it_was():
    before = signal.getsignal(signal.SIGALRM)
    with pytest.raises(DeadlinePassedError), fence(time.monotonic() + 30):
        signal.raise_signal(signal.SIGALRM)
    assert (signal.getsignal(signal.SIGALRM), signal.getitimer(signal.ITIMER_REAL)) == (before, (0, 0))


def test_an_alarm_after_the_end_is_ignored():
    with fence(time.monotonic() + 30):
        handler = signal.getsignal(signal.SIGALRM)
    assert callable(handler)
    handler(signal.SIGALRM, None)


def test_the_timer_of_another_goes_on():
    rang = threading.Event()
    before = signal.signal(signal.SIGALRM, lambda *_: rang.set())
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        with fence(time.monotonic() + 30):
            time.sleep(0.1)
            assert not rang.is_set()
        assert rang.wait(30)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_the_fence_leaves_the_alarm_as_it_was():
    before = signal.getsignal(signal.SIGALRM)
    with fence(time.monotonic() + 30):
        assert signal.getsignal(signal.SIGALRM) is not before
    assert signal.getsignal(signal.SIGALRM) is before
    with fence(None):
        assert signal.getsignal(signal.SIGALRM) is before
