# SPDX-License-Identifier: Apache-2.0
"""A ring is laid out as it was asked for, and nonsense is refused before anything starts."""

from collections.abc import Iterator
from typing import Any

import pytest

from orsgate.sandbox.certificates import Tls
from orsgate.sandbox.errors import UsageError
from orsgate.sandbox.layout import RingPlan, even_token, lay_out, topology_lines
from orsgate.sandbox.lines import MURMUR3
from orsgate.sandbox.loopback import Loopback


@pytest.fixture
def loopback() -> Iterator[Loopback]:
    with Loopback() as loopback:
        yield loopback


def plan(loopback: Loopback, count: int, datacenters: tuple[str, ...] = (), **details: Any) -> RingPlan:
    return lay_out("1.1.12", count, datacenters, details, loopback)  # type: ignore[arg-type]  # nonsense included


def test_data_centers_alternate_over_the_tokens(loopback: Loopback) -> None:
    ring = plan(loopback, 5, ("DC1", "DC2"))
    assert [node.datacenter for node in ring.nodes] == ["DC1", "DC2", "DC1", "DC2", "DC1"]
    assert [node.token for node in ring.nodes] == sorted(node.token for node in ring.nodes)
    assert ring.snitch == "PropertyFileSnitch"
    assert ring.nodes[0].topology == tuple(f"{n.address}={n.datacenter}:RAC1" for n in ring.nodes)


def test_without_data_centers_there_is_the_one_of_the_simple_snitch(loopback: Loopback) -> None:
    ring = plan(loopback, 2)
    assert ring.snitch == "SimpleSnitch"
    assert {(node.datacenter, node.rack, node.topology) for node in ring.nodes} == {("datacenter1", "rack1", None)}


def test_one_node_can_have_another_topology_or_none(loopback: Loopback) -> None:
    ring = plan(loopback, 3, ("A",), topology={1: {0: "A:RAC1", "default": "B:r1"}, 2: None})
    assert ring.nodes[1].topology == (f"{ring.nodes[0].address}=A:RAC1", "default=B:r1")
    assert ring.nodes[2].topology is None


def test_nodes_share_their_ports_unless_they_listen_on_all_addresses(loopback: Loopback) -> None:
    assert len({node.rpc_port for node in plan(loopback, 3).nodes}) == 1
    everywhere = plan(loopback, 3, rpc_address="0.0.0.0")  # noqa: S104
    assert len({node.rpc_port for node in everywhere.nodes}) == 3


def test_settings_of_a_node_go_before_those_of_the_ring(loopback: Loopback) -> None:
    ring = plan(loopback, 2, settings={"a": 1, "b": 1}, node_settings={1: {"b": 2}})
    assert [dict(node.settings) for node in ring.nodes] == [{"a": 1, "b": 1}, {"a": 1, "b": 2}]


@pytest.mark.parametrize(
    ("count", "datacenters", "details", "sentence"),
    [
        (0, (), {}, "1 to 64 nodes"),
        (1, ("A", "B"), {}, "cannot stand in 2 data centers"),
        (1, ("A:B",), {}, "no name of a data center"),
        (2, (), {"tokens": (1,)}, "1 tokens were given for 2"),
        (2, (), {"releases": {2: "1.1.10"}}, "releases names the nodes"),
        (2, (), {"partitioner": "org.apache.cassandra.dht.ByteOrderedPartitioner"}, "Give the tokens"),
        (1, (), {"login": ("ors", "secret")}, "1.1.12 has neither passwords nor TLS"),
        (1, (), {"tls": Tls()}, "1.1.12 has neither passwords nor TLS"),
        (2, (), {"tls": Tls(), "releases": {0: "1.2.19"}}, "1.1.12 has neither passwords nor TLS"),
        (1, (), {"login": ("ors", "")}, "a name and a password"),
        (1, (), {"releases": {0: "0.8.1"}}, "cannot configure Cassandra 0.8.1"),
    ],
)
def test_nonsense_is_refused(
    loopback: Loopback, count: int, datacenters: tuple[str, ...], details: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(UsageError, match=sentence):
        plan(loopback, count, datacenters, **details)


def test_tokens_are_even() -> None:
    assert [even_token(index, 4) for index in range(4)] == [0, 2**125, 2**126, 3 * 2**125]
    assert [even_token(index, 2, MURMUR3) for index in range(2)] == [-(2**63), 0]


def test_a_topology_can_name_addresses_that_are_no_nodes() -> None:
    assert topology_lines({"10.0.0.1": "A:r", 0: "B:r"}, ["127.1.1.1"]) == ("10.0.0.1=A:r", "127.1.1.1=B:r")
