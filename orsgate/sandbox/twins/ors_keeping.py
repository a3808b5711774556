# SPDX-License-Identifier: Apache-2.0
"""How an ORS twin persists its sessions: through a store, whose troubles go into the log and end nothing.

From 8.1.3 on ORS runs without Cassandra, but "session recovery and session http redirects will not be available" (Genesys,
"Cassandra", ORS 8.1.3).
"""

from __future__ import annotations

import threading

from orsgate.sandbox.twins.ors_lies_together import Lies
from orsgate.sandbox.twins.ors_log import OrsLog
from orsgate.sandbox.twins.ors_sessions import Session
from orsgate.sandbox.twins.ors_stores import Row, SessionStore, StoreError


class Keeping:
    """Persists the sessions of one run of a twin.

    Args:
        store: None where its options ask for no persistence.
        node: DBID of the Primary of its node.
        server: name of the application.
        lies: what it does otherwise.
        log: where troubles go.
    """

    def __init__(self, store: SessionStore | None, node: int, server: str, lies: Lies, log: OrsLog | None) -> None:
        self._store = store
        self._node = node
        self._server = server
        self._lies = lies
        self._log = log
        self._prepared = False
        self._lock = threading.Lock()
        self._later: list[threading.Timer] = []

    def prepare(self) -> StoreError | None:
        """Makes sure that the store can be used; gives why it cannot."""
        if self._store is None:
            return None
        try:
            with self._lock:
                if not self._prepared:
                    self._store.prepare()
                    self._prepared = True
        except StoreError as error:
            self._trouble(error)
            return error
        if self._log is not None:
            self._log.trace(f"Persistence: {self._store.name}")
        return None

    def keep(self, session: Session) -> None:
        """Persists a new session."""
        if self._store is None:
            return
        session.persisted = True
        if after := self._lies.persisted_after():
            timer = threading.Timer(after, self._write, (session,))
            timer.daemon = True
            self._later.append(timer)
            timer.start()
        else:
            self._write(session)

    def update(self, session: Session) -> None:
        """Persists what changed of a session that is persisted."""
        if session.persisted and not self._lies.persisted_after():
            self._write(session)

    def forget(self, session: Session) -> None:
        """Removes a session that ended."""
        key = self._lies.persisted_key(session.id)
        if session.persisted and key is not None and self._store is not None:
            session.persisted = False
            try:
                self._store.remove(key)
            except StoreError as error:
                self._trouble(error)

    def row(self, key: str) -> Row | None:
        """What is persisted under a session id; None where nothing is, or where it cannot be read."""
        if self._store is None:
            return None
        try:
            return self._store.read(key)
        except StoreError as error:
            self._trouble(error)
            return None

    def close(self) -> None:
        """Writes nothing any more."""
        for timer in self._later:
            timer.cancel()

    def _write(self, session: Session) -> None:
        key = self._lies.persisted_key(session.id)
        if key is None or self._store is None or not session.persisted:
            return
        if not self._prepared and self.prepare() is not None:
            return
        try:
            self._store.write(key, Row(session.as_json(), self._lies.persisted_node(self._node), self._server))
        except StoreError as error:
            self._trouble(error)

    def _trouble(self, error: StoreError) -> None:
        if self._log is not None:
            self._log.error(f"Persistence error: {error}")
