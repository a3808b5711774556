# SPDX-License-Identifier: Apache-2.0
"""Every release comes up in rings of every shape, as it was asked for, and holds what it is given."""

import re
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from fixtures.rings import RingFactory
from orsgate.sandbox.client import Client, Refused
from orsgate.sandbox.node import Node
from orsgate.sandbox.ring import Ring

RELEASES = ("1.0.12", "1.1.10", "1.1.12", "1.2.19", "2.0.17", "2.1.22", "2.2.5", "3.9", "4.1.10")
SHAPES = ((1, 1), (2, 1), (3, 3), (4, 2), (6, 3))
"""Nodes and data centers."""
NAMES = ("DC1", "DC2", "DC3")
RING_SIZE = 2**127
TOGETHER = 240
"""Seconds that six nodes of the heaviest release may take to come up on two busy cores."""


@pytest.mark.ring
@pytest.mark.parametrize(
    ("release", "nodes"),
    [(release, 2 if release in {"1.0.12", "1.1.12", "1.2.19"} else 1) for release in RELEASES],
)
def test_every_release(own_cassandra_ring: RingFactory, release: str, nodes: int) -> None:
    verify(own_cassandra_ring(release, nodes=nodes, datacenters=NAMES[:nodes], timeout=TOGETHER), nodes)


@pytest.mark.ring
@pytest.mark.soak
@pytest.mark.parametrize(("nodes", "datacenters"), SHAPES)
@pytest.mark.parametrize("release", RELEASES)
def test_every_release_in_every_shape(
    own_cassandra_ring: RingFactory,
    release: str,
    nodes: int,
    datacenters: int,
    record_property: Callable[[str, object], None],
) -> None:
    begin = time.monotonic()
    ring = own_cassandra_ring(release, nodes=nodes, datacenters=NAMES[:datacenters], timeout=TOGETHER)
    record_property("seconds until agreed", round(time.monotonic() - begin, 1))
    verify(ring, datacenters)
    record_property("MB resident of the largest node", max(resident(node) for node in ring.nodes))


def verify(ring: Ring[Any], datacenters: int) -> None:
    names = NAMES[:datacenters]
    replicas = {name: str(len(ring.nodes[index::datacenters])) for index, name in enumerate(names)}
    every_port_answers(ring)
    ring.create_keyspace("Matrix", "NetworkTopologyStrategy", replicas, column_families=("Session",))
    assert strategy(ring, "Matrix") == ("NetworkTopologyStrategy", replicas)
    tokens = [own_token(node, ring) for node in ring.nodes]
    distances = [after - before for before, after in pairwise([*tokens, tokens[0] + RING_SIZE])]
    assert max(distances) - min(distances) <= 1
    for node in ring.nodes:
        seen = datacenters_seen_by(node, ring)
        assert [seen[other.address] for other in ring.nodes] == [names[index % datacenters] for index in range(len(tokens))]
    for number, level in enumerate(("ONE", "QUORUM", "LOCAL_QUORUM", "EACH_QUORUM", "ALL")):
        ring.insert("Matrix", "Session", b"%d" % number, {b"name": level.encode()}, consistency=level)
        reading = "QUORUM" if level == "EACH_QUORUM" else level  # EACH_QUORUM was for writing alone before 3.0
        if level != "ONE":
            assert ring.get("Matrix", "Session", b"%d" % number, consistency=reading) == {b"name": level.encode()}
    ring.update_keyspace("Matrix", "SimpleStrategy", {"replication_factor": "1"})
    assert strategy(ring, "Matrix") == ("SimpleStrategy", {"replication_factor": "1"})
    ring.create_column_family("Matrix", "Schedule")
    ring.drop_column_family("Matrix", "Session")
    with pytest.raises(Refused):
        ring.get("Matrix", "Session", b"0")
    assert ring.get("Matrix", "Schedule", b"0") == {}
    ring.drop_keyspace("Matrix")
    with pytest.raises(Refused):
        ring.drop_keyspace("Matrix")


def every_port_answers(ring: Ring[Any]) -> None:
    """Thrift up to 3.x, the native protocol from 1.2 on, and each node says that it is of the release."""
    line = tuple(int(part) for part in ring.release.split(".")[:2])
    for node in ring.nodes:
        assert (node.rpc_port is not None, node.native_port is not None) == (line < (4, 0), line >= (1, 2))
        if node.rpc_port:
            with node.client() as client:
                assert isinstance(client, Client)
                assert re.fullmatch(r"\d+\.\d+\.\d+", client.version())
        if node.native_port:
            with node.native_client() as native:
                rows = native.execute_cql("SELECT release_version FROM system.local")
                assert rows == [{"release_version": ring.release.encode()}]
        else:
            rows = ring.execute_cql("SELECT * FROM Versions", keyspace="system", node=node)
            assert ring.release.encode() in {row["version"] for row in rows}


def strategy(ring: Ring[Any], keyspace: str) -> tuple[str, dict[str, str]]:
    """Class name and options, as the last node describes them."""
    with ring.nodes[-1].client() as client:
        if isinstance(client, Client):
            name, options = client.definition(keyspace)
            return name.rpartition(".")[2], options
        ((_, statement),) = [
            (row["name"], row["create_statement"] or b"") for row in client.execute_cql(f'DESCRIBE ONLY KEYSPACE "{keyspace}"')
        ]
    pairs = dict(re.findall(r"'(\w+)': '([\w.]+)'", statement.decode()))
    return pairs.pop("class").rpartition(".")[2], pairs


def own_token(node: Node, ring: Ring[Any]) -> int:
    """The token that a node says it has."""
    if node.native_port is None:
        with node.client() as client:
            return int.from_bytes(client.get("system", "LocationInfo", b"L", "ONE")[b"Token"], "big")
    ((tokens,),) = (row.values() for row in ring.execute_cql("SELECT tokens FROM system.local", node=node))
    found = re.search(rb"\d+$", tokens or b"")  # a set of texts, each after its length, which is no digit
    assert found
    return int(found[0])


def datacenters_seen_by(node: Node, ring: Ring[Any]) -> dict[str, str]:
    """Address -> data center of all members, as a node sees them."""
    with node.client() as client:
        if isinstance(client, Client):
            seen = {address: name for _, holders in client.ranges("Matrix") for address, name in holders.items()}
    if node.native_port is None:
        return seen
    (own,) = ring.execute_cql("SELECT data_center FROM system.local", node=node)
    peers = ring.execute_cql("SELECT peer, data_center FROM system.peers", node=node)
    told = {".".join(map(str, row["peer"] or b"")): row["data_center"] or b"" for row in peers}
    told[node.address] = own["data_center"] or b""
    by_cql = {address: name.decode() for address, name in told.items()}
    assert node.rpc_port is None or seen == by_cql
    return by_cql


def resident(node: Node) -> int:
    """Megabytes of memory that a node has resident."""
    status = Path(f"/proc/{node.pid}/status").read_text("utf-8")
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert found
    return int(found[1]) // 1024
