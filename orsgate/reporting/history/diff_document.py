# SPDX-License-Identifier: Apache-2.0
"""The difference of two runs as JSON (``orsgate/difference/1``)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from orsgate import __version__
from orsgate.reporting.history.difference import Change, Compared, Difference
from orsgate.reporting.history.stored import StoredEvidence, StoredResult, StoredRun, StoredViolation
from orsgate.reporting.json_text import json_text
from orsgate.reporting.text import utc

SCHEMA = "orsgate/difference/1"


def document_of(compared: Compared, names: tuple[str, str]) -> Iterator[str]:
    """The difference as JSON in ASCII, piece by piece, one requirement a line.

    Every requirement of either side is in it once, those in which nothing differs too (``changed`` is false).

    Args:
        compared: what was found.
        names: how A and B are called.
    """
    head: dict[str, Any] = {
        "schema": SCHEMA,
        "tool": f"orsgate {__version__}",
        "estate": compared.b.estate.name,
        "phase": compared.b.phase,
        "a": _side(compared.a, names[0]),
        "b": _side(compared.b, names[1]),
        "notes": list(compared.notes),
        "sentence": compared.sentence,
        "worse": [each.id for each in compared.worse],
        "requirements_by_change": {change.value: compared.counts[change] for change in Change},
        "violations_by_change": compared.violations,
    }
    return json_text({**head, "requirements": map(_difference, compared.requirements)}.items())


def _side(run: StoredRun, name: str) -> dict[str, Any]:
    return {
        "called": name, "verdict": run.verdict, "verdict_sentence": run.verdict_sentence,
        "exceptions": run.exceptions, "collected": utc(run.collected),
        "finished": utc(run.finished), "version": run.tool.version, "catalogue_sha256": run.tool.catalogue_sha256,
    }  # fmt: skip


def _difference(each: Difference) -> dict[str, Any]:
    shown, found = each.shown, each.violations
    return {
        "id": each.id,
        "title": shown.title,
        "step": shown.step,
        "severity": shown.severity,
        "change": each.change.value,
        "changed": each.changed,
        "worse": each.worse,
        "lapsed": each.lapsed,
        "before": _state(each.before),
        "after": _state(each.after),
        "violations": {
            "fixed": [_violation(violation) for violation in found.fixed],
            "new": [_violation(violation) for violation in found.new],
            "still": [
                {"before": _violation(pair.before), "after": _violation(pair.after), "differs": pair.differs}
                for pair in found.still
            ],
            "unjudged": [{**_violation(lost.violation), "why": lost.why} for lost in found.unjudged],
        },
        "evidence": {"gone": list(map(_seen, each.evidence.gone)), "came": list(map(_seen, each.evidence.came))},
    }


def _state(result: StoredResult | None) -> dict[str, str] | None:
    if result is None:
        return None
    return {"outcome": result.outcome.value, "reason": result.reason, "basis": result.basis.value}


def _violation(violation: StoredViolation) -> dict[str, str]:
    return {
        "subject": violation.subject, "found": violation.found, "expected": violation.expected, "where": violation.where,
        "fix": violation.fix,
    }  # fmt: skip


def _seen(evidence: StoredEvidence) -> dict[str, str]:
    return {"subject": evidence.subject, "text": evidence.text, "where": evidence.where}
