# SPDX-License-Identifier: Apache-2.0
"""The ten steps with their state, and the counts with what they count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from orsgate.estate.judgement import Outcome
from orsgate.reporting import grouping
from orsgate.reporting.html import marks, model, requirements
from orsgate.rules.catalogue import STEPS
from orsgate.verdict.result import Result


def steps(results: Sequence[Result]) -> Iterator[model.Step]:
    """All ten steps, each with its state and how many of its requirements ended how."""
    planned = {step.number: step for step in grouping.steps_of(results)}
    for number, title in STEPS.items():
        step = planned.get(number)
        if step is None:
            yield model.Step(number, title, marks.UNPLANNED, "", planned=False)
            continue
        found = Counter(map(requirements.mark, step.results))
        mark = marks.MARKS[step.state]
        if step.state is Outcome.FAIL and not found[mark]:
            mark = marks.WARNING
        if step.state is Outcome.PASS and found[marks.DECLARED]:
            mark = marks.DECLARED
        counted = ", ".join(f"{found[each]} {each.word}" for each in marks.COUNTED if found[each])
        if set(found) == {mark}:
            counted = f"all {len(step.results)}"
        yield model.Step(step.number, title, mark, counted, planned=True)


def counts(results: Sequence[Result]) -> Iterator[model.Count]:
    """How many requirements ended alike; warnings and advice are never counted with the blockers that failed."""
    found = Counter(map(requirements.mark, results))
    for mark in marks.COUNTED:
        yield model.Count(mark, requirements.anchor(mark), found[mark])
