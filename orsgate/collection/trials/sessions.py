# SPDX-License-Identifier: Apache-2.0
"""The active test: on each node a session from its start to its end, and nothing that could start a second one.

Within ``with SessionTrials(...)`` come, in this order: ``begin`` (what an earlier run left, then start, event, query, row and
redirects), ``end(spared=...)`` (those that cannot outlive a failover, before one is tried), and whatever needs the sessions
alive. On leaving it all sessions are ended or named, also after an error, an interruption or the end of the run's time;
``trials`` and ``remarks`` say so. ``settle`` follows when the report that names what is left was written.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from functools import partial
from types import TracebackType
from typing import Self

from orsgate.collection.trials.document import EVENT, Documents
from orsgate.collection.trials.ending import end_copy, end_session
from orsgate.collection.trials.known import Known
from orsgate.collection.trials.leftovers import end_leftovers
from orsgate.collection.trials.nodes import Node, nodes_of
from orsgate.collection.trials.rows import LookUp
from orsgate.collection.trials.starting import Starter
from orsgate.collection.trials.trail import Left, Trail
from orsgate.estate.deployment import Redirect, Response, RowSeen, Served, SessionTrial
from orsgate.estate.estate import Estate
from orsgate.estate.journal import Journal
from orsgate.estate.knowledge import Unknown
from orsgate.probes.ors.calls import can_be_asked_for, event, query
from orsgate.probes.ors.client import AT_ONCE, Method, OrsClient
from orsgate.wire.deadline import Limits
from orsgate.wire.observer import Observer, unobserved
from orsgate.wire.trouble import ProbeError, attempt, interrupted, run_over
from orsgate.wire.waiting import results_of

ROW_WITHIN = 30.0
"""Seconds until which a session must be in the ring."""
FETCHED_WITHIN = 5.0
"""Seconds until which the document of a session that was started must be fetched."""
LAST_WORDS = 5.0
"""Seconds for ending what was started, where the run was interrupted or its time is up; and for a start that is under way."""


class SessionTrials:
    """Tries a session on each node and keeps it until the end.

    Entering it does nothing; leaving it ends every session, whatever happened. What is known by then is in ``trials``,
    so that an interruption loses nothing. Sessions that could not be ended are named there (``left_behind``), and stay in
    the journal, so that the next run tries again.

    Args:
        estate: the estate, with its configuration.
        served: what each application answered (``served.ask_all``).
        client: asks; is stopped where the run is interrupted.
        documents: where the test document is (``DocumentServer`` or ``ForeignDocument``).
        journal: of this estate, kept for the next run.
        look_up: looks for rows in the ring; None where sessions are not persisted in Cassandra.
        limits: of the run.
        observer: told about progress.

    Attributes:
        remarks: what was done with what an earlier run left behind.
    """

    def __init__(
        self,
        estate: Estate,
        served: tuple[Served, ...],
        client: OrsClient,
        documents: Documents,
        journal: Journal,
        look_up: LookUp | None,
        limits: Limits,
        observer: Observer = unobserved,
    ) -> None:
        self.remarks: tuple[str, ...] = ()
        self._nodes = nodes_of(estate, served)
        self._client = client
        self._documents = documents
        self._trail = Trail(journal)
        self._look_up = look_up
        self._limits = limits
        self._observer = observer
        self._known = Known()
        self._starter = Starter(client.apart(_with_last_words(limits)), self._trail, documents, self._over, self._known.started)
        self._closing = threading.Event()
        self._of_cluster: dict[str, list[Node]] = {}
        for node in self._nodes:
            if node.cluster and node.application:
                self._of_cluster.setdefault(node.cluster, []).append(node)

    @property
    def trials(self) -> tuple[SessionTrial, ...]:
        """What is known by now, one for each node that was begun, in inventory order."""
        return self._known.of_each(node.name for node in self._nodes)

    def begin(self) -> None:
        """End what an earlier run left behind, then start a session on each node and try it; none is ended.

        Raises:
            JournalError: the journal cannot be written; nothing is started without it.
            KeyboardInterrupt: the user does not want to wait.
        """
        pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="session")
        try:
            self.remarks = end_leftovers(self._client, self._trail, self._observer)
            results_of([pool.submit(self._begin, node) for node in self._nodes], "trying a session on each node", self._observer)
        except BaseException:
            self._closing.set()
            pool.shutdown(wait=False, cancel_futures=True)
            self._client.stop()
            self._starter.finish(LAST_WORDS)
            raise
        pool.shutdown()

    def end(self, spared: Collection[str] = ()) -> None:
        """End every session that is open, and ask for it once more; may be called again.

        Args:
            spared: nodes, by their Primaries, whose sessions go on.

        Raises:
            KeyboardInterrupt: the user does not want to wait; what is not ended by then is named.
        """
        open_ones = self._known.open_ones(spared)
        if not open_ones:
            return
        limits = replace(self._limits, run_until=time.monotonic()) if self._closing.is_set() else self._limits
        client = self._client.apart(_with_last_words(limits))
        pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="ending")
        ended = [pool.submit(self._end, client, left) for left in open_ones]
        try:
            results_of(ended, "ending the test sessions", self._observer)
        except BaseException:
            self._closing.set()
            wait(ended, LAST_WORDS)
            raise
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            client.stop()
            wait(ended, 1.0)
            client.close()

    def settle(self) -> bool:
        """Close the journal once a report named what was left; whether nothing is left that could still be ended.

        Without it the next run names it all again.

        Raises:
            JournalError: the journal cannot be written.
        """
        return self._trail.settle()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is not None:
            self._closing.set()
        try:
            self.end()
        finally:
            self._closing.set()
            self._name_the_rest()
            self._starter.close()

    def _begin(self, node: Node) -> None:
        if node.silent is not None:
            self._known.silent(SessionTrial(node.name, node.application, node.url, node.silent))
            return
        left = self._starter.start(node)
        said = self._known.of(node.name).started
        worked = isinstance(said, Response) and said.succeeded
        self._known.note(
            node.name, fetched=self._documents.fetched(left.document, FETCHED_WITHIN if worked else 0, self._closing)
        )
        if worked and can_be_asked_for(left.session):
            self._try(node, left.session)

    def _try(self, node: Node, session: str) -> None:
        self._known.note(node.name, event=self._asked("POST", node.url, event(session, EVENT)))
        self._known.note(node.name, queried=self._asked("GET", node.url, query(session)))
        if self._look_up is not None:
            self._known.note(node.name, row=self._row(self._look_up, session))
        redirects: tuple[Redirect, ...] = ()
        for other in self._of_cluster.get(node.cluster, ()):
            if other is not node:
                redirects += (Redirect(other.application, self._asked("GET", other.url, query(session))),)
        self._known.note(node.name, redirects=redirects)

    def _asked(self, method: Method, url: str, path: str) -> Response | Unknown:
        return attempt(partial(self._client.ask, method, url, path))

    def _row(self, look_up: LookUp, session: str) -> RowSeen | Unknown:
        if unknown := self._over():
            return unknown
        whole = time.monotonic() + ROW_WITHIN
        until = whole if self._limits.run_until is None else min(whole, self._limits.run_until)
        found = attempt(partial(look_up, session, until))
        if until < whole and isinstance(found, RowSeen) and not found.found:
            return run_over().unknown  # it might have come in the time that it was not given
        return found

    def _over(self) -> Unknown | None:
        """Why nothing more is begun; None while something may be."""
        if self._closing.is_set():
            return interrupted().unknown
        try:
            self._limits.check_run()
        except ProbeError as error:
            return error.unknown
        return None

    def _end(self, client: OrsClient, left: Left) -> None:
        ended = end_session(client, self._trail, left)
        copies = [end_copy(client, left, node.application, node.url) for node in self._also_at(left)]
        fetched = self._documents.fetched(left.document, 0, self._closing)
        left_behind = "; ".join(filter(None, (ended.left_behind, *copies)))
        told = {"terminated": ended.terminated, "queried_after": ended.queried_after, "left_behind": left_behind}
        self._known.note(left.node, fetched=fetched, **told)
        self._known.ended(left.node)

    def _also_at(self, left: Left) -> list[Node]:
        """The other nodes that answered for a session as if it were theirs, but for those that gave its id themselves."""
        own = {trial.application for trial in self.trials if trial.session == left.session}
        served = {
            each.application
            for each in self._known.of(left.node).redirects
            if isinstance(each.answer, Response) and each.answer.succeeded
        }
        return [node for node in self._nodes if node.application in served - own]

    def _name_the_rest(self) -> None:
        """Say how to end what is still open, and what may have been started: nobody comes back to it in this run."""
        self._known.name_open()
        for left in self._known.unsure_ones():
            self._known.name_unsure(left, self._documents.fetched(left.document, 0, self._closing))


def _with_last_words(limits: Limits) -> Limits:
    """These limits, with a little more time than the run has, and deaf to its interruption."""
    until = None if limits.run_until is None else max(limits.run_until, time.monotonic()) + LAST_WORDS
    return Limits(call=limits.call, connect=limits.connect, run_until=until)
