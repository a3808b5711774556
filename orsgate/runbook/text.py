# SPDX-License-Identifier: Apache-2.0
"""The runbook as text: for a terminal, and as a table in Markdown for a change record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from textwrap import wrap

from orsgate.reporting.text import in_one_line
from orsgate.runbook.rows import NO_ACCESS, Row

_WIDTH = 100
_INDENT = " " * 6


def lines(rows: Sequence[Row]) -> Iterator[str]:
    """The rows for a console, a command on a line of its own that is never broken, so that it can be copied."""
    number = 0
    for when, group in groupby(rows, key=lambda row: row.when):
        yield ""
        yield when.capitalize()
        for row in group:
            number += 1
            yield from wrap(f"{row.who}: {row.what}", _WIDTH, initial_indent=f"{number:>4}  ", subsequent_indent=_INDENT)
            if row.command:
                yield f"{_INDENT}$ {row.command}"
            if row.access != NO_ACCESS:
                yield from wrap(f"needs {row.access}", _WIDTH, initial_indent=_INDENT, subsequent_indent=_INDENT)


def markdown(rows: Sequence[Row]) -> Iterator[str]:
    """The rows as a table in Markdown."""
    yield "| | when | who | what | command | access |"
    yield "|--:|---|---|---|---|---|"
    for number, row in enumerate(rows, 1):
        command = f"`{_cell(row.command)}`" if row.command else ""
        yield f"| {number} | {row.when} | {row.who} | {_cell(row.what)} | {command} | {_cell(row.access)} |"


def _cell(text: str) -> str:
    return in_one_line(text).replace("|", "\\|")
