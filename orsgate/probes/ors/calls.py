# SPDX-License-Identifier: Apache-2.0
"""Paths of the HTTP interface of ORS.

Source: Genesys, Orchestration Server Developer's Guide, "External Interfaces"; ``/ors/help`` is there from 8.1.400.55 on.
"""

from __future__ import annotations

from urllib.parse import quote

HELP = "/ors/help"
"""Help for the interface: asks for nothing and changes nothing. Builds before 8.1.400.55 answer that they do not know it."""
START = "/scxml/session/start"
"""POST; the form names the document in ``src``."""


def query(session: str) -> str:
    """GET: the state of a session."""
    return _of(session, "query")


def event(session: str, name: str) -> str:
    """POST: sends an event to a session."""
    return _of(session, f"event/{_quoted(name)}")


def terminate(session: str) -> str:
    """POST: ends a session."""
    return _of(session, "terminate")


def can_be_asked_for(session: str) -> bool:
    """Whether a path can name the session; what is no more than dots would lead elsewhere."""
    return bool(session.strip("."))


def _of(session: str, call: str) -> str:
    return f"/scxml/session/{_quoted(session)}/{call}"


def _quoted(text: str) -> str:
    return quote(text, safe="~", errors="replace")
