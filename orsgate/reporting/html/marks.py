# SPDX-License-Identifier: Apache-2.0
"""How reports name the states: a symbol, a word and what it means."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from orsgate.estate.judgement import Outcome
from orsgate.estate.knowledge import Basis
from orsgate.estate.wording import several
from orsgate.reporting.grouping import StepState
from orsgate.rules.catalogue import Severity
from orsgate.verdict.result import Result
from orsgate.verdict.verdict import VerdictName


@dataclass(frozen=True, slots=True)
class Mark:
    """A state as a symbol and a word, so that no colour is needed to read it.

    Attributes:
        kind: names its colour in the style sheet.
    """

    symbol: str
    word: str
    kind: str


MARKS = {
    Outcome.PASS: Mark("✓", "passed", "pass"),
    Outcome.FAIL: Mark("✗", "failed", "fail"),
    Outcome.ERROR: Mark("!", "error", "error"),
    Outcome.BLOCKED: Mark("?", "blocked", "open"),
    Outcome.NOT_APPLICABLE: Mark("–", "not applicable", "none"),
    Outcome.SKIPPED: Mark("○", "skipped", "open"),
    Outcome.MANUAL: Mark("□", "to be attested", "open"),
    Outcome.WAIVED: Mark("≈", "waived", "warn"),
}
WARNING = Mark("▲", "warning", "warn")
ADVICE = Mark("△", "advice", "warn")
UNPLANNED = Mark("·", "not judged in this phase", "none")
DECLARED = Mark("✓", "passed on declared facts", "open")

COUNTED = {
    MARKS[Outcome.FAIL]: "blockers that at least one subject contradicts",
    MARKS[Outcome.ERROR]: "collecting or judging broke unexpectedly",
    MARKS[Outcome.BLOCKED]: "nothing known contradicts it, but a fact that it needs could not be learnt",
    MARKS[Outcome.MANUAL]: "a person has to attest it, and no attestation counts",
    MARKS[Outcome.SKIPPED]: "nobody asked for it in this run",
    MARKS[Outcome.WAIVED]: "not met or not proven, and accepted by name",
    WARNING: "not met; it gates with --strict only",
    ADVICE: "not followed; it never gates",
    DECLARED: "nothing contradicts what somebody typed in the estate file, and no system was read for it",
    MARKS[Outcome.PASS]: "judged, and nothing contradicts it; the evidence is listed",
    MARKS[Outcome.NOT_APPLICABLE]: "what it presupposes is known not to be so here",
}
"""Every state that a requirement can have, in the order of a reader in a hurry, with what it means."""

_VERDICTS: Mapping[str, Mark] = {
    VerdictName.GO: Mark("✓", "GO", "pass"),
    VerdictName.NO_GO: Mark("✗", "NO-GO", "fail"),
    VerdictName.INCONCLUSIVE: Mark("?", "INCONCLUSIVE", "open"),
}


def mark_of(result: Result) -> Mark:
    """The state of a result; what does not gate and failed is a warning or advice, what was only typed is not simply passed."""
    if result.outcome is Outcome.PASS and result.judgement.basis is Basis.DECLARED:
        return DECLARED
    return mark_as(result.outcome, result.planned.severity)


def mark_as(outcome: Outcome, severity: Severity) -> Mark:
    """An outcome; what does not gate and failed is a warning or advice."""
    if outcome is Outcome.FAIL and severity != "blocker":
        return WARNING if severity == "warning" else ADVICE
    return MARKS[outcome]


def mark_of_step(step: StepState) -> Mark:
    """The state of a step; one that rests on what was typed is not simply passed."""
    if step.state is Outcome.PASS and DECLARED in map(mark_of, step.results):
        return DECLARED
    return state_mark(step.state, step.severity)


def state_mark(state: Outcome, severity: Severity) -> Mark:
    """The state of what belongs together, as ``state_of`` gives it; what only warnings or advice failed is marked apart."""
    return WARNING if state is Outcome.FAIL and severity != "blocker" else MARKS[state]


def counted(step: StepState) -> str:
    """How many results of a step have which state, each in exactly one, the worst first: ``1 failed, 3 passed``.

    Where all of several have that of the step it is not said once more: ``all 5``.
    """
    found = Counter(map(mark_of, step.results))
    if len(step.results) > 1 and set(found) == {mark_of_step(step)}:
        return f"all {len(step.results)}"
    return ", ".join(f"{found[mark]} {mark.word}" for mark in COUNTED if found[mark])


def verdict_mark(verdict: str, exceptions: int) -> Mark:
    """A verdict, as ``VerdictName`` or results.json name it: ``GO with 2 exceptions``.

    Only a GO rests on them; a NO-GO is one whatever was accepted besides.
    """
    mark = _VERDICTS[verdict]
    if exceptions and verdict == VerdictName.GO:
        return Mark("≈", f"{mark.word} with {several(exceptions, 'exception')}", "warn")
    return mark
