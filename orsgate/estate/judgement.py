# SPDX-License-Identifier: Apache-2.0
"""A judgement: what a rule concludes from facts, and the outcome that follows from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from orsgate.estate.knowledge import Basis, Unknown, weakest

NO_SUBJECT = "there was nothing to judge: no subject is in scope"
NO_EVIDENCE = "the rule found nothing wrong and gave no evidence for it"
NO_EVIDENCE_OF = "the rule found nothing wrong and gave no evidence for {}"


class Outcome(StrEnum):
    """What became of a requirement; the eight words of every report."""

    PASS = "pass"  # noqa: S105 - an outcome, no password
    FAIL = "fail"
    ERROR = "error"
    BLOCKED = "blocked"
    NOT_APPLICABLE = "not_applicable"
    SKIPPED = "skipped"
    MANUAL = "manual"
    WAIVED = "waived"


MET = frozenset({Outcome.PASS, Outcome.NOT_APPLICABLE})
"""Outcomes that ask nobody for anything; what is waived is accepted, and still not met."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One subject that does not meet a requirement.

    Attributes:
        subject: application, pair, cluster, node or keyspace.
        where: file and line, or endpoint and call.
        fix: the remedy for this one; empty where the requirement's own remedy says it all.
    """

    subject: str
    found: str
    expected: str
    where: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """A fact that a subject needed and that is not known."""

    subject: str
    unknown: Unknown


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was seen of one subject, and where."""

    subject: str
    text: str
    where: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a rule concluded about all its subjects.

    Attributes:
        subjects: the names of what was judged.
        gaps: facts that were needed and are not known.
        notes: shown in the report, without effect on the verdict.
        not_applicable: why its precondition is known not to hold; empty where it holds.
        manual: what a person has to attest; empty where nobody has to.
        basis: the weakest basis of the facts it rests on.
    """

    subjects: tuple[str, ...] = ()
    violations: tuple[Violation, ...] = ()
    gaps: tuple[Gap, ...] = ()
    notes: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    not_applicable: str = ""
    manual: str = ""
    basis: Basis = Basis.OBSERVED

    @property
    def outcome(self) -> Outcome:
        """Precedence: fail, blocked, not applicable, manual, pass; a pass needs a subject, and evidence of each."""
        if self.violations:
            return Outcome.FAIL
        if self.gaps:
            return Outcome.BLOCKED
        if self.not_applicable:
            return Outcome.NOT_APPLICABLE
        if not self.subjects:
            return Outcome.ERROR
        if self.manual:
            return Outcome.MANUAL
        return Outcome.PASS if self._without_evidence is None else Outcome.ERROR

    @property
    def _without_evidence(self) -> str | None:
        """The first subject of which nothing was seen; None where there is none."""
        seen = {evidence.subject for evidence in self.evidence}
        return next((subject for subject in self.subjects if subject not in seen), None)

    @property
    def _error(self) -> str:
        if not self.subjects:
            return NO_SUBJECT
        return NO_EVIDENCE_OF.format(self._without_evidence) if self.evidence else NO_EVIDENCE

    @property
    def causes(self) -> tuple[str, ...]:
        """The root causes of what is not known, each once."""
        return tuple(dict.fromkeys(gap.unknown.cause for gap in self.gaps))

    @property
    def reason(self) -> str:
        """Why the outcome is not ``pass``, in words; empty for a pass."""
        match self.outcome:
            case Outcome.FAIL:
                count = len(self.violations)
                text = f"{count} violation{'s' if count > 1 else ''}"
                return f"{text}; besides, not known: {_several(self.causes)}" if self.gaps else text
            case Outcome.BLOCKED:
                return _several(self.causes)
            case Outcome.NOT_APPLICABLE:
                return self.not_applicable
            case Outcome.ERROR:
                return self._error
            case Outcome.MANUAL:
                return self.manual
            case _:
                return ""


def _several(causes: tuple[str, ...], shown: int = 3) -> str:
    text = "; ".join(causes[:shown])
    return f"{text}; and {len(causes) - shown} more" if len(causes) > shown else text


def not_applicable(reason: str, basis: Basis = Basis.OBSERVED) -> Judgement:
    """A judgement whose precondition is known not to hold."""
    return Judgement(not_applicable=reason, basis=basis)


@dataclass(slots=True)
class Findings:
    """Collects what a rule finds while it walks its subjects."""

    _subjects: dict[str, None] = field(default_factory=dict)
    _violations: dict[Violation, None] = field(default_factory=dict)
    _gaps: dict[Gap, None] = field(default_factory=dict)
    _notes: dict[str, None] = field(default_factory=dict)
    _evidence: list[Evidence] = field(default_factory=list)
    _bases: set[Basis] = field(default_factory=set)
    _manual: str = ""

    def subject(self, *names: str) -> None:
        """Name what is judged; a subject without any evidence never passes."""
        self._subjects.update(dict.fromkeys(names))

    def violation(self, subject: str, found: str, expected: str, where: str, fix: str = "") -> None:
        """Report that a subject does not meet the requirement."""
        self.subject(subject)
        self._violations[Violation(subject, found, expected, where, fix)] = None

    def gap(self, subject: str, unknown: Unknown) -> None:
        """Report that a fact needed for a subject is not known."""
        self.subject(subject)
        self._gaps[Gap(subject, unknown)] = None

    def note(self, text: str) -> None:
        """Add a note, once."""
        self._notes[text] = None

    def evidence(self, subject: str, text: str, where: str) -> None:
        """Keep what was seen of a subject."""
        self.subject(subject)
        self._evidence.append(Evidence(subject, text, where))

    def rests_on(self, *bases: Basis) -> None:
        """Say on which basis the facts stand that the rule used."""
        self._bases.update(bases)

    def manual(self, statement: str) -> None:
        """Say what a person has to attest."""
        self._manual = statement

    def judgement(self, none: str = "") -> Judgement:
        """The judgement of all that was found.

        Args:
            none: the reason why having no subject means that the requirement does not apply; without it no subject
                is an error.
        """
        return Judgement(
            subjects=tuple(self._subjects),
            violations=tuple(self._violations),
            gaps=tuple(self._gaps),
            notes=tuple(self._notes),
            evidence=tuple(self._evidence),
            not_applicable=none if none and not self._subjects else "",
            manual=self._manual,
            basis=weakest(self._bases),
        )


@dataclass(frozen=True, slots=True)
class Condition:
    """A precondition of a requirement.

    Attributes:
        holds: whether it is known to hold, known not to, or why that is not known.
        reason: why it does not hold, in words.
        basis: of the facts that say so.
    """

    holds: bool | Unknown
    reason: str = ""
    basis: Basis = Basis.OBSERVED


def with_gaps(judgement: Judgement, gaps: Iterable[Gap]) -> Judgement:
    """``judgement`` with further missing facts."""
    return replace(judgement, gaps=(*judgement.gaps, *gaps))
