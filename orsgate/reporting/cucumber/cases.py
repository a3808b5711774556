# SPDX-License-Identifier: Apache-2.0
"""From results and errors of a run to test cases of Cucumber, which has other words for how they end.

The result of a requirement is that of the last step of its scenario. Its message begins with the outcome in the words of orsgate,
and what was seen is attached to that step.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cucumber_messages import TestStepResultStatus as Status

from orsgate.estate.judgement import MET, Outcome
from orsgate.reporting.bounded import bounded, shortened
from orsgate.reporting.cucumber.gherkin import Scenario
from orsgate.reporting.grouping import violation_line
from orsgate.reporting.results_json import not_proven, reason_of
from orsgate.reporting.text import visible
from orsgate.reporting.waivers import waived_lines
from orsgate.verdict.events import RunProblem
from orsgate.verdict.result import Result

NOT_READ = "* its scenario was not read"
"""The step of a requirement whose scenario nobody saw."""

STATUSES = {
    Outcome.PASS: Status.passed,
    Outcome.FAIL: Status.failed,
    Outcome.ERROR: Status.failed,
    Outcome.BLOCKED: Status.pending,
    Outcome.NOT_APPLICABLE: Status.skipped,
    Outcome.SKIPPED: Status.skipped,
    Outcome.MANUAL: Status.pending,
    Outcome.WAIVED: Status.skipped,
}
"""Blocked and manual are pending: the answer is still owed. Formatters explain ambiguous and undefined by step definitions,
which would mislead. Waived is skipped: neither met nor counted as failed."""


@dataclass(frozen=True, slots=True)
class TestCase:
    """A test case.

    Attributes:
        status: of the step that judges, the last one.
        before: of the steps before it.
        message: of the step that judges; empty for a pass that is proven.
        attachments: file name and text of each.
    """

    scenario: Scenario
    status: Status
    before: Status
    message: str
    duration_ms: float = 0.0
    attachments: tuple[tuple[str, str], ...] = ()


def of_result(result: Result) -> TestCase:
    """The test case of a requirement; a pass on declared facts proves nothing and is pending, never passed."""
    planned = result.planned
    marks = (*({planned.mode} - {"passive"}), *({planned.origin} - {"core"}))
    scenario = Scenario(
        (result.id, *planned.phases, planned.severity, *marks), planned.title or result.id, result.gherkin or (NOT_READ,)
    )  # fmt: skip
    unproven = bool(not_proven((result,)))
    status = STATUSES[result.outcome]
    if status is Status.passed and unproven:
        status = Status.pending
    # Where a rule came to a conclusion, the steps before it were passed; elsewhere nobody says so.
    before = Status.passed if result.outcome in {Outcome.PASS, Outcome.FAIL} and not unproven else Status.skipped
    message = "" if status is Status.passed else "\n".join(bounded(_message(result), "violation"))
    texts = {"outcome": "\n".join(_outcome(result)), "evidence": "\n".join(_evidence(result))}
    attachments = tuple((f"{result.id}-{name}.txt", text) for name, text in texts.items() if text)
    return TestCase(scenario, status, before, message, result.duration_ms, attachments)


def of_problem(problem: RunProblem) -> TestCase:
    """What went wrong with the run itself, as a test case that failed: formatters show no failed hook of a run."""
    scenario = Scenario(("run",), problem.where or "the run", ("* nothing goes wrong with the run itself",))
    return TestCase(scenario, Status.failed, Status.skipped, shortened(f"error: {visible(problem.message)}"))


def _message(result: Result) -> Iterator[str]:
    yield f"{result.outcome}: {visible(reason_of(result))}"
    if result.outcome is Outcome.FAIL:
        yield from _violations(result)


def _violations(result: Result) -> Iterator[str]:
    for found in result.violations:
        yield visible(violation_line(found))


def _outcome(result: Result) -> Iterator[str]:
    """What is attached to every step that judges."""
    waiver = "" if result.original_outcome is result.outcome else f" (without the waiver: {result.original_outcome})"
    reason = reason_of(result)
    yield f"{result.id}: {result.outcome}{waiver}" + (f": {shortened(visible(reason))}" if reason else "")
    yield f"Severity: {result.planned.severity}; basis of the facts: {result.judgement.basis}"
    yield from map(visible, waived_lines(result))
    labelled = {"Why": result.why, "Fix": result.fix, "Source": result.source}
    if result.outcome in MET:
        del labelled["Fix"]
    yield from (shortened(visible(f"{label}: {text}")) for label, text in labelled.items() if text)
    if result.outcome is not Outcome.FAIL:  # there the message has them
        yield from bounded(_violations(result), "violation")
    gaps = (visible(f"Not known: {gap.subject}: {gap.unknown.cause}") for gap in result.judgement.gaps)
    yield from bounded(gaps, "missing fact")
    yield from bounded((visible(f"Note: {note}") for note in result.judgement.notes), "note")


def _evidence(result: Result) -> Iterator[str]:
    seen = (visible(f"{seen.subject}: {seen.text}" + (f" ({seen.where})" if seen.where else "")) for seen in result.evidence)
    return bounded(seen, "observation")
