# SPDX-License-Identifier: Apache-2.0
"""What differs between two states of a configuration, item by item."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from orsgate.estate.items import Aspect, Items, Key, Value
from orsgate.estate.knowledge import Unknown

Sort = Literal["added", "removed", "changed"]


@dataclass(frozen=True, slots=True)
class Difference:
    """An item that is not the same before and after.

    Attributes:
        before: None where it was not there.
        after: None where it is not there any more.
    """

    key: Key
    before: Value | None
    after: Value | None

    @property
    def sort(self) -> Sort:
        """What happened to it."""
        if self.before is None:
            return "added"
        return "removed" if self.after is None else "changed"

    @property
    def where(self) -> str:
        """Where it was read: as it is now, else as it was."""
        return next((value.where for value in (self.after, self.before) if value and value.where), "")


@dataclass(frozen=True, slots=True)
class Differences:
    """All differences of two states.

    Attributes:
        found: in the order of the objects and their items.
        unknown: ``(object, aspect)`` -> why it cannot be said whether it differs: it is not fully known on one side.
    """

    found: tuple[Difference, ...]
    unknown: dict[tuple[str, Aspect], Unknown]


def differences(before: Items, after: Items) -> Differences:
    """What differs.

    An item that is missing on a side where that aspect of its object is not fully known is no difference but unknown. An
    object that is there on one side only differs by every item of it.
    """
    unknown = {**before.unknown, **after.unknown}
    found = []
    for key in dict.fromkeys((*before.values, *after.values)):
        one, other = before.values.get(key), after.values.get(key)
        if one is not None and other is not None:
            if one.value != other.value:
                found.append(Difference(key, one, other))
        elif (key.object, key.aspect) not in (before.unknown if one is None else after.unknown):
            found.append(Difference(key, one, other))
    order = {name: number for number, name in enumerate(dict.fromkeys(difference.key.object for difference in found))}
    found.sort(key=lambda difference: order[difference.key.object])
    return Differences(tuple(found), unknown)
