# SPDX-License-Identifier: Apache-2.0
"""The Cassandra ring as a panel of the drawing: its nodes on a circle, by data center, with their trouble."""

from __future__ import annotations

from collections import Counter
from math import cos, pi, sin

from orsgate.estate.estate import Estate
from orsgate.estate.judgement import Outcome
from orsgate.estate.knowledge import Unknown
from orsgate.estate.ring import Node, Ring
from orsgate.estate.wording import several
from orsgate.reporting.html.marks import MARKS, Mark
from orsgate.reporting.html.shapes import Dot, Panel, Text, fitted
from orsgate.reporting.html.trouble import Troubles

MOST_NAMED = 10
"""Nodes with their names; of more, only those with trouble are named."""
MOST_DRAWN = 48
"""Nodes on the circle; of more, those with trouble, and the rest is counted."""

_MIDDLE, _CENTER, _RADIUS = 144, 104, 56


def ring_panel(estate: Estate, troubles: Troubles) -> Panel | None:
    """The ring; None where the estate has none to ask."""
    ring = estate.snapshot.cassandra
    if ring is None:
        return None
    if isinstance(ring, Unknown) or not ring.nodes:
        unread = MARKS[Outcome.BLOCKED]
        text = Text(_MIDDLE, 24, "not read: see What was not proven")
        return Panel("Cassandra ring", "", "the ring was not read", unread, unread, 40, texts=(text,))
    marked = [(node, _mark(node, troubles)) for node in ring.nodes]
    places = _datacenters(ring)
    marked.sort(key=lambda each: (places.get(each[0].name, ""), each[1] is None))
    drawn = marked if len(marked) <= MOST_DRAWN else [each for each in marked if each[1]][:MOST_DRAWN]
    named = 0
    dots = []
    for index, (node, mark) in enumerate(drawn):
        name = len(marked) <= MOST_NAMED or (mark is not None and named < MOST_NAMED)
        named += name
        dots.append(_dot(node, mark, index / len(drawn), places.get(node.name, ""), name=name))
    rest = f" ({len(marked) - len(drawn)} nodes without trouble are not drawn)" if len(drawn) < len(marked) else ""
    worst = next((mark for _, mark in marked if mark), None)
    counts = Counter(places.get(node.name, "data center not known") for node in ring.nodes)
    lines = tuple(
        Text(_MIDDLE, 218 + 18 * index, f"{datacenter}: {several(number, 'node')}")
        for index, (datacenter, number) in enumerate(sorted(counts.items())[:8])
    )
    releases = sorted({node.release for node in ring.nodes if isinstance(node.release, str)})
    return Panel(
        title=f"Cassandra ring {_name(ring)}".strip(),
        subtitle=f"release {', '.join(releases)}" if releases else "release not known",
        said=f"{several(len(marked), 'node')}, {sum(mark is not None for _, mark in marked) or 'none'} with trouble{rest}",
        mark=worst,
        title_mark=troubles.mark(f"Cassandra ring {_name(ring)}", _name(ring)),
        height=204 + 18 * len(lines),
        dots=tuple(dots),
        texts=(Text(_MIDDLE, _CENTER + 4, several(len(marked), "node")), *lines),
        ring=_RADIUS,
    )


def _name(ring: Ring) -> str:
    return next((node.cluster_name for node in ring.nodes if isinstance(node.cluster_name, str)), "")


def _mark(node: Node, troubles: Troubles) -> Mark | None:
    found = troubles.mark(node.name, node.asked, node.asked.rpartition(":")[0])
    return found or (MARKS[Outcome.BLOCKED] if node.silence else None)


def _datacenters(ring: Ring) -> dict[str, str]:
    """Address of a member -> its data center, by whoever tells it first."""
    found = dict(ring.declared_datacenters)
    if ring.topology is not None and not isinstance(ring.topology, Unknown):
        found |= {address: place.datacenter for address, place in ring.topology.places.items()}
    for node in reversed(ring.nodes):
        if not isinstance(node.places, Unknown):
            found |= {address: place.datacenter for address, place in node.places.items()}
    return found


def _dot(node: Node, mark: Mark | None, part: float, datacenter: str, *, name: bool) -> Dot:
    angle = 2 * pi * part - pi / 2 + 0.4
    x, y = _MIDDLE + _RADIUS * cos(angle), _CENTER + _RADIUS * sin(angle)
    right = x >= _MIDDLE
    return Dot(
        x=round(x), y=round(y), kind=mark.kind if mark else "fine", mark=mark,
        text=fitted(node.name, 13) if name else "", below=fitted(datacenter, 13) if name else "",
        anchor="start" if right else "end", text_x=round(x) + (14 if right else -14), whole=node.name,
    )  # fmt: skip
