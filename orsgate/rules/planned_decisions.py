# SPDX-License-Identifier: Apache-2.0
"""Which changes of options the decisions of steps 6 and 8 ask for: persistence and multimedia."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from orsgate.estate.decisions import (
    PERSISTENCE_OPTIONS,
    PULL_OPTIONS,
    interaction_connections,
    multimedia,
    persistence,
    said_not_to_pull,
    unresolved_connection,
)
from orsgate.estate.items import Value
from orsgate.rules.broken import LIMIT
from orsgate.rules.multimedia import PULLS
from orsgate.rules.planned import Class, Migration, planned, unplanned


class Decided:
    """Asks the decisions of the estate as it is now."""

    def __init__(self, migration: Migration) -> None:
        self._migration = migration

    @cached_property
    def _persistence(self) -> str:
        value = persistence(self._migration.after).value
        return value if isinstance(value, str) else ""

    @cached_property
    def _multimedia(self) -> str:
        value = multimedia(self._migration.after).value
        return value if isinstance(value, str) else ""

    @cached_property
    def _not_to_pull(self) -> frozenset[str]:
        return said_not_to_pull(self._migration.after)

    def ask_for(self, key: str, before: Value | None, after: Value | None, concerned: Iterable[str]) -> Class | None:
        """The class of a change of an option by one of the decisions; None where neither speaks of it.

        Args:
            key: ``section/option``.
            before: its value before; None where it was not set.
            after: its value now.
            concerned: the applications that it acts on.
        """
        gone = after is None
        if key.startswith(PERSISTENCE_OPTIONS.removesuffix("*")) and self._persistence in {"none", "redis"}:
            return planned("ORS-0602", f"persistence is {self._persistence}") if gone else unplanned("ORS-0602 has it removed")
        if key.startswith("persistence/") and self._persistence == "redis" and before is None:
            return planned("ORS-0602", "persistence is redis")
        if not key.startswith(PULL_OPTIONS.removesuffix("*")):
            return None
        off = gone or (key == PULLS and after is not None and after.text.lower() == "false")
        if self._multimedia == "no":
            return planned("ORS-0804", "ORS does not work with multimedia") if off else None
        if off and key in {PULLS, LIMIT} and not any(map(self._may_pull, concerned)):
            return planned("ORS-0803", "it does not work with multimedia")
        return None

    def _may_pull(self, name: str) -> bool:
        """Whether an application works with multimedia as far as is known; connections that are not known may lead there."""
        application = self._migration.after.applications.get(name)
        if application is None or name in self._not_to_pull:
            return False
        after = self._migration.after
        return bool(interaction_connections(after, application)) or unresolved_connection(after, application) is not None
