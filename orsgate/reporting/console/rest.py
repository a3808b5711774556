# SPDX-License-Identifier: Apache-2.0
"""What the console report says of all that neither failed nor is unknown: not proven, passed, notes, and every detail."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from orsgate.estate.judgement import Outcome
from orsgate.estate.wording import several
from orsgate.reporting.console.line import WORDS, Line, Near, heading, named
from orsgate.reporting.grouping import is_declared_pass
from orsgate.verdict.result import Result

_TRIED = frozenset({"active", "disruptive"})
"""Modes of requirements that are skipped one by one, not with all the others that were not selected."""
MOST_NOTES = 2
"""Notes shown of one requirement."""


def not_proven(results: Sequence[Result]) -> Iterator[Line]:
    """What waits for a person or was left out, by reason."""
    groups: dict[tuple[Outcome, str], list[Result]] = {}
    for result in results:
        if result.outcome in {Outcome.MANUAL, Outcome.SKIPPED}:
            groups.setdefault((result.outcome, result.reason), []).append(result)
    if groups:
        yield from heading("Not proven")
    for (outcome, reason), group in groups.items():
        yield Line(f"{WORDS[outcome][0]}: {reason}", "yellow", 2)
        by_name = outcome is Outcome.MANUAL or all(result.planned.mode in _TRIED for result in group)
        yield Line(", ".join(map(named, group)) if by_name else several(len(group), "requirement"), "dim", 4)


def passed(results: Sequence[Result]) -> Iterator[Line]:
    """How many passed, and on what."""
    number = sum(result.outcome is Outcome.PASS for result in results)
    declared = sum(is_declared_pass(result) for result in results)
    weak = f", {declared} of them on facts that were declared or attested, not observed" if declared else ""
    yield Line()
    yield Line(f"{several(number, 'requirement')} passed{weak}.")


def notes(results: Sequence[Result], near: Near) -> Iterator[Line]:
    """The first notes of each requirement that has any."""
    noted = [result for result in results if result.judgement.notes]
    if noted:
        yield from heading("Notes, without effect on the verdict")
    for result in noted:
        found = result.judgement.notes
        rest = f" (and {len(found) - MOST_NOTES} more)" if len(found) > MOST_NOTES else ""
        for number, note in enumerate(found[:MOST_NOTES], 1):
            yield Line(f"{result.id}  {near(note)}{rest if number == MOST_NOTES else ''}", "", 2)


def details(results: Sequence[Result]) -> Iterator[Line]:
    """Every requirement with all its notes and evidence."""
    for result in results:
        word, style = WORDS[result.outcome]
        yield from heading(f"{result.id}  {word}  {result.planned.title}", style)
        if result.reason:
            yield Line(result.reason, "", 4)
        for note in result.judgement.notes:
            yield Line(f"note: {note}", "", 4)
        for item in result.evidence:
            yield Line(f"{item.subject}: {item.text} ({item.where})", "dim", 4)
