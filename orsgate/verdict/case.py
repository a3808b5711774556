# SPDX-License-Identifier: Apache-2.0
"""A case: one scenario while its steps run, from its preconditions to the judgement it hands over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Concatenate, ParamSpec

from orsgate.estate.estate import Estate, FactUnknownError
from orsgate.estate.judgement import Condition, Gap, Judgement, not_applicable
from orsgate.estate.knowledge import Unknown

P = ParamSpec("P")


@dataclass(slots=True)
class Case:
    """What the steps of one scenario share; it ends with exactly one judgement or is an error."""

    estate: Estate
    judgements: list[Judgement] = field(default_factory=list)
    _missed: Judgement | None = None

    def require(self, condition: Callable[[Estate], Condition]) -> None:
        """Apply the requirement only where ``condition`` holds; an unknown precondition blocks it."""
        if self._missed is not None:
            return
        try:
            found = condition(self.estate)
        except FactUnknownError as error:
            found = Condition(error.unknown)
        if isinstance(found.holds, Unknown):
            self._missed = Judgement(gaps=(Gap("precondition", found.holds),))
        elif not found.holds:
            self._missed = not_applicable(found.reason, found.basis)

    def judge(self, rule: Callable[Concatenate[Estate, P], Judgement], *args: P.args, **kwargs: P.kwargs) -> None:
        """Judge the estate by ``rule`` and hand the judgement over."""
        if self._missed is not None:
            self.judgements.append(self._missed)
            return
        try:
            judgement = rule(self.estate, *args, **kwargs)
        except FactUnknownError as error:
            judgement = Judgement(gaps=(Gap(error.subject, error.unknown),))
        self.judgements.append(judgement)
