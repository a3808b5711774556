# SPDX-License-Identifier: Apache-2.0
"""Connections that keep one absolute deadline, with or without TLS, and read no larger Thrift frame than they may."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from orsgate.probes.tls import Tls, tls_failed
from orsgate.probes.trouble import NATIVE, THRIFT, Service, closed, connect_failed, expects_tls, garbled, silent, speaks_native
from orsgate.wire.deadline import Deadline
from orsgate.wire.resolve import Resolver
from orsgate.wire.trouble import ProbeError

LARGEST_FRAME = 16 * 1024 * 1024
"""Bytes of one answer that are read at most; it is Cassandra's own largest frame, too."""
_CHUNK = 1 << 18
_TLS_RECORDS = frozenset({0x14, 0x15, 0x16})
_NATIVE_ANSWERS = range(0x80, 0x87)
"""First byte of an answer in the native protocol: a set bit for "answer", and the version (3.9 gives back the 0 it got)."""
_OPTIONS = b"\x04\x00\x00\x00\x05\x00\x00\x00\x00"
"""The question of the native protocol that everybody may ask, in version 4; what is too old for that answers so."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a node is asked.

    Attributes:
        host: name or IP address.
        port: of Thrift or of the native protocol.
    """

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @classmethod
    def parse(cls, text: str, default_port: int) -> Target:
        """``host``, ``host:port``, ``[IPv6]``, ``[IPv6]:port`` or a bare IPv6 address.

        Raises:
            ValueError: it is none of these.
        """
        host, port = text.strip(), ""
        if host.startswith("["):
            host, closing, port = host[1:].partition("]")
            if not closing or (port and not port.startswith(":")):
                raise ValueError(f"{text!r} is not host:port")
            port = port.removeprefix(":")
        elif host.count(":") == 1:
            host, _, port = host.partition(":")
            if not port:
                raise ValueError(f"{text!r} has no port after the colon")
        number = int(port) if port.isascii() and port.isdigit() else (-1 if port else default_port)
        if not host or not 0 < number < 65536:
            raise ValueError(f"{text!r} is not host:port")
        return cls(host, number)


class Connection:
    """A connection to one node.

    Attributes:
        address: the IP address that was connected to.
    """

    def __init__(self, target: Target, sock: socket.socket, address: str) -> None:
        self.address = address
        self._asked = str(target)
        self._host = target.host
        self._socket = sock
        self._tls: Tls | None = None
        self._answered = False

    def secure(self, tls: Tls, deadline: Deadline) -> None:
        """Go over to TLS.

        Raises:
            ProbeError: the two sides did not agree on it, or not before the deadline.
        """
        self._tls = tls
        try:
            self._socket = tls.context().wrap_socket(self._socket, server_hostname=self._host, do_handshake_on_connect=False)
            while True:
                self._socket.settimeout(max(deadline.slice(), 0.001))
                try:
                    self._socket.do_handshake()
                except TimeoutError:
                    if deadline.passed():
                        raise silent(self._asked, "the TLS handshake", deadline.seconds) from None
                    continue
                return
        except OSError as error:
            raise tls_failed(self._asked, error, tls) from None

    def close(self) -> None:
        """Close it; closing twice is fine."""
        self._socket.close()

    def exchange(self, call: str, message: bytes, deadline: Deadline) -> bytearray:
        """The answer's frame to ``message``.

        Raises:
            ProbeError: no complete frame of a permitted size came before the deadline.
        """
        with self._troubles(call, deadline, THRIFT):
            self._send(len(message).to_bytes(4, "big") + message, deadline)
            header = self._receive(4, deadline)
            size = int.from_bytes(header, "big")
            if size > LARGEST_FRAME:
                raise _what_is_it(self._asked, bytes(header), size)
            return self._receive(size, deadline)

    def greet_natively(self, call: str, deadline: Deadline) -> None:
        """Make sure that the native protocol is spoken here, before more is spent on it.

        Raises:
            ProbeError: nothing that looks like an answer in it came before the deadline.
        """
        with self._troubles(call, deadline, NATIVE):
            self._send(_OPTIONS, deadline)
            begun = bytes(self._receive(4, deadline))
        if begun[0] not in _NATIVE_ANSWERS:
            raise _foreign(self._asked, begun, NATIVE) or garbled(self._asked, "it begins otherwise", NATIVE)

    @contextmanager
    def _troubles(self, call: str, deadline: Deadline, service: Service) -> Iterator[None]:
        try:
            yield
        except TimeoutError:
            deadline.limits.check_run()  # the run's deadline is told apart from the call's
            raise silent(self._asked, call, deadline.seconds) from None
        except ssl.SSLError as error:  # with TLS 1.3 a client certificate that is missing shows here
            if self._tls is None:
                raise
            raise tls_failed(self._asked, error, self._tls) from None
        except OSError as error:
            if self._tls is not None and not self._answered:  # it may have been about the client certificate all the same
                raise tls_failed(self._asked, error, self._tls) from None
            raise closed(self._asked, call, service) from None

    def _send(self, message: bytes, deadline: Deadline) -> None:
        self._socket.settimeout(max(deadline.left(), 0.001))
        try:
            self._socket.sendall(message)
        except TimeoutError:
            raise
        except OSError:
            with suppress(ConnectionError, ssl.SSLEOFError):
                self._socket.recv(1)  # raises the TLS alert with which the other side closed, if there is one
            raise

    def _receive(self, count: int, deadline: Deadline) -> bytearray:
        data = bytearray(count)
        view = memoryview(data)
        got = 0
        while got < count:
            if deadline.passed():
                raise TimeoutError
            self._socket.settimeout(max(deadline.slice(), 0.001))
            try:
                received = self._socket.recv_into(view[got : got + _CHUNK])
            except TimeoutError:
                continue
            if not received:
                raise ConnectionResetError
            self._answered = True
            got += received
        return data


def connect(target: Target, resolver: Resolver, deadline: Deadline, service: Service, tls: Tls | None = None) -> Connection:
    """A connection to ``target``, by the first of its addresses that accepts one.

    Args:
        target: where to.
        resolver: tells its addresses.
        deadline: of the call that needs the connection.
        service: what is to be asked there.
        tls: how to go over to TLS; None: plain.

    Raises:
        ProbeError: it has no address, none of them accepted, or there is no TLS with it.
    """
    connection = _connect(target, resolver, deadline, service)
    if tls is not None:
        try:
            connection.secure(tls, deadline)
        except BaseException:
            connection.close()
            raise
    return connection


def _connect(target: Target, resolver: Resolver, deadline: Deadline, service: Service) -> Connection:
    addresses = resolver.addresses(target.host, deadline)
    seconds = min(deadline.limits.connect, deadline.seconds)
    until = time.monotonic() + seconds
    errors = []
    for position, address in enumerate(addresses):
        # An address that swallows packets must leave time for the next one.
        share = (until - time.monotonic()) / (len(addresses) - position)
        wait = min(share, deadline.left())
        try:
            return Connection(target, _open(address, target.port, max(wait, 0.001)), address)
        except OSError as error:
            deadline.limits.check_run()  # the run's deadline is told apart from the node's own silence
            errors.append(error)
    raise _gravest(target, errors, seconds, service)


def _open(address: str, port: int, seconds: float) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.settimeout(seconds)
        sock.connect((address, port))
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except BaseException:
        sock.close()
        raise
    return sock


def _gravest(target: Target, errors: list[OSError], seconds: float, service: Service) -> ProbeError:
    """What to say of a host all of whose addresses failed: an address that might still answer counts most."""
    for kind in (TimeoutError, ConnectionRefusedError, ConnectionError, OSError):
        for error in errors:
            if isinstance(error, kind):
                return connect_failed(str(target), error, seconds, service)
    return connect_failed(str(target), OSError("no address"), seconds, service)


def _what_is_it(asked: str, header: bytes, size: int) -> ProbeError:
    if (foreign := _foreign(asked, header, THRIFT)) is not None:
        return foreign
    if header.startswith(b"\x80\x01"):
        return garbled(asked, "it answers in unframed Thrift", THRIFT)
    if header[0] in _NATIVE_ANSWERS and header[1] == 0:  # no flags: an error is not compressed
        return speaks_native(asked)
    return garbled(asked, f"it announces {size} bytes where {LARGEST_FRAME} are permitted", THRIFT)


def _foreign(asked: str, header: bytes, service: Service) -> ProbeError | None:
    if header[0] in _TLS_RECORDS and header[1] == 3:
        return expects_tls(asked)
    return garbled(asked, "it answers in HTTP", service) if header.startswith(b"HTTP") else None
