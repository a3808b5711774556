# SPDX-License-Identifier: Apache-2.0
"""The data centers of ring members: measured, saved, declared."""

from __future__ import annotations

import pytest

from orsgate.estate.knowledge import Basis, Failure, Unknown
from orsgate.estate.ring import Place, Ring, SavedTopology
from orsgate.rules.topology import topology
from tests import make

ADDRESSES = tuple(make.NODE_PLACES)
SNITCH = "org.apache.cassandra.locator."


def fresh(**fields) -> Ring:
    """A 1.1 ring without a keyspace: no node can tell a data center."""
    node_fields = {"places": {}} | {key: fields.pop(key) for key in ("snitch", "places") if key in fields}
    return make.ring(*(make.node(address, **node_fields) for address in ADDRESSES), **fields)


def of(ring: Ring):
    return topology(make.estate(cassandra=ring))


def test_measured_is_the_union_of_what_all_nodes_tell():
    halves: tuple[dict[str, Place], ...] = ({ADDRESSES[0]: Place("DC1", "R")}, {ADDRESSES[1]: Place("DC2", "R")}, {}, {})
    found = of(make.ring(*(make.node(address, places=places) for address, places in zip(ADDRESSES, halves, strict=True))))
    assert found.datacenters == {"DC1": ("10.0.0.1",), "DC2": ("10.0.0.2",)}
    assert found.unlocated == ("10.0.0.3", "10.0.0.4")


def test_of_a_dispute_the_majority_counts():
    wrong = make.NODE_PLACES | {"10.0.0.2": Place("DC1", "RAC1")}
    nodes = (make.node("10.0.0.1", places=wrong), *(make.node(address) for address in ADDRESSES[1:]))
    assert of(make.ring(*nodes)).located["10.0.0.2"].datacenter == "DC2"


def test_nothing_known_names_members_and_the_command():
    unknown = of(fresh()).unknown
    assert unknown is not None
    assert "10.0.0.1, 10.0.0.2, 10.0.0.3, 10.0.0.4" in unknown.cause
    assert "run `nodetool ring` on a node, save its output and name the file in [cassandra] topology" in unknown.cause


def test_simple_snitch_and_rack_inferring_snitch_compute_it_for_every_member():
    assert of(fresh(snitch=SNITCH + "SimpleSnitch")).datacenters == {"datacenter1": ADDRESSES}
    assert of(fresh(snitch=SNITCH + "RackInferringSnitch")).datacenters == {"0": ADDRESSES}
    assert of(fresh(snitch=SNITCH + "Ec2Snitch")).datacenters == {}


def test_nodes_of_different_snitches_compute_nothing():
    nodes = [make.node(address, places={}, snitch=SNITCH + "SimpleSnitch") for address in ADDRESSES[:3]]
    assert of(make.ring(*nodes, make.node("10.0.0.4", places={}))).datacenters == {}


def test_the_saved_output_is_observed_and_serves_where_nothing_was_measured():
    found = of(fresh(topology=SavedTopology(make.NODE_PLACES, "ring.txt")))
    assert found.unknown is None
    assert {(located.basis, located.where) for located in found.located.values()} == {(Basis.OBSERVED, "ring.txt")}


def test_what_was_measured_wins_over_the_saved_output():
    old = make.NODE_PLACES | {"10.0.0.1": Place("DC9", "R")}
    found = of(make.ring(topology=SavedTopology(old, "ring.txt")))
    assert found.located["10.0.0.1"].datacenter == "DC1"
    assert [each.member for each in found.outdated] == ["10.0.0.1"]


def test_a_saved_output_that_cannot_be_read_is_the_cause():
    trouble = Unknown("ring.txt does not exist", failure=Failure.MISSING)
    assert of(fresh(topology=trouble)).unknown == trouble
    assert of(make.ring(topology=trouble)).unknown is None


def test_declared_ones_serve_last_and_are_declared():
    some = SavedTopology({address: make.NODE_PLACES[address] for address in ADDRESSES[:3]}, "ring.txt")
    found = of(fresh(topology=some, declared_datacenters={"10.0.0.4": "DC2"}))
    assert found.unknown is None
    assert found.located["10.0.0.4"].basis is Basis.DECLARED
    assert found.located["10.0.0.1"].basis is Basis.OBSERVED


def test_a_declared_one_may_be_named_by_its_host():
    ring = fresh(declared_datacenters={"cass-4": "DC2", "10.9.9.9": "DC1"}, resolved={"cass-4": ("10.0.0.4",)})
    found = of(ring)
    assert found.datacenters == {"DC2": ("10.0.0.4",)}
    assert found.strangers == ("10.9.9.9",)


def test_a_declared_one_that_the_ring_contradicts_is_kept_for_the_rule():
    [contradiction] = of(make.ring(declared_datacenters={"10.0.0.1": "DC2", "10.0.0.2": "DC2"})).wrongly_declared
    assert (contradiction.member, contradiction.said, contradiction.located.datacenter) == ("10.0.0.1", "DC2", "DC1")


@pytest.mark.parametrize("failure", [Failure.TIMEOUT, Failure.REFUSED])
def test_where_no_node_answers_the_cause_is_theirs_not_a_missing_file(failure):
    trouble = Unknown("10.0.0.1:9160 cannot be asked", failure=failure)
    nodes = [make.node(each, places=trouble, schema_versions=trouble, tokens=trouble) for each in ADDRESSES]
    assert of(make.ring(*nodes)).unknown == trouble
