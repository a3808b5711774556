# SPDX-License-Identifier: Apache-2.0
"""What the failover test asks of ORS over HTTP: whether it answers, and whether it knows a session."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal, Protocol

from orsgate.estate.deployment import Response
from orsgate.estate.knowledge import Unknown
from orsgate.probes.ors.calls import HELP, query
from orsgate.wire.trouble import attempt


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
        return self._asked(query(session), seconds)

    def _asked(self, path: str, seconds: float) -> Response | Unknown:
        if isinstance(self.url, Unknown):
            return self.url
        return attempt(partial(self.client.ask, "GET", self.url, path, None, seconds))
