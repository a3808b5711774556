# SPDX-License-Identifier: Apache-2.0
"""Gathering the results.json files of a directory: one at a time, keeping of each only what a history shows."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from orsgate.estate.atomic import STAGED
from orsgate.estate.knowledge import Basis
from orsgate.estate.mistakes import InputError
from orsgate.reporting.grouping import state_of
from orsgate.reporting.history.openings import openings_in
from orsgate.reporting.history.reading import bytes_of, digest_of, run_in
from orsgate.reporting.history.stored import StoredPhase, StoredResult, StoredRun
from orsgate.reporting.history.timeline import OUTCOMES, History, NotRead, RunSeen, Series, Step
from orsgate.reporting.text import utc
from orsgate.rules.catalogue import STEPS, Severity

_CODES = {outcome: code for code, outcome in enumerate(OUTCOMES)}
_SUFFIX = ".json"
_SHOWN = 3
_AHEAD = timedelta(minutes=5)
"""The clocks of two hosts may differ by so much."""


def history_of(directory: Path, now: datetime) -> History:
    """The history that the results.json files in a directory and below it tell.

    Every file ``*.json`` is one, or is named. Symbolic links to directories are not followed.

    Raises:
        InputError: there is no such directory, or no file in it can be used.
    """
    if "\0" in str(directory) or not directory.is_dir():
        raise InputError(f"{directory} is no directory; name the one that the results.json files of your runs lie in")
    gathering = _Gathering(now)
    for path in _files(directory, gathering.not_read):
        gathering.take(path, path.relative_to(directory).as_posix())
    if not gathering.keepers:
        raise InputError(_nothing(directory, gathering.not_read))
    series = (keeper.series() for _, keeper in sorted(gathering.keepers.items()))
    return History(str(directory), now, tuple(series), tuple(gathering.not_read), tuple(gathering.doubles))


def _files(directory: Path, not_read: list[NotRead]) -> Iterator[Path]:
    def refused(error: OSError) -> None:
        place = Path(error.filename).relative_to(directory).as_posix()
        not_read.append(NotRead(place, f"cannot be listed: {(error.strerror or str(error)).lower()}"))

    for root, directories, names in os.walk(directory, onerror=refused):
        directories.sort()
        for name in sorted(names):
            path = Path(root, name)
            if path.suffix.lower() == _SUFFIX and path.is_file():
                yield path


def _nothing(directory: Path, not_read: list[NotRead]) -> str:
    if not not_read:
        return f"{directory} holds no file *{_SUFFIX}; name the directory that the results.json files of your runs lie in"
    told = "; ".join(f"{each.name} {each.why}" for each in not_read[:_SHOWN])
    more = f"; and {len(not_read) - _SHOWN:,} more" if len(not_read) > _SHOWN else ""
    return f"{directory} holds no results.json that can be used: {told}{more}"


@dataclass(slots=True)
class _Gathering:
    """What was gathered so far.

    Attributes:
        now: facts of a later time cannot be put into an order with the others.
    """

    now: datetime
    keepers: dict[tuple[str, StoredPhase, bool, tuple[str, ...]], Keeper] = field(default_factory=dict)
    not_read: list[NotRead] = field(default_factory=list)
    doubles: list[NotRead] = field(default_factory=list)
    _seen: dict[bytes, str] = field(default_factory=dict)

    def take(self, path: Path, name: str) -> None:
        """Take a file."""
        if path.name.startswith(STAGED):
            self.not_read.append(NotRead(name, "was never put in its place, since the run that wrote it was killed; remove it"))
            return
        try:
            data = bytes_of(path)
            run = run_in(data, name)
        except InputError as error:
            why = str(error)
            for place in (str(path), name):
                why = why.removeprefix(place).lstrip()
            self.not_read.append(NotRead(name, why))
            return
        other = self._seen.setdefault(digest_of(data), name)
        if other != name:
            self.doubles.append(NotRead(name, f"is the same, byte for byte, as {other}"))
            return
        if run.collected > self.now + _AHEAD:
            told = f"says that its facts are of {utc(run.collected)}, which is still to come"
            self.not_read.append(NotRead(name, f"{told}: a clock was wrong, and nobody can tell after which runs it was"))
            return
        key = run.estate.name, run.phase, run.plan is not None, run.stand_ins
        if key not in self.keepers:
            self.keepers[key] = Keeper(*key)
        self.keepers[key].keep(run, name)


@dataclass(slots=True)
class Keeper:
    """Keeps of each run of a series what a history shows: a few hundred bytes, and no violation.

    Runs that planned the same, judged the same applications, or left the steps in the same states share that.
    """

    estate: str
    phase: StoredPhase
    of_plan: bool
    stand_ins: tuple[str, ...]
    _runs: list[RunSeen] = field(default_factory=list)
    _planned: dict[tuple[tuple[str, Severity], ...], tuple[tuple[str, Severity], ...]] = field(default_factory=dict)
    _sets: dict[frozenset[str], frozenset[str]] = field(default_factory=dict)
    _steps: dict[tuple[Step, ...], tuple[Step, ...]] = field(default_factory=dict)
    _titles: dict[str, tuple[datetime, str]] = field(default_factory=dict)

    def keep(self, run: StoredRun, name: str) -> None:
        """Take a run, in whatever order."""
        planned = tuple((result.id, result.severity) for result in run.results)
        scope = frozenset(run.scope.applications)
        declared = frozenset(result.id for result in run.results if result.basis is Basis.DECLARED)
        steps = tuple(_steps_of(run.results))
        self._runs.append(
            RunSeen(
                name, run.collected, run.finished, run.verdict, run.exceptions, bool(run.selection), run.interrupted,
                self._steps.setdefault(steps, steps), self._planned.setdefault(planned, planned),
                bytes(_CODES[result.outcome] for result in run.results), self._sets.setdefault(scope, scope),
                self._sets.setdefault(declared, declared),
            )
        )  # fmt: skip
        for result in run.results:
            known = self._titles.get(result.id)
            if known is None or known[0] <= run.collected:
                self._titles[result.id] = run.collected, result.title

    def series(self) -> Series:
        """The history of what was kept."""
        runs = tuple(sorted(self._runs, key=lambda run: (run.collected, run.finished, run.name)))
        found = openings_in(runs, {name: title for name, (_, title) in self._titles.items()})
        still = sorted((each for each in found if each.until is None), key=lambda each: (each.since, each.id))
        ended = [each for each in found if each.until is not None]
        ended.sort(key=lambda each: (each.until or each.since, each.id), reverse=True)
        return Series(self.estate, self.phase, self.of_plan, self.stand_ins, runs, tuple(still), tuple(ended))


def _steps_of(results: Iterable[StoredResult]) -> Iterator[Step]:
    own: dict[int, list[StoredResult]] = {}
    for result in results:
        own.setdefault(result.step, []).append(result)
    for number in STEPS:
        if number in own:
            yield Step(number, *state_of((result.severity, result.outcome) for result in own[number]))
