# SPDX-License-Identifier: Apache-2.0
"""Starts test sessions: each once, announced before, and remembered before anything else can go wrong."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from orsgate.collection.trials.document import Documents
from orsgate.collection.trials.ending import may_be_left
from orsgate.collection.trials.nodes import Node
from orsgate.collection.trials.trail import Left, Outcome, Trail
from orsgate.estate.deployment import Response, SessionTrial
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.probes.ors.calls import START, can_be_asked_for
from orsgate.probes.ors.client import AskError, OrsClient

_NOBODY = Unknown("nobody was asked to start a session", failure=Failure.NOT_ASKED)
Remember = Callable[[SessionTrial, Left, Outcome], None]


class Starter:
    """Starts sessions; may be used by several threads.

    Args:
        client: of its own, so that a start that is under way may still be answered when everything else was stopped.
        trail: is told before and after each start.
        documents: where the document is.
        over: why nothing is begun any more; None while something may be.
        remember: takes what a start gave, with what is known of the session.
    """

    def __init__(
        self, client: OrsClient, trail: Trail, documents: Documents, over: Callable[[], Unknown | None], remember: Remember
    ) -> None:
        self._client = client
        self._trail = trail
        self._documents = documents
        self._over = over
        self._remember = remember
        self._under_way = 0
        self._changed = threading.Condition()

    def start(self, node: Node) -> Left:
        """Start a session on a node, unless nothing is begun any more; gives back how it is written down.

        Raises:
            JournalError: it could not be announced, so that nothing was started, or what came of it could not be noted.
        """
        left = Left(
            node.name, node.application, node.url, node.partner_url, self._documents.one(), self._documents.lives_for or 0
        )
        with self._turn():
            over = self._over()  # in this order: whoever stops everything sees either this turn or no start at all
            trial = SessionTrial(node.name, node.application, node.url, over or _NOBODY)
            if over is not None:
                self._remember(trial, left, "not started")
                return left
            try:
                left = self._trail.start(left)
            except BaseException as error:
                cause = f"it was not started: {error}"
                self._remember(replace(trial, started=Unknown(cause, failure=_NOBODY.failure)), left, "not started")
                raise
            return self._ask(trial, left)

    def _ask(self, trial: SessionTrial, left: Left) -> Left:
        outcome: Outcome
        try:
            said = self._client.ask("POST", left.url, START, form={"src": left.document})
        except AskError as error:
            outcome = "not known" if error.sent else "not started"
            trial = replace(trial, started=error.unknown)
        else:
            outcome = _outcome(said)
            left = replace(left, session=said.session)
            trial = replace(trial, started=said, session=said.session)
        self._remember(trial, left, outcome)
        self._trail.started(left, outcome)
        return left

    def finish(self, seconds: float) -> None:
        """Wait so long for the starts that are under way, then end them; nothing may be begun any more."""
        try:
            self._wait(seconds)
        finally:
            self._client.stop()
        self._wait(1.0)  # until they have said that nobody answered

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    def _wait(self, seconds: float) -> None:
        with self._changed:
            self._changed.wait_for(lambda: not self._under_way, seconds)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        with self._changed:
            self._under_way += 1
        try:
            yield
        finally:
            with self._changed:
                self._under_way -= 1
                self._changed.notify_all()


def why_unsure(trial: SessionTrial, left: Left, *, fetched: bool) -> str:
    """How a person finds the session that ``trial`` may have started."""
    said = trial.started
    cause = f"it answered HTTP {said.status} without a usable session id" if isinstance(said, Response) else said.cause
    return may_be_left(left, cause, fetched=fetched)


def _outcome(said: Response) -> Outcome:
    """What is known after a start was answered: an id stands for a session, whatever the status.

    A server that fails (5xx), or that says it succeeded and names no session, may have started one; one that refuses or
    redirects has not.
    """
    if can_be_asked_for(said.session):
        return "started"
    return "not known" if said.succeeded or said.status >= 500 else "not started"
