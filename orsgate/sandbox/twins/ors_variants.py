# SPDX-License-Identifier: Apache-2.0
"""What an ORS may do otherwise than the twin does without being broken: no requirement may fail for any of these."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from orsgate.sandbox.twins.exchange import HTML, Answer
from orsgate.sandbox.twins.misbehaviour import Misbehaviour, Status
from orsgate.sandbox.twins.ors_calls import Call
from orsgate.sandbox.twins.ors_lie import Foreign, Lie, with_header
from orsgate.sandbox.twins.ors_misbehaviour import Chunked, ClosesAfter, LowerCaseNames, SlowStart

_PLAIN, _XML = "text/plain;charset=UTF-8", "application/xml;charset=UTF-8"


@dataclass(frozen=True, slots=True)
class IdWithNode(Lie):
    """A session id with the prefix ``~n~``, as a public log parser knows them."""

    node: int = 7

    def session_id(self, session: str) -> str:
        """With the prefix."""
        return f"~{self.node}~{session}"


@dataclass(frozen=True, slots=True)
class XmlAnswer(Lie):
    """The session id in XML."""

    def started(self, session: str, answer: Answer) -> Answer:
        """That document."""
        return replace(answer, body=f"<scxml><sessionid>{session}</sessionid></scxml>".encode(), content_type=_XML)


@dataclass(frozen=True, slots=True)
class PlainAnswer(Lie):
    """The session id as plain text, with a line break after it."""

    def started(self, session: str, answer: Answer) -> Answer:
        """That text."""
        return replace(answer, body=f"{session}\r\n".encode(), content_type=_PLAIN)


@dataclass(frozen=True, slots=True)
class CookieOnly(Lie):
    """The session id as a cookie alone, and an empty body."""

    def started(self, session: str, answer: Answer) -> Answer:
        """Without a body."""
        del session
        return answer.with_body(b"")


@dataclass(frozen=True, slots=True)
class BodyOnly(Lie):
    """The session id in the body alone, and no cookie."""

    def started(self, session: str, answer: Answer) -> Answer:
        """Without the cookie."""
        del session
        return with_header(answer, "Set-Cookie", None)


@dataclass(frozen=True, slots=True)
class OtherKey(Lie):
    """The session id under another key of the JSON, among others."""

    key: str = "sessionId"

    def started(self, session: str, answer: Answer) -> Answer:
        """That JSON."""
        return answer.with_body(json.dumps({"result": "ok", "data": {self.key: session}}).encode())


@dataclass(frozen=True, slots=True)
class CookieAttributes(Lie):
    """A cookie with every attribute that a load balancer adds."""

    def started(self, session: str, answer: Answer) -> Answer:
        """With them."""
        return with_header(answer, "Set-Cookie", f"ORSSESSIONID={session}; Path=/; HttpOnly; SameSite=Lax; Max-Age=3600")


@dataclass(frozen=True, slots=True)
class StartCreated(Lie):
    """The start answered 201 in place of 200, with the session id."""

    def started(self, session: str, answer: Answer) -> Answer:
        """The same with that status."""
        del session
        return replace(answer, status=201)


@dataclass(frozen=True, slots=True)
class LowerCaseHeaders(Lie):
    """Names of headers in lower case."""

    def afterwards(self, call: Call) -> Misbehaviour | None:
        """Sends it so."""
        del call
        return LowerCaseNames()


@dataclass(frozen=True, slots=True)
class ChunkedBodies(Lie):
    """Bodies in chunks, without a length."""

    def afterwards(self, call: Call) -> Misbehaviour | None:
        """Sends it so."""
        return None if call.method == "HEAD" else Chunked()


@dataclass(frozen=True, slots=True)
class ClosesConnections(Lie):
    """A connection that is closed after each answer."""

    def afterwards(self, call: Call) -> Misbehaviour | None:
        """Sends it so."""
        del call
        return ClosesAfter()


@dataclass(frozen=True, slots=True)
class AnswersSlowly(Lie):
    """Answers that take half a second."""

    seconds: float = 0.5

    def afterwards(self, call: Call) -> Misbehaviour | None:
        """Waits first."""
        del call
        return SlowStart(self.seconds)


@dataclass(frozen=True, slots=True)
class LocationWithoutPath(Lie):
    """A 307 whose Location is the owner's address alone."""

    def redirected(self, foreign: Foreign, answer: Answer) -> Answer:
        """With that."""
        return with_header(answer, "Location", foreign.base)


@dataclass(frozen=True, slots=True)
class LocationWithQuery(Lie):
    """A 307 whose Location has a query besides."""

    def redirected(self, foreign: Foreign, answer: Answer) -> Answer:
        """With it."""
        joint = "&" if "?" in foreign.location else "?"
        return with_header(answer, "Location", f"{foreign.location}{joint}redirected=true")


@dataclass(frozen=True, slots=True)
class LocationInCapitals(Lie):
    """A 307 whose Location has scheme and host in capitals, which mean the same."""

    def redirected(self, foreign: Foreign, answer: Answer) -> Answer:
        """With them."""
        parts = urlsplit(foreign.location)
        return with_header(answer, "Location", parts._replace(netloc=parts.netloc.upper()).geturl().replace("http", "HTTP", 1))


@dataclass(frozen=True, slots=True)
class RedirectWithBody(Lie):
    """A 307 with a page for people in its body."""

    def redirected(self, foreign: Foreign, answer: Answer) -> Answer:
        """With it."""
        page = f'<html><body>ORS twin: moved to <a href="{foreign.location}">its node</a></body></html>'
        return replace(answer, body=page.encode(), content_type=HTML)


@dataclass(frozen=True, slots=True)
class TerminatedWithoutContent(Lie):
    """Terminating answered 204."""

    def answered(self, call: Call, answer: Answer) -> Answer:
        """Without a body."""
        return Answer(204) if call.kind == "terminate" and answer.status == 200 else answer


@dataclass(frozen=True, slots=True)
class EventAccepted(Lie):
    """An event answered 202 with an empty body."""

    def answered(self, call: Call, answer: Answer) -> Answer:
        """Without a body."""
        return Answer(202) if call.kind == "event" and answer.status == 200 else answer


@dataclass(frozen=True, slots=True)
class EndedGone(Lie):
    """A query for a session that is not there answered 410."""

    def answered(self, call: Call, answer: Answer) -> Answer:
        """With that status."""
        return replace(answer, status=410) if call.kind == "query" and answer.status == 404 else answer


@dataclass(frozen=True, slots=True)
class EndedBadRequest(Lie):
    """A query for a session that is not there answered 400."""

    def answered(self, call: Call, answer: Answer) -> Answer:
        """With that status."""
        return replace(answer, status=400) if call.kind == "query" and answer.status == 404 else answer


@dataclass(frozen=True, slots=True)
class HelpForbidden(Lie):
    """Help that is switched off: 403."""

    def instead(self, call: Call) -> Misbehaviour | None:
        """That answer."""
        return Status(403, body=b"ORS twin: not allowed") if call.kind == "help" else None


@dataclass(frozen=True, slots=True)
class HelpOnly(Lie):
    """Help that an old build already has."""

    def answered(self, call: Call, answer: Answer) -> Answer:
        """A page."""
        return Answer(200, b"<html><body>ORS twin: help</body></html>", HTML) if call.kind == "help" else answer


@dataclass(frozen=True, slots=True)
class PersistedSoon(Lie):
    """A row that is written two seconds after the start; until then other nodes do not know the session."""

    seconds: float = 2.0

    def persisted_after(self, seconds: float) -> float:
        """Those seconds."""
        del seconds
        return self.seconds


@dataclass(frozen=True, slots=True)
class CalmLog(Lie):
    """A log that speaks of Cassandra and of connections, and of no trouble."""

    def logged_lines(self) -> tuple[str, ...]:
        """Such lines."""
        return (
            "2026-01-01T00:00:00.000 Trc 04503 ORS Connection to server 'URS_A' at host 'urs-a' port 5555 established",
            "2026-01-01T00:00:00.000 Dbg 09900 ORS Cassandra: 0 errors, 4 nodes connected",
        )
