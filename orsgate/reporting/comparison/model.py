# SPDX-License-Identifier: Apache-2.0
"""What a comparison found, and what follows from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from orsgate.estate.items import Aspect
from orsgate.estate.wording import several
from orsgate.rules.compared import DECIDES, NotCompared
from orsgate.rules.planned import Classified, Sort


@dataclass(frozen=True, slots=True)
class ComparedSide:
    """One side of it.

    Attributes:
        called: how reports call it.
        read: when it was read, UTC; None where nothing says it.
    """

    called: str
    read: datetime | None = None
    stand_ins: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    """The differences of one object.

    Attributes:
        whole: that the object itself is new or gone; None where it is on both sides.
    """

    name: str
    differences: tuple[Classified, ...]
    whole: Classified | None = None


@dataclass(frozen=True)
class Comparison:
    """Two states, what differs, and what was not compared.

    Attributes:
        before: the side that is compared with (A).
        after: the side that is looked at (B).
        estate: name of the estate.
        options_only: whether only options were compared, since a side has nothing else.
        identical: whether any difference counts, a planned one too.
        unused: entries ``[[planned_change]]`` that name no difference.
    """

    before: ComparedSide
    after: ComparedSide
    estate: str
    classified: tuple[Classified, ...]
    not_compared: tuple[NotCompared, ...] = ()
    options_only: bool = False
    identical: bool = False
    unused: tuple[str, ...] = ()

    @cached_property
    def counts(self) -> Counter[Sort]:
        """How many differences there are of each sort."""
        return Counter(each.of.sort for each in self.classified)

    @property
    def undecided(self) -> int:
        """How much could not be compared, or not be judged, that decides what the comparison says."""
        aspects = None if self.identical else DECIDES
        return self.counts[Sort.OPEN] + sum(aspects is None or each.aspect in aspects for each in self.not_compared)

    @property
    def fails(self) -> bool:
        """Whether there is a difference that must not be."""
        return bool(self.classified) if self.identical else bool(self.counts[Sort.UNPLANNED])

    @property
    def sentence(self) -> str:
        """What the comparison says, in one sentence."""
        what = "options: " if self.options_only else ""
        if self.classified:
            sorts = ", ".join(f"{self.counts[sort]:,} {sort}" for sort in Sort if self.counts[sort])
            text = f"{what}{several(len(self.classified), 'difference')}: {sorts}"
        elif self.undecided:
            text = f"{what}no difference in what could be compared"
        else:
            text = f"{what}no difference: B is as A"
        missing = sum(1 for _ in self._missing())
        return f"{text}; {several(missing, 'thing')} could not be compared" if missing else text

    def _missing(self) -> Iterator[NotCompared]:
        return (each for each in self.not_compared if self.identical or each.aspect in DECIDES)

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The differences, object by object."""
        found: dict[str, list[Classified]] = {}
        for each in self.classified:
            found.setdefault(each.key.object, []).append(each)
        there = (Aspect.APPLICATION, Aspect.TRANSACTION)
        return tuple(
            Group(
                name, tuple(differences),
                next((each for each in differences if each.key.aspect in there and each.difference.sort != "changed"), None),
            )
            for name, differences in found.items()
        )  # fmt: skip


MARKS = {
    Sort.PLANNED: "planned",
    Sort.INSTALLATION: "step 9",
    Sort.NOTE: "note",
    Sort.OUTSIDE: "outside",
    Sort.UNPLANNED: "UNPLANNED",
    Sort.OPEN: "NOT KNOWN",
}
"""The sorts as words that tell them apart at a glance, without color."""
