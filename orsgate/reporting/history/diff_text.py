# SPDX-License-Identifier: Apache-2.0
"""The difference of two runs as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from orsgate.estate.wording import several
from orsgate.reporting.history.difference import Compared, Difference, StillViolated
from orsgate.reporting.history.sections import by_reason, sections_of
from orsgate.reporting.history.stored import StoredRun, StoredViolation
from orsgate.reporting.history.words import mark_of, outcomes_of
from orsgate.reporting.html.marks import verdict_mark
from orsgate.reporting.text import beginning, readable

MOST_LINES = 10
"""Violations or pieces of evidence that are shown of one requirement and kind, unless all are asked for."""

LONGEST_LINE = 500
"""Characters of a violation that are shown, unless everything is asked for."""


def lines_of(compared: Compared, names: tuple[str, str], *, everything: bool = False) -> Iterator[str]:
    """The difference line by line, the sentence last.

    Args:
        compared: what was found.
        names: how A and B are called.
        everything: show every violation and piece of evidence.
    """
    most = None if everything else MOST_LINES
    yield _side("A", compared.a, names[0])
    yield _side("B", compared.b, names[1])
    for note in compared.notes:
        yield f"Note: {note}"
    for section in sections_of(compared):
        shown = section.worth_a_look or everything
        yield ""
        yield f"{section.title}: {len(section.found):,}{'' if shown else ' (--verbose lists them)'}"
        yield from _requirements(section.found if shown else (), most)
    yield ""
    yield compared.sentence


def _side(letter: str, run: StoredRun, name: str) -> str:
    return f"{letter}: {name}: {verdict_mark(run.verdict, run.exceptions).word}, {run.phase}, facts of {readable(run.collected)}"


def _requirements(found: Iterable[Difference], most: int | None) -> Iterator[str]:
    """The requirements of one kind; those that are not proven for the same reason together, the reason once."""
    for reason, together in by_reason(found).items():
        for each in together:
            yield from _requirement(each, most)
        if reason:
            yield f"      {'all of them: ' if len(together) > 1 else ''}{reason}"


def _requirement(each: Difference, most: int | None) -> Iterator[str]:
    worse = "  WORSE" if each.worse else ""
    yield f"  {mark_of(each).symbol} {each.id} {each.shown.severity}: {outcomes_of(each)}  {each.shown.title}{worse}"
    if each.lapsed:
        yield f"      {each.lapsed}"
    if each.weaker and each.after is not None:
        yield f"      it passed on observed facts, and rests on {each.after.basis} ones now"
    found = each.violations
    yield from _first([f"new    {_said(violation)}" for violation in found.new], most)
    yield from _first([f"still  {_said(pair.after)}{_before(pair)}" for pair in found.still], most)
    yield from _first([f"unseen {_said(lost.violation)}: {lost.why}" for lost in found.unjudged], most)
    yield from _first([f"fixed  {_said(violation)}" for violation in found.fixed], most)
    evidence = [f"saw    {seen.subject}: {seen.text}" for seen in each.evidence.came]
    evidence += [f"before {seen.subject}: {seen.text}" for seen in each.evidence.gone]
    if most is None:
        yield from _first(evidence, None)
    elif evidence and not each.other_outcome:
        yield f"      other evidence than before: {several(len(evidence), 'line')} (--verbose shows them)"


def _before(pair: StillViolated) -> str:
    return f"; before: {pair.before.found}" if pair.differs else ""


def _first(lines: list[str], most: int | None) -> Iterator[str]:
    shown = lines if most is None else lines[:most]
    for line in shown:
        yield f"      {line if most is None else beginning(line, LONGEST_LINE)}"
    if len(lines) > len(shown):
        yield f"      and {len(lines) - len(shown):,} more (--verbose shows them)"


def _said(violation: StoredViolation) -> str:
    return f"{violation.subject}: {violation.found} (expected: {violation.expected})"
