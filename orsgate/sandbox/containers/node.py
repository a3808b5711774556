# SPDX-License-Identifier: Apache-2.0
"""A node in a container of its own: the container is its host, on which it is started, stopped and killed."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orsgate.sandbox.certificates import Certificates
from orsgate.sandbox.configuration import command_line
from orsgate.sandbox.containers.daemon import speaking
from orsgate.sandbox.containers.image import JAVA
from orsgate.sandbox.errors import SandboxError, UsageError
from orsgate.sandbox.layout import NodePlan
from orsgate.sandbox.node import LAST_LINES, Node

if TYPE_CHECKING:
    from docker.models.containers import Container

_PAUSE = 0.05
"""Seconds between two looks at a process; each of them is a question to the Docker daemon."""
_TO_DIE = 20.0
"""Seconds after which a process that was sent SIGKILL is taken for stuck: on a busy machine its memory takes a while to go."""
_TO_BEGIN = 20.0
"""Seconds after which a process that was started has written its id, which is the first thing that it does."""
_NOT_BEGUN = 75
"""Exit code that no kill has: the process has not written its id yet."""
_RUN = 'echo $$ > "$0"; exec "$@" > /proc/1/fd/1 2>&1'
"""Writes its id to the file, and is the node from then on. What it prints becomes the container's log."""


class ContainerNode(Node):
    """A Cassandra node in a running container that has its address.

    When the node is killed its host is still there: clients are refused, as they are by a host whose Cassandra died.

    Attributes:
        directory: everything it writes, in the container.
        container: its container, of the Docker SDK.
    """

    def __init__(
        self, plan: NodePlan, directory: Path, jars: Sequence[Path], container: Container, certificates: Certificates | None
    ) -> None:
        super().__init__(plan, certificates)
        self.directory = directory
        self.container = container
        self._command = [str(JAVA), *command_line(plan, directory, jars)]
        self._execution: str | None = None
        self._launched = 0

    @property
    def pid(self) -> int | None:
        """The id of its process as the daemon's machine sees it; None where it does not run."""
        state = self._state()
        return int(state["Pid"]) if state.get("Running") else None

    @property
    def expected(self) -> bool:
        """Whether it was started and neither stopped nor killed through here."""
        return self._execution is not None

    def launch(self) -> None:
        """Starts its process, and waits for nothing."""
        if self.running:
            raise UsageError(f"The node {self.address} runs already")
        environment = {"LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "2"}
        self._launched += 1
        command = ["sh", "-c", _RUN, self._id_file, *self._command]
        with speaking():
            api = self.container.client.api
            made = api.exec_create(self.container.id, command, environment=environment, workdir=str(self.directory))
            api.exec_start(made["Id"], detach=True)
        self._execution = made["Id"]

    def stop(self, grace: float = 20) -> None:
        """Ends it properly (SIGTERM)."""
        if self.running:
            self._signal("TERM")
            if not self._ended_within(grace):
                self.kill()
        self._execution = None

    def kill(self) -> None:
        """Kills it (SIGKILL)."""
        if self.running:
            self._signal("KILL")
            if not self._ended_within(_TO_DIE):
                raise SandboxError(f"The node {self.address} was killed, and still runs after {_TO_DIE:.0f} s")
        self._execution = None

    def pause(self) -> None:
        """Lets it hang (SIGSTOP)."""
        self._signal("STOP")

    def resume(self) -> None:
        """Lets it go on after ``pause`` (SIGCONT)."""
        self._signal("CONT")

    def table_files(self) -> list[str]:
        """The files of its tables, as ``KEYSPACE/TABLE/FILE``."""
        data = self.directory / "data"
        with speaking():
            code, output = self.container.exec_run(["find", str(data), "-mindepth", "3", "-maxdepth", "3"])
        if code:
            raise SandboxError(f"The files of the node {self.address} cannot be listed: {output.decode('utf-8', 'replace')}")
        return sorted(str(Path(line).relative_to(data)) for line in output.decode().splitlines())

    def require_running(self) -> None:
        """Raises a ``SandboxError`` with the last lines of its log where its process ended by itself."""
        if self._execution is None:
            return
        state = self._state()
        if not state.get("Running"):
            code = state.get("ExitCode")
            raise SandboxError(f"Cassandra {self.release} on {self.address} ended with {code}.\n{self.last_lines()}")

    def last_lines(self) -> str:
        """The end of its container's log, for a person."""
        with speaking():
            lines = self.container.logs(tail=LAST_LINES).decode("utf-8", "replace").splitlines()
        return "\n".join([f"Last lines of the container {self.container.name}:", *(f"  {line}" for line in lines)])

    def _state(self) -> dict[str, Any]:
        """What Docker says of its process; nothing where none was started, or Docker has forgotten one that ended."""
        from docker.errors import NotFound  # noqa: PLC0415  # of the optional dependencies

        if self._execution is None:
            return {}
        with speaking():
            try:
                state: dict[str, Any] = self.container.client.api.exec_inspect(self._execution)
            except NotFound:
                return {}
        return state

    @property
    def _id_file(self) -> str:
        """Where, in the container, the process that was launched last has written its id; each launch has its own."""
        return f"/run/cassandra-{self._launched}.pid"

    def _signal(self, name: str) -> None:
        """Sends a signal to its process, as its own host would: no right on the daemon's machine is needed."""
        send = f'[ -s "$0" ] || exit {_NOT_BEGUN}; kill -{name} "$(cat "$0")"'
        deadline = time.monotonic() + _TO_BEGIN
        while self.running:
            with speaking():
                code, output = self.container.exec_run(["sh", "-c", send, self._id_file])
            if not code:
                return
            if (code != _NOT_BEGUN or time.monotonic() > deadline) and self.running:
                said = output.decode("utf-8", "replace").strip() or f"exit code {code}"
                raise SandboxError(f"The node {self.address} got no {name}: {said}")
            time.sleep(_PAUSE)

    def _ended_within(self, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while self.running:
            if time.monotonic() > deadline:
                return False
            time.sleep(_PAUSE)
        return True
