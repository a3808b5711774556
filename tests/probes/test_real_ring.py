# SPDX-License-Identifier: Apache-2.0
"""The probe against real Cassandra nodes."""

from __future__ import annotations

import time
from typing import Any

import pytest

from fixtures.rings import RingFactory, reached_at
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.ring import UNREACHABLE, Place, Ring
from orsgate.probes.cassandra import Access, Limits, Login, Seed, Target, read_ring
from orsgate.sandbox.ring import Ring as SandboxRing

pytestmark = pytest.mark.ring


def read(ring: SandboxRing[Any], access: Access | None = None, seeds: int = 1) -> Ring:
    return read_ring([Seed(Target.parse(seed, 9160)) for seed in ring.seeds[:seeds]], access)


def unknowns(ring: Ring) -> list[Unknown]:
    return [fact for node in ring.nodes for name in node.__slots__ if isinstance(fact := getattr(node, name), Unknown)]


@pytest.mark.containers_optional
def test_a_ring_of_two_data_centers(cassandra_ring: RingFactory) -> None:
    ring = cassandra_ring(nodes=4, datacenters=("DC1", "DC2"))
    members = sorted(node.address for node in ring.nodes)
    empty = read(ring)
    assert all(node.places == {} for node in empty.nodes)  # nothing but the keyspace "system" is there yet
    ring.create_keyspace("ProbeHalf", "NetworkTopologyStrategy", {"DC1": "1", "DC2": "0"})
    ring.create_keyspace("Probe", "NetworkTopologyStrategy", {"DC1": "2", "DC2": "1"}, column_families=("Session",))
    started = time.monotonic()
    found = read(ring)
    assert time.monotonic() - started < 3
    assert unknowns(found) == []
    assert sorted(node.address for node in found.nodes if isinstance(node.address, str)) == members
    assert [node.listed for node in found.nodes] == [True, False, False, False]
    for node in found.nodes:
        assert (node.release, node.thrift) == ("1.1.12", "19.33.0")
        assert node.places == {each.address: Place(each.datacenter, each.rack) for each in ring.nodes}
        assert node.tokens == {each.address: (str(each.token),) for each in ring.nodes}
        assert not isinstance(node.schema_versions, Unknown)
        assert sorted(*node.schema_versions.values()) == members
        assert not isinstance(node.keyspaces, Unknown)
        (keyspace,) = [keyspace for keyspace in node.keyspaces if keyspace.name == "Probe"]
        assert keyspace.strategy_class.endswith(".NetworkTopologyStrategy")
        assert keyspace.strategy_options == {"DC1": "2", "DC2": "1"}
        assert keyspace.column_families == ("Session",)


@pytest.mark.parametrize(
    ("release", "thrift"),
    [
        pytest.param("1.0.12", "19.20.0", marks=pytest.mark.containers_optional),
        ("1.2.19", "19.36.2"),
        pytest.param("2.0.17", "19.39.0", marks=pytest.mark.containers_optional),
        pytest.param("2.2.5", "20.1.0", marks=pytest.mark.containers_optional),
        pytest.param("3.9", "20.1.0", marks=pytest.mark.containers_optional),
    ],
)
def test_other_releases(release: str, thrift: str, own_cassandra_ring: RingFactory) -> None:
    ring = own_cassandra_ring(release, nodes=2, datacenters=("DC1", "DC2"))
    ring.create_keyspace("Probe", "NetworkTopologyStrategy", {"DC1": "1", "DC2": "1"}, column_families=("Session",))
    if release != "1.0.12":  # a table of CQL 3, which describe_keyspaces leaves out
        ring.execute_cql('CREATE TABLE "Probe"."SessionIDServerInfo" (id text PRIMARY KEY, server text)')
        ring.wait_until_agreed()
    found = read(ring)
    assert unknowns(found) == []
    assert {node.name for node in found.nodes} == {node.address for node in ring.nodes}
    for node in found.nodes:
        assert (node.release, node.thrift) == (release, thrift)
        assert node.places == {each.address: Place(each.datacenter, each.rack) for each in ring.nodes}
        assert node.tokens == {each.address: (str(each.token),) for each in ring.nodes}
        assert not isinstance(node.keyspaces, Unknown)
        (keyspace,) = [keyspace for keyspace in node.keyspaces if keyspace.name == "Probe"]
        assert keyspace.strategy_options == {"DC1": "1", "DC2": "1"}
        families = ("Session",) if release == "1.0.12" else ("Session", "SessionIDServerInfo")
        assert keyspace.column_families == families


@pytest.mark.containers_optional
def test_a_killed_node_refuses_and_is_unreachable(own_cassandra_ring: RingFactory) -> None:
    ring = own_cassandra_ring(nodes=3)
    ring.nodes[2].kill()
    found = {node.name: node for node in read(ring).nodes}
    killed = found[ring.nodes[2].address]
    assert isinstance(killed.thrift, Unknown)
    assert killed.thrift.failure is Failure.REFUSED
    versions = found[ring.nodes[0].address].schema_versions
    assert not isinstance(versions, Unknown)
    assert versions[UNREACHABLE] == (ring.nodes[2].address,)


def test_a_node_that_hangs_times_out(own_cassandra_ring: RingFactory) -> None:
    ring = own_cassandra_ring(nodes=2)
    ring.nodes[1].pause()
    try:
        started = time.monotonic()
        found = {node.name: node for node in read(ring, Access(limits=Limits(call=1.5))).nodes}
        assert time.monotonic() - started < 3.5
    finally:
        ring.nodes[1].resume()
    hanging, asked = (found[node.address] for node in reversed(ring.nodes))
    assert isinstance(hanging.thrift, Unknown)
    assert hanging.thrift.failure is Failure.TIMEOUT
    assert asked.release == "1.1.12"
    assert isinstance(asked.schema_versions, Unknown)  # it waits for the other one longer than it was given
    assert asked.schema_versions.failure is Failure.TIMEOUT


@pytest.mark.containers_optional
def test_nodes_that_serve_on_all_addresses_are_reached_as_mapped(own_cassandra_ring: RingFactory) -> None:
    ring = own_cassandra_ring(nodes=2, rpc_address="0.0.0.0")  # noqa: S104
    ring.create_keyspace("Probe", strategy_options={"replication_factor": "2"})
    addresses = {node.address: reached_at(node) for node in ring.nodes}
    found = read_ring([Seed(Target.parse(addresses[ring.nodes[0].address], 9160))], Access(addresses=addresses))
    assert [(node.address, node.asked) for node in found.nodes] == list(addresses.items())
    assert unknowns(found) == []


@pytest.mark.containers_optional
def test_a_login_that_is_needed(own_cassandra_ring: RingFactory) -> None:
    settings = {"authenticator": "PasswordAuthenticator", "authorizer": "CassandraAuthorizer"}
    ring = own_cassandra_ring("2.2.5", nodes=1, datacenters=("DC1",), agree=False, settings=settings)
    (without,) = read(ring).nodes
    assert isinstance(without.keyspaces, Unknown)
    assert without.keyspaces.failure is Failure.DENIED
    (wrong,) = read(ring, Access(login=Login("cassandra", "wrong"))).nodes
    assert isinstance(wrong.release, Unknown)
    assert wrong.release.failure is Failure.DENIED
    deadline = time.monotonic() + 30  # the node makes its first account a while after it began to answer
    while True:
        found = read(ring, Access(login=Login("cassandra", "cassandra")))
        if not unknowns(found) or time.monotonic() > deadline:
            break
    assert unknowns(found) == []
