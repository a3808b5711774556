# SPDX-License-Identifier: Apache-2.0
"""Ends sessions, twice where it must be, and says how a person ends one that it could not end."""

from __future__ import annotations

import shlex
import threading
import time
from dataclasses import dataclass, replace
from functools import partial
from http import HTTPStatus

from orsgate.collection.trials.trail import Left, Trail
from orsgate.estate.deployment import Response
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.probes.ors.calls import can_be_asked_for, query, terminate
from orsgate.probes.ors.client import OrsClient
from orsgate.probes.ors.reading import shown
from orsgate.wire.trouble import attempt

LINGERS = 2.0
"""Seconds within which a session that was told to end must be gone."""
_PAUSE = 0.2
_GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})


@dataclass(frozen=True, slots=True)
class Ended:
    """What came of ending a session.

    Attributes:
        terminated: the answer that it was ended, else the first one; None where no path can name the session.
        queried_after: the answer to a query after that.
        left_behind: how a person ends it; empty where it is over.
    """

    terminated: Response | Unknown | None
    queried_after: Response | Unknown | None
    left_behind: str = ""


UNANSWERED = "an earlier run sent the request, or was about to, and ended before an answer was noted"
"""Why it is not known which session a start began, if any."""


def end_session(client: OrsClient, trail: Trail, left: Left) -> Ended:
    """End a session where it was started; where nobody listens there, or it is redirected, at the other one of the pair.

    Ending can start nothing, so that it is tried twice where it must be. A session that its server does not know any
    more is over.

    Args:
        client: asks; its limits say how long.
        trail: is told before and after each try.
        left: the session.
    """
    if not can_be_asked_for(left.session):
        return Ended(None, None, may_be_left(left, "its answer held no usable session id"))
    first = _try(client, trail, left, left.url, owns=True)
    if first.over:
        return _ended(first.terminated, first, left)
    failure = first.terminated.failure if isinstance(first.terminated, Unknown) else None
    elsewhere = failure in {Failure.REFUSED, Failure.UNREACHABLE} or _redirects(first.terminated)
    url = left.partner_url if elsewhere and left.partner_url else left.url
    refused = failure is Failure.REFUSED
    second = _try(client, trail, left, url, owns=refused or url == left.url)
    if second.over:
        return _ended(second.terminated if second.told else first.terminated, second, left)
    why = f"it could not be ended ({_why(first.terminated)})"
    return Ended(first.terminated, second.after, _left_behind(left, left.url, why))


def end_copy(client: OrsClient, left: Left, application: str, url: str) -> str:
    """End a session on another node that answered for it as if it were its own; how a person ends it where that fails.

    To be called after the session was ended where it was started.
    """
    if not can_be_asked_for(left.session) or not _is_there(_queried(client, url, left.session, 0)):
        return ""
    said = attempt(partial(client.ask, "POST", url, terminate(left.session)))
    denied = isinstance(said, Response) and said.status in _GONE
    if denied or not _is_there(_queried(client, url, left.session, LINGERS)):
        return ""
    why = "it was told to end, and is still answered for" if _is_there(said) else f"it could not be ended ({_why(said)})"
    return _left_behind(replace(left, application=f"{application}, which took it for its own"), url, why)


@dataclass(frozen=True, slots=True)
class _Try:
    terminated: Response | Unknown
    after: Response | Unknown
    over: bool

    @property
    def told(self) -> bool:
        """Whether the server says that it ended the session."""
        return _is_there(self.terminated)


def _try(client: OrsClient, trail: Trail, left: Left, url: str, *, owns: bool) -> _Try:
    """Try to end a session.

    Args:
        client: asks.
        trail: is told before and after.
        left: the session.
        url: where.
        owns: whether the session is over where this server does not know it.
    """
    entry = trail.end(left, url)
    said = attempt(partial(client.ask, "POST", url, terminate(left.session)))
    after = _queried(client, url, left.session, LINGERS if _is_there(said) else 0)
    unknown_there = isinstance(after, Response) and after.status in _GONE
    over = _is_there(said) or (owns and unknown_there and not _redirects(said))
    trail.ended(entry, left, over=over)
    return _Try(said, after, over)


def _ended(terminated: Response | Unknown, last: _Try, left: Left) -> Ended:
    still = _left_behind(left, left.url, "it was told to end, and is still answered for") if _is_there(last.after) else ""
    return Ended(terminated, last.after, still)


def _queried(client: OrsClient, url: str, session: str, lingers: float) -> Response | Unknown:
    """The answer to a query: the first that does not find the session, or the last within the seconds that it may linger."""
    until = time.monotonic() + lingers
    pause = threading.Event()
    while True:
        said = attempt(partial(client.ask, "GET", url, query(session)))
        if not _is_there(said) or time.monotonic() >= until:
            return said
        pause.wait(_PAUSE)


def _is_there(said: Response | Unknown) -> bool:
    return isinstance(said, Response) and said.succeeded


def _redirects(said: Response | Unknown) -> bool:
    """Whether another one is said to own the session."""
    return isinstance(said, Response) and 300 <= said.status < 400


def _why(said: Response | Unknown) -> str:
    if isinstance(said, Unknown):
        return said.cause
    return f"HTTP {said.status}" + (f" to {said.location}" if said.location else "")


def _left_behind(left: Left, url: str, why: str) -> str:
    words = f"session {shown(left.session)} of {left.application}: {why}; end it with: {how_to_end(url, left.session)}"
    return words + _by_itself(left)


def how_to_end(url: str, session: str) -> str:
    """The command with which a person ends a session."""
    return f"curl -X POST {shlex.quote(url + terminate(session))}"


def left_open(left: Left) -> str:
    """How a person ends a session that there was no time to end."""
    return _left_behind(left, left.url, "there was no time to end it")


def may_be_left(left: Left, why: str, *, fetched: bool = False) -> str:
    """How a person finds a session that may have been started and whose id nobody knows."""
    words = f"a session may have been started at {left.url} ({left.application}) at {left.at}: {why}"
    hint = "the document was fetched for it; " if fetched else ""
    find = f"{hint}look for {left.document} in the log of {left.application} to find its id, and end it with"
    return f"{words}; {find}: {how_to_end(left.url, 'ID')}" + _by_itself(left)


def _by_itself(left: Left) -> str:
    return f" (its document ends it after {left.lives_for // 60} minutes)" if left.lives_for else ""
