# SPDX-License-Identifier: Apache-2.0
"""The HTML report as a whole: its sections in the order in which they are read."""

from __future__ import annotations

from dataclasses import dataclass

from orsgate.reporting.html import full, model
from orsgate.reporting.html.marks import Mark


@dataclass(frozen=True, slots=True)
class Report:
    """The whole report, in the order of a reader in a hurry."""

    title: str
    estate: str
    phase: str
    question: str
    verdict: Mark
    sentence: str
    detail: str
    plan: str
    left_behind: tuple[str, ...]
    stand_ins: tuple[str, ...]
    head: tuple[model.Fact, ...]
    scope: model.Scope
    parts: tuple[model.Part, ...]
    permits: bool
    exceptions: tuple[model.Accepted, ...]
    engineer: str
    approver: str
    steps: tuple[model.Step, ...]
    counts: tuple[model.Count, ...]
    planned: int
    obstacles: tuple[model.Obstacle, ...]
    undecided: tuple[model.Cause, ...]
    problems: tuple[model.Fact, ...]
    waivers: tuple[model.Waiver, ...]
    waived: tuple[model.Failure, ...]
    statements: tuple[model.Statement, ...]
    causes: tuple[model.Cause, ...]
    minor: tuple[model.Failure, ...]
    sections: tuple[full.Section, ...]
    drawing: model.Drawing
    changes: model.Changes | None
    trace: tuple[model.TracedStep, ...]
    provenance: tuple[model.Fact, ...]
    embedded: model.Embedded
