# SPDX-License-Identifier: Apache-2.0
"""Step 5: the Cassandra ring, node by node."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from orsgate.estate.estate import Estate, FactUnknownError
from orsgate.estate.judgement import Judgement, Outcome
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.ring import UNREACHABLE, Place, Ring
from orsgate.rules import ownership, ring
from orsgate.rules.conditions import persistence_is_cassandra
from orsgate.verdict.case import Case
from tests import make

ADDRESSES = tuple(make.NODE_PLACES)
TIMEOUT = Unknown("10.0.0.4:9160 accepted no connection within 3 s", failure=Failure.TIMEOUT)
REFUSED = Unknown("10.0.0.4:9160 refused the connection", failure=Failure.REFUSED)
RULES = (
    ring.release_supported, ring.one_release, ring.answers_thrift, ring.one_schema, ring.one_name_and_partitioner,
    ring.same_places, ring.still_maintained, ownership.balanced,
)  # fmt: skip


def ring_with(address: str = "10.0.0.4", **fields) -> Ring:
    """The healthy ring with fields of one node changed."""
    return make.ring(*(make.node(each, **(fields if each == address else {})) for each in ADDRESSES))


def everywhere(**fields) -> Ring:
    return make.ring(*(make.node(address, **fields) for address in ADDRESSES))


def silent(address: str, unknown: Unknown):
    facts = ("thrift", "release", "cluster_name", "partitioner", "snitch", "schema_versions", "keyspaces", "places", "tokens")
    return make.node(address, **dict.fromkeys(facts, unknown))


def with_silent(unknown: Unknown) -> Ring:
    return make.ring(*(make.node(address) for address in ADDRESSES[:3]), silent("10.0.0.4", unknown))


def judged(rule: Callable[[Estate], Judgement], cassandra: Ring | Unknown | None) -> Judgement:
    return rule(make.estate(cassandra=cassandra))


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule is not ring.still_maintained])
def test_the_healthy_ring_passes_with_evidence(rule):
    judgement = judged(rule, None)
    assert judgement.outcome is Outcome.PASS
    assert judgement.evidence[0].where.startswith("10.0.0.1:9160 ")


@pytest.mark.parametrize("rule", RULES)
def test_a_ring_without_nodes_is_not_known_rather_than_healthy(rule):
    case = Case(make.estate(cassandra=Ring(nodes=())))
    case.judge(rule)
    assert case.judgements[0].outcome is Outcome.BLOCKED


@pytest.mark.parametrize("rule", RULES)
def test_a_ring_that_was_not_read_blocks(rule):
    with pytest.raises(FactUnknownError):
        judged(rule, Unknown("not asked: --offline", failure=Failure.NOT_ASKED))


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule is not ownership.balanced])
def test_a_node_that_did_not_answer_in_time_is_never_counted_as_well(rule):
    judgement = judged(rule, with_silent(TIMEOUT))
    assert judgement.causes == (TIMEOUT.cause,)
    assert judgement.outcome is (Outcome.FAIL if rule is ring.still_maintained else Outcome.BLOCKED)


@pytest.mark.parametrize("rule", RULES[:6])
def test_a_member_that_nobody_asked_is_a_gap(rule):
    judgement = judged(rule, make.ring(*(make.node(address) for address in ADDRESSES[:3])))
    assert judgement.causes == ("10.0.0.4 is a member of the Cassandra ring and was not asked",)


def test_a_mixed_ring_names_the_node_that_differs():
    [violation] = judged(ring.one_release, ring_with(release="1.1.10")).violations
    assert (violation.subject, violation.found) == ("10.0.0.4", "Cassandra 1.1.10")
    assert "1.1.12 on 10.0.0.1, 10.0.0.2, 10.0.0.3" in violation.expected


def test_a_refused_connection_is_a_violation_and_other_failures_are_not():
    [violation] = judged(ring.answers_thrift, with_silent(REFUSED)).violations
    assert violation.subject == "10.0.0.4"
    assert "start_rpc: true" in violation.fix
    for failure in set(Failure) - {Failure.REFUSED}:
        assert judged(ring.answers_thrift, with_silent(Unknown("why", failure=failure))).outcome is Outcome.BLOCKED


@pytest.mark.parametrize(
    ("release", "remedy"), [("2.2.5", "Set start_rpc: true"), ("3.9", "Set start_rpc: true"), ("4.1.10", "have no Thrift")]
)
def test_thrift_that_is_off_where_the_native_protocol_answers_has_its_own_remedy(release, remedy):
    off = ring_with(thrift=REFUSED, release=release, native="10.0.0.4:9042")
    [violation] = judged(ring.answers_thrift, off).violations
    assert violation.found == "refused the connection to 10.0.0.4:9160, while 10.0.0.4:9042 answers the native protocol"
    assert remedy in violation.fix


def test_thrift_behind_a_firewall_is_not_known_though_the_native_protocol_answers():
    hidden = ring_with(thrift=TIMEOUT, native="10.0.0.4:9042")
    assert judged(ring.answers_thrift, hidden).outcome is Outcome.BLOCKED


def test_facts_are_said_to_come_from_where_they_were_read():
    native = judged(ring.one_schema, everywhere(thrift=REFUSED, native="cass:9042"))
    assert {piece.where for piece in native.evidence} == {"cass:9042 system.peers"}
    assert native.outcome is Outcome.BLOCKED  # who can be reached is not told so
    both = judged(ring.one_schema, everywhere(native="cass:9042", thrift_at="cass:9160"))
    assert {piece.where for piece in both.evidence} == {"cass:9160 describe_schema_versions"}
    assert both.outcome is Outcome.PASS
    other_port = judged(ring.answers_thrift, everywhere(native="cass:9042", thrift_at="cass:9161"))
    assert {piece.where for piece in other_port.evidence} == {"cass:9161 describe_version"}


def test_a_node_of_which_the_address_is_not_known_is_named_as_it_was_asked():
    stray = replace(make.node("cass-9"), address=REFUSED, thrift=REFUSED)
    [violation] = judged(ring.answers_thrift, make.ring(*(make.node(each) for each in ADDRESSES), stray)).violations
    assert violation.subject == "cass-9:9160"


def test_two_schema_versions_in_one_view_name_version_and_members():
    split = {"aaaa": ADDRESSES[:3], "bbbb": ADDRESSES[3:]}
    [violation] = judged(ring.one_schema, everywhere(schema_versions=split)).violations
    assert (violation.subject, violation.found) == ("10.0.0.4", "schema version bbbb")
    assert "aaaa on 10.0.0.1, 10.0.0.2, 10.0.0.3" in violation.expected


def test_nodes_that_each_see_one_version_but_not_the_same():
    judgement = judged(ring.one_schema, ring_with(schema_versions={"bbbb": ADDRESSES}))
    assert judgement.outcome is Outcome.FAIL
    assert {violation.found for violation in judgement.violations} == {"schema version bbbb"}


def test_an_unreachable_member_is_named_once_with_those_that_miss_it():
    view = {"aaaa": ADDRESSES[:3], UNREACHABLE: ("10.0.0.4",)}
    nodes = (*(make.node(address, schema_versions=view) for address in ADDRESSES[:3]), silent("10.0.0.4", REFUSED))
    judgement = judged(ring.one_schema, make.ring(*nodes))
    [violation] = judgement.violations
    assert (violation.subject, violation.found) == ("10.0.0.4", "does not answer 10.0.0.1, 10.0.0.2, 10.0.0.3")
    assert judgement.causes == (REFUSED.cause,)


@pytest.mark.parametrize("field", ["cluster_name", "partitioner"])
def test_cluster_name_and_partitioner_are_compared(field):
    [violation] = judged(ring.one_name_and_partitioner, ring_with(**{field: "other"})).violations
    assert violation.subject == "10.0.0.4"
    assert violation.where == f"10.0.0.4:9160 describe_{field}"


def test_a_topology_file_forgotten_on_one_node():
    forgotten = make.NODE_PLACES | {"10.0.0.2": Place("DC1", "RAC1")}
    [violation] = judged(ring.same_places, ring_with(places=forgotten)).violations
    assert violation.subject == "10.0.0.2"
    assert violation.found == "its data center is DC2 on 10.0.0.1, 10.0.0.2, 10.0.0.3; DC1 on 10.0.0.4"
    assert violation.where == "10.0.0.4:9160 describe_ring"


def test_another_rack_is_a_violation_and_an_untold_one_is_not():
    racks = [Place("DC2", rack) for rack in ("RAC9", "")]
    judged_as = [judged(ring.same_places, ring_with(places=make.NODE_PLACES | {"10.0.0.2": place})) for place in racks]
    assert [judgement.outcome for judgement in judged_as] == [Outcome.FAIL, Outcome.PASS]


def test_what_a_node_cannot_tell_is_no_disagreement():
    some = {address: make.NODE_PLACES[address] for address in ADDRESSES[:2]}
    judgement = judged(ring.same_places, everywhere(places=some))
    assert judgement.outcome is Outcome.PASS
    assert judgement.notes == ("no node can tell the data center of 10.0.0.3, 10.0.0.4",)


def test_a_ring_without_a_keyspace_has_no_disagreement_and_says_so():
    judgement = judged(ring.same_places, everywhere(places={}))
    assert judgement.outcome is Outcome.PASS
    assert "audit again once the keyspace exists" in judgement.notes[0]


def test_end_of_life_is_said_once_for_the_ring():
    [violation] = judged(ring.still_maintained, None).violations
    assert (violation.subject, violation.found) == ("Cassandra ring ORS", "Cassandra 1.1.12, which is end of life")
    assert judged(ring.still_maintained, everywhere(release="4.1.10")).outcome is Outcome.PASS
    assert judged(ring.still_maintained, everywhere(release="1.1.12-dse")).outcome is Outcome.BLOCKED


def tokens(*values: int) -> dict[str, tuple[str, ...]]:
    return {address: (str(value),) for address, value in zip(ADDRESSES, values, strict=True)}


def test_uneven_tokens_name_both_nodes_and_their_shares():
    uneven = tokens(0, 0 + 1, 2**127 // 10, 2**126 + 1)
    [violation] = judged(ownership.balanced, everywhere(tokens=uneven)).violations
    assert (violation.subject, violation.found) == ("DC1", "10.0.0.1 owns 90.0 % of DC1, 10.0.0.3 owns 10.0 %")


def test_exactly_twice_as_much_is_allowed():
    third = 3 * (2**127 // 9)
    even = tokens(0, 1, 2**127 - third, 2**126 + 1)
    assert judged(ownership.balanced, everywhere(tokens=even)).outcome is Outcome.PASS


def test_murmur3_counts_negative_tokens_and_several_tokens_a_node():
    spread = {
        "10.0.0.1": (str(-(2**63)), "0"),
        "10.0.0.3": (str(-(2**62)), str(2**62)),
        "10.0.0.2": ("1",),
        "10.0.0.4": (str(1 - 2**63),),
    }
    murmur = everywhere(tokens=spread, partitioner="org.apache.cassandra.dht.Murmur3Partitioner")
    judgement = judged(ownership.balanced, murmur)
    assert judgement.outcome is Outcome.PASS
    assert judgement.evidence[0].text == "each of 2 nodes owns 50.0 %"


def test_a_node_with_another_partitioner_does_not_say_how_many_tokens_there_are():
    other = make.node(ADDRESSES[0], partitioner="org.apache.cassandra.dht.Murmur3Partitioner")
    mixed = make.ring(other, *(make.node(address) for address in ADDRESSES[1:]))
    assert judged(ownership.balanced, mixed).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "fields",
    [
        {"tokens": TIMEOUT},
        {"tokens": {}},
        {"places": {}},
        {"places": {address: make.NODE_PLACES[address] for address in ADDRESSES[:2]}},
        {"partitioner": "org.apache.cassandra.dht.ByteOrderedPartitioner"},
        {"tokens": tokens(0, 1, 2, 3) | {"10.0.0.1": ("ab",)}},
    ],
)
def test_ownership_is_judged_only_where_it_is_known(fields):
    assert judged(ownership.balanced, everywhere(**fields)).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(("value", "outcome"), [("redis", Outcome.NOT_APPLICABLE), ("none", Outcome.NOT_APPLICABLE)])
def test_without_cassandra_step_5_does_not_apply(value, outcome):
    case = Case(make.estate(persistence=value))
    case.require(persistence_is_cassandra)
    case.judge(ring.release_supported)
    [judgement] = case.judgements
    assert judgement.outcome is outcome
    assert f'persistence = "{value}"' in judgement.reason


def test_an_open_decision_blocks():
    plain = make.ors("ORS_1", "[orchestration]\nmcr-pull-limit=5\n")
    case = Case(make.estate((plain,), (), persistence=None, from_release="8.1.300.30"))
    case.require(persistence_is_cassandra)
    case.judge(ring.release_supported)
    assert case.judgements[0].outcome is Outcome.BLOCKED
