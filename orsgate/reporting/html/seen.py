# SPDX-License-Identifier: Apache-2.0
"""Evidence, short: what was seen alike stands once, with all subjects and one pattern of where it was read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from orsgate.estate.estate import Estate
from orsgate.estate.ring import Ring
from orsgate.estate.wording import listed
from orsgate.reporting.html.full import Placed, Seen
from orsgate.reporting.results_json import scope_of
from orsgate.verdict.result import Result

MOST_ROWS = 50
"""Rows of evidence shown for one requirement; results.json has all."""
MOST_NAMES = 8
"""Subjects named in one row."""
NAME = "*"
"""Stands in a pattern for the name of each subject."""

_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Everyone:
    """Sets of subjects that have a name of their own, such as all applications in scope."""

    names: Mapping[frozenset[str], str]

    @classmethod
    def of(cls, estate: Estate) -> Everyone:
        """The sets of an estate; a set of one is that one."""
        found: dict[frozenset[str], str] = {}
        if scope_of(estate) is not None:
            found[frozenset(each.name for each in estate.primaries)] = "all {} Primaries"
            found[frozenset(each.name for each in estate.in_scope)] = "all {} applications"
        if isinstance(ring := estate.snapshot.cassandra, Ring):
            found[frozenset(node.name for node in ring.nodes)] = "all {} nodes"
        return cls({subjects: words.format(len(subjects)) for subjects, words in found.items() if len(subjects) > 1})

    def called(self, subjects: Iterable[str]) -> str:
        """The subjects in words."""
        names = tuple(dict.fromkeys(subjects))
        if words := self.names.get(frozenset(names)):
            return words
        return listed(names, MOST_NAMES)


def seen(result: Result, everyone: Everyone) -> tuple[tuple[Seen, ...], int, int]:
    """The evidence of a result, how many pieces of it are shown, and how many are not.

    A place in the same file as the one before it is its line alone.
    """
    groups: dict[str, dict[str, list[tuple[str, str]]]] = {}
    for each in result.evidence:
        where = each.where.replace(each.subject, NAME) if len(each.subject) >= _SHORTEST else each.where
        groups.setdefault(each.text, {}).setdefault(where, []).append((each.subject, each.where))
    rows, shown, found = 0, 0, []
    for text, patterns in groups.items():
        placed, path = [], ""
        for pattern, places in patterns.items():
            if rows == MOST_ROWS:
                break
            rows, shown = rows + 1, shown + len(places)
            where = pattern if len(places) > 1 else places[0][1]
            before, (path, _, line) = path, where.rpartition(":")
            placed.append(
                Placed(
                    everyone.called(subject for subject, _ in places), f":{line}" if path == before and line.isdigit() else where
                )
            )
        if placed:
            found.append(Seen(text, tuple(placed)))
    return tuple(found), shown, len(result.evidence) - shown
