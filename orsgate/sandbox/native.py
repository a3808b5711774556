# SPDX-License-Identifier: Apache-2.0
"""A client of the native protocol that makes, changes and fills what a sandbox ring holds, on ``cassandra-driver``."""

from __future__ import annotations

import ipaddress
import logging
import ssl
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from orsgate.estate.ring import UNREACHABLE
from orsgate.sandbox.client import NoAnswer, Refused

if TYPE_CHECKING:
    from cassandra.cluster import Session

logging.getLogger("cassandra").addHandler(logging.NullHandler())  # it tells standard error of every node that is not up yet


class NativeClient:
    """A conversation with one node; made by ``connect_native``."""

    def __init__(self, session: Session, host: str, port: int) -> None:
        self._session = session
        self._host = host
        self._where = f"{host}:{port}"

    def version(self) -> str:
        """The version of the native protocol that is spoken."""
        return str(self._session.cluster.protocol_version)

    def schema_versions(self) -> dict[str, list[str]]:
        """Schema version -> the members that have it, as the node has heard of them."""
        versions: dict[str, list[str]] = {}
        for address, schema, _ in self._members():
            versions.setdefault(str(uuid.UUID(bytes=schema)) if schema else UNREACHABLE, []).append(address)
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
        """Runs a CQL 3 statement at a consistency ``level``, ``ONE`` by default; values come as the bytes that were sent."""
        from cassandra import ConsistencyLevel  # noqa: PLC0415  # heavy
        from cassandra.query import SimpleStatement  # noqa: PLC0415

        consistency = ConsistencyLevel.name_to_value[level or "ONE"]
        with _told_plainly(self._where):
            if keyspace is not None:
                self._session.set_keyspace(keyspace)
            return list(self._session.execute(SimpleStatement(statement, consistency_level=consistency)))

    def _members(self) -> list[tuple[str, bytes | None, bytes | None]]:
        # Before 2.1 a node does not tell its own address: it is the one where it was asked.
        (local,) = self.execute_cql("SELECT schema_version, tokens FROM system.local")
        peers = self.execute_cql("SELECT peer, schema_version, tokens FROM system.peers")
        named = [(str(ipaddress.ip_address(row["peer"] or b"")), row) for row in peers]
        return [(address, row["schema_version"], row["tokens"]) for address, row in ((self._host, local), *named)]


@contextmanager
def connect_native(
    host: str,
    port: int,
    timeout: float,
    *,
    protocol: int,
    login: tuple[str, str] | None = None,
    context: ssl.SSLContext | None = None,
) -> Iterator[NativeClient]:
    """A conversation with the node at a native port, and with no other that it knows.

    Args:
        host: its address.
        port: its native port.
        timeout: seconds that connecting and each answer may take.
        protocol: version of the native protocol.
        login: name and password.
        context: to speak TLS.

    Raises:
        NoAnswer: nobody listens, or answers in time.
        Refused: it does not let us in.
    """
    from cassandra.cluster import EXEC_PROFILE_DEFAULT, Cluster, ExecutionProfile  # noqa: PLC0415  # heavy
    from cassandra.policies import (  # noqa: PLC0415
        FallthroughRetryPolicy,
        HostDistance,
        WhiteListRoundRobinPolicy,
    )
    from cassandra.query import dict_factory  # noqa: PLC0415

    from orsgate.sandbox.raw_rows import RawRows  # noqa: PLC0415

    profile = ExecutionProfile(
        load_balancing_policy=WhiteListRoundRobinPolicy([host]),
        retry_policy=FallthroughRetryPolicy(),
        request_timeout=timeout,
        row_factory=dict_factory,
    )
    cluster = Cluster(
        [host],
        port=port,
        auth_provider=_credentials(login, protocol) if login else None,
        ssl_context=context,
        protocol_version=protocol,
        execution_profiles={EXEC_PROFILE_DEFAULT: profile},
        connect_timeout=timeout,
        control_connection_timeout=timeout,
        schema_metadata_enabled=False,
        token_metadata_enabled=False,
        status_event_refresh_window=-1,
        max_schema_agreement_wait=0,  # the sandbox looks for itself
        idle_heartbeat_interval=0,
    )
    if protocol <= 2:
        cluster.set_core_connections_per_host(HostDistance.LOCAL, 1)
    try:
        with _told_plainly(f"{host}:{port}"):
            session = cluster.connect()
            session.client_protocol_handler = RawRows
        yield NativeClient(session, host, port)
    finally:
        cluster.shutdown()


@contextmanager
def _told_plainly(where: str) -> Iterator[None]:
    """Raises ``NoAnswer`` or ``Refused`` for what the driver raises."""
    from cassandra import AuthenticationFailed, DriverException, OperationTimedOut  # noqa: PLC0415  # heavy
    from cassandra.cluster import NoHostAvailable  # noqa: PLC0415
    from cassandra.connection import ConnectionException  # noqa: PLC0415
    from cassandra.protocol import ErrorMessage  # noqa: PLC0415

    try:
        yield
    except NoHostAvailable as error:
        # Which of a handful of attempts comes first is chance; that the password was wrong explains all others.
        causes = list(error.errors.values()) if isinstance(error.errors, dict) else []
        for cause in causes:
            if isinstance(cause, AuthenticationFailed):
                raise Refused(f"{where} refused the login: {cause}") from error
        raise NoAnswer(f"{where} does not answer: {causes[0] if causes else error}") from error
    except (OperationTimedOut, ConnectionException) as error:
        raise NoAnswer(f"{where} did not answer: {error}") from error
    except ErrorMessage as error:
        raise Refused(f"{where} refused: {error.message}") from error
    except DriverException as error:
        raise Refused(f"{where} refused: {error}") from error


def _credentials(login: tuple[str, str], protocol: int) -> Any:
    """What the driver wants to know a login by: before version 2 of the protocol, that is a function."""
    from cassandra.auth import PlainTextAuthProvider  # noqa: PLC0415  # heavy

    name, password = login
    return PlainTextAuthProvider(name, password) if protocol > 1 else lambda _host: {"username": name, "password": password}


def _name(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def _replication(strategy_class: str, options: Mapping[str, str]) -> str:
    pairs = {"class": strategy_class, **options}
    quote = "'"
    inside = ", ".join(f"'{key.replace(quote, 2 * quote)}': '{value.replace(quote, 2 * quote)}'" for key, value in pairs.items())
    return f"WITH replication = {{{inside}}}"
