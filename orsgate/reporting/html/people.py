# SPDX-License-Identifier: Apache-2.0
"""What rests on persons: waivers with who accepts them and until when, and what was attested or has to be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from orsgate.estate.judgement import Outcome
from orsgate.estate.snapshot import Snapshot
from orsgate.reporting.html import marks, model
from orsgate.reporting.html.requirements import reason, reference
from orsgate.reporting.text import utc
from orsgate.verdict.result import Result

ATTESTED = marks.Mark("✓", "attested", "pass")
NOT_COUNTED = marks.Mark("✗", "attested, and does not count", "fail")


def moment(label: str, time: datetime) -> model.Fact:
    """A time in a form for persons and one for machines."""
    return model.Fact(label, readable(utc(time)), utc(time))


def readable(time: str) -> str:
    """A time of results.json as a person reads it: ``2026-01-31 02:00:00 UTC``."""
    return time.replace("T", " ").replace("Z", " UTC")


def waivers(entries: Iterable[Mapping[str, Any]]) -> tuple[model.Waiver, ...]:
    """The ``waivers`` of results.json; whatever an entry does not say is empty."""
    return tuple(
        model.Waiver(
            *(_text(entry.get(key)) for key in ("requirement", "outcome", "subject", "reason", "approver", "risk", "ticket")),
            *(model.Fact("", readable(_text(entry.get(key))), _text(entry.get(key))) for key in ("from", "until")),
        )
        for entry in entries
    )


def _text(value: Any) -> str:
    """A value of an entry in words; of several, all of them."""
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def statements(snapshot: Snapshot, results: Sequence[Result]) -> Iterator[model.Statement]:
    """What has to be attested and nobody has, then what somebody attested."""
    by_id = {result.id: result for result in results}
    for result in results:
        if result.outcome is Outcome.MANUAL:
            yield model.Statement(marks.MARKS[Outcome.MANUAL], reference(result), reason(result))
    for found in snapshot.attestations:
        if (attested := by_id.get(found.requirement)) is not None:
            counts = not found.problem and attested.outcome is Outcome.PASS
            yield model.Statement(
                mark=ATTESTED if counts else NOT_COUNTED,
                reference=reference(attested),
                text=f"{found.statement} ({found.problem})" if found.problem else found.statement,
                by=found.by,
                at=moment("", found.at),
                until=moment("", found.until),
                evidence=found.evidence,
            )
