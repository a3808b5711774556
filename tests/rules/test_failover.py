# SPDX-License-Identifier: Apache-2.0
"""ORS-1007: the Backup takes over in time, keeps the session, and the roles at the end are told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from orsgate.estate.deployment import Deployment
from orsgate.estate.estate import Estate, FactUnknownError
from orsgate.estate.judgement import Judgement, Outcome
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.rules.failover import backup_takes_over
from tests import make
from tests.deployments import PAGE, changed, command, failed_over, response, silence, site

BACKUP = "http://host-ors_1_b:7210"
NOT_ENDED = Unknown("it had not ended after 120 s", failure=Failure.TIMEOUT)


def judged(**fields: Any) -> Judgement:
    return backup_takes_over(changed(site(), failed_over("ORS_1", **fields)))


def not_served(failure: Failure) -> Unknown:
    return Unknown(f"ORS_1_B did not serve: {failure}", "host-ors_1_b:7210", failure)


def test_a_healthy_failover_tells_the_seconds():
    judgement = backup_takes_over(site())
    assert judgement.outcome is Outcome.PASS
    assert "ORS_1_B served 3.2 s after ORS_1 was stopped" in [evidence.text for evidence in judgement.evidence]
    assert judgement.notes == ()


@pytest.mark.parametrize(
    ("after", "outcome"),
    [
        (0.0, Outcome.PASS), (60.0, Outcome.PASS), (60.1, Outcome.FAIL), (not_served(Failure.REFUSED), Outcome.FAIL),
        (not_served(Failure.TIMEOUT), Outcome.FAIL), (not_served(Failure.CLOSED), Outcome.FAIL),
        (not_served(Failure.GARBLED), Outcome.FAIL), (not_served(Failure.UNREACHABLE), Outcome.BLOCKED),
        (not_served(Failure.NOT_ASKED), Outcome.BLOCKED), (None, Outcome.BLOCKED),
    ],
)  # fmt: skip
def test_the_backup_serves_in_time(after, outcome):
    kept = response(BACKUP, "GET /x") if isinstance(after, float) else None
    assert judged(serves_after=after, kept=kept).outcome is outcome


@pytest.mark.parametrize(
    ("kept", "outcome"),
    [
        (response(BACKUP, "GET /x"), Outcome.PASS), (response(BACKUP, "GET /x", 404), Outcome.FAIL),
        (response(BACKUP, "GET /x", body=PAGE), Outcome.FAIL), (silence(BACKUP), Outcome.BLOCKED), (None, Outcome.BLOCKED),
    ],
)  # fmt: skip
def test_the_session_is_kept(kept, outcome):
    assert judged(kept=kept).outcome is outcome


def test_without_a_session_that_was_proved_persisted_that_is_a_note():
    judgement = judged(session="", kept=None)
    assert judgement.outcome is Outcome.PASS
    assert judgement.notes == (
        "ORS_1 / ORS_1_B: no session was proved persisted before, so whether sessions are kept was not judged",
    )


@pytest.mark.parametrize("code", [1, NOT_ENDED])
def test_a_stop_command_that_fails_shows_no_failover(code):
    judgement = judged(stop=command("ORS_1", "stop", code), serves_after=None, kept=None)
    assert judgement.outcome is Outcome.BLOCKED
    assert len(judgement.causes) == 1


def test_what_was_not_stopped_is_told_once():
    refused = Unknown("nothing was stopped: it was not agreed to", failure=Failure.NOT_ASKED)
    judgement = judged(stop=command("ORS_1", "stop", refused), serves_after=None, kept=None, start=None, serving=())
    assert judgement.outcome is Outcome.BLOCKED
    assert judgement.causes == (refused.cause,)


def test_a_takeover_counts_whatever_the_stop_command_ended_with():
    judgement = judged(stop=command("ORS_1", "stop", 1, "slow"))
    assert judgement.outcome is Outcome.PASS
    assert judgement.notes == ("ORS_1 / ORS_1_B: the stop command of ORS_1 ended with 1 (slow)",)
    still = Unknown("ORS_1 still answers HTTP", "ssh ors-1 stop", Failure.REJECTED)
    assert judged(stop=command("ORS_1", "stop", 1), serves_after=still, kept=None).outcome is Outcome.BLOCKED


def test_of_a_pair_that_is_switched_over_the_primary_takes_over():
    fields = {"stop": command("ORS_1_B", "stop"), "start": command("ORS_1_B", "start")}
    judgement = judged(**fields)
    assert judgement.outcome is Outcome.PASS
    assert "ORS_1 served 3.2 s after ORS_1_B was stopped" in [evidence.text for evidence in judgement.evidence]
    [violation] = judged(**fields, serves_after=61.0).violations
    assert violation.expected == "ORS_1 serves HTTP within 60 s"


@pytest.mark.parametrize(
    ("start", "serving", "outcome"),
    [
        (command("ORS_1", "start"), ("ORS_1",), Outcome.PASS), (command("ORS_1", "start"), ("ORS_1_B",), Outcome.PASS),
        (command("ORS_1", "start", 1), ("ORS_1",), Outcome.PASS), (command("ORS_1", "start", 1), ("ORS_1_B",), Outcome.BLOCKED),
        (command("ORS_1", "start", NOT_ENDED), ("ORS_1",), Outcome.PASS),
        (command("ORS_1", "start", NOT_ENDED), ("ORS_1_B",), Outcome.BLOCKED), (None, ("ORS_1_B",), Outcome.BLOCKED),
        (command("ORS_1", "start"), (), Outcome.FAIL), (command("ORS_1", "start"), ("ORS_1", "ORS_1_B"), Outcome.FAIL),
        (command("ORS_1", "start"), Unknown("not asked"), Outcome.BLOCKED),
    ],
)  # fmt: skip
def test_the_primary_is_started_again_and_one_serves_at_the_end(start, serving, outcome):
    assert judged(start=start, serving=serving).outcome is outcome


@pytest.mark.parametrize(
    ("code", "serving", "outcome"),
    [
        (0, ("ORS_1_B",), Outcome.FAIL), (1, ("ORS_1_B",), Outcome.FAIL), (NOT_ENDED, ("ORS_1_B",), Outcome.BLOCKED),
        (1, ("ORS_1",), Outcome.PASS),
    ],
)  # fmt: skip
def test_what_is_left_for_a_person_was_not_started(code, serving, outcome):
    left = ("start ORS_1: ssh ors-1 start",)
    assert judged(start=command("ORS_1", "start", code), serving=serving, left_behind=left).outcome is outcome


def test_who_is_primary_now_is_told():
    assert judged(serving=("ORS_1_B",)).notes == (
        "ORS_1 / ORS_1_B: the Backup is the one that serves now, and the Primary stands by",
    )


def test_what_was_left_behind_is_the_remedy():
    judgement = judged(
        start=command("ORS_1", "start", 1, "no licence"), serving=("ORS_1_B",), left_behind=("ssh ors-1 start ORS_1",),
    )  # fmt: skip
    [violation] = judgement.violations
    assert violation.found == "ORS_1 could not be started again: its start command ended with 1 (no licence)"
    assert violation.fix == "ssh ors-1 start ORS_1"
    assert "ORS_1 / ORS_1_B: left behind: ssh ors-1 start ORS_1" in judgement.notes


def test_without_commands_a_person_is_told_what_to_do():
    by_hand = failed_over("ORS_2", stop=None, start=None, serves_after=None, kept=None, allowed=90.0)
    judgement = backup_takes_over(changed(site(), by_hand))
    assert judgement.outcome is Outcome.MANUAL
    assert "within 90 s" in judgement.reason
    assert "attest it: ORS_2 / ORS_2_B;" in judgement.reason


def test_a_failed_pair_fails_whoever_else_waits_for_a_person():
    by_hand = failed_over("ORS_2", stop=None, start=None, serves_after=None, kept=None)
    estate = changed(site(), by_hand, failed_over("ORS_1", serves_after=100.0))
    assert backup_takes_over(estate).outcome is Outcome.FAIL


def without(failovers: Any) -> Estate:
    def alter(found: Deployment) -> Deployment:
        return replace(found, failovers=failovers)

    return changed(site(), alter)


@pytest.mark.parametrize("failovers", [None, Unknown("the run was interrupted")])
def test_what_was_not_tried_at_all_is_not_known(failovers):
    with pytest.raises(FactUnknownError):
        backup_takes_over(without(failovers))


def test_a_pair_that_was_not_tried_is_a_gap():
    judgement = backup_takes_over(without(()))
    assert judgement.causes == ("no failover of ORS_1 / ORS_1_B was tried", "no failover of ORS_2 / ORS_2_B was tried")


def test_without_a_pair_it_does_not_apply_whatever_was_asked_for():
    alone = site(applications=(make.ors("ORS_1", version="8.1.400.27"), *make.SERVERS), clusters=())
    assert backup_takes_over(changed(alone, lambda found: replace(found, failovers=None))).outcome is Outcome.NOT_APPLICABLE


def test_a_start_that_failed_is_not_believed_to_have_started_anything():
    judgement = judged(start=command("ORS_1", "start", 1, "no licence"), serving=("ORS_1_B",))
    [cause] = judgement.causes
    assert cause.startswith("whether ORS_1 was started again is not known: its start command ended with 1 (no licence), and yet")
