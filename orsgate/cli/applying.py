# SPDX-License-Identifier: Apache-2.0
"""Applying a change list to GAX or GWS for the command ``fix``: what it asks before, and what it says after."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from orsgate.cli.say import say
from orsgate.estate.wording import several
from orsgate.reporting.text import in_one_line
from orsgate.verdict.exit_codes import ExitCode

if TYPE_CHECKING:
    from orsgate.collection.passwords import Ask
    from orsgate.estate.file import LoadedEstate
    from orsgate.remedy.changes import ChangeList, OptionChange
    from orsgate.remedy.results import Applied, ObjectResult
    from orsgate.sources.writing import Writer
    from orsgate.wire.observer import Observer

JOURNAL = "apply.journal"
"""Name of the journal beside what ``fix`` wrote."""
_UNDOCUMENTED = {
    "gax": "the REST interface of GAX is not documented by Genesys",
    "gws": "how GWS takes an object that is written is documented in part only",
}


def apply_changes(
    loaded: LoadedEstate,
    changes: ChangeList,
    directory: Path,
    *,
    accept_undocumented_api: bool,
    confirm: str | None = None,
    journal: Path | None = None,
    ask: Ask | None = None,
    allow_http: bool = False,
    quiet: bool = False,
) -> int:
    """Apply the option changes of a change list through GAX or GWS; its tasks stay with a person.

    Args:
        loaded: the estate file.
        changes: with real values.
        directory: that ``fix`` wrote; the journal is made in it where ``journal`` names no other.
        accept_undocumented_api: whether somebody knows that the interface is not documented.
        confirm: the name of the estate, where no terminal is there to type it on.
        journal: where to note what is done; one that is there is gone on with.
        ask: asks for a password that nothing else gives; by default on the terminal.
        allow_http: whether the account may be sent without TLS to another host.
        quiet: whether to say what is not done and nothing else.

    Returns:
        0 where all is done, 1 where something was refused or not stored as planned, 3 where what became of something is not
        known, 130 where the run was interrupted after an object was finished.

    Raises:
        InputError: it may not be done, or not to this system.
        ProbeError: the system does not let the account in.
    """
    from orsgate.collection.writing import require_writable_source
    from orsgate.estate.journal import Journal
    from orsgate.remedy.apply import apply

    require_writable_source(loaded)
    require_acceptance(loaded, "applied", accepted=accept_undocumented_api)
    if not changes.changes:
        if not quiet:
            say("no option is to be changed")
        return ExitCode.GO
    for line in _asked(changes):
        say(line)
    require_confirmation(loaded, confirm)
    path = journal or directory / JOURNAL
    with writing(loaded, ask, allow_http=allow_http, quiet=quiet) as (writer, observer, stop), Journal(path) as opened:
        found = apply(changes, writer, opened, observer, estate=loaded.file.estate.name, stop=stop)
    return said(found, path, "applied", quiet=quiet)


def require_acceptance(loaded: LoadedEstate, done: str, *, accepted: bool) -> None:
    """Make sure that somebody knows what is used to write.

    Raises:
        InputError: nobody said so.
    """
    from orsgate.estate.mistakes import InputError

    if not accepted:
        why = _UNDOCUMENTED[loaded.file.configuration.source]
        hint = "add --accept-undocumented-api if that may be used here, or do it by hand from the change list"
        raise InputError(f"nothing was {done}: {why}; {hint}")


def require_confirmation(loaded: LoadedEstate, confirm: str | None) -> None:
    """Make sure that a person means this estate, by its name.

    Raises:
        InputError: it was not given, or is another name.
    """
    from orsgate.estate.mistakes import InputError, quoted

    name = loaded.file.estate.name
    if confirm is None:
        if not sys.stdin.isatty():
            raise InputError(f"there is no terminal to confirm it on; give the name of the estate with --confirm {quoted(name)}")
        confirm = click.prompt(
            f"Type the name of the estate ({in_one_line(name)}) to go on", err=True, default="", show_default=False
        )
    if confirm.strip() != name.strip():
        raise InputError(f"nothing was written: the name of the estate is {quoted(name)}, and not {quoted(confirm)}")


@contextmanager
def writing(
    loaded: LoadedEstate, ask: Ask | None, *, allow_http: bool, quiet: bool
) -> Iterator[tuple[Writer, Observer, Callable[[], bool]]]:
    """What writes, what is told about progress, and what says that a signal asked to end.

    Raises:
        InputError: the password cannot be had, or it is not the right environment.
        ProbeError: the system does not let the account in.
    """
    from orsgate.cli.finishing import finishing_first
    from orsgate.cli.progress import progress
    from orsgate.cli.prompt import ask as ask_on_terminal
    from orsgate.collection.writing import writer_of
    from orsgate.remedy.environment import require_environment

    opened = writer_of(loaded, ask or ask_on_terminal, allow_http=allow_http)
    with finishing_first("the object under way") as stop, opened as writer, progress(enabled=not quiet) as observer:
        require_environment(loaded, writer)
        yield writer, observer, stop


def said(found: Applied, journal: Path, done: Literal["applied", "taken back"], *, quiet: bool) -> int:
    """Say what became of each object, and give the exit code."""
    from orsgate.remedy.results import Status

    for result in found.results:
        if not quiet or result.status not in {Status.DONE, Status.ALREADY}:
            say(_line(result), err=quiet)
    if not quiet:
        counts = Counter(result.status for result in found.results)
        say(", ".join(f"{number} {status}" for status, number in counts.items()) or "there was nothing to do")
        if found.results:
            held = "with the objects as they were before, passwords included; readable by its owner only"
            say(f"{journal}: what was {done}, {held}")
        if done == "applied" and counts[Status.DONE] + counts[Status.DIFFERS]:
            say("Keep it: orsgate undo takes back exactly what it says.")
    if not found.is_known:
        return ExitCode.INCONCLUSIVE
    if found.interrupted:
        return ExitCode.INTERRUPTED
    return ExitCode.GO if found.is_whole else ExitCode.NO_GO


def _line(result: ObjectResult) -> str:
    what = f" ({_amount([edit.key.option for edit in result.edits])})" if result.edits else ""
    why = f": {result.why}" if result.why else ""
    return f"{result.status}: {result.object}{what}{why}"


def _asked(changes: ChangeList) -> Iterator[str]:
    """What is about to be done, in numbers."""
    yield f"To be written: {_counted(changes.changes)}"
    by_requirement: dict[str, list[OptionChange]] = {}
    for change in changes.changes:
        for requirement in change.requirements or ("no requirement",):
            by_requirement.setdefault(requirement, []).append(change)
    for requirement, of_it in sorted(by_requirement.items()):
        yield f"  {requirement}: {_counted(of_it)}"
    if unsafe := [change for change in changes.changes if not change.safe_now]:
        yield f"Not known to be safe while the old release runs: {_counted(unsafe)}"
    if changes.tasks:
        yield f"Left to a person: {several(len(changes.tasks), 'task')} of the change list"


def _counted(changes: Sequence[OptionChange]) -> str:
    objects = {(change.kind, change.object) for change in changes}
    return f"{_amount([change.option for change in changes])} of {several(len(objects), 'object')}"


def _amount(names: Sequence[str]) -> str:
    """How many options, by their names, and how many sections, which have none."""
    options = sum(1 for name in names if name)
    counted = [several(number, noun) for number, noun in ((options, "option"), (len(names) - options, "section")) if number]
    return " and ".join(counted)
