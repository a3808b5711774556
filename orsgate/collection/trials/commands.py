# SPDX-License-Identifier: Apache-2.0
"""Runs the start, stop and status commands of the estate file: no shell, a limit of time, and nothing is left running."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import IO

from orsgate.collection.trials.foreign import decoded, harmless
from orsgate.estate.deployment import Action, CommandRun
from orsgate.estate.estate import Estate
from orsgate.estate.file import LoadedEstate
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.schema_objects import ApplicationEntry
from orsgate.estate.secret import HIDDEN, redacted_words
from orsgate.wire.deadline import Deadline, Limits
from orsgate.wire.observer import Observer, unobserved
from orsgate.wire.trouble import ProbeError, interrupted
from orsgate.wire.waiting import all_done

STATUS_SECONDS = 30.0
"""Seconds that a status command may take where ``[active] timeout`` says nothing."""
CHANGE_SECONDS = 120.0
"""Seconds that a start or stop command may take where ``[active] timeout`` says nothing."""
MOST_AT_ONCE = 8
"""Status commands that run at the same time: they may all go through one host."""
LARGEST_OUTPUT = 16 * 2**20
"""Bytes that a command may print; one that prints more has gone astray."""
_KEPT = 4096
_LOOK = 0.1
_DYING = 5.0
_SHORTEST_SECRET = 4
"""A shorter word is found everywhere, and hiding it would hide nothing but the text."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command of the estate file, ready to be run.

    Attributes:
        words: program and arguments, never given to a shell.
        directory: where it runs, and what a path to the program is relative to: that of the estate file.
        seconds: it may take.
    """

    application: str
    action: Action
    words: tuple[str, ...]
    directory: Path
    seconds: float

    @property
    def shown(self) -> str:
        """As a person types it, secrets hidden."""
        return shlex.join(redacted_words(self.words)).replace(shlex.quote(HIDDEN), HIDDEN)

    @property
    def secrets(self) -> tuple[str, ...]:
        """The words that are hidden, which the command may repeat."""
        pairs = zip(self.words, redacted_words(self.words), strict=True)
        hidden = (word.removeprefix(shown.removesuffix(HIDDEN)) for word, shown in pairs if word != shown)
        return tuple(word for word in hidden if len(word) >= _SHORTEST_SECRET)

    def not_run(self, unknown: Unknown) -> CommandRun:
        """The command, with why it was not run."""
        return CommandRun(self.application, self.action, self.shown, unknown, 0.0)


def command_of(loaded: LoadedEstate, entry: ApplicationEntry | None, action: Action) -> Command | None:
    """The command that the estate file gives for an application; None where it gives none."""
    words = None if entry is None else getattr(entry, action)
    if entry is None or words is None:
        return None
    usual = STATUS_SECONDS if action == "status" else CHANGE_SECONDS
    return Command(entry.name, action, words, loaded.directory, loaded.file.active.timeout or usual)


def run_statuses(estate: Estate, loaded: LoadedEstate, limits: Limits, observer: Observer = unobserved) -> tuple[CommandRun, ...]:
    """Run the status command of every ORS application in scope that has one, a few at a time.

    They only look, so they run always. Whatever goes wrong with one is the ``Unknown`` in its ``code``.

    Args:
        estate: tells which applications are in scope.
        loaded: the estate file, with the commands as they were written: those of a snapshot have no secrets.
        limits: ends them when the run is interrupted or its time is up.
        observer: told how many have ended.
    """
    entries = {entry.name: entry for entry in loaded.file.application}
    found = (command_of(loaded, entries.get(application.name), "status") for application in estate.in_scope)
    commands = [command for command in found if command is not None]
    if not commands:
        return ()
    stop = threading.Event()
    work = [partial(run_command, command, limits, stop=stop) for command in commands]
    return tuple(all_done(work, MOST_AT_ONCE, "asking the status commands", observer, stop.set))


def run_command(command: Command, limits: Limits, *, stop: threading.Event | None = None) -> CommandRun:
    """Run a command and wait for its end; its time is up after ``command.seconds``, or when the run ends.

    It gets a session (on Windows a process group) of its own, nothing on its standard input, and a file for what it
    prints: a server that it leaves running, as start commands do, can go on printing. A command whose time is up is
    killed with everything in its process group; on Windows it alone is.

    Args:
        command: what to run.
        limits: of the run.
        stop: ends the wait when it is set.

    Raises:
        KeyboardInterrupt: it came during the wait; the command was killed then.
    """
    began = time.monotonic()
    with tempfile.TemporaryFile() as output:
        code = _code(command, output, Deadline(limits, began + command.seconds, command.seconds), stop)
        seconds = time.monotonic() - began
        output.seek(0)
        said = harmless(decoded(output.read(_KEPT)), command.secrets)
    return CommandRun(command.application, command.action, command.shown, code, seconds, said)


def _code(command: Command, output: IO[bytes], deadline: Deadline, stop: threading.Event | None) -> int | Unknown:
    try:
        process = _started(command, output)
    except (OSError, ValueError) as error:
        return _not_started(command, error)
    try:
        trouble = None
        while trouble is None:
            try:
                return process.wait(min(deadline.slice(), _LOOK))
            except subprocess.TimeoutExpired:
                trouble = _overdue(command, output, deadline, stop)
    except ProbeError as error:  # the run is over
        trouble = error.unknown
    finally:
        killed = _end(process)
    left = "" if killed else f"; its process {process.pid} could not be killed by this user"
    return replace(trouble, cause=trouble.cause + left, where=command.shown)


def _overdue(command: Command, output: IO[bytes], deadline: Deadline, stop: threading.Event | None) -> Unknown | None:
    """Why a command that still runs has to end; None where it has not."""
    what = f"the {command.action} command of {command.application}"
    if stop is not None and stop.is_set():
        return interrupted().unknown
    if deadline.passed():
        cause = f"{what} had not ended after {deadline.seconds:g} s and was ended (allow more with [active] timeout)"
        return Unknown(cause, failure=Failure.TIMEOUT)
    if os.fstat(output.fileno()).st_size > LARGEST_OUTPUT:
        cause = f"{what} printed more than {LARGEST_OUTPUT // 2**20} MB and was ended"
        return Unknown(cause, failure=Failure.GARBLED)
    return None


def _started(command: Command, output: IO[bytes]) -> subprocess.Popen[bytes]:
    program, *arguments = command.words
    if os.path.dirname(program):  # noqa: PTH120 - "./stop" has a directory, of which a Path knows nothing any more
        program = str((command.directory / program).absolute())
    return subprocess.Popen(  # noqa: S603 - the operator's own words, no shell
        [program, *arguments],
        cwd=command.directory,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        creationflags=_new_group(),
    )


def _new_group() -> int:
    if sys.platform == "win32":
        return subprocess.CREATE_NEW_PROCESS_GROUP
    return 0


def _end(process: subprocess.Popen[bytes]) -> bool:
    """Kill a command that still runs, with its process group, and say whether it is gone.

    What a command that has ended left running is meant to run.
    """
    if process.returncode is not None:
        return True
    # It was not waited for yet, so that its id, which is that of its group, cannot be anybody else's.
    with suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            process.terminate()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    try:
        process.wait(_DYING)
    except subprocess.TimeoutExpired:  # it runs as another user, under sudo for example
        return False
    return True


def _not_started(command: Command, error: OSError | ValueError) -> Unknown:
    what = f"the {command.action} command of {command.application} cannot be run: "
    program = harmless(command.words[0], command.secrets)
    if isinstance(error, FileNotFoundError):
        cause, failure = f"{what}{program} was not found on this host (is it installed, and in the PATH?)", Failure.MISSING
    elif isinstance(error, PermissionError):
        cause, failure = f"{what}{program} may not be executed by this user", Failure.DENIED
    else:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        cause, failure = f"{what}{program}: {harmless(reason, command.secrets)}", Failure.UNREADABLE
    return Unknown(cause, command.shown, failure)
