# SPDX-License-Identifier: Apache-2.0
"""ORS-1001, 1002 and 1009: one of each pair serves HTTP, and the other one runs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from orsgate.estate.deployment import Deployment
from orsgate.estate.estate import Estate, FactUnknownError
from orsgate.estate.judgement import Outcome
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.rules import serving
from tests import make
from tests.deployments import changed, command, failed_over, refusal, response, served, silence, site

ANSWERS: dict[str, Any] = {
    "answers": lambda url: response(url, "GET /ors/help", 404),
    "page": lambda url: response(url, "GET /ors/help", 500, body="<html>"),
    "refuses": refusal,
    "silent": silence,
    "unreachable": lambda url: silence(url, Failure.UNREACHABLE),
}


def pair(primary: str, backup: str) -> Estate:
    return changed(site(), served("ORS_1", ANSWERS[primary]), served("ORS_1_B", ANSWERS[backup]))


@pytest.mark.parametrize(
    ("primary", "backup", "one", "not_both"),
    [
        ("answers", "refuses", Outcome.PASS, Outcome.PASS), ("page", "refuses", Outcome.PASS, Outcome.PASS),
        ("refuses", "answers", Outcome.PASS, Outcome.PASS), ("answers", "silent", Outcome.PASS, Outcome.BLOCKED),
        ("silent", "answers", Outcome.PASS, Outcome.BLOCKED), ("answers", "answers", Outcome.PASS, Outcome.FAIL),
        ("answers", "page", Outcome.PASS, Outcome.FAIL), ("refuses", "refuses", Outcome.FAIL, Outcome.PASS),
        ("refuses", "silent", Outcome.BLOCKED, Outcome.PASS), ("silent", "silent", Outcome.BLOCKED, Outcome.BLOCKED),
        ("unreachable", "refuses", Outcome.BLOCKED, Outcome.PASS),
    ],
)  # fmt: skip
def test_a_refusal_is_evidence_and_silence_is_not(primary, backup, one, not_both):
    estate = pair(primary, backup)
    assert serving.one_answers(estate).outcome is one
    assert serving.not_both_answer(estate).outcome is not_both


def test_a_pair_that_is_switched_over_is_a_note():
    assert serving.one_answers(pair("refuses", "answers")).notes == (
        "the pair ORS_1 / ORS_1_B is switched over: the Backup ORS_1_B serves",
    )
    assert serving.one_answers(site()).notes == ()


def test_a_primary_without_a_backup_must_serve_too():
    alone = (make.ors("ORS_1", version="8.1.400.27"), *make.SERVERS)
    estate = site(applications=alone, clusters=())
    assert serving.one_answers(estate).outcome is Outcome.PASS
    assert serving.not_both_answer(estate).outcome is Outcome.NOT_APPLICABLE
    [violation] = serving.one_answers(changed(estate, served("ORS_1", refusal))).violations
    assert violation.subject == "ORS_1"


def test_who_may_have_a_backup_that_is_not_known_is_not_known_to_be_down():
    applications = make.changed(site().configuration.applications, "ORS_1", backup=Unknown("not told"))
    estate = changed(site(applications=applications), served("ORS_1", refusal))
    assert serving.one_answers(estate).outcome is Outcome.BLOCKED


@pytest.mark.parametrize(
    ("entry", "cause"),
    [({"http": False}, "http = false says that ORS_1 serves no HTTP"), ({}, "the HTTP address of ORS_1 is not known")],
)
def test_an_address_that_is_missing_says_what_to_write(entry, cause):
    estate = changed(
        site(file={"application": [{"name": "ORS_1", **entry}]}),
        served("ORS_1", silence, url=""), served("ORS_1_B", refusal),
    )  # fmt: skip
    judgement = serving.one_answers(estate)
    assert judgement.outcome is Outcome.BLOCKED
    assert cause in judgement.reason
    assert 'write http = "http://host:port" into its [[application]]' in judgement.reason


def test_a_deployment_that_was_not_collected_names_its_part():
    with pytest.raises(FactUnknownError, match="collect the part http"):
        serving.one_answers(changed(site(), deployment=None))


def test_what_an_earlier_run_left_behind_is_told():
    def remark(found: Deployment) -> Deployment:
        return replace(found, remarks=("a session was ended",))

    assert serving.one_answers(changed(site(), remark)).notes == ("a session was ended",)


def statuses(*codes: tuple[str, Any]) -> Any:
    return lambda found: replace(found, statuses=tuple(command(name, "status", code, "said") for name, code in codes))


def test_a_status_command_decides_whatever_else_is_seen():
    judgement = serving.every_backup_runs(changed(site(), statuses(("ORS_1_B", 0), ("ORS_2_B", 3))))
    [violation] = judgement.violations
    assert violation.subject == "ORS_2_B"
    assert violation.found == "the status command ended with 3: said"
    unknown = changed(site(), statuses(("ORS_1_B", 0), ("ORS_2_B", Unknown("it did not end"))))
    assert serving.every_backup_runs(unknown).outcome is Outcome.BLOCKED


def test_a_backup_that_nobody_saw_is_named_for_a_person():
    estate = changed(site(), statuses(("ORS_1_B", 0)), lambda found: replace(found, failovers=None))
    judgement = serving.every_backup_runs(estate)
    assert judgement.outcome is Outcome.MANUAL
    assert "attest it: ORS_2_B;" in judgement.reason


def test_a_takeover_shows_that_a_backup_runs_and_a_failed_one_does_not():
    estate = changed(site(), statuses())
    assert serving.every_backup_runs(estate).outcome is Outcome.PASS
    stopped = changed(estate, failed_over("ORS_1", stop=command("ORS_1_B", "stop")))
    assert serving.every_backup_runs(stopped).outcome is Outcome.MANUAL
    failed = changed(estate, failed_over("ORS_2", serves_after=Unknown("refused", failure=Failure.REFUSED)))
    assert serving.every_backup_runs(failed).outcome is Outcome.MANUAL


def test_of_a_pair_that_is_switched_over_the_primary_is_the_one_nobody_saw():
    judgement = serving.every_backup_runs(pair("refuses", "answers"))
    assert judgement.outcome is Outcome.PASS
    assert judgement.notes == ("the pair ORS_1 / ORS_1_B is switched over, and nothing shows that ORS_1 runs",)
