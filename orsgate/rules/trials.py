# SPDX-License-Identifier: Apache-2.0
"""The sessions that were tried on the nodes, as rules read them: whose there is, and whether an answer says that it was done."""

from __future__ import annotations

from collections.abc import Iterator

from orsgate.estate.deployment import Response, SessionTrial
from orsgate.estate.estate import Estate, FactUnknownError
from orsgate.estate.judgement import Findings
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.rules.nodes import Answers, Node, nodes

_BEGINNING = 1000
"""Characters of a body in which a page says that it is one."""


def trials_by_node(estate: Estate) -> dict[str, SessionTrial]:
    """Name of the Primary of a node -> the session that was tried there.

    Raises:
        FactUnknownError: if no session was tried at all.
    """
    found = estate.deployment.sessions
    if found is None:
        cause = "no session was started: the active tests were not asked for (--active)"
        raise FactUnknownError("sessions", Unknown(cause, failure=Failure.NOT_ASKED))
    if isinstance(found, Unknown):
        raise FactUnknownError("sessions", found)
    return {trial.node: trial for trial in reversed(found)}


def each_trial(estate: Estate, findings: Findings) -> Iterator[tuple[Node, SessionTrial]]:
    """Every node with the session that was tried there; a node without one, or where nobody serves, is a gap."""
    tried = trials_by_node(estate)
    answers = Answers(estate)
    for node in nodes(estate):
        trial = tried.get(node.primary.name)
        if trial is not None and trial.application:
            yield node, trial
        else:
            findings.gap(node.primary.name, answers.silence(node) or not_started(node))


def not_started(node: Node) -> Unknown:
    """The failure to know that a node that serves and was not tried means."""
    return Unknown(f"no session was started on {node.name}, although it serves HTTP", failure=Failure.NOT_ASKED)


def not_tried(trial: SessionTrial, what: str) -> Unknown:
    """Why a step of a session was not tried."""
    if not trial.session:
        if isinstance(trial.started, Unknown):
            return trial.started
        return Unknown(f"{trial.application} gave no session to try anything with (see ORS-1003)", trial.started.where)
    return Unknown(f"the session on {trial.application} was not {what}", trial.url, Failure.NOT_ASKED)


def unknown_to_its_owner(trial: SessionTrial) -> Unknown | None:
    """Why nothing can be expected of a session elsewhere: its own node neither answers for it nor takes an event for it.

    None where the node knows it, or where that was not seen.
    """
    answers = (trial.queried, trial.event)
    if not all(isinstance(answer, Response) and 400 <= answer.status < 500 for answer in answers):
        return None
    cause = f"{trial.application} itself does not know the session that it started (see ORS-1004)"
    return Unknown(cause, trial.url, Failure.MISSING)


def undone(answer: Response) -> str:
    """Why an answer does not say that it was done, in words; empty where it does.

    A page for people is no answer of a session, whatever its status.
    """
    if not answer.succeeded:
        return f"{answer.call} was answered with {answer.status}"
    if is_page(answer):
        return f"{answer.call} was answered with {answer.status} and an HTML page"
    return ""


def is_page(answer: Response) -> bool:
    """Whether the body is an HTML page."""
    text = answer.body[:_BEGINNING].lstrip("\ufeff \t\r\n").lower()
    return text.startswith("<") and ("<html" in text or "<!doctype html" in text)


def seen(answer: Response) -> str:
    """An answer as evidence."""
    return f"{answer.call}: {answer.status}, after {answer.seconds:.2f} s"
