# SPDX-License-Identifier: Apache-2.0
"""Gives each difference from the baseline exactly one class."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from orsgate.estate.differences import Difference
from orsgate.estate.estate import Estate
from orsgate.estate.inventory import Configuration
from orsgate.estate.items import Aspect, Key
from orsgate.estate.ring import Ring
from orsgate.rules.planned import Class, Classified, Migration, Sort, migration_of, unplanned
from orsgate.rules.planned_entries import Entries
from orsgate.rules.planned_objects import ObjectChanges
from orsgate.rules.planned_options import OptionChanges


@dataclass(frozen=True, slots=True)
class Result:
    """Every difference with its class.

    Attributes:
        unused: the entries of the estate file that name no difference.
    """

    classified: tuple[Classified, ...]
    unused: tuple[str, ...]


def classify(before: Configuration, ring: Ring | None, after: Estate, found: Iterable[Difference]) -> Result:
    """Say of every difference whether it is planned.

    Args:
        before: the configuration of the baseline.
        ring: the ring as it was then; None where that is not known.
        after: the estate as it is now, with its decisions, its scope and its planned changes.
        found: what differs.
    """
    differences = tuple(found)
    classifier = _Classifier(migration_of(before, ring, after, differences))
    classified = tuple(Classified(difference, classifier.classify(difference)) for difference in differences)
    return Result(classified, classifier.entries.unused)


class _Classifier:
    def __init__(self, migration: Migration) -> None:
        self._migration = migration
        self.entries = Entries(migration.after.snapshot.estate.planned_change)
        self._options = OptionChanges(migration, self.classify)
        self._objects = ObjectChanges(migration, self.classify)
        self._known: dict[Key, Class] = {}

    def classify(self, difference: Difference) -> Class:
        if difference.key not in self._known:
            # Two new applications that name each other as Backup ask for each other; nothing else does.
            self._known[difference.key] = unplanned("nothing but itself asks for it")
            self._known[difference.key] = self._class(difference)
        return self._known[difference.key]

    def _class(self, difference: Difference) -> Class:
        key = difference.key
        if key.object not in self._migration.scope:
            return Class(Sort.OUTSIDE, "", self._migration.left_out(key.object))
        if entry := self.entries.naming(difference):
            return Class(Sort.PLANNED, entry)
        whole = self._migration.difference(key.object, Aspect.APPLICATION)
        if whole is not None and whole is not difference:
            found = self.classify(whole)
        elif key.aspect in {Aspect.OPTION, Aspect.SHARED}:
            found = self._options.classify(difference)
        else:
            found = self._objects.classify(difference)
        other = self.entries.other_value(difference) if found.sort is Sort.UNPLANNED else ""
        return Class(Sort.UNPLANNED, "", other) if other else found
