# SPDX-License-Identifier: Apache-2.0
"""A requirement in full, as the HTML report shows it: plain data without markup."""

from __future__ import annotations

from dataclasses import dataclass

from orsgate.reporting.html.marks import Mark
from orsgate.reporting.html.model import Reference, Shown


@dataclass(frozen=True, slots=True)
class ViolationRow:
    """A violation in full; ``fix`` is empty where the requirement's own says it all."""

    subject: str
    found: str
    expected: str
    where: str
    fix: str


@dataclass(frozen=True, slots=True)
class GapRow:
    """A fact that is not known."""

    subject: str
    cause: str
    where: str


@dataclass(frozen=True, slots=True)
class Placed:
    """Subjects in words, and the pattern of where something of each was read."""

    subjects: str
    where: str


@dataclass(frozen=True, slots=True)
class Seen:
    """Evidence that is the same for several subjects."""

    text: str
    places: tuple[Placed, ...]


@dataclass(frozen=True, slots=True)
class Requirement:
    """A requirement in full; ``remedies`` is whether a violation has a remedy of its own."""

    reference: Reference
    mark: Mark
    was: str
    reason: str
    rests: str
    why: str
    fix: str
    source: str
    gherkin: str
    violations: tuple[ViolationRow, ...]
    violations_more: int
    remedies: bool
    gaps: tuple[GapRow, ...]
    gaps_more: int
    notes: Shown
    evidence: tuple[Seen, ...]
    evidence_shown: int
    evidence_more: int


@dataclass(frozen=True, slots=True)
class Section:
    """The requirements that ended alike."""

    mark: Mark
    anchor: str
    meaning: str
    requirements: tuple[Requirement, ...]
