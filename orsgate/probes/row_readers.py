# SPDX-License-Identifier: Apache-2.0
"""Asks one Cassandra node whether a row is there, by its exact key: over Thrift, as ORS does, or over the native protocol.

No value is ever read, so that nothing of a session leaves the ring, and nothing is scanned: Thrift counts up to one
column of the row, and CQL selects its key alone.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from orsgate.estate.knowledge import Failure, Unknown
from orsgate.probes import tables
from orsgate.probes.client import Client
from orsgate.probes.codec import IDL
from orsgate.probes.native_client import NativeClient
from orsgate.probes.thrift_node import has_cql3
from orsgate.probes.trouble import rejected
from orsgate.wire.trouble import ProbeError, quote

_ONE_COLUMN = IDL.SlicePredicate(slice_range=IDL.SliceRange(start=b"", finish=b"", reversed=False, count=1))
_TEXT_TYPES = ("text", "ascii", "varchar", "UTF8Type", "AsciiType")
_BYTES_TYPES = ("blob", "BytesType")
_THRIFT_KEY = "key"
"""What CQL calls the key of a column family that was made over Thrift, where nobody named it."""

TextRow = Mapping[str, str]


class RowReader(ABC):
    """Asks one node for rows of one keyspace.

    Attributes:
        where: ``host:port keyspace``.
    """

    def __init__(self, asked: str, keyspace: str) -> None:
        self.where = f"{asked} {keyspace}"
        self._asked = asked
        self._keyspace = keyspace

    @abstractmethod
    def families(self) -> frozenset[str]:
        """The names of the column families in the keyspace.

        Raises:
            ProbeError: they could not be had; ``missing`` where there is no such keyspace.
        """

    @abstractmethod
    def holds(self, family: str, key: str, *, quorum: bool) -> bool:
        """Whether the row ``key`` is in a column family, as one replica knows it, or as most of them do.

        Raises:
            ProbeError: it could not be told.
        """

    def _no_keyspace(self) -> ProbeError:
        cause = f"the keyspace {self._keyspace} does not exist in the ring of {self._asked} (ORS makes it when it starts)"
        return ProbeError(Unknown(cause, self.where, Failure.MISSING), fatal=False)


class CqlRowReader(RowReader):
    """Asks in CQL 3, over whichever protocol."""

    @abstractmethod
    def select(self, call: str, cql: str, columns: tuple[str, ...], *, quorum: bool = False) -> list[TextRow]:
        """The rows that a SELECT gives, with those of ``columns`` that they have.

        Raises:
            ProbeError: it gave no answer.
        """

    def families(self) -> frozenset[str]:
        """The names of the column families in the keyspace."""
        of = f"WHERE keyspace_name = {_literal(self._keyspace)}"
        rows = self._first(
            f"SELECT table_name FROM system_schema.tables {of}",  # noqa: S608 - all of it is quoted
            f"SELECT columnfamily_name FROM system.schema_columnfamilies {of}",  # noqa: S608
            columns=("table_name", "columnfamily_name"),
        )
        if not rows and not self._first(
            f"SELECT keyspace_name FROM system_schema.keyspaces {of}",  # noqa: S608
            f"SELECT keyspace_name FROM system.schema_keyspaces {of}",  # noqa: S608
            columns=("keyspace_name",),
        ):
            raise self._no_keyspace()
        return frozenset(name for row in rows for name in row.values())

    def holds(self, family: str, key: str, *, quorum: bool) -> bool:
        """Whether the row ``key`` is in a column family."""
        column, kind = self._key_of(family)
        if kind in _TEXT_TYPES:
            value = _literal(key)
        elif kind in _BYTES_TYPES:
            value = f"0x{key.encode().hex()}"
        else:
            why = f"its key {quote(column)} is of the type {quote(kind)}, and a session id is a text"
            raise rejected(self._asked, f"the look-up in {self._keyspace}.{family}", why)
        called = f"{_name(self._keyspace)}.{_name(family)}"
        cql = f"SELECT {_name(column)} FROM {called} WHERE {_name(column)} = {value} LIMIT 1"  # noqa: S608 - all of it is quoted
        return bool(self.select(f"the look-up in {called}", cql, (), quorum=quorum))

    def _key_of(self, family: str) -> tuple[str, str]:
        """Name and type of the only column of the partition key."""
        of = f"WHERE keyspace_name = {_literal(self._keyspace)} AND"
        rows = self._first(
            f"SELECT column_name, kind, type FROM system_schema.columns {of} table_name = {_literal(family)}",  # noqa: S608 - quoted
            f"SELECT column_name, type, validator FROM system.schema_columns {of} columnfamily_name = {_literal(family)}",  # noqa: S608
            columns=("column_name", "kind", "type", "validator"),
            may_be_rejected=True,  # 1.2 has no types there
        )
        keys = [
            (row["column_name"], row.get("validator") or row.get("type", ""))
            for row in rows
            if "column_name" in row and "partition_key" in {row.get("kind"), row.get("type")}
        ]
        if not keys:
            keys = self._aliased_key(family, of)
        if len(keys) != 1:
            why = f"its key has {len(keys)} columns, and that of a session has one"
            raise rejected(self._asked, f"the look-up in {self._keyspace}.{family}", why)
        name, kind = keys[0]
        return name, kind.rpartition(".")[2]

    def _aliased_key(self, family: str, of: str) -> list[tuple[str, str]]:
        """The key as 1.2 keeps it."""
        cql = f"SELECT key_aliases, key_validator FROM system.schema_columnfamilies {of} columnfamily_name = {_literal(family)}"  # noqa: S608
        for row in self.select("system.schema_columnfamilies", cql, ("key_aliases", "key_validator")):
            try:
                names = json.loads(row.get("key_aliases", "[]"))
            except (ValueError, RecursionError):
                names = None
            if isinstance(names, list):
                return [(str(name), row.get("key_validator", "")) for name in names or [_THRIFT_KEY]]
        return []

    def _first(self, *queries: str, columns: tuple[str, ...], may_be_rejected: bool = False) -> list[TextRow]:
        """The rows of the first of these SELECTs that the node understands: the schema lies elsewhere from 3.0 on."""
        refusal: ProbeError | None = None
        for cql in queries:
            try:
                return self.select("its schema", cql, columns)
            except ProbeError as error:
                if error.unknown.failure is not Failure.REJECTED:
                    raise
                refusal = error
        if refusal is None or may_be_rejected:
            return []
        raise refusal


class NativeRowReader(CqlRowReader):
    """Asks over the native protocol."""

    def __init__(self, client: NativeClient, keyspace: str) -> None:
        super().__init__(str(client.target), keyspace)
        self._client = client

    def select(self, call: str, cql: str, columns: tuple[str, ...], *, quorum: bool = False) -> list[TextRow]:
        """The rows that a SELECT gives."""
        rows = self._client.query(call, cql, columns, quorum=quorum)
        return [{name: str(value) for name, value in row.items()} for row in rows]


class ThriftCqlRowReader(CqlRowReader):
    """Asks in CQL 3 over Thrift, for tables that are no column families of Thrift."""

    def __init__(self, client: Client, keyspace: str) -> None:
        super().__init__(str(client.target), keyspace)
        self._client = client

    def select(self, call: str, cql: str, columns: tuple[str, ...], *, quorum: bool = False) -> list[TextRow]:  # noqa: ARG002 - Thrift names its call
        """The rows that a SELECT gives."""
        answer = self._client.call(
            "execute_cql3_query", query=cql.encode(), compression=IDL.Compression.NONE, consistency=_level(quorum=quorum)
        )
        return [
            {
                name: bytes(column.value).decode("utf-8", "replace")
                for column in row.columns
                if column.value is not None and (name := bytes(column.name).decode("utf-8", "replace")) in columns
            }
            for row in answer.rows or ()
        ]


class ThriftRowReader(RowReader):
    """Asks over Thrift; the key is the bytes of the text (unconfirmed)."""

    def __init__(self, client: Client, keyspace: str) -> None:
        super().__init__(str(client.target), keyspace)
        self._client = client
        self._cql = ThriftCqlRowReader(client, keyspace)
        self._described: frozenset[str] = frozenset()

    def families(self) -> frozenset[str]:
        """The names of the column families in the keyspace; tables of CQL 3 are among them."""
        version = self._client.call("describe_version")
        described = {each.name: each for each in self._client.call("describe_keyspaces")}
        found = described.get(self._keyspace)
        if found is None:
            raise self._no_keyspace()
        self._described = frozenset(family.name for family in found.cf_defs)
        if not has_cql3(version):
            return self._described
        return self._described | tables.table_names(self._client).get(self._keyspace, set())

    def holds(self, family: str, key: str, *, quorum: bool) -> bool:
        """Whether the row ``key`` is in a column family."""
        if family not in self._described:
            return self._cql.holds(family, key, quorum=quorum)
        self._client.call("set_keyspace", keyspace=self._keyspace)
        count: int = self._client.call(
            "get_count",
            key=key.encode(),
            column_parent=IDL.ColumnParent(column_family=family),
            predicate=_ONE_COLUMN,
            consistency_level=_level(quorum=quorum),
        )
        return count > 0


def _level(*, quorum: bool) -> Any:
    return IDL.ConsistencyLevel.QUORUM if quorum else IDL.ConsistencyLevel.ONE


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
