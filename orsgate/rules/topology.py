# SPDX-License-Identifier: Apache-2.0
"""The data center of every member of the Cassandra ring: measured, else saved, else declared."""

from __future__ import annotations

import ipaddress
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from orsgate.estate.estate import Estate
from orsgate.estate.judgement import Findings
from orsgate.estate.knowledge import Basis, Failure, Unknown
from orsgate.estate.ring import Node, Ring, SavedTopology
from orsgate.estate.wording import listed
from orsgate.rules.members import at, has_peers_table, members, membership_unknown

SIMPLE_SNITCH_DATACENTER = "datacenter1"
"""``SimpleSnitch`` puts every member there (Apache Cassandra, ``SimpleSnitch``)."""


@dataclass(frozen=True, slots=True)
class Located:
    """The data center of a member, and where that was read."""

    datacenter: str
    where: str
    basis: Basis = Basis.OBSERVED


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A data center of a member that another source contradicts.

    Attributes:
        said: what was declared or saved.
        where: where that stands.
        located: what is more certain.
    """

    member: str
    said: str
    where: str
    located: Located


@dataclass(frozen=True)
class Topology:
    """Data centers of a ring.

    Attributes:
        members: ring address of every member.
        located: member -> its data center, for those where it is known.
        unknown: why the data center of some member, or who is a member, is not known; None where all of it is.
        wrongly_declared: what the estate file declares and the ring contradicts.
        outdated: what the saved output of ``nodetool ring`` says and the ring contradicts.
        strangers: names in ``[cassandra] datacenters`` that are no members.
    """

    members: tuple[str, ...]
    located: Mapping[str, Located]
    unknown: Unknown | None
    wrongly_declared: tuple[Contradiction, ...] = ()
    outdated: tuple[Contradiction, ...] = ()
    strangers: tuple[str, ...] = ()

    @cached_property
    def datacenters(self) -> Mapping[str, tuple[str, ...]]:
        """Data center -> its members, in the order in which they became known."""
        found: dict[str, list[str]] = {}
        for member, located in self.located.items():
            found.setdefault(located.datacenter, []).append(member)
        return {name: tuple(theirs) for name, theirs in found.items()}

    @property
    def unlocated(self) -> tuple[str, ...]:
        """Members whose data center is not known."""
        return tuple(member for member in self.members if member not in self.located)

    @property
    def shown(self) -> str:
        """``DC1 (2 nodes), DC2 (1 node)``."""
        parts = (f"{name} ({len(theirs)} node{'s' * (len(theirs) != 1)})" for name, theirs in self.datacenters.items())
        return ", ".join(parts) or "none known"

    def where(self, datacenter: str = "") -> str:
        """Where ``datacenter``, or the first of all, was read."""
        theirs = self.datacenters.get(datacenter) or tuple(self.located)
        return self.located[theirs[0]].where if theirs else ""

    def used_by(self, findings: Findings) -> None:
        """Let a judgement rest on the basis of these data centers."""
        findings.rests_on(*{located.basis for located in self.located.values()})


def topology(estate: Estate) -> Topology:
    """The data centers of the ring of ``estate``.

    Measured are those that nodes themselves give (``describe_ring`` of every keyspace, from 1.2 on ``system.local`` and
    ``system.peers``), and those that ``SimpleSnitch`` and ``RackInferringSnitch`` compute for any address.
    """
    ring = estate.ring
    everyone = members(ring)
    located = _measured(ring, everyone)
    saved_unknown = ring.topology if isinstance(ring.topology, Unknown) else None
    outdated: tuple[Contradiction, ...] = ()
    if isinstance(ring.topology, SavedTopology):
        where = ring.topology.where + (f", saved {ring.topology.modified}" if ring.topology.modified else "")
        saved = {member: Located(place.datacenter, where) for member, place in ring.topology.places.items()}
        outdated = _fill(located, saved, everyone)
    declared, strangers = _declared(estate, ring, everyone)
    wrongly_declared = _fill(located, declared, everyone)
    located = {member: located[member] for member in everyone if member in located}
    missing = tuple(member for member in everyone if member not in located)
    unknown = membership_unknown(ring) or (saved_unknown or _unknown(estate, ring, missing) if missing else None)
    return Topology(everyone, located, unknown, wrongly_declared, outdated, strangers)


def _measured(ring: Ring, everyone: tuple[str, ...]) -> dict[str, Located]:
    """What most nodes say; that all of them agree is a requirement of its own (ORS-0506)."""
    votes: dict[str, Counter[str]] = {}
    where: dict[tuple[str, str], str] = {}
    for node in ring.nodes:
        for member, place in {} if isinstance(node.places, Unknown) else node.places.items():
            votes.setdefault(member, Counter())[place.datacenter] += 1
            call = "system.peers" if has_peers_table(node) else "describe_ring"
            where.setdefault((member, place.datacenter), at(node, call))
    found = {member: counted.most_common(1)[0][0] for member, counted in votes.items()}
    located = {member: Located(name, where[member, name]) for member, name in found.items()}
    snitch, teller = _snitch(ring)
    for member in everyone:
        computed = _computed(snitch, member)
        if teller is not None and computed is not None and member not in located:
            located[member] = Located(computed, at(teller, f"describe_snitch ({snitch})"))
    return located


def _snitch(ring: Ring) -> tuple[str, Node | None]:
    """The snitch that every node which tells uses, by its short name, and one such node; none where they differ."""
    told = [(node.snitch.rpartition(".")[2], node) for node in ring.nodes if isinstance(node.snitch, str)]
    return told[0] if len({name for name, _ in told}) == 1 else ("", None)


def _computed(snitch: str, member: str) -> str | None:
    if snitch == "SimpleSnitch":
        return SIMPLE_SNITCH_DATACENTER
    if snitch == "RackInferringSnitch":
        try:
            return str(ipaddress.IPv4Address(member).packed[1])
        except ValueError:
            return None
    return None


def _declared(
    estate: Estate, ring: Ring, everyone: tuple[str, ...]
) -> tuple[dict[str, Located], tuple[str, ...]]:  # fmt: skip
    """What ``[cassandra] datacenters`` says of members, and which of its keys name none; a key may be a host name."""
    declared: dict[str, Located] = {}
    strangers: list[str] = []
    known = set(everyone)
    for key, datacenter in ring.declared_datacenters.items():
        resolved = ring.resolved.get(key)
        names = (key, _shortest(key), *(resolved if isinstance(resolved, tuple) else ()))
        meant = [name for name in dict.fromkeys(names) if name in known]
        where = estate.snapshot.estate_where("cassandra.datacenters")
        declared.update((member, Located(datacenter, where, Basis.DECLARED)) for member in meant)
        strangers.extend(() if meant else (key,))
    return declared, tuple(strangers)


def _shortest(address: str) -> str:
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return address


def _fill(
    located: dict[str, Located], said: Mapping[str, Located], everyone: tuple[str, ...]
) -> tuple[Contradiction, ...]:  # fmt: skip
    """Add what is not known yet; gives what contradicts what is."""
    contradictions = []
    for member in everyone:
        theirs = said.get(member)
        if theirs is None:
            continue
        known = located.setdefault(member, theirs)
        if known.datacenter != theirs.datacenter:
            contradictions.append(Contradiction(member, theirs.datacenter, theirs.where, known))
    return tuple(contradictions)


def _unknown(estate: Estate, ring: Ring, missing: tuple[str, ...]) -> Unknown:
    """Why the data centers of ``missing`` are not known: no node could tell anything, or none can tell theirs."""
    silent = [node.places for node in ring.nodes if isinstance(node.places, Unknown)]
    if silent and len(silent) == len(ring.nodes):
        return silent[0]
    cause = (
        f"the data center of {listed(missing, 20)} is not known: run `nodetool ring` on a node, save its output and name"
        " the file in [cassandra] topology (or type the data centers in [cassandra] datacenters)"
    )
    return Unknown(cause, estate.snapshot.estate_where("cassandra.topology"), Failure.NOT_GIVEN)
