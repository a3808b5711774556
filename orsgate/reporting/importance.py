# SPDX-License-Identifier: Apache-2.0
"""How much a result matters to who reads annotations, and which line of which file it speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path, PureWindowsPath

from orsgate.estate.judgement import Outcome
from orsgate.estate.wording import several
from orsgate.reporting.results_json import reason_of
from orsgate.rules.catalogue import gating
from orsgate.verdict.events import RunStarted
from orsgate.verdict.result import Result

_FILE = re.compile(r"(?P<path>.+\.(?:cfg|conf|toml|txt|log|json|ya?ml|xml)):(?P<line>[1-9]\d{0,8})", re.IGNORECASE)
"""A place in a file; ``host:port`` looks alike, so the kinds of file that a run reads are named."""


class Importance(IntEnum):
    """From what decides the verdict to what is as it should be."""

    FAILED = 0
    """A failure that makes the verdict NO-GO."""
    OPEN = 1
    """Not known, and without knowing it there is no GO."""
    LOOK = 2
    """To be looked at; it decides nothing, or was left out on purpose."""
    WAIVED = 3
    """Not met, and accepted by name."""
    TOLD = 4
    """Advice."""
    DECLARED = 5
    """Passed on declared facts only."""
    WELL = 6
    """Passed, or does not apply."""


def importance(started: RunStarted, result: Result) -> Importance:
    """How much a result matters, with ``--strict`` as without."""
    outcome, severity = result.outcome, result.planned.severity
    if outcome is Outcome.NOT_APPLICABLE or not reason_of(result):
        return Importance.WELL
    if outcome is Outcome.PASS:
        return Importance.DECLARED
    if outcome is Outcome.WAIVED:
        return Importance.WAIVED
    if outcome is Outcome.ERROR:
        return Importance.OPEN
    if severity in gating(strict=started.strict):
        return _GATING[outcome]
    return Importance.LOOK if severity == "warning" else Importance.TOLD


_GATING = {
    Outcome.FAIL: Importance.FAILED,
    Outcome.BLOCKED: Importance.OPEN,
    Outcome.MANUAL: Importance.OPEN,
    Outcome.SKIPPED: Importance.LOOK,
}


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file, its path with ``/`` and relative to the working directory where it lies in that."""

    path: str
    line: int


def place_of(where: str) -> Place | None:
    """The line of a file that ``where`` names; None where it names none, as an endpoint and a call."""
    found = _FILE.fullmatch(where)
    return Place(_path(found["path"]), int(found["line"])) if found else None


def by_importance(started: RunStarted, results: Iterable[Result]) -> dict[Importance, list[Result]]:
    """The results of each importance by id, what matters most first; each of them is there, empty where there is none."""
    found: dict[Importance, list[Result]] = {each: [] for each in Importance}
    for result in sorted(results, key=lambda result: result.id):
        found[importance(started, result)].append(result)
    return found


def declared(results: Sequence[Result]) -> str:
    """What is said in one sentence of everything that passed on declared facts only, by id."""
    return (
        f"{several(len(results), 'requirement')} passed on declared facts, not proven: {', '.join(each.id for each in results)}"
    )


def path_of_estate(started: RunStarted) -> Place:
    """Where to show what is in no file: the beginning of the estate file."""
    return Place(_path(started.estate.snapshot.estate_path or "estate.toml"), 1)


def _path(text: str) -> str:
    if "\\" in text and "/" not in text:  # it was collected on Windows
        text = PureWindowsPath(text).as_posix()
    if not Path(text).is_absolute():
        return text
    path, here = Path(text), Path.cwd()
    return (path.relative_to(here) if path.is_relative_to(here) else path).as_posix()
