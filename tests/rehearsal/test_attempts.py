# SPDX-License-Identifier: Apache-2.0
"""What fails on a twin is tried again before it counts, and nothing counts on a twin that broke."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast
from unittest.mock import Mock

import pytest

from orsgate.estate.knowledge import Unknown
from orsgate.estate.rehearsal import Answer, Attempt, CallResult, NodeDown
from orsgate.rehearsal import calls, trials
from orsgate.rehearsal.trials import TrialRunner
from orsgate.rules.keyspace_requests import KeyspaceRequest
from orsgate.sandbox.errors import SandboxError

REQUEST = KeyspaceRequest("Orchestration", "NetworkTopologyStrategy", (("DC1", "1"), ("DC9", "1"), ("DC2", "0")))
ROWS = calls.rows_for([0, 2**126])


@dataclass
class Node:
    """A node that runs, as far as the trials look."""

    datacenter: str
    expected: bool = True
    died: bool = False

    def require_running(self) -> None:
        if self.died:
            raise SandboxError("Cassandra on 127.9.0.2 ended with -9")


@dataclass
class Ring:
    """A ring of two nodes that says how often it was waited for."""

    broken: bool = False
    waits: int = 0
    nodes: list[Node] = field(default_factory=lambda: [Node("DC1"), Node("DC2")])

    def wait_until_agreed(self) -> None:
        self.waits += 1
        if self.broken:
            raise SandboxError("Cassandra on 127.9.0.2 ended with -9")


def attempts(ring: Ring) -> tuple[Attempt, ...]:
    return TrialRunner([REQUEST])._attempts(cast("Any", ring), REQUEST, ROWS)


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[CallResult]:
    """How the next writes end; all later ones go well."""
    coming: list[CallResult] = []

    def write_and_read(node: Node, _keyspace: str, row: calls.Row, level: str, _value: bytes) -> Attempt:
        done = Answer(CallResult.DONE, "", "")
        write = Answer(coming.pop(0), "", "") if coming else done
        return Attempt(node.datacenter, "a:1", level, row.range_end, write, done if write == done else None)

    monkeypatch.setattr(calls, "write_and_read", write_and_read)
    return coming


def failed(found: tuple[Attempt, ...]) -> list[tuple[str, str, CallResult]]:
    return [(each.level, each.datacenter, each.write.result) for each in found if each.failed]


NOWHERE = ("LOCAL_QUORUM", "DC9", CallResult.NO_COORDINATOR)


def test_every_row_is_tried_through_each_data_center(answers: list[CallResult]) -> None:
    assert answers == []
    ring = Ring()
    found = attempts(ring)
    assert failed(found) == [NOWHERE]
    tried = [(each.level, each.datacenter) for each in found if each.coordinator]
    assert tried == [(level, dc) for level, dc in (("QUORUM", "DC1"), ("QUORUM", "DC2"), ("LOCAL_QUORUM", "DC1")) for _ in ROWS]
    assert ring.waits == 0


def test_what_fails_once_is_no_finding(answers: list[CallResult]) -> None:
    answers += [CallResult.UNAVAILABLE]
    ring = Ring()
    assert failed(attempts(ring)) == [NOWHERE]
    assert ring.waits == 2


def test_what_fails_on_a_ring_that_agrees_is_one(answers: list[CallResult]) -> None:
    answers += [CallResult.UNAVAILABLE, CallResult.UNAVAILABLE, CallResult.UNAVAILABLE, CallResult.UNAVAILABLE]
    assert failed(attempts(Ring())) == [*[("QUORUM", "DC1", CallResult.UNAVAILABLE)] * 2, NOWHERE]


def test_what_fails_on_a_ring_that_broke_is_none(answers: list[CallResult]) -> None:
    answers += [CallResult.UNAVAILABLE]
    with pytest.raises(SandboxError, match="ended with -9"):
        attempts(Ring(broken=True))


def test_where_no_node_is_up_there_is_nobody_to_ask() -> None:
    ring = Ring(nodes=[Node("DC1", expected=False)])
    assert failed(attempts(ring)) == [("QUORUM", "", CallResult.NO_COORDINATOR)]


def test_a_node_that_died_by_itself_is_nobodys_absence() -> None:
    ring = Ring(nodes=[Node("DC1"), Node("DC2", died=True)])
    with pytest.raises(SandboxError, match="ended with -9"):
        attempts(ring)


def test_a_data_center_whose_number_of_replicas_is_unknown_is_tried_as_well(answers: list[CallResult]) -> None:
    assert answers == []
    request = KeyspaceRequest("Orchestration", "NetworkTopologyStrategy", (("DC1", "+2"), ("DC2", "0")))
    found = TrialRunner([request])._attempts(cast("Any", Ring()), request, ROWS)
    assert {each.datacenter for each in found if each.level == "LOCAL_QUORUM"} == {"DC1"}


def test_a_node_that_was_never_taken_down_does_not_go_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    victims = [Mock(address="127.9.0.1", datacenter="DC1"), Mock(address="127.9.0.2", datacenter="DC2")]
    victims[1].stop.side_effect = SandboxError("Cassandra on 127.9.0.2 ended with -9")
    runner = TrialRunner([REQUEST])
    monkeypatch.setattr(trials, "wait_until_noticed", lambda *_: None)
    monkeypatch.setattr(runner, "_victims", lambda *_: iter(victims))
    monkeypatch.setattr(runner, "_attempts", lambda *_: ())
    with pytest.raises(SandboxError, match="ended with -9"):
        runner._one_down(cast("Any", Mock()), [REQUEST], ROWS, lambda _: None)
    broke = Unknown("the twin broke")
    found = trials.given_up(runner.trials[REQUEST], broke)
    assert found.one_down == (NodeDown("127.9.0.1", "DC1", ()), NodeDown("127.9.0.2", "DC2", broke))


def test_where_no_node_holds_a_replica_none_is_taken_down(monkeypatch: pytest.MonkeyPatch) -> None:
    runner = TrialRunner([REQUEST])
    monkeypatch.setattr(runner, "_victims", lambda *_: iter(()))
    runner._one_down(cast("Any", Mock()), [REQUEST], ROWS, lambda _: None)
    assert runner.trials[REQUEST].one_down == ()
