# SPDX-License-Identifier: Apache-2.0
"""A result: what became of one planned requirement, as every report shows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from orsgate.estate.judgement import Evidence, Judgement, Outcome, Violation
from orsgate.rules.catalogue import Mode, Severity
from orsgate.verdict.waiver import Waiver

Origin = Literal["core", "team"]


@dataclass(frozen=True, slots=True)
class Planned:
    """A requirement that this run has to answer.

    Attributes:
        title: the scenario's name; the id until its scenario was seen.
    """

    id: str
    step: int
    phases: tuple[str, ...]
    severity: Severity
    mode: Mode
    origin: Origin = "core"
    title: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one planned requirement.

    Attributes:
        reason: empty only for a pass.
        causes: the root causes of what was not known.
        gherkin: the scenario's steps as written, one a line.
        duration_ms: time the scenario took, milliseconds.
        waived_from: the outcome before waivers; None where it was not waived.
        waivers: that cover it; empty where it was not waived.
    """

    planned: Planned
    outcome: Outcome
    reason: str = ""
    why: str = ""
    fix: str = ""
    source: str = ""
    judgement: Judgement = field(default_factory=Judgement)
    causes: tuple[str, ...] = ()
    gherkin: tuple[str, ...] = ()
    duration_ms: float = 0.0
    waived_from: Outcome | None = None
    waivers: tuple[Waiver, ...] = ()

    @property
    def id(self) -> str:
        """The requirement's id."""
        return self.planned.id

    @property
    def original_outcome(self) -> Outcome:
        """The outcome before waivers."""
        return self.waived_from or self.outcome

    @property
    def violations(self) -> tuple[Violation, ...]:
        """What does not meet the requirement."""
        return self.judgement.violations

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """What was seen."""
        return self.judgement.evidence

    @property
    def root_cause(self) -> str:
        """The first root cause; empty where there is none."""
        return self.causes[0] if self.causes else ""

    def remedy(self, violation: Violation) -> str:
        """What the operator does about a violation."""
        return violation.fix or self.fix
