# SPDX-License-Identifier: Apache-2.0
"""A history as one HTML file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from orsgate import __version__
from orsgate.estate.judgement import Outcome
from orsgate.estate.wording import several
from orsgate.reporting.history.history_document import SCHEMA
from orsgate.reporting.history.timeline import End, History, Opening, RunSeen, Series, Step
from orsgate.reporting.history.words import ENDS
from orsgate.reporting.html.marks import DECLARED, MARKS, UNPLANNED, WARNING, Mark, state_mark, verdict_mark
from orsgate.reporting.html.plain import page
from orsgate.reporting.text import how_long, readable
from orsgate.rules.catalogue import STEPS

MOST_RUNS = 60
"""Runs of a series that the page shows, the last ones; the JSON has all."""
MOST_FILES = 50
"""Files that the page names of those that could not be used."""
_NOBODY = Mark("·", "not judged", "none")


@dataclass(frozen=True, slots=True)
class Bar:
    """The state of a step in one run, told by height and filling, and by colour besides."""

    word: str
    kind: str
    height: int
    hollow: bool = False


_FAILED, _WARNED = Bar("failed", "fail", 19), Bar("warnings only", "warn", 13)
_ERROR, _OPEN = Bar("error", "error", 19, hollow=True), Bar("not proven", "open", 12, hollow=True)
_WAIVED, _MET, _NONE = Bar("waived", "warn", 7, hollow=True), Bar("met", "pass", 4), Bar("does not apply", "none", 1)
LEGEND = (_FAILED, _WARNED, _ERROR, _OPEN, _WAIVED, _MET, _NONE)
_BARS = {
    Outcome.FAIL: _FAILED, Outcome.ERROR: _ERROR, Outcome.BLOCKED: _OPEN, Outcome.MANUAL: _OPEN, Outcome.SKIPPED: _OPEN,
    Outcome.WAIVED: _WAIVED, Outcome.PASS: _MET, Outcome.NOT_APPLICABLE: _NONE,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trend:
    """A step over the runs that are shown; None is a run that did not judge it."""

    number: int
    title: str
    mark: Mark
    told: str
    label: str
    bars: tuple[Bar | None, ...]


@dataclass(frozen=True, slots=True)
class Blocker:
    """A blocker that is or was open."""

    mark: Mark
    id: str
    title: str
    lasted: str
    since: datetime
    until: datetime | None
    told: str


@dataclass(frozen=True, slots=True)
class Run:
    """A run as a row."""

    collected: datetime
    verdict: Mark
    steps: tuple[tuple[int, Mark], ...]
    name: str
    told: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A series as the page shows it."""

    title: str
    told: str
    of_plan: bool
    stand_ins: tuple[str, ...]
    open: tuple[Blocker, ...]
    closed: tuple[Blocker, ...]
    trends: tuple[Trend, ...]
    shown: tuple[Run, ...]
    last: str
    total: int
    more: int


def page_of(history: History) -> Iterator[str]:
    """The page in ASCII, piece by piece."""
    verdict = _verdict(history)
    yield from page(
        "orsgate.reporting.history",
        "history.html.j2",
        "history.css",
        skip="Skip to the history",
        title=f"{verdict.word}: history of {history.directory}",
        history=history,
        verdict=verdict,
        sentence=history.sentence,
        not_read=history.not_read[:MOST_FILES],
        not_read_more=max(0, len(history.not_read) - MOST_FILES),
        not_read_told=f"{several(len(history.not_read), 'file')} could not be used",
        doubles=history.doubles[:MOST_FILES],
        doubles_more=max(0, len(history.doubles) - MOST_FILES),
        series=[_series(series, history.now) for series in history.series],
        legend=LEGEND,
        symbols=(*MARKS.values(), WARNING, _NOBODY),
        steps=tuple(STEPS),
        now=history.now,
        provenance=f"orsgate {__version__}; for machines: --json ({SCHEMA})",
    )


def _verdict(history: History) -> Mark:
    """Whether blockers are open; how many is said of one series alone, since those of different estates are no sum."""
    still = [series for series in history.series if series.open]
    if not still:
        return Mark("✓", "No blocker open", "pass")
    if len(history.series) == 1:
        told = f"{several(len(still[0].open), 'blocker')} open"
    else:
        told = f"Blockers open in {len(still):,} of {len(history.series):,} series"
    return Mark("✗", told, "fail")


def _series(series: Series, now: datetime) -> Shown:
    runs = series.runs[-MOST_RUNS:]
    last = series.runs[-1]
    return Shown(
        series.title,
        f"{several(len(series.runs), 'run')}, with facts from {readable(series.runs[0].collected)} to"
        f" {readable(last.collected)}. The last said {verdict_mark(last.verdict, last.exceptions).word}.",
        series.of_plan,
        series.stand_ins,
        tuple(_open(opening, series, now) for opening in series.open),
        tuple(_closed(opening, now) for opening in series.closed),
        tuple(_trends(runs)),
        tuple(_run(run) for run in runs),
        f"{len(runs)} runs" if len(runs) > 1 else "run",
        len(series.runs),
        len(series.runs) - len(runs),
    )


def _open(opening: Opening, series: Series, now: datetime) -> Blocker:
    told = [several(opening.runs, "run")]
    if opening.at_least:
        told.append("the first run that judged it: it may have been open before")
    if opening.last_seen != series.runs[-1].collected:
        told.append(f"not judged since {readable(opening.last_seen)}")
    return _blocker(opening, MARKS[opening.outcome], now, told)


def _closed(opening: Opening, now: datetime) -> Blocker:
    unclear = Mark("?", "unclear", "open")
    kinds = {
        End.FIXED: MARKS[Outcome.PASS], End.LAPSED: MARKS[Outcome.NOT_APPLICABLE], End.LEFT: unclear, End.TYPED: DECLARED,
    }  # fmt: skip
    end = opening.end or End.FIXED
    told = [] if end is End.FIXED else [ENDS[end]]
    return _blocker(opening, kinds[end], now, [*told, f"was {MARKS[opening.outcome].word}, {several(opening.runs, 'run')}"])


def _blocker(opening: Opening, mark: Mark, now: datetime, told: list[str]) -> Blocker:
    if opening.openings > 1:
        told.append(f"opened {opening.openings} times")
    lasted = f"{'at least ' if opening.at_least else ''}{how_long(opening.lasted(now))}"
    return Blocker(mark, opening.id, opening.title, lasted, opening.since, opening.until, "; ".join(told))


def _trends(runs: tuple[RunSeen, ...]) -> Iterator[Trend]:
    for number, title in STEPS.items():
        states = [next((step for step in run.steps if step.number == number), None) for run in runs]
        if not any(states):
            continue
        mark = _mark(states[-1])
        same = next((count for count, state in enumerate(reversed(states)) if _mark(state) != mark), len(states))
        since = (
            "in every run shown" if same == len(states) else f"since {readable(runs[-same].collected)}, {several(same, 'run')}"
        )
        met = sum(state is not None and _bar(state) in {_MET, _NONE} for state in states)
        label = f"Step {number}: {mark.word} {since}; met in {met} of {several(len(states), 'run')}"
        yield Trend(number, title, mark, since, label, tuple(_bar(state) if state else None for state in states))


def _mark(step: Step | None) -> Mark:
    return state_mark(step.state, step.severity) if step else UNPLANNED


def _bar(step: Step) -> Bar:
    return _WARNED if _mark(step) is WARNING else _BARS[step.state]


def _run(run: RunSeen) -> Run:
    steps = {step.number: _mark(step) for step in run.steps}
    told = [word for word, holds in (("a part only", run.partial), ("interrupted", run.interrupted)) if holds]
    return Run(
        run.collected, verdict_mark(run.verdict, run.exceptions), tuple((n, steps.get(n, _NOBODY)) for n in STEPS), run.name,
        ", ".join(told),
    )  # fmt: skip
