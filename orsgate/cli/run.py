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
from orsgate.cli.team import Team
from orsgate.estate.estate import Phase
from orsgate.estate.snapshot import Snapshot, dump
from orsgate.rules.catalogue import catalogue
from orsgate.verdict.events import Reporter
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
    phase: Phase, *, only: tuple[str, ...], skip: tuple[str, ...], team: str | None, snapshot_path: str | None,
    json_path: str | None, junit_path: str | None, html_path: str | None, strict: bool, verbose: bool, quiet: bool,
    record_path: str | None = None, waiver_files: tuple[str, ...] = (), allow_wide_waivers: bool = False,
    previous: str | None = None,
) -> Prepared:  # fmt: skip
    """Check a request.

    Raises:
        InputError: if a selector, the team's features, the waivers, the earlier run or the outputs are wrong.
    """
    own = Team.read(Path(team), vocabulary()) if team is not None else None
    planned = {item.id: item.severity for item in catalogue().values() if phase in item.phases}
    planned |= {item.id: item.severity for item in (own.planned if own else ()) if phase in item.phases}
    known = {*catalogue(), *(item.id for item in (own.planned if own else ()))}
    outputs = Outputs(
        {"snapshot": snapshot_path, "json": json_path, "junit": junit_path, "html": html_path, "record": record_path}
    )
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

    return Waivers(load_waivers(files), allow_wide)


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
    with ExitStack() as stack, outputs.together():
        run = Run(
            snapshot, prepared.phase, prepared.selection, _reporters(prepared), strict=prepared.strict, waivers=prepared.waivers
        )
        judge(run, prepared.team)
        stack.enter_context(_undisturbed(last=last))
        verdict = run.finish()
        if outputs.wants("snapshot"):
            outputs.write("snapshot", dump(snapshot))
    return verdict.exit_code


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


def _reporters(prepared: Prepared) -> list[Reporter]:
    from orsgate.reporting.console import ConsoleReporter

    outputs = prepared.outputs
    found: list[Reporter] = [
        ConsoleReporter(to_stderr=outputs.to_stdout, verbose=prepared.verbose, quiet=prepared.quiet, outputs=outputs.places())
    ]
    if outputs.wants("json"):
        from orsgate.reporting.results_json import JsonReporter

        found.append(JsonReporter(outputs.path("json")))
    if outputs.wants("junit"):
        from orsgate.reporting.junit import JunitReporter

        found.append(JunitReporter(outputs.path("junit")))
    if outputs.wants("html"):
        from orsgate.reporting.html import HtmlReporter

        found.append(HtmlReporter(outputs.path("html"), prepared.previous))
    if prepared.previous is not None:
        from orsgate.cli.since import SinceReporter

        found.append(SinceReporter(prepared.previous, err=outputs.to_stdout))
    if prepared.recorder is not None and outputs.wants("record"):
        found.append(prepared.recorder(outputs.path("record")))
    return found
