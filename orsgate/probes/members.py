# SPDX-License-Identifier: Apache-2.0
"""Who is who in a ring: which member a contact leads to, and where a member is reached."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

from orsgate.probes.transport import Target
from orsgate.wire.resolve import Resolver, literal_address


class Contact(Protocol):
    """A node that is asked, as far as its identity goes."""

    @property
    def target(self) -> Target:
        """Where it is asked."""

    @property
    def addresses(self) -> tuple[str, ...]:
        """What its host resolves to, so far."""

    @property
    def told(self) -> str | None:
        """The ring address that it says it has."""

    @property
    def member(self) -> str | None:
        """The member that is asked there, where the ring named it."""


class Members:
    """Members of the ring by their address, with the addresses at which they say they serve clients."""

    def __init__(self, reached: Mapping[str, Target], default_port: int, resolver: Resolver) -> None:
        self._reached = {literal_address(member) or member: target for member, target in reached.items()}
        self._default_port = default_port
        self._resolver = resolver
        self._served: dict[str, set[str]] = {}

    def learn(self, named: Mapping[str, Iterable[str]]) -> None:
        """Take in what a node named."""
        for member, served in named.items():
            if not ipaddress.ip_address(member).is_unspecified:
                self._served.setdefault(member, set()).update(served)

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._served))

    def target(self, member: str) -> Target:
        """Where ``member`` is reached: as mapped, else where it serves clients, else at its address in the ring."""
        if member in self._reached:
            return self._reached[member]
        own = ipaddress.ip_address(member)
        for served in sorted(self._served.get(member, ())):
            literal = literal_address(served)
            address = ipaddress.ip_address(literal) if literal else own
            # 0.0.0.0 is every address, and a loopback address is that host's own, not this one's.
            if not address.is_unspecified and address.is_loopback == own.is_loopback:
                return Target(str(address), self._default_port)
        return Target(member, self._default_port)

    def identify(self, contact: Contact) -> str | None:
        """The member that ``contact`` leads to, None while nothing tells."""
        return contact.told or contact.member or self._mapped(contact) or self._by_address(contact)

    def _mapped(self, contact: Contact) -> str | None:
        for member, target in self._reached.items():
            if target.port != contact.target.port:
                continue
            if target.host == contact.target.host or set(self._resolver.known(target.host)) & set(contact.addresses):
                return member
        return None

    def _by_address(self, contact: Contact) -> str | None:
        for address in contact.addresses[:1]:
            if address in self._served:
                return address
            serving = [member for member, served in self._served.items() if address in served]
            if len(serving) == 1:
                return serving[0]
        return None
