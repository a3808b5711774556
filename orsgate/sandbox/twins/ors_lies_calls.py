# SPDX-License-Identifier: Apache-2.0
"""Lies about calls: refused, answered with a page, or done though the answer says something else."""

from __future__ import annotations

from dataclasses import dataclass, replace

from orsgate.sandbox.twins.exchange import Answer
from orsgate.sandbox.twins.misbehaviour import Close, Hang, HtmlError, Misbehaviour, Status
from orsgate.sandbox.twins.ors_calls import Call, Kind
from orsgate.sandbox.twins.ors_lie import Lie, with_header
from orsgate.sandbox.twins.ors_misbehaviour import SuccessPage


@dataclass(frozen=True, slots=True)
class Refused(Lie):
    """Breaks one kind of call: it is not done, and answered with an error.

    Attributes:
        kind: which call.
        status: the HTTP status.
    """

    kind: Kind = "query"
    status: int = 500

    def instead(self, call: Call) -> Misbehaviour | None:
        """The error."""
        return HtmlError(self.status) if call.kind == self.kind else None


@dataclass(frozen=True, slots=True)
class StartError(Refused):
    """Breaks the start: it is answered 500, and there is no session."""

    kind: Kind = "start"


@dataclass(frozen=True, slots=True)
class StartForbidden(Refused):
    """Breaks the start: it is answered 403, and there is no session."""

    kind: Kind = "start"
    status: int = 403


@dataclass(frozen=True, slots=True)
class QueryError(Refused):
    """Breaks the query: it is answered 500."""


@dataclass(frozen=True, slots=True)
class QueryNotFound(Refused):
    """Breaks the query: it is answered 404 for a session that lives."""

    status: int = 404


@dataclass(frozen=True, slots=True)
class EventError(Refused):
    """Breaks events: they are answered 500."""

    kind: Kind = "event"


@dataclass(frozen=True, slots=True)
class EventNotFound(Refused):
    """Breaks events: they are answered 404 for a session that lives."""

    kind: Kind = "event"
    status: int = 404


@dataclass(frozen=True, slots=True)
class TerminateError(Refused):
    """Breaks the end: terminating is answered 500, and the session lives on."""

    kind: Kind = "terminate"


@dataclass(frozen=True, slots=True)
class StartAccepted(Lie):
    """Breaks the start: it is answered 202 without a session id, and there is no session."""

    def instead(self, call: Call) -> Misbehaviour | None:
        """That answer."""
        return Status(202) if call.kind == "start" else None


@dataclass(frozen=True, slots=True)
class Paged(Lie):
    """Breaks one kind of call: it is not done, and answered 200 with an error page.

    Attributes:
        kind: which call.
    """

    kind: Kind = "start"

    def instead(self, call: Call) -> Misbehaviour | None:
        """The page."""
        return SuccessPage() if call.kind == self.kind else None


@dataclass(frozen=True, slots=True)
class StartPage(Paged):
    """Breaks the start: it is answered 200 with an error page, and there is no session."""


@dataclass(frozen=True, slots=True)
class QueryPage(Paged):
    """Breaks the query: it is answered 200 with an error page."""

    kind: Kind = "query"


@dataclass(frozen=True, slots=True)
class EventPage(Paged):
    """Breaks events: they are answered 200 with an error page, and no session receives them."""

    kind: Kind = "event"


@dataclass(frozen=True, slots=True)
class TerminatePage(Paged):
    """Breaks the end: terminating is answered 200 with an error page, and the session lives on."""

    kind: Kind = "terminate"


@dataclass(frozen=True, slots=True)
class StartLeavesSession(Lie):
    """Breaks the start: a session is started, and the answer is 500, so that nobody may try again."""

    def started(self, session: str, answer: Answer) -> Answer:
        """The error."""
        del session
        return replace(with_header(answer, "Set-Cookie", None), status=500, body=b'{"error": "ORS twin: internal error"}')


@dataclass(frozen=True, slots=True)
class StartLeavesSessionUnanswered(Lie):
    """Breaks the start: a session is started, and the connection is closed without an answer."""

    def afterwards(self, call: Call) -> Misbehaviour | None:
        """Closes it."""
        return Close() if call.kind == "start" else None


@dataclass(frozen=True, slots=True)
class StartLeavesSessionHanging(Lie):
    """Breaks the start: a session is started, and the answer never comes."""

    def afterwards(self, call: Call) -> Misbehaviour | None:
        """Waits for ever."""
        return Hang() if call.kind == "start" else None
