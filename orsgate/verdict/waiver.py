# SPDX-License-Identifier: Apache-2.0
"""A waiver: who accepts until when that a requirement is not met for some subjects, and what became of it in a run."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fnmatch import fnmatchcase

from orsgate.estate.judgement import Outcome

WAIVABLE = (Outcome.FAIL, Outcome.BLOCKED, Outcome.MANUAL, Outcome.SKIPPED)
"""The outcomes that a waiver can name."""

_SPECIAL = re.compile(r"\[!?\]?[^\]]*\]|[*?]")
_WILDCARDS = frozenset("*?[")
_WORDS = re.compile(r"[^\W_]{2}")


class Standing(StrEnum):
    """What became of a waiver in one run; all but the first do not bend the verdict."""

    APPLIED = "applied"
    """It covers at least a part of a requirement that is waived."""
    PARTIAL = "partial"
    """It covers a part, and nobody covers the rest: the requirement is not waived."""
    UNMATCHED = "unmatched"
    """The requirement was judged, and nothing of it is what the waiver is for."""
    NOT_JUDGED = "not_judged"
    """This run does not judge the requirement: it is of another phase, or of features that were not given."""
    EXPIRED = "expired"
    FUTURE = "future"
    TOO_WIDE = "too_wide"
    """Its subject is a pattern for almost anything, on a requirement that decides the verdict."""


@dataclass(frozen=True, slots=True)
class Waiver:
    """An exception that a person approved.

    Attributes:
        requirement: its id.
        outcome: what is accepted: one of ``WAIVABLE``.
        subject: name of what it is accepted of, or a pattern (``*``, ``?``, ``[...]``, case counts).
        risk: what can happen because of it.
        begins: the first instant at which it counts, UTC.
        until: the first instant at which it does not count any more, UTC.
        where: ``file:line`` that holds it.
    """

    requirement: str
    outcome: Outcome
    subject: str
    reason: str
    approver: str
    risk: str
    ticket: str
    begins: datetime
    until: datetime
    where: str = ""

    def matches(self, subject: str) -> bool:
        """Whether it is for a subject: its pattern fits, or is the very name."""
        return subject == self.subject or fnmatchcase(subject, self.subject)

    def accepts(self, other: Waiver) -> bool:
        """Whether it accepts, while it counts, all that another one accepts; of a pattern that is known only of the very same."""
        same = (self.requirement, self.outcome) == (other.requirement, other.outcome)
        if self.is_pattern and (other.is_pattern or self.is_wide):
            return same and self.subject == other.subject
        return same and self.matches(other.subject)

    @property
    def is_pattern(self) -> bool:
        """Whether its subject can be for other names than the one it spells."""
        return has_wildcard(self.subject)

    @property
    def is_wide(self) -> bool:
        """Whether almost any name fits: a pattern in which no two letters or digits stand beside each other."""
        return is_wide(self.subject)


@dataclass(frozen=True, slots=True)
class GivenFile:
    """A file of waivers.

    Attributes:
        path: as it was named.
        sha256: of its bytes, hexadecimal.
    """

    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Waivers:
    """What a run was given.

    Attributes:
        files: where the entries are from.
        allow_wide: whether patterns for almost anything count on requirements that decide the verdict.
    """

    entries: tuple[Waiver, ...] = ()
    allow_wide: bool = False
    files: tuple[GivenFile, ...] = ()

    @property
    def empty_files(self) -> tuple[str, ...]:
        """The files that hold no waiver."""
        held = {waiver.where.rpartition(":")[0] for waiver in self.entries}
        return tuple(each.path for each in self.files if each.path not in held)


@dataclass(frozen=True, slots=True)
class WaiverUse:
    """What became of a waiver in a run.

    Attributes:
        covered: the subjects that it covers, each once.
        problem: why it bends nothing, as a sentence; empty where it applied.
    """

    waiver: Waiver
    standing: Standing
    covered: tuple[str, ...] = ()
    problem: str = ""


def has_wildcard(pattern: str) -> bool:
    """Whether a pattern holds anything that stands for other characters."""
    return not _WILDCARDS.isdisjoint(pattern)


def is_wide(pattern: str) -> bool:
    """Whether a pattern is for almost any name.

    ``*`` is, and so is what only looks narrower: ``**``, ``?*``, ``[!x]*``, ``*_*``, ``*1``. Two letters or digits beside each
    other make a pattern narrow, and a name without any of ``* ? [`` always is.
    """
    return has_wildcard(pattern) and not any(_WORDS.search(literal) for literal in _SPECIAL.split(pattern))


def first_end(waivers: Sequence[Waiver]) -> datetime | None:
    """When the first of some waivers ends; None where there is none."""
    return min((waiver.until for waiver in waivers), default=None)
