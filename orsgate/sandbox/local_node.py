# SPDX-License-Identifier: Apache-2.0
"""A node that is a process of this machine: starting, stopping and killing it."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from pathlib import Path

from orsgate.sandbox.certificates import Certificates
from orsgate.sandbox.configuration import command_line
from orsgate.sandbox.errors import SandboxError, UsageError
from orsgate.sandbox.layout import NodePlan
from orsgate.sandbox.node import LAST_LINES, Node
from orsgate.sandbox.processes import Launcher, Process, kill, terminate


class LocalNode(Node):
    """A Cassandra node on a loopback address of this machine.

    Attributes:
        directory: everything it writes.
        log: its log, with whatever it printed.
    """

    def __init__(
        self,
        plan: NodePlan,
        directory: Path,
        java: Path,
        jars: Sequence[Path],
        launcher: Launcher,
        certificates: Certificates | None = None,
    ) -> None:
        super().__init__(plan, certificates)
        self.directory = directory
        self.log = directory / "system.log"
        self._command = [str(java), *command_line(plan, directory, jars)]
        self._launcher = launcher
        self._process: Process | None = None

    @property
    def pid(self) -> int | None:
        """The id of its process; None where it does not run."""
        return self._process.pid if self._process and self._process.poll() is None else None

    @property
    def expected(self) -> bool:
        """Whether it was started and neither stopped nor killed through here."""
        return self._process is not None

    def launch(self) -> None:
        """Starts its process, and waits for nothing."""
        if self.running:
            raise UsageError(f"The node {self.address} runs already")
        self._process = self._launcher.launch(self._command, self.directory, self.log)

    def stop(self, grace: float = 20) -> None:
        """Ends it properly (SIGTERM)."""
        if self._process:
            terminate(self._process, grace)
            self._process = None

    def kill(self) -> None:
        """Kills it (SIGKILL)."""
        if self._process:
            kill(self._process)
            self._process = None

    def pause(self) -> None:
        """Lets it hang (SIGSTOP)."""
        if self._process:
            self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Lets it go on after ``pause`` (SIGCONT)."""
        if self._process:
            self._process.send_signal(signal.SIGCONT)

    def table_files(self) -> list[str]:
        """The files of its tables, as ``KEYSPACE/TABLE/FILE``."""
        data = self.directory / "data"
        return sorted(str(path.relative_to(data)) for path in data.glob("*/*/*"))

    def require_running(self) -> None:
        """Raises a ``SandboxError`` with the last lines of its log where its process ended by itself."""
        if self._process and self._process.poll() is not None:
            code = self._process.returncode
            raise SandboxError(f"Cassandra {self.release} on {self.address} ended with {code}.\n{self.last_lines()}")

    def last_lines(self) -> str:
        """The end of its log, for a person."""
        lines = self.log.read_text("utf-8", "replace").splitlines() if self.log.exists() else []
        return "\n".join([f"Last lines of {self.log}:", *(f"  {line}" for line in lines[-LAST_LINES:])])
