# SPDX-License-Identifier: Apache-2.0
"""What a ring is to look like: its nodes with their places, tokens and ports, worked out before anything starts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypedDict

from orsgate.sandbox.certificates import Tls
from orsgate.sandbox.errors import UsageError
from orsgate.sandbox.lines import MURMUR3, RANDOM, Line, line_of

ALL_ADDRESSES = "0.0.0.0"  # noqa: S104  # what a real rpc_address is at times, and what a probe must cope with
STORAGE_PORT, RPC_PORT, NATIVE_PORT, JMX_PORT = 7000, 9160, 9042, 7199

_PASSWORDS = {"authenticator": "PasswordAuthenticator", "authorizer": "CassandraAuthorizer"}
_ALONE, _TOGETHER = 0, 2500
"""Milliseconds until a node makes the default superuser (10 000 by default). Up to 2.1 it tries once, so that it must have
seen the other members by then."""

Topology = Mapping[int | str, str]
"""Node index, address or ``default`` -> ``DC:RACK``."""


class Details(TypedDict, total=False):
    """What a ring can be asked for besides release, number of nodes and data centers; everything has a default."""

    releases: Mapping[int, str]
    """Node index -> another release."""
    rack: str
    """The rack of every node; ``RAC1``."""
    topology: Mapping[int, Topology | None]
    """Node index -> what its own ``cassandra-topology.properties`` says instead of the truth; ``None`` for no file.

    Without a file Cassandra 1.1 does not start; one that was forgotten is the stock file, ``{"default": "DC1:r1"}``.
    """
    rpc_address: str
    """``0.0.0.0`` for nodes that listen on all addresses (each then has ports of its own); else each node's own."""
    cluster_name: str
    """The name of the cluster; ``orsgate sandbox``."""
    partitioner: str
    """Class name of the partitioner, with its package; RandomPartitioner."""
    snitch: str
    """Class name of the snitch; PropertyFileSnitch with data centers, SimpleSnitch without."""
    heap: int
    """Megabytes of heap of each node."""
    tokens: Sequence[int]
    """The initial token of each node; evenly spaced by default."""
    without_rpc: Collection[int]
    """Indexes of nodes that do not serve Thrift."""
    settings: Mapping[str, Any]
    """Entries of ``cassandra.yaml`` for every node, over the template's."""
    node_settings: Mapping[int, Mapping[str, Any]]
    """Node index -> entries of its ``cassandra.yaml``."""
    jmx: bool
    """Whether each node serves JMX, without a password, on its own loopback address; not by default."""
    login: tuple[str, str]
    """Name and password of a superuser that is made; clients must log in then (PasswordAuthenticator, CassandraAuthorizer).

    From 1.2 on. Anybody may log in by default.
    """
    tls: Tls
    """Clients must speak TLS then, Thrift as well as the native protocol. From 1.2 on; not by default."""


class Addresses(Protocol):
    """Where the addresses and ports of a ring come from: loopback, or a network of containers."""

    def addresses(self, count: int, ports: Sequence[int]) -> list[str]:
        """``count`` addresses, on each of which ``ports`` are free."""

    def usual_or_other(self, port: int) -> int:
        """``port``, or another where it is taken."""

    def port(self) -> int:
        """A port for a server that listens on all addresses."""


@dataclass(frozen=True, slots=True)
class NodePlan:
    """One node, before it is started.

    Attributes:
        index: its number in the ring, from 0.
        release: its Cassandra release.
        address: its address in the ring.
        rpc_address: where it listens for clients.
        storage_port: port of the ring's own traffic.
        rpc_port: port of Thrift; None where it serves none.
        native_port: port of the native protocol; None where it serves none.
        jmx_port: port of JMX; None where it serves none.
        datacenter: its data center.
        rack: its rack.
        token: its initial token.
        heap: megabytes.
        topology: lines of its topology file; None for no file.
        settings: entries of its ``cassandra.yaml`` over the template's.
        java_options: what its Java machine is told besides what its line needs.
        login: name and password that the sandbox' own clients log in with; None where anybody may come.
        tls: how it speaks TLS with its clients; None where it does not.
    """

    index: int
    release: str
    address: str
    rpc_address: str
    storage_port: int
    rpc_port: int | None
    native_port: int | None
    jmx_port: int | None
    datacenter: str
    rack: str
    token: int
    heap: int
    topology: tuple[str, ...] | None
    settings: Mapping[str, Any]
    java_options: tuple[str, ...] = ()
    login: tuple[str, str] | None = None
    tls: Tls | None = None

    @property
    def line(self) -> Line:
        """The line its release belongs to."""
        return line_of(self.release)


@dataclass(frozen=True, slots=True)
class RingPlan:
    """What all nodes share, and the nodes.

    Attributes:
        cluster_name: name of the cluster.
        partitioner: class name.
        snitch: class name.
        nodes: the nodes, in the order of their tokens.
    """

    cluster_name: str
    partitioner: str
    snitch: str
    nodes: tuple[NodePlan, ...]


def lay_out(release: str, count: int, datacenters: Sequence[str], details: Details, places: Addresses) -> RingPlan:
    """Works out a ring, with addresses and ports from ``places``.

    Raises:
        UsageError: what was asked for makes no sense.
        SandboxError: there is no free net or port.
    """
    _check(count, datacenters, details)
    storage, rpc, native, jmx = (places.usual_or_other(port) for port in (STORAGE_PORT, RPC_PORT, NATIVE_PORT, JMX_PORT))
    addresses = places.addresses(count, (storage, rpc, native, jmx))
    everywhere = details.get("rpc_address") == ALL_ADDRESSES
    rack = details.get("rack", "RAC1")
    partitioner = details.get("partitioner", RANDOM)
    login = details.get("login")
    truth: Topology = {index: f"{datacenters[index % len(datacenters)]}:{rack}" for index in range(count)} if datacenters else {}

    def node(index: int) -> NodePlan:
        own_release = details.get("releases", {}).get(index, release)
        line = line_of(own_release)
        if not line.guarded and (login or "tls" in details):
            raise UsageError(f"Cassandra {own_release} has neither passwords nor TLS for its clients; 1.2 is the first that has")
        topology = details.get("topology", {}).get(index, truth or None)
        serves_rpc = line.thrift and index not in details.get("without_rpc", ())
        return NodePlan(
            index=index,
            release=own_release,
            address=addresses[index],
            rpc_address=details.get("rpc_address", addresses[index]),
            storage_port=storage,
            rpc_port=(places.port() if everywhere else rpc) if serves_rpc else None,
            native_port=(places.port() if everywhere else native) if line.native else None,
            jmx_port=jmx if details.get("jmx") else None,
            datacenter=datacenters[index % len(datacenters)] if datacenters else "datacenter1",
            rack=rack if datacenters else "rack1",
            token=details["tokens"][index] if "tokens" in details else even_token(index, count, partitioner),
            heap=details.get("heap", line.heap),
            topology=None if topology is None else topology_lines(topology, addresses),
            settings={
                **(_PASSWORDS if login else {}),
                **details.get("settings", {}),
                **details.get("node_settings", {}).get(index, {}),
            },
            java_options=(f"-Dcassandra.superuser_setup_delay_ms={_ALONE if count == 1 else _TOGETHER}",) if login else (),
            login=login,
            tls=details.get("tls"),
        )

    return RingPlan(
        cluster_name=details.get("cluster_name", "orsgate sandbox"),
        partitioner=partitioner,
        snitch=details.get("snitch", "PropertyFileSnitch" if datacenters else "SimpleSnitch"),
        nodes=tuple(node(index) for index in range(count)),
    )


def even_token(index: int, count: int, partitioner: str = RANDOM) -> int:
    """The token of node ``index`` of ``count`` that share the ring evenly.

    Raises:
        UsageError: the partitioner has no tokens that are numbers.
    """
    if partitioner == RANDOM:
        return index * 2**127 // count
    if partitioner == MURMUR3:
        return index * 2**64 // count - 2**63
    raise UsageError(f"Give the tokens: for {partitioner} they cannot be worked out")


def topology_lines(topology: Topology, addresses: Sequence[str]) -> tuple[str, ...]:
    """The lines of a ``cassandra-topology.properties``."""
    return tuple(f"{addresses[who] if isinstance(who, int) else who}={place}" for who, place in topology.items())


def _check(count: int, datacenters: Sequence[str], details: Details) -> None:
    if not 1 <= count <= 64:
        raise UsageError(f"A sandbox ring has 1 to 64 nodes, not {count}")
    if len(datacenters) > count:
        raise UsageError(f"{count} node(s) cannot stand in {len(datacenters)} data centers")
    for name in datacenters:
        if not name or not name.isprintable() or any(mark in name for mark in ":=\\#! "):
            raise UsageError(f"{name!r} is no name of a data center")
    if "tokens" in details and len(details["tokens"]) != count:
        raise UsageError(f"{len(details['tokens'])} tokens were given for {count} node(s)")
    if not all(details.get("login", ("name", "password"))):
        raise UsageError("login needs a name and a password")
    indexes: dict[str, Collection[int]] = {
        "releases": details.get("releases", ()),
        "topology": details.get("topology", ()),
        "node_settings": details.get("node_settings", ()),
        "without_rpc": details.get("without_rpc", ()),
    }
    for option, named in indexes.items():
        if wrong := [index for index in named if not 0 <= index < count]:
            raise UsageError(f"{option} names the nodes {wrong}, but there are only 0 to {count - 1}")
