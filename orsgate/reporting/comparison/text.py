# SPDX-License-Identifier: Apache-2.0
"""A comparison as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from orsgate.estate.wording import several
from orsgate.reporting.comparison.model import MARKS, ComparedSide, Comparison, Group
from orsgate.reporting.text import readable
from orsgate.rules.planned import Classified, Sort
from orsgate.rules.unplanned import described

MOST_ALIKE = 20
"""Differences that are shown of an object that is there on one side only."""


def lines_of(comparison: Comparison, *, everything: bool = False) -> Iterator[str]:
    """The comparison line by line, the sentence last.

    Args:
        comparison: what was found.
        everything: show every item of an object that is there on one side only, and what decides nothing.
    """
    yield from _side("A", comparison.before)
    yield from _side("B", comparison.after)
    if comparison.options_only:
        yield "Only options are compared: an export holds nothing else."
    for group in comparison.groups:
        yield ""
        yield from _group(group, everything=everything)
    if comparison.not_compared:
        yield ""
        yield "Not compared:"
        for each in comparison.not_compared:
            item = f" {each.item}" if each.item else ""
            yield f"  {each.object}, {each.aspect}{item}: {each.unknown.cause}"
    for entry in comparison.unused:
        yield f"{entry} names no difference"
    yield ""
    yield f"{comparison.sentence}"


def _side(letter: str, side: ComparedSide) -> Iterator[str]:
    yield f"{letter}: {side.called}{f', read {readable(side.read)}' if side.read else ''}"
    for name in side.stand_ins:
        yield f"   not the real software: {name}"


def _group(group: Group, *, everything: bool) -> Iterator[str]:
    yield group.name
    if group.whole is not None and not everything:
        yield _line(group.whole)
        others = [each for each in group.differences if each is not group.whole]
        apart = [each for each in others if each.of.sort is not group.whole.of.sort]
        if len(others) > len(apart):
            yield f"             and {several(len(others) - len(apart), 'item')} of it (--verbose shows them)"
        yield from map(_line, apart)
        return
    yield from map(_line, group.differences)


def _line(each: Classified) -> str:
    mark = MARKS[each.of.sort]
    asked = "" if each.of.sort is Sort.INSTALLATION else each.of.asked_by
    by = f", as {asked} says" if asked.startswith("[[") else f" [{asked}]" if asked else ""
    why = f" ({each.of.why})" if each.of.why else ""
    where = f"  {each.difference.where}" if each.of.sort in {Sort.UNPLANNED, Sort.OPEN} and each.difference.where else ""
    return f"  {mark:<9}  {described(each.difference)}{by}{why}{where}"
