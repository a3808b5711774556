# SPDX-License-Identifier: Apache-2.0
"""Annotations of GitHub, as workflow commands: a line for the verdict, for each error of the run, and for each requirement.

GitHub shows the first ten errors, warnings and notices of a step, so what matters most stands first, and all that passed on
declared facts has one line. What is well is a ``debug`` command, which shows only where debug logging is on.
"""

from __future__ import annotations

from collections.abc import Iterator

from orsgate.estate.judgement import Outcome
from orsgate.reporting.bounded import left_out, shortened
from orsgate.reporting.grouping import answer, violation_line
from orsgate.reporting.importance import Importance, by_importance, declared, place_of
from orsgate.reporting.reporter import FileReporter
from orsgate.reporting.results_json import reason_of
from orsgate.reporting.text import in_one_line, visible
from orsgate.reporting.waivers import waived_lines
from orsgate.verdict.events import RunFinished, RunStarted
from orsgate.verdict.result import Result
from orsgate.verdict.verdict import VerdictName

SHOWN_VIOLATIONS = 10
"""Violations in one message; results.json has them all."""
_COMMANDS = {
    Importance.FAILED: "error", Importance.OPEN: "error", Importance.LOOK: "warning", Importance.WAIVED: "notice",
    Importance.TOLD: "notice", Importance.DECLARED: "notice", Importance.WELL: "debug",
}  # fmt: skip


class GithubReporter(FileReporter):
    """Writes workflow commands."""

    def chunks(self, started: RunStarted, finished: RunFinished) -> Iterator[str]:
        """The commands, a line each."""
        told = answer(started, finished)
        go = "notice" if len(told) == 1 else "warning"  # a GO with a restriction is to be looked at
        level = go if finished.verdict.name is VerdictName.GO else "error"
        yield command(level, f"orsgate {started.phase}: {started.estate.name}", "\n".join(told))
        for problem in finished.problems:
            yield command("error", f"orsgate: {problem.where}", shortened(f"error: {problem.message}"), problem.where)
        for weight, results in by_importance(started, finished.results).items():
            if weight is Importance.DECLARED and results:
                yield command(_COMMANDS[weight], "passed on declared facts", declared(results))
            elif weight is not Importance.DECLARED:
                yield from (_requirement(_COMMANDS[weight], result) for result in results)


def command(level: str, title: str, message: str, where: str = "") -> str:
    """One workflow command, escaped as ``@actions/core`` does it.

    Args:
        level: ``error``, ``warning``, ``notice`` or ``debug``; the last has no properties, so the title begins its message.
        title: in one line.
        message: may have several lines.
        where: of what it speaks; a line of a file is named as one.
    """
    if level == "debug":
        return f"::debug::{_data(f'{in_one_line(title)}: {message}')}\n"
    properties = f"title={_property(shortened(title, 200))}"
    if place := place_of(where):
        properties = f"file={_property(place.path)},line={place.line},{properties}"
    return f"::{level} {properties}::{_data(message)}\n"


def _requirement(level: str, result: Result) -> str:
    where = result.violations[0].where if result.violations else ""
    title = f"{result.id} {result.outcome} ({result.planned.severity})"
    return command(level, title, "\n".join(_message(result)), where)


def _message(result: Result) -> Iterator[str]:
    if result.planned.title:
        yield result.planned.title
    if reason := reason_of(result):
        yield shortened(reason)
    yield from waived_lines(result)
    for found in result.violations[:SHOWN_VIOLATIONS]:
        yield shortened(violation_line(found))
    if (more := len(result.violations) - SHOWN_VIOLATIONS) > 0:
        yield left_out(more, "violation")
    if result.fix and result.outcome is not Outcome.PASS:
        yield f"Fix: {result.fix}"


def _data(text: str) -> str:
    return visible(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(in_one_line(text)).replace(":", "%3A").replace(",", "%2C")
