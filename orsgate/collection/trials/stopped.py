# SPDX-License-Identifier: Apache-2.0
"""Stops an application and starts it again so that the journal always says which one may be stopped, whatever happens.

The stop is in the journal before it is tried. The application counts as stopped until the journal says that it was
started and runs, or was seen running: a run that was killed in between leaves it to the next one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from orsgate.collection.trials.asking import HttpClient, Side
from orsgate.collection.trials.commands import Command, command_of, run_command
from orsgate.collection.trials.served import address_of
from orsgate.estate.deployment import CommandRun, Response
from orsgate.estate.estate import Estate
from orsgate.estate.file import LoadedEstate
from orsgate.estate.journal import Entry, Journal, JournalError
from orsgate.estate.knowledge import Unknown
from orsgate.wire.deadline import Limits

STOP, START, RUNS = "stop application", "start application", "application runs"
"""Steps in the journal: a stop and a start, each announced and ended; and that an application was seen running."""
START_TRIES = 2
"""How often a start that fails is tried."""
_ANSWER = 5.0


@dataclass(frozen=True, slots=True)
class Stopped:
    """An application that was stopped, and of which it is not known that it was started again.

    Attributes:
        number: of the entry that announced the stop.
        at: when that was, UTC.
        start: the command that starts it, as it was given then, secrets hidden.
    """

    application: str
    number: int
    at: str
    start: str


def left_stopped(entries: Iterable[Entry]) -> tuple[Stopped, ...]:
    """The applications that a journal leaves stopped, or perhaps stopped, in the order in which they were."""
    found: dict[str, Stopped] = {}
    for entry in entries:
        name = str(entry.facts.get("application", ""))
        if entry.step == STOP and not entry.of:
            found[name] = Stopped(name, entry.number, str(entry.facts.get("at", "")), str(entry.facts.get("start", "")))
        elif entry.step == RUNS or (entry.step == START and entry.of and entry.facts.get("runs") is True):
            found.pop(name, None)
    return tuple(found.values())


def announce_stop(journal: Journal, stop: Command, start: Command) -> Entry:
    """Write down that an application is about to be stopped.

    Raises:
        JournalError: it cannot be written; it must not be stopped then.
    """
    return journal.append(STOP, application=stop.application, command=stop.shown, start=start.shown, at=_now())


def run_stop(journal: Journal, announced: Entry, stop: Command, limits: Limits) -> CommandRun:
    """Stop an application, as it was announced."""
    run = run_command(stop, limits)
    code = None if isinstance(run.code, Unknown) else run.code
    _noted(journal, STOP, announced.number, application=stop.application, code=code)
    return run


def run_start(journal: Journal, start: Command, runs: Callable[[CommandRun], bool]) -> tuple[CommandRun, bool]:
    """Start an application, twice if the first try fails; the last try, and whether it runs.

    Neither the end of the run's time nor a journal that cannot be written is in its way.

    Args:
        journal: takes each try, before and after.
        start: the command.
        runs: tells whether the application runs after a try.
    """
    tries = 0
    while True:
        tries += 1
        entry = _noted(journal, START, 0, application=start.application, command=start.shown, at=_now())
        run = run_command(start, Limits())
        running = runs(run)
        code = None if isinstance(run.code, Unknown) else run.code
        if entry is not None:
            _noted(journal, START, entry.number, application=start.application, code=code, runs=running)
        if running or tries >= START_TRIES:
            return run, running


def start_stopped(
    estate: Estate, loaded: LoadedEstate, client: HttpClient, journal: Journal, limits: Limits, *, disruptive: bool
) -> tuple[str, ...]:
    """Look after what an earlier run left stopped: see whether it runs, start it where that is allowed, else name it.

    To be called by every run that has a journal, before anything else is tried.

    Args:
        estate: tells where applications are asked.
        loaded: the estate file, with the commands.
        client: asks.
        journal: of this estate, with what earlier runs did.
        limits: of the run.
        disruptive: whether applications may be started.

    Returns:
        One sentence for each, for the remarks of the deployment.
    """
    return tuple(
        _looked_after(estate, loaded, client, journal, limits, left, disruptive=disruptive)
        for left in left_stopped(journal.entries)
    )


def _looked_after(
    estate: Estate,
    loaded: LoadedEstate,
    client: HttpClient,
    journal: Journal,
    limits: Limits,
    left: Stopped,
    *,
    disruptive: bool,
) -> str:
    name = left.application
    entry = next((each for each in loaded.file.application if each.name == name), None)
    status, start = command_of(loaded, entry, "status"), command_of(loaded, entry, "start")
    application = estate.applications.get(name)
    side = None if application is None else Side(name, address_of(application), client)

    def runs() -> bool:
        if status is not None:
            return run_command(status, limits).succeeded
        return side is not None and isinstance(side.answer(_ANSWER), Response)

    what = f"{name} was stopped by an earlier run at {left.at}, which ended before it saw it started again"
    if runs():
        _noted(journal, RUNS, left.number, application=name)
        return f"{what}; it runs"
    if start is None or not disruptive:
        may = "" if start is None else " (orsgate does with --disruptive)"
        return f"{what}; if it does not run, start it{may}: {left.start if start is None else start.shown}"
    run, running = run_start(journal, start, lambda run: run.succeeded or runs())
    if running:
        return f"{what}; it was started now"
    return f"{what}, and it could not be started now ({why_not(run)}); start it: {start.shown}"


def why_not(run: CommandRun) -> str:
    """Why a command did not do what it should."""
    if isinstance(run.code, Unknown):
        return run.code.cause
    return f"its {run.action} command ended with {run.code}" + (f": {run.said}" if run.said else "")


def _noted(journal: Journal, step: str, of: int, **facts: object) -> Entry | None:
    """Write down what was done, or a start; a start must be tried, and what was done is done, if that cannot be."""
    try:
        return journal.append(step, of, **facts)
    except JournalError:
        return None


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
