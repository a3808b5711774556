# SPDX-License-Identifier: Apache-2.0
"""Loopback addresses and ports that this process alone uses, until it ends."""

from __future__ import annotations

import random
import socket
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from orsgate.sandbox.claims import claim
from orsgate.sandbox.errors import SandboxError

_TRIES = 200
_PORTS = range(20000, 32000)
"""Below what Linux gives to outgoing connections, so that none of these takes the port in between."""


class Loopback:
    """Claims of nets ``127.x.y.0/24`` and of ports on all addresses.

    They hold among all processes of this network namespace, which are those that share its addresses.
    """

    def __init__(self) -> None:
        self._claims: list[socket.socket] = []
        self._random = random.SystemRandom()

    def addresses(self, count: int, ports: Sequence[int]) -> list[str]:
        """``count`` addresses of a net nobody else has, on each of which ``ports`` are free.

        Raises:
            SandboxError: none was found; most likely a server on this machine listens on all addresses.
        """
        for _ in range(_TRIES):
            net = f"127.{self._random.randrange(16, 255)}.{self._random.randrange(1, 255)}"
            addresses = [f"{net}.{number + 1}" for number in range(count)]
            if self._claim(net):
                if all(_is_free(address, port) for address in addresses for port in ports):
                    return addresses
                self._claims.pop().close()
        raise SandboxError(f"No loopback net was found on which the ports {list(ports)} are free")

    def usual_or_other(self, port: int) -> int:
        """``port`` unless somebody on this machine listens to it on every address; else one that is free."""
        return port if _is_free("127.0.0.1", port) or _is_free("127.255.255.254", port) else self.port()

    def port(self) -> int:
        """A port that is free on all addresses, for a server that listens on all of them.

        Raises:
            SandboxError: none was found.
        """
        for _ in range(_TRIES):
            port = self._random.choice(_PORTS)
            if self._claim(f"port {port}"):
                if _is_free("0.0.0.0", port):  # noqa: S104  # asked, not served
                    return port
                self._claims.pop().close()
        raise SandboxError(f"No free port was found between {_PORTS.start} and {_PORTS.stop}")

    def _claim(self, name: str) -> bool:
        if held := claim(name):
            self._claims.append(held)
        return held is not None

    def close(self) -> None:
        """Gives everything back."""
        while self._claims:
            self._claims.pop().close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def _is_free(address: str, port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the servers do: old connections do not count
        try:
            probe.bind((address, port))
        except OSError:
            return False
    return True
