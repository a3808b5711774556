# SPDX-License-Identifier: Apache-2.0
"""A ring that is built as it is asked for, wherever its nodes run: what it is asked for, and coming up and going whole."""

from __future__ import annotations

import atexit
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Self, TypeVar, Unpack

from orsgate.sandbox.certificates import Certificates
from orsgate.sandbox.errors import UsageError
from orsgate.sandbox.jars import Artifact, JarStore, Progress, locked_artifacts
from orsgate.sandbox.layout import Addresses, Details, RingPlan, lay_out
from orsgate.sandbox.node import Node
from orsgate.sandbox.ring import Ring

N = TypeVar("N", bound=Node)


class BuiltRing(Ring[N]):
    """A ring: started by ``start`` or ``with``, gone after ``close`` and whenever this process ends.

    Args:
        release: the Cassandra release of its nodes.
        nodes: how many there are.
        datacenters: names of data centers; the nodes alternate between them. None: a ring that knows no data centers
            (SimpleSnitch, which calls its single one ``datacenter1``).
        agree: whether ``start`` waits until all nodes see each other and have one schema, or only until all answer.
        timeout: seconds that starting may take, the download of jars and the making of images not counted.
        keep: leave the directory of the run behind.
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
        keep: bool = False,
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
        self._keep = keep
        self._store = store
        self._progress = progress
        self._stack = ExitStack()

    def start(self) -> Self:
        """Starts all nodes together and waits until they answer, and agree.

        Raises:
            UsageError: what was asked for makes no sense.
            SandboxError: jars cannot be had, a node did not start, or the machine lacks what it takes; nothing runs then.
        """
        if self._nodes:
            raise UsageError("The ring was started before")
        atexit.register(self.close)  # for a ring that nobody closes; what a killed process leaves is swept by the next
        try:
            self._launch()
            self._come_up(self._timeout, agree=self._agree)
        except BaseException:
            self.close()
            raise
        return self

    @abstractmethod
    def _launch(self) -> None:
        """Makes the nodes and starts them; whatever is to be undone by ``close`` goes onto ``_stack``."""

    def close(self) -> None:
        """Ends all nodes and leaves nothing; does nothing the second time."""
        atexit.unregister(self.close)
        self._stack.close()

    def _artifacts(self) -> dict[str, Sequence[Artifact]]:
        """The jars of every release of the ring, by release.

        Raises:
            UsageError: a release has none.
        """
        releases = dict.fromkeys((self.release, *self._details.get("releases", {}).values()))
        return {release: locked_artifacts(release) for release in releases}

    def _jars(self, artifacts: Mapping[str, Sequence[Artifact]]) -> dict[str, Sequence[Path]]:
        """The files of the jars, by release; fetched where they are not at hand."""
        store = self._store or JarStore()
        return {release: store.jars(named, self._progress) for release, named in artifacts.items()}

    def _planned(self, places: Addresses) -> RingPlan:
        return lay_out(self.release, self._count, self._datacenters, self._details, places)

    def _issued(self, plan: RingPlan, directory: Path) -> Certificates | None:
        """The files of a ring with TLS."""
        if not (tls := self._details.get("tls")):
            return None
        from orsgate.sandbox.authority import issue  # noqa: PLC0415  # heavy, of the optional dependencies

        return issue(tls, [node.address for node in plan.nodes], directory)
