# SPDX-License-Identifier: Apache-2.0
"""What several say of the same thing: who agrees with whom."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from orsgate.estate.wording import listed

Value = TypeVar("Value", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Said(Generic[Value]):
    """One statement.

    Attributes:
        who: the subject it is about, or that made it.
        where: where it was read.
    """

    who: str
    value: Value
    where: str


@dataclass(frozen=True, slots=True)
class Party(Generic[Value]):
    """Everybody who says the same."""

    value: Value
    said: tuple[Said[Value], ...]

    @property
    def names(self) -> str:
        """Who they are, in words."""
        return listed([each.who for each in self.said])


def parties(said: Iterable[Said[Value]]) -> list[Party[Value]]:
    """The parties to a question, the largest first, of equally large ones the one that spoke first."""
    found: dict[Value, list[Said[Value]]] = {}
    for each in said:
        found.setdefault(each.value, []).append(each)
    return sorted((Party(value, tuple(who)) for value, who in found.items()), key=lambda party: -len(party.said))
