# SPDX-License-Identifier: Apache-2.0
"""Reads one Cassandra node over the native protocol, giving the facts that Thrift gives, from its system tables."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import Any

from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.ring import Keyspace, Place
from orsgate.probes.facts import OWN, Facts, by_owner
from orsgate.probes.native_client import NativeClient, Row
from orsgate.probes.trouble import NATIVE, garbled, rejected, unplaced
from orsgate.wire.resolve import literal_address
from orsgate.wire.trouble import ProbeError, attempt

_LOCAL = (
    "cluster_name", "partitioner", "release_version", "broadcast_address", "listen_address", "rpc_address", "data_center",
    "rack", "tokens", "schema_version", "host_id",
)  # fmt: skip
_PEERS = ("peer", "rpc_address", "data_center", "rack", "tokens", "schema_version")
_LIVING = frozenset({"data_center", "tokens", "schema_version"})
"""A row of ``system.peers`` with none of these is a leftover of a member that is gone."""
_SETTINGS = "system_views.settings"
_CLASS = "class"


class NativeReader:
    """Reads a node that answers the native protocol."""

    def __init__(self, client: NativeClient, facts: Facts) -> None:
        self._client = client
        self._facts = facts
        self._local: Row | Unknown = {}
        self._peers: list[Row] | Unknown = []

    @property
    def host_id(self) -> str | None:
        """The id that the node gave itself for good; None where it was not told."""
        told = None if isinstance(self._local, Unknown) else self._local.get("host_id")
        return told if isinstance(told, str) else None

    def read(self) -> None:
        """Ask for everything."""
        facts = self._facts
        self._local = attempt(self._local_row)
        self._peers = attempt(self._peer_rows)
        for row in () if isinstance(self._peers, Unknown) else self._peers:
            served = row.get("rpc_address")  # only a hint where to ask next
            facts.add_members({str(row["peer"]): [served] if isinstance(served, str) else []})
        for name, column in (("cluster_name",) * 2, ("partitioner",) * 2, ("release", "release_version")):
            facts.learn(name, partial(self._own, column))
        facts.learn("address", self._address)
        facts.learn("schema_versions", self._schema_versions)
        facts.learn("tokens", self._tokens)
        facts.learn("places", self._places)
        facts.learn("keyspaces", self._keyspaces)
        facts.learn("snitch", self._snitch)

    def _local_row(self) -> Row:
        rows = self._client.select("system.local", _LOCAL)
        if not rows:
            raise rejected(str(self._client.target), "system.local", "it is empty")
        return rows[0]

    def _peer_rows(self) -> list[Row]:
        rows = self._client.select("system.peers", _PEERS)
        return [row for row in rows if literal_address(str(row.get("peer"))) and _LIVING & row.keys()]

    def _own(self, column: str) -> str:
        return self._text(_known(self._local), column)

    def _address(self) -> str:
        local = _known(self._local)
        for column in ("broadcast_address", "listen_address"):
            if (address := literal_address(self._text(local, column, ""))) is not None:
                return address
        # A ring of one is at the address where it was asked.
        if not _known(self._peers) and self._client.address is not None:
            return self._client.address
        raise unplaced(str(self._client.target)).at(f"{self._client.target} system.local")

    def _rows(self) -> list[tuple[str, Row]]:
        """Address and row of every member, the node's own first.

        Raises:
            ProbeError: who they are is not known whole.
        """
        local, peers = _known(self._local), _known(self._peers)
        # Before 2.1 a node does not tell its own address; the others do.
        return [(self._facts.known("address") or OWN, local), *((literal_address(str(row["peer"])) or "", row) for row in peers)]

    def _schema_versions(self) -> dict[str, tuple[str, ...]]:
        members: dict[str, list[str]] = {}
        for address, row in self._rows():
            members.setdefault(self._text(row, "schema_version", needed_of=address), []).append(address)
        self._facts.add_members({address: () for addresses in members.values() for address in addresses})
        return {version: tuple(sorted(members[version])) for version in sorted(members)}

    def _tokens(self) -> dict[str, tuple[str, ...]]:
        return by_owner(
            (token, address) for address, row in self._rows() for token in self._of_type(row, "tokens", list, needed_of=address)
        )

    def _places(self) -> dict[str, Place]:
        rows = dict(self._rows())
        return {
            address: Place(self._text(row, "data_center"), self._text(row, "rack", ""))
            for address, row in sorted(rows.items())
            if "data_center" in row
        }

    def _keyspaces(self) -> tuple[Keyspace, ...]:
        described = self._either(
            ("system_schema.keyspaces", ("keyspace_name", "replication")),
            ("system.schema_keyspaces", ("keyspace_name", "strategy_class", "strategy_options")),
        )
        families: dict[str, set[str]] = {}
        for row in self._either(
            ("system_schema.tables", ("keyspace_name", "table_name")),
            ("system.schema_columnfamilies", ("keyspace_name", "columnfamily_name")),
        ):
            name = self._text(row, "table_name", "") or self._text(row, "columnfamily_name")
            families.setdefault(self._text(row, "keyspace_name"), set()).add(name)
        found = (self._keyspace(row, families) for row in described)
        return tuple(sorted(found, key=lambda keyspace: keyspace.name))

    def _either(self, *choices: tuple[str, tuple[str, ...]]) -> list[Row]:
        """The rows of the first of these tables that the node has: up to 2.2 the schema lay elsewhere."""
        refusal: ProbeError | None = None
        for table, columns in choices:
            try:
                return self._client.select(table, columns)
            except ProbeError as error:
                if error.unknown.failure is not Failure.REJECTED:
                    raise
                refusal = refusal or error
        raise refusal or rejected(str(self._client.target), "its schema", "it has no schema tables")

    def _keyspace(self, row: Row, families: Mapping[str, set[str]]) -> Keyspace:
        name = self._text(row, "keyspace_name")
        if "replication" in row:
            options = dict(self._of_type(row, "replication", dict))
        else:
            options = {**self._json(self._text(row, "strategy_options")), _CLASS: self._text(row, "strategy_class")}
        strategy = options.pop(_CLASS, "")
        return Keyspace(name, strategy, options, tuple(sorted(families.get(name, ()))))

    def _json(self, text: str) -> dict[str, str]:
        try:
            return {str(key): str(value) for key, value in json.loads(text).items()}
        except (ValueError, AttributeError, RecursionError):
            raise self._garbled("its strategy_options are no object of JSON") from None

    def _snitch(self) -> str:
        settings = attempt(partial(self._client.select, _SETTINGS, ("name", "value")))
        for row in () if isinstance(settings, Unknown) else settings:
            if row.get("name") == "endpoint_snitch":
                return self._text(row, "value")
        if isinstance(settings, Unknown) and settings.failure is not Failure.REJECTED:
            raise ProbeError(settings)
        # Only 4.0 and later have the table.
        why = "the native protocol does not tell it before Cassandra 4.0"
        raise rejected(str(self._client.target), "the question for its snitch", why)

    def _text(self, row: Row, column: str, default: str | None = None, needed_of: str = "the node") -> str:
        if default is not None and column not in row:
            return default
        text: str = self._of_type(row, column, str, needed_of)
        return text

    def _of_type(self, row: Row, column: str, kind: type, needed_of: str = "the node") -> Any:
        if column not in row:
            whose = "the node" if needed_of == OWN else needed_of
            raise rejected(str(self._client.target), "the system tables", f"they hold no {column} of {whose}")
        if not isinstance(row[column], kind):
            raise self._garbled(f"its column {column} is of another type")
        return row[column]

    def _garbled(self, reason: str) -> ProbeError:
        return garbled(str(self._client.target), reason, NATIVE)


def _known(value: Any) -> Any:
    if isinstance(value, Unknown):
        raise ProbeError(value)
    return value
