# SPDX-License-Identifier: Apache-2.0
"""The entries ``[[planned_change]]`` of the estate file, and which differences they name."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase

from orsgate.estate.differences import Difference
from orsgate.estate.items import Aspect
from orsgate.estate.schema import PlannedChange
from orsgate.estate.secret import HIDDEN, Secret
from orsgate.rules.options import is_boolean

_ASPECTS = {
    "connection": {Aspect.CONNECTION},
    "redundancy": {Aspect.REDUNDANCY, Aspect.BACKUP},
    "cluster": {Aspect.MEMBER, Aspect.TRANSACTION},
}
_OPTIONS = {Aspect.OPTION, Aspect.ANNEX, Aspect.SHARED}


class Entries:
    """Finds the entry that names a difference, and remembers which entries named one."""

    def __init__(self, entries: Sequence[PlannedChange]) -> None:
        self._entries = entries
        self._used: set[int] = set()
        self._options: dict[str, list[int]] = {}
        for number, entry in enumerate(entries):
            self._options.setdefault(entry.item, []).append(number)

    def naming(self, difference: Difference) -> str:
        """How reports call the entry that names a difference; empty where none does."""
        for number in self._concerned(difference):
            entry = self._entries[number]
            if _fits_name(entry, difference) and _fits_value(entry, difference):
                self._used.add(number)
                return self._called(number)
        return ""

    def other_value(self, difference: Difference) -> str:
        """What to say where an entry names the item, and another value."""
        for number in self._concerned(difference):
            entry = self._entries[number]
            if _fits_name(entry, difference) and entry.value is not None:
                return f"{self._called(number)} plans the value {entry.value}"
        return ""

    @property
    def unused(self) -> tuple[str, ...]:
        """The entries that name no difference."""
        return tuple(self._called(number) for number in range(len(self._entries)) if number not in self._used)

    def _called(self, number: int) -> str:
        entry = self._entries[number]
        return f"[[planned_change]] {number + 1} ({entry.item} of {entry.application})"

    def _concerned(self, difference: Difference) -> list[int]:
        key = difference.key
        if key.aspect in _OPTIONS:
            return self._options.get(key.name.removeprefix("#"), [])
        items = [item for item, aspects in _ASPECTS.items() if key.aspect in aspects]
        return [number for item in items for number in self._options.get(item, [])]


def _fits_name(entry: PlannedChange, difference: Difference) -> bool:
    key = difference.key
    names = [key.object]
    if key.aspect is Aspect.MEMBER:
        names.append(key.name.removeprefix("#"))
    return any(fnmatchcase(name, entry.application) for name in names)


def _fits_value(entry: PlannedChange, difference: Difference) -> bool:
    """Whether the item has the planned value now; a connection is the name of its server."""
    if entry.value is None:
        return True
    if difference.after is None:
        return False
    after = difference.key.name if difference.key.aspect is Aspect.CONNECTION else difference.after.value
    if isinstance(after, Secret):
        return entry.value == HIDDEN  # the snapshot keeps neither value
    if is_boolean(after):
        return after.lower() == entry.value.lower()
    return after == entry.value
