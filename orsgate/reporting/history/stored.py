# SPDX-License-Identifier: Apache-2.0
"""A run as a results.json tells it (``orsgate/report/1``), as far as comparisons and histories need it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from orsgate.estate.judgement import MET, Outcome
from orsgate.estate.knowledge import Basis
from orsgate.rules.catalogue import Mode, Severity
from orsgate.verdict.result import Origin

StoredPhase = Literal["readiness", "deployment", "rehearsal"]
StoredVerdict = Literal["go", "no_go", "inconclusive"]


@dataclass(frozen=True, slots=True)
class StoredViolation:
    """One subject that did not meet a requirement."""

    subject: str
    found: str
    expected: str
    where: str
    fix: str


@dataclass(frozen=True, slots=True)
class StoredGap:
    """A fact that was needed of a subject and was not known."""

    subject: str
    cause: str


@dataclass(frozen=True, slots=True)
class StoredEvidence:
    """What was seen of a subject."""

    subject: str
    text: str
    where: str


@dataclass(frozen=True, slots=True)
class StoredResult:
    """What became of one requirement.

    Attributes:
        original_outcome: the outcome before waivers.
        reason: empty only for a pass.
    """

    id: str
    title: str
    step: int
    severity: Severity
    mode: Mode
    origin: Origin
    outcome: Outcome
    original_outcome: Outcome
    basis: Basis
    reason: str
    fix: str
    subjects: tuple[str, ...]
    violations: tuple[StoredViolation, ...]
    evidence: tuple[StoredEvidence, ...]
    gaps: tuple[StoredGap, ...] = ()

    @property
    def green(self) -> bool:
        """Whether it was met, or did not apply."""
        return self.outcome in MET


@dataclass(frozen=True, slots=True)
class StoredEstate:
    """Which estate was judged, and between which releases."""

    name: str
    from_release: str
    to_release: str
    path: str


@dataclass(frozen=True, slots=True)
class StoredExclusion:
    """What was left out of the scope, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class StoredScope:
    """What was judged; no application where the configuration was not known."""

    applications: tuple[str, ...]
    excluded: tuple[StoredExclusion, ...]
    disabled: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StoredTool:
    """What judged."""

    name: Literal["orsgate"]
    version: str
    catalogue_sha256: str
    features_sha256: str


@dataclass(frozen=True, slots=True)
class StoredPart:
    """A part of the facts, and what stood in for the real software."""

    part: str
    stand_ins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StoredError:
    """Something that went wrong with the run itself."""

    message: str


@dataclass(frozen=True, slots=True)
class StoredRun:
    """One run.

    Attributes:
        results: every planned requirement.
        collected: when the youngest part of the facts was collected; ``started`` and ``finished`` are of the judging.
        plan: the directory whose exports were judged in place of the current options; None where the estate was judged as it is.
        stage: after which stage of the path without loss it was judged, in words; None where the whole migration was.
        selection: what restricted the run, in words.
        exit_code: None where it is not told.
        strict: whether warnings decided the verdict as well.
    """

    schema: Literal["orsgate/report/1"]
    phase: StoredPhase
    verdict: StoredVerdict
    estate: StoredEstate
    scope: StoredScope
    started: datetime
    finished: datetime
    collected: datetime
    tool: StoredTool
    parts: tuple[StoredPart, ...]
    counts: dict[Outcome, int]
    results: tuple[StoredResult, ...]
    exceptions: int
    verdict_sentence: str = ""
    interrupted: bool = False
    selection: tuple[str, ...] = ()
    plan: str | None = None
    stage: str | None = None
    exit_code: int | None = None
    strict: bool = False
    errors: tuple[StoredError, ...] = ()

    @property
    def stand_ins(self) -> tuple[str, ...]:
        """What stood in for the real software, each once."""
        return tuple(dict.fromkeys(name for part in self.parts for name in part.stand_ins))
