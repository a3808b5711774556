# SPDX-License-Identifier: Apache-2.0
"""Planning the twin: its release, data centers and nodes, from what is known of the ring that it stands in for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from orsgate.estate.estate import Estate, FactUnknownError
from orsgate.estate.knowledge import Basis, Unknown, weakest
from orsgate.estate.mistakes import InputError
from orsgate.estate.rehearsal import Twin, TwinDatacenter, counted
from orsgate.estate.ring import Ring, SavedTopology
from orsgate.rehearsal.limits import MOST_NODES
from orsgate.rules.keyspace_requests import KeyspaceRequest
from orsgate.rules.members import members, membership_unknown, unasked
from orsgate.rules.node_lists import NODES, host_key, parse_node_list
from orsgate.rules.policy import without_thrift
from orsgate.rules.strategy import replicas_in
from orsgate.rules.topology import SIMPLE_SNITCH_DATACENTER, Topology, topology

_AS_THE_RING = "as the ring has them"
_GIVE_RELEASE = "say which one with --release"
_GIVE_BOTH = 'say both, such as --release 1.1.12 --datacenters "DC1:2,DC2:2"'
_NUMBERS = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})*")
_GIVE_LAYOUT = 'give them with --datacenters "DC1:2,DC2:2"'


class PlanError(InputError):
    """A twin cannot be planned from what is known and what was asked for; the message says what to give."""


@dataclass(frozen=True, slots=True)
class TwinOptions:
    """What the user asked for.

    Attributes:
        release: instead of that of the ring.
        datacenters: name -> number of nodes of the ring that is planned, instead of the ring as it is.
        most_nodes: the cap on the nodes of the twin.
    """

    release: str | None = None
    datacenters: Mapping[str, int] | None = None
    most_nodes: int = MOST_NODES


@dataclass(frozen=True, slots=True)
class _Layout:
    """Data center -> nodes of the ring, and how that is known."""

    nodes: Mapping[str, int]
    source: str
    basis: Basis


def plan(
    estate: Estate, requests: Collection[KeyspaceRequest], options: TwinOptions, releases: Sequence[str],
    saved: SavedTopology | Unknown | None = None,
) -> Twin:  # fmt: skip
    """Plan the twin of the ring of ``estate``.

    Args:
        estate: with the facts of its ring, where they could be had.
        requests: the keyspaces that are to be tried on it.
        options: of the user.
        releases: which can be started here.
        saved: the saved ``nodetool ring``, where the ring itself was not read.

    Raises:
        PlanError: if release or data centers are not known, or the release cannot be started here.
    """
    ring = estate.snapshot.cassandra
    known = ring if isinstance(ring, Ring) else Ring(())
    told = Counter(_as_listed(node.release, releases) for node in known.nodes if isinstance(node.release, str))
    _require_anything(estate, requests, options, told, saved)
    release, source, basis = _release(estate, options, told, releases)
    _require_startable(release, source, releases)
    layout = _layout(estate, requests, options, saved)
    counts = scaled(layout.nodes, _promised(requests), options.most_nodes)
    return Twin(
        release=release,
        release_from=source,
        release_basis=basis,
        ring_releases=tuple(found for found, _ in told.most_common()),
        ring_silent=len(unasked(known)) + len(known.nodes) - told.total(),
        ring_layout=_measured_layout(estate),
        datacenters=tuple(TwinDatacenter(name, counts[name], total) for name, total in layout.nodes.items()),
        layout_from=layout.source,
        layout_basis=layout.basis,
        most_nodes=options.most_nodes,
    )


def _require_anything(
    estate: Estate, requests: Collection[KeyspaceRequest], options: TwinOptions, told: Counter[str],
    saved: SavedTopology | Unknown | None,
) -> None:  # fmt: skip
    """Where neither release nor data centers are known, say both at once."""
    if told or options.release is not None or options.datacenters is not None or (unknown := _ring_unknown(estate)) is None:
        return
    if isinstance(_known_layout(estate, saved), _Layout) or not any(request.by_datacenter for request in requests):
        return
    raise PlanError(
        f"which Cassandra release the twin is to have, and which data centers, is not known: {unknown.cause}; {_GIVE_BOTH}"
    )


def _as_listed(release: str, releases: Sequence[str]) -> str:
    """``release`` as ``releases`` spell it, where they hold the same numbers: 3.9.0 is 3.9."""
    return next((other for other in releases if _compared(other) == _compared(release)), release)


def _compared(release: str) -> str | tuple[int, ...]:
    """The numbers of a release without zeros at its end; itself where it is more than numbers."""
    if not _NUMBERS.fullmatch(release):
        return release
    numbers = [int(part) for part in release.split(".")]
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)


def _release(estate: Estate, options: TwinOptions, told: Counter[str], releases: Sequence[str]) -> tuple[str, str, Basis]:
    if options.release is not None:
        release = _as_listed(options.release, releases)
        return release, "as --release says", Basis.OBSERVED if set(told) == {release} else Basis.DECLARED
    if not told:
        unknown = _ring_unknown(estate)
        why = f": {unknown.cause}" if unknown else ", since no node reports it"
        raise PlanError(f"which Cassandra release the twin is to have is not known{why}; {_GIVE_RELEASE}")
    release, count = told.most_common(1)[0]
    ring = estate.ring
    return release, f"as {count} of {counted(len(ring.nodes))} of the ring report", Basis.OBSERVED


def _ring_unknown(estate: Estate) -> Unknown | None:
    """Why nothing is known of the ring; None where something is."""
    try:
        ring = estate.ring
    except FactUnknownError as error:
        return error.unknown
    return next((node.release for node in ring.nodes if isinstance(node.release, Unknown)), None)


def _require_startable(release: str, source: str, releases: Sequence[str]) -> None:
    if release in releases:
        return
    if without_thrift(release):
        raise PlanError(
            f"Cassandra {release} ({source}) speaks no Thrift, by which ORS reaches Cassandra (see ORS-0501), so that there is"
            " nothing to rehearse; choose a release that ORS supports with --release"
        )
    near = nearest(release, releases)
    raise PlanError(
        f"Cassandra {release} ({source}) cannot be started on this machine; there are {', '.join(releases)}:"
        f" choose the nearest with --release {near}, and the report says that it is not the ring's"
    )


def nearest(release: str, releases: Sequence[str]) -> str:
    """The one of ``releases`` that has most of the leading parts of ``release``, and then the nearest number."""
    wanted = _numbers(release)

    def distance(other: str) -> tuple[int, int]:
        parts = _numbers(other)
        common = next((n for n, (a, b) in enumerate(zip(wanted, parts, strict=False)) if a != b), min(len(wanted), len(parts)))
        rest = abs((wanted[common : common + 1] or [0])[0] - (parts[common : common + 1] or [0])[0])
        return -common, rest

    return min(releases, key=distance)


def _numbers(release: str) -> list[int]:
    return [int(digits) if (digits := "".join(c for c in part if c in "0123456789")) else 0 for part in release.split(".")]


def _promised(requests: Iterable[KeyspaceRequest]) -> dict[str, int]:
    """Data center -> the most replicas that any keyspace is to have there."""
    found: dict[str, int] = {}
    for request in requests:
        for name, value in request.options if request.by_datacenter else ():
            found[name] = max(found.get(name, 0), replicas_in(value) or 0)
    return found


def scaled(ring: Mapping[str, int], promised: Mapping[str, int], most: int) -> dict[str, int]:
    """Data center -> nodes of a twin of at most ``most``.

    Node by node: first one for each data center that is to hold replicas, then for each other one, then as many as there
    are to be replicas, then the rest; always where there are fewest yet.
    """
    counts = dict.fromkeys(ring, 0)

    def urgency(name: str) -> tuple[int, int]:
        count, wanted = counts[name], min(promised.get(name, 0), ring[name])
        if count == 0:
            return (0, 0) if wanted else (1, 0)
        return (2, count) if count < wanted else (3, count)

    while sum(counts.values()) < most and (open_ := [name for name in ring if counts[name] < ring[name]]):
        counts[min(open_, key=urgency)] += 1
    return counts


def _layout(
    estate: Estate, requests: Collection[KeyspaceRequest], options: TwinOptions, saved: SavedTopology | Unknown | None
) -> _Layout:  # fmt: skip
    if options.datacenters is not None:
        return _Layout(options.datacenters, "as --datacenters says", Basis.DECLARED)
    known = _known_layout(estate, saved)
    if isinstance(known, _Layout):
        return known
    if any(request.by_datacenter for request in requests):
        raise PlanError(f"the data centers of the ring are not known ({known.cause}); {_GIVE_LAYOUT}")
    return _without_datacenters(estate)


def _known_layout(estate: Estate, saved: SavedTopology | Unknown | None) -> _Layout | Unknown:
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
    return _Layout(counts, _layout_source(estate.ring, places), weakest({located.basis for located in places.located.values()}))


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


def _measured_layout(estate: Estate) -> dict[str, int]:
    """Data center -> nodes of the ring as it was read; empty where any of it is not known from the ring itself."""
    try:
        places, ring = topology(estate), estate.ring
    except FactUnknownError:
        return {}
    if places.unknown or _layout_source(ring, places) != _AS_THE_RING:
        return {}
    return {name: len(theirs) for name, theirs in places.datacenters.items()}


def _typed_layout(estate: Estate, saved: SavedTopology | Unknown | None) -> _Layout | None:
    if isinstance(saved, SavedTopology):
        return _Layout(Counter(place.datacenter for place in saved.places.values()), f"as saved in {saved.where}", Basis.OBSERVED)
    if declared := estate.snapshot.estate.cassandra.datacenters:
        where = estate.snapshot.estate_where("cassandra.datacenters")
        return _Layout(Counter(declared.values()), f"as declared in {where}", Basis.DECLARED)
    return None


def _without_datacenters(estate: Estate) -> _Layout:
    """A ring whose number of nodes alone is known; enough where no keyspace names data centers."""
    ring = estate.snapshot.cassandra
    if isinstance(ring, Ring) and not membership_unknown(ring):
        return _Layout({SIMPLE_SNITCH_DATACENTER: len(members(ring))}, "as many as the ring has members", Basis.OBSERVED)
    if named := set(_named(estate)):
        return _Layout({SIMPLE_SNITCH_DATACENTER: len(named)}, "as many as are named", Basis.DECLARED)
    raise PlanError(f"how many nodes the ring has is not known; {_GIVE_LAYOUT}")


def _named(estate: Estate) -> Iterable[str]:
    """The hosts that the estate file names, else those that the options of the applications name."""
    if nodes := estate.snapshot.estate.cassandra.nodes:
        return (host_key(node.host) for text in nodes for node in parse_node_list(text))
    settings = (estate.effective(application, NODES).setting for application in estate.in_scope)
    return (host_key(node.host) for setting in settings if setting for node in parse_node_list(setting.text))
