# SPDX-License-Identifier: Apache-2.0
"""A comparison as JSON (``orsgate/comparison/1``)."""

from __future__ import annotations

import json
from typing import Any

from orsgate import __version__
from orsgate.estate.items import Value
from orsgate.reporting.comparison.model import ComparedSide, Comparison
from orsgate.reporting.text import utc
from orsgate.rules.compared import DECIDES
from orsgate.rules.planned import Classified, Sort

SCHEMA = "orsgate/comparison/1"
_PLANNED = {Sort.PLANNED: True, Sort.INSTALLATION: True, Sort.UNPLANNED: False}


def document_of(comparison: Comparison) -> bytes:
    """The comparison as JSON in ASCII.

    ``planned`` of a difference is true, false, or null for a note, for what is outside the scope, and for what is not known;
    ``class`` says which. The text of a secret says that it is one, and no more.
    """
    said: dict[str, Any] = {
        "schema": SCHEMA,
        "tool": f"orsgate {__version__}",
        "estate": comparison.estate,
        "a": _side(comparison.before),
        "b": _side(comparison.after),
        "options_only": comparison.options_only,
        "identical_wanted": comparison.identical,
        "sentence": comparison.sentence,
        "counts": {
            "differences": len(comparison.classified),
            **{sort.value.replace(" ", "_"): comparison.counts[sort] for sort in Sort},
            "not_compared": len(comparison.not_compared),
        },
        "differences": [_difference(each) for each in comparison.classified],
        "unknown": [
            {
                "object": each.object, "aspect": each.aspect.value, "item": each.item, "cause": each.unknown.cause,
                "where": each.unknown.where, "decides": comparison.identical or each.aspect in DECIDES,
            }
            for each in comparison.not_compared
        ],
        "unused_planned_changes": list(comparison.unused),
    }  # fmt: skip
    return (json.dumps(said, ensure_ascii=True, indent=1) + "\n").encode()


def _side(side: ComparedSide) -> dict[str, Any]:
    return {"called": side.called, "read": utc(side.read) if side.read else None, "stand_ins": list(side.stand_ins)}


def _difference(each: Classified) -> dict[str, Any]:
    difference, key = each.difference, each.key
    return {
        "object": key.object,
        "aspect": key.aspect.value,
        "item": key.name,
        "before": _text(difference.before),
        "after": _text(difference.after),
        "sort": difference.sort,
        "planned": _PLANNED.get(each.of.sort),
        "class": each.of.sort.value,
        "asked_by": each.of.asked_by,
        "why": each.of.why,
        "where": difference.where,
    }


def _text(value: Value | None) -> str | None:
    """As every report shows it; of a secret nothing but that it is one."""
    return None if value is None else value.text
