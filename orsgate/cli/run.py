# SPDX-License-Identifier: Apache-2.0
"""One run of the gate: everything that can be wrong with the request first, then judging, then all outputs at once."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from orsgate.cli.harness import judge, vocabulary
from orsgate.cli.outputs import Outputs
from orsgate.cli.reports import REPORTS, reporters
from orsgate.cli.say import say
from orsgate.cli.team import Team
from orsgate.estate.estate import Phase
from orsgate.estate.snapshot import Snapshot, dump
from orsgate.rules.catalogue import catalogue
from orsgate.verdict.events import Event, Reporter
from orsgate.verdict.run import NO_WAIVERS, Run
from orsgate.verdict.selection import Selection
from orsgate.verdict.waiver import Waivers

if TYPE_CHECKING:
    from orsgate.reporting.history.stored import StoredRun

_INTERRUPTIONS = (signal.SIGINT, signal.SIGTERM)
"""Too late once the verdict is decided: what the reports say of the exit code must stay true."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A request that was found to be in order before anything was collected.

    Attributes:
        recorder: makes what writes the readiness record to a path; None where none was asked for.
        waivers: exceptions that were approved.
        previous: an earlier run, to say what changed since; None where none was given.
    """

    phase: Phase
    selection: Selection
    outputs: Outputs
    team: Team | None
    strict: bool
    verbose: bool
    quiet: bool
    recorder: Callable[[Path], Reporter] | None = None
    waivers: Waivers = NO_WAIVERS
    previous: StoredRun | None = None

    def require_estate(self, name: str) -> None:
        """Make sure, before anything is read, that the earlier run is of the estate that is about to be judged.

        Raises:
            InputError: it is of another.
        """
        if self.previous is not None:
            from orsgate.reporting.history.comparing import require_comparable

            require_comparable(self.previous, name, self.phase)


def prepare(
    phase: Phase, *, only: tuple[str, ...], skip: tuple[str, ...], team: str | None, strict: bool, verbose: bool, quiet: bool,
    waiver_files: tuple[str, ...] = (), allow_wide_waivers: bool = False, previous: str | None = None, **paths: str | None,
) -> Prepared:  # fmt: skip
    """Check a request.

    Args:
        phase: what is judged.
        only: selectors.
        skip: selectors of what is left out.
        team: directory of a team's own requirements.
        strict: warnings gate as well.
        verbose: show more on the console.
        quiet: show less on the console.
        waiver_files: exceptions that were approved.
        allow_wide_waivers: whether one may be for every subject.
        previous: results.json of an earlier run.
        paths: ``snapshot_path``, ``record_path`` and those of reports: where each goes, or None.

    Raises:
        InputError: if a selector, the team's features, the waivers, the earlier run or the outputs are wrong.
    """
    own = Team.read(Path(team), vocabulary()) if team is not None else None
    planned = {item.id: item.severity for item in catalogue().values() if phase in item.phases}
    planned |= {item.id: item.severity for item in (own.planned if own else ()) if phase in item.phases}
    known = {*catalogue(), *(item.id for item in (own.planned if own else ()))}
    named = ("snapshot", *(report.name for report in REPORTS), "record")
    outputs = Outputs({name: paths.pop(f"{name}_path", None) for name in named})
    if paths:
        raise TypeError(f"no result is called {', '.join(paths)}")
    if own:
        outputs.keep_off(own.directory.rglob("*"))
    selection = Selection.parse(only, skip, known, planned)
    outputs.keep_off(map(Path, waiver_files))
    waivers = _waivers(waiver_files, allow_wide=allow_wide_waivers)
    earlier = _previous(previous, phase, outputs) if previous is not None else None
    return Prepared(phase, selection, outputs, own, strict, verbose, quiet, waivers=waivers, previous=earlier)


def _waivers(files: tuple[str, ...], *, allow_wide: bool) -> Waivers:
    if not files:
        return NO_WAIVERS
    from orsgate.verdict.waiver_file import load_waivers

    found = load_waivers(files, allow_wide=allow_wide)
    for path in found.empty_files:
        say(f"{path} holds no waiver", err=True)
    return found


def _previous(path: str, phase: Phase, outputs: Outputs) -> StoredRun:
    from orsgate.reporting.history.comparing import require_comparable
    from orsgate.reporting.history.reading import read_run

    outputs.keep_off([Path(path)])
    found = read_run(Path(path))
    require_comparable(found, found.estate.name, phase)
    return found


def judge_snapshot(snapshot: Snapshot, prepared: Prepared, *, last: bool = True) -> int:
    """Judge a snapshot, write what was asked for, and say the verdict.

    Args:
        snapshot: the facts.
        prepared: the request.
        last: whether the process ends afterwards, with the exit code that the reports name.

    Returns:
        the exit code of the verdict.
    """
    outputs = prepared.outputs
    prepared.require_estate(snapshot.estate.estate.name)
    said = _SaidLast(_for_the_terminal(prepared))
    with ExitStack() as stack, outputs.together():
        run = Run(
            snapshot, prepared.phase, prepared.selection, [*_for_files(prepared), said], strict=prepared.strict,
            waivers=prepared.waivers,
        )  # fmt: skip
        judge(run, prepared.team)
        stack.enter_context(_undisturbed(last=last))
        verdict = run.finish()
        if outputs.wants("snapshot"):
            outputs.write("snapshot", dump(snapshot))
        outputs.deliver()
        said.say()
    return verdict.exit_code


class _SaidLast:
    """Keeps what the terminal is to be told until every result is written: no GO stands there of a run that then breaks.

    Args:
        reporters: that write to the terminal.
    """

    def __init__(self, reporters: list[Reporter]) -> None:
        self._reporters = reporters
        self._events: list[Event] = []

    def handle(self, event: Event) -> None:
        """Keep an event."""
        self._events.append(event)

    def say(self) -> None:
        """Hand over what was kept."""
        for event in self._events:
            for reporter in self._reporters:
                reporter.handle(event)


@contextmanager
def _undisturbed(*, last: bool) -> Iterator[None]:
    """Ignore interruptions; for good where the process ends afterwards, but not where it could not do what it was to do."""
    previous = {number: signal.getsignal(number) for number in _INTERRUPTIONS}
    restored = True
    try:
        for number in _INTERRUPTIONS:
            signal.signal(number, signal.SIG_IGN)
        yield
        restored = not last
    finally:
        if restored:
            for number, handler in previous.items():
                signal.signal(number, handler)


def _for_files(prepared: Prepared) -> list[Reporter]:
    outputs = prepared.outputs
    found: list[Reporter] = [*reporters(outputs, prepared.previous)]
    if prepared.recorder is not None and outputs.wants("record"):
        found.append(prepared.recorder(outputs.path("record")))
    return found


def _for_the_terminal(prepared: Prepared) -> list[Reporter]:
    from orsgate.reporting.console import ConsoleReporter

    outputs = prepared.outputs
    found: list[Reporter] = [
        ConsoleReporter(to_stderr=outputs.to_stdout, verbose=prepared.verbose, quiet=prepared.quiet, outputs=outputs.places())
    ]
    if prepared.previous is not None:
        from orsgate.cli.since import SinceReporter

        found.append(SinceReporter(prepared.previous, err=outputs.to_stdout))
    return found
