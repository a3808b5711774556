# SPDX-License-Identifier: Apache-2.0
"""How reports word waivers: what was accepted by whom until when, and which ones bend nothing."""

from __future__ import annotations

from collections.abc import Sequence

from orsgate.reporting.bounded import left_out, shortened
from orsgate.reporting.text import utc
from orsgate.verdict.result import Result
from orsgate.verdict.waiver import Standing, Waiver, WaiverUse

MOST_WAIVERS = 20
"""Waivers of one requirement that are shown; results.json has them all."""


def accepted(waiver: Waiver) -> str:
    """What a waiver accepts, as a sentence."""
    return (
        f"{waiver.outcome} of {waiver.subject} accepted by {waiver.approver} until {utc(waiver.until)} ({waiver.ticket}): "
        f"{waiver.reason}; risk: {waiver.risk}"
    )


def accepted_first(waivers: Sequence[Waiver], most: int = MOST_WAIVERS) -> list[str]:
    """What the first of many waivers accept, and how many more there are."""
    found = [accepted(waiver) for waiver in waivers[:most]]
    rest = len(waivers) - len(found)
    return [*found, left_out(rest, "waiver")] if rest else found


def waived_lines(result: Result) -> list[str]:
    """The same of the waivers that cover a result, as the reports in lines give them: ``waived: ...``."""
    return [f"waived: {shortened(sentence)}" for sentence in accepted_first(result.waivers)]


def without_effect(uses: Sequence[WaiverUse]) -> list[WaiverUse]:
    """The waivers that bend nothing although this run judges what they are for."""
    return [use for use in uses if use.standing not in {Standing.APPLIED, Standing.NOT_JUDGED}]


def elsewhere(uses: Sequence[WaiverUse]) -> list[WaiverUse]:
    """The waivers for what this run does not judge."""
    return [use for use in uses if use.standing is Standing.NOT_JUDGED]


def problem(use: WaiverUse) -> str:
    """Why a waiver does not apply, as a sentence that names it."""
    waiver = use.waiver
    return f"the waiver {waiver.where} of {waiver.approver} does not apply ({waiver.subject}): {use.problem}"
