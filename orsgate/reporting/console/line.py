# SPDX-License-Identifier: Apache-2.0
"""A line of the console report, and the words, styles and short names that its lines have in common."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.text import Text

from orsgate.estate.judgement import Outcome
from orsgate.reporting.html.marks import MARKS, Mark
from orsgate.verdict.result import Result

STYLES = {
    "pass": "green", "fail": "bold red", "error": "bold magenta", "open": "yellow", "warn": "bold yellow", "none": "dim",
}  # fmt: skip
"""How rich shows each kind of mark."""
_LOUD = frozenset({MARKS[Outcome.FAIL], MARKS[Outcome.ERROR], MARKS[Outcome.BLOCKED]})


def loud(mark: Mark) -> Text:
    """The word of a mark, such that one finds in many rows what is wrong: it is written large."""
    return Text(mark.word.upper() if mark in _LOUD else mark.word, STYLES[mark.kind])


Near = Callable[[str], str]
"""Makes the places in a text as short as the reader needs them."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line.

    Attributes:
        style: of rich; empty for the terminal's own.
        indent: blanks before it; a terminal keeps them where the line goes on below.
    """

    text: str = ""
    style: str = ""
    indent: int = 0


def heading(title: str, style: str = "bold") -> Iterator[Line]:
    """What stands above lines that belong together."""
    yield Line()
    yield Line(title, style)


def named(result: Result) -> str:
    """The id, and the severity where the result does not gate."""
    return result.id if result.planned.severity == "blocker" else f"{result.id} ({result.planned.severity})"


def near(estate_path: str) -> Near:
    """Makes places short: as they are seen from the directory of the estate file, which the head of the report names."""
    directory = Path(estate_path).parent
    if directory == Path():
        return lambda text: text
    beginning = re.compile(rf"(?<![\w./\\-]){re.escape(f'{directory}{os.sep}')}")
    return lambda text: beginning.sub("", text)
