# SPDX-License-Identifier: Apache-2.0
"""ORS-1003, 1004, 1005 and 1012: a session from its start to its end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orsgate.estate.deployment import Deployment, RowSeen, SessionTrial, well_formed
from orsgate.estate.estate import Estate, FactUnknownError
from orsgate.estate.judgement import Judgement, Outcome
from orsgate.estate.knowledge import Basis, Failure, Unknown
from orsgate.rules import sessions, trials
from tests.deployments import PAGE, changed, failed_over, refusal, response, served, session_id, silence, site, tried

URL = "http://host-ors_1:7210"
START = "POST /scxml/session/start"
RULES: dict[str, Callable[[Estate], Judgement]] = {
    "1003": sessions.starts_on_each_node,
    "1004": sessions.can_be_used,
    "1005": sessions.is_persisted,
    "1012": sessions.is_gone_after_its_end,
}
NOTHING: dict[str, Any] = {
    "session": "", "queried": None, "event": None, "row": None, "redirects": (), "terminated": None, "queried_after": None,
}  # fmt: skip


def with_trial(**fields: Any) -> Estate:
    return changed(site(), tried("ORS_1", lambda found: replace(found, **fields)))


def outcomes(estate: Estate) -> dict[str, str]:
    return {name: rule(estate).outcome.value for name, rule in RULES.items()}


@pytest.mark.parametrize(
    "session",
    ["KL8938QSD91ER2RN2NR1397738000001", "~12~KL8938QSD91ER2RN2NR1397738000001", "_" * 32, "~" * 32, "~1~" + "a" * 32],
)
def test_a_session_id_has_32_characters_and_perhaps_a_number_before(session):
    assert well_formed(session)


@pytest.mark.parametrize(
    "session",
    ["", "KL8938QSD91ER2RN2NR139773800000", "KL8938QSD91ER2RN2NR13977380000011", "KL8938QSD91ER2RN2NR1397738000001\n",
     "KL8938QSD91ER2RN2NR139773800000-", "~x~KL8938QSD91ER2RN2NR1397738000001", "\u0661" * 32, "<html>"],
)  # fmt: skip
def test_any_other_text_is_no_session_id(session):
    assert not well_formed(session)


@given(st.text())
def test_a_session_id_is_safe_in_a_path(text):
    if well_formed(text):
        assert text.isascii()
        assert not set(text) & set("/?#%& \n")


def test_a_healthy_session_is_observed():
    estate = site()
    assert outcomes(estate) == dict.fromkeys(RULES, "pass")
    assert all(rule(estate).basis is Basis.OBSERVED for rule in RULES.values())


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"started": response(URL, START, body=PAGE), **NOTHING}, "fail"),
        ({"started": response(URL, START, body="{}"), **NOTHING}, "fail"),
        ({"started": response(URL, START, 404), **NOTHING}, "fail"),
        ({"started": response(URL, START, 307, location="http://elsewhere"), **NOTHING}, "fail"),
        ({"started": refusal(URL), **NOTHING}, "fail"),
        ({"started": silence(URL), **NOTHING}, "blocked"),
        ({"started": silence(URL, Failure.CLOSED), **NOTHING}, "blocked"),
        ({"started": response(URL, START, 500), "fetched": False, **NOTHING}, "blocked"),
        ({"started": response(URL, START, body=PAGE), "fetched": False, **NOTHING}, "fail"),
    ],
)  # fmt: skip
def test_without_a_session_the_start_is_judged_and_the_rest_is_not_known(fields, expected):
    assert outcomes(with_trial(**fields)) == {"1003": expected, "1004": "blocked", "1005": "blocked", "1012": "blocked"}


def test_a_document_that_was_never_fetched_is_the_cause():
    judgement = sessions.starts_on_each_node(with_trial(fetched=False))
    assert judgement.outcome is Outcome.BLOCKED
    [cause] = judgement.causes
    assert cause.startswith("ORS_1 never fetched http://jump-1:8500/orsgate.scxml: the host of ORS must reach that address")


def test_a_document_that_lies_elsewhere_is_a_note():
    judgement = sessions.starts_on_each_node(with_trial(fetched=Unknown("orsgate does not serve it")))
    assert judgement.outcome is Outcome.PASS
    assert judgement.notes == ("whether ORS_1 fetched the test document is not known: orsgate does not serve it",)


def test_a_malformed_id_is_quoted_and_what_was_tried_with_it_still_counts():
    estate = with_trial(session="short")
    [violation] = sessions.starts_on_each_node(estate).violations
    assert violation.found == 'the session id "short"'
    assert outcomes(estate)["1004"] == "pass"


def test_one_session_of_two_nodes_is_named_with_both():
    estate = changed(site(), tried("ORS_2", lambda found: replace(found, session=session_id(0))))
    [violation] = sessions.starts_on_each_node(estate).violations
    assert violation.subject == "ORS_2"
    assert violation.found == f"the session id {session_id(0)}, which ORS_1 gave as well"


def test_a_node_that_serves_and_was_not_tried_is_a_gap():
    estate = changed(site(), tried("ORS_2", lambda _: None))
    assert outcomes(estate) == dict.fromkeys(RULES, "blocked")
    assert sessions.can_be_used(estate).causes == ("no session was started on ORS_2 / ORS_2_B, although it serves HTTP",)


def test_a_node_that_does_not_serve_has_its_own_cause():
    estate = changed(site(), tried("ORS_2", lambda _: None), served("ORS_2", refusal))
    assert sessions.can_be_used(estate).causes == ("no application of ORS_2 / ORS_2_B serves HTTP",)
    silent = changed(estate, served("ORS_2", silence))
    assert sessions.can_be_used(silent).causes == ("host-ors_2:7210 gave no whole answer within 10 s",)


def test_a_node_where_nobody_serves_is_no_start_that_failed():
    nobody = SessionTrial("ORS_2", "", "", refusal("http://host-ors_2:7210"))
    estate = changed(site(), tried("ORS_2", lambda _: nobody), served("ORS_2", refusal))
    assert outcomes(estate) == dict.fromkeys(RULES, "blocked")
    assert sessions.starts_on_each_node(estate).causes == ("no application of ORS_2 / ORS_2_B serves HTTP",)


@pytest.mark.parametrize("tried_not", [None, Unknown("the address is in use")])
def test_sessions_that_were_not_tried_at_all_are_not_known(tried_not):
    def without(found: Deployment) -> Deployment:
        return replace(found, sessions=tried_not)

    for rule in RULES.values():
        with pytest.raises(FactUnknownError):
            rule(changed(site(), without))


@pytest.mark.parametrize("step", ["queried", "event", "terminated"])
@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (response(URL, "GET /x", 204), Outcome.PASS), (response(URL, "GET /x", 404), Outcome.FAIL),
        (response(URL, "GET /x", body=PAGE), Outcome.FAIL), (response(URL, "GET /x", 307), Outcome.FAIL),
        (silence(URL), Outcome.BLOCKED), (refusal(URL), Outcome.FAIL), (None, Outcome.BLOCKED),
    ],
)  # fmt: skip
def test_each_call_of_a_session_has_to_be_done(step, answer, outcome):
    judgement = sessions.can_be_used(with_trial(**{step: answer}))
    assert judgement.outcome is outcome
    assert {violation.subject for violation in judgement.violations} <= {"ORS_1"}


def test_a_session_left_behind_is_named_with_the_command_that_ends_it():
    command = "curl -X POST http://host-ors_1:7210/scxml/session/x/terminate"
    judgement = sessions.can_be_used(with_trial(terminated=response(URL, "POST /x", 500), left_behind=command))
    assert judgement.violations[0].fix == command
    assert judgement.notes == (f"a session was left behind on ORS_1: {command}",)


FAMILIES = ("Session", "SessionIDServerInfo")


@pytest.mark.parametrize(
    ("row", "outcome"),
    [
        (RowSeen("Session", FAMILIES, "n1 ks", 30.0), Outcome.PASS), (RowSeen("Session", FAMILIES, "n1 ks", 30.1), Outcome.FAIL),
        (RowSeen("", FAMILIES, "n1 ks", 30.0), Outcome.FAIL), (RowSeen("", (), "n1 ks", 30.0), Outcome.FAIL),
        (Unknown("no node answers"), Outcome.BLOCKED), (None, Outcome.BLOCKED),
    ],
)  # fmt: skip
def test_the_row_is_found_in_time(row, outcome):
    assert sessions.is_persisted(with_trial(row=row)).outcome is outcome


def test_a_row_that_is_not_there_names_the_column_families_seen():
    [violation] = sessions.is_persisted(with_trial(row=RowSeen("", FAMILIES, "n1 ks", 30.0))).violations
    assert violation.found == "no row with that key after 30 s in Session, SessionIDServerInfo"
    assert violation.where == "n1 ks"


@pytest.mark.parametrize(
    ("fields", "outcome"),
    [
        ({"queried_after": response(URL, "GET /x", 404)}, Outcome.PASS),
        ({"queried_after": response(URL, "GET /x")}, Outcome.FAIL),
        ({"queried_after": response(URL, "GET /x", body=PAGE)}, Outcome.FAIL), ({"queried_after": silence(URL)}, Outcome.BLOCKED),
        ({"terminated": response(URL, "POST /x", 500)}, Outcome.BLOCKED), ({"terminated": silence(URL)}, Outcome.BLOCKED),
        ({"queried_after": None}, Outcome.BLOCKED),
    ],
)  # fmt: skip
def test_a_session_is_gone_only_where_it_was_ended(fields, outcome):
    assert sessions.is_gone_after_its_end(with_trial(**fields)).outcome is outcome


@pytest.mark.parametrize(
    ("body", "page"),
    [
        (PAGE, True), ("\ufeff\n <HTML>", True), ("<?xml version='1.0'?><html>", True), ("<!-- x --><html>", True),
        ('{"page": "<html>"}', False), ("", False), ("<session/>", False), ("<" + "x" * 2000 + "<html>", False),
    ],
)  # fmt: skip
def test_a_page_is_known_by_its_beginning(body, page):
    assert trials.is_page(response(URL, "GET /x", body=body)) is page


def test_two_session_ids_in_one_answer_are_named():
    other = session_id(7)
    estate = with_trial(started=response(URL, START, session=session_id(0), other_session=other))
    [violation] = sessions.starts_on_each_node(estate).violations
    assert violation.found == f"two session ids: {session_id(0)}, and {other} in the cookie"


def test_a_start_that_is_redirected_is_refused_though_no_document_was_fetched():
    estate = with_trial(started=response(URL, START, 302, location="http://elsewhere"), fetched=False, **NOTHING)
    assert sessions.starts_on_each_node(estate).outcome is Outcome.FAIL


def test_what_a_start_was_answered_with_is_told_where_no_document_was_fetched():
    judgement = sessions.starts_on_each_node(with_trial(started=response(URL, START, 500), fetched=False, **NOTHING))
    [cause] = judgement.causes
    assert cause.startswith(f"{START} was answered with 500; ORS_1 never fetched ")


GONE = {"queried": response(URL, "GET /x", 404), "event": response(URL, "POST /x", 404)}


def test_the_row_of_a_session_that_its_own_node_does_not_know_proves_nothing():
    absent = RowSeen("", ("Session",), "ring", 30.0)
    assert outcomes(with_trial(row=absent, **GONE))["1005"] == "blocked"
    assert outcomes(with_trial(row=absent))["1005"] == "fail"
    assert outcomes(with_trial(row=absent, queried=GONE["queried"]))["1005"] == "fail"
    assert outcomes(with_trial(**GONE))["1005"] == "pass"


@pytest.mark.parametrize(
    ("failover", "expected"),
    [
        ({"kept": response(URL, "GET /x", 404)}, "blocked"),
        ({"serving": ()}, "blocked"),
        ({"serving": silence(URL)}, "blocked"),
        ({}, "fail"),
        ({"serves_after": None, "kept": response(URL, "GET /x", 404)}, "fail"),
        ({"session": "another", "kept": response(URL, "GET /x", 404)}, "fail"),
    ],
)
def test_an_end_that_a_failover_made_impossible_says_nothing_about_ending(failover, expected):
    lost = changed(with_trial(terminated=refusal(URL), queried_after=refusal(URL)), failed_over("ORS_1", **failover))
    assert outcomes(lost)["1004"] == expected
    assert outcomes(lost)["1012"] == "blocked"
    ended = changed(site(), failed_over("ORS_1", **failover))
    assert outcomes(ended) == dict.fromkeys(RULES, "pass")
