# SPDX-License-Identifier: Apache-2.0
"""A difference in sections, one for each kind of change, in the order in which text and page show them: what is new first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from orsgate.reporting.history.difference import Change, Compared, Difference

_TITLES = {
    Change.NEW: "New: was met, and is not",
    Change.ONLY_B: "Only in B",
    Change.STILL: "Still open: failing, not proven or waived",
    Change.LAPSED: "Not judged any more, and so not called fixed",
    Change.FIXED: "Fixed",
    Change.ONLY_A: "Only in A",
}


@dataclass(frozen=True, slots=True)
class Section:
    """The requirements that changed in one way.

    Attributes:
        name: of the way, in one word.
        found: at least one.
        worth_a_look: False where nothing is to be done about them.
    """

    name: str
    title: str
    found: tuple[Difference, ...]
    worth_a_look: bool = True


def sections_of(compared: Compared) -> Iterator[Section]:
    """Every requirement in which anything differs, or that is open in both, in exactly one section."""
    green = [each for each in compared.of(Change.GREEN) if each.changed]
    weaker = Section("weaker", "Met, but on weaker facts than before", tuple(each for each in green if each.worse))
    for change, title in _TITLES.items():
        if change is Change.STILL and weaker.found:
            yield weaker
        if found := compared.of(change):
            yield Section(change.value, title, found)
    if others := tuple(each for each in green if not each.worse):
        yield Section(Change.GREEN.value, "Met in both, and seen otherwise than before", others, worth_a_look=False)


def by_reason(found: Iterable[Difference]) -> dict[str, list[Difference]]:
    """Why requirements are not proven -> those that have that reason; an empty reason has all others."""
    together: dict[str, list[Difference]] = {}
    for each in found:
        together.setdefault(each.reason, []).append(each)
    return together
