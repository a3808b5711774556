# SPDX-License-Identifier: Apache-2.0
"""What rests on persons: waivers with who accepts them and until when, and what was attested or has to be."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime

from orsgate.estate.estate import Estate
from orsgate.estate.judgement import Outcome
from orsgate.reporting.html import marks, model
from orsgate.reporting.html.requirements import reason, reference
from orsgate.reporting.text import readable, utc
from orsgate.rules.attestations import why_not
from orsgate.verdict.result import Result
from orsgate.verdict.waiver import Standing, WaiverUse

ATTESTED = marks.Mark("✓", "attested", "pass")
APPLIED = marks.Mark("≈", "accepted", "warn")
IDLE = marks.Mark("○", "does not apply", "none")
NOT_COUNTED = marks.Mark("✗", "attested, and does not count", "fail")


def moment(label: str, time: datetime) -> model.Fact:
    """A time in a form for persons and one for machines."""
    return model.Fact(label, readable(time), utc(time))


def exceptions(results: Iterable[Result], deciding: Collection[str]) -> Iterator[model.Accepted]:
    """The waived requirements of severities that decide the verdict."""
    for result in results:
        if result.outcome is Outcome.WAIVED and result.planned.severity in deciding:
            by = tuple(dict.fromkeys(waiver.approver for waiver in result.waivers))
            ends = moment("", min(waiver.until for waiver in result.waivers))
            yield model.Accepted(marks.MARKS[result.original_outcome], reference(result), by, ends)


def waivers(uses: Iterable[WaiverUse], results: Iterable[Result], deciding: Collection[str]) -> tuple[model.Waiver, ...]:
    """Every waiver that was given: what it covers, who accepts it, until when, and what became of it.

    Those for what decides the verdict come first.
    """
    by_id = {result.id: reference(result) for result in results}

    def minor(use: WaiverUse) -> bool:
        found = by_id.get(use.waiver.requirement)
        return found is None or found.severity not in deciding

    return tuple(
        model.Waiver(
            reference=by_id.get(use.waiver.requirement),
            mark=APPLIED if use.standing is Standing.APPLIED else IDLE,
            problem=use.problem,
            requirement=use.waiver.requirement,
            outcome=marks.MARKS[use.waiver.outcome].word,
            subject=use.waiver.subject,
            reason=use.waiver.reason,
            approver=use.waiver.approver,
            risk=use.waiver.risk,
            ticket=use.waiver.ticket,
            since=moment("", use.waiver.begins),
            until=moment("", use.waiver.until),
            where=use.waiver.where,
        )
        for use in sorted(uses, key=minor)
    )


def statements(estate: Estate, results: Sequence[Result]) -> Iterator[model.Statement]:
    """What has to be attested and nobody has, then what somebody attested, with why it does not count where it does not."""
    by_id = {result.id: result for result in results}
    attempted = {found.requirement for found in estate.snapshot.attestations}
    for result in results:
        if result.outcome is Outcome.MANUAL and result.id not in attempted:
            yield model.Statement(marks.MARKS[Outcome.MANUAL], reference(result), reason(result))
    for found in estate.snapshot.attestations:
        if (attested := by_id.get(found.requirement)) is not None:
            against = why_not(estate, found)
            counts = not against and attested.outcome is Outcome.PASS
            yield model.Statement(
                mark=ATTESTED if counts else NOT_COUNTED,
                reference=reference(attested),
                text=f"{found.statement} (attest anew: {against})" if against else found.statement,
                by=found.by,
                at=moment("", found.at),
                until=moment("", found.until),
                evidence=found.evidence,
            )
