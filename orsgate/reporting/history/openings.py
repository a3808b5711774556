# SPDX-License-Identifier: Apache-2.0
"""For how long blockers were open: a walk over runs in the order of their facts, which keeps one state for each blocker."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from orsgate.estate.judgement import MET, Outcome
from orsgate.reporting.history.timeline import End, Opening, RunSeen


def openings_in(runs: Iterable[RunSeen], titles: Mapping[str, str]) -> list[Opening]:
    """The last opening of each blocker that was ever open.

    What a selection left out tells nothing of a blocker: it neither opens nor closes it. A waived blocker stays open, since it
    is accepted and not met.

    Args:
        runs: in the order of their facts.
        titles: of the requirements.
    """
    walks: dict[str, _Walk] = {}
    for run in runs:
        for name, severity, outcome in run.results():
            if severity == "blocker" and not (run.partial and outcome is Outcome.SKIPPED):
                walk = walks.get(name)
                if walk is None:
                    walk = walks[name] = _Walk(name, titles.get(name, ""))
                walk.take(run, outcome)
    return [walk.last for walk in walks.values() if walk.last is not None]


@dataclass(slots=True)
class _Walk:
    """What is known of one blocker so far."""

    name: str
    title: str
    last: Opening | None = None
    _judged: bool = False
    _scope: frozenset[str] = frozenset()
    _declared: bool = True

    def take(self, run: RunSeen, outcome: Outcome) -> None:
        """Take the next run that judged it."""
        if outcome not in MET:
            self._open(run.collected, outcome)
            self._scope = self._scope | run.scope if run.scope is not self._scope else self._scope
            self._declared = self._declared and self.name in run.declared
        elif self.last is not None and self.last.until is None:
            self.last = replace(self.last, until=run.collected, end=self._end(run, outcome))
            self._scope, self._declared = frozenset(), True
        self._judged = True

    def _open(self, time: datetime, outcome: Outcome) -> None:
        if self.last is not None and self.last.until is None:
            self.last = replace(self.last, outcome=outcome, last_seen=time, runs=self.last.runs + 1)
            return
        openings = 1 if self.last is None else self.last.openings + 1
        self.last = Opening(self.name, self.title, time, not self._judged, None, None, outcome, time, 1, openings)

    def _end(self, run: RunSeen, outcome: Outcome) -> End:
        if outcome is Outcome.NOT_APPLICABLE:
            return End.LAPSED
        if self.name in run.declared and not self._declared:
            return End.TYPED
        return End.LEFT if self._scope - run.scope else End.FIXED
