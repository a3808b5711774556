# SPDX-License-Identifier: Apache-2.0
"""The HTTP client for ORS: each request is sent once, and its answer is a fact whatever it says.

It follows no redirect, keeps no cookie, uses no proxy and repeats nothing: a repeated start would be a second session.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Literal

import requests
import urllib3.exceptions

from orsgate.estate.deployment import Response
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.probes.ors.reading import other_session_in, session_in, shown, text_of
from orsgate.wire.deadline import Limits
from orsgate.wire.http.address import Address
from orsgate.wire.http.bodies import whole_body
from orsgate.wire.http.clock import Clock
from orsgate.wire.http.connecting import session_of, trouble
from orsgate.wire.http.trouble import Hints, over
from orsgate.wire.trouble import ProbeError, probe_error

Method = Literal["GET", "POST"]

AT_ONCE = 16
"""Requests that are under way at the most."""
LARGEST_BODY = 2**20
LARGEST_HEAD = 2**16
"""Bytes of the headers of an answer."""
TWIN_HEADER = "X-Orsgate-Twin"
"""By which what stands in for ORS says so."""
HINTS = Hints(
    "http, or host and ports, of the application", "allow more with [active] timeout", "the authorities that are trusted"
)


class AskError(ProbeError):
    """There is no whole, well-formed answer.

    Attributes:
        sent: whether any of the request went out, so that it may have been done though nobody said so.
    """

    def __init__(self, unknown: Unknown, *, sent: bool) -> None:
        super().__init__(unknown)
        self.sent = sent

    def at(self, where: str) -> AskError:
        """The same trouble, met at ``where``."""
        return AskError(replace(self.unknown, where=where), sent=self.sent)


class OrsClient:
    """Asks any number of ORS servers; may be used by several threads.

    Args:
        limits: of each answer and of the run.
        ca_file: authorities to trust; None: those that this host trusts.

    Raises:
        OSError: ``ca_file`` cannot be used.
    """

    def __init__(self, limits: Limits, ca_file: Path | None = None) -> None:
        self.limits = limits
        self._ca_file = ca_file
        self._clock = Clock(limits, AT_ONCE)
        self._session = session_of(self._clock, ca_file, HINTS, connections=0, hosts=AT_ONCE)
        self._session.cookies.set_policy(_NoCookies())
        self._session.headers["Accept"] = "*/*"
        self._session.headers["Connection"] = "close"  # a kept one can end just when a start is sent

    def apart(self, limits: Limits) -> OrsClient:
        """Another client that trusts the same authorities, with limits of its own: what stops this one does not stop it."""
        return OrsClient(limits, self._ca_file)

    def ask(
        self,
        method: Method,
        base_url: str,
        path: str,
        form: Mapping[str, str] | None = None,
        seconds: float | None = None,
    ) -> Response:
        """The answer to a request, whatever its status.

        Args:
            method: GET or POST.
            base_url: of the server, such as ``http://ors-1:7210``.
            path: of ``calls``.
            form: sent as ``application/x-www-form-urlencoded``.
            seconds: from connecting to the end of the answer; None: what the limits say.

        Raises:
            AskError: there is no whole, well-formed answer; its sentence says why.
        """
        call = f"{method} {path}"
        try:
            address = Address.parse(base_url)
        except ValueError:
            cause = f"{shown(base_url, 100)} is no web address (check {HINTS.address})"
            raise AskError(Unknown(cause, call, Failure.NOT_GIVEN), sent=False) from None
        asked = str(address)
        where = f"{asked} {call}"
        begun = False
        try:
            with self._clock.running(seconds):
                begun = True
                try:
                    return self._answer(method, address, path, call, form)
                except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
                    raise trouble(asked, call, error, self._clock, HINTS) from None
        except ProbeError as error:
            if error.unknown.failure is Failure.NOT_ASKED and begun and self._clock.is_over:
                error = over(asked, call)
            raise AskError(replace(error.unknown, where=where), sent=begun and self._clock.sent) from None

    def _answer(self, method: Method, address: Address, path: str, call: str, form: Mapping[str, str] | None) -> Response:
        asked = str(address)
        seconds = self._clock.left()
        url = address.origin + address.path + path
        started = time.monotonic()
        within = (seconds, seconds)
        response = self._session.request(method, url, data=form, stream=True, allow_redirects=False, timeout=within)
        with response:
            headers = response.raw.headers
            if sum(len(name) + len(value) + 4 for name, value in headers.items()) > LARGEST_HEAD:
                cause = f"{asked} answered {call} with more than {LARGEST_HEAD // 2**10} KB of headers, which is not read"
                raise probe_error(cause, Failure.GARBLED)
            text = text_of(whole_body(asked, call, response, LARGEST_BODY))
            cookies = headers.getlist("Set-Cookie")
            session = session_in(text, cookies)
        return Response(
            call=call,
            where=f"{asked} {call}",
            status=response.status_code,
            location=_location(headers.get("Location", "")),
            session=session,
            body=shown(text),
            seconds=round(time.monotonic() - started, 3),
            stand_in=shown(headers.get(TWIN_HEADER, ""), 100),
            other_session=shown(other_session_in(session, cookies), 200),
        )

    def stop(self) -> None:
        """End whatever waits for an answer, and ask nothing more."""
        self._clock.stop()

    def close(self) -> None:
        """Close all connections."""
        self._session.close()


class _NoCookies(requests.cookies.cookielib.DefaultCookiePolicy):  # type: ignore[misc, name-defined]
    """Takes none and gives none."""

    def __init__(self) -> None:
        super().__init__(allowed_domains=[])


def _location(given: str) -> str:
    """Where a redirect leads to, without an account that it may hold."""
    head, sign, rest = given.partition("://")
    if sign:
        authority = rest.partition("/")[0]
        given = f"{head}://{rest[authority.rfind('@') + 1 :]}"
    return shown(given)
