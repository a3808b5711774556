# SPDX-License-Identifier: Apache-2.0
"""Connecting to a server without saying anything to it: name service, TCP, and TLS where that is spoken."""

from __future__ import annotations

import socket
import ssl
import time
from typing import Protocol

from orsgate.doctor.trouble import Trouble, trouble_of
from orsgate.estate.knowledge import Failure
from orsgate.probes.transport import Target
from orsgate.wire.deadline import Deadline, Limits
from orsgate.wire.resolve import Resolver
from orsgate.wire.trouble import ProbeError

_LISTENING = 0.5
"""Seconds to wait for an alert after a handshake of TLS 1.3, where it comes too late for the handshake to fail."""
_GRAVEST: tuple[type[OSError], ...] = (TimeoutError, ConnectionRefusedError, ConnectionError, OSError)
"""What to say of a host all of whose addresses failed: an address that might still answer counts most."""
_NO_WAY = "check the address, and the route and the firewalls between this host and it"


class Words(Protocol):
    """The sentences for what can go wrong on the way to one kind of server."""

    def connect_failed(self, asked: str, error: OSError, seconds: float) -> ProbeError:
        """Connecting ended with ``error``."""

    def silent(self, asked: str, seconds: float) -> ProbeError:
        """The TLS handshake was not over in time."""

    def tls_failed(self, asked: str, error: OSError) -> ProbeError:
        """The TLS handshake ended with ``error``."""


def dial(target: Target, words: Words, context: ssl.SSLContext | None, resolver: Resolver, limits: Limits) -> Trouble | None:
    """Connect to ``target`` and hang up again; nothing is sent but what TLS needs to shake hands.

    Args:
        target: where to.
        words: for what goes wrong.
        context: to go over to TLS with; None: plain.
        resolver: tells its addresses.
        limits: of connecting, and of all of it.

    Returns:
        what was in the way; None where nothing was.
    """
    deadline = limits.deadline()
    try:
        addresses = resolver.addresses(target.host, deadline)
        found = _connected(target, words, addresses, deadline)
        if isinstance(found, Trouble):
            return found
        with found:
            if context is not None:
                _shake_hands(found, target, words, context, deadline)
    except ProbeError as error:
        return trouble_of(error.unknown)
    return None


def _connected(target: Target, words: Words, addresses: tuple[str, ...], deadline: Deadline) -> socket.socket | Trouble:
    """A connection to the first address that accepts one."""
    seconds = min(deadline.limits.connect, deadline.seconds)
    until = time.monotonic() + seconds
    errors: list[OSError] = []
    for position, address in enumerate(addresses):
        # An address that swallows packets must leave time for the next one.
        share = (until - time.monotonic()) / (len(addresses) - position)
        wait = max(min(share, deadline.left()), 0.001)
        try:
            return _open(address, target.port, wait)
        except OSError as error:
            deadline.limits.check_run()  # the run's deadline is told apart from the silence of the other side
            errors.append(error)
    gravest = min(errors, key=lambda error: next(at for at, kind in enumerate(_GRAVEST) if isinstance(error, kind)))
    unknown = words.connect_failed(str(target), gravest, seconds).unknown
    if unknown.failure is Failure.UNREACHABLE:  # what stands in brackets there is what the system said
        return Trouble(unknown.cause, _NO_WAY, unknown.failure)
    return trouble_of(unknown)


def _open(address: str, port: int, seconds: float) -> socket.socket:
    sock = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
    try:
        sock.settimeout(seconds)
        sock.connect((address, port))
    except BaseException:
        sock.close()
        raise
    return sock


def _shake_hands(sock: socket.socket, target: Target, words: Words, context: ssl.SSLContext, deadline: Deadline) -> None:
    """Go over to TLS.

    Raises:
        ProbeError: the two sides did not agree on it, or not before the deadline.
    """
    try:
        with context.wrap_socket(sock, server_hostname=target.host, do_handshake_on_connect=False) as secured:
            while True:
                secured.settimeout(max(deadline.slice(), 0.001))
                try:
                    secured.do_handshake()
                except TimeoutError:
                    if deadline.passed():
                        raise words.silent(str(target), deadline.seconds) from None
                    continue
                break
            if secured.version() == "TLSv1.3":
                _listen(secured, deadline)
    except OSError as error:
        raise words.tls_failed(str(target), error) from None


def _listen(secured: ssl.SSLSocket, deadline: Deadline) -> None:
    """With TLS 1.3 a client certificate that is missing, or not trusted, shows only after the handshake.

    Raises:
        OSError: the other side hung up.
    """
    secured.settimeout(max(min(_LISTENING, deadline.left()), 0.001))
    try:
        heard = secured.recv(1)
    except TimeoutError:
        return
    if not heard:
        raise ConnectionResetError
