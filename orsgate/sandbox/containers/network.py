# SPDX-License-Identifier: Apache-2.0
"""A Docker network for one ring, whose addresses are known before its containers are there."""

from __future__ import annotations

import ipaddress
import itertools
import socket
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from orsgate.sandbox.containers.daemon import NotAtHandError
from orsgate.sandbox.errors import SandboxError

if TYPE_CHECKING:
    from docker import DockerClient
    from testcontainers.core.network import Network

_TRIES = 10
_OTHER_PORTS = 20000


class Bridge:
    """The addresses of a network, and ports on them: all are free, since each container has its own.

    Attributes:
        network: the network.
        subnet: its addresses; the first is this machine's.
    """

    def __init__(self, network: Network, subnet: ipaddress.IPv4Network) -> None:
        self.network = network
        self.subnet = subnet
        self._ports = itertools.count(_OTHER_PORTS)

    def addresses(self, count: int, ports: Sequence[int]) -> list[str]:  # noqa: ARG002  # all ports are free
        """The first ``count`` addresses that containers can have."""
        return [str(self.subnet[number + 2]) for number in range(count)]

    def usual_or_other(self, port: int) -> int:
        """``port``."""
        return port

    def port(self) -> int:
        """A port that nobody else was given."""
        return next(self._ports)


def make_bridge(client: DockerClient, labels: Mapping[str, str]) -> Bridge:
    """Makes a network with a subnet that neither Docker nor this machine uses for something else.

    Raises:
        NotAtHandError: this machine does not reach addresses of the daemon's networks.
        SandboxError: no subnet was found.
    """
    from docker.errors import APIError  # noqa: PLC0415  # of the optional dependencies
    from docker.types import IPAMConfig, IPAMPool  # noqa: PLC0415
    from testcontainers.core.network import Network  # noqa: PLC0415

    refused: APIError | None = None
    for _ in range(_TRIES):
        # Docker knows what is free, but gives fixed addresses only in a subnet that it was told.
        with Network(docker_network_kw={"labels": dict(labels)}) as scout:
            subnet = ipaddress.IPv4Network(client.networks.get(scout.id).attrs["IPAM"]["Config"][0]["Subnet"])
        pool = IPAMPool(subnet=str(subnet), gateway=str(subnet[1]))
        # Internal: the nodes reach each other and are reached by this machine, and reach nobody else.
        options = {"labels": dict(labels), "internal": True, "ipam": IPAMConfig(pool_configs=[pool])}
        try:
            network = Network(docker_network_kw=options).create()
        except APIError as error:  # somebody else took it meanwhile
            refused = error
            continue
        _require_reachable(str(subnet[1]))
        return Bridge(network, subnet)
    raise SandboxError(f"Docker gave no free network in {_TRIES} tries: {refused and refused.explanation}")


def _require_reachable(gateway: str) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        try:
            probe.bind((gateway, 0))
        except OSError:
            raise NotAtHandError(
                f"the Docker daemon gave its network the address {gateway}, which is none of this machine: it runs elsewhere, "
                "in a virtual machine, or rootless; name a daemon of this machine in DOCKER_HOST"
            ) from None
