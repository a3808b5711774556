# SPDX-License-Identifier: Apache-2.0
"""The command ``orsgate``: its subcommands, loaded when needed, and the exit code of every way it can end."""

from __future__ import annotations

import importlib
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from types import FrameType

import click

from orsgate import __version__
from orsgate.verdict.exit_codes import ExitCode

COMMANDS = {
    "audit": ("orsgate.cli.judging:audit", "Judge whether 8.1.4 may be installed now (readiness)."),
    "collect": ("orsgate.cli.judging:collect", "Read an estate into a snapshot, judging nothing."),
    "demo": ("orsgate.cli.demo:demo", "Audit the made-up sample estates on a real Cassandra ring."),
    "explain": ("orsgate.cli.catalogue:explain", "Tell what a requirement asks for, why, and how to meet it."),
    "init": ("orsgate.cli.init:init", "Write an estate file to start from."),
    "judge": ("orsgate.cli.judging:judge", "Judge stored snapshots, without reading anything again."),
    "list": ("orsgate.cli.catalogue:list_requirements", "List the requirements."),
    "sandbox": ("orsgate.cli.sandbox:sandbox", "Start real servers on this machine to try things out."),
}


class LazyGroup(click.Group):
    """Imports a subcommand only when it is run, so that ``--help`` is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The names of the subcommands."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The subcommand of that name."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command = getattr(importlib.import_module(module), name)
        return command if isinstance(command, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the subcommands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in sorted(COMMANDS)])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="orsgate")
def orsgate() -> None:
    """Readiness gate and deployment test for migrating Genesys Orchestration Server to 8.1.4.

    It answers GO, NO-GO or inconclusive, with evidence, and changes nothing.

    Exit codes: 0 GO, 1 NO-GO, 2 usage or estate file wrong, 3 inconclusive, 4 internal error, 130 interrupted.
    """


def run(arguments: Sequence[str]) -> int:
    """Run the command line.

    Returns:
        the exit code; derived from the verdict, never taken from pytest or click.
    """
    from orsgate.estate.mistakes import InputError
    from orsgate.home import HarnessError
    from orsgate.reporting.files import ReportError
    from orsgate.sandbox.errors import SandboxError

    verbose = "--verbose" in arguments
    signal.signal(signal.SIGTERM, _terminated)
    try:
        result = orsgate.main(list(arguments), prog_name="orsgate", standalone_mode=False)
        sys.stdout.flush()
        code = int(result) if isinstance(result, int) else ExitCode.GO
    except (click.exceptions.Abort, KeyboardInterrupt):
        code = _said("interrupted", ExitCode.INTERRUPTED)
    except click.ClickException as error:
        error.show(sys.stderr)
        code = ExitCode.USAGE
    except InputError as error:
        code = _said(str(error), ExitCode.USAGE, verbose=verbose)
    except BrokenPipeError:
        # Whoever read the output has gone; the verdict could not be delivered, which must not look like GO.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = ExitCode.INTERNAL
    except (ReportError, HarnessError, SandboxError) as error:
        code = _said(str(error), ExitCode.INTERNAL, verbose=verbose)
    except Exception as error:  # noqa: BLE001 - the last resort: one sentence, exit code 4
        code = _said(f"internal error: {type(error).__name__}: {error}", ExitCode.INTERNAL, verbose=verbose)
    return code


def _said(message: str, code: ExitCode, *, verbose: bool = False) -> ExitCode:
    for line in message.splitlines():
        click.echo(f"orsgate: {line}", err=True)
    if verbose:
        traceback.print_exc()
    elif code is ExitCode.INTERNAL:
        click.echo("orsgate: run it again with --verbose for the details", err=True)
    return code


def _terminated(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
