# SPDX-License-Identifier: Apache-2.0
"""What is known of the test session of each node while it is tried, so that an interruption loses nothing."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any

from orsgate.collection.trials.ending import left_open
from orsgate.collection.trials.starting import why_unsure
from orsgate.collection.trials.trail import Left, Outcome
from orsgate.estate.deployment import SessionTrial
from orsgate.estate.knowledge import Unknown


class Known:
    """What is known so far, by the Primaries of the nodes; may be used by several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: dict[str, SessionTrial] = {}
        self._open: dict[str, Left] = {}
        self._unsure: dict[str, Left] = {}

    def of(self, node: str) -> SessionTrial:
        """What is known of a node that was begun."""
        with self._lock:
            return self._found[node]

    def of_each(self, nodes: Iterable[str]) -> tuple[SessionTrial, ...]:
        """What is known of those of ``nodes`` that were begun, in their order."""
        with self._lock:
            return tuple(self._found[name] for name in nodes if name in self._found)

    def silent(self, trial: SessionTrial) -> None:
        """Take a node on which nothing can be started."""
        with self._lock:
            self._found[trial.node] = trial

    def started(self, trial: SessionTrial, left: Left, outcome: Outcome) -> None:
        """Take what a start gave: a session that is open now, perhaps one, or none."""
        with self._lock:
            self._found[trial.node] = trial
            if outcome == "started":
                self._open[trial.node] = left
            elif outcome == "not known":
                self._unsure[trial.node] = left

    def note(self, node: str, **found: Any) -> None:
        """Take facts of a node that was begun, by the names of ``SessionTrial``."""
        with self._lock:
            self._found[node] = replace(self._found[node], **found)

    def ended(self, node: str) -> None:
        """Its session is open no more, or was named."""
        with self._lock:
            self._open.pop(node, None)

    def open_ones(self, spared: Collection[str]) -> list[Left]:
        """The sessions that are open, but for those of the nodes ``spared``."""
        with self._lock:
            return [left for name, left in self._open.items() if name not in spared]

    def unsure_ones(self) -> list[Left]:
        """The sessions that may have been started."""
        with self._lock:
            return list(self._unsure.values())

    def name_open(self) -> None:
        """Say how a person ends what is still open: nobody comes back to it in this run."""
        for left in self.open_ones(()):
            self.note(left.node, left_behind=left_open(left))

    def name_unsure(self, left: Left, fetched: bool | Unknown) -> None:  # noqa: FBT001 - a fact, which may be unknown
        """Say how a person finds a session that may have been started, and whether its document was fetched."""
        told = why_unsure(self.of(left.node), left, fetched=fetched is True)
        self.note(left.node, left_behind=told, fetched=fetched)
