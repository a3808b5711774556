# SPDX-License-Identifier: Apache-2.0
"""A comparison as one HTML file: no network, no script, readable on paper and on a telephone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from orsgate import __version__
from orsgate.reporting.comparison.document import SCHEMA
from orsgate.reporting.comparison.model import MARKS, ComparedSide, Comparison, Group
from orsgate.reporting.html.marks import Mark
from orsgate.reporting.html.plain import page
from orsgate.rules.planned import Classified, Sort
from orsgate.rules.unplanned import described

_KINDS = {
    Sort.PLANNED: ("✓", "pass"), Sort.INSTALLATION: ("✓", "pass"), Sort.NOTE: ("▲", "warn"), Sort.OUTSIDE: ("–", "none"),
    Sort.UNPLANNED: ("✗", "fail"), Sort.OPEN: ("?", "open"),
}  # fmt: skip
MARKED = {sort: Mark(symbol, MARKS[sort].lower(), kind) for sort, (symbol, kind) in _KINDS.items()}
MEANINGS = {
    Sort.PLANNED: "steps 2 to 8 ask for it, or the estate file names it",
    Sort.INSTALLATION: "the installation itself changes it",
    Sort.NOTE: "nobody asked for it, and it need not be wrong: look at it",
    Sort.OUTSIDE: "of an object that is left out: listed, not judged",
    Sort.UNPLANNED: "nobody asked for it",
    Sort.OPEN: "whether anything asks for it could not be judged",
}
_TO_BE_LOOKED_AT = (Sort.UNPLANNED, Sort.OPEN, Sort.NOTE)


@dataclass(frozen=True, slots=True)
class Row:
    """One difference as the page shows it."""

    mark: Mark
    what: str
    asked_by: str
    where: str


@dataclass(frozen=True, slots=True)
class Block:
    """The differences of one object; those that nothing is to be done about are folded."""

    name: str
    shown: tuple[Row, ...]
    folded: tuple[Row, ...]


def page_of(comparison: Comparison) -> Iterator[str]:
    """The page in ASCII, piece by piece; other characters are written as references."""
    verdict = _verdict(comparison)
    yield from page(
        "orsgate.reporting.comparison",
        "comparison.html.j2",
        "comparison.css",
        title=f"{verdict.word}: {comparison.estate}",
        skip="Skip to the comparison",
        comparison=comparison,
        verdict=verdict,
        sides=[("A", "was", *_side(comparison.before)), ("B", "is", *_side(comparison.after))],
        counts=[(MARKED[sort], comparison.counts[sort], MEANINGS[sort]) for sort in Sort],
        blocks=[_block(group) for group in sorted(comparison.groups, key=_first_of)],
        provenance=f"orsgate {__version__}; for machines: --json ({SCHEMA})",
    )


def _verdict(comparison: Comparison) -> Mark:
    if comparison.fails:
        return Mark("✗", "Not as planned" if not comparison.identical else "Not the same", "fail")
    if comparison.undecided:
        return Mark("?", "Not fully known", "open")
    return Mark("✓", "As planned" if comparison.classified else "The same", "pass")


def _side(side: ComparedSide) -> tuple[str, datetime | None, tuple[str, ...]]:
    return side.called, side.read, side.stand_ins


def _first_of(group: Group) -> int:
    return min(map(_place, group.differences))


def _place(each: Classified) -> int:
    """What has to be looked at stands before what was asked for; the order within is that of the comparison."""
    return _TO_BE_LOOKED_AT.index(each.of.sort) if each.of.sort in _TO_BE_LOOKED_AT else len(_TO_BE_LOOKED_AT)


def _block(group: Group) -> Block:
    rows = [(each, _row(each)) for each in sorted(group.differences, key=_place)]
    if group.whole is None:
        return Block(group.name, tuple(row for _, row in rows), ())
    shown = tuple(row for each, row in rows if each is group.whole or each.of.sort is not group.whole.of.sort)
    folded = tuple(row for each, row in rows if each is not group.whole and each.of.sort is group.whole.of.sort)
    return Block(group.name, shown, folded)


def _row(each: Classified) -> Row:
    by = "; ".join(part for part in (each.of.asked_by, each.of.why) if part)
    return Row(MARKED[each.of.sort], described(each.difference), by, each.difference.where)
