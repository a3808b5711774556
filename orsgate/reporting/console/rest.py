# SPDX-License-Identifier: Apache-2.0
"""What the console report says of all that neither failed nor is unknown: not proven, passed, notes, and every detail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from orsgate.estate.judgement import Outcome
from orsgate.estate.knowledge import Basis
from orsgate.estate.wording import listed, several
from orsgate.reporting.console.line import Line, Near, heading, loud, named
from orsgate.reporting.html.marks import MARKS, mark_of
from orsgate.verdict.result import Result

_TRIED = frozenset({"active", "disruptive"})
"""Modes of requirements that are skipped one by one, not with all the others that were not selected."""
MOST_NOTES = 10
"""Notes shown of one requirement that say different things."""
MOST_NAMES = 200
"""Subjects named of which a note says the same: an operator has to know them all."""
_BASES = {Basis.DECLARED: "on declared facts", Basis.ATTESTED: "on the word of a person"}


def not_proven(results: Sequence[Result]) -> Iterator[Line]:
    """What waits for a person or was left out, by reason."""
    groups: dict[tuple[Outcome, str], list[Result]] = {}
    for result in results:
        if result.outcome in {Outcome.MANUAL, Outcome.SKIPPED}:
            groups.setdefault((result.outcome, result.reason), []).append(result)
    if groups:
        yield from heading("Not proven")
    for (outcome, reason), group in groups.items():
        yield Line(f"{MARKS[outcome].word}: {reason}", "yellow", 2)
        by_name = outcome is Outcome.MANUAL or all(result.planned.mode in _TRIED for result in group)
        yield Line(", ".join(map(named, group)) if by_name else several(len(group), "requirement"), "dim", 4)


def passed(results: Sequence[Result]) -> Iterator[Line]:
    """How many passed, and how many of them on less than facts that were read."""
    bases = Counter(result.judgement.basis for result in results if result.outcome is Outcome.PASS)
    weak = [f"{bases[basis]} {words}" for basis, words in _BASES.items() if bases[basis]]
    yield Line()
    yield Line(f"{several(bases.total(), 'requirement')} passed{', of them ' if weak else ''}{' and '.join(weak)}.")


def notes(results: Sequence[Result], near: Near) -> Iterator[Line]:
    """The notes of each requirement, those that say the same of several subjects in one line."""
    noted = [result for result in results if result.judgement.notes]
    if noted:
        yield from heading("Notes: they do not change the verdict")
    for result in noted:
        found = _folded(result)
        for note in found[:MOST_NOTES]:
            yield Line(f"{result.id}  {near(note)}", "", 2)
        if len(found) > MOST_NOTES:
            told = several(len(found) - MOST_NOTES, "more note")
            yield Line(f"{result.id}  and {told}: --verbose or a report shows them", "dim", 2)


def _folded(result: Result) -> list[str]:
    """The notes of a result; of those that begin with a subject, one for all subjects of which the rest is the same."""
    subjects, groups = set(result.judgement.subjects), dict[tuple[str, bool], list[str]]()
    for note in result.judgement.notes:
        subject, colon, said = note.partition(": ")
        about = bool(colon) and subject in subjects
        groups.setdefault((said, True) if about else (note, False), []).append(subject)
    return [f"{listed(names, MOST_NAMES)}: {said}" if about else said for (said, about), names in groups.items()]


def details(results: Sequence[Result]) -> Iterator[Line]:
    """Every requirement with all its notes and evidence."""
    for result in results:
        word = loud(mark_of(result))
        yield from heading(f"{result.id}  {word}  {result.planned.title}", str(word.style))
        if result.reason:
            yield Line(result.reason, "", 4)
        for note in result.judgement.notes:
            yield Line(f"note: {note}", "", 4)
        for item in result.evidence:
            yield Line(f"{item.subject}: {item.text} ({item.where})", "dim", 4)
