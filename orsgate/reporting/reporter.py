# SPDX-License-Identifier: Apache-2.0
"""What the reporters that write files share: keep the beginning of a run, write once at its end."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import TYPE_CHECKING

from orsgate.reporting.files import Target, write
from orsgate.verdict.events import Event, RunFinished, RunStarted

if TYPE_CHECKING:
    from orsgate.reporting.history.stored import StoredRun


class FileReporter(ABC):
    """Writes one report of a run when it is over.

    Args:
        target: a path, or a text stream that stays open.
        previous: an earlier run of the same estate and phase, for a report that shows what changed since
            (``orsgate.reporting.history.comparing.since``); None where none was given.
    """

    def __init__(self, target: Target, previous: StoredRun | None = None) -> None:
        self.target = target
        self.previous = previous
        self._started: RunStarted | None = None

    def handle(self, event: Event) -> None:
        """Take one event.

        Raises:
            ReportError: if the report cannot be written.
        """
        if isinstance(event, RunStarted):
            self._started = event
        elif isinstance(event, RunFinished):
            if self._started is None:
                raise RuntimeError("a run ended that had not begun")
            write(self.target, self.chunks(self._started, event))

    @abstractmethod
    def chunks(self, started: RunStarted, finished: RunFinished) -> Iterator[str]:
        """The report piece by piece; in ASCII where its format has a way to write every character so."""
