# SPDX-License-Identifier: Apache-2.0
"""Who belongs to the ring: nodes that name other members than the rest are no ring with them."""

from __future__ import annotations

from orsgate.estate.judgement import Outcome
from orsgate.estate.ring import UNREACHABLE
from orsgate.rules import keyspace, ring
from tests import make

ALL = tuple(make.NODE_PLACES)


def judged(*views: dict[str, tuple[str, ...]]):
    nodes = [make.node(address, schema_versions=view) for address, view in zip(ALL, views, strict=False)]
    return ring.one_schema(make.estate(cassandra=make.ring(*nodes)))


def test_two_rings_behind_the_seeds_are_not_one():
    one, other = {"aaaa": ALL[:2]}, {"aaaa": ALL[2:]}
    judgement = judged(one, one, other, other)
    assert judgement.outcome is Outcome.FAIL
    assert {violation.subject for violation in judgement.violations} == set(ALL[2:])


def test_a_node_that_knows_only_itself_is_found():
    whole = {"aaaa": ALL}
    judgement = judged(whole, whole, whole, {"aaaa": ALL[3:]})
    [violation] = judgement.violations
    assert violation.subject == ALL[3]
    assert "the members" in violation.found


def test_who_is_unreachable_is_a_member_all_the_same():
    seen = {"aaaa": ALL[:3], UNREACHABLE: ALL[3:]}
    judgement = judged(seen, seen, seen)
    assert [violation.subject for violation in judgement.violations] == [ALL[3]]


def test_a_node_that_names_no_schema_version_is_not_known():
    whole = {"aaaa": ALL}
    judgement = judged(whole, whole, whole, {})
    assert judgement.outcome is Outcome.BLOCKED
    assert "named neither a schema version nor a member" in judgement.causes[0]


def test_a_strategy_class_of_somebody_else_is_not_that_of_cassandra():
    theirs = make.KEYSPACE.__class__("Orchestration", "com.example.NetworkTopologyStrategy", {"DC1": "2", "DC2": "2"}, ())
    nodes = tuple(make.node(address, keyspaces=(theirs,)) for address in ALL)
    judgement = keyspace.agrees_with_options(make.estate(cassandra=make.ring(*nodes)))
    assert judgement.outcome is Outcome.FAIL
    assert "com.example" in judgement.violations[0].found
