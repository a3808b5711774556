# SPDX-License-Identifier: Apache-2.0
"""Speaks the native protocol to one node in a process of its own, which its parent ends when a deadline passes.

The driver reads and decodes whatever a server sends, of any size and without a deadline; here that costs a process with
little memory and not the run. One line of JSON in, one line of JSON out: first ``Opening``, then ``Question``s.
"""

from __future__ import annotations

import errno
import json
import logging
import socket
import ssl
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypedDict

FIRST_VERSION = 4
"""The protocol version that is tried first: that of 2.2 to 4.1, and 5.0 speaks it too; older nodes are asked in theirs."""
_MEMORY = 48 * 1024 * 1024
"""Bytes that the process may take on top of what it has before it connects."""


class Opening(TypedDict):
    """How to connect: once, and with one login."""

    address: str
    port: int
    host: str
    seconds: float
    username: str | None
    password: str | None
    tls: dict[str, Any] | None


class Question(TypedDict):
    """A query, which of its columns are wanted where they are there, and whether most replicas have to agree on the answer."""

    query: str
    columns: list[str]
    seconds: float
    quorum: bool


def main() -> None:
    """Answer what stands on standard input, until it ends."""
    logging.getLogger("cassandra").addHandler(logging.NullHandler())
    logging.getLogger("cassandra").propagate = False
    threading.stack_size(512 * 1024)
    connection = None
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            if connection is None:
                connection = _connect(asked)
                answer: dict[str, Any] = {"version": connection.protocol_version}
            else:
                answer = _rows(connection, asked)
        except MemoryError:
            answer = {"trouble": "garbled", "why": "it sends more than may be read"}
        except Exception as error:  # noqa: BLE001 - it is reported, and the parent names it
            answer = _trouble(error)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _connect(opening: Opening) -> Any:
    from cassandra import ProtocolVersion  # noqa: PLC0415 - heavy; not needed to read the questions
    from cassandra.connection import DefaultEndPoint, ProtocolVersionUnsupported  # noqa: PLC0415

    connection_class = _connection_class()
    connection_class.initialize_reactor()
    tls: dict[str, Any] = {}
    if opening["tls"] is not None:
        from orsgate.probes.tls import Tls  # noqa: PLC0415 - only with TLS

        context = Tls.from_json(opening["tls"]).context()
        context.sslsocket_class = _TlsSocket
        tls = {"ssl_context": context, "ssl_options": {"server_hostname": opening["host"]}}
    _limit_memory()
    endpoint = DefaultEndPoint(opening["address"], opening["port"])
    version = FIRST_VERSION
    while True:
        try:
            return connection_class.factory(
                endpoint,
                opening["seconds"],
                protocol_version=version,
                compression=False,
                authenticator=_account(opening, version),
                **tls,
            )
        except ProtocolVersionUnsupported:
            version = ProtocolVersion.get_lower_supported(version)
            if version < ProtocolVersion.MIN_SUPPORTED:
                raise


class _Socket(socket.socket):
    """A socket whose end is an error: the driver notices none while it starts or in the middle of an answer."""

    def recv(self, size: int, flags: int = 0) -> bytes:
        return _not_ended(super().recv(size, flags))


class _TlsSocket(ssl.SSLSocket):
    """The same with TLS."""

    def recv(self, size: int = 1024, flags: int = 0) -> bytes:
        return _not_ended(super().recv(size, flags))


def _not_ended(received: bytes) -> bytes:
    if not received:
        raise ConnectionResetError(errno.ECONNRESET, "closed by the server")
    return received


def _connection_class() -> Any:
    from cassandra import DependencyException  # noqa: PLC0415

    try:
        from cassandra.cluster import DefaultConnection as Driven  # noqa: PLC0415
    except DependencyException:  # from Python 3.12 on, where the driver came without its C extension
        from cassandra.io.asyncioreactor import AsyncioConnection as Driven  # noqa: PLC0415

    class Connection(Driven):  # type: ignore[misc]
        _socket_impl = SimpleNamespace(socket=_Socket)

    return Connection


def _account(opening: Opening, version: int) -> Any:
    from cassandra.auth import PlainTextAuthProvider  # noqa: PLC0415

    if opening["username"] is None:
        return None
    if version == 1:
        return {"username": opening["username"], "password": opening["password"]}
    return PlainTextAuthProvider(opening["username"], opening["password"]).new_authenticator(opening["host"])


def _limit_memory() -> None:
    try:
        import resource  # noqa: PLC0415 - not on Windows, where the deadline alone is the fence
    except ImportError:
        return
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[0]) if sys.platform == "linux" else 0
    if pages:
        most = pages * resource.getpagesize() + _MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _rows(connection: Any, question: Question) -> dict[str, Any]:
    from cassandra import ConsistencyLevel  # noqa: PLC0415
    from cassandra.protocol import QueryMessage  # noqa: PLC0415

    message = QueryMessage(question["query"], ConsistencyLevel.QUORUM if question["quorum"] else ConsistencyLevel.ONE)
    success, answer = connection.wait_for_response(message, timeout=question["seconds"], fail_on_error=False)
    if not success:
        # What was wrong with the answer says more than that the driver then closed the connection.
        raise connection.last_error or answer
    # No rows and no table of rows are two things; the driver leaves them out, too, where it had no memory for them.
    if getattr(answer, "parsed_rows", None) is None:
        return {"trouble": "garbled", "why": "it answers SELECT without a table, or sends more than may be read"}
    if answer.paging_state is not None:
        return {"trouble": "garbled", "why": "it answers SELECT with a part of the table"}
    names = [str(name) for name in answer.column_names or ()]
    wanted = [(position, name) for position, name in enumerate(names) if name in question["columns"]]
    rows = [{name: _plain(row[position]) for position, name in wanted if row[position] is not None} for row in answer.parsed_rows]
    return {"rows": rows}


def _plain(value: Any) -> Any:
    """A value of CQL as JSON has it."""
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return {str(key): str(held) for key, held in value.items()}
    try:
        return sorted(str(each) for each in value)
    except TypeError:
        return str(value)


def _trouble(error: BaseException) -> dict[str, str]:
    from cassandra import (  # noqa: PLC0415
        AuthenticationFailed,
        InvalidRequest,
        OperationTimedOut,
        ReadTimeout,
        RequestExecutionException,
        Unauthorized,
    )
    from cassandra.connection import ConnectionException  # noqa: PLC0415
    from cassandra.protocol import ErrorMessage  # noqa: PLC0415

    if hasattr(error, "to_exception"):
        error = error.to_exception()
    kinds: tuple[tuple[str, tuple[type[BaseException], ...]], ...] = (
        ("denied", (AuthenticationFailed,)),
        ("not_allowed", (Unauthorized,)),
        ("rejected", (InvalidRequest,)),
        ("overloaded", (ReadTimeout,)),
        ("timeout", (OperationTimedOut, TimeoutError)),
        ("rejected", (ErrorMessage, RequestExecutionException)),
        ("closed", (ConnectionException, OSError)),
    )
    for kind, types in kinds:
        if isinstance(error, types):
            return {"trouble": kind, "why": str(error)}
    return {"trouble": "garbled", "why": f"{type(error).__name__}: {error}"}


if __name__ == "__main__":
    main()
