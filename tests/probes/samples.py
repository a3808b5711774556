# SPDX-License-Identifier: Apache-2.0
"""Answers of nodes as tests need them, shaped like those recorded from Cassandra 1.1.12 and 2.2.5."""

from __future__ import annotations

import ipaddress
from typing import Any

from orsgate.probes.codec import IDL

RANDOM = "org.apache.cassandra.dht.RandomPartitioner"
MEMBERS = ("10.0.0.1", "10.0.0.2")
TOKENS = {"10.0.0.1": 0, "10.0.0.2": 2**126}


def rows(*found: tuple[bytes, dict[bytes, bytes]]) -> Any:
    """A result of CQL."""
    return IDL.CqlResult(
        type=1,
        rows=[
            IDL.CqlRow(key=key, columns=[IDL.Column(name=name, value=value) for name, value in columns.items()])
            for key, columns in found
        ],
    )


def keyspace(name: str, strategy: str = "SimpleStrategy", **options: str) -> Any:
    """A keyspace as ``describe_keyspaces`` gives it."""
    return IDL.KsDef(
        name=name,
        strategy_class=f"org.apache.cassandra.locator.{strategy}",
        strategy_options=options,
        cf_defs=[IDL.CfDef(name="Session")],
    )


def token_range(*members: tuple[str, str, str], rpc: list[str] | None = None) -> Any:
    """A range as ``describe_ring`` gives it: (address, data center, rack) of each replica."""
    return IDL.TokenRange(
        endpoints=[address for address, _, _ in members],
        rpc_endpoints=["0.0.0.0" for _ in members] if rpc is None else rpc,  # noqa: S104 - what a real node says
        endpoint_details=[IDL.EndpointDetails(host=host, datacenter=dc, rack=rack) for host, dc, rack in members],
    )


def token_bytes(token: int) -> bytes:
    """A token as Cassandra stores it."""
    return token.to_bytes(token.bit_length() // 8 + 1, "big", signed=True)


def node_1_1(address: str = "10.0.0.1", members: tuple[str, ...] = MEMBERS) -> dict[str, Any]:
    """What a node of 1.1.12 answers; both SELECTs get every row, as each looks for its own key only."""
    return {
        "describe_version": "19.33.0",
        "describe_cluster_name": "Ring",
        "describe_partitioner": RANDOM,
        "describe_snitch": "org.apache.cassandra.locator.PropertyFileSnitch",
        "describe_schema_versions": {"59adb24e-f3cd-3e02-97f0-5b395827453f": list(members)},
        "describe_keyspaces": [keyspace("system", "LocalStrategy"), keyspace("ors", replication_factor="2")],
        "describe_token_map": {str(TOKENS.get(member, number)): member for number, member in enumerate(members)},
        "describe_ring": [token_range(*[(member, "DC1", f"R{number}") for number, member in enumerate(members)])],
        "set_keyspace": None,
        "execute_cql_query": rows(
            (b"build", {b"component": b"build", b"version": b"1.1.12"}),
            (b"L", {b"KEY": b"L", b"Token": token_bytes(TOKENS.get(address, list(members).index(address)))}),
        ),
    }


def node_2_2(address: str = "10.0.0.1", **own: bytes) -> dict[str, Any]:
    """What a node of 2.2.5 answers; every SELECT gets the row of ``system.local`` and of one peer."""
    local = {
        b"release_version": b"2.2.5",
        b"broadcast_address": ipaddress.ip_address(address).packed,
        b"data_center": b"DC1",
        b"rack": b"R1",
        b"keyspace_name": b"ors",
        b"columnfamily_name": b"SessionIDServerInfo",
        b"table_name": b"SessionIDServerInfo",
        **{name.encode(): value for name, value in own.items()},
    }
    peer = {b"peer": ipaddress.ip_address("10.0.0.2").packed, b"data_center": b"DC2", b"rack": b"R2"}
    return {
        **{call: answer for call, answer in node_1_1(address).items() if call != "execute_cql_query"},
        "describe_version": "20.1.0",
        "execute_cql3_query": rows((b"", local), (b"", peer)),
    }
