# SPDX-License-Identifier: Apache-2.0
"""The address of GAX or GWS, as ``[configuration] url`` gives it."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server is asked.

    Attributes:
        scheme: ``http`` or ``https``.
        host: name or IP address, IPv6 without its brackets.
        path: what stands before the paths of the interface, without a slash at its end; usually empty.
    """

    scheme: str
    host: str
    port: int
    path: str = ""

    @classmethod
    def parse(cls, url: str) -> Address:
        """The address in ``url``.

        Raises:
            ValueError: it is none.
        """
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not parts.hostname:
            raise ValueError("it is no web address")
        return cls(parts.scheme, parts.hostname, parts.port or _PORTS[parts.scheme], parts.path.rstrip("/"))

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """Scheme, host and port, as a URL."""
        return f"{self.scheme}://{self}"

    @property
    def is_loopback(self) -> bool:
        """Whether nothing that is sent there leaves this host."""
        if self.host.casefold() == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def is_open(self) -> bool:
        """Whether whoever is on the way can read what is sent there."""
        return self.scheme == "http" and not self.is_loopback

    def ending(self, *known: str) -> str:
        """The path with the longest of ``known`` (such as ``/gax/api``) at its end, of which it may hold a part already."""
        for root in known:
            parts = root.split("/")[1:]
            for number in range(len(parts), 0, -1):
                begun = "/" + "/".join(parts[:number])
                if self.path.endswith(begun):
                    return self.path.removesuffix(begun) + root
        return self.path + known[0]
