# SPDX-License-Identifier: Apache-2.0
"""What an ORS twin rightly answers: sessions are started, asked, sent events, ended, and found on other nodes.

Paths, methods and the 307 are documented (Genesys, "External Interfaces" and "Load Balancing", ORS 8.1.4); the bodies, and the
codes for what is wrong, are not: the twin answers JSON with ``_sessionid``, 400, 404, 405 and 415.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from orsgate.sandbox.twins.exchange import HTML, Answer
from orsgate.sandbox.twins.ors_application import HELP_FROM, JSON_FROM, OrsApplication
from orsgate.sandbox.twins.ors_calls import Call
from orsgate.sandbox.twins.ors_document import Document, DocumentError, fetch, parse_document
from orsgate.sandbox.twins.ors_keeping import Keeping
from orsgate.sandbox.twins.ors_lie import Foreign
from orsgate.sandbox.twins.ors_lies_together import Lies
from orsgate.sandbox.twins.ors_log import OrsLog
from orsgate.sandbox.twins.ors_sessions import Session, new_session_id

if TYPE_CHECKING:
    from orsgate.sandbox.twins.ors_landscape import Landscape

COOKIE = "ORSSESSIONID"
SESSION_KEY = "_sessionid"
FETCH_WITHIN = 5.0
"""Seconds in which a document must be there."""
_FORM, _JSON = "application/x-www-form-urlencoded", "application/json"
_HELP = b"""<!doctype html><html><head><title>ORS twin: help</title></head><body>
<h1>ORS twin (a stand-in, not Genesys software)</h1>
<ul><li>POST /scxml/session/start</li><li>/scxml/session/ID/query</li><li>/scxml/session/ID/event/NAME</li>
<li>/scxml/session/ID/request/NAME</li><li>/scxml/session/ID/terminate</li></ul></body></html>
"""


class OrsDesk:
    """Answers calls for one run of a twin; what it does may block.

    Args:
        application: as it was configured when the twin started.
        url: its own address.
        landscape: what knows the other nodes.
        lies: what it does otherwise.
        log: where it tells what it does.
        keeping: how it persists sessions.
    """

    def __init__(
        self, application: OrsApplication, url: str, landscape: Landscape, lies: Lies, log: OrsLog | None, keeping: Keeping
    ) -> None:
        self.application = application
        self._url = url
        self._landscape = landscape
        self._lies = lies
        self._log = log
        self._keeping = keeping
        self._lock = threading.RLock()
        self._sessions: dict[str, Session] = {}
        self._ended: dict[str, Session] = {}

    @property
    def sessions(self) -> dict[str, Session]:
        """Id -> every session in its memory."""
        with self._lock:
            return dict(self._sessions)

    def answer(self, call: Call) -> Answer:
        """What is answered to a call."""
        match call.kind:
            case "help":
                return self._help(call)
            case "start":
                return self._start(call)
            case "query" | "event" | "request" | "terminate":
                return self._of_session(call)
            case _:
                return _error(404, "there is nothing here")

    def _help(self, call: Call) -> Answer:
        if not self.application.has(HELP_FROM):
            return _error(404, f"there is no help before {HELP_FROM}")
        return Answer(200, _HELP, HTML) if call.method in {"GET", "HEAD"} else _error(405, "help is a GET")

    def _start(self, call: Call) -> Answer:
        if call.method != "POST":
            return _error(405, "a session is started by a POST")
        try:
            src = self._source(call)
        except ValueError as error:
            return _error(415 if "type" in str(error) else 400, str(error))
        if not src:
            return _error(400, "src is missing: the address of an SCXML document")
        try:
            document = parse_document(fetch(src, FETCH_WITHIN)) if self._lies.fetches else Document(persists=True)
        except DocumentError as error:
            self._tell(f"Session not started: {error}", trouble=True)
            return _error(400, str(error))
        session = Session(self._lies.session_id(new_session_id()), src, document, document.initial)
        if not self._lies.forgets_at_once:
            with self._lock:
                self._sessions[session.id] = session
        if document.persists:
            self._keeping.keep(session)
        self._tell(f"Session {session.id} started, document {src}")
        if session.state in document.finals:
            self._end(session)
        cookie = f"{COOKIE}={session.id}; Path=/"
        return self._lies.started(session.id, Answer.of({SESSION_KEY: session.id}, headers={"Set-Cookie": cookie}))

    def _source(self, call: Call) -> str:
        """The address of the document; empty where none is given.

        Raises:
            ValueError: the request cannot be read.
        """
        try:
            text = call.body.decode(call.charset)
        except (UnicodeDecodeError, LookupError):
            raise ValueError(f"the body is no {call.charset}") from None
        if call.content_type == _JSON:
            if not self.application.has(JSON_FROM):
                raise ValueError(f"the type {_JSON} is understood from {JSON_FROM} on")
            try:
                given = json.loads(text)
            except (ValueError, RecursionError):
                raise ValueError("the body is no JSON") from None
            src = given.get("src", "") if isinstance(given, dict) else ""
            return src if isinstance(src, str) else ""
        if call.content_type != _FORM:
            raise ValueError(f"the type of the body must be {_FORM}")
        return parse_qs(text).get("src", [""])[0]

    def _of_session(self, call: Call) -> Answer:
        if call.method not in {"GET", "POST"}:
            return _error(405, "a session is asked by GET or POST")
        session = self._found(call.session)
        if session is None:
            return self._not_here(call)
        with self._lock:
            match call.kind:
                case "query":
                    return Answer.of({SESSION_KEY: session.id, "state": session.state, "events": list(session.events)})
                case "terminate":
                    if self._lies.terminates:
                        self._end(session)
                    self._tell(f"Session {session.id} terminated")
                case _:
                    self._receive(session, call.name)
        return Answer.of({SESSION_KEY: session.id})

    def _receive(self, session: Session, event: str) -> None:
        self._tell(f"Session {session.id} received {event}")
        if session.receive(event):
            self._keeping.update(session)
        else:
            self._end(session)

    def _end(self, session: Session) -> None:
        with self._lock:
            self._sessions.pop(session.id, None)
            self._ended[session.id] = session
        self._keeping.forget(session)

    def _found(self, key: str) -> Session | None:
        """A session that this twin has, or that its node persisted."""
        with self._lock:
            if (session := self._sessions.get(key)) or (self._lies.answers_for_ended and (session := self._ended.get(key))):
                return session
            if key in self._ended:
                return None
        row = self._keeping.row(key)
        mine = row is not None and row.node == self.application.node
        if row is not None and (mine or self._lies.serves_every_session) and not self._lies.loses_sessions:
            return self._recovered(key, lambda: Session.from_json(row.content))
        if self._lies.serves_every_session:
            return next((found for twin in self._landscape.twins.values() if (found := twin.sessions.get(key)) is not None), None)
        return None

    def _recovered(self, key: str, read: Callable[[], Session]) -> Session | None:
        try:
            session = read()
        except ValueError as error:
            self._tell(f"Session {key} cannot be recovered: {error}", trouble=True)
            return None
        with self._lock:
            session = self._sessions.setdefault(key, session)
        self._tell(f"Session {key} recovered")
        self._keeping.update(session)
        return session

    def _not_here(self, call: Call) -> Answer:
        """The answer for a session that is not this node's: 307 to where it is, where a store and a cluster can tell."""
        unknown = _error(404, "there is no such session")
        with self._lock:
            if call.session in self._ended:
                return unknown
        row = self._keeping.row(call.session)
        if row is None or row.node == self.application.node or not self.application.cluster:
            return unknown
        owner = self._landscape.primary(row.node)
        base = self._landscape.location_of(row.node)
        if owner is None or base is None or owner.cluster != self.application.cluster:
            return unknown
        location = f"{base}{call.target}"
        answer = Answer(307, headers={"Location": location})
        foreign = Foreign(call.session, location, base, self._url, call.target)
        return self._lies.redirected(foreign, answer)

    def _tell(self, text: str, *, trouble: bool = False) -> None:
        if self._log is not None:
            (self._log.error if trouble else self._log.trace)(text)


def _error(status: int, message: str) -> Answer:
    return Answer.of({"error": f"ORS twin: {message}"}, status)
