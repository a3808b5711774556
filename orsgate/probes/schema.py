# SPDX-License-Identifier: Apache-2.0
"""The keyspaces of a node with their tables, and what ``describe_ring`` tells of each."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Any

from orsgate.estate.knowledge import Unknown
from orsgate.estate.ring import Keyspace, Place
from orsgate.probes.client import Client
from orsgate.probes.tables import table_names
from orsgate.wire.resolve import literal_address
from orsgate.wire.trouble import attempt

_SIMPLE_STRATEGY = "SimpleStrategy"


@dataclass(slots=True)
class RingView:
    """What ``describe_ring`` told, over several keyspaces.

    Attributes:
        places: member address -> data center and rack; only of members that hold replicas.
        served: member address -> the addresses at which it serves clients.
        failed: what went wrong, one for each keyspace that was not answered.
    """

    places: dict[str, Place] = field(default_factory=dict)
    served: dict[str, set[str]] = field(default_factory=dict)
    failed: list[Unknown] = field(default_factory=list)


def read_keyspaces(client: Client, *, cql3: bool) -> tuple[Keyspace, ...]:
    """Every keyspace, by name.

    Args:
        client: the node.
        cql3: whether the node has CQL 3 tables (from 1.2 on), which ``describe_keyspaces`` leaves out.

    Raises:
        ProbeError: the keyspaces or the names of their tables could not be had whole.
    """
    described = client.call("describe_keyspaces")
    names = table_names(client) if cql3 else {}
    return tuple(sorted((_keyspace(each, names.get(each.name, set())) for each in described), key=lambda ks: ks.name))


def read_rings(client: Client, keyspaces: list[str]) -> RingView:
    """``describe_ring`` of each of ``keyspaces``, taken together."""
    view = RingView()
    for keyspace in keyspaces:
        ranges = attempt(partial(client.call, "describe_ring", keyspace=keyspace))
        if isinstance(ranges, Unknown):
            view.failed.append(ranges)
            continue
        for part in ranges:
            _add_range(view, part)
    return view


def _add_range(view: RingView, part: Any) -> None:
    # Endpoints and rpc_endpoints are parallel lists; when they are not, nothing says which belongs to which.
    served = part.rpc_endpoints or []
    paired = len(served) == len(part.endpoints)
    for position, endpoint in enumerate(part.endpoints):
        addresses = view.served.setdefault(literal_address(endpoint) or endpoint, set())
        if paired:
            addresses.add(served[position])
    for member in part.endpoint_details or ():
        view.places[literal_address(member.host) or member.host] = Place(member.datacenter, member.rack or "")


def _keyspace(described: Any, tables_of_cql3: set[str]) -> Keyspace:
    options = {name: value for name, value in (described.strategy_options or {}).items() if name != "class"}
    if described.strategy_class.endswith(_SIMPLE_STRATEGY) and described.replication_factor is not None:
        options.setdefault("replication_factor", str(described.replication_factor))  # its own field before 1.0
    families = {family.name for family in described.cf_defs} | tables_of_cql3
    return Keyspace(described.name, described.strategy_class, options, tuple(sorted(families)))
