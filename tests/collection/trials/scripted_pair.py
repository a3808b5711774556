# SPDX-License-Identifier: Apache-2.0
"""A pair of servers that stand in for ORS in tests of the failover: real processes, with real start, stop and status commands.

python scripted_pair.py start|stop|status|serve DIRECTORY NAME

The directory holds ``ports.json`` (name -> HTTP port, all of one pair), ``how.json`` (how they behave), ``active`` (who
serves), ``sessions`` (what is persisted) and, for each server that runs, a lock that it holds. What hangs ends when there is
a file ``over``. The one that does not serve listens nowhere, and takes over when the other one's lock is free.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

TICK = 0.01


def how(directory: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((directory / "how.json").read_text())
    return found


def runs(directory: Path, name: str) -> bool:
    with (directory / f"{name}.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def wait_until(condition: Callable[[], bool]) -> None:
    while not condition():
        time.sleep(TICK)


class Handler(BaseHTTPRequestHandler):
    directory: Path
    lost = False

    def do_GET(self) -> None:
        behaviour = how(self.directory)
        if behaviour.get("silent_for"):
            time.sleep(behaviour["silent_for"])
        session = self.path.removeprefix("/scxml/session/").removesuffix("/query")
        known = session in (self.directory / "sessions").read_text().split() and not self.lost
        self.send_response(200 if self.path == "/ors/help" or known else 404)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


def serve(directory: Path, name: str) -> None:
    lock = (directory / f"{name}.lock").open("a")
    fcntl.flock(lock, fcntl.LOCK_EX)
    (directory / f"{name}.pid").write_text(str(os.getpid()))
    ports = json.loads((directory / "ports.json").read_text())
    (other,) = set(ports) - {name}
    active = directory / "active"
    if active.read_text() != name and name not in how(directory).get("always", ()):
        wait_until(lambda: not runs(directory, other))
        takeover = how(directory).get("takeover", 0.3)
        if takeover is None:
            signal.pause()
        time.sleep(takeover)
        Handler.lost = how(directory).get("loses", False)
    if name not in how(directory).get("always", ()):
        active.write_text(name)
    Handler.directory = directory
    server = ThreadingHTTPServer(("127.0.0.1", ports[name]), Handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()
    signal.pause()


def start(directory: Path, name: str) -> int:
    calls = directory / f"{name}.starts"
    calls.write_text(f"{calls.read_text() if calls.exists() else ''}.")
    behaviour = how(directory).get("start", "works")
    if behaviour == "fails" or (behaviour == "fails once" and calls.read_text() == "."):
        sys.stdout.write("no licence\n")
        return 3
    if behaviour == "hangs" or (behaviour == "hangs once" and calls.read_text() == "."):
        wait_until((directory / "over").exists)
    if runs(directory, name):
        sys.stdout.write("runs already\n")
        return 1
    if behaviour != "does nothing":
        command = [sys.executable, __file__, "serve", str(directory), name]
        with (directory / "log").open("ab") as log:
            subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        wait_until(lambda: runs(directory, name))
    return 0


def stop(directory: Path, name: str) -> int:
    behaviour = how(directory).get("stop", "works")
    (directory / f"{name}.stopping").touch()
    if behaviour == "fails":
        sys.stdout.write("not allowed\n")
        return 4
    if behaviour not in {"does nothing", "hangs"}:
        os.kill(int((directory / f"{name}.pid").read_text()), signal.SIGKILL)
        wait_until(lambda: not runs(directory, name))
    if behaviour in {"hangs", "stops and hangs"}:
        wait_until((directory / "over").exists)
    return 0


def main() -> int:
    action, directory, name = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
    if action == "serve":
        serve(directory, name)
    if action == "status":
        return 0 if runs(directory, name) else 1
    return start(directory, name) if action == "start" else stop(directory, name)


if __name__ == "__main__":
    sys.exit(main())
