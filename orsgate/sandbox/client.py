# SPDX-License-Identifier: Apache-2.0
"""A Thrift client that makes, changes and fills what a sandbox ring holds; it trusts the server, which is our own."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from orsgate.sandbox.errors import SandboxError

_IDL = Path(__file__).with_name("cassandra.thrift")
_EVERYTHING = 10_000


class NoAnswer(SandboxError):  # noqa: N818  # it is what happened
    """A node cannot be reached, or closed the connection without an answer."""


class Refused(SandboxError):  # noqa: N818  # it is what happened
    """A node understood and answered that it will not or cannot."""


@cache
def idl() -> ModuleType:
    """The parsed interface definition."""
    import thriftpy2  # noqa: PLC0415  # heavy

    module: ModuleType = thriftpy2.load(str(_IDL), module_name="orsgate_sandbox_cassandra_thrift")
    return module


class Client:
    """One connection to one node; made by ``connect``."""

    def __init__(self, stub: Any, where: str) -> None:
        self._stub = stub
        self._where = where

    def log_in(self, name: str, password: str) -> None:
        """Says who asks."""
        self._call("login", idl().AuthenticationRequest(credentials={"username": name, "password": password}))

    def version(self) -> str:
        """The version of the Thrift interface; the quickest of all questions."""
        version: str = self._call("describe_version")
        return version

    def schema_versions(self) -> dict[str, list[str]]:
        """Schema version -> the members that have it; under ``UNREACHABLE`` those that did not answer the node."""
        versions: dict[str, list[str]] = self._call("describe_schema_versions")
        return versions

    def token_owners(self) -> set[str] | None:
        """The members whose token the node knows; None where it cannot tell (before 1.1)."""
        from thriftpy2.thrift import TApplicationException  # noqa: PLC0415  # heavy

        try:
            return set(self._call("describe_token_map").values())
        except TApplicationException:
            return None

    def definition(self, keyspace: str) -> tuple[str, dict[str, str]]:
        """Strategy class and options of a keyspace."""
        found = self._call("describe_keyspace", keyspace)
        return found.strategy_class, dict(found.strategy_options or {})

    def ranges(self, keyspace: str) -> list[tuple[str, dict[str, str]]]:
        """Of each token range of a keyspace its last token, and address -> data center of the nodes that hold it."""
        return [
            (each.end_token, {detail.host: detail.datacenter for detail in each.endpoint_details or ()})
            for each in self._call("describe_ring", keyspace)
        ]

    def add_keyspace(
        self,
        name: str,
        strategy_class: str,
        strategy_options: Mapping[str, str],
        column_families: Sequence[str],
    ) -> None:
        """Makes a keyspace with column families of bytes."""
        families = [idl().CfDef(keyspace=name, name=family) for family in column_families]
        self._call("system_add_keyspace", _keyspace(name, strategy_class, strategy_options, families))

    def update_keyspace(self, name: str, strategy_class: str, strategy_options: Mapping[str, str]) -> None:
        """Changes the strategy of a keyspace."""
        self._call("system_update_keyspace", _keyspace(name, strategy_class, strategy_options, []))

    def drop_keyspace(self, name: str) -> None:
        """Removes a keyspace."""
        self._call("system_drop_keyspace", name)

    def add_column_family(self, keyspace: str, name: str) -> None:
        """Makes a column family of bytes."""
        self._call("set_keyspace", keyspace)
        self._call("system_add_column_family", idl().CfDef(keyspace=keyspace, name=name))

    def drop_column_family(self, keyspace: str, name: str) -> None:
        """Removes a column family."""
        self._call("set_keyspace", keyspace)
        self._call("system_drop_column_family", name)

    def insert(self, keyspace: str, column_family: str, key: bytes, columns: Mapping[bytes, bytes], level: str) -> None:
        """Writes columns of one row."""
        self._call("set_keyspace", keyspace)
        parent = idl().ColumnParent(column_family=column_family)
        for name, value in columns.items():
            column = idl().Column(name=name, value=value, timestamp=time.time_ns() // 1000)
            self._call("insert", key, parent, column, _level(level))

    def get(self, keyspace: str, column_family: str, key: bytes, level: str) -> dict[bytes, bytes]:
        """The columns of one row; empty where there is no such row."""
        self._call("set_keyspace", keyspace)
        everything = idl().SliceRange(start=b"", finish=b"", reversed=False, count=_EVERYTHING)
        predicate = idl().SlicePredicate(slice_range=everything)
        parent = idl().ColumnParent(column_family=column_family)
        found = self._call("get_slice", key, parent, predicate, _level(level))
        return {entry.column.name: entry.column.value for entry in found}

    def remove(self, keyspace: str, column_family: str, key: bytes, level: str) -> None:
        """Removes one row; does nothing where there is none."""
        self._call("set_keyspace", keyspace)
        path = idl().ColumnPath(column_family=column_family)
        self._call("remove", key, path, time.time_ns() // 1000, _level(level))

    def execute_cql(self, statement: str, keyspace: str | None, level: str | None) -> list[dict[str, bytes | None]]:
        """Runs a CQL statement: CQL 3 at a consistency ``level``, or CQL 2 (before 1.2) where that is None."""
        if keyspace is not None:
            self._call("set_keyspace", keyspace)
        query, plain = statement.encode(), idl().Compression.NONE
        if level is None:
            result = self._call("execute_cql_query", query, plain)
        else:
            result = self._call("execute_cql3_query", query, plain, _level(level))
        return [{column.name.decode(): column.value for column in row.columns} for row in result.rows or ()]

    def _call(self, method: str, *arguments: Any) -> Any:
        from thriftpy2.thrift import TApplicationException, TException  # noqa: PLC0415  # heavy
        from thriftpy2.transport import TTransportException  # noqa: PLC0415

        try:
            return getattr(self._stub, method)(*arguments)
        except TApplicationException:
            raise
        except (TTransportException, OSError) as error:
            raise NoAnswer(f"{self._where} did not answer {method}: {_text(error)}") from error
        except TException as error:
            why = getattr(error, "why", None) or type(error).__name__
            raise Refused(f"{self._where} refused {method}: {why}") from error


@contextmanager
def connect(
    host: str,
    port: int,
    timeout: float,
    *,
    login: tuple[str, str] | None = None,
    context: ssl.SSLContext | None = None,
) -> Iterator[Client]:
    """A connection to a node's Thrift port, whose every read may take ``timeout`` seconds.

    Args:
        host: its address.
        port: its Thrift port.
        timeout: seconds.
        login: name and password.
        context: to speak TLS.

    Raises:
        NoAnswer: nobody listens.
        Refused: it does not let us in.
    """
    from thriftpy2.protocol import TBinaryProtocolFactory  # noqa: PLC0415  # heavy
    from thriftpy2.rpc import make_client  # noqa: PLC0415
    from thriftpy2.transport import TFramedTransportFactory, TTransportException  # noqa: PLC0415

    try:
        stub = make_client(
            idl().Cassandra,
            host,
            port,
            proto_factory=TBinaryProtocolFactory(),  # type: ignore[no-untyped-call]
            trans_factory=TFramedTransportFactory(),
            timeout=int(timeout * 1000),
            ssl_context=context,
        )
    except (TTransportException, OSError) as error:
        raise NoAnswer(f"{host}:{port} does not answer: {_text(error)}") from error
    try:
        client = Client(stub, f"{host}:{port}")
        if login:
            client.log_in(*login)
        yield client
    finally:
        stub.close()


def _keyspace(name: str, strategy_class: str, options: Mapping[str, str], families: Sequence[Any]) -> Any:
    return idl().KsDef(
        name=name,
        strategy_class=strategy_class,
        strategy_options=dict(options),
        cf_defs=list(families),
        durable_writes=True,
    )


def _level(name: str) -> int:
    level: int = getattr(idl().ConsistencyLevel, name)
    return level


def _text(error: BaseException) -> str:
    return getattr(error, "message", None) or str(error) or type(error).__name__
