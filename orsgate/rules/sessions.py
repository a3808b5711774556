# SPDX-License-Identifier: Apache-2.0
"""Step 10: a session starts on each node, can be used, is persisted, and is gone after its end."""

from __future__ import annotations

from orsgate.estate.deployment import Response, RowSeen, SessionTrial, well_formed
from orsgate.estate.estate import Estate
from orsgate.estate.judgement import Findings, Judgement
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.rules.failover import lost_in_failover
from orsgate.rules.nodes import is_refusal
from orsgate.rules.trials import each_trial, not_tried, seen, undone, unknown_to_its_owner

EXPECTED_ID = "an answer that holds a session id: 32 letters, digits, _ or ~"


def starts_on_each_node(estate: Estate) -> Judgement:
    """A session starts on each node: the answer holds a well-formed session id, and the test document was fetched for it."""
    findings = Findings()
    users: dict[str, str] = {}
    for node, trial in each_trial(estate, findings):
        name, started = node.primary.name, trial.started
        if isinstance(started, Unknown):
            _no_answer(findings, name, started, "a session that starts")
            continue
        findings.evidence(name, f"{trial.application}, {seen(started)}; session {trial.session or 'none'}", started.where)
        never = _never_fetched(estate, trial) if trial.fetched is False else None
        if never and started.status >= 400:
            findings.gap(name, never)
        elif wrong := _wrong_with(trial, started, users):
            findings.violation(name, *wrong, started.where)
        elif never:
            findings.gap(name, never)
        if isinstance(trial.fetched, Unknown):
            findings.note(f"whether {trial.application} fetched the test document is not known: {trial.fetched.cause}")
    return findings.judgement()


def _wrong_with(trial: SessionTrial, started: Response, users: dict[str, str]) -> tuple[str, str] | None:
    """What the answer to a start holds in place of a session id of its own, and what was expected.

    Args:
        trial: the session.
        started: the answer.
        users: session id -> the node that gave it first; grows.
    """
    if trouble := undone(started):
        return trouble, EXPECTED_ID
    if not trial.session:
        return f"{started.call} was answered with {started.status} and no session id", EXPECTED_ID
    if not well_formed(trial.session):
        return f'the session id "{trial.session}"', EXPECTED_ID
    if started.other_session:
        return f"two session ids: {trial.session}, and {started.other_session} in the cookie", EXPECTED_ID
    if (other := users.setdefault(trial.session, trial.node)) != trial.node:
        return f"the session id {trial.session}, which {other} gave as well", "a session of its own"
    return None


def _never_fetched(estate: Estate, trial: SessionTrial) -> Unknown:
    document = estate.deployment.document or "the test document"
    started = trial.started
    answered = f"{undone(started)}; " if isinstance(started, Response) and not started.succeeded else ""
    cause = (
        f"{answered}{trial.application} never fetched {document}: the host of ORS must reach that address (--serve HOST:PORT, or "
        "document_url in [active])"
    )
    where = started.where if isinstance(started, Response) else trial.url
    return Unknown(cause, where, Failure.UNREACHABLE)


def _no_answer(findings: Findings, subject: str, unknown: Unknown, expected: str) -> None:
    """A connection that was refused is known not to have done anything; whatever else kept the answer away is not."""
    if is_refusal(unknown):
        findings.violation(subject, unknown.cause, expected, unknown.where)
    else:
        findings.gap(subject, unknown)


def can_be_used(estate: Estate) -> Judgement:
    """The session of each node can be queried, receives an event, and can be terminated."""
    findings = Findings()
    for node, trial in each_trial(estate, findings):
        name = node.primary.name
        for what, answer in (("queried", trial.queried), ("sent an event", trial.event), ("terminated", trial.terminated)):
            expected = f"a session that can be {what}: status 2xx"
            if answer is None:
                findings.gap(name, not_tried(trial, what))
            elif what == "terminated" and (lost := _lost(estate, trial)):
                findings.gap(name, lost)
            elif isinstance(answer, Unknown):
                _no_answer(findings, name, answer, expected)
            else:
                findings.evidence(name, seen(answer), answer.where)
                if trouble := undone(answer):
                    findings.violation(name, trouble, expected, answer.where, trial.left_behind if what == "terminated" else "")
        if trial.left_behind:
            findings.note(f"a session was left behind on {trial.application}: {trial.left_behind}")
    return findings.judgement()


def _lost(estate: Estate, trial: SessionTrial) -> Unknown | None:
    """Why a session that could not be ended says nothing about ending sessions: a failover took it away."""
    ended = trial.terminated
    done = isinstance(ended, Response) and not undone(ended)
    return None if ended is None or done else lost_in_failover(estate, trial.node, trial.session)


def is_persisted(estate: Estate, seconds: int = 30) -> Judgement:
    """The row of each session is found in Cassandra by its key within ``seconds``."""
    findings = Findings()
    for node, trial in each_trial(estate, findings):
        name = node.primary.name
        if trial.row is None:
            findings.gap(name, not_tried(trial, "looked for in Cassandra"))
        elif isinstance(trial.row, Unknown):
            findings.gap(name, trial.row)
        elif not trial.row.found and (forgotten := unknown_to_its_owner(trial)):
            findings.gap(name, forgotten)
        else:
            _judge_row(findings, name, trial.session, trial.row, seconds)
    return findings.judgement()


def _judge_row(findings: Findings, name: str, session: str, row: RowSeen, seconds: int) -> None:
    families = ", ".join(row.families) or "no column family"
    expected = f"a row with the key {session} within {seconds} s"
    if not row.found:
        found = f"no row with that key after {row.seconds:.0f} s in {families}"
        findings.violation(name, found, expected, row.where)
        findings.evidence(name, f"asked by key: {families}", row.where)
        return
    text = f"a row in {row.found} after {row.seconds:.1f} s"
    findings.evidence(name, text, row.where)
    if row.seconds > seconds:
        findings.violation(name, text, expected, row.where)


def is_gone_after_its_end(estate: Estate) -> Judgement:
    """A query for a session that was terminated is answered with something other than success."""
    findings = Findings()
    for node, trial in each_trial(estate, findings):
        name, ended, answer = node.primary.name, trial.terminated, trial.queried_after
        if ended is None:
            findings.gap(name, not_tried(trial, "terminated"))
        elif lost := _lost(estate, trial):
            findings.gap(name, lost)
        elif isinstance(ended, Unknown):
            findings.gap(name, ended)
        elif trouble := undone(ended):
            findings.gap(name, Unknown(f"the session on {trial.application} was not terminated: {trouble}", ended.where))
        elif answer is None:
            findings.gap(name, not_tried(trial, "queried after its end"))
        elif isinstance(answer, Unknown):
            findings.gap(name, answer)
        else:
            findings.evidence(name, f"after its end {seen(answer)}", answer.where)
            if answer.succeeded:
                found = f"{answer.call} is still answered with {answer.status} after the session was terminated"
                findings.violation(name, found, "any other status than 2xx", answer.where)
    return findings.judgement()
