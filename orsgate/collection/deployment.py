# SPDX-License-Identifier: Apache-2.0
"""Collecting the part ``http``: what a deployment answers and logs, and what it does when it is tried."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from orsgate.collection.cassandra import Reached
from orsgate.collection.trials.commands import run_statuses
from orsgate.collection.trials.document import Documents
from orsgate.collection.trials.failover import Confirm, try_failovers
from orsgate.collection.trials.logs import read_logs
from orsgate.collection.trials.rows import LookUp, row_finder
from orsgate.collection.trials.served import ask_all
from orsgate.collection.trials.sessions import SessionTrials
from orsgate.collection.trials.stopped import start_stopped
from orsgate.estate.deployment import Deployment, Failover, RowSeen, SessionTrial
from orsgate.estate.estate import Estate
from orsgate.estate.file import LoadedEstate
from orsgate.estate.journal import Journal
from orsgate.estate.knowledge import Unknown
from orsgate.probes.ors.client import OrsClient
from orsgate.wire.deadline import Limits
from orsgate.wire.observer import Observer

ANSWER_WITHIN = 15.0
"""Seconds that one answer of ORS may take where ``[active] timeout`` says nothing."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What of a deployment is tried, beyond what only reads.

    Attributes:
        documents: where the test document is; None where no session is started.
        journal: of the tests, kept for the next run; None where nothing is started or stopped.
        confirm: None where no server is stopped.
        earlier: what earlier runs left behind, where this one starts and stops nothing and only names it.
        ca_file: authorities to trust where ORS speaks HTTPS; None: those that this host trusts.
        look_up: looks for the rows of sessions where they are kept in Cassandra; None: in the ring that the estate leads to.
    """

    documents: Documents | None = None
    journal: Journal | None = None
    confirm: Confirm | None = None
    earlier: tuple[str, ...] = ()
    ca_file: Path | None = None
    look_up: LookUp | None = None


class DeploymentTest:
    """Tries a deployment; what is known so far is in ``found``, also after an interruption.

    Args:
        asked: what is tried.

    Attributes:
        found: the facts.
    """

    def __init__(self, asked: Asked | None = None) -> None:
        self.found = Deployment(remarks=asked.earlier if asked else ())
        self._asked = asked or Asked()
        self._trials: SessionTrials | None = None

    def run(
        self, loaded: LoadedEstate, estate: Estate, nodes: Reached | Unknown | None, limits: Limits, observer: Observer
    ) -> None:
        """Ask every application, read the logs, run the status commands; then start sessions and stop servers, if asked for.

        Args:
            loaded: the estate file.
            estate: its configuration.
            nodes: of the ring in which sessions are looked for; None where they are not kept in Cassandra.
            limits: of the run.
            observer: told about progress.

        Raises:
            KeyboardInterrupt: the user does not want to wait; sessions are ended, and servers started again, all the same.
        """
        limits = replace(limits, call=loaded.file.active.timeout or ANSWER_WITHIN)
        client = OrsClient(limits, self._asked.ca_file)
        journal = self._asked.journal
        try:
            if journal is not None:
                disruptive = self._asked.confirm is not None
                self._remark(*start_stopped(estate, loaded, client, journal, limits, disruptive=disruptive))
            self._note(served=ask_all(estate, client, observer))
            self._note(statuses=run_statuses(estate, loaded, limits, observer))
            self._note(logs=read_logs(estate, loaded, limits, observer))
            self._try(loaded, estate, client, self._rows(estate, nodes), limits, observer)
        finally:
            client.close()

    def settle(self) -> None:
        """Close the journal, once a report named what was left behind."""
        if self._trials is not None:
            self._trials.settle()

    def _try(
        self, loaded: LoadedEstate, estate: Estate, client: OrsClient, rows: LookUp | None, limits: Limits, observer: Observer
    ) -> None:
        asked = self._asked
        if asked.journal is None:
            return
        with ExitStack() as stack:
            if asked.documents is not None:
                tests = SessionTrials(
                    estate, self.found.served, client, asked.documents, asked.journal, rows, limits, observer
                )  # fmt: skip
                self._trials = tests
                stack.callback(self._note_sessions, tests)
                stack.enter_context(tests)
                tests.begin()
                self._note_sessions(tests)
            if asked.confirm is not None:
                kept = _kept(self.found.sessions)
                if self._trials is not None:
                    self._trials.end(spared=kept)
                    self._note_sessions(self._trials)
                self._note(failovers=())
                try_failovers(
                    estate, loaded, client, kept, asked.journal, limits, asked.confirm, observer, done=self._note_failover
                )  # fmt: skip

    def _rows(self, estate: Estate, nodes: Reached | Unknown | None) -> LookUp | None:
        """Looks for the row of a session; None where sessions are not kept in Cassandra."""
        if nodes is None:
            return None
        found = self._asked.look_up or row_finder(estate, nodes)
        return (lambda _session, _until: found) if isinstance(found, Unknown) else found

    def _note_sessions(self, tests: SessionTrials) -> None:
        address = self._asked.documents.address if self._asked.documents else ""
        self._note(document=address, sessions=tests.trials)
        self._remark(*tests.remarks)

    def _note_failover(self, failover: Failover) -> None:
        failovers = self.found.failovers
        self._note(failovers=(*(failovers if isinstance(failovers, tuple) else ()), failover))

    def _remark(self, *sentences: str) -> None:
        self._note(remarks=tuple(dict.fromkeys((*self.found.remarks, *sentences))))

    def _note(self, **found: object) -> None:
        self.found = replace(self.found, **found)  # type: ignore[arg-type]


def _kept(sessions: tuple[SessionTrial, ...] | Unknown | None) -> dict[str, str]:
    """Primary of a node -> the session that is proved to be persisted."""
    if not isinstance(sessions, tuple):
        return {}
    return {each.node: each.session for each in sessions if isinstance(each.row, RowSeen) and each.row.found}
