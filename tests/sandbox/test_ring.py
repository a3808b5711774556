# SPDX-License-Identifier: Apache-2.0
"""Rings of real nodes come up, agree, hold what they are given, and go."""

from pathlib import Path
from typing import Any

import pytest

from fixtures.rings import RingFactory
from orsgate.sandbox.cassandra import CassandraRing
from orsgate.sandbox.client import NoAnswer, Refused
from orsgate.sandbox.errors import SandboxError, UsageError
from orsgate.sandbox.ring import Ring
from tests.sandbox.waiting import is_gone

pytestmark = pytest.mark.ring


@pytest.fixture
def four(cassandra_ring: RingFactory) -> Ring[Any]:
    return cassandra_ring(nodes=4, datacenters=("DC1", "DC2"))


def build(ring: Ring[Any], index: int) -> bytes | None:
    """The release that a node of 1.1 says it has."""
    rows = ring.execute_cql("SELECT * FROM Versions", keyspace="system", node=ring.nodes[index])
    return next(row["version"] for row in rows if row["component"] == b"build")


def test_two_data_centers_agree(four: Ring[Any]) -> None:
    members = {node.address for node in four.nodes}
    for node in four.nodes:
        with node.client() as client:
            ((_, seen),) = client.schema_versions().items()
            assert set(seen) == client.token_owners() == members
    assert four.seeds == [f"{node.address}:9160" for node in four.nodes]
    assert {node.release for node in four.nodes} == {"1.1.12"}
    assert build(four, 3) == b"1.1.12"


def test_keyspaces_and_rows_reach_every_replica(four: Ring[Any]) -> None:
    four.create_keyspace("Rows", "NetworkTopologyStrategy", {"DC1": "2", "DC2": "2"}, column_families=("Session",))
    four.create_column_family("Rows", "Schedule")
    four.insert("Rows", "Session", b"key", {b"name": b"value"}, consistency="ALL")
    assert four.get("Rows", "Session", b"key", consistency="ALL") == {b"name": b"value"}
    assert four.get("Rows", "Schedule", b"key") == {}
    four.update_keyspace("Rows", "SimpleStrategy", {"replication_factor": "1"})
    four.drop_column_family("Rows", "Schedule")
    four.drop_keyspace("Rows")
    with pytest.raises(Refused, match="refused set_keyspace"):
        four.get("Rows", "Session", b"key")


def test_a_second_sandbox_runs_beside_it(four: Ring[Any], own_cassandra_ring: RingFactory) -> None:
    other = own_cassandra_ring(nodes=1)
    other.create_keyspace("Beside")
    with pytest.raises(Refused):
        four.drop_keyspace("Beside")
    four.wait_until_agreed()


def test_a_node_can_have_another_release_and_another_view(own_cassandra_ring: RingFactory) -> None:
    ring = own_cassandra_ring(
        nodes=3,
        datacenters=("DC1", "DC2"),
        releases={1: "1.1.10"},
        topology={1: {"default": "DC1:r1"}},
        without_rpc=(2,),
        tokens=(0, 100, 200),
        cluster_name="of two releases",
    )
    assert (build(ring, 0), build(ring, 1)) == (b"1.1.12", b"1.1.10")
    assert ring.nodes[2].rpc_port is None
    assert ring.seeds == [f"{node.address}:9160" for node in ring.nodes[:2]]
    with ring.nodes[0].client() as client:
        assert len(client.token_owners() or ()) == 3
    with pytest.raises(UsageError, match="serves neither"), ring.nodes[2].client():
        pass
    assert "DC1:r1" in (ring.nodes[1].directory / "conf/cassandra-topology.properties").read_text()


def test_nodes_can_listen_on_all_addresses(own_cassandra_ring: RingFactory) -> None:
    ring = own_cassandra_ring(nodes=2, rpc_address="0.0.0.0")  # noqa: S104
    assert len({node.rpc_port for node in ring.nodes}) == 2


def test_a_killed_node_is_missed_and_comes_back(own_cassandra_ring: RingFactory) -> None:
    ring = own_cassandra_ring(nodes=2, settings={"rpc_timeout_in_ms": 1000, "phi_convict_threshold": 5})
    first, second = ring.nodes
    pid = second.pid
    assert pid
    second.kill()
    assert (second.pid, second.running, is_gone(pid)) == (None, False, True)
    with pytest.raises(NoAnswer), second.client():
        pass
    with first.client() as client:
        assert client.schema_versions()["UNREACHABLE"] == [second.address]
    ring.wait_until_agreed()  # without it
    ring.create_keyspace("Later")
    second.start()
    ring.wait_until_agreed()  # with it, and it learnt what it missed
    ring.insert("Later", "Session", b"k", {}, consistency="ONE")
    with pytest.raises(UsageError, match="runs already"):
        second.start()


def test_a_node_that_cannot_start_says_why_and_nothing_runs() -> None:
    ring = CassandraRing(nodes=2, node_settings={1: {"no_such_option": 1}})
    with pytest.raises(SandboxError, match=r"(?s)ended with 1\..*Unable to find property 'no_such_option'"):
        ring.start()
    assert [node.pid for node in ring.nodes] == [None, None]
    assert ring.directory
    assert not ring.directory.exists()


def test_a_node_that_dies_later_is_noticed(own_cassandra_ring: RingFactory) -> None:
    ring = own_cassandra_ring(nodes=1)
    process = ring.nodes[0]._process
    assert process
    process.kill()
    with pytest.raises(SandboxError, match=r"ended with -9\.\nLast lines of "):
        ring.wait_until_agreed()


def test_the_directory_goes_with_the_ring_unless_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with CassandraRing(keep=True) as ring:
        pass
    assert ring.directory
    assert ring.nodes[0].log.is_relative_to(tmp_path)
    assert "Listening for thrift clients" in ring.nodes[0].log.read_text()
