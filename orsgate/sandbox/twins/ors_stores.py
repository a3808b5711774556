# SPDX-License-Identifier: Apache-2.0
"""Where ORS twins persist sessions: a real Cassandra ring, or memory where a test wants speed.

Column families and the number of their columns: Genesys, "Sizing Guidance" (Session 1, SessionIDServerInfo 2). The names of the
columns and the form of the key are unconfirmed: the key is the session id, and the columns are those below.
"""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

from orsgate.estate.ring import UNREACHABLE
from orsgate.sandbox.client import Client, NoAnswer, Refused, connect
from orsgate.sandbox.errors import SandboxError
from orsgate.sandbox.twins.ors_application import OrsApplication, Persistence

SESSION = "Session"
SERVER_INFO = "SessionIDServerInfo"
_CONTENT = b"content"
_NODE, _SERVER = b"node", b"server"
_LEVEL = "ONE"
_CALL = 12.0
"""Seconds of one call: a node waits rpc_timeout_in_ms, 10 s, for a dead member."""
_AGREED_WITHIN = 60.0
_PAUSE = 0.1

T = TypeVar("T")


class StoreError(SandboxError):
    """Sessions cannot be persisted or read now; the message says why."""


@dataclass(frozen=True, slots=True)
class Row:
    """A persisted session.

    Attributes:
        content: the session, as column family ``Session`` has it.
        node: DBID of the Primary of the node that owns it, as ``SessionIDServerInfo`` says.
        server: name of the application that served it last.
    """

    content: bytes
    node: int
    server: str


class SessionStore(ABC):
    """Keeps sessions by their ids."""

    name: str
    """What it is, for people and logs."""

    @abstractmethod
    def prepare(self) -> None:
        """Makes what it needs, where that is not there yet."""

    @abstractmethod
    def write(self, key: str, row: Row) -> None:
        """Writes a row, or writes it again."""

    @abstractmethod
    def read(self, key: str) -> Row | None:
        """A row; None where there is none."""

    @abstractmethod
    def remove(self, key: str) -> None:
        """Removes a row; does nothing where there is none."""


StoreOf = Callable[[OrsApplication], SessionStore | None]
"""Gives the store of an application; None where its options ask for no persistence."""


class MemoryStore(SessionStore):
    """The memory of this process, in place of a Cassandra ring."""

    name = "memory of the twins, in place of Cassandra"

    def __init__(self) -> None:
        self.rows: dict[str, Row] = {}

    def prepare(self) -> None:
        """Needs nothing."""

    def write(self, key: str, row: Row) -> None:
        """Keeps a row."""
        self.rows[key] = row

    def read(self, key: str) -> Row | None:
        """A row; None where there is none."""
        return self.rows.get(key)

    def remove(self, key: str) -> None:
        """Forgets a row."""
        self.rows.pop(key, None)

    def of(self, application: OrsApplication) -> SessionStore | None:
        """Itself, for an application whose options ask for persistence."""
        return self if application.persistence else None


class CassandraStore(SessionStore):
    """A keyspace of a real Cassandra ring, reached by Thrift.

    Args:
        persistence: what the options of an application say; the first node that answers is used.
    """

    def __init__(self, persistence: Persistence) -> None:
        self._persistence = persistence
        self.name = f"Cassandra keyspace {persistence.keyspace} at {', '.join(persistence.nodes)}"

    @staticmethod
    def of(application: OrsApplication) -> SessionStore | None:
        """The one that the options of an application name."""
        return CassandraStore(application.persistence) if application.persistence else None

    def prepare(self) -> None:
        """Makes keyspace and column families that are not there, and waits until the ring agrees.

        That ORS makes them itself, from its strategy options, is unconfirmed.
        """
        self._ask(self._prepare)

    def write(self, key: str, row: Row) -> None:
        """Writes the columns of both column families."""

        def write(client: Client) -> None:
            named = {_NODE: str(row.node).encode(), _SERVER: row.server.encode()}
            for family, columns in ((SESSION, {_CONTENT: row.content}), (SERVER_INFO, named)):
                client.insert(self._persistence.keyspace, family, key.encode(), columns, _LEVEL)

        self._ask(write)

    def read(self, key: str) -> Row | None:
        """A row that is in both column families."""
        keyspace, encoded = self._persistence.keyspace, key.encode()

        def read(client: Client) -> tuple[Mapping[bytes, bytes], Mapping[bytes, bytes]]:
            return (
                client.get(keyspace, SESSION, encoded, _LEVEL),
                client.get(keyspace, SERVER_INFO, encoded, _LEVEL),
            )

        session, info = self._ask(read)
        if _CONTENT not in session or not info.get(_NODE, b"").isdigit():
            return None
        return Row(session[_CONTENT], int(info[_NODE]), info.get(_SERVER, b"").decode("utf-8", "replace"))

    def remove(self, key: str) -> None:
        """Removes it from both column families."""

        def remove(client: Client) -> None:
            for family in (SESSION, SERVER_INFO):
                client.remove(self._persistence.keyspace, family, key.encode(), _LEVEL)

        self._ask(remove)

    def _prepare(self, client: Client) -> None:
        wanted = self._persistence
        try:
            client.definition(wanted.keyspace)
        except Refused:
            client.add_keyspace(wanted.keyspace, wanted.strategy_class, wanted.strategy_options, (SESSION, SERVER_INFO))
        else:
            for family in (SESSION, SERVER_INFO):
                with suppress(Refused):  # it is there
                    client.add_column_family(wanted.keyspace, family)
        deadline = time.monotonic() + _AGREED_WITHIN
        while len(client.schema_versions().keys() - {UNREACHABLE}) > 1:
            if time.monotonic() > deadline:
                raise StoreError(f"the ring of {self.name} does not agree on its schema")
            time.sleep(_PAUSE)

    def _ask(self, ask: Callable[[Client], T]) -> T:
        """Asks the first node that answers.

        Raises:
            StoreError: none does, or the ring refuses.
        """
        obstacle = "no node is named"
        for node in self._persistence.nodes:
            try:
                with connect(node, self._persistence.port, _CALL) as client:
                    return ask(client)
            except NoAnswer as error:
                obstacle = str(error)
            except Refused as error:
                raise StoreError(f"{self.name}: {error}") from error
        raise StoreError(f"{self.name}: {obstacle}")
