# SPDX-License-Identifier: Apache-2.0
"""Processes that never outlive this one."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path

_TETHER = Path(__file__).with_name("tether.py")

Process = subprocess.Popen[bytes]


class Launcher:
    """Starts processes that the kernel kills when this process ends, or when the launcher is closed.

    The kernel ties a process to the *thread* that started it. So all are started by one thread, which ends with
    ``close``.
    """

    def __init__(self) -> None:
        self._requests: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._serve, name="sandbox launcher", daemon=True)
        self._thread.start()

    def launch(self, command: Sequence[str], directory: Path, output: Path) -> Process:
        """Starts ``command`` (its first entry is a path) in ``directory``; it writes to the end of ``output``.

        It gets a session of its own, so that Ctrl-C in a terminal reaches this process alone, and next to nothing of
        this process' environment, so that a user's ``JAVA_TOOL_OPTIONS`` does not change what runs.
        """
        result: Future[Process] = Future()

        def start() -> None:
            try:
                with output.open("ab") as log:
                    result.set_result(
                        subprocess.Popen(  # noqa: S603  # an argument list of our own, no shell
                            [sys.executable, "-I", "-S", str(_TETHER), str(os.getpid()), *command],
                            cwd=directory,
                            stdin=subprocess.DEVNULL,
                            stdout=log,
                            stderr=subprocess.STDOUT,
                            env={"PATH": os.defpath, "LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "2"},
                            start_new_session=True,
                        ),
                    )
            except BaseException as error:  # noqa: BLE001  # it is raised in the thread that asked
                result.set_exception(error)

        self._requests.put(start)
        return result.result()

    def close(self) -> None:
        """Ends the thread; the kernel kills what it started and still runs."""
        self._requests.put(None)
        self._thread.join()

    def _serve(self) -> None:
        while request := self._requests.get():
            request()


def kill(process: Process) -> None:
    """Kills a process and waits until it is gone; does nothing to one that ended."""
    process.kill()  # looks first whether it ended, so it never meets a stranger with the same id
    process.wait()


def terminate(process: Process, grace: float) -> None:
    """Asks a process to end, and kills it when it has not after ``grace`` seconds."""
    process.terminate()
    try:
        process.wait(grace)
    except subprocess.TimeoutExpired:
        kill(process)
