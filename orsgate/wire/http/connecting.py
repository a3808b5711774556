# SPDX-License-Identifier: Apache-2.0
"""What every HTTP client of this project has in common: whom it trusts, what it never does, and what its errors mean."""

from __future__ import annotations

import http.client
import logging
import ssl
from pathlib import Path

import requests
import urllib3.exceptions

from orsgate import __version__
from orsgate.wire.http.clock import Clock
from orsgate.wire.http.timed import TimedAdapter
from orsgate.wire.http.trouble import Hints, closed, no_http, over, silent
from orsgate.wire.trouble import ProbeError


class _Session(requests.Session):
    """Looks at no redirect: requests would read an answer to its end, of any size, and outside every deadline."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        """None."""


def trust(ca_file: Path | None) -> ssl.SSLContext:
    """Whom to trust over TLS: the authorities of ``ca_file``, else those that this host trusts.

    Raises:
        OSError: the file cannot be used (``ssl.SSLError`` is one too).
    """
    context = ssl.create_default_context(cafile=None if ca_file is None else str(ca_file))
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def session_of(clock: Clock, ca_file: Path | None, hints: Hints, connections: int, hosts: int = 1) -> requests.Session:
    """A session of requests that keeps the deadlines of ``clock``.

    No proxy and no .netrc: what is sent goes where the estate file says, and nowhere else.

    Args:
        clock: tells the deadlines.
        ca_file: authorities to trust; None: those that this host trusts.
        hints: what a person changes where something goes wrong.
        connections: how many to one host are kept open at the most; 0: none.
        hosts: how many hosts are asked at the same time.

    Raises:
        OSError: ``ca_file`` cannot be used.
    """
    session = _Session()
    session.trust_env = False
    session.headers.update({"User-Agent": f"orsgate/{__version__}", "Accept": "application/json", "Accept-Encoding": "identity"})
    adapter = TimedAdapter(clock, trust(ca_file), ca_file, hints, connections, hosts)
    for scheme in ("http://", "https://"):
        session.mount(scheme, adapter)
    return session


def trouble(asked: str, call: str, error: Exception, clock: Clock, hints: Hints) -> ProbeError:
    """What ``error`` of requests, urllib3 or a socket means; to be called while the deadline of ``clock`` still counts.

    Raises:
        ProbeError: the run was interrupted.
    """
    if clock.is_over:
        return over(asked, call)
    clock.check()
    chain = _chain(error)
    if any(isinstance(each, TimeoutError | urllib3.exceptions.TimeoutError) for each in chain):
        return silent(asked, call, clock.seconds, hints)
    if any(_is_cut(each) for each in chain):
        return closed(asked, call)
    names = " ".join(type(each).__name__ for each in chain)
    logging.getLogger(__name__).debug("%s %s: %s", asked, call, names)
    if any(isinstance(each, OSError) and not isinstance(each, requests.RequestException) for each in chain):
        return closed(asked, call)
    return no_http(asked, call, hints)


def _is_cut(error: BaseException) -> bool:
    """Whether the other side ended the connection too early; a length of a chunk that is none is another trouble."""
    cut = isinstance(error, ConnectionError | http.client.IncompleteRead)
    return cut and not isinstance(error, urllib3.exceptions.InvalidChunkLength)


def _chain(error: BaseException) -> list[BaseException]:
    """``error`` and everything that led to it."""
    found: list[BaseException] = []
    waiting: list[object] = [error]
    while waiting:
        each = waiting.pop()
        if isinstance(each, BaseException) and each not in found:
            found.append(each)
            waiting += [each.__cause__, each.__context__, *each.args, getattr(each, "reason", None)]
    return found
