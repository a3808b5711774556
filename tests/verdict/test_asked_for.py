# SPDX-License-Identifier: Apache-2.0
"""Active and disruptive requirements that nobody asked for are skipped, which is no selection and no GO."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest
from rich.console import Console

from orsgate.estate.deployment import Deployment
from orsgate.estate.judgement import Gap, Judgement, Outcome, not_applicable
from orsgate.estate.knowledge import Unknown
from orsgate.reporting.console import ConsoleReporter
from orsgate.rules.catalogue import catalogue
from orsgate.verdict.verdict import VerdictName
from tests.deployments import changed, site
from tests.reporting import runs

NOT_KNOWN = Judgement(gaps=(Gap("sessions", Unknown("no session was started")),))


def without(judged: dict[str, Judgement] | None = None, **fields: Any) -> Any:
    def alter(found: Deployment) -> Deployment:
        return replace(found, **fields)

    return runs.run(judged or {}, changed(site(), alter))[1]


def ids(mode: str) -> set[str]:
    return {requirement.id for requirement in catalogue().values() if requirement.mode == mode}


@pytest.mark.parametrize(
    ("fields", "mode", "reason"),
    [
        ({"sessions": None}, "active", "not asked for: --active"),
        ({"failovers": None}, "disruptive", "not asked for: --disruptive"),
    ],
)
def test_what_was_not_asked_for_is_skipped_even_where_it_would_pass(fields, mode, reason):
    finished = without(**fields)
    skipped = {result.id: result.reason for result in finished.results if result.outcome is Outcome.SKIPPED}
    assert skipped == dict.fromkeys(ids(mode), reason)
    assert finished.verdict.name is VerdictName.INCONCLUSIVE
    assert "selection" not in finished.verdict.sentence
    assert "skipped" in finished.verdict.sentence


def test_what_does_not_apply_does_not_whatever_was_asked_for():
    judged = {"ORS-1006": not_applicable("one node only"), "ORS-1003": NOT_KNOWN}
    outcomes = {result.id: result.outcome for result in without(judged, sessions=None).results}
    assert outcomes["ORS-1006"] is Outcome.NOT_APPLICABLE
    assert outcomes["ORS-1003"] is Outcome.SKIPPED


def test_a_failure_and_an_error_stand():
    judged = {"ORS-1003": runs.FAIL, "ORS-1004": Judgement()}
    outcomes = {result.id: result.outcome for result in without(judged, sessions=None).results}
    assert (outcomes["ORS-1003"], outcomes["ORS-1004"]) == (Outcome.FAIL, Outcome.ERROR)


def test_what_was_asked_for_and_not_had_is_blocked():
    failed = without({"ORS-1003": NOT_KNOWN}, sessions=Unknown("the address is in use"))
    nothing = runs.run({"ORS-1003": NOT_KNOWN}, changed(site(), deployment=None))[1]
    for finished in (failed, nothing):
        [result] = [result for result in finished.results if result.id == "ORS-1003"]
        assert result.outcome is Outcome.BLOCKED


def test_an_attestation_is_looked_at_for_what_is_manual():
    manual = Judgement(("ORS_1",), manual="see it")
    finished = without({"ORS-1008": manual, "ORS-1009": manual})
    outcomes = {result.id: result.outcome for result in finished.results}
    assert outcomes["ORS-1008"] is Outcome.PASS
    assert outcomes["ORS-1009"] is Outcome.MANUAL


def test_the_console_names_what_was_not_asked_for():
    def alter(found: Deployment) -> Deployment:
        return replace(found, failovers=None)

    stream = io.StringIO()
    reporter = ConsoleReporter(console=Console(file=stream, width=200))
    for event in runs.run({}, changed(site(), alter)):
        reporter.handle(event)
    assert "skipped: not asked for: --disruptive\n    ORS-1007\n" in stream.getvalue()
