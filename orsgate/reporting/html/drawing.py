# SPDX-License-Identifier: Apache-2.0
"""The estate as a drawing: each data center of each cluster with its pairs, and the Cassandra ring; trouble is marked.

A panel is drawn for each, and panels stand beside each other as the page is wide. What is too much for one is counted:
trouble is drawn first, so that nothing that is only counted has trouble unless the panel says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from orsgate.estate.estate import Estate
from orsgate.estate.inventory import Application
from orsgate.estate.wording import several
from orsgate.reporting.html import model
from orsgate.reporting.html.marks import Mark
from orsgate.reporting.html.ring_panel import ring_panel
from orsgate.reporting.html.shapes import Box, Line, Panel, Text, fitted
from orsgate.reporting.html.trouble import Troubles, listed, troubles
from orsgate.reporting.results_json import scope_of
from orsgate.verdict.result import Result

MOST_PAIRS = 8
"""Pairs drawn in one panel; of more, those with trouble, and the rest is counted."""
MOST_PANELS = 12
"""Panels drawn; of more, those with trouble first, and the rest is counted."""

_ROW, _TOP, _HALF, _LETTERS = 38, 8, 130, 15


@dataclass(frozen=True, slots=True)
class _Node:
    """A Primary with its Backup, or an application alone."""

    primary: Application
    backup: str
    mark: Mark | None
    backup_mark: Mark | None

    @property
    def in_trouble(self) -> bool:
        return self.mark is not None or self.backup_mark is not None


def draw(estate: Estate, results: Sequence[Result]) -> model.Drawing:
    """The drawing with its trouble in words."""
    found = troubles(results, estate)
    panels, more = clusters(estate, found)
    ring = ring_panel(estate, found)
    return model.Drawing((*panels, ring) if ring else panels, more, listed(found))


def clusters(estate: Estate, troubles: Troubles) -> tuple[tuple[Panel, ...], int]:
    """The panels of the data centers of the clusters, and how many more there are."""
    if scope_of(estate) is None:
        return (), 0
    groups: dict[tuple[str, str], list[_Node]] = {}
    for node in _nodes(estate, troubles):
        cluster = estate.cluster_of(node.primary)
        label = next((m.datacenter for m in cluster.members or () if m.application == node.primary.name), "") if cluster else ""
        groups.setdefault((cluster.transaction if cluster else "", label), []).append(node)
    panels = [_panel(name, label, nodes, troubles.mark(name)) for (name, label), nodes in groups.items()]
    panels.sort(key=lambda panel: panel.mark is None)
    return tuple(panels[:MOST_PANELS]), max(0, len(panels) - MOST_PANELS)


def _nodes(estate: Estate, troubles: Troubles) -> Iterator[_Node]:
    """Every pair, then what belongs to none."""
    backups = set()
    for application in estate.primaries:
        name = application.backup if isinstance(application.backup, str) else ""
        backups.add(name)
        yield _Node(application, name, troubles.mark(application.name), troubles.mark(name) if name else None)
    for application in estate.in_scope:
        if application.primary is False and application.name not in backups:
            yield _Node(application, "", troubles.mark(application.name), None)


def _panel(cluster: str, datacenter: str, nodes: Sequence[_Node], mark: Mark | None) -> Panel:
    troubled = [node for node in nodes if node.in_trouble]
    drawn = list(nodes) if len(nodes) <= MOST_PAIRS else troubled[: MOST_PAIRS - 1]
    boxes: list[Box] = []
    texts: list[Text] = []
    lines: list[Line] = []
    for row, node in enumerate(drawn):
        top = _TOP + row * _ROW
        lines.append(Line(_HALF, top + 14, 288 - _HALF, top + 14))
        boxes.append(_box(0, top, node.primary.name, node.mark))
        boxes.append(_box(288 - _HALF, top, node.backup or "no Backup", node.backup_mark, there=bool(node.backup)))
    height = _TOP + len(drawn) * _ROW
    if rest := len(nodes) - len(drawn):
        hidden = len(troubled) - sum(node.in_trouble for node in drawn)
        said = f"{hidden} of them with trouble" if hidden else "no trouble found"
        texts.append(Text(144, height + 18, f"{several(rest, 'more pair' if drawn else 'pair')}, {said}"))
        boxes.append(Box(0, height, "many", wide=True))
        height += _ROW
    worst = next((each for node in troubled for each in (node.mark, node.backup_mark) if each), None)
    return Panel(
        title=f"Cluster {cluster}" if cluster else "In no cluster",
        subtitle=f"data center {datacenter}" if datacenter else "no data center named" if cluster else "",
        said=f"{several(len(nodes), 'Primary application')}, {len(troubled) or 'none'} with trouble",
        mark=mark or worst,
        title_mark=mark,
        height=height,
        boxes=tuple(boxes),
        lines=tuple(lines),
        texts=tuple(texts),
    )


def _box(left: int, top: int, name: str, mark: Mark | None, *, there: bool = True) -> Box:
    return Box(left, top, mark.kind if mark else "fine" if there else "many", fitted(name, _LETTERS), mark, name)
