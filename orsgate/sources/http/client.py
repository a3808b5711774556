# SPDX-License-Identifier: Apache-2.0
"""The HTTP client of the sources: it repeats only what is safe to repeat, and follows nobody to another host."""

from __future__ import annotations

import time
from base64 import b64encode
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urljoin, urlsplit

import requests
import urllib3.exceptions
from requests.cookies import get_cookie_header

from orsgate.estate.knowledge import Failure
from orsgate.sources.http.answers import Answer, read
from orsgate.sources.http.trouble import HINTS, bad_status, redirected, redirected_in_circles
from orsgate.wire.deadline import Limits
from orsgate.wire.http.address import Address
from orsgate.wire.http.clock import Clock
from orsgate.wire.http.connecting import session_of, trouble
from orsgate.wire.http.trouble import PassingError, over
from orsgate.wire.trouble import ProbeError

Method = Literal["GET", "POST", "PUT"]

AT_ONCE = 4
"""Requests that are under way at the most."""
ATTEMPTS = 3
"""Of a request that is safe to repeat."""
LONGEST_WAIT = 10.0
"""Seconds that a server may ask to wait before another attempt."""
_MOST_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class HttpClient:
    """Asks one server; may be used by several threads.

    Args:
        address: of the server.
        limits: of each answer and of the run.
        ca_file: authorities to trust; None: those that this host trusts.

    Attributes:
        address: of the server.
    """

    def __init__(self, address: Address, limits: Limits, ca_file: Path | None = None) -> None:
        self.address = address
        self._clock = Clock(limits, AT_ONCE)
        self._session = session_of(self._clock, ca_file, HINTS, AT_ONCE)

    @property
    def has_session(self) -> bool:
        """Whether the server gave a cookie that is sent back to it."""
        paths = {cookie.path for cookie in self._session.cookies}
        asked = (requests.Request("GET", self.address.origin + path).prepare() for path in paths)
        return any(get_cookie_header(self._session.cookies, each) for each in asked)  # type: ignore[no-untyped-call]

    def sign(self, username: str, password: str) -> None:
        """Send the account with everything from now on (HTTP Basic, in UTF-8)."""
        given = b64encode(f"{username}:{password}".encode()).decode()
        self._session.headers["Authorization"] = f"Basic {given}"

    def stop(self) -> None:
        """End whatever waits for an answer, and ask nothing more."""
        self._clock.stop()

    def last_words(self, seconds: float) -> None:
        """Allow this thread ``seconds`` for what must still be said, though the run is over; no other may ask any more."""
        self._clock.last_words(seconds)

    def close(self) -> None:
        """Close all connections."""
        self._session.close()

    def get(self, path: str, query: Mapping[str, str] | None = None) -> Answer:
        """A successful answer to GET, which is repeated where the trouble may pass.

        Raises:
            ProbeError: there is none.
        """
        import stamina  # noqa: PLC0415 - only where something is read over HTTP
        from stamina.instrumentation import set_on_retry_hooks  # noqa: PLC0415

        set_on_retry_hooks([])  # what was asked, and what came of it, is said once, at the end
        tried = 0
        for attempt in stamina.retry_context(
            on=self._waits, attempts=ATTEMPTS, timeout=None, wait_initial=0.2, wait_max=2.0, wait_jitter=0.2
        ):
            with attempt:
                tried += 1
                return self._successful(self.ask("GET", path, query), tried)
        raise AssertionError(path)  # pragma: no cover - the last attempt returns or raises

    def _waits(self, error: Exception) -> bool:
        """Whether to try again after ``error``; waits as long as the server asks for."""
        if not isinstance(error, PassingError):
            return False
        if self._clock.is_stopped or self._clock.is_over:
            return False
        if error.wait is None:
            return True
        run_until = self._clock.limits.run_until
        if error.wait > LONGEST_WAIT or (run_until is not None and time.monotonic() + error.wait >= run_until):
            return False
        self._clock.wait(error.wait)  # here, since an interruption must end it
        return True

    def _successful(self, answer: Answer, attempts: int) -> Answer:
        if answer.status == HTTPStatus.OK:
            return answer
        where = f"{self.address} {answer.call}"
        refusal = bad_status(answer.asked, answer.call, answer.status, attempts=attempts, wait=_wait(answer.headers))
        raise refusal.at(where)

    def ask(
        self,
        method: Method,
        path: str,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """The answer to a request, whatever its status; only a GET is redirected, within its own host.

        Args:
            method: GET, POST or PUT.
            path: below the root address.
            query: of the address.
            body: sent as JSON.
            headers: sent with this request alone.

        Raises:
            ProbeError: there is none.
        """
        asked = str(self.address)
        call = f"{method} {path}" + (f"?{'&'.join(f'{key}={value}' for key, value in query.items())}" if query else "")
        url = self.address.origin + path
        sent = False
        try:
            with self._clock.running():
                sent = True
                for _ in range(_MOST_REDIRECTS + 1):
                    response = self._send(method, url, query, body, headers)
                    with response:
                        if response.status_code not in _REDIRECTS:
                            return read(asked, call, response)
                        url, query = self._next(method, call, url, response.headers.get("Location", "")), None
                raise redirected_in_circles(asked, call, _MOST_REDIRECTS)
        except ProbeError as error:
            if error.unknown.failure is Failure.NOT_ASKED and sent and self._clock.is_over:
                error = over(asked, call)
            raise error.at(f"{asked} {call}") from None
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise trouble(asked, call, error, self._clock, HINTS).at(f"{asked} {call}") from None

    def _send(
        self, method: Method, url: str, query: Mapping[str, str] | None, body: Any, headers: Mapping[str, str] | None
    ) -> requests.Response:
        seconds = self._clock.left()
        within = (seconds, seconds)
        return self._session.request(
            method, url, params=query, json=body, headers=headers, stream=True, allow_redirects=False, timeout=within
        )

    def _next(self, method: Method, call: str, url: str, location: str) -> str:
        """Where a redirect leads to.

        Raises:
            ProbeError: to another server, or it is no GET.
        """
        asked = str(self.address)
        try:
            parts = urlsplit(urljoin(url, location))
            there = Address.parse(parts._replace(path="", query="", fragment="").geturl())
        except ValueError:
            raise redirected(asked, call, "") from None
        if method != "GET" or not location or there.origin != self.address.origin or parts.username is not None:
            raise redirected(asked, call, there.origin if there.origin != self.address.origin else "")
        return parts._replace(fragment="").geturl()


def _wait(headers: Mapping[str, str]) -> float | None:
    """The seconds of Retry-After; None where it is not there, or a date."""
    given = headers.get("Retry-After", "").strip()
    return float(given) if given.isascii() and given.isdigit() and len(given) < 7 else None
