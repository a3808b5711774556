# SPDX-License-Identifier: Apache-2.0
"""The beginning of the console report: what was asked of which facts, the ten steps, and what the tests left behind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.text import Text

from orsgate.estate.estate import FactUnknownError
from orsgate.estate.judgement import Outcome
from orsgate.estate.knowledge import Unknown
from orsgate.reporting.console.line import WORDS, Line, heading
from orsgate.reporting.grouping import (
    QUESTIONS,
    StepState,
    left_behind,
    notices,
    steps_of,
    was_read,
)
from orsgate.verdict.events import RunStarted
from orsgate.verdict.result import Result

_WARNING = ("warning", "bold yellow")


def head(started: RunStarted) -> Iterator[Line]:
    """What was asked, what is judged, who collected it, and what restricts the answer."""
    estate = started.estate
    snapshot = estate.snapshot
    file = snapshot.estate.estate
    asked = f"{started.phase}: {QUESTIONS[started.phase]}"
    yield Line(f"{estate.name}: {file.from_release} to {file.to_release}, {asked}", "bold")
    yield Line(_scope(started))
    for part in snapshot.parts:
        of = f" from {part.source}" if part.source else ""
        done = "collected" if was_read(snapshot, part) else "tried, and not read,"
        yield Line(f"{part.part} {done} {part.collected:%Y-%m-%d %H:%M} UTC on {part.host} by {part.user}{of}", "dim")
    yield from (Line(notice, "bold yellow") for notice in notices(snapshot, started.phase))
    if policy := snapshot.estate.policy:
        yield Line(f"policy of the estate file: Cassandra {', '.join(policy.cassandra or ())} ({policy.reason})", "yellow")
    if started.selection:
        yield Line(f"selection: {'; '.join(started.selection)}", "yellow")


def _scope(started: RunStarted) -> str:
    snapshot = started.estate.snapshot
    try:
        scope = started.estate.scope
    except FactUnknownError:
        unknown = isinstance(snapshot.configuration, Unknown)
        return "the configuration could not be read" if unknown else "the configuration was not collected"
    text = f"{snapshot.estate_path}: {len(scope.applications)} ORS applications in scope"
    if scope.excluded:
        reasons = ", ".join(f"{item.name}: {item.reason}" for item in scope.excluded)
        text += f", {len(scope.excluded)} excluded ({reasons})"
    return text + (f", {len(scope.disabled)} disabled ({', '.join(scope.disabled)})" if scope.disabled else "")


def steps(results: Sequence[Result]) -> Iterator[Text]:
    """A row for each step that was planned, in columns."""
    for step in steps_of(results):
        word, style = _word(step)
        counted = [f"{step.count(outcome)} {WORDS[outcome][0].lower()}" for outcome in Outcome if step.count(outcome)]
        if step.advice:
            counted.append(f"{step.advice} advice")
        row = Text(f"{step.number:>4}  {step.title:<26}")
        row.append(f"{word:<16}", style=style)
        row.append(", ".join(counted), style="dim")
        yield row


def _word(step: StepState) -> tuple[str, str]:
    """The word and style for the state of a step; a failed warning does not read as a failure."""
    return _WARNING if step.state is Outcome.FAIL and step.severity == "warning" else WORDS[step.state]


def left(started: RunStarted) -> Iterator[Line]:
    """What the tests left behind; never shortened, since nobody else ends it."""
    found = left_behind(started.estate.snapshot)
    if found:
        yield from heading("Left behind by the tests, to be done by hand", "bold red")
    for sentence in found:
        yield Line(sentence, indent=2)
