# SPDX-License-Identifier: Apache-2.0
"""The events of a run, in order: RunStarted, then ResultReady and RunProblem, then RunFinished."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from orsgate.estate.estate import Estate, Phase
from orsgate.verdict.result import Planned, Result
from orsgate.verdict.verdict import Verdict
from orsgate.verdict.waiver import GivenFile, WaiverUse


@dataclass(frozen=True, slots=True)
class RunStarted:
    """The run begins to judge.

    Attributes:
        features_sha256: digest over the feature files that are judged.
        selection: what restricts the run, in words; empty where nothing does.
        waiver_files: the files that the waivers of the run are from.
    """

    estate: Estate
    phase: Phase
    planned: tuple[Planned, ...]
    started: datetime
    features_sha256: str
    selection: tuple[str, ...] = ()
    strict: bool = False
    waiver_files: tuple[GivenFile, ...] = ()


@dataclass(frozen=True, slots=True)
class ResultReady:
    """A requirement was answered."""

    result: Result


@dataclass(frozen=True, slots=True)
class RunProblem:
    """Something went wrong with the run itself; it can no longer end GO."""

    where: str
    message: str


@dataclass(frozen=True, slots=True)
class RunFinished:
    """The run is over.

    Attributes:
        results: every planned requirement, in id order.
        waivers: what became of each waiver that was given.
    """

    results: tuple[Result, ...]
    problems: tuple[RunProblem, ...]
    verdict: Verdict
    finished: datetime
    interrupted: bool
    waivers: tuple[WaiverUse, ...] = ()


Event = RunStarted | ResultReady | RunProblem | RunFinished


class Reporter(Protocol):
    """Consumes the events of a run; the engine knows no reporter by name."""

    def handle(self, event: Event) -> None:
        """Take one event."""
