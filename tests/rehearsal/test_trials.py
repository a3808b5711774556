# SPDX-License-Identifier: Apache-2.0
"""What is tried on a twin, what stands for what was not, and the deadline of it all."""

from __future__ import annotations

import re
import signal
import time
from dataclasses import replace
from hashlib import md5

import pytest

from orsgate.estate.knowledge import Unknown
from orsgate.estate.rehearsal import OneDown, Rehearsal, Trial
from orsgate.rehearsal import rehearse as rehearsing
from orsgate.rehearsal.asking import rows_for
from orsgate.rehearsal.fence import DeadlinePassedError, fence
from orsgate.rehearsal.plan import Wishes
from orsgate.rehearsal.trials import PENDING, batches, given_up, pending
from orsgate.rules.keyspace_requests import Request
from orsgate.sandbox.layout import even_token
from tests import make
from tests.rehearsals import trial

REQUEST = Request("Orchestration", "SimpleStrategy", (("replication_factor", "2"),))
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
    half = replace(trial(), one_down=(OneDown("127.9.0.1", "DC1", ()), OneDown("127.9.0.2", "DC2", PENDING)), all_up=PENDING)
    found = given_up(half, WHY)
    assert found.all_up == WHY
    assert found.one_down == (OneDown("127.9.0.1", "DC1", ()), OneDown("127.9.0.2", "DC2", WHY))
    assert found.created == trial().created


def test_names_that_cassandra_takes_for_the_same_are_not_tried_together():
    same = [replace(REQUEST, keyspace=name) for name in ("Orchestration", "Other", "orchestration", "ORCHESTRATION")]
    assert batches(same) == [same[:2], same[2:3], same[3:]]


def test_nothing_is_started_where_sessions_are_kept_elsewhere():
    snapshot = make.estate(persistence="redis").snapshot
    assert rehearsing.rehearse(snapshot, Wishes()) is snapshot


def test_nothing_is_started_where_no_keyspace_is_asked_for():
    options = make.HEALTHY_OPTIONS.replace("DC1:2;DC2:2", "two")
    found = rehearsing.rehearse(make.estate((make.ors("ORS_1", options),)).snapshot, Wishes())
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
    found = rehearsing.rehearse(snapshot, Wishes())
    assert isinstance(found.rehearsal, Unknown)
    assert says in found.rehearsal.cause


def test_a_machine_without_memory_proves_nothing(monkeypatch):
    monkeypatch.setattr(rehearsing, "available_megabytes", lambda: 100)
    found = rehearsing.rehearse(make.estate().snapshot, Wishes()).rehearsal
    assert isinstance(found, Rehearsal)
    assert found.started_in is None
    (only,) = found.trials
    assert isinstance(only.created, Unknown)
    assert re.search(r"4 nodes need about \d+ MB of memory and 100 MB are free; .* --most-nodes", only.created.cause)


def test_the_fence_ends_whatever_is_waited_for():
    began = time.monotonic()
    with pytest.raises(DeadlinePassedError), fence(began + 0.1):
        time.sleep(30)
    assert time.monotonic() - began < 10
    with pytest.raises(DeadlinePassedError), fence(began):
        time.sleep(30)


def test_the_fence_leaves_the_alarm_as_it_was():
    before = signal.getsignal(signal.SIGALRM)
    with fence(time.monotonic() + 30):
        assert signal.getsignal(signal.SIGALRM) is not before
    assert signal.getsignal(signal.SIGALRM) is before
    with fence(None):
        assert signal.getsignal(signal.SIGALRM) is before
