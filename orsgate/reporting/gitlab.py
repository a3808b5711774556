# SPDX-License-Identifier: Apache-2.0
"""Annotations of GitLab, as a code quality report: a finding for the run, and one for each violation or open requirement.

GitLab takes every entry for something to mend, so what is well has none; its ids stand in the finding for the run, and all that
passed on declared facts has one. The finding for the run is always there: an empty report would read as "nothing found" whatever
the verdict. GitLab stops reading at the first entry that lacks one of the keys, and keeps one of those whose fingerprints agree.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Any

from orsgate.estate.judgement import Outcome
from orsgate.estate.wording import several
from orsgate.reporting.bounded import MOST_LINES, shortened
from orsgate.reporting.grouping import answer, violation_line
from orsgate.reporting.importance import Importance, Place, by_importance, declared, path_of_estate, place_of
from orsgate.reporting.reporter import FileReporter
from orsgate.reporting.results_json import DECLARED, reason_of
from orsgate.reporting.text import in_one_line
from orsgate.reporting.waivers import waived_lines
from orsgate.verdict.events import RunFinished, RunStarted
from orsgate.verdict.result import Result
from orsgate.verdict.verdict import VerdictName

RUN = "orsgate"
"""The ``check_name`` of what speaks of the run itself."""
_SEVERITIES = {
    Importance.FAILED: "blocker", Importance.OPEN: "critical", Importance.LOOK: "major", Importance.WAIVED: "info",
    Importance.TOLD: "info",
}  # fmt: skip


class GitlabReporter(FileReporter):
    """Writes a code quality report."""

    def chunks(self, started: RunStarted, finished: RunFinished) -> Iterator[str]:
        """The report, a line for each finding."""
        seen: dict[str, int] = {}
        separator = "["
        for finding in _findings(started, finished):
            alike = seen[finding["fingerprint"]] = seen.get(finding["fingerprint"], 0) + 1
            if alike > 1:
                finding["fingerprint"] = _fingerprint(finding["fingerprint"], str(alike))
            yield f"{separator}\n {json.dumps(finding)}"
            separator = ","
        yield "\n]\n"


def _findings(started: RunStarted, finished: RunFinished) -> Iterator[dict[str, Any]]:
    general, told = path_of_estate(started), answer(started, finished)
    weighed = by_importance(started, finished.results)
    text = f"orsgate {started.phase} of {started.estate.name}: {'; '.join(told)}; {_well(weighed[Importance.WELL])}"
    go = "info" if len(told) == 1 else "major"  # a GO with a restriction is to be looked at
    severity = go if finished.verdict.name is VerdictName.GO else "blocker"
    yield _finding(RUN, severity, text, general, finished.verdict.name)
    for problem in finished.problems:
        text = shortened(f"error: {problem.message} ({problem.where})")
        yield _finding(RUN, "critical", text, place_of(problem.where) or general, problem.where, problem.message)
    for weight, severity in _SEVERITIES.items():
        for result in weighed[weight]:
            yield from _requirement(result, severity, general)
    if passed := weighed[Importance.DECLARED]:
        yield _finding(RUN, "info", declared(passed), general, DECLARED)


def _well(results: Sequence[Result]) -> str:
    """The ids of what is well, by outcome."""
    groups = {
        outcome: [result.id for result in results if result.outcome is outcome]
        for outcome in (Outcome.PASS, Outcome.NOT_APPLICABLE)
    }  # fmt: skip
    return "; ".join(f"{outcome}: {', '.join(ids) or 'none'}" for outcome, ids in groups.items())


def _requirement(result: Result, severity: str, general: Place) -> Iterator[dict[str, Any]]:
    head = f"{result.id} {result.outcome} ({result.planned.severity})"
    if result.waivers or not result.violations:
        text = shortened(f"{head}: {reason_of(result)}. {result.planned.title}")
        yield _finding(result.id, severity, "; ".join((text, *waived_lines(result))), general, result.outcome)
    for found in result.violations[:MOST_LINES]:
        text = f"{head}: {violation_line(found)}"
        place = place_of(found.where) or general
        yield _finding(result.id, severity, shortened(text), place, result.outcome, found.subject, found.found, found.expected)
    if (more := len(result.violations) - MOST_LINES) > 0:
        yield _finding(result.id, severity, f"{head}: {several(more, 'violation')} more: see results.json", general, "more")


def _finding(check: str, severity: str, text: str, place: Place, *same: str) -> dict[str, Any]:
    """One entry; ``same`` is what makes it the same finding in another run, whatever line it has moved to."""
    return {
        "description": in_one_line(text),
        "check_name": check,
        "fingerprint": _fingerprint(check, *same),
        "severity": severity,
        "location": {"path": in_one_line(place.path), "lines": {"begin": place.line}},
    }


def _fingerprint(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "backslashreplace")).hexdigest()
