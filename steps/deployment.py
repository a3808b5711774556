# SPDX-License-Identifier: Apache-2.0
"""Steps on what a deployment does when it is tried: step 10."""

from __future__ import annotations

from pytest_bdd import parsers, then

from orsgate.rules import by_hand, failover, logs, redirects, serving, sessions
from orsgate.verdict.case import Case


@then("at least one application of each pair answers HTTP")
def _one_answers(case: Case) -> None:
    case.judge(serving.one_answers)


@then("not both applications of a pair answer HTTP")
def _not_both_answer(case: Case) -> None:
    case.judge(serving.not_both_answer)


@then("every Backup runs")
def _every_backup_runs(case: Case) -> None:
    case.judge(serving.every_backup_runs)


@then("a session starts on each node")
def _starts_on_each_node(case: Case) -> None:
    case.judge(sessions.starts_on_each_node)


@then("the session of each node can be queried, receives an event, and can be terminated")
def _can_be_used(case: Case) -> None:
    case.judge(sessions.can_be_used)


@then(parsers.re(r"the row of each session is found in Cassandra within (?P<seconds>[0-9]{1,4}) seconds"))
def _is_persisted(case: Case, seconds: str) -> None:
    case.judge(sessions.is_persisted, int(seconds))


@then("a query for a session after its end is not answered with success")
def _is_gone_after_its_end(case: Case) -> None:
    case.judge(sessions.is_gone_after_its_end)


@then("every other node of the cluster redirects a request for a session to its owner")
def _leads_to_the_owner(case: Case) -> None:
    case.judge(redirects.leads_to_the_owner)


@then("the Backup of each Primary that stops takes over in time and keeps the session")
def _backup_takes_over(case: Case) -> None:
    case.judge(failover.backup_takes_over)


@then("a person saw a multimedia interaction pulled and routed on each node that works with multimedia")
def _multimedia_is_pulled(case: Case) -> None:
    case.judge(by_hand.multimedia_is_pulled)


@then("a person saw a test call through each T-Server and SIP Server routed by each cluster")
def _calls_are_routed(case: Case) -> None:
    case.judge(by_hand.calls_are_routed)


@then("the newest logs tell of no connection or Cassandra error since the start")
def _no_trouble_since_start(case: Case) -> None:
    case.judge(logs.no_trouble_since_start)
