# SPDX-License-Identifier: Apache-2.0
"""The nodes that are tried: a Primary with its Backup is one, and one of the two serves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from orsgate.estate.deployment import Response, Served
from orsgate.estate.estate import Estate
from orsgate.estate.knowledge import Failure, Unknown


@dataclass(frozen=True, slots=True)
class Node:
    """A Primary, alone or with its Backup.

    Attributes:
        name: of the Primary.
        application: the one that serves; empty where none is known to.
        url: its address.
        partner_url: the address of the other one of the pair; empty where there is none.
        cluster: the Transaction of its cluster; empty where it is in none.
        silent: why none is known to serve; None where one is.
    """

    name: str
    application: str = ""
    url: str = ""
    partner_url: str = ""
    cluster: str = ""
    silent: Unknown | None = None


def nodes_of(estate: Estate, served: Iterable[Served]) -> tuple[Node, ...]:
    """Every node in scope, in inventory order.

    Where both of a pair answer, which is a trouble of its own, the Primary is tried.

    Args:
        estate: whose nodes.
        served: what each application answered.
    """
    by_name = {each.application: each for each in served}
    backups = {pair.primary.name: pair.backup.name for pair in estate.pairs}
    found = []
    for primary in estate.primaries:
        cluster = estate.cluster_of(primary)
        names = [primary.name, *([backups[primary.name]] if primary.name in backups else [])]
        found.append(_node(names, by_name, cluster.transaction if cluster else ""))
    return tuple(found)


def _node(names: list[str], by_name: Mapping[str, Served], cluster: str) -> Node:
    asked = [by_name[name] for name in names if name in by_name]
    serving = next((each for each in asked if isinstance(each.answer, Response)), None)
    if serving is None:
        unknown = next((each.answer for each in asked if isinstance(each.answer, Unknown)), None)
        none = Unknown("whether the node serves was not asked", failure=Failure.NOT_ASKED)
        return Node(names[0], cluster=cluster, silent=unknown or none)
    partner = next((each.url for each in asked if each is not serving and each.url and each.url != serving.url), "")
    return Node(names[0], serving.application, serving.url, partner, cluster)
