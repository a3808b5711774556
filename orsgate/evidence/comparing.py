# SPDX-License-Identifier: Apache-2.0
"""Compares two sides, and says of each difference whether it is planned."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from orsgate import __version__
from orsgate.estate.estate import Estate
from orsgate.estate.items import Aspect
from orsgate.estate.schema import EstateFile
from orsgate.estate.snapshot import SCHEMA, Snapshot
from orsgate.evidence.sides import Side
from orsgate.reporting.comparison.model import ComparedSide, Comparison
from orsgate.rules.classify import classify
from orsgate.rules.compared import compare_configurations

NO_ESTATE = "no estate file"
"""The name of an estate of which no side says anything but its configuration."""


def comparison_of(before: Side, after: Side, names: Snapshot | None = None, *, identical: bool = False) -> Comparison:
    """Compare two sides.

    What is planned depends on the decisions, the scope and the planned changes of an estate file: that of the side that is
    looked at, else ``names``, else that of the other side.

    Args:
        before: the side that is compared with.
        after: the side that is looked at.
        names: a snapshot of an estate file that a person named besides.
        identical: whether any difference counts.
    """
    aspects: frozenset[Aspect] | None = None
    if before.aspects is not None or after.aspects is not None:
        aspects = frozenset.intersection(*(each.aspects for each in (before, after) if each.aspects is not None))
    same_key = before.key is after.key
    found = compare_configurations(before.configuration, after.configuration, aspects, same_key=same_key)
    facts = after.facts or names or before.facts or _nothing_known()
    # The ring that one side knows is better than none: what step 7 asks for depends on its data centers.
    ring = after.ring or before.ring
    estate = Estate(replace(facts, configuration=after.configuration, cassandra=ring), "readiness")
    result = classify(before.configuration, before.ring, estate, found.found)
    return Comparison(
        before=ComparedSide(before.called, before.read, before.stand_ins),
        after=ComparedSide(after.called, after.read, after.stand_ins),
        estate=facts.estate.estate.name,
        classified=result.classified,
        not_compared=found.not_compared,
        options_only=aspects is not None,
        identical=identical,
        unused=result.unused,
    )


def _nothing_known() -> Snapshot:
    """A snapshot for sides that no estate file belongs to: from 8.1.2 to 8.1.4, everything in scope, nothing decided."""
    estate = {"name": NO_ESTATE, "from_release": "8.1.2", "to_release": "8.1.4"}
    return Snapshot(
        schema=SCHEMA, tool=f"orsgate {__version__}", estate=EstateFile.model_validate({"estate": estate}), estate_path="",
        estate_lines={}, started=datetime.now(UTC), parts=(), configuration=None, cassandra=None,
    )  # fmt: skip
