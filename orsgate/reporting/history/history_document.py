# SPDX-License-Identifier: Apache-2.0
"""A history as JSON (``orsgate/history/1``)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from orsgate import __version__
from orsgate.reporting.history.timeline import History, NotRead, Opening, RunSeen, Series
from orsgate.reporting.json_text import json_text
from orsgate.reporting.text import utc

SCHEMA = "orsgate/history/1"


def document_of(history: History) -> Iterator[str]:
    """The history as JSON in ASCII, piece by piece: ``runs`` and ``blockers`` name the series that they are of by its number."""
    head: dict[str, Any] = {
        "schema": SCHEMA,
        "tool": f"orsgate {__version__}",
        "directory": history.directory,
        "now": utc(history.now),
        "sentence": history.sentence,
        "series": [_series(each) for each in history.series],
    }
    lists = {
        "blockers": _blockers(history),
        "runs": (_run(number, run) for number, each in enumerate(history.series) for run in each.runs),
        "not_read": map(_not_read, history.not_read),
        "doubles": map(_not_read, history.doubles),
    }
    return json_text({**head, **lists}.items())


def _series(series: Series) -> dict[str, Any]:
    return {
        "estate": series.estate,
        "phase": series.phase,
        "of_plan": series.of_plan,
        "stand_ins": list(series.stand_ins),
        "runs": len(series.runs),
        "open": len(series.open),
        "first": utc(series.runs[0].collected),
        "last": utc(series.runs[-1].collected),
    }


def _blockers(history: History) -> Iterator[dict[str, Any]]:
    for number, series in enumerate(history.series):
        for opening in (*series.open, *series.closed):
            yield _opening(number, opening, history.now, series)


def _opening(number: int, opening: Opening, now: datetime, series: Series) -> dict[str, Any]:
    return {
        "series": number,
        "id": opening.id,
        "title": opening.title,
        "open": opening.until is None,
        "since": utc(opening.since),
        "since_is_first_run": opening.at_least,
        "until": utc(opening.until) if opening.until else None,
        "end": opening.end.value if opening.end else None,
        "seconds": int(opening.lasted(now).total_seconds()),
        "outcome": opening.outcome.value,
        "last_seen": utc(opening.last_seen),
        "in_last_run": opening.until is None and opening.last_seen == series.runs[-1].collected,
        "runs": opening.runs,
        "openings": opening.openings,
    }


def _run(number: int, run: RunSeen) -> dict[str, Any]:
    return {
        "series": number,
        "file": run.name,
        "collected": utc(run.collected),
        "finished": utc(run.finished),
        "verdict": run.verdict,
        "exceptions": run.exceptions,
        "partial": run.partial,
        "interrupted": run.interrupted,
        "steps": {str(step.number): step.state.value for step in run.steps},
    }


def _not_read(each: NotRead) -> dict[str, str]:
    return {"file": each.name, "why": each.why}
