# SPDX-License-Identifier: Apache-2.0
"""Long texts cut to what other tools still read: libxml2 refuses more than 10 MB in one node, Jenkins cuts at 100 KB."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from orsgate.estate.wording import several

MOST_LINES = 1000
"""More lines about one requirement than these are only counted; results.json has them all."""
MOST_CHARACTERS = 100_000
"""Likewise for all lines together."""
_CUT = " [cut; results.json has it whole]"


def bounded(lines: Iterable[str], noun: str) -> Iterator[str]:
    """The first of ``lines``, and a last one that says how many more there are.

    Args:
        lines: any number, of any length.
        noun: what each line tells, in the singular.
    """
    left, more = MOST_CHARACTERS, 0
    for number, line in enumerate(lines):
        if number >= MOST_LINES or left <= 0:
            more += 1
            continue
        yield shortened(line, left)
        left -= len(line)
    if more:
        yield left_out(more, noun)


def left_out(more: int, noun: str) -> str:
    """The line that stands for all those that are only counted."""
    return f"and {several(more, noun)} more: see results.json"


def shortened(text: str, most: int = 2000) -> str:
    """``text``, or its first ``most`` characters and that it was cut."""
    return text if len(text) <= most else text[:most] + _CUT
