# SPDX-License-Identifier: Apache-2.0
"""What a node keeps in its own system tables, read with SELECT: release, own token, data centers, names of tables."""

from __future__ import annotations

import ipaddress
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from orsgate.estate.ring import Place
from orsgate.probes.client import Client
from orsgate.probes.codec import IDL
from orsgate.probes.trouble import THRIFT, garbled, rejected
from orsgate.wire.trouble import ProbeError

Row = Mapping[str, bytes]
"""A row: column name -> value; a column without a value is left out."""

_OWN_ROW = "SELECT * FROM LocationInfo WHERE KEY='4c'"  # the key is 'L' in hexadecimal
_SAVED_RING = "SELECT * FROM LocationInfo WHERE KEY='52696e67'"  # the key is 'Ring'
_KEY_COLUMN = b"KEY"
_UUID_BYTES = 16
_TABLE_NAMES = (
    ("SELECT keyspace_name, table_name FROM system_schema.tables", "table_name"),
    ("SELECT keyspace_name, columnfamily_name FROM system.schema_columnfamilies", "columnfamily_name"),
)


@dataclass(frozen=True, slots=True)
class Peer:
    """A member of the ring in ``system.local`` or ``system.peers`` (from 1.2 on).

    Attributes:
        address: its address in the ring; None where ``system.local`` has no column for it (1.2, 2.0).
        rpc_address: where it serves clients, if the row says so.
        place: its data center and rack, if the row says so.
        tokens: its tokens, sorted; empty where the row has none.
        release: its Cassandra release as the row says it.
    """

    address: str | None
    rpc_address: str | None
    place: Place | None
    tokens: tuple[str, ...]
    release: str | None


def release_by_cql2(client: Client) -> str:
    """The release of a 1.0 or 1.1 node, from row ``build`` of the column family ``Versions``."""
    client.call("set_keyspace", keyspace="system")
    for key, columns in _cql2(client, "SELECT * FROM Versions"):
        if key == b"build" and b"version" in columns:
            return _text(client, columns[b"version"])
    raise rejected(str(client.target), "the release", "system.Versions has no row 'build'")


def own_token(client: Client, partitioner: str) -> str:
    """The token of a 1.0 or 1.1 node, from row ``L`` of the column family ``LocationInfo``."""
    client.call("set_keyspace", keyspace="system")
    for key, columns in _cql2(client, _OWN_ROW):
        if key == b"L" and b"Token" in columns:
            return token_text(columns[b"Token"], partitioner)
    raise rejected(str(client.target), "its own token", "system.LocationInfo has no row 'L' with a token")


def saved_ring(client: Client, partitioner: str) -> dict[str, str]:
    """Token -> address of the OTHER members, as a 1.0 node has saved them in row ``Ring`` of ``LocationInfo``."""
    client.call("set_keyspace", keyspace="system")
    ring = {}
    for key, columns in _cql2(client, _SAVED_RING):
        for name, value in columns.items() if key == b"Ring" else ():
            address = _address(value)
            if name != _KEY_COLUMN and address is not None:
                ring[token_text(name, partitioner)] = address
    return ring


def token_text(token: bytes, partitioner: str) -> str:
    """A stored token as ``describe_token_map`` writes it."""
    if "ByteOrdered" in partitioner:
        return token.hex()
    if "OrderPreserving" in partitioner:
        return token.decode("utf-8", "replace")
    return str(int.from_bytes(token, "big", signed=True))


def local(client: Client) -> Peer:
    """The node itself, from ``system.local``."""
    for row in _cql3(client, "SELECT * FROM system.local"):
        return _peer(client, row, _address(row.get("broadcast_address")) or _address(row.get("listen_address")))
    raise rejected(str(client.target), "system.local", "it is empty")


def host_id(client: Client) -> str:
    """The id that a node gave itself for good, from ``system.local``; no two nodes have the same."""
    for row in _cql3(client, "SELECT * FROM system.local"):
        if len(row.get("host_id", b"")) == _UUID_BYTES:
            return str(uuid.UUID(bytes=bytes(row["host_id"])))
    raise rejected(str(client.target), "its host_id", "system.local has none")


def peers(client: Client) -> list[Peer]:
    """The other members of the ring, from ``system.peers``."""
    rows = _cql3(client, "SELECT * FROM system.peers")
    return [_peer(client, row, _address(row.get("peer"))) for row in rows if _address(row.get("peer"))]


def table_names(client: Client) -> dict[str, set[str]]:
    """Keyspace -> names of its tables (from 1.2 on: ``describe_keyspaces`` leaves CQL 3 tables out)."""
    refusal: ProbeError | None = None
    for query, column in _TABLE_NAMES:
        try:
            rows = _cql3(client, query)
        except ProbeError as error:
            if error.fatal:
                raise
            refusal = refusal or error
            continue
        names: dict[str, set[str]] = {}
        for row in rows:
            if "keyspace_name" in row and column in row:
                names.setdefault(_text(client, row["keyspace_name"]), set()).add(_text(client, row[column]))
        return names
    raise refusal or rejected(str(client.target), "the names of its tables", "it has no schema tables")


def _cql2(client: Client, query: str) -> list[tuple[bytes, dict[bytes, bytes]]]:
    answer = client.call("execute_cql_query", query=query.encode(), compression=IDL.Compression.NONE)
    return [
        (row.key, {column.name: column.value for column in row.columns if column.value is not None}) for row in answer.rows or ()
    ]


def _cql3(client: Client, query: str) -> list[dict[str, bytes]]:
    answer = client.call(
        "execute_cql3_query",
        query=query.encode(),
        compression=IDL.Compression.NONE,
        consistency=IDL.ConsistencyLevel.ONE,
    )
    return [
        {_text(client, column.name): column.value for column in row.columns if column.value is not None}
        for row in answer.rows or ()
    ]


def _peer(client: Client, row: Row, address: str | None) -> Peer:
    datacenter, rack, release = (row.get(name) for name in ("data_center", "rack", "release_version"))
    place = None
    if datacenter is not None:
        place = Place(_text(client, datacenter), _text(client, rack or b""))
    return Peer(
        address=address,
        rpc_address=_address(row.get("rpc_address")),
        place=place,
        tokens=tuple(sorted(_text_set(client, row.get("tokens", b"")))),
        release=None if release is None else _text(client, release),
    )


def _address(value: bytes | None) -> str | None:
    return str(ipaddress.ip_address(value)) if value is not None and len(value) in {4, 16} else None


def _text(client: Client, value: Any) -> str:
    try:
        return bytes(value).decode("utf-8")
    except UnicodeDecodeError:
        raise garbled(str(client.target), "a text in its system tables is not UTF-8", THRIFT) from None


def _text_set(client: Client, value: bytes) -> set[str]:
    """A ``set<text>``: count and lengths take 2 bytes each up to 2.0, 4 bytes each in 3.x (seen in 3.9)."""
    for width in (2, 4):
        items = _sized(value, width)
        if items is not None:
            return {_text(client, item) for item in items}
    return set()


def _sized(value: bytes, width: int) -> list[bytes] | None:
    count, at, items = int.from_bytes(value[:width], "big"), width, []
    for _ in range(count):
        size = int.from_bytes(value[at : at + width], "big")
        at += width
        items.append(value[at : at + size])
        at += size
        if at > len(value):
            return None
    return items if at == len(value) else None
