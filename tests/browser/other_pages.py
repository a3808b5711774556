# SPDX-License-Identifier: Apache-2.0
"""The other pages that the browser shows: of a deployment, of what changed, of many runs, and of two states compared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from orsgate.cli.harness import judge
from orsgate.cli.main import run as program
from orsgate.estate.estate import Phase
from orsgate.estate.knowledge import Failure
from orsgate.estate.snapshot import Snapshot, dump
from orsgate.reporting.history import read_run
from orsgate.reporting.html.render import HtmlReporter
from orsgate.reporting.reporter import FileReporter
from orsgate.reporting.results_json import JsonReporter
from orsgate.verdict.exit_codes import ExitCode
from orsgate.verdict.run import Run
from orsgate.verdict.selection import Selection
from tests.deployments import PAGE, response, served, silence
from tests.faults.installing import deployment
from tests.faults.workshop import Change, in_application, open_workshop, put, silent

_LEFT = put("exports/ORS_A1*.cfg", "orchestration/mcr-pull-by-msn-only", "true")
_BROKEN: tuple[tuple[Change, ...], ...] = (
    (_LEFT, in_application("ORS_A2", "warm standby", "hot standby"), silent(2, Failure.TIMEOUT)),
    (_LEFT, put("exports/ORS_B1.cfg", "cluster/super_node", "false"), in_application("ORS_B1_B", '"SIP_B"', '"SIP_A"')),
    (),
)
"""What is wrong with the estate in each of three runs, a day apart."""


def deployed(path: Path) -> None:
    """The test of a deployment of which a Backup serves, a Primary is silent, and a node cannot be asked."""
    both = deployment(served("ORS_A1_B", lambda url: response(url, "GET /ors/help", 503, body=PAGE)))
    silent_one = deployment(served("ORS_B1", silence))
    _judge(_collected(path.parent / "deployment", both, silent_one, phase="deployment"), "deployment", HtmlReporter(path))


def changed(path: Path) -> None:
    """A report that says what changed since the run before."""
    before, after = _runs(path.parent)[:2]
    snapshot = _collected(path.parent / "now", *_BROKEN[1])
    assert after.is_file()
    _judge(snapshot, "readiness", HtmlReporter(path, read_run(before)))


def diff(path: Path) -> None:
    """What changed between two runs."""
    before, after, _ = _runs(path.parent)
    assert program(["report", "diff", str(before), str(after), "--html", str(path)]) == ExitCode.NO_GO


def history(path: Path) -> None:
    """How three runs went, with a file among them that is none."""
    runs = _runs(path.parent)
    (runs[0].parent / "notes.json").write_text("{}", encoding="ascii")
    assert program(["report", "history", str(runs[0].parent), "--html", str(path)]) == ExitCode.GO


def comparison(path: Path) -> None:
    """Two states of a configuration, with differences of every sort."""
    sides = []
    for name, sample in (("a", "exported-8.1.2"), ("b", "healthy")):
        workshop = open_workshop(path.parent / name, sample=sample)
        if name == "b":
            put("exports/ORS_A1.cfg", "log/verbose", "debug")(workshop)
        sides.append(path.with_name(f"{name}.json"))
        sides[-1].write_bytes(dump(workshop.collected()))
    assert program(["compare", *map(str, sides), "--html", str(path)]) == ExitCode.NO_GO


WRITERS: dict[str, Callable[[Path], None]] = {
    "deployment": deployed, "changed": changed, "diff": diff, "history": history, "comparison": comparison,
}  # fmt: skip


def _runs(directory: Path) -> list[Path]:
    """results.json of an estate that was mended a day at a time, the first run first."""
    (directory / "runs").mkdir()
    made = []
    for number, changes in enumerate(_BROKEN):
        found = _collected(directory / f"estate-{number}", *changes)
        days = timedelta(days=len(_BROKEN) - number)
        found = replace(found, parts=tuple(replace(part, collected=part.collected - days) for part in found.parts))
        made.append(directory / "runs" / f"{number}.json")
        _judge(found, "readiness", JsonReporter(made[-1]))
    return made


def _collected(directory: Path, *changes: Change, phase: Phase = "readiness") -> Snapshot:
    workshop = open_workshop(directory, phase)
    for change in changes:
        change(workshop)
    return workshop.alter(workshop.collected())


def _judge(snapshot: Snapshot, phase: Phase, reporter: FileReporter) -> None:
    run = Run(snapshot, phase, Selection(), [reporter])
    judge(run)
    run.finish()
