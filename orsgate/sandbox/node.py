# SPDX-License-Identifier: Apache-2.0
"""One node of a sandbox ring, wherever it runs: its places, and asking it."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager

from orsgate.sandbox.certificates import Certificates
from orsgate.sandbox.client import Client, NoAnswer, Refused, connect
from orsgate.sandbox.errors import SandboxError, UsageError
from orsgate.sandbox.layout import NodePlan
from orsgate.sandbox.native import NativeClient, connect_native

LAST_LINES = 25
"""How many lines of its log a person is shown."""
_PAUSE = 0.05
"""Seconds between two tries to reach a node that comes up."""
_CALL = 25.0
"""Seconds a call may take: describe_schema_versions waits rpc_timeout_in_ms, 10 s, for a dead member."""


class Node(ABC):
    """A Cassandra node.

    Attributes:
        plan: what it was planned to be.
        certificates: what its clients need to speak TLS with it; None where it does not.
    """

    def __init__(self, plan: NodePlan, certificates: Certificates | None = None) -> None:
        self.plan = plan
        self.certificates = certificates
        self._context = certificates.context() if certificates else None

    @property
    def address(self) -> str:
        """Its address in the ring, where it is reached too."""
        return self.plan.address

    @property
    def release(self) -> str:
        """Its Cassandra release."""
        return self.plan.release

    @property
    def rpc_port(self) -> int | None:
        """Port of Thrift; None where it serves none."""
        return self.plan.rpc_port

    @property
    def native_port(self) -> int | None:
        """Port of the native protocol; None where it serves none."""
        return self.plan.native_port

    @property
    def jmx_port(self) -> int | None:
        """Port of JMX; None where it serves none."""
        return self.plan.jmx_port

    @property
    def datacenter(self) -> str:
        """Its data center, as the ring was asked for."""
        return self.plan.datacenter

    @property
    def rack(self) -> str:
        """Its rack."""
        return self.plan.rack

    @property
    def token(self) -> int:
        """Its initial token."""
        return self.plan.token

    @property
    def seed(self) -> str:
        """``host:port`` for clients: of Thrift, else of the native protocol."""
        return f"{self.address}:{self.rpc_port or self.native_port}"

    @property
    def can_be_asked(self) -> bool:
        """Whether ``client`` can reach it while it runs."""
        return self.rpc_port is not None or self.native_port is not None

    @property
    @abstractmethod
    def pid(self) -> int | None:
        """The id of its process; None where it does not run."""

    @property
    def running(self) -> bool:
        """Whether its process runs."""
        return self.pid is not None

    @property
    @abstractmethod
    def expected(self) -> bool:
        """Whether it was started and neither stopped nor killed through here."""

    @abstractmethod
    def launch(self) -> None:
        """Starts its process, and waits for nothing."""

    @abstractmethod
    def stop(self, grace: float = 20) -> None:
        """Ends it properly (SIGTERM)."""

    @abstractmethod
    def kill(self) -> None:
        """Kills it (SIGKILL)."""

    @abstractmethod
    def pause(self) -> None:
        """Lets it hang (SIGSTOP)."""

    @abstractmethod
    def resume(self) -> None:
        """Lets it go on after ``pause`` (SIGCONT)."""

    @abstractmethod
    def table_files(self) -> list[str]:
        """The files of its tables, as ``KEYSPACE/TABLE/FILE``."""

    @abstractmethod
    def require_running(self) -> None:
        """Raises a ``SandboxError`` with the last lines of its log where its process ended by itself."""

    @abstractmethod
    def last_lines(self) -> str:
        """The end of its log, for a person."""

    def start(self, timeout: float = 60) -> None:
        """Starts it (again) and waits until it answers.

        Raises:
            SandboxError: it ended, or does not answer in time; with the last lines of its log.
        """
        self.launch()
        self.wait_until_answering(timeout)

    def wait_until_answering(self, timeout: float) -> None:
        """Waits until it answers clients.

        Raises:
            SandboxError: it ended, or does not answer in time; with the last lines of its log.
        """
        deadline = time.monotonic() + timeout
        while True:
            self.require_running()
            try:
                self.check_answer()
            except NoAnswer as error:
                if time.monotonic() > deadline:
                    raise SandboxError(f"{error}, {timeout:.0f} s after it was started.\n{self.last_lines()}") from error
                time.sleep(_PAUSE)
            else:
                return

    def check_answer(self) -> None:
        """Asks it one thing.

        Raises:
            NoAnswer: it does not answer.
        """
        if self.can_be_asked:
            try:
                with self.client() as client:
                    client.version()
            except Refused:
                if self.plan.login is None:
                    raise
                # That it wants another account is an answer: the one of the ring is made when all nodes answer.

    @contextmanager
    def client(self, timeout: float = _CALL, *, login: tuple[str, str] | None = None) -> Iterator[Client | NativeClient]:
        """A connection to it: Thrift, or the native protocol where it serves no Thrift.

        Args:
            timeout: seconds that connecting and each answer may take.
            login: name and password; by default those of the ring, if it has any.

        Raises:
            NoAnswer: it does not answer.
            Refused: it does not let us in.
        """
        if self.rpc_port is not None:
            with connect(self.address, self.rpc_port, timeout, login=login or self.plan.login, context=self._context) as client:
                yield client
        elif self.native_port is not None:
            with self.native_client(timeout, login=login) as native:
                yield native
        else:
            raise UsageError(f"The node {self.address} serves neither Thrift nor the native protocol")

    @contextmanager
    def native_client(self, timeout: float = _CALL, *, login: tuple[str, str] | None = None) -> Iterator[NativeClient]:
        """A connection to its native port, whether it serves Thrift or not; for the rest see ``client``."""
        protocol = self.plan.line.native
        if self.native_port is None or protocol is None:
            raise UsageError(f"The node {self.address} serves no native protocol")
        login = login or self.plan.login
        with connect_native(
            self.address, self.native_port, timeout, protocol=protocol, login=login, context=self._context
        ) as native:
            yield native
