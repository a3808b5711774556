# SPDX-License-Identifier: Apache-2.0
"""The runs of one estate and phase in the order of their facts, and for how long each blocker was open in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from orsgate.estate.judgement import Outcome
from orsgate.estate.wording import several
from orsgate.reporting.history.stored import StoredPhase, StoredVerdict
from orsgate.reporting.text import how_long
from orsgate.rules.catalogue import Severity

OUTCOMES = tuple(Outcome)
"""The outcomes by the byte that stands for each."""
MOST_SERIES = 5
"""Series of which a sentence says how many blockers are open."""


class End(StrEnum):
    """How a blocker ceased to be open."""

    FIXED = "fixed"
    """A run passed it, and covered what the runs before had covered."""
    LAPSED = "lapsed"
    """It does not apply any more."""
    LEFT = "left"
    """A run passed it, after applications had left the scope: whether it was fixed, nobody can tell from that."""
    TYPED = "typed"
    """A run passed it on declared facts only, where a run before had read: what somebody typed proves nothing."""


@dataclass(frozen=True, slots=True)
class Step:
    """The state of a step of the procedure in one run, and the severity of the requirements that it comes from."""

    number: int
    state: Outcome
    severity: Severity


@dataclass(frozen=True, slots=True)
class RunSeen:
    """What is kept of one run.

    Attributes:
        name: the path of its file below the directory.
        collected: when its facts were collected, which is its place in the history.
        partial: whether a selection left a part of it out.
        planned: the id and severity of each requirement; one tuple for all runs that planned the same.
        outcomes: their outcomes, a byte each.
        scope: the applications that it judged; one set for all runs that judged the same.
        declared: the ids of the requirements that rest on declared facts; likewise one set.
    """

    name: str
    collected: datetime
    finished: datetime
    verdict: StoredVerdict
    exceptions: int
    partial: bool
    interrupted: bool
    steps: tuple[Step, ...]
    planned: tuple[tuple[str, Severity], ...]
    outcomes: bytes
    scope: frozenset[str]
    declared: frozenset[str] = frozenset()

    def results(self) -> Iterator[tuple[str, Severity, Outcome]]:
        """Id, severity and outcome of each requirement."""
        for (name, severity), code in zip(self.planned, self.outcomes, strict=True):
            yield name, severity, OUTCOMES[code]

    def count(self, *outcomes: Outcome) -> int:
        """How many blockers ended with one of the outcomes."""
        return sum(severity == "blocker" and outcome in outcomes for _, severity, outcome in self.results())


@dataclass(frozen=True, slots=True)
class Opening:
    """A time in which a blocker was not met: failing, not proven or waived, without a green run in between.

    Attributes:
        since: the facts of the first run that did not show it met.
        at_least: whether that is the first run at all that judged it, so that it may have been open before.
        until: the facts of the run that showed it met; None while it is open.
        end: how it ceased to be open; None while it is open.
        outcome: in the last run that did not show it met.
        last_seen: the facts of that run.
        runs: how many runs did not show it met.
        openings: how often it was opened in the history, this time included.
    """

    id: str
    title: str
    since: datetime
    at_least: bool
    until: datetime | None
    end: End | None
    outcome: Outcome
    last_seen: datetime
    runs: int
    openings: int

    def lasted(self, now: datetime) -> timedelta:
        """How long it was, or has been, open."""
        return max(timedelta(), (self.until or now) - self.since)


@dataclass(frozen=True, slots=True)
class Series:
    """The runs of one estate that answer the same question.

    Attributes:
        of_plan: whether they judged a plan in place of the current options, which fixes nothing.
        stand_ins: what stood in for the real software; such runs tell nothing of a production estate.
        runs: in the order of their facts.
        open: the blockers that are open after the last run, the one that has been open longest first.
        closed: of each other blocker that ever was open the last time, the one that was closed last first.
    """

    estate: str
    phase: StoredPhase
    of_plan: bool
    stand_ins: tuple[str, ...]
    runs: tuple[RunSeen, ...]
    open: tuple[Opening, ...]
    closed: tuple[Opening, ...]

    @property
    def title(self) -> str:
        """What the runs have in common, in words."""
        return f"{self.estate}, {self.phase}{' of plans' if self.of_plan else ''}{' on stand-ins' if self.stand_ins else ''}"

    def longest(self, now: datetime) -> str:
        """Which blocker has been open longest and for how long, as the end of a sentence; empty where none is open."""
        if not self.open:
            return ""
        found = max(self.open, key=lambda each: each.lasted(now))
        return f", {found.id} for {how_long(found.lasted(now))}"


@dataclass(frozen=True, slots=True)
class NotRead:
    """A file that is not in the history, and why."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class History:
    """All that the results.json files of a directory tell together.

    Attributes:
        directory: as it was named.
        now: the time up to which open blockers are counted.
        series: by estate, phase and whether a plan was judged.
        not_read: files that look like results and could not be used.
        doubles: files that hold, byte for byte, what another one holds, and were counted once.
    """

    directory: str
    now: datetime
    series: tuple[Series, ...]
    not_read: tuple[NotRead, ...]
    doubles: tuple[NotRead, ...]

    @property
    def runs(self) -> int:
        """How many runs there are in all series."""
        return sum(len(series.runs) for series in self.series)

    @property
    def sentence(self) -> str:
        """What the history says, in one sentence."""
        text = self._open()
        return f"{text}; {several(len(self.not_read), 'file')} could not be used" if self.not_read else text

    def _open(self) -> str:
        """What is open after the last run of each series; those of different estates or phases are never added."""
        numbers = [f"{several(len(series.open), 'blocker')} open" for series in self.series]
        longest = [series.longest(self.now) for series in self.series]
        runs = several(self.runs, "run")
        if len(self.series) == 1:
            return f"{runs}; {numbers[0]} after the last of them{longest[0]}"
        told = [f"{series.title}: {number}{end}" for series, number, end in zip(self.series, numbers, longest, strict=True)]
        more = [f"and {len(told) - MOST_SERIES:,} more series"] if len(told) > MOST_SERIES else []
        return f"{runs} in {len(told):,} series; after the last of each: {'; '.join(told[:MOST_SERIES] + more)}"
