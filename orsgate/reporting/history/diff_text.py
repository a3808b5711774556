# SPDX-License-Identifier: Apache-2.0
"""The difference of two runs as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from orsgate.reporting.history.difference import Change, Compared, Difference
from orsgate.reporting.history.stored import StoredRun, StoredViolation
from orsgate.reporting.history.words import CHANGES, VERDICTS, step_of
from orsgate.reporting.text import several, utc

MOST_LINES = 10
"""Violations or pieces of evidence that are shown of one requirement and kind, unless all are asked for."""

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
            for each in found:
                yield from _requirement(each, most)
    if others := [each for each in compared.of(Change.GREEN) if each.changed]:
        yield ""
        yield f"Met in both, on other evidence or otherwise than before: {len(others)}"
        for each in others:
            yield from _requirement(each, most if everything else 0)
    yield ""
    yield compared.sentence


def _side(letter: str, run: StoredRun, name: str) -> str:
    return f"{letter}: {name}: {VERDICTS[run.verdict].word}, {run.phase}, facts of {utc(run.collected)}"


def _requirement(each: Difference, most: int | None) -> Iterator[str]:
    worse = "  WORSE" if each.worse else ""
    yield f"  {CHANGES[each.change].symbol} {each.id} {each.shown.severity}: {step_of(each)}  {each.shown.title}{worse}"
    if each.lapsed:
        yield f"      {each.lapsed}"
    elif each.after is not None and not each.after.green and not each.after.violations:
        yield f"      {each.after.reason}"
    if each.weaker and each.after is not None:
        yield f"      it passed on observed facts, and rests on {each.after.basis} ones now"
    if most == 0:
        if number := len(each.evidence.gone) + len(each.evidence.came):
            yield f"      {several(number, 'piece')} of evidence differ (--verbose shows them)"
        return
    yield from _first([f"new    {_said(violation)}" for violation in each.violations.new], most)
    yield from _first(
        [
            f"still  {_said(pair.after)}" + (f"; found before: {pair.before.found}" if pair.differs else "")
            for pair in each.violations.still
        ],
        most,
    )
    yield from _first([f"unseen {_said(lost.violation)}: {lost.why}" for lost in each.violations.unjudged], most)
    yield from _first([f"fixed  {_said(violation)}" for violation in each.violations.fixed], most)
    evidence = [f"saw    {seen.subject}: {seen.text}" for seen in each.evidence.came]
    evidence += [f"before {seen.subject}: {seen.text}" for seen in each.evidence.gone]
    if most is None:
        yield from _first(evidence, None)
    elif evidence:
        yield f"      {several(len(evidence), 'piece')} of evidence differ (--verbose shows them)"


def _first(lines: list[str], most: int | None) -> Iterator[str]:
    shown = lines if most is None else lines[:most]
    for line in shown:
        yield f"      {line}"
    if len(lines) > len(shown):
        yield f"      and {len(lines) - len(shown):,} more (--verbose shows them)"


def _said(violation: StoredViolation) -> str:
    return f"{violation.subject}: {violation.found} (expected: {violation.expected})"
