# SPDX-License-Identifier: Apache-2.0
"""What the failover test asks of ORS over HTTP: whether it answers, and whether it knows a session."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal, Protocol
from urllib.parse import quote

from orsgate.estate.deployment import Response
from orsgate.estate.inventory import Application
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.wire.trouble import attempt

HELP = "/ors/help"
"""Asks for nothing and changes nothing; builds before 8.1.400.55 answer that they do not know it, which is an answer."""


class HttpClient(Protocol):
    """Sends one request, follows no redirect and repeats nothing."""

    def ask(
        self,
        method: Literal["GET", "POST"],
        base_url: str,
        path: str,
        form: Mapping[str, str] | None = None,
        seconds: float | None = None,
    ) -> Response:
        """The whole answer, whatever its status.

        Raises:
            ProbeError: there is none.
        """


@dataclass(frozen=True, slots=True)
class Side:
    """One application of a pair, as it is asked over HTTP.

    Attributes:
        url: its address, or why it is not known.
    """

    name: str
    url: str | Unknown
    client: HttpClient

    def answer(self, seconds: float) -> Response | Unknown:
        """What it answers when it is asked for help."""
        return self._asked(HELP, seconds)

    def query(self, session: str, seconds: float) -> Response | Unknown:
        """What it answers when it is asked for a session."""
        return self._asked(f"/scxml/session/{quote(session, safe='~')}/query", seconds)

    def _asked(self, path: str, seconds: float) -> Response | Unknown:
        if isinstance(self.url, Unknown):
            return self.url
        return attempt(partial(self.client.ask, "GET", self.url, path, None, seconds))


def address_of(application: Application, *, has_none: bool = False) -> str | Unknown:
    """Where an application answers HTTP: ``http`` of the estate file, else its host and the port ``http``.

    Args:
        application: whose address.
        has_none: whether the estate file says ``http = false``.
    """
    if has_none:
        cause = f"the estate file says http = false for {application.name}"
        return Unknown(cause, application.origin.at("http"), Failure.NOT_GIVEN)
    if application.http:
        return application.http.rstrip("/")
    for known in (application.host, application.ports):
        if isinstance(known, Unknown):
            return known
    assert not isinstance(application.host, Unknown)  # noqa: S101 - for the type checker
    assert not isinstance(application.ports, Unknown)  # noqa: S101 - for the type checker
    if "http" not in application.ports:
        cause = f'the HTTP address of {application.name} is not known; write http = "http://HOST:PORT" into the estate file'
        return Unknown(cause, application.origin.at("http"), Failure.NOT_GIVEN)
    host = f"[{application.host}]" if ":" in application.host else application.host
    return f"http://{host}:{application.ports['http']}"
