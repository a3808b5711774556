# SPDX-License-Identifier: Apache-2.0
"""What follows from what a twin of the ring did: ORS-0751 to 0754."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from orsgate.estate.estate import Estate
from orsgate.estate.judgement import Judgement, Outcome
from orsgate.estate.knowledge import Basis, Unknown
from orsgate.estate.rehearsal import CallResult, Rehearsal, Twin
from orsgate.rules.rehearsal import created_as_asked, replicas_as_promised
from orsgate.rules.rehearsed_rows import with_all_nodes_up, with_one_node_down
from tests import make
from tests.rehearsals import NETWORK, SIMPLE, answer, held, refused, rehearsal, trial, twin

Rule = Callable[[Estate], Judgement]
RULES: tuple[Rule, ...] = (created_as_asked, with_all_nodes_up, with_one_node_down, replicas_as_promised)


def asking(strategy: str, options: str) -> str:
    return make.HEALTHY_OPTIONS.replace(NETWORK, strategy).replace("DC1:2;DC2:2", options)


def estate(record: Rehearsal | Unknown | None, strategy: str = NETWORK, options: str = "DC1:3;DC2:3") -> Estate:
    applications = (*make.pair("ORS_1", asking(strategy, options)), *make.pair("ORS_2", asking(strategy, options)), *make.SERVERS)
    found = make.estate(applications)
    return Estate(found.snapshot if record is None else held(found.snapshot, record), "rehearsal")


def tried(strategy: str, options: dict[str, str], of: Twin) -> Estate:
    text = ";".join(f"{name}:{value}" for name, value in options.items())
    return estate(rehearsal(trial(of, options, strategy), of=of), strategy, text)


def outcomes(found: Estate) -> str:
    return " ".join(rule(found).outcome.value for rule in RULES)


def found_by(rule: Rule, found: Estate) -> list[str]:
    return [violation.found for violation in rule(found).violations]


def test_a_healthy_rehearsal_passes_on_what_was_observed():
    found = estate(rehearsal())
    assert outcomes(found) == "pass pass pass pass"
    for rule in RULES:
        judgement = rule(found)
        assert (judgement.subjects, judgement.basis, judgement.notes) == (("Orchestration",), Basis.OBSERVED, ())


def test_without_a_rehearsal_nothing_is_known():
    found = estate(None)
    assert outcomes(found) == "blocked blocked blocked blocked"
    assert {rule(found).causes for rule in RULES} == {
        ("nothing was rehearsed: `orsgate rehearse` builds a twin of the ring and tries the options on it",)
    }


def test_what_the_server_says_is_the_finding():
    said = "Unable to find replication strategy class 'org.apache.cassandra.locator.SimplestStrategy'"
    record = rehearsal(refused(CallResult.REFUSED, said, strategy="SimplestStrategy"))
    found = estate(record, "SimplestStrategy")
    (violation,) = created_as_asked(found).violations
    assert violation.found == f"Cassandra 1.1.12 refuses it: {said}"
    assert violation.where == "127.9.0.1:9160 system_add_keyspace"
    assert "created as exports/ORS_1.cfg:10 says" in violation.expected
    assert violation.fix == ""
    assert outcomes(found) == "fail blocked blocked blocked"
    for rule in RULES[1:]:
        assert rule(found).causes == ("ORS-0751 failed (keyspace Orchestration), so there is no keyspace to write to",)


def test_a_closed_connection_is_the_finding_and_the_remedy_is_known():
    record = rehearsal(refused(CallResult.CLOSED, options={"replication_factor": "2"}))
    (violation,) = created_as_asked(estate(record, NETWORK, "replication_factor:2")).violations
    assert violation.found == "Cassandra 1.1.12 closes the connection without an answer"
    assert "NetworkTopologyStrategy takes no replication_factor" in violation.fix


def test_a_full_class_name_that_comes_back_short_is_the_same():
    full = f"org.apache.cassandra.locator.{NETWORK}"
    assert created_as_asked(estate(rehearsal(replace(trial(), strategy_class=full)), full)).outcome is Outcome.PASS


def test_each_application_that_asks_for_nothing_is_named():
    applications = (make.ors("ORS_1", asking(NETWORK, "two")), make.ors("ORS_2", asking(NETWORK, "DC1:3;DC2:3")), *make.SERVERS)
    found = Estate(held(make.estate(applications).snapshot, rehearsal()), "rehearsal")
    judgement = created_as_asked(found)
    assert [violation.subject for violation in judgement.violations] == ["ORS_1"]
    assert judgement.violations[0].found == 'persistence/cassandra-strategy-options is two: "two" is not NAME:VALUE'
    judgement = with_all_nodes_up(found)
    assert judgement.outcome is Outcome.BLOCKED
    assert judgement.causes[0].startswith("ORS-0751 failed (persistence/cassandra-strategy-options)")


def test_two_keyspaces_of_one_name_are_told_apart():
    one, other = asking(NETWORK, "DC1:3;DC2:3"), asking(SIMPLE, "replication_factor:3")
    applications = (make.ors("ORS_1", one), make.ors("ORS_2", other), *make.SERVERS)
    record = rehearsal(trial(), trial(options={"replication_factor": "3"}, strategy=SIMPLE))
    judgement = created_as_asked(Estate(held(make.estate(applications).snapshot, record), "rehearsal"))
    assert judgement.outcome is Outcome.PASS
    assert judgement.subjects == (
        "keyspace Orchestration, NetworkTopologyStrategy {DC1: 3, DC2: 3}",
        "keyspace Orchestration, SimpleStrategy {replication_factor: 3}",
    )


@pytest.mark.parametrize(
    ("strategy", "options", "ring", "expected"),
    [
        (SIMPLE, {"replication_factor": "9"}, {"DC1": 2, "DC2": 2}, "pass fail blocked fail"),
        (SIMPLE, {"replication_factor": "5"}, {"DC1": 4}, "pass pass pass fail"),
        (SIMPLE, {"replication_factor": "3"}, {"DC1": 3}, "pass pass pass pass"),
        (SIMPLE, {"replication_factor": "2"}, {"DC1": 3}, "pass pass fail pass"),
        (NETWORK, {"DC1": "2", "DC9": "2"}, {"DC1": 2, "DC2": 2}, "pass fail fail fail"),
        (NETWORK, {"DC1": "3", "DC2": "0"}, {"DC1": 3, "DC2": 1}, "pass pass pass pass"),
        (NETWORK, {"DC1": "3", "DC2": "1"}, {"DC1": 3, "DC2": 1}, "pass pass fail pass"),
    ],
)
def test_what_replicas_and_nodes_come_to(strategy, options, ring, expected):
    assert outcomes(tried(strategy, options, twin(ring))) == expected


@pytest.mark.parametrize(
    ("options", "ring", "nodes", "expected"),
    [
        # the ring can hold what the twin cannot
        ({"DC1": "3", "DC2": "3"}, {"DC1": 9, "DC2": 9}, {"DC1": 1, "DC2": 1}, "pass blocked blocked blocked"),
        # the ring cannot either
        ({"DC1": "12", "DC2": "1"}, {"DC1": 9, "DC2": 9}, {"DC1": 1, "DC2": 1}, "pass blocked blocked fail"),
        # the twin is smaller, and large enough
        ({"DC1": "3", "DC2": "3"}, {"DC1": 9, "DC2": 9}, {"DC1": 3, "DC2": 3}, "pass pass pass pass"),
        # no room for a data center at all
        ({"DC1": "3", "DC2": "3"}, {"DC1": 3, "DC2": 3}, {"DC1": 3, "DC2": 0}, "pass blocked blocked blocked"),
    ],
)
def test_what_the_cap_makes_impossible_is_no_finding(options, ring, nodes, expected):
    found = tried(NETWORK, options, twin(ring, nodes))
    assert outcomes(found) == expected
    for rule in RULES[1:]:
        assert any("nodes and the ring" in note for note in rule(found).notes)


def test_where_the_cap_takes_a_coordinator_nothing_is_claimed():
    of = twin({"DC1": 9, "DC2": 9}, {"DC1": 3, "DC2": 1}, most_nodes=4)
    judgement = with_one_node_down(tried(NETWORK, {"DC1": "3", "DC2": "1"}, of))
    assert "raise --most-nodes" in "".join(judgement.causes)
    assert not [violation for violation in judgement.violations if "through DC2: no node" in violation.found]


def test_the_node_that_was_down_is_named():
    found = tried(NETWORK, {"DC1": "2", "DC2": "2"}, twin())
    assert found_by(with_one_node_down, found) == [
        "127.9.0.11 (DC1) is down: LOCAL_QUORUM through DC1: the write finds too few replicas (6 of 6 token ranges)",
        "127.9.0.21 (DC2) is down: LOCAL_QUORUM through DC2: the write finds too few replicas (6 of 6 token ranges)",
    ]


def test_another_release_and_a_layout_that_is_typed_weaken_what_is_found():
    of = twin(release="2.2.5", release_basis=Basis.DECLARED, layout_basis=Basis.DECLARED)
    found = estate(rehearsal(trial(of), of=of))
    for rule in RULES:
        judgement = rule(found)
        assert (judgement.outcome, judgement.basis) == (Outcome.PASS, Basis.DECLARED)
        assert judgement.notes == ("the twin has Cassandra 2.2.5, the ring 1.1.12: what the ring's release does was not tried",)


def test_a_data_center_that_is_typed_does_not_weaken_that_the_keyspace_is_created():
    of = twin(layout_basis=Basis.DECLARED)
    found = estate(rehearsal(trial(of), of=of))
    assert [rule(found).basis for rule in RULES] == [Basis.OBSERVED, *[Basis.DECLARED] * 3]


def changed(**first: Any) -> Estate:
    """The first row with all nodes up ended otherwise."""
    whole = trial()
    assert isinstance(whole.all_up, tuple)
    return estate(rehearsal(replace(whole, all_up=(replace(whole.all_up[0], **first), *whole.all_up[1:]))))


@pytest.mark.parametrize(
    ("first", "says"),
    [
        ({"write": answer(CallResult.REFUSED, "unconfigured columnfamily")}, "the write is refused: unconfigured columnfamily"),
        ({"read": answer(CallResult.LOST)}, "the read gives something other than was written"),
        ({"read": answer(CallResult.UNAVAILABLE)}, "the read finds too few replicas"),
    ],
)
def test_one_row_that_fails_is_a_finding(first, says):
    assert found_by(with_all_nodes_up, changed(**first)) == [f"QUORUM through DC1: {says} (1 of 6 token ranges)"]


@pytest.mark.parametrize("result", [CallResult.TIMED_OUT, CallResult.CLOSED])
def test_a_busy_machine_is_no_finding(result):
    judgement = with_all_nodes_up(changed(write=answer(result)))
    assert judgement.outcome is Outcome.BLOCKED
    assert judgement.causes == ("nodes of the twin did not answer in time; rehearse again on an idle machine",)


def test_a_row_that_was_not_read_is_no_pass():
    assert with_all_nodes_up(changed(read=None)).outcome is not Outcome.PASS


def test_more_replicas_than_promised_is_a_finding():
    record = rehearsal(replace(trial(), ranges=trial(options={"DC1": "3", "DC2": "3"}).ranges))
    found = estate(record, NETWORK, "DC1:3;DC2:3")
    assert replicas_as_promised(found).outcome is Outcome.PASS
    less = replace(trial(options={"DC1": "2", "DC2": "3"}), ranges=trial().ranges)
    found = estate(rehearsal(less), NETWORK, "DC1:2;DC2:3")
    assert found_by(replicas_as_promised, found) == ["6 token ranges, each with 3 replicas in DC1"]
