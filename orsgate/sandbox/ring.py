# SPDX-License-Identifier: Apache-2.0
"""What can be done with a running ring, wherever its nodes run."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Generic, Self, TypeVar

from orsgate.sandbox.accounts import make_account
from orsgate.sandbox.agreement import wait_until_agreed
from orsgate.sandbox.certificates import Certificates
from orsgate.sandbox.errors import SandboxError, UsageError
from orsgate.sandbox.node import Node

N = TypeVar("N", bound=Node)
_CQL3_FROM = (1, 2)
PATIENCE = 90.0
"""Seconds in which a ring agrees. A node that missed a change of the schema fetches it only a minute later."""


class Ring(ABC, Generic[N]):
    """A Cassandra ring: started by ``start`` or ``with``, gone after ``close``.

    Args:
        release: the Cassandra release of its nodes.
    """

    def __init__(self, release: str) -> None:
        self.release = release
        self._nodes: tuple[N, ...] = ()

    @property
    def nodes(self) -> tuple[N, ...]:
        """The nodes, in the order of their tokens; none before it is started."""
        return self._nodes

    @property
    def seeds(self) -> list[str]:
        """``host:port`` of every node that serves clients."""
        return [node.seed for node in self._nodes if node.rpc_port or node.native_port]

    @property
    def certificates(self) -> Certificates:
        """The files that clients of a started ring with TLS need.

        Raises:
            UsageError: it speaks no TLS, or was not started.
        """
        for node in self._nodes:
            if node.certificates:
                return node.certificates
        raise UsageError("The ring was not started with TLS")

    @abstractmethod
    def start(self) -> Self:
        """Starts all nodes together and waits until they answer, and agree.

        Raises:
            UsageError: what was asked for makes no sense.
            SandboxError: a node did not start; nothing runs then.
        """

    @abstractmethod
    def close(self) -> None:
        """Ends all nodes and leaves nothing; does nothing the second time."""

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def wait_until_agreed(self, timeout: float = PATIENCE) -> None:
        """Waits until every running node answers, sees all others, and all have one schema version.

        Raises:
            SandboxError: a node ended by itself, or they do not agree in time.
        """
        wait_until_agreed(self._nodes, timeout)

    def _come_up(self, timeout: float, *, agree: bool = True) -> None:
        """Waits until all launched nodes answer, makes the account of a ring with passwords, and waits until they agree.

        Raises:
            SandboxError: a node ended by itself, or they take too long.
        """
        deadline = time.monotonic() + timeout
        for node in self._nodes:
            node.wait_until_answering(max(1.0, deadline - time.monotonic()))
        if login := next((node.plan.login for node in self._nodes), None):
            make_account(self._nodes, login, max(1.0, deadline - time.monotonic()))
        if agree:
            self.wait_until_agreed(max(1.0, deadline - time.monotonic()))

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

    def _any(self) -> N:
        for node in self._nodes:
            if node.running and node.can_be_asked:
                return node
        raise SandboxError("No node of the ring runs and can be asked")
