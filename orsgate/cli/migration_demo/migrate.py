# SPDX-License-Identifier: Apache-2.0
"""``orsgate demo --migrate``: the steps in a directory, with what is said before, after, and where one went wrong."""

from __future__ import annotations

import time
from contextlib import ExitStack
from pathlib import Path

import click

from orsgate.cli.migration_demo.acts import play
from orsgate.cli.migration_demo.display import display
from orsgate.cli.migration_demo.place import FIXED, RECORD, REPORTS, demo_directory
from orsgate.cli.migration_demo.running import Commands
from orsgate.cli.migration_demo.world import Environment, StepError, World
from orsgate.cli.say import say
from orsgate.sandbox.signals import stopping_on_signals
from orsgate.verdict.exit_codes import ExitCode

_LAST_LINES = 20


def migrate(directory: Path, environment: Environment) -> int:
    """Plays the migration; gives 0 where every step came out as it must, else 4.

    Raises:
        InputError: the directory is not the demo's.
    """
    began = time.monotonic()
    say("A whole migration, from an estate of 8.1.2 to a deployment of 8.1.4 that was tested.")
    say("The estate is made up; Cassandra is real, GAX and ORS are twins: stand-ins, and no Genesys software.")
    say(f"Everything that it writes stays in {directory}; the commands run there.")
    with stopping_on_signals(), demo_directory(directory) as place:
        try:
            with display() as shown, ExitStack() as stack:
                play(World(place, environment, Commands(place), shown, stack))
        except StepError as error:
            _complain(error)
            return ExitCode.INTERNAL
    say("")
    say(f"Every step came out as it must, in {time.monotonic() - began:.0f} s. All of it was measured against stand-ins.")
    say("The servers are stopped. To look at:")
    for what in (f"{REPORTS}/10-deployment.html", f"{REPORTS}/10-unplanned.html", f"{FIXED}/changes.txt", RECORD):
        say(f"  {directory / what}")
    say("The same order for an estate of yours: orsgate plan ESTATE")
    return ExitCode.GO


def _complain(error: StepError) -> None:
    if error.log is not None:
        say(f"the last lines of {error.log}:", err=True)
        for line in error.log.read_text("utf-8", "replace").splitlines()[-_LAST_LINES:]:
            say(f"  {line}", err=True)
    click.echo(err=True)
    say(str(error), err=True)
