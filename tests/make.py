# SPDX-License-Identifier: Apache-2.0
"""Makes estates in memory for tests of rules: a small healthy one, and the means to change it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from orsgate.estate.estate import Estate, Phase
from orsgate.estate.export import Export, parse
from orsgate.estate.inventory import Application, Cluster, Configuration, Member, Origin
from orsgate.estate.knowledge import Basis, Unknown
from orsgate.estate.ring import Keyspace, Node, Place, Ring
from orsgate.estate.schema import EstateFile
from orsgate.estate.secret import Redactor
from orsgate.estate.snapshot import PARTS, SCHEMA, Part, Snapshot

NOW = datetime(2026, 1, 31, 1, 0, tzinfo=UTC)
REDACTOR = Redactor(b"for tests only" * 3)

HEALTHY_OPTIONS = """\
[orchestration]
functions-by-urs=true
mcr-pull-by-this-node=true
mcr-pull-limit=500

[persistence]
cassandra-keyspace-name=Orchestration
cassandra-schema-version=ORS8140000
cassandra-strategy-class=NetworkTopologyStrategy
cassandra-strategy-options=DC1:2;DC2:2
cassandra-nodes=10.0.0.1;10.0.0.2
cassandra-listenport=9160
"""


def export(text: str = HEALTHY_OPTIONS, place: str = "exports/ORS_1.cfg") -> Export:
    """An export parsed from its text."""
    return parse(text.encode(), place, REDACTOR)


def ors(name: str, options: str | Export | Unknown = HEALTHY_OPTIONS, **fields: Any) -> Application:
    """An ORS application connected to a SIP Server, a URS and an Interaction Server, with a rollback export.

    A last comment makes its files other ones than those of other applications (ORS-0108).
    """
    read = export(f"{options}\n; {name}\n", f"exports/{name}.cfg") if isinstance(options, str) else options
    given: dict[str, Any] = {
        "origin": Origin("estate.toml", {"": 10}),
        "version": "8.1.200.50",
        "host": f"host-{name.lower()}",
        "connections": ("SIP_1", "URS_1", "IXN_1"),
        "tenants": ("Environment",),
        "ports": {"default": 7200, "http": 7210},
        "rollback": export(f"[orchestration]\nget-list-item-by-urs=true\n; {name}\n", f"rollback/{name}.cfg"),
    }
    return Application(name=name, options=read, **(given | fields))


def server(name: str, kind: str, **fields: Any) -> Application:
    """A server that is no ORS."""
    return Application(name=name, type=kind, origin=Origin("estate.toml", {"": 90}), **fields)


SERVERS = (
    server("SIP_1", "SIP Server"),
    server("URS_1", "Universal Routing Server"),
    server("IXN_1", "Interaction Server"),
)


def cluster(name: str = "ORS_Cluster", members: dict[str, str] | None = None, **fields: Any) -> Cluster:
    """A cluster Transaction; a member key with ``#`` is disabled."""
    listed = {"ORS_1": "DC1", "ORS_2": "DC2"} if members is None else members
    found = tuple(
        Member(key.removeprefix("#"), datacenter, not key.startswith("#"), 80 + number)
        for number, (key, datacenter) in enumerate(listed.items())
    )
    return Cluster(transaction=name, origin=Origin("estate.toml", {"": 80}), **({"members": found} | fields))


def pair(name: str, options: str = HEALTHY_OPTIONS, **fields: Any) -> tuple[Application, Application]:
    """A Primary and its Backup, alike."""
    backup = f"{name}_B"
    primary = ors(name, options, backup=backup, redundancy="warm standby", **fields)
    return primary, ors(backup, options, primary=False, rollback=None, new=True, **fields)


NODE_PLACES = {
    "10.0.0.1": Place("DC1", "RAC1"), "10.0.0.2": Place("DC2", "RAC1"),
    "10.0.0.3": Place("DC1", "RAC1"), "10.0.0.4": Place("DC2", "RAC1"),
}  # fmt: skip
KEYSPACE = Keyspace(
    "Orchestration", "org.apache.cassandra.locator.NetworkTopologyStrategy", {"DC1": "2", "DC2": "2"},
    ("Session", "SessionIDServerInfo"),
)  # fmt: skip


def node(address: str, **fields: Any) -> Node:
    """A node of the healthy 1.1.12 ring of four in two data centers."""
    given: dict[str, Any] = {
        "asked": f"{address}:9160",
        "listed": True,
        "address": address,
        "thrift": "19.33.0",
        "release": "1.1.12",
        "cluster_name": "ORS",
        "partitioner": "org.apache.cassandra.dht.RandomPartitioner",
        "snitch": "org.apache.cassandra.locator.PropertyFileSnitch",
        "schema_versions": {"aaaa": tuple(NODE_PLACES)},
        "keyspaces": (Keyspace("system", "LocalStrategy", {}, ("Versions",)), KEYSPACE),
        "places": NODE_PLACES,
        "tokens": {member: (str(index * 2**125),) for index, member in enumerate(NODE_PLACES)},
    }
    return Node(**(given | fields))


def ring(*nodes: Node, **fields: Any) -> Ring:
    """A ring; without nodes the healthy one."""
    return Ring(nodes or tuple(node(address) for address in NODE_PLACES), **fields)


def estate(
    applications: tuple[Application, ...] | None = None,
    clusters: tuple[Cluster, ...] | None = None,
    cassandra: Ring | Unknown | None = None,
    *,
    phase: Phase = "readiness",
    live: bool = False,
    file: dict[str, Any] | None = None,
    configuration: dict[str, Any] | None = None,
    **estate_keys: Any,
) -> Estate:
    """An estate; without arguments a healthy one of two pairs in one cluster on the healthy ring.

    Args:
        applications: instead of the two healthy pairs and their servers.
        clusters: instead of the healthy cluster.
        cassandra: instead of the healthy ring.
        phase: what is judged.
        live: whether the configuration claims a live source.
        file: further tables of the estate file, e.g. ``{"policy": {...}}``.
        configuration: fields of the configuration, e.g. ``{"server": "cfg-1:2020"}``.
        estate_keys: keys of ``[estate]``; None removes one.
    """
    if applications is None:
        applications = (*pair("ORS_1"), *pair("ORS_2"), *SERVERS)
    keys = {
        "name": "Made up", "from_release": "8.1.200.50", "to_release": "8.1.400.27",
        "persistence": "cassandra", "multimedia": True, "rollback": "rollback", "session_loss_accepted_by": "R. Example",
    } | estate_keys  # fmt: skip
    document = {"estate": {key: value for key, value in keys.items() if value is not None}, **(file or {})}
    read = Configuration(
        source="gax" if live else "files",
        live=live,
        basis=Basis.OBSERVED if live else Basis.DECLARED,
        applications=applications,
        clusters=(cluster(),) if clusters is None else clusters,
        rollback_directory="rollback",
    )
    return Estate(
        Snapshot(
            schema=SCHEMA, tool="orsgate test", estate=EstateFile.model_validate(document), estate_path="estate.toml",
            estate_lines={}, started=NOW,
            parts=tuple(Part(name, "jump", "tester", NOW) for name in PARTS),
            configuration=replace(read, **(configuration or {})), cassandra=ring() if cassandra is None else cassandra,
        ),
        phase,
    )  # fmt: skip


def changed(applications: tuple[Application, ...], name: str, **fields: Any) -> tuple[Application, ...]:
    """``applications`` with fields of the one named ``name`` replaced."""
    return tuple(replace(item, **fields) if item.name == name else item for item in applications)
