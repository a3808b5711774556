# SPDX-License-Identifier: Apache-2.0
"""The difference of two runs as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from orsgate.estate.wording import several
from orsgate.reporting.history.difference import Change, Compared, Difference, StillViolated
from orsgate.reporting.history.stored import StoredRun, StoredViolation
from orsgate.reporting.history.words import CHANGES, VERDICTS, outcomes_of
from orsgate.reporting.text import beginning, utc

MOST_LINES = 10
"""Violations or pieces of evidence that are shown of one requirement and kind, unless all are asked for."""

LONGEST_LINE = 500
"""Characters of a violation that are shown, unless everything is asked for."""

_HEADS = {
    Change.NEW: "New: was met, and is not",
    Change.ONLY_B: "Only in B",
    Change.STILL: "Still failing or not proven",
    Change.LAPSED: "Not judged any more (not called fixed)",
    Change.FIXED: "Fixed",
    Change.ONLY_A: "Only in A",
}


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
    for change, head in _HEADS.items():
        if found := compared.of(change):
            yield ""
            yield f"{head}: {len(found)}"
            yield from _requirements(found, most)
    if weaker := [each for each in compared.of(Change.GREEN) if each.worse]:
        yield ""
        yield f"Met, but on weaker facts than before: {len(weaker)}"
        yield from _requirements(weaker, most)
    if others := [each for each in compared.of(Change.GREEN) if each.changed and not each.worse]:
        yield ""
        yield f"Met in both, and seen otherwise than before: {len(others)}{'' if everything else ' (--verbose lists them)'}"
        yield from _requirements(others if everything else [], most)
    yield ""
    yield compared.sentence


def _side(letter: str, run: StoredRun, name: str) -> str:
    return f"{letter}: {name}: {VERDICTS[run.verdict].word}, {run.phase}, facts of {utc(run.collected)}"


def _requirements(found: Iterable[Difference], most: int | None) -> Iterator[str]:
    """The requirements of one kind; those that are not proven for the same reason together, the reason once."""
    together: dict[str, list[Difference]] = {}
    for each in found:
        together.setdefault(each.reason, []).append(each)
    for reason, several_ in together.items():
        for each in several_:
            yield from _requirement(each, most)
        if reason:
            yield f"      {'all of them: ' if len(several_) > 1 else ''}{reason}"


def _requirement(each: Difference, most: int | None) -> Iterator[str]:
    worse = "  WORSE" if each.worse else ""
    yield f"  {CHANGES[each.change].symbol} {each.id} {each.shown.severity}: {outcomes_of(each)}  {each.shown.title}{worse}"
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
