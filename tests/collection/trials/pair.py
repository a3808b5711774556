# SPDX-License-Identifier: Apache-2.0
"""A scripted pair with its estate file, and a small HTTP client, for tests of the failover."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from orsgate.collection.trials.failover import try_failovers
from orsgate.estate.deployment import Failover, Response
from orsgate.estate.estate import Estate
from orsgate.estate.file import LoadedEstate, load_estate_file
from orsgate.estate.journal import Journal
from orsgate.estate.knowledge import Failure
from orsgate.wire.deadline import Limits
from orsgate.wire.trouble import probe_error
from tests import make
from tests.collection.trials import scripted_pair

PROGRAM = scripted_pair.__file__
PRIMARY, BACKUP = "ORS_1", "ORS_1_B"
SESSION = "KL8938QSD91ER2RN2NR1397738000001"


class Client:
    """Sends one request, and gives what came of it.

    Args:
        about_to_ask: is called before each request.
    """

    def __init__(self, about_to_ask: Callable[[], None] = lambda: None) -> None:
        self._about_to_ask = about_to_ask

    def ask(
        self,
        method: Literal["GET", "POST"],
        base_url: str,
        path: str,
        form: Mapping[str, str] | None = None,
        seconds: float | None = None,
    ) -> Response:
        assert form is None
        self._about_to_ask()
        address = urlsplit(base_url).netloc
        connection = http.client.HTTPConnection(address, timeout=seconds)
        where = f"{address} {method} {path}"
        try:
            connection.request(method, path)
            answer = connection.getresponse()
            answer.read()
        except ConnectionRefusedError:
            raise probe_error(f"{address} refused the connection", Failure.REFUSED).at(where) from None
        except TimeoutError:
            raise probe_error(f"{address} did not answer", Failure.TIMEOUT).at(where) from None
        except (OSError, http.client.HTTPException):
            raise probe_error(f"{address} closed the connection", Failure.CLOSED).at(where) from None
        finally:
            connection.close()
        return Response(f"{method} {path}", where, answer.status)


class Pair:
    """A Primary that serves and a Backup that stands by, until ``close``.

    Args:
        directory: of their files.
        commands: which the estate file gives for each.
        allowed: seconds for the takeover.
        timeout: seconds for a command.
        how: how they behave (see ``scripted_pair``).
    """

    def __init__(
        self,
        directory: Path,
        commands: tuple[str, ...] = ("start", "stop", "status"),
        allowed: float = 5.0,
        timeout: float = 20.0,
        **how: Any,
    ) -> None:
        self._of(directory, dict(zip((PRIMARY, BACKUP), free_ports(2), strict=True)))
        self.behave(**how)
        (directory / "ports.json").write_text(json.dumps(self.ports))
        (directory / "sessions").write_text(SESSION)
        (directory / "active").write_text(PRIMARY)
        tables = "".join(
            f'[[application]]\nname = "{name}"\n'
            + "".join(f"{action} = {json.dumps(self.words(action, name))}\n" for action in commands)
            for name in self.ports
        )
        (directory / "estate.toml").write_text(
            '[estate]\nname = "Made up"\nfrom_release = "8.1.3"\nto_release = "8.1.4"\n'
            f"[active]\ntakeover_within = {allowed}\ntimeout = {timeout}\n{tables}"
        )

    def _of(self, directory: Path, ports: dict[str, int]) -> None:
        self.directory = directory
        self.journal_path = directory / "journal.jsonl"
        self.asked: list[str] = []
        self.takeover_is_waited_for = False
        self.done: list[Failover] = []
        self.ports = ports

    @classmethod
    def there(cls, directory: Path) -> Pair:
        """The pair that another process has made."""
        found = cls.__new__(cls)
        found._of(directory, json.loads((directory / "ports.json").read_text()))
        return found

    @property
    def loaded(self) -> LoadedEstate:
        return load_estate_file(self.directory / "estate.toml")

    @property
    def estate(self) -> Estate:
        addresses = {name: f"http://127.0.0.1:{port}" for name, port in self.ports.items()}
        primary, backup = make.pair(PRIMARY)
        applications = make.changed((primary, backup), PRIMARY, http=addresses[PRIMARY])
        return make.estate(make.changed(applications, BACKUP, http=addresses[BACKUP]), clusters=())

    def behave(self, **how: Any) -> None:
        (self.directory / "how.json").write_text(json.dumps(how))

    def words(self, action: str, name: str) -> list[str]:
        return [sys.executable, PROGRAM, action, str(self.directory), name]

    def call(self, action: str, name: str) -> int:
        return subprocess.run(self.words(action, name), check=False).returncode

    def start(self, *names: str) -> None:
        for name in names:
            assert self.call("start", name) == 0
            (self.directory / f"{name}.starts").unlink()
        until = time.monotonic() + 20
        while PRIMARY in names and not self.serves((self.directory / "active").read_text()):
            assert time.monotonic() < until

    def serves(self, name: str) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.ports[name])) == 0

    def runs(self, name: str) -> bool:
        return scripted_pair.runs(self.directory, name)

    def tries(self, name: str) -> int:
        starts = self.directory / f"{name}.starts"
        return len(starts.read_text()) if starts.exists() else 0

    def try_it(self, sessions: Mapping[str, str] | None = None, *, agree: bool = True, limits: Limits | None = None) -> Failover:
        def confirm(text: str) -> bool:
            self.asked.append(text)
            return agree

        def about_to_ask() -> None:
            self.takeover_is_waited_for |= not self.runs(PRIMARY)

        given = {PRIMARY: SESSION} if sessions is None else sessions
        with Journal(self.journal_path) as journal:
            (failover,) = try_failovers(
                self.estate, self.loaded, Client(about_to_ask), given, journal, limits or Limits(), confirm, done=self.done.append
            )
        assert self.done[-1:] == [failover]
        return failover

    def close(self) -> None:
        (self.directory / "over").touch()  # a stop command outlives a run that was killed
        for name in self.ports:
            path = self.directory / f"{name}.pid"
            while self.runs(name):
                if path.exists():
                    os.kill(int(path.read_text()), signal.SIGKILL)


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens at."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports
