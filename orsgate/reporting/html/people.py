# SPDX-License-Identifier: Apache-2.0
"""What rests on persons: waivers with who accepts them and until when, and what was attested or has to be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from orsgate.estate.judgement import Outcome
from orsgate.estate.snapshot import Snapshot
from orsgate.reporting.html import marks, model
from orsgate.reporting.html.requirements import reason, reference
from orsgate.reporting.text import readable, utc
from orsgate.verdict.result import Result
from orsgate.verdict.waiver import Standing, WaiverUse

ATTESTED = marks.Mark("✓", "attested", "pass")
APPLIED = marks.Mark("≈", "accepted", "warn")
IDLE = marks.Mark("○", "does not apply", "none")
NOT_COUNTED = marks.Mark("✗", "attested, and does not count", "fail")


def moment(label: str, time: datetime) -> model.Fact:
    """A time in a form for persons and one for machines."""
    return model.Fact(label, readable(time), utc(time))


def waivers(uses: Iterable[WaiverUse]) -> tuple[model.Waiver, ...]:
    """Every waiver that was given: what it covers, who accepts it, until when, and what became of it."""
    return tuple(
        model.Waiver(
            mark=APPLIED if use.standing is Standing.APPLIED else IDLE,
            problem=use.problem,
            requirement=use.waiver.requirement,
            outcome=use.waiver.outcome.value,
            subject=use.waiver.subject,
            reason=use.waiver.reason,
            approver=use.waiver.approver,
            risk=use.waiver.risk,
            ticket=use.waiver.ticket,
            since=moment("", use.waiver.begins),
            until=moment("", use.waiver.until),
            where=use.waiver.where,
        )
        for use in uses
    )


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
