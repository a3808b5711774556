# SPDX-License-Identifier: Apache-2.0
"""The run as a table for spreadsheets, in UTF-8 with a byte order mark, by RFC 4180.

Excel takes a CSV file without that mark for the code page of the machine and spoils every name that is not ASCII; a file for
machines is results.json. Column ``kind`` says what a row is: filtered by ``requirement`` there is one for each, so that counts
are right; each violation, each fact that is not known and each waiver that covers it has a row of its own below.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

from orsgate.reporting.bounded import shortened
from orsgate.reporting.grouping import answer
from orsgate.reporting.reporter import FileReporter
from orsgate.reporting.results_json import not_proven, reason_of
from orsgate.reporting.text import in_one_line, utc
from orsgate.verdict.events import RunFinished, RunStarted
from orsgate.verdict.result import Result
from orsgate.verdict.waiver import first_end

COLUMNS = (
    "kind", "id", "step", "severity", "mode", "origin", "outcome", "original_outcome", "basis", "not_proven", "title", "reason",
    "subject", "found", "expected", "where", "fix", "why", "source", "seconds", "approver", "until", "risk", "ticket",
)  # fmt: skip
Kind = Literal["run", "notice", "error", "requirement", "violation", "not known", "waiver"]
_MARK = "\ufeff"
_MOST = 32_000
"""Characters of one cell; Excel takes 32,767 and spills the rest into the next row."""
_FORMULA = re.compile(r"""(^|;)([\s"']*)(?=[=+\-@\u2212\uff1d\uff0b\uff0d\uff20'])""")
"""Where a spreadsheet would begin a formula: at the beginning of a cell, and after a semicolon, which is what separates cells
where the comma separates decimals, so that there a cell can begin in the middle of another one's text."""


class CsvReporter(FileReporter):
    """Writes the table."""

    def chunks(self, started: RunStarted, finished: RunFinished) -> Iterator[str]:
        """The table row by row."""
        yield _MARK + _row(dict(zip(COLUMNS, COLUMNS, strict=True)))
        told = answer(started, finished)
        yield _row(
            _cells("run", outcome=finished.verdict.name.value, title=f"{started.phase}: {started.estate.name}",
                   reason="; ".join(told))
        )  # fmt: skip
        yield from (_row(_cells("notice", reason=notice)) for notice in told[1:])
        for problem in finished.problems:
            yield _row(_cells("error", outcome="error", where=problem.where, reason=problem.message))
        for result in finished.results:
            yield from map(_row, _requirement(result))


@lru_cache(maxsize=1024)
def harmless(text: str) -> str:
    """``text`` in one line that no spreadsheet takes for a formula: an apostrophe stands before what would begin one.

    One that was there stands after another, so that what the first characters were can be told.
    """
    return _FORMULA.sub(r"\1\2'", shortened(in_one_line(text), _MOST))


def _requirement(result: Result) -> Iterator[dict[str, str]]:
    planned = result.planned
    end = first_end(result.waivers)
    same = {
        "id": result.id, "step": str(planned.step), "severity": planned.severity, "mode": planned.mode, "origin": planned.origin,
        "outcome": result.outcome.value, "original_outcome": result.original_outcome.value, "title": planned.title,
    }  # fmt: skip
    yield _cells(
        "requirement", **same, basis=result.judgement.basis.value, not_proven="yes" if not_proven((result,)) else "no",
        reason=reason_of(result), fix=result.fix, why=result.why, source=result.source,
        seconds=f"{result.duration_ms / 1000:.3f}",
        approver=", ".join(dict.fromkeys(waiver.approver for waiver in result.waivers)), until=utc(end) if end else "",
    )  # fmt: skip
    for found in result.violations:
        yield _cells(
            "violation", **same, subject=found.subject, found=found.found, expected=found.expected, where=found.where,
            fix=result.remedy(found),
        )  # fmt: skip
    for gap in result.judgement.gaps:
        yield _cells("not known", **same, subject=gap.subject, reason=gap.unknown.cause, where=gap.unknown.where)
    for waiver in result.waivers:
        yield _cells(
            "waiver", **same, subject=waiver.subject, reason=waiver.reason, where=waiver.where, approver=waiver.approver,
            until=utc(waiver.until), risk=waiver.risk, ticket=waiver.ticket,
        )  # fmt: skip


def _cells(kind: Kind, **cells: str) -> dict[str, str]:
    return {"kind": kind, **cells}


class _Line:
    """What the writer of the csv module writes to: gives the line back."""

    @staticmethod
    def write(line: str) -> str:
        return line


_WRITER = csv.writer(_Line)


def _row(cells: dict[str, str]) -> str:
    line: str = _WRITER.writerow([harmless(cells[column]) if column in cells else "" for column in COLUMNS])
    return line
