# SPDX-License-Identifier: Apache-2.0
"""Who belongs to the Cassandra ring, and which of its members were asked."""

from __future__ import annotations

from collections.abc import Iterator

from orsgate.estate.judgement import Findings
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.ring import Node, Ring

RING = "Cassandra ring"
"""How reports call a ring whose name is not known."""

NO_NODES = Unknown(
    "no Cassandra node is named: set nodes in [cassandra], or persistence/cassandra-nodes on the applications",
    failure=Failure.NOT_GIVEN,
)


def members(ring: Ring) -> tuple[str, ...]:
    """The ring address of every member that any node names, those that were asked first."""
    found: dict[str, None] = {}
    for node in ring.nodes:
        if isinstance(node.address, str) and node.address:
            found[node.address] = None
    for node in ring.nodes:
        found.update(dict.fromkeys(named_by(node)))
    return tuple(found)


def named_by(node: Node) -> Iterator[str]:
    """Every member that a node names, some more than once."""
    if not isinstance(node.schema_versions, Unknown):
        for addresses in node.schema_versions.values():
            yield from addresses
    for told in (node.places, node.tokens):
        if not isinstance(told, Unknown):
            yield from told


def membership_unknown(ring: Ring) -> Unknown | None:
    """Why it is not known who belongs to the ring; None where at least one node lists all members.

    ``describe_schema_versions`` lists every member, those that do not answer too.
    """
    unknown: Unknown | None = None
    for node in ring.nodes:
        if not isinstance(node.schema_versions, Unknown):
            return None
        unknown = unknown or node.schema_versions
    return unknown or NO_NODES


def unasked(ring: Ring) -> tuple[str, ...]:
    """Members of the ring that nobody asked."""
    asked = {name_of(node) for node in ring.nodes}
    return tuple(member for member in members(ring) if member not in asked)


def name_of(node: Node) -> str:
    """How reports call a node: its ring address where that is known, else what was asked."""
    return node.name or node.asked


def ring_name(ring: Ring) -> str:
    """How reports call the ring: the cluster name of its first node that gives one."""
    names = (node.cluster_name for node in ring.nodes)
    return next((f"{RING} {name}" for name in names if isinstance(name, str) and name), RING)


def every_node(ring: Ring, findings: Findings) -> tuple[Node, ...]:
    """Every node that was asked; a ring without nodes, and a member that was not asked, become gaps."""
    if not ring.nodes:
        findings.gap(RING, NO_NODES)
    for member in unasked(ring):
        cause = f"{member} is a member of the Cassandra ring and was not asked"
        findings.gap(member, Unknown(cause, failure=Failure.NOT_ASKED))
    findings.subject(*map(name_of, ring.nodes))
    return ring.nodes


_BY_THRIFT_ALONE = frozenset({"describe_snitch", "describe_schema_versions"})
"""What Thrift is asked for where a node answers both, since the native protocol does not tell it, or not as much."""
_NATIVELY = {
    "describe_schema_versions": "system.peers",
    "describe_token_map": "system.peers",
    "describe_ring": "system.peers",
    "describe_snitch": "system_views.settings",
}
"""The tables that tell over the native protocol what these calls tell over Thrift; ``system.local`` does for the others."""


def at(node: Node, call: str) -> str:
    """Where a fact of a node was read, ``call`` over Thrift: ``host:port call``, or ``host:port table``."""
    name = call.partition(" ")[0]
    if not node.native or (name in _BY_THRIFT_ALONE and isinstance(node.thrift, str)):
        return f"{node.thrift_at or node.asked} {call}"
    if call.startswith("system"):
        return f"{node.native} {call}"
    if name == "describe_keyspaces":
        old = isinstance(node.release, str) and node.release.startswith(("1.", "2."))
        return f"{node.native} {'system.schema_keyspaces' if old else 'system_schema.keyspaces'}"
    return f"{node.native} {_NATIVELY.get(name, 'system.local')}{call.removeprefix(name)}"


def has_peers_table(node: Node) -> bool:
    """Whether release and data centers stand in ``system.local`` and ``system.peers``: from Cassandra 1.2 on."""
    return isinstance(node.release, str) and not node.release.startswith(("0.", "1.0", "1.1"))
