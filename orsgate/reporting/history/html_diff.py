# SPDX-License-Identifier: Apache-2.0
"""The difference of two runs as one HTML file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from orsgate import __version__
from orsgate.estate.wording import several
from orsgate.reporting.history.diff_document import SCHEMA
from orsgate.reporting.history.difference import Change, Compared, Difference, Violations
from orsgate.reporting.history.page import page, shown
from orsgate.reporting.history.stored import StoredRun, StoredViolation
from orsgate.reporting.history.words import CHANGES, MEANINGS, VERDICTS, outcomes_of
from orsgate.reporting.html.marks import Mark
from orsgate.reporting.text import utc

MOST_VIOLATIONS = 50
"""Violations shown of one requirement; the JSON has all."""
MOST_EVIDENCE = 20
"""Pieces of evidence shown of one requirement; the JSON has all."""

_TITLES = {
    Change.NEW: "New: was met, and is not",
    Change.ONLY_B: "Only in B",
    Change.STILL: "Still failing or not proven",
    Change.LAPSED: "Not judged any more, and so not called fixed",
    Change.FIXED: "Fixed",
    Change.ONLY_A: "Only in A",
    Change.GREEN: "Met in both, and seen otherwise than before",
}
_KINDS = {"new": "new", "still": "still there", "fixed": "fixed", "unjudged": "not judged any more"}
_NEW, _STILL = Mark("✗", "new", "fail"), Mark("✗", "still", "fail")
_FIXED, _UNSEEN = Mark("✓", "fixed", "pass"), Mark("?", "not judged", "open")
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Side:
    """One of the runs."""

    letter: str
    word: str
    name: str
    verdict: Mark
    collected: str


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
class Section:
    """The requirements of one kind of change."""

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
    sections = tuple(_sections(compared))
    anchors = {section.anchor for section in sections}
    told = compared.violations
    yield from page(
        "diff.html.j2",
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
    return Side(letter, word, name, VERDICTS[run.verdict], utc(run.collected))


def _sections(compared: Compared) -> Iterator[Section]:
    green = [each for each in compared.of(Change.GREEN) if each.changed]
    for change, title in _TITLES.items():
        if change is Change.STILL:
            yield from _section("weaker", "Met, but on weaker facts than before", [each for each in green if each.worse])
        if change is Change.GREEN:
            yield from _section(change.value, title, [each for each in green if not each.worse])
        else:
            yield from _section(change.value, title, compared.of(change))


def _section(anchor: str, title: str, found: Sequence[Difference]) -> Iterator[Section]:
    if found:
        yield Section(anchor, f"{title} ({len(found):,})", tuple(_groups(found)))


def _groups(found: Iterable[Difference]) -> Iterator[Group]:
    together: dict[str, list[Requirement]] = {}
    for each in found:
        together.setdefault(each.reason, []).append(_requirement(each))
    for reason, requirements in together.items():
        yield Group(shown(reason), tuple(requirements))


def _requirement(each: Difference) -> Requirement:
    rows, rows_more = _first(list(_rows(each.violations)), MOST_VIOLATIONS)
    evidence = [("B", seen) for seen in each.evidence.came] + [("A", seen) for seen in each.evidence.gone]
    first, evidence_more = _first(evidence, MOST_EVIDENCE)
    pieces = tuple(Evidence(side, *map(shown, (seen.subject, seen.text, seen.where))) for side, seen in first)
    told = [shown(each.lapsed)] if each.lapsed else []
    if each.weaker:
        told.append(f"It passed on observed facts, and rests on {each.shown.basis} ones now")
    return Requirement(
        _mark(each), each.id, each.shown.title, each.shown.severity, each.shown.step, outcomes_of(each), each.worse, tuple(told),
        rows, rows_more, pieces, f"{several(len(each.evidence.came), 'line')} in B only, {len(each.evidence.gone):,} in A only",
        evidence_more,
    )  # fmt: skip


def _mark(each: Difference) -> Mark:
    mark = CHANGES[each.change]
    failed = each.change is Change.STILL and bool(each.violations.still or each.violations.new)
    return Mark("✗", mark.word, "fail") if failed else mark


def _rows(found: Violations) -> Iterator[Row]:
    for violation in found.new:
        yield _row(_NEW, violation)
    for pair in found.still:
        yield _row(_STILL, pair.after, before=pair.before.found if pair.differs else "")
    for lost in found.unjudged:
        yield _row(_UNSEEN, lost.violation, why=lost.why)
    for violation in found.fixed:
        yield _row(_FIXED, violation)


def _row(mark: Mark, violation: StoredViolation, *, before: str = "", why: str = "") -> Row:
    texts = (violation.subject, violation.found, violation.expected, violation.where, before, why)
    return Row(mark, *map(shown, texts))


def _first(items: Sequence[Item], most: int) -> tuple[tuple[Item, ...], int]:
    return tuple(items[:most]), max(0, len(items) - most)
