# SPDX-License-Identifier: Apache-2.0
"""Lies about sessions: their ids, their documents, their rows, and their ends."""

from __future__ import annotations

from dataclasses import dataclass

from orsgate.sandbox.twins.exchange import Answer
from orsgate.sandbox.twins.ors_lie import Lie, with_header

_COOKIE = "Set-Cookie"


@dataclass(frozen=True, slots=True)
class ShortId(Lie):
    """Breaks the session id: it has 8 characters in place of 32."""

    def session_id(self, session: str) -> str:
        """Its beginning."""
        return session[:8]


@dataclass(frozen=True, slots=True)
class LongId(Lie):
    """Breaks the session id: it has 64 characters in place of 32."""

    def session_id(self, session: str) -> str:
        """Twice the same."""
        return session * 2


@dataclass(frozen=True, slots=True)
class IdWithBlanks(Lie):
    """Breaks the session id: it holds blanks."""

    def session_id(self, session: str) -> str:
        """Blanks in place of every eighth character."""
        return " ".join(session[at : at + 7] for at in range(0, 32, 8)).ljust(32, "X")


@dataclass(frozen=True, slots=True)
class IdOfHtml(Lie):
    """Breaks the session id: it is a piece of HTML."""

    def session_id(self, session: str) -> str:
        """A script that shows in no browser."""
        return f"<b>{session[:25]}</b>"


@dataclass(frozen=True, slots=True)
class OneIdForAll(Lie):
    """Breaks the session id: every session of every node has the same."""

    def session_id(self, session: str) -> str:
        """Always that one."""
        del session
        return "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"


@dataclass(frozen=True, slots=True)
class NoId(Lie):
    """Breaks the start: its answer holds no session id, neither in the body nor as a cookie."""

    def started(self, session: str, answer: Answer) -> Answer:
        """An empty object."""
        del session
        return with_header(answer, _COOKIE, None).with_body(b"{}")


@dataclass(frozen=True, slots=True)
class EmptyId(Lie):
    """Breaks the start: the session id in its answer is empty."""

    def started(self, session: str, answer: Answer) -> Answer:
        """With the key, and nothing behind it."""
        del session
        return with_header(answer, _COOKIE, "ORSSESSIONID=; Path=/").with_body(b'{"_sessionid": ""}')


@dataclass(frozen=True, slots=True)
class CookieOfAnother(Lie):
    """Breaks the start: the cookie holds another session id than the body."""

    def started(self, session: str, answer: Answer) -> Answer:
        """With the id read backwards in the cookie."""
        return with_header(answer, _COOKIE, f"ORSSESSIONID={session[::-1]}; Path=/")


@dataclass(frozen=True, slots=True)
class NeverFetches(Lie):
    """Breaks the start: it succeeds, and the document was never fetched."""

    @property
    def fetches(self) -> bool:
        """It does not."""
        return False


@dataclass(frozen=True, slots=True)
class ForgetsAtOnce(Lie):
    """Breaks the session: it is not known any more as soon as it was started."""

    @property
    def forgets_at_once(self) -> bool:
        """It does."""
        return True

    def persisted_key(self, session: str) -> str | None:
        """Nor is it persisted."""
        del session
        return None


@dataclass(frozen=True, slots=True)
class NotPersisted(Lie):
    """Breaks persistence: no row is written."""

    def persisted_key(self, session: str) -> str | None:
        """None."""
        del session
        return None


@dataclass(frozen=True, slots=True)
class PersistedUnderOtherKey(Lie):
    """Breaks persistence: the row is written under another key than the session id."""

    def persisted_key(self, session: str) -> str | None:
        """The id in lower case with something before it."""
        return f"session:{session.lower()}"


@dataclass(frozen=True, slots=True)
class PersistedLate(Lie):
    """Breaks persistence: the row is written after a minute, when nobody waits for it any more."""

    seconds: float = 60.0

    def persisted_after(self, seconds: float) -> float:
        """Those seconds."""
        del seconds
        return self.seconds


@dataclass(frozen=True, slots=True)
class PersistedForOtherNode(Lie):
    """Breaks ownership: the row of a session names a node that does not exist."""

    node: int = 999_999

    def persisted_node(self, node: int) -> int:
        """That one."""
        del node
        return self.node


@dataclass(frozen=True, slots=True)
class TerminatesNothing(Lie):
    """Breaks the end: terminating is answered 200, and the session lives on."""

    @property
    def terminates(self) -> bool:
        """It does not."""
        return False


@dataclass(frozen=True, slots=True)
class AnswersForEnded(Lie):
    """Breaks the end: a query for a session that ended is still answered 200."""

    @property
    def answers_for_ended(self) -> bool:
        """It does."""
        return True
