# SPDX-License-Identifier: Apache-2.0
"""The difference of two runs as one HTML file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from orsgate import __version__
from orsgate.estate.wording import several
from orsgate.reporting.history.diff_document import SCHEMA
from orsgate.reporting.history.difference import Compared, Difference, Violations
from orsgate.reporting.history.sections import Section, by_reason, sections_of
from orsgate.reporting.history.stored import StoredRun, StoredViolation
from orsgate.reporting.history.words import CHANGES, MEANINGS, mark_of, outcomes_of
from orsgate.reporting.html.marks import Mark, verdict_mark
from orsgate.reporting.html.plain import page
from orsgate.reporting.text import beginning

MOST_VIOLATIONS = 50
"""Violations shown of one requirement; the JSON has all."""
MOST_EVIDENCE = 20
"""Pieces of evidence shown of one requirement; the JSON has all."""
LONGEST = 2000
"""Characters shown of one text; the JSON has all."""

_KINDS = {"new": "new", "still": "still there", "fixed": "fixed", "unjudged": "not judged any more"}
_FIXED, _UNSEEN = Mark("✓", "fixed", "pass"), Mark("?", "not judged", "open")
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Side:
    """One of the runs."""

    letter: str
    word: str
    name: str
    verdict: Mark
    collected: datetime


@dataclass(frozen=True, slots=True)
class Row:
    """A violation; ``before`` is what was found then, where that differs, ``why`` why it is not called fixed."""

    mark: Mark
    subject: str
    found: str
    expected: str
    where: str
    before: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A piece of evidence that one side has."""

    side: str
    subject: str
    text: str
    where: str


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement, as the page shows it."""

    mark: Mark
    id: str
    title: str
    severity: str
    step: int
    outcomes: str
    worse: bool
    told: tuple[str, ...]
    violations: tuple[Row, ...]
    violations_more: int
    evidence: tuple[Evidence, ...]
    evidence_told: str
    evidence_more: int


@dataclass(frozen=True, slots=True)
class Group:
    """Requirements that are not proven for one reason; without a reason, all others."""

    reason: str
    requirements: tuple[Requirement, ...]


@dataclass(frozen=True, slots=True)
class ShownSection:
    """The requirements of one kind of change, as the page shows them."""

    anchor: str
    title: str
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """How many requirements changed in one way; ``anchor`` leads to them."""

    mark: Mark
    number: int
    meaning: str
    anchor: str


def page_of(compared: Compared, names: tuple[str, str]) -> Iterator[str]:
    """The page in ASCII, piece by piece.

    Args:
        compared: what was found.
        names: how A and B are called.
    """
    verdict = _verdict(compared)
    sections = tuple(map(_section, sections_of(compared)))
    anchors = {section.anchor for section in sections}
    told = compared.violations
    yield from page(
        "orsgate.reporting.history",
        "diff.html.j2",
        "history.css",
        skip="Skip to the differences",
        title=f"{verdict.word}: {compared.b.estate.name}, {compared.b.phase}",
        compared=compared,
        verdict=verdict,
        sentence=compared.sentence[:1].upper() + compared.sentence[1:],
        sides=(_side("A", "was", names[0], compared.a), _side("B", "is", names[1], compared.b)),
        counts=tuple(
            Count(mark, compared.counts[change], MEANINGS[change], change.value if change.value in anchors else "")
            for change, mark in CHANGES.items()
        ),
        violations=", ".join(f"{told[kind]:,} {word}" for kind, word in _KINDS.items()),
        worse=[each.shown for each in compared.worse],
        sections=sections,
        provenance=f"orsgate {__version__}; for machines: --json ({SCHEMA})",
    )


def _verdict(compared: Compared) -> Mark:
    if compared.worse:
        return Mark("✗", f"{len(compared.worse)} became worse", "fail")
    return Mark("✓", "Nothing changed" if compared.empty else "Nothing became worse", "pass")


def _side(letter: str, word: str, name: str, run: StoredRun) -> Side:
    return Side(letter, word, name, verdict_mark(run.verdict, run.exceptions), run.collected)


def _section(section: Section) -> ShownSection:
    groups = tuple(
        Group(_shown(reason), tuple(map(_requirement, together))) for reason, together in by_reason(section.found).items()
    )
    return ShownSection(section.name, f"{section.title} ({len(section.found):,})", groups)


def _requirement(each: Difference) -> Requirement:
    rows, rows_more = _first(list(_rows(each.violations, mark_of(each))), MOST_VIOLATIONS)
    evidence = [("B", seen) for seen in each.evidence.came] + [("A", seen) for seen in each.evidence.gone]
    first, evidence_more = _first(evidence, MOST_EVIDENCE)
    pieces = tuple(Evidence(side, *map(_shown, (seen.subject, seen.text, seen.where))) for side, seen in first)
    told = [_shown(each.lapsed)] if each.lapsed else []
    if each.weaker:
        told.append(f"It passed on observed facts, and rests on {each.shown.basis} ones now")
    told_of_evidence = f"{several(len(each.evidence.came), 'line')} in B only, {len(each.evidence.gone):,} in A only"
    return Requirement(
        mark_of(each), each.id, each.shown.title, each.shown.severity, each.shown.step, outcomes_of(each), each.worse,
        tuple(told), rows, rows_more, pieces, told_of_evidence, evidence_more,
    )  # fmt: skip


def _rows(found: Violations, mark: Mark) -> Iterator[Row]:
    """The violations on both sides; ``mark`` is that of the requirement, since a violation matters as much as it does."""
    for violation in found.new:
        yield _row(Mark(mark.symbol, "new", mark.kind), violation)
    for pair in found.still:
        yield _row(Mark(mark.symbol, "still", mark.kind), pair.after, before=pair.before.found if pair.differs else "")
    for lost in found.unjudged:
        yield _row(_UNSEEN, lost.violation, why=lost.why)
    for violation in found.fixed:
        yield _row(_FIXED, violation)


def _row(mark: Mark, violation: StoredViolation, *, before: str = "", why: str = "") -> Row:
    texts = (violation.subject, violation.found, violation.expected, violation.where, before, why)
    return Row(mark, *map(_shown, texts))


def _first(items: Sequence[Item], most: int) -> tuple[tuple[Item, ...], int]:
    return tuple(items[:most]), max(0, len(items) - most)


def _shown(text: str) -> str:
    """A text of a foreign system, cut where it would bury the rest."""
    return beginning(text, LONGEST)
