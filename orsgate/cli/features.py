# SPDX-License-Identifier: Apache-2.0
"""The requirements as their feature files tell them, joined with the catalogue, for ``list`` and ``explain``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from orsgate.home import harness_directory
from orsgate.rules.catalogue import Requirement, catalogue
from orsgate.verdict.description import Description, parse_description


@dataclass(frozen=True, slots=True)
class Told:
    """A requirement of the catalogue and what its scenario says."""

    requirement: Requirement
    title: str
    description: Description
    steps: tuple[str, ...]


def requirements() -> list[Told]:
    """Every requirement of the catalogue that has a scenario, in id order."""
    from pytest_bdd.feature import get_feature

    features = harness_directory() / "features"
    told = {}
    for path in sorted(features.glob("*.feature")):
        for scenario in get_feature(str(features), path.name).scenarios.values():
            for name in scenario.tags & catalogue().keys():
                steps = tuple(f"{step.keyword} {step.name}" for step in scenario.steps)
                told[name] = Told(catalogue()[name], scenario.name, parse_description(scenario.description or ""), steps)
    return [told[name] for name in sorted(told)]


def phases(requirement: Requirement) -> str:
    """Its phases, and how it is tried where that is more than reading."""
    mode = "" if requirement.mode == "passive" else f"; {requirement.mode}"
    return " and ".join(requirement.phases) + mode


def extra_explanation(requirement_id: str) -> Iterator[str]:
    """What ``explain`` adds for a requirement beyond its scenario."""
    if requirement_id != "ORS-0501":
        return
    from orsgate.rules.policy import policy_table

    yield ""
    yield "Which Cassandra releases are supported:"
    for row in policy_table():
        yield f"  {row}"
