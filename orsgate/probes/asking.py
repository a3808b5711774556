# SPDX-License-Identifier: Apache-2.0
"""What every client of a node keeps to: one deadline a call, and nothing more is asked after a fatal trouble."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TypeVar

from orsgate.probes.login import LoginGate
from orsgate.probes.tls import Tls
from orsgate.probes.transport import Target
from orsgate.wire.deadline import Deadline, Limits
from orsgate.wire.resolve import Resolver
from orsgate.wire.trouble import ProbeError

_T = TypeVar("_T")


class AskingClient(ABC):
    """A client of one node, which is asked one thing after the other.

    Args:
        target: where it is asked.
        resolver: tells its addresses.
        limits: of a call and of the run.
        gate: to log in through, where the ring asks for an account.
        tls: how to go over to TLS; None: plain.

    Attributes:
        target: where it is asked.
        address: the IP address that was connected to, None before the first call.
    """

    def __init__(
        self, target: Target, resolver: Resolver, limits: Limits, gate: LoginGate | None = None, tls: Tls | None = None
    ) -> None:
        self.target = target
        self.address: str | None = None
        self._asked = str(target)
        self._resolver = resolver
        self._limits = limits
        self._gate = gate
        self._tls = tls
        self._dead: ProbeError | None = None

    @abstractmethod
    def close(self) -> None:
        """Close the connection, if there is one."""

    def _fenced(self, call: str, ask: Callable[[Deadline], _T]) -> _T:
        """What ``ask`` gives within the deadline of a call.

        Raises:
            ProbeError: it gave nothing. After a fatal one every further call raises the same trouble at once, since an
                answer that is late or torn leaves a connection on which nothing can be trusted.
        """
        try:
            if self._dead is not None:
                raise self._dead
            return ask(self._limits.deadline())
        except ProbeError as error:
            if error.fatal:
                self._dead = error
                self.close()
            raise error.at(f"{self._asked} {call}") from None
