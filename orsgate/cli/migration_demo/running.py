# SPDX-License-Identifier: Apache-2.0
"""Runs the commands of the demo as an operator would, each as a process of its own, and keeps what they say."""

from __future__ import annotations

import os
import secrets
import shlex
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from orsgate.cli.migration_demo.place import LOGS

PASSPHRASE = "ORSGATE_DEMO_PASSPHRASE"  # noqa: S105 - the name of a variable
_PATIENCE = 120.0
"""Seconds that one command may take; the longest needs about twenty."""
_GRACE = 20.0
"""Seconds in which an interrupted command cleans up after itself."""


@dataclass(frozen=True, slots=True)
class Ran:
    """A command that ended.

    Attributes:
        line: the command line as a person types it.
        log: what it said.
        seconds: how long it took.
    """

    line: str
    code: int
    log: Path
    seconds: float

    @property
    def said(self) -> str:
        """Everything that it wrote."""
        return self.log.read_text("utf-8", "replace")


def line_of(*words: object) -> str:
    """A command line as a person types it."""
    return shlex.join(["orsgate", *map(str, words)])


class Commands:
    """Runs commands in the directory of the demo.

    Args:
        directory: that of the demo.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._extra = {PASSPHRASE: secrets.token_urlsafe(18), "PYTHONUNBUFFERED": "1"}

    def run(self, log: str, *words: object) -> Ran:
        """Runs a command to its end, and keeps what it says in a log of that name.

        The command has no terminal. An interruption is passed on to it, and it is waited for while it cleans up.
        """
        path = self._directory / LOGS / f"{log}.log"
        began = time.monotonic()
        with path.open("w", encoding="utf-8") as file:
            file.write(f"$ {line_of(*words)}\n")
            file.flush()
            code = _ended(
                [sys.executable, "-m", "orsgate", *map(str, words)], self._directory, self._environment(), file.fileno()
            )
            file.write(f"exit code {code}\n")
        return Ran(line_of(*words), code, path, time.monotonic() - began)

    def _environment(self) -> Mapping[str, str]:
        """That of this process; where orsgate runs from a checkout, it is found from any directory."""
        own = str(Path(__file__).resolve().parents[3])
        path = os.pathsep.join(filter(None, (own, os.environ.get("PYTHONPATH"))))
        return {**os.environ, **self._extra, "PYTHONPATH": path}


def _ended(command: list[str], directory: Path, environment: Mapping[str, str], output: int) -> int:
    """The exit code of a command. It has a process group of its own: Ctrl-C reaches it once, through this process."""
    process = subprocess.Popen(  # noqa: S603 - this program
        command,
        cwd=directory,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        process_group=0,
    )
    try:
        return process.wait(_PATIENCE)
    except BaseException as error:
        process.terminate()
        try:
            code = process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            process.kill()
            code = process.wait()
        if isinstance(error, subprocess.TimeoutExpired):
            return code
        raise
