# SPDX-License-Identifier: Apache-2.0
"""All ORS twins of one configuration, and what they know of each other."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from orsgate.sandbox.errors import SandboxError
from orsgate.sandbox.loopback import Loopback
from orsgate.sandbox.twins.objects import Tree
from orsgate.sandbox.twins.ors import OrsTwin
from orsgate.sandbox.twins.ors_application import OrsApplication, ors_application, ors_applications
from orsgate.sandbox.twins.ors_lie import Lie
from orsgate.sandbox.twins.ors_lies_together import Lies
from orsgate.sandbox.twins.ors_node import OrsNode
from orsgate.sandbox.twins.ors_stores import CassandraStore, StoreOf

TAKEOVER_AFTER = 0.5
"""Seconds."""
_MOST = 250
"""Applications of one landscape: each has an address of its own in a net of 254."""


class Landscape:
    """The ORS twins of one configuration; gone after ``close`` or ``with``.

    Args:
        tree: gives the configuration as it is now; it is read at each start, and for each redirect.
        logs: the directory of their log files.
        store: gives the store of an application; by default the Cassandra that its options name.
        lies: application -> what its twin does otherwise.
        takeover_after: seconds until a Backup serves after its Primary stopped.
        tls: speaks TLS with it; makes the context for an address.
    """

    def __init__(
        self,
        tree: Callable[[], Tree],
        logs: Path,
        *,
        store: StoreOf = CassandraStore.of,
        lies: Mapping[str, Sequence[Lie]] | None = None,
        takeover_after: float = TAKEOVER_AFTER,
        tls: Callable[[str], ssl.SSLContext] | None = None,
    ) -> None:
        self.tree = tree
        self.logs = logs
        self.store = store
        self.takeover_after = takeover_after
        self.tls = tls
        self._lies = {name: Lies(of) for name, of in (lies or {}).items()}
        self._loopback = Loopback()
        self._net = self._loopback.addresses(1, ())[0].rpartition(".")[0]
        self._twins: dict[str, OrsTwin] = {}
        self._nodes: dict[int, OrsNode] = {}

    @property
    def twins(self) -> Mapping[str, OrsTwin]:
        """Application -> its twin; new applications of the configuration are among them."""
        for name in ors_applications(self.tree()):
            self.twin(name)
        return dict(self._twins)

    def twin(self, name: str) -> OrsTwin:
        """The twin of an application.

        Raises:
            UsageError: the configuration holds no such Orchestration Server.
        """
        if name not in self._twins:
            ors_application(self.tree(), name)
            if len(self._twins) >= _MOST:
                raise SandboxError(f"a sandbox has room for {_MOST} Orchestration Servers")
            address = f"{self._net}.{len(self._twins) + 1}"
            self._twins[name] = OrsTwin(name, address, self, self._lies.get(name, Lies()))
        return self._twins[name]

    def application(self, name: str) -> OrsApplication:
        """An application as it is configured now.

        Raises:
            UsageError: the configuration holds no such Orchestration Server.
        """
        return ors_application(self.tree(), name)

    def primary(self, node: int) -> OrsApplication | None:
        """The Primary of a node; None where the configuration holds none."""
        return next((one for one in ors_applications(self.tree()).values() if one.primary and one.dbid == node), None)

    def node(self, dbid: int) -> OrsNode:
        """The node whose Primary has that DBID."""
        return self._nodes.setdefault(dbid, OrsNode(dbid))

    def serving(self, node: int) -> OrsTwin | None:
        """The twin that serves a node now."""
        member = self.node(node).serving
        return member if isinstance(member, OrsTwin) else None

    def location_of(self, node: int) -> str | None:
        """Where requests for the sessions of a node are sent; None where there is no such node.

        The external-url of the twin that serves it, else that of its Primary, else the HTTP address of the one that serves.
        """
        primary = self.primary(node)
        if primary is None:
            return None
        serving = self.serving(node)
        named = [serving.application] if serving else []
        applications = ors_applications(self.tree())
        for name in (*named, primary.name):
            if name in applications and applications[name].external_url:
                return applications[name].external_url
        return (serving or self.twin(primary.name)).url

    def start(self) -> None:
        """Starts all twins but those whose lie is to be absent: first the Primaries, then the Backups.

        Raises:
            SandboxError: one does not start.
        """
        applications = ors_applications(self.tree())
        for name, _ in sorted(applications.items(), key=lambda one: not one[1].primary):
            twin = self.twin(name)
            if not twin.lies.absent and not twin.is_running:
                twin.start()

    def close(self) -> None:
        """Stops all of them; does nothing the second time."""
        for node in self._nodes.values():
            node.close()
        for twin in self._twins.values():
            twin.stop()
        self._loopback.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()
