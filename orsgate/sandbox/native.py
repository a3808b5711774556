# SPDX-License-Identifier: Apache-2.0
"""A client for the native protocol, for sandbox nodes that speak no Thrift; it trusts the server, which is our own."""

from __future__ import annotations

import ipaddress
import socket
import struct
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from orsgate.sandbox.client import NoAnswer, Refused

_VERSION = 4
_ERROR, _STARTUP, _READY, _QUERY, _RESULT = 0x00, 0x01, 0x02, 0x07, 0x08
_ROWS = 2
_GLOBAL_TABLE = 1
_LEVELS = {"ANY": 0, "ONE": 1, "TWO": 2, "THREE": 3, "QUORUM": 4, "ALL": 5, "LOCAL_QUORUM": 6, "EACH_QUORUM": 7}
_COLLECTIONS = {0x20: 1, 0x21: 2, 0x22: 1}
"""List, map and set, and how many types follow."""


class NativeClient:
    """One connection to one node; made by ``connect_native``."""

    def __init__(self, stream: socket.socket, where: str) -> None:
        self._stream = stream
        self._where = where

    def start(self) -> None:
        """Opens the conversation."""
        self._ask(_STARTUP, struct.pack(">H", 1) + _string("CQL_VERSION") + _string("3.0.0"))

    def version(self) -> str:
        """The version of the native protocol that is spoken."""
        return str(_VERSION)

    def schema_versions(self) -> dict[str, list[str]]:
        """Schema version -> the members that have it, as the node has heard of them."""
        versions: dict[str, list[str]] = {}
        for address, schema, _ in self._members():
            versions.setdefault(str(uuid.UUID(bytes=schema)) if schema else "UNREACHABLE", []).append(address)
        return versions

    def token_owners(self) -> set[str]:
        """The members whose tokens the node knows."""
        return {address for address, _, tokens in self._members() if tokens}

    def add_keyspace(
        self,
        name: str,
        strategy_class: str,
        strategy_options: Mapping[str, str],
        column_families: Sequence[str],
    ) -> None:
        """Makes a keyspace with column families of bytes."""
        self.execute_cql(f"CREATE KEYSPACE {_name(name)} {_replication(strategy_class, strategy_options)}")
        for family in column_families:
            self.add_column_family(name, family)

    def update_keyspace(self, name: str, strategy_class: str, strategy_options: Mapping[str, str]) -> None:
        """Changes the strategy of a keyspace."""
        self.execute_cql(f"ALTER KEYSPACE {_name(name)} {_replication(strategy_class, strategy_options)}")

    def drop_keyspace(self, name: str) -> None:
        """Removes a keyspace."""
        self.execute_cql(f"DROP KEYSPACE {_name(name)}")

    def add_column_family(self, keyspace: str, name: str) -> None:
        """Makes a column family of bytes: a table with the columns that Thrift would give it."""
        columns = "key blob, column1 blob, value blob, PRIMARY KEY (key, column1)"
        self.execute_cql(f"CREATE TABLE {_name(keyspace)}.{_name(name)} ({columns})")

    def drop_column_family(self, keyspace: str, name: str) -> None:
        """Removes a column family."""
        self.execute_cql(f"DROP TABLE {_name(keyspace)}.{_name(name)}")

    def insert(self, keyspace: str, column_family: str, key: bytes, columns: Mapping[bytes, bytes], level: str) -> None:
        """Writes columns of one row."""
        table = f"{_name(keyspace)}.{_name(column_family)}"
        for name, value in columns.items():
            values = ", ".join(f"0x{part.hex()}" for part in (key, name, value))
            self.execute_cql(f"INSERT INTO {table} (key, column1, value) VALUES ({values})", level=level)  # noqa: S608  # quoted

    def get(self, keyspace: str, column_family: str, key: bytes, level: str) -> dict[bytes, bytes]:
        """The columns of one row; empty where there is no such row."""
        table = f"{_name(keyspace)}.{_name(column_family)}"
        rows = self.execute_cql(f"SELECT column1, value FROM {table} WHERE key = 0x{key.hex()}", level=level)  # noqa: S608  # quoted
        return {row["column1"] or b"": row["value"] or b"" for row in rows}

    def execute_cql(self, statement: str, keyspace: str | None = None, level: str | None = None) -> list[dict[str, bytes | None]]:
        """Runs a CQL 3 statement."""
        if keyspace is not None:
            self.execute_cql(f"USE {_name(keyspace)}")
        query = statement.encode()
        body = struct.pack(">i", len(query)) + query + struct.pack(">HB", _LEVELS[level or "ONE"], 0)
        answer = _Reader(self._ask(_QUERY, body))
        return answer.rows() if answer.integer() == _ROWS else []

    def _members(self) -> list[tuple[str, bytes | None, bytes | None]]:
        local = self.execute_cql("SELECT broadcast_address AS peer, schema_version, tokens FROM system.local")
        peers = self.execute_cql("SELECT peer, schema_version, tokens FROM system.peers")
        return [(str(ipaddress.ip_address(row["peer"] or b"")), row["schema_version"], row["tokens"]) for row in (*local, *peers)]

    def _ask(self, operation: int, body: bytes) -> bytes:
        try:
            self._stream.sendall(struct.pack(">BBhBi", _VERSION, 0, 0, operation, len(body)) + body)
            _, _, _, kind, length = struct.unpack(">BBhBi", self._receive(9))
            answer = self._receive(length)
        except OSError as error:
            raise NoAnswer(f"{self._where} did not answer: {error}") from error
        if kind == _ERROR:
            reader = _Reader(answer)
            reader.integer()
            raise Refused(f"{self._where} refused: {reader.string()}")
        return answer

    def _receive(self, count: int) -> bytes:
        received = b""
        while len(received) < count:
            piece = self._stream.recv(count - len(received))
            if not piece:
                raise ConnectionResetError("closed the connection")
            received += piece
        return received


class _Reader:
    """Reads the body of an answer from its beginning to its end."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._at = 0

    def integer(self) -> int:
        value: int = struct.unpack(">i", self._take(4))[0]
        return value

    def string(self) -> str:
        return self._take(self._short()).decode()

    def rows(self) -> list[dict[str, bytes | None]]:
        flags, columns = self.integer(), self.integer()
        if flags & _GLOBAL_TABLE:
            self.string(), self.string()
        names = []
        for _ in range(columns):
            names.append(self.string())
            self._skip_type()
        return [{name: self._value() for name in names} for _ in range(self.integer())]

    def _skip_type(self) -> None:
        kind = self._short()
        if kind == 0:
            self.string()
        for _ in range(_COLLECTIONS.get(kind, 0)):
            self._skip_type()

    def _value(self) -> bytes | None:
        length = self.integer()
        return None if length < 0 else self._take(length)

    def _short(self) -> int:
        value: int = struct.unpack(">H", self._take(2))[0]
        return value

    def _take(self, count: int) -> bytes:
        self._at += count
        return self._body[self._at - count : self._at]


@contextmanager
def connect_native(host: str, port: int, timeout: float) -> Iterator[NativeClient]:
    """A connection to a node's native port, whose every read may take ``timeout`` seconds.

    Raises:
        NoAnswer: nobody listens.
    """
    try:
        stream = socket.create_connection((host, port), timeout)
    except OSError as error:
        raise NoAnswer(f"{host}:{port} does not answer: {error}") from error
    with stream:
        client = NativeClient(stream, f"{host}:{port}")
        client.start()
        yield client


def _string(text: str) -> bytes:
    return struct.pack(">H", len(text.encode())) + text.encode()


def _name(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def _replication(strategy_class: str, options: Mapping[str, str]) -> str:
    pairs = {"class": strategy_class, **options}
    quote = "'"
    inside = ", ".join(f"'{key.replace(quote, 2 * quote)}': '{value.replace(quote, 2 * quote)}'" for key, value in pairs.items())
    return f"WITH replication = {{{inside}}}"
