# SPDX-License-Identifier: Apache-2.0
"""Ends sessions, twice where it must be, and says how a person ends one that it could not end."""

from __future__ import annotations

import shlex
import threading
import time
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus

from orsgate.collection.trials.trail import Left, Trail
from orsgate.estate.deployment import Response
from orsgate.estate.knowledge import Unknown
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


def end_session(client: OrsClient, trail: Trail, left: Left, partner_url: str = "", lives_for: int | None = None) -> Ended:
    """End a session: where it was started, and where that does not succeed at the other one of the pair, else there again.

    Ending can start nothing, so that it may be tried twice. A session that its server does not know any more is over.

    Args:
        client: asks; its limits say how long.
        trail: is told before and after each try.
        left: the session.
        partner_url: address of the other one of the pair; empty for none.
        lives_for: seconds after which it ends by itself; None where that is not known.
    """
    if not can_be_asked_for(left.session):
        return Ended(None, None, may_be_left(left, "its answer held no usable session id", lives_for))
    first: Response | Unknown | None = None
    after: Response | Unknown | None = None
    for url in (left.url, partner_url or left.url):
        entry = trail.end(left, url)
        said = attempt(partial(client.ask, "POST", url, terminate(left.session)))
        told = isinstance(said, Response) and said.succeeded
        after = _queried(client, url, left.session, said if told else None)
        gone = isinstance(after, Response) and after.status in _GONE
        trail.ended(entry, left, over=told or gone)
        if told:
            why = "it was told to end, and is still answered for" if _is_there(after) else ""
            return Ended(said, after, _left_behind(left, url, why, lives_for) if why else "")
        first = said if first is None else first
        if gone and _may_know(first):
            return Ended(first, after)
    return Ended(first, after, _left_behind(left, left.url, f"it could not be ended ({_why(first)})", lives_for))


def _queried(client: OrsClient, url: str, session: str, told: Response | None) -> Response | Unknown:
    """The answer to a query; where the session was ``told`` to end, the first that does not find it, or that of the end."""
    until = time.monotonic() + (LINGERS if told else 0)
    pause = threading.Event()
    while True:
        said = attempt(partial(client.ask, "GET", url, query(session)))
        if not _is_there(said) or time.monotonic() >= until:
            return said
        pause.wait(_PAUSE)


def _is_there(said: Response | Unknown) -> bool:
    return isinstance(said, Response) and said.succeeded


def _may_know(terminated: Response | Unknown | None) -> bool:
    """Whether the one who was told to end the session is its owner: whoever redirects is not."""
    return not (isinstance(terminated, Response) and 300 <= terminated.status < 400)


def _why(said: Response | Unknown | None) -> str:
    if isinstance(said, Response):
        return f"HTTP {said.status}" + (f" to {said.location}" if said.location else "")
    return said.cause if said else ""


def _left_behind(left: Left, url: str, why: str, lives_for: int | None) -> str:
    words = f"session {shown(left.session)} of {left.application}: {why}; end it with: {how_to_end(url, left.session)}"
    return words + _by_itself(lives_for)


def how_to_end(url: str, session: str) -> str:
    """The command with which a person ends a session."""
    return f"curl -X POST {shlex.quote(url + terminate(session))}"


def may_be_left(left: Left, why: str, lives_for: int | None, *, fetched: bool = False) -> str:
    """How a person finds a session that may have been started and whose id nobody knows."""
    words = f"a session may have been started at {left.url} ({left.application}) at {left.at}: {why}"
    hint = "the document was fetched for it; " if fetched else ""
    find = f"{hint}look for {left.document} in the log of {left.application} to find its id, and end it with"
    return f"{words}; {find}: {how_to_end(left.url, 'ID')}" + _by_itself(lives_for)


def _by_itself(lives_for: int | None) -> str:
    return f" (its document ends it after {lives_for // 60} minutes)" if lives_for else ""
