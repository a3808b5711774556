# SPDX-License-Identifier: Apache-2.0
"""Facts of a Cassandra ring, node by node, each as that node itself reports it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from orsgate.estate.knowledge import Unknown

THRIFT_PORT, NATIVE_PORT = 9160, 9042
"""Cassandra's own defaults of ``rpc_port`` and ``native_transport_port``."""
UNREACHABLE = "UNREACHABLE"
"""The key under which ``describe_schema_versions`` lists the members that did not answer the node asked."""

SYSTEM_KEYSPACES = frozenset(
    {"system", "system_auth", "system_distributed", "system_schema", "system_traces", "system_views",
     "system_virtual_schema", "OpsCenter", "dse_system"},
)  # fmt: skip
"""Keyspaces that Cassandra or its tools make for themselves; never those of an application."""


@dataclass(frozen=True, slots=True)
class Place:
    """Data center and rack of a ring member, as one node computes them from its own files."""

    datacenter: str
    rack: str


@dataclass(frozen=True, slots=True)
class Keyspace:
    """A keyspace as the node describes it.

    Attributes:
        name: its name, letter case kept.
        strategy_class: as reported, usually the full class name.
        strategy_options: e.g. ``{"replication_factor": "2"}`` or ``{"DC1": "2"}``; without the ``class`` entry.
        column_families: the names of its column families (tables).
    """

    name: str
    strategy_class: str
    strategy_options: Mapping[str, str]
    column_families: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Node:
    """What one node of the ring said of itself and of the ring.

    Attributes:
        asked: ``host:port`` that was asked.
        listed: whether the estate file or the application options name it; else the ring itself named it.
        address: its own address in the ring, where it could be told.
        thrift: the Thrift API version it answered with (``describe_version``), or why there was no answer.
        release: the Cassandra release, as the node reports it.
        schema_versions: schema version -> members that have it, as ``describe_schema_versions`` gives it;
            the key ``UNREACHABLE`` holds the members that did not answer.
        keyspaces: every keyspace, system ones included.
        places: member address -> data center and rack as this node sees them; a member that is not in it is one that
            this node cannot tell about.
        tokens: member address -> its tokens (decimal strings), where the node can tell.
        native: ``host:port`` of the native protocol, where that gave the facts; empty where Thrift did.
        thrift_at: ``host:port`` of Thrift, where that is not ``asked``.
    """

    asked: str
    listed: bool
    address: str | Unknown
    thrift: str | Unknown
    release: str | Unknown
    cluster_name: str | Unknown
    partitioner: str | Unknown
    snitch: str | Unknown
    schema_versions: Mapping[str, tuple[str, ...]] | Unknown
    keyspaces: tuple[Keyspace, ...] | Unknown
    places: Mapping[str, Place] | Unknown
    tokens: Mapping[str, tuple[str, ...]] | Unknown
    native: str = ""
    thrift_at: str = ""

    @property
    def silence(self) -> Unknown | None:
        """Why it answered by neither protocol; None where it did."""
        return self.thrift if isinstance(self.thrift, Unknown) and not self.native else None

    @property
    def name(self) -> str:
        """How reports call the node: its ring address where known, else what was asked."""
        return self.asked if isinstance(self.address, Unknown) else self.address


FACTS = tuple(field.name for field in fields(Node) if field.name not in {"asked", "listed", "native", "thrift_at"})
"""Fields of a node that are learnt from it; the others say how it was asked."""


@dataclass(frozen=True, slots=True)
class SavedTopology:
    """The saved output of ``nodetool ring``: observed, but not by this run.

    Attributes:
        places: member address -> data center and rack.
        where: the file it was read from.
        modified: when that file was last changed, for display; the output itself tells no time.
    """

    places: Mapping[str, Place]
    where: str
    modified: str = ""


@dataclass(frozen=True, slots=True)
class Ring:
    """The Cassandra ring of an estate.

    Attributes:
        nodes: one entry for each node that was asked, listed ones first, then those the ring named.
        topology: the saved ``nodetool ring``, if the estate file names one.
        declared_datacenters: member address -> data center, typed in the estate file.
        resolved: host name -> the IP addresses it resolves to on the audit host, for every host that the estate file or
            ``persistence/cassandra-nodes`` names.
    """

    nodes: tuple[Node, ...]
    topology: SavedTopology | Unknown | None = None
    declared_datacenters: Mapping[str, str] = field(default_factory=dict)
    resolved: Mapping[str, tuple[str, ...] | Unknown] = field(default_factory=dict)
