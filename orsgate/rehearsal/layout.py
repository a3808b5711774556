# SPDX-License-Identifier: Apache-2.0
"""Which data centers the twin stands in for, with how many nodes: of the ring as read, saved, declared or asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from orsgate.estate.estate import Estate, FactUnknownError
from orsgate.estate.knowledge import Basis, Unknown, weakest
from orsgate.estate.mistakes import InputError
from orsgate.estate.ring import Ring, SavedTopology
from orsgate.rules.members import members, membership_unknown
from orsgate.rules.node_lists import NODES, host_key, parse_node_list
from orsgate.rules.topology import SIMPLE_SNITCH_DATACENTER, Topology, topology

_AS_THE_RING = "as the ring has them"
_GIVE_LAYOUT = 'give them with --datacenters "DC1:2,DC2:2"'


class PlanError(InputError):
    """A twin cannot be planned from what is known and what was asked for; the message says what to give."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The data centers of a ring, and how they are known.

    Attributes:
        nodes: data center -> number of nodes of the ring.
        source: where that is from, in words.
    """

    nodes: Mapping[str, int]
    source: str
    basis: Basis


def layout_of(
    estate: Estate, asked: Mapping[str, int] | None, saved: SavedTopology | Unknown | None, *, by_datacenter: bool
) -> Layout:
    """The data centers of the ring that the twin stands in for.

    Args:
        estate: with the facts of its ring, where they could be had.
        asked: what the user says they are; None where the ring tells.
        saved: the saved ``nodetool ring``, where the ring itself was not read.
        by_datacenter: whether any keyspace names data centers, so that the number of nodes alone is not enough.

    Raises:
        PlanError: they are not known.
    """
    if asked is not None:
        return Layout(asked, "as --datacenters says", Basis.DECLARED)
    known = known_layout(estate, saved)
    if isinstance(known, Layout):
        return known
    if by_datacenter:
        raise PlanError(f"the data centers of the ring are not known ({known.cause}); {_GIVE_LAYOUT}")
    return _without_datacenters(estate)


def known_layout(estate: Estate, saved: SavedTopology | Unknown | None) -> Layout | Unknown:
    """The data centers of the ring as read, else as saved, else as declared; or why they are not known."""
    try:
        places = topology(estate)
    except FactUnknownError as error:
        return _typed_layout(estate, saved) or error.unknown
    if places.unknown:
        ring = estate.ring
        silent = membership_unknown(ring) is not None
        known = ring.topology if isinstance(ring.topology, SavedTopology) else saved
        return (_typed_layout(estate, known) if silent else None) or places.unknown
    counts = {name: len(theirs) for name, theirs in places.datacenters.items()}
    return Layout(counts, _layout_source(estate.ring, places), weakest({located.basis for located in places.located.values()}))


def _layout_source(ring: Ring, places: Topology) -> str:
    """Where the data centers of members stand: the ring may tell its members, and not their data centers."""
    saved = ring.topology.where if isinstance(ring.topology, SavedTopology) else None
    sources: Counter[str] = Counter()
    for located in places.located.values():
        if located.basis is not Basis.OBSERVED:
            sources[f"as declared in {located.where}"] += 1
        elif saved is not None and located.where.startswith(saved):
            sources[f"as saved in {located.where}"] += 1
        else:
            sources[_AS_THE_RING] += 1
    if set(sources) == {_AS_THE_RING}:
        return _AS_THE_RING
    shown = ", ".join(f"those of {count} {source}" if len(sources) > 1 else source for source, count in sources.items())
    return f"members as the ring has them, their data centers {shown}"


def measured_layout(estate: Estate) -> dict[str, int]:
    """Data center -> nodes of the ring as it was read; empty where any of it is not known from the ring itself."""
    try:
        places, ring = topology(estate), estate.ring
    except FactUnknownError:
        return {}
    if places.unknown or _layout_source(ring, places) != _AS_THE_RING:
        return {}
    return {name: len(theirs) for name, theirs in places.datacenters.items()}


def _typed_layout(estate: Estate, saved: SavedTopology | Unknown | None) -> Layout | None:
    if isinstance(saved, SavedTopology):
        return Layout(Counter(place.datacenter for place in saved.places.values()), f"as saved in {saved.where}", Basis.OBSERVED)
    if declared := estate.snapshot.estate.cassandra.datacenters:
        where = estate.snapshot.estate_where("cassandra.datacenters")
        return Layout(Counter(declared.values()), f"as declared in {where}", Basis.DECLARED)
    return None


def _without_datacenters(estate: Estate) -> Layout:
    """A ring whose number of nodes alone is known; enough where no keyspace names data centers."""
    ring = estate.snapshot.cassandra
    if isinstance(ring, Ring) and not membership_unknown(ring):
        return Layout({SIMPLE_SNITCH_DATACENTER: len(members(ring))}, "as many as the ring has members", Basis.OBSERVED)
    if named := set(_named(estate)):
        return Layout({SIMPLE_SNITCH_DATACENTER: len(named)}, "as many as are named", Basis.DECLARED)
    raise PlanError(f"how many nodes the ring has is not known; {_GIVE_LAYOUT}")


def _named(estate: Estate) -> Iterable[str]:
    """The hosts that the estate file names, else those that the options of the applications name."""
    if nodes := estate.snapshot.estate.cassandra.nodes:
        return (host_key(node.host) for text in nodes for node in parse_node_list(text))
    settings = (estate.effective(application, NODES).setting for application in estate.in_scope)
    return (host_key(node.host) for setting in settings if setting for node in parse_node_list(setting.text))
