# SPDX-License-Identifier: Apache-2.0
"""The appendix: each sentence of the procedure, the requirements that judge it, and what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from orsgate.reporting.html import marks, model
from orsgate.reporting.html.marks import mark_of
from orsgate.reporting.html.requirements import reference
from orsgate.rules.catalogue import STEPS
from orsgate.rules.procedure import Sentence, procedure
from orsgate.verdict.result import Result


def trace(results: Sequence[Result]) -> tuple[model.TracedStep, ...]:
    """Every sentence of the procedure by its step; a requirement of another phase is named as such."""
    by_id = {result.id: result for result in results}
    return tuple(
        model.TracedStep(number, STEPS.get(number, ""), tuple(_traced(sentence, by_id) for sentence in sentences))
        for number, sentences in groupby(procedure(), key=lambda sentence: sentence.step)
    )


def _traced(sentence: Sentence, by_id: dict[str, Result]) -> model.Traced:
    outcomes: dict[marks.Mark, list[model.Reference]] = {}
    for requirement in sentence.requirements:
        if (result := by_id.get(requirement)) is not None:
            outcomes.setdefault(mark_of(result), []).append(reference(result))
    return model.Traced(
        text=sentence.text,
        outcomes=tuple((found, tuple(references)) for found, references in outcomes.items()),
        elsewhere=tuple(requirement for requirement in sentence.requirements if requirement not in by_id),
        why=sentence.why,
    )
