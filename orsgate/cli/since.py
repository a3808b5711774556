# SPDX-License-Identifier: Apache-2.0
"""What changed since an earlier run, as one sentence at the end of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orsgate.cli.say import say
from orsgate.verdict.events import Event, RunFinished, RunStarted

if TYPE_CHECKING:
    from orsgate.reporting.history.stored import StoredRun


class SinceReporter:
    """Says after the verdict what changed, and what became worse.

    Args:
        previous: the earlier run, of the same estate and phase.
        err: whether standard output is taken by a result.
    """

    def __init__(self, previous: StoredRun, *, err: bool) -> None:
        self._previous = previous
        self._err = err
        self._started: RunStarted | None = None

    def handle(self, event: Event) -> None:
        """Take one event."""
        if isinstance(event, RunStarted):
            self._started = event
        elif isinstance(event, RunFinished) and self._started is not None:
            from orsgate.reporting.history.comparing import since
            from orsgate.reporting.history.difference import ONLY_NOW, ONLY_THEN

            found = since(self._previous, self._started, event)
            for note in found.notes:
                say(f"Note: {note} (A: the earlier run, B: this one)", err=self._err)
            say(f"Compared with the earlier run: {found.said(ONLY_THEN, ONLY_NOW)}", err=self._err)
            if found.worse:
                say(f"Became worse: {', '.join(each.id for each in found.worse)}", err=self._err)
