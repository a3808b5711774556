# SPDX-License-Identifier: Apache-2.0
"""The ten steps with their state, and the counts with what they count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

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
        yield model.Step(step.number, title, marks.mark_of_step(step), marks.counted(step), planned=True)


def counts(results: Sequence[Result]) -> Iterator[model.Count]:
    """How many requirements ended alike; warnings and advice are never counted with the blockers that failed."""
    found = Counter(map(marks.mark_of, results))
    for mark in marks.COUNTED:
        yield model.Count(mark, requirements.anchor(mark), found[mark])
