# SPDX-License-Identifier: Apache-2.0
"""The command ``orsgate``: its subcommands, loaded when needed, and the exit code of every way it can end."""

from __future__ import annotations

import contextlib
import errno
import importlib
import io
import os
import signal
import sys
import threading
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

import click

from orsgate import __version__
from orsgate.cli.say import say
from orsgate.verdict.exit_codes import ExitCode

_INTERRUPTED = threading.Event()
"""Set by the signal that ends this run."""
COMMANDS = {
    "attest": ("orsgate.cli.attest:attest", "State that a requirement is met which no system can show."),
    "audit": ("orsgate.cli.judging:audit", "Judge whether 8.1.4 may be installed now (readiness)."),
    "baseline": ("orsgate.cli.baseline:baseline", "Store what is there before anything changes."),
    "bundle": ("orsgate.cli.bundle:bundle", "Pack and sign what a run leaves, or verify such a bundle."),
    "collect": ("orsgate.cli.judging:collect", "Read an estate into a snapshot, judging nothing."),
    "compare": ("orsgate.cli.compare:compare", "Tell what differs between two states, and whether it was planned."),
    "demo": ("orsgate.cli.demo:demo", "Audit the made-up sample estates on a real Cassandra ring, or play a migration."),
    "doctor": ("orsgate.cli.doctor:doctor", "Test what a run will need, without a login or a write."),
    "discover": ("orsgate.cli.discover:discover", "Find applications and clusters in GAX, GWS or mutagen, and write them down."),
    "explain": ("orsgate.cli.catalogue:explain", "Tell what a requirement asks for, why, and how to meet it."),
    "export": ("orsgate.cli.export:export", "Write the rollback exports of step 1 from GAX, GWS or mutagen."),
    "fix": ("orsgate.cli.fix:fix", "Write what steps 2 to 8 ask for, as files and a change list."),
    "init": ("orsgate.cli.init:init", "Write an estate file to start from."),
    "judge": ("orsgate.cli.judging:judge", "Judge stored snapshots, without reading anything again."),
    "keygen": ("orsgate.cli.keygen:keygen", "Make a pair of keys to sign readiness records and bundles with."),
    "list": ("orsgate.cli.catalogue:list_requirements", "List the requirements."),
    "plan": ("orsgate.cli.plan:plan", "Tell who runs which command when, and with which access."),
    "verify": ("orsgate.cli.verify:verify", "Judge whether the new deployment works (step 10)."),
    "waive": ("orsgate.cli.waive:waive", "Write down that a person accepts what is not met, until a moment."),
    "rehearse": ("orsgate.cli.rehearse:rehearse", "Try the Cassandra options on a twin of the ring, on this machine."),
    "report": ("orsgate.cli.report:report", "Tell what changed between runs, and for how long blockers are open."),
    "rollback-plan": ("orsgate.cli.rollback_plan:rollback_plan", "Tell how the estate becomes again what its baseline holds."),
    "sandbox": ("orsgate.cli.sandbox:sandbox", "Start real servers on this machine to try things out."),
    "undo": ("orsgate.cli.undo:undo", "Take back what fix changed, in files or in GAX and GWS."),
}

_UNREAD = "the output could not be delivered: nobody reads it any more"
"""Must not look like GO."""


class _UnreadError(Exception):
    """Nobody reads what is written any more; click would end the process with a code of its own."""


@contextlib.contextmanager
def _noticing_that_nobody_reads() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError as error:
        raise _UnreadError from error


class LazyGroup(click.Group):
    """Imports a subcommand only when it is run, so that ``--help`` is quick."""

    def make_context(self, *arguments: Any, **keywords: Any) -> click.Context:
        """The context in which a command runs; here ``--help`` is written."""
        with _noticing_that_nobody_reads():
            return super().make_context(*arguments, **keywords)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the subcommand."""
        with _noticing_that_nobody_reads():
            return super().invoke(ctx)

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

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """The subcommand that is meant; one that is mistyped is named with the nearest there is."""
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            from orsgate.estate.mistakes import did_you_mean, quoted

            ctx.fail(f"No such command {quoted(args[0])}{did_you_mean(args[0], COMMANDS) or '; see orsgate --help'}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the subcommands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in sorted(COMMANDS)])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="orsgate")
def orsgate() -> None:
    """Readiness gate and deployment test for migrating Genesys Orchestration Server to 8.1.4.

    It answers GO, NO-GO or inconclusive, with evidence, and changes nothing unless it is told to.
    The order of the commands for an estate: orsgate plan ESTATE.

    Exit codes: 0 GO, 1 NO-GO, 2 usage or estate file wrong, 3 inconclusive, 4 internal error, 5 a bundle that is not intact,
    130 interrupted.
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
    from orsgate.wire.trouble import ProbeError

    _streams_that_take_anything()
    verbose = "--verbose" in arguments
    _listen_for_signals()
    try:
        _require_working_directory()
        result = orsgate.main(list(arguments), prog_name="orsgate", standalone_mode=False)
        sys.stdout.flush()
        code = int(result) if isinstance(result, int) else ExitCode.GO
    except (click.exceptions.Abort, KeyboardInterrupt):
        code = _said("interrupted", ExitCode.INTERRUPTED)
    except click.ClickException as error:
        with contextlib.suppress(OSError):
            error.show(sys.stderr)
        code = ExitCode.USAGE
    except InputError as error:
        code = _said(str(error), ExitCode.USAGE, verbose=verbose)
    except (BrokenPipeError, _UnreadError):
        code = _said(_UNREAD, ExitCode.INTERNAL)
    except ProbeError as error:
        code = _said(error.unknown.cause, ExitCode.INCONCLUSIVE, verbose=verbose)
    except (ReportError, HarnessError, SandboxError) as error:
        code = _said(str(error), ExitCode.INTERNAL, verbose=verbose, hint=_has_verbose(arguments))
    except SystemExit as error:
        # So does rich's console end the process, with 1, when its reader has gone; nothing else may choose the code either.
        if isinstance(error.__context__, BrokenPipeError):
            code = _said(_UNREAD, ExitCode.INTERNAL)
        else:
            code = _said(f"internal error: SystemExit: {error}", ExitCode.INTERNAL, verbose=verbose, hint=_has_verbose(arguments))
    except Exception as error:  # noqa: BLE001 - the last resort: one sentence, exit code 4
        code = _unexpected(error, verbose=verbose, hint=_has_verbose(arguments))
    _leave_nothing_unwritten()
    return code


def _streams_that_take_anything() -> None:
    """Give every name a way to the reader, whatever the encoding of the console, and a closed stream a place to go."""
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - for the life of the process
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _require_working_directory() -> None:
    from orsgate.estate.mistakes import InputError

    try:
        Path.cwd()
    except FileNotFoundError:
        raise InputError("the working directory does not exist any more; change to another") from None


def _has_verbose(arguments: Sequence[str]) -> bool:
    """Whether the command that was asked for knows ``--verbose``."""
    place, _ = COMMANDS.get(arguments[0] if arguments else "", ("", ""))
    module, _, name = place.partition(":")
    command = getattr(sys.modules.get(module), name, None)  # one that could not be imported has nothing to add
    return isinstance(command, click.Command) and any("--verbose" in option.opts for option in command.params)


def _leave_nothing_unwritten() -> None:
    """Keep what a stream did not take from being tried again when the process ends, with an exit code of its own."""
    try:
        sys.stdout.flush()
    except OSError:
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _said(message: str, code: ExitCode, *, verbose: bool = False, hint: bool = False) -> ExitCode:
    with contextlib.suppress(OSError):  # where nobody listens the exit code says it
        for line in message.splitlines():
            say(f"orsgate: {line}", err=True)
        if verbose:
            traceback.print_exc()
        elif hint:
            click.echo("orsgate: run it again with --verbose for the details", err=True)
    return code


def _unexpected(error: Exception, *, verbose: bool, hint: bool) -> ExitCode:
    if _INTERRUPTED.is_set():  # pydantic makes an error of its own of an interruption while it builds a model
        return _said("interrupted", ExitCode.INTERRUPTED)
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return _said(f"the output could not be delivered: {os.strerror(error.errno).lower()}", ExitCode.INTERNAL, verbose=verbose)
    return _said(f"internal error: {type(error).__name__}: {error}", ExitCode.INTERNAL, verbose=verbose, hint=hint)


def _listen_for_signals() -> None:
    """Let SIGTERM, and Ctrl-C where it is not switched off, end the run, and remember that they did."""
    _INTERRUPTED.clear()
    signal.signal(signal.SIGTERM, _interrupt)
    if signal.getsignal(signal.SIGINT) in {signal.default_int_handler, _interrupt}:
        signal.signal(signal.SIGINT, _interrupt)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    _INTERRUPTED.set()
    raise KeyboardInterrupt
