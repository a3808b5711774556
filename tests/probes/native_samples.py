# SPDX-License-Identifier: Apache-2.0
"""System tables of nodes as the native protocol gives them, shaped like those of 1.2, 2.1, 3.x and 4.x."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.probes.samples import MEMBERS, RANDOM, TOKENS

VERSION = "59adb24e-f3cd-3e02-97f0-5b395827453f"
HOST_ID = "8a3b2c1d-0000-4000-8000-000000000001"
SIMPLE = "org.apache.cassandra.locator.SimpleStrategy"
LOCAL = "org.apache.cassandra.locator.LocalStrategy"
Tables = dict[str, list[dict[str, Any]]]


def member(number: int, address: str, members: Sequence[str] = MEMBERS) -> dict[str, Any]:
    """What a row of ``system.local`` or ``system.peers`` says of the member ``number``."""
    return {
        "data_center": f"DC{number}",
        "rack": f"R{number}",
        "rpc_address": address,
        "schema_version": VERSION,
        "tokens": [str(TOKENS.get(address, list(members).index(address)))],
    }


def ring_tables(address: str = "10.0.0.1", members: Sequence[str] = MEMBERS, release: str = "2.1.22") -> Tables:
    """``system.local`` and ``system.peers`` of the node at ``address``."""
    told = {each: member(number, each, members) for number, each in enumerate(members, start=1)}
    own = {
        "key": "local",
        "cluster_name": "Ring",
        "partitioner": RANDOM,
        "release_version": release,
        "host_id": HOST_ID,
        "broadcast_address": address,
        "listen_address": address,
        **told.pop(address),
    }
    return {"system.local": [own], "system.peers": [{"peer": each, **row} for each, row in told.items()]}


def node_2_1(address: str = "10.0.0.1", members: Sequence[str] = MEMBERS, release: str = "2.1.22") -> Tables:
    """Up to 2.2: the schema lies in ``system``."""
    return {
        **ring_tables(address, members, release),
        "system.schema_keyspaces": [
            {"keyspace_name": "system", "strategy_class": LOCAL, "strategy_options": "{}"},
            {"keyspace_name": "ors", "strategy_class": SIMPLE, "strategy_options": '{"replication_factor":"2"}'},
        ],
        "system.schema_columnfamilies": [
            {"keyspace_name": "system", "columnfamily_name": "Session"},
            {"keyspace_name": "ors", "columnfamily_name": "SessionIDServerInfo"},
            {"keyspace_name": "ors", "columnfamily_name": "Session"},
        ],
    }


def node_1_2(address: str = "10.0.0.1", members: Sequence[str] = MEMBERS) -> Tables:
    """1.2 and 2.0 do not tell their own address."""
    tables = node_2_1(address, members, "1.2.19")
    for column in ("broadcast_address", "listen_address", "rpc_address"):
        del tables["system.local"][0][column]
    return tables


def node_3(address: str = "10.0.0.1", members: Sequence[str] = MEMBERS, release: str = "3.11.17") -> Tables:
    """From 3.0 on the schema has a keyspace of its own."""
    return {
        **ring_tables(address, members, release),
        "system_schema.keyspaces": [
            {"keyspace_name": "system", "replication": {"class": LOCAL}},
            {"keyspace_name": "ors", "replication": {"class": SIMPLE, "replication_factor": "2"}},
        ],
        "system_schema.tables": [
            {"keyspace_name": "system", "table_name": "Session"},
            {"keyspace_name": "ors", "table_name": "SessionIDServerInfo"},
            {"keyspace_name": "ors", "table_name": "Session"},
        ],
    }


def node_4(address: str = "10.0.0.1", members: Sequence[str] = MEMBERS) -> Tables:
    """From 4.0 on the settings can be read."""
    settings = [{"name": "cluster_name", "value": "Ring"}, {"name": "endpoint_snitch", "value": "GossipingPropertyFileSnitch"}]
    return {**node_3(address, members, "4.1.3"), "system_views.settings": settings}
