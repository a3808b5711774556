# SPDX-License-Identifier: Apache-2.0
"""How the nodes of a ring are reached: addresses, ports, account, TLS and limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from orsgate.estate.ring import NATIVE_PORT, THRIFT_PORT
from orsgate.probes.login import Login
from orsgate.probes.node import Protocol
from orsgate.probes.tls import Tls
from orsgate.probes.transport import Target
from orsgate.wire.deadline import Limits


@dataclass(frozen=True)
class Access:
    """How the nodes of a ring are reached.

    Attributes:
        first: what is spoken at the ports that are named; the other protocol is tried at its own port.
        named_port: port of ``first`` on the members that only the ring itself names; None: its port in ``ports``.
        ports: the usual port of each protocol.
        addresses: ring member address -> ``host[:port]`` at which it is reached from here.
        limits: of a call, of connecting, and of the whole run.
        login: the account to read with, if the ring asks for one.
        tls: how to go over to TLS; None: plain.
    """

    first: Protocol = "thrift"
    named_port: int | None = None
    ports: Mapping[Protocol, int] = field(default_factory=lambda: {"thrift": THRIFT_PORT, "native": NATIVE_PORT})
    addresses: Mapping[str, str] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    login: Login | None = None
    tls: Tls | None = None

    @property
    def default_port(self) -> int:
        """Port of ``first`` on the members that only the ring itself names."""
        return self.named_port or self.ports[self.first]

    @cached_property
    def reached(self) -> dict[str, Target]:
        """Ring member address -> where it is reached.

        Raises:
            ValueError: a value of ``addresses`` is not ``host[:port]``.
        """
        return {member: Target.parse(text, self.default_port) for member, text in self.addresses.items()}
