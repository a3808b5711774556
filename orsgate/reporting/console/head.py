# SPDX-License-Identifier: Apache-2.0
"""The beginning of the console report: what was asked of which facts, the ten steps, and what the tests left behind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.text import Text

from orsgate.estate.estate import FactUnknownError
from orsgate.estate.knowledge import Unknown
from orsgate.reporting.console.line import Line, heading, loud
from orsgate.reporting.grouping import (
    QUESTIONS,
    left_behind,
    plan_notice,
    reservation,
    stand_ins,
    steps_of,
    was_read,
)
from orsgate.reporting.html.marks import COUNTED, counted, mark_of_step
from orsgate.reporting.text import readable
from orsgate.verdict.events import RunStarted
from orsgate.verdict.result import Result

_WIDEST = max(len(mark.word) for mark in COUNTED)
"""Characters of the longest word for the state of a step."""


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
        yield Line(f"{part.part} {done} {readable(part.collected)} on {part.host} by {part.user}{of}", "dim")
    for notice in filter(None, (plan_notice(snapshot), reservation(snapshot, started.phase))):
        yield Line(notice, "bold yellow")
    for stand_in in stand_ins(snapshot, started.phase):
        yield Line(f"measured against a stand-in: {stand_in}", "bold yellow")
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
        word = loud(mark_of_step(step))
        word.pad_right(_WIDEST + 2 - len(word))
        yield Text.assemble(f"{step.number:>4}  {step.title:<26}", word, (counted(step), "dim"))


def left(started: RunStarted) -> Iterator[Line]:
    """What the tests left behind; never shortened, since nobody else ends it."""
    found = left_behind(started.estate.snapshot)
    if found:
        yield from heading("Left behind by the tests, to be done by hand", "bold red")
    for sentence in found:
        yield Line(sentence, indent=2)
