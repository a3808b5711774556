# SPDX-License-Identifier: Apache-2.0
"""The calls of the HTTP interface of ORS, as a path names them (Genesys, "External Interfaces", ORS 8.1.4)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote

Kind = Literal["help", "start", "query", "event", "request", "terminate", "other"]
EVERY_KIND: frozenset[Kind] = frozenset({"help", "start", "query", "event", "request", "terminate", "other"})

HELP = "/ors/help"
START = "/scxml/session/start"
_OF_SESSION = re.compile(r"/scxml/session/(?P<session>[^/]+)/(?P<kind>query|terminate|event|request)(?:/(?P<name>[^/]+))?")
_NAMED = ("event", "request")


@dataclass(frozen=True, slots=True)
class Call:
    """One call.

    Attributes:
        kind: what is asked for.
        method: such as ``POST``.
        target: path and query as they came, for a redirect.
        session: the session id in the path; empty for none.
        name: of the event or request.
        headers: of the request, names in lower case.
        body: of the request.
    """

    kind: Kind
    method: str
    target: str
    session: str = ""
    name: str = ""
    headers: Mapping[str, str] | None = None
    body: bytes = b""

    @property
    def content_type(self) -> str:
        """The type of the body, without its parameters."""
        return (self.headers or {}).get("content-type", "").partition(";")[0].strip().lower()

    @property
    def charset(self) -> str:
        """The character set that the type of the body names."""
        found = re.search(r"charset=\"?([\w-]+)", (self.headers or {}).get("content-type", ""))
        return found[1] if found else "utf-8"


def call_of(method: str, target: str, headers: Mapping[str, str], body: bytes) -> Call:
    """The call that a request makes.

    Args:
        method: such as ``POST``.
        target: path and query as they came.
        headers: in any letter case.
        body: of the request.
    """
    path = target.partition("?")[0]
    given = {name.lower(): value for name, value in headers.items()}
    if path in {HELP, START}:
        return Call("help" if path == HELP else "start", method, target, headers=given, body=body)
    found = _OF_SESSION.fullmatch(path)
    if found and (found["kind"] in _NAMED) == (found["name"] is not None):
        kind: Kind = found["kind"]  # type: ignore[assignment]  # the expression has no other
        return Call(kind, method, target, unquote(found["session"]), unquote(found["name"] or ""), given, body)
    return Call("other", method, target, headers=given, body=body)
