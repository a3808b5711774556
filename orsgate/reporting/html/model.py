# SPDX-License-Identifier: Apache-2.0
"""What the HTML report shows, as plain data: no markup in it, and no decision left to the template."""

from __future__ import annotations

from dataclasses import dataclass

from orsgate.reporting.html.marks import Mark


@dataclass(frozen=True, slots=True)
class Fact:
    """A labelled value; ``time`` where the value is one, in the form of results.json."""

    label: str
    value: str
    time: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A subject and where something of it was read."""

    subject: str
    where: str


@dataclass(frozen=True, slots=True)
class Shown:
    """The first of many strings, and how many there are besides."""

    items: tuple[str, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Reference:
    """A requirement as a link."""

    id: str
    title: str
    severity: str


@dataclass(frozen=True, slots=True)
class Scope:
    """What was judged and what was left out; ``known`` is false where the configuration could not be read."""

    known: bool
    total: int
    applications: Shown
    clusters: Shown
    excluded: tuple[Fact, ...]
    disabled: Shown


@dataclass(frozen=True, slots=True)
class Part:
    """Who collected a part of the facts, where and when."""

    name: str
    host: str
    user: str
    time: Fact
    source: str
    stand_ins: str


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the procedure in the track."""

    number: int
    title: str
    mark: Mark
    detail: str
    planned: bool


@dataclass(frozen=True, slots=True)
class Count:
    """How many requirements ended alike, and which."""

    mark: Mark
    anchor: str
    meaning: str
    references: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class Alike:
    """Violations that say the same of several subjects."""

    found: str
    expected: str
    places: tuple[Place, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Remedy:
    """What the operator does, and what it mends."""

    fix: str
    rows: tuple[Alike, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Failure:
    """A requirement that failed, in short."""

    reference: Reference
    mark: Mark
    reason: str
    why: str
    remedies: tuple[Remedy, ...]


@dataclass(frozen=True, slots=True)
class Cause:
    """A root cause, and everything that it keeps from being proven."""

    mark: Mark
    text: str
    references: tuple[Reference, ...]
    places: tuple[Place, ...]
    more: int


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
class Seen:
    """Evidence that is the same for several subjects."""

    text: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Requirement:
    """A requirement in full."""

    reference: Reference
    mark: Mark
    was: str
    reason: str
    basis: str
    mode: str
    origin: str
    phases: str
    subjects: int
    why: str
    fix: str
    source: str
    gherkin: str
    violations: tuple[ViolationRow, ...]
    violations_more: int
    gaps: tuple[GapRow, ...]
    gaps_more: int
    notes: Shown
    evidence: tuple[Seen, ...]
    evidence_shown: int
    evidence_more: int


@dataclass(frozen=True, slots=True)
class Section:
    """The requirements of one step."""

    number: int
    title: str
    requirements: tuple[Requirement, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """The whole report.

    Attributes:
        waivers: those that bend nothing, each under its requirement with why.
    """

    title: str
    estate: str
    phase: str
    question: str
    verdict: Mark
    sentence: str
    plan: str
    left_behind: tuple[str, ...]
    stand_ins: tuple[str, ...]
    problems: tuple[Fact, ...]
    head: tuple[Fact, ...]
    scope: Scope
    parts: tuple[Part, ...]
    steps: tuple[Step, ...]
    counts: tuple[Count, ...]
    planned: int
    failed: tuple[Failure, ...]
    causes: tuple[Cause, ...]
    waived: tuple[Failure, ...]
    waivers: tuple[Fact, ...]
    minor: tuple[Failure, ...]
    sections: tuple[Section, ...]
    engineer: str
    approver: str
    provenance: tuple[Fact, ...]
