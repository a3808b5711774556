# SPDX-License-Identifier: Apache-2.0
"""Host names to IP addresses, fenced by a deadline: the system's own look-up knows none and can hang."""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial

from orsgate.estate.knowledge import Unknown
from orsgate.wire.deadline import Deadline
from orsgate.wire.trouble import ProbeError, attempt, resolving_timed_out, unresolved

_MOST_AT_ONCE = 16


@dataclass(slots=True)
class _Lookup:
    done: threading.Event = field(default_factory=threading.Event)
    addresses: tuple[str, ...] = ()


class Resolver:
    """Looks every host up once, however many ask for it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lookups: dict[str, _Lookup] = {}
        self._slots = threading.BoundedSemaphore(_MOST_AT_ONCE)

    def start(self, host: str) -> _Lookup:
        """Begin to look ``host`` up, unless that was done."""
        with self._lock:
            lookup = self._lookups.get(host)
            if lookup is not None:
                return lookup
            lookup = self._lookups[host] = _Lookup()
        literal = literal_address(host)
        if literal is not None:
            lookup.addresses = (literal,)
            lookup.done.set()
        else:
            # A look-up that hangs cannot be stopped; a daemon thread does not keep the process from ending.
            threading.Thread(target=self._look_up, args=(host, lookup), name=f"resolve {host}", daemon=True).start()
        return lookup

    def known(self, host: str) -> tuple[str, ...]:
        """The IP addresses of ``host`` as far as they are known by now; never waits."""
        return self.start(host).addresses

    def addresses(self, host: str, deadline: Deadline) -> tuple[str, ...]:
        """The IP addresses of ``host``, in the order in which the system prefers them.

        Raises:
            ProbeError: it does not resolve, or not before the deadline.
        """
        lookup = self.start(host)
        while not (lookup.done.is_set() or lookup.done.wait(deadline.slice())):
            if deadline.passed():
                raise resolving_timed_out(host, deadline.seconds)
        if not lookup.addresses:
            raise unresolved(host)
        return lookup.addresses

    def _look_up(self, host: str, lookup: _Lookup) -> None:
        with self._slots:
            try:
                found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM) if host.strip() else []
            except (OSError, UnicodeError):
                found = []
            lookup.addresses = tuple(dict.fromkeys(str(entry[4][0]) for entry in found))
            lookup.done.set()


def literal_address(host: str) -> str | None:
    """``host`` in its shortest form if it is an IP address, else None."""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return None


def resolve_all(resolver: Resolver, hosts: Iterable[str], deadline: Deadline) -> dict[str, tuple[str, ...] | Unknown]:
    """Every host with its IP addresses, or with what was in the way."""
    return {host: attempt(partial(_addresses, resolver, host, deadline)) for host in dict.fromkeys(hosts)}


def _addresses(resolver: Resolver, host: str, deadline: Deadline) -> tuple[str, ...]:
    try:
        return resolver.addresses(host, deadline)
    except ProbeError as error:
        raise error.at(f"name service for {host}") from None
