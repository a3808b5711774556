# SPDX-License-Identifier: Apache-2.0
"""Servers in the test process that do exactly what a test says, on a real socket."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self

from thriftpy2.protocol.binary import TBinaryProtocol
from thriftpy2.thrift import TApplicationException, TMessageType

from orsgate.probes.bounds import Walk
from orsgate.probes.codec import IDL
from orsgate.probes.transport import Target

Script = Callable[[socket.socket, threading.Event], None]
"""What to do with a connection; the event is set when the test is over."""


class Server:
    """Listens on a loopback port and runs ``script`` for each connection, until the ``with`` block ends."""

    def __init__(self, script: Script, host: str = "127.0.0.1") -> None:
        self._script = script
        self._listener = socket.create_server((host, 0))
        self._over = threading.Event()
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self.connections = 0

    @property
    def target(self) -> Target:
        host, port = self._listener.getsockname()[:2]
        return Target(host, port)

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._over.set()
        # Closing a listener does not wake its accept(); a last connection does.
        with socket.create_connection(self._listener.getsockname()):
            self._threads[0].join()
        for connection in self._open:
            _shut(connection)
        for thread in self._threads:
            thread.join()
        self._listener.close()

    def _start(self, run: Callable[..., None], *arguments: Any) -> None:
        thread = threading.Thread(target=run, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            if self._over.is_set():
                connection.close()
                return
            self.connections += 1
            self._open.append(connection)
            self._start(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            try:
                self._script(connection, self._over)
            except OSError:
                return  # the client has gone, as some of the tests want it to
            _shut(connection)


def _shut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it is closed already


def read_call(connection: socket.socket) -> tuple[str, int] | None:
    """Name and sequence id of the next call, None when the client has closed."""
    header = _exactly(connection, 4)
    if header is None:
        return None
    message = _exactly(connection, int.from_bytes(header, "big"))
    if message is None:
        return None
    name, _, seqid = Walk(message).header()
    return name, seqid


def _exactly(connection: socket.socket, count: int) -> bytearray | None:
    data = bytearray()
    while len(data) < count:
        chunk = connection.recv(count - len(data))
        if not chunk:
            return None
        data += chunk
    return data


def frame(message: bytes) -> bytes:
    """``message`` behind its length."""
    return len(message).to_bytes(4, "big") + message


class _Out:
    def __init__(self) -> None:
        self.data = b""

    def write(self, data: bytes) -> None:
        self.data += bytes(data)


def message(name: str, seqid: int, payload: Any, kind: int = TMessageType.REPLY) -> bytes:
    """A Thrift message."""
    out = _Out()
    protocol: Any = TBinaryProtocol(out)  # type: ignore[no-untyped-call]
    protocol.write_message_begin(name, kind, seqid)
    payload.write(protocol)
    return out.data


def reply(name: str, seqid: int, answer: Any) -> bytes:
    """The message that answers a call: with a value, an exception of the IDL, or a TApplicationException."""
    if isinstance(answer, TApplicationException):
        return message(name, seqid, answer, TMessageType.EXCEPTION)
    result = getattr(IDL.Cassandra, f"{name}_result")()
    if isinstance(answer, Exception):
        for spec in result.thrift_spec.values():
            if len(spec) == 4 and spec[2] is type(answer):
                setattr(result, spec[1], answer)
    elif answer is not None:
        result.success = answer
    return message(name, seqid, result)


def answers(table: Mapping[str, Any]) -> Script:
    """A node that answers calls from ``table``; a callable there may use the connection itself and gives the answer.

    A call that the table does not have is an unknown method, as with a real server.
    """

    def serve(connection: socket.socket, over: threading.Event) -> None:
        while not over.is_set() and (call := read_call(connection)) is not None:
            name, seqid = call
            answer = table.get(name, TApplicationException(1, f"Invalid method name: '{name}'"))
            if callable(answer) and not isinstance(answer, type):
                answer = answer()
            if answer is SILENCE:
                over.wait()
                return
            if answer is CLOSE:
                return
            connection.sendall(frame(reply(name, seqid, answer)))

    return serve


def raw(data: bytes) -> Script:
    """A server that waits for a call, sends ``data``, and closes."""

    def serve(connection: socket.socket, _: threading.Event) -> None:
        if read_call(connection) is not None:
            connection.sendall(data)

    return serve


def raw_and_wait(data: bytes) -> Script:
    """A server that waits for a call, sends ``data``, and keeps the connection open."""

    def serve(connection: socket.socket, over: threading.Event) -> None:
        if read_call(connection) is not None:
            connection.sendall(data)
            over.wait()

    return serve


SILENCE = object()
"""As an answer: none, and the connection stays open."""
CLOSE = object()
"""As an answer: the connection is closed."""
