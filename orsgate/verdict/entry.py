# SPDX-License-Identifier: Apache-2.0
"""One planned requirement while a run goes on: the scenarios that carry its id, and whether they are as they have to be."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from orsgate.estate.judgement import Judgement, Outcome
from orsgate.rules.catalogue import catalogue
from orsgate.verdict.description import Description, DescriptionError, parse_description
from orsgate.verdict.result import Planned, Result


@dataclass(frozen=True, slots=True)
class ScenarioSeen:
    """A scenario that the harness collected.

    Attributes:
        where: ``feature file:line``.
        steps: as written, one a line.
    """

    name: str
    tags: frozenset[str]
    description: str
    where: str
    steps: tuple[str, ...]


@dataclass(slots=True)
class Entry:
    """What a run knows of a requirement so far.

    Attributes:
        scenarios: that carry its id; exactly one where all is well.
        result: None until it is answered.
        deselected: why it is left out; empty where it is not.
    """

    planned: Planned
    scenarios: list[ScenarioSeen] = field(default_factory=list)
    result: Result | None = None
    deselected: str = ""

    @property
    def fault(self) -> str:
        """What is wrong with its scenarios; empty where there is exactly one, and it is as catalogued."""
        if not self.scenarios:
            return "no scenario carries this id"
        if len(self.scenarios) > 1:
            return f"{len(self.scenarios)} scenarios carry this id: {', '.join(seen.where for seen in self.scenarios)}"
        scenario = self.scenarios[0]
        expected = catalogue()[self.planned.id].tags if self.planned.origin == "core" else scenario.tags
        if scenario.tags != expected:
            wrong = ", ".join(f"@{tag}" for tag in sorted(scenario.tags ^ expected))
            return f"the tags of {scenario.where} are not those of the catalogue: {wrong}"
        try:
            parse_description(scenario.description)
        except DescriptionError as error:
            return f"the description of {scenario.where} is not whole: {error}"
        return ""

    def judged(self, judgement: Judgement, duration_ms: float) -> Result:
        """The result that a judgement gives.

        Args:
            judgement: what the scenario handed over.
            duration_ms: how long it took, milliseconds.
        """
        made = self.plain(judgement.outcome, judgement.reason, judgement.causes, duration_ms)
        return replace(made, judgement=judgement)

    def plain(self, outcome: Outcome, reason: str, causes: tuple[str, ...] = (), duration_ms: float = 0.0) -> Result:
        """A result without a judgement: left out, or broken."""
        planned, description, steps = self._described()
        return Result(
            planned, outcome, reason, description.why, description.fix, description.source,
            causes=causes, gherkin=steps, duration_ms=duration_ms,
        )  # fmt: skip

    def error(self, reason: str, duration_ms: float = 0.0) -> Result:
        """The result of what broke."""
        return self.plain(Outcome.ERROR, reason, (reason,), duration_ms)

    def _described(self) -> tuple[Planned, Description, tuple[str, ...]]:
        """The requirement with the title, description and steps of its scenario, as far as there is one to read."""
        if not self.scenarios:
            return self.planned, Description(), ()
        scenario = self.scenarios[0]
        try:
            description = parse_description(scenario.description)
        except DescriptionError:
            description = Description()
        return replace(self.planned, title=scenario.name), description, scenario.steps
