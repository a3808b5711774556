# SPDX-License-Identifier: Apache-2.0
"""Planning the twin: its release and nodes, from what is known of the ring that it stands in for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from orsgate.estate.estate import Estate, FactUnknownError
from orsgate.estate.knowledge import Basis, Unknown
from orsgate.estate.rehearsal import Twin, TwinDatacenter, counted
from orsgate.estate.ring import Ring, SavedTopology
from orsgate.rehearsal.layout import Layout, PlanError, known_layout, layout_of, measured_layout
from orsgate.rehearsal.limits import MOST_NODES
from orsgate.rules.keyspace_requests import KeyspaceRequest
from orsgate.rules.members import unasked
from orsgate.rules.policy import without_thrift
from orsgate.rules.strategy import replicas_in

_GIVE_RELEASE = "say which one with --release"
_GIVE_BOTH = 'say both, such as --release 1.1.12 --datacenters "DC1:2,DC2:2"'
_NUMBERS = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})*")


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
    by_datacenter = any(request.by_datacenter for request in requests)
    layout = layout_of(estate, options.datacenters, saved, by_datacenter=by_datacenter)
    counts = scaled(layout.nodes, _promised(requests), options.most_nodes)
    return Twin(
        release=release,
        release_from=source,
        release_basis=basis,
        ring_releases=tuple(found for found, _ in told.most_common()),
        ring_silent=len(unasked(known)) + len(known.nodes) - told.total(),
        ring_layout=measured_layout(estate),
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
    if isinstance(known_layout(estate, saved), Layout) or not any(request.by_datacenter for request in requests):
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
