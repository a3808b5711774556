# SPDX-License-Identifier: Apache-2.0
"""Connections of requests that keep one absolute deadline an answer, however slowly the other side sends."""

from __future__ import annotations

import io
import socket
import ssl
from pathlib import Path
from typing import Any

import requests.adapters
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection

from orsgate.wire.http.clock import Clock
from orsgate.wire.http.trouble import Hints, connect_failed, tls_failed


class _TimedReader(io.RawIOBase):
    """Reads from a socket for as long as the deadline allows."""

    def __init__(self, sock: socket.socket, clock: Clock) -> None:
        super().__init__()
        self._socket = sock
        self._clock = clock
        self._raw = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._socket.settimeout(self._clock.left())
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Head(io.BufferedReader):
    """Tells an answer that ends in its head from a whole one, which http.client takes it for."""

    def readline(self, size: int | None = -1, /) -> bytes:
        """A line; http.client reads those of the head, and no others, with a limit.

        Raises:
            ConnectionResetError: the other side closed the connection within it.
        """
        line = super().readline(size)
        if size is not None and len(line) < size and not line.endswith(b"\n"):
            raise ConnectionResetError
        return line


class _TimedSocket:
    """A socket whose every wait ends at the deadline."""

    def __init__(self, sock: socket.socket, clock: Clock) -> None:
        self._socket = sock
        self._clock = clock

    def __getattr__(self, name: str) -> Any:
        return getattr(self._socket, name)

    def makefile(self, *_: Any, **__: Any) -> io.BufferedReader:
        return _Head(_TimedReader(self._socket, self._clock), 1 << 16)

    def sendall(self, data: bytes) -> None:
        self._socket.settimeout(self._clock.left())
        self._clock.sending()
        self._socket.sendall(data)


def _watched(clock: Clock) -> type[ssl.SSLSocket]:
    """TLS sockets that ``clock`` can stop from the handshake on: they take the place of the socket below them."""

    class Watched(ssl.SSLSocket):
        def do_handshake(self, block: bool = False) -> None:  # noqa: FBT001, FBT002 - the signature of the base class
            clock.watch(self)
            super().do_handshake(block)

    return Watched


def _connected(host: str, port: int, clock: Clock, hints: Hints) -> socket.socket:
    """A connection to one of the addresses of ``host``.

    Raises:
        ProbeError: there is none.
    """
    asked = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    trouble: OSError = TimeoutError()
    for address in clock.resolver.addresses(host, clock.deadline):
        try:
            sock = socket.create_connection((address, port), min(clock.limits.connect, clock.left()))
        except OSError as error:
            trouble = error
            continue
        clock.watch(sock)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.settimeout(clock.left())  # for the TLS handshake
        return sock
    raise connect_failed(asked, trouble, clock.limits.connect, hints)


class _Forgetful(HTTPConnectionPool):
    """Keeps no connection for another request."""

    def _put_conn(self, conn: Any) -> None:
        if conn is not None:
            conn.close()


def _pools(clock: Clock, ca_file: Path | None, hints: Hints, *, keep: bool) -> dict[str, type[HTTPConnectionPool]]:
    bases: tuple[Any, ...] = () if keep else (_Forgetful,)

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return _connected(self.host, self.port, clock, hints)

        def connect(self) -> None:
            super().connect()
            self.sock: Any = _TimedSocket(self.sock, clock)

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return _connected(self.host, self.port, clock, hints)

        def connect(self) -> None:
            try:
                super().connect()
            except OSError as error:
                host = f"[{self.host}]" if ":" in self.host else self.host
                raise tls_failed(f"{host}:{self.port}", error, ca_file, hints) from None
            self.sock: Any = _TimedSocket(self.sock, clock)

    class PlainPool(*bases, HTTPConnectionPool):  # type: ignore[misc]
        ConnectionCls = Plain

    class SecurePool(*bases, HTTPSConnectionPool):  # type: ignore[misc]
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


class TimedAdapter(requests.adapters.HTTPAdapter):
    """Lets requests connect, send and receive until the deadline of ``clock``, and verify TLS by ``context``.

    Args:
        clock: tells the deadlines.
        context: whom to trust.
        ca_file: where that stands, for sentences.
        hints: what a person changes where something goes wrong.
        connections: how many to one host are kept open at the most; 0: none, each request has one of its own.
        hosts: how many hosts are asked at the same time.
    """

    def __init__(
        self, clock: Clock, context: ssl.SSLContext, ca_file: Path | None, hints: Hints, connections: int, hosts: int = 1
    ) -> None:
        self._clock = clock
        context.sslsocket_class = _watched(clock)
        self._context = context
        self._ca_file = ca_file
        self._hints = hints
        self._keep = connections > 0
        super().__init__(pool_connections=hosts, pool_maxsize=max(connections, 1), max_retries=0, pool_block=False)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **_: Any) -> None:  # noqa: FBT001, FBT002
        """Make the pool of connections."""
        self.poolmanager = PoolManager(num_pools=connections, maxsize=maxsize, block=block, ssl_context=self._context)
        self.poolmanager.pool_classes_by_scheme = _pools(self._clock, self._ca_file, self._hints, keep=self._keep)

    def get_connection_with_tls_context(self, request: Any, *_: Any, **__: Any) -> HTTPConnectionPool:
        """The connections to the host of ``request``; the context alone says whom to trust, and no proxy is in between."""
        pool: HTTPConnectionPool = self.poolmanager.connection_from_url(request.url)
        return pool

    def cert_verify(self, *_: Any) -> None:
        """Leave it to the context."""
