# SPDX-License-Identifier: Apache-2.0
"""What the HTML report shows, as plain data: no markup in it, and no decision left to the template."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from orsgate.reporting.html.marks import Mark
from orsgate.reporting.html.shapes import Panel


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

    @classmethod
    def first(cls, items: Sequence[str], most: int) -> Shown:
        """The first ``most`` of them."""
        return cls(tuple(items[:most]), max(0, len(items) - most))


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
    """How many requirements ended alike, and where they stand."""

    mark: Mark
    anchor: str
    number: int


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
class Obstacle:
    """A root cause that keeps blockers from being met: they share a remedy, or the same finding of the same subjects."""

    mark: Mark
    fix: str
    requirements: tuple[Failure, ...]
    rows: tuple[Alike, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Cause:
    """A root cause, and everything that it keeps from being proven."""

    mark: Mark
    text: str
    references: tuple[Reference, ...]
    places: tuple[Place, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Statement:
    """What a person has to attest or attested; ``by`` is empty where nobody has."""

    mark: Mark
    reference: Reference
    text: str
    by: str = ""
    at: Fact = Fact("", "")
    until: Fact = Fact("", "")
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A waived requirement that decides the verdict: what it was, who accepts that, and when the first waiver of it ends."""

    mark: Mark
    reference: Reference
    by: tuple[str, ...]
    until: Fact


@dataclass(frozen=True, slots=True)
class Waiver:
    """A waiver: what it covers, who accepts it, until when, what became of it, and why it does not apply where it does not.

    Attributes:
        reference: None where this run does not judge the requirement.
        outcome: what is accepted, in words.
    """

    mark: Mark
    problem: str
    requirement: str
    reference: Reference | None
    outcome: str
    subject: str
    reason: str
    approver: str
    risk: str
    ticket: str
    since: Fact
    until: Fact
    where: str


@dataclass(frozen=True, slots=True)
class Marked:
    """Subjects of the drawing with the same trouble."""

    mark: Mark
    subjects: Shown
    references: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """The estate as a drawing, and its trouble in words; ``more`` panels are not drawn."""

    panels: tuple[Panel, ...]
    more: int
    troubles: tuple[Marked, ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """What differs of a requirement since an earlier run; ``here`` is whether this run judged it."""

    id: str
    title: str
    here: bool
    said: Shown


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs since an earlier run, whose facts are of ``previous``."""

    sentence: str
    previous: str
    notes: tuple[str, ...]
    groups: tuple[tuple[Mark, tuple[Changed, ...]], ...]


@dataclass(frozen=True, slots=True)
class Traced:
    """A sentence of the procedure, the requirements that judge it by outcome, or why nothing does."""

    text: str
    outcomes: tuple[tuple[Mark, tuple[Reference, ...]], ...]
    elsewhere: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class TracedStep:
    """The sentences of a step; step 0 is the title."""

    number: int
    title: str
    sentences: tuple[Traced, ...]


@dataclass(frozen=True, slots=True)
class Embedded:
    """results.json as the report holds it.

    Attributes:
        run: the id of the run, which is the beginning of ``sha256``.
        sha256: of results.json, as ``--json`` writes it.
        size: of results.json, in bytes.
        data: compressed by gzip, in base64; empty where that is too large.
    """

    run: str
    sha256: str
    size: int
    data: str
