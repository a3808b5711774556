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
from orsgate.estate.rehearsal import CallResult, Rehearsal, Trial, Twin
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
    judgement = with_all_nodes_up(Estate(held(make.estate(applications).snapshot, record), "rehearsal"))
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
        assert judgement.notes == (
            "the twin has Cassandra 2.2.5, the ring 1.1.12: what the ring's release does was not tried",
            "ORS 8.1.400.27 does not support Cassandra 2.2.5 (ORS-0501)",
        )


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


def contradicting(one: str, other: str, *trials: Trial) -> Estate:
    applications = (make.ors("ORS_1", one), make.ors("ORS_2", other), *make.SERVERS)
    return Estate(held(make.estate(applications).snapshot, rehearsal(*trials)), "rehearsal")


THREE, TWO = asking(NETWORK, "DC1:3;DC2:3"), asking(NETWORK, "DC1:2;DC2:2")


@pytest.mark.parametrize(
    ("other", "of_other", "named"),
    [
        (TWO, trial(options={"DC1": "2", "DC2": "2"}), "keyspace Orchestration"),
        (
            asking(SIMPLE, "replication_factor:3"),
            trial(options={"replication_factor": "3"}, strategy=SIMPLE),
            "keyspace Orchestration",
        ),
        (
            THREE.replace("name=Orchestration", "name=orchestration"),
            trial(name="orchestration"),
            "keyspace Orchestration and orchestration",
        ),
    ],
)
def test_applications_that_contradict_each_other_are_no_pass(other, of_other, named):
    judgement = created_as_asked(contradicting(THREE, other, trial(), of_other))
    (violation,) = judgement.violations
    assert (judgement.outcome, violation.subject) == (Outcome.FAIL, named)
    assert "ORS_1 (exports/ORS_1.cfg:10) asks for keyspace Orchestration, NetworkTopologyStrategy {DC1: 3" in violation.found
    assert "ORS_2 (exports/ORS_2.cfg:10) asks for keyspace " in violation.found


@pytest.mark.parametrize(
    ("other", "of_other"),
    [
        (asking(NETWORK, "DC1:03;DC2:3"), trial(options={"DC1": "03", "DC2": "3"})),
        (asking(NETWORK, "DC1:3;DC2:3;DC3:0"), trial(options={"DC1": "3", "DC2": "3", "DC3": "0"})),
        (asking(f"org.apache.cassandra.locator.{NETWORK}", "DC1:3;DC2:3"), None),
        (THREE.replace("name=Orchestration", "name=Other"), trial(name="Other")),
    ],
)
def test_what_cassandra_makes_the_same_of_or_keeps_apart_is_no_contradiction(other, of_other):
    of_other = of_other or replace(trial(), strategy_class=f"org.apache.cassandra.locator.{NETWORK}")
    assert created_as_asked(contradicting(THREE, other, trial(), of_other)).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("record", "says"),
    [
        (replace(rehearsal(), started_in=None), "was tried on a twin that never started"),
        (rehearsal(trial(), trial()), "it holds keyspace Orchestration twice with the same class and options"),
        (rehearsal(replace(trial(), ranges=trial().ranges[:5])), "has 5 token ranges on a twin of 6 nodes"),  # type: ignore[index]
        (rehearsal(trial(), of=twin({})), "its twin has no node"),
        (rehearsal(trial(), of=twin({"DC1": 1})), "has 6 token ranges on a twin of 1 node, which has one for each"),
    ],
)
def test_a_rehearsal_that_contradicts_itself_proves_nothing(record, says):
    found = estate(record)
    assert outcomes(found) == "blocked blocked blocked blocked"
    for rule in RULES:
        (cause,) = rule(found).causes
        assert says in cause


@pytest.mark.parametrize(("strategy", "options"), [(SIMPLE, {"replication_factor": "0"}), (NETWORK, {"DC1": "0", "DC2": "0"})])
def test_no_replica_at_all_is_no_promise_that_can_be_kept(strategy, options):
    found = tried(strategy, options, twin())
    (violation,) = replicas_as_promised(found).violations
    assert violation.found.endswith("promises no replica at all")
    (cause,) = with_one_node_down(found).causes
    assert cause == "no node was taken down, since none holds a replica"


def test_a_number_that_only_the_server_reads_is_unknown_and_not_none():
    of = twin({"DC1": 2, "DC2": 2})
    counted = trial(of, {"DC1": "2", "DC2": "2"})
    found = estate(rehearsal(replace(counted, strategy_options={"DC1": "+2", "DC2": "2"}), of=of), NETWORK, "DC1:+2;DC2:2")
    judgement = replicas_as_promised(found)
    assert judgement.outcome is Outcome.BLOCKED
    assert judgement.causes == ('DC1 is "+2" in exports/ORS_1.cfg:10: an unknown number of replicas; write it with digits alone',)
    assert with_all_nodes_up(found).outcome is Outcome.PASS
    without_dc1 = tuple(each for each in counted.all_up or () if (each.level, each.datacenter) != ("LOCAL_QUORUM", "DC1"))  # type: ignore[union-attr]
    gone = replace(counted, strategy_options={"DC1": "+2", "DC2": "2"}, all_up=without_dc1)
    found = estate(rehearsal(gone, of=of), NETWORK, "DC1:+2;DC2:2")
    assert with_all_nodes_up(found).causes == ("no row was tried at LOCAL_QUORUM through DC1; rehearse again",)


def test_data_centers_that_the_ring_contradicts_are_said():
    of = twin({"DC1": 3, "DC2": 3}, ring_layout={"DC1": 2, "DC3": 1}, layout_from="as --datacenters says")
    assert str(of).endswith("; NOT the data centers of the ring, which has DC1 2, DC3 1")
    found = estate(rehearsal(trial(of), of=of))
    for rule in RULES:
        note = "rehearsed for a ring with DC1 3, DC2 3 (as --datacenters says); the ring as it was read has DC1 2, DC3 1"
        assert note in rule(found).notes
    assert not twin(ring_layout={}).other_layout


def test_nodes_that_did_not_tell_their_release_are_said():
    of = twin(ring_silent=1)
    assert str(of).endswith("; the release of 1 node of the ring is not known")
    for rule in RULES:
        assert (
            "the release of 1 node of the ring is not known, and may not be that of the twin"
            in rule(estate(rehearsal(trial(of), of=of))).notes
        )


def test_what_failed_with_all_nodes_up_is_one_cause():
    of = twin({"DC1": 2, "DC2": 2})
    (cause,) = with_one_node_down(tried(SIMPLE, {"replication_factor": "9"}, of)).causes
    assert cause == ("ORS-0752 failed (QUORUM through DC1, QUORUM through DC2), so what the loss of a node adds cannot be told")
