# SPDX-License-Identifier: Apache-2.0
"""A history as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from orsgate.estate.wording import several
from orsgate.reporting.history.timeline import End, History, Opening, RunSeen, Series
from orsgate.reporting.history.words import ENDS
from orsgate.reporting.html.marks import MARKS, WARNING, state_mark, verdict_mark
from orsgate.reporting.text import how_long, readable
from orsgate.rules.catalogue import STEPS

MOST_RUNS = 20
"""Runs that are shown of a series, the last ones."""
_LEGEND = "  ".join(f"{mark.symbol} {mark.word}" for mark in (*MARKS.values(), WARNING))


def lines_of(history: History, *, everything: bool = False) -> Iterator[str]:
    """The history line by line, the sentence last.

    Args:
        history: what was found.
        everything: show every run.
    """
    for series in history.series:
        yield from _series(series, history.now, everything=everything)
        yield ""
    for head, files in (("Not in the history", history.not_read), ("Counted once", history.doubles)):
        if files:
            yield f"{head}: {several(len(files), 'file')}"
            for each in files:
                yield f"  {each.name}: {each.why}"
            yield ""
    yield history.sentence


def _series(series: Series, now: datetime, *, everything: bool) -> Iterator[str]:
    yield f"{series.title}: {several(len(series.runs), 'run')}"
    if series.stand_ins:
        yield f"  not measured against the real software; in its place stood {', '.join(series.stand_ins)}"
    shown = series.runs if everything else series.runs[-MOST_RUNS:]
    if len(shown) < len(series.runs):
        yield f"  the last {len(shown)} of them (--verbose shows all)"
    yield f"  step{'':19} {' '.join(f'{number:>2}' for number in STEPS)}"
    for run in shown:
        yield _run(run)
    yield f"  {_LEGEND}"
    if series.open:
        yield "  Open blockers:"
        for opening in series.open:
            symbol, told = MARKS[opening.outcome].symbol, _last(opening, series)
            yield f"    {symbol} {opening.id} {_how_long(opening, now)}: {told}  {opening.title}"
    if series.closed:
        yield "  Closed blockers:"
        for opening in series.closed:
            yield f"    {opening.id} {_how_long(opening, now)}: {_end(opening)}  {opening.title}"


def _run(run: RunSeen) -> str:
    states = {step.number: state_mark(step.state, step.severity).symbol for step in run.steps}
    row = " ".join(f"{states.get(number, ' '):>2}" for number in STEPS)
    kinds = [word for word, holds in (("a part only", run.partial), ("interrupted", run.interrupted)) if holds]
    return f"  {readable(run.collected)} {row}  {verdict_mark(run.verdict, run.exceptions).word}  {', '.join([run.name, *kinds])}"


def _how_long(opening: Opening, now: datetime) -> str:
    return f"{'at least ' if opening.at_least else ''}{how_long(opening.lasted(now))}, since {readable(opening.since)}"


def _last(opening: Opening, series: Series) -> str:
    text = MARKS[opening.outcome].word
    if opening.last_seen != series.runs[-1].collected:
        text += f", not judged since {readable(opening.last_seen)}"
    return f"{text}, {several(opening.runs, 'run')}" + (f", opened {opening.openings} times" if opening.openings > 1 else "")


def _end(opening: Opening) -> str:
    return f"{ENDS[opening.end or End.FIXED]} {readable(opening.until or opening.since)}, was {MARKS[opening.outcome].word}"
