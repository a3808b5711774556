# SPDX-License-Identifier: Apache-2.0
"""The SCXML test document: it does nothing but wait, takes one event, and ends by itself if it is forgotten."""

from __future__ import annotations

from threading import Event
from typing import Protocol

from orsgate.estate.knowledge import Failure, Unknown

EVENT = "orsgate.ping"
"""The event that the document takes."""
LIVES_FOR = 900
"""Seconds after which it ends by itself."""

_TEXT = f"""\
<?xml version="1.0" encoding="UTF-8"?>
<!-- Test document of orsgate: it routes nothing, calls nothing, and ends by itself after {LIVES_FOR // 60} minutes. -->
<scxml version="1.0" xmlns="http://www.w3.org/2005/07/scxml" initial="idle" _persist="true">
  <state id="idle">
    <onentry>
      <send event="'orsgate.over'" delay="'{LIVES_FOR}s'"/>
    </onentry>
    <transition event="{EVENT}">
      <log expr="'orsgate: the test event arrived'"/>
    </transition>
    <transition event="orsgate.over" target="over"/>
  </state>
  <final id="over"/>
</scxml>
"""


def document() -> bytes:
    """The document.

    ``_persist`` on ``scxml`` is in the Genesys SCXML Technical Reference 8.1 (whether ORS 8.1.4 still heeds it is
    unconfirmed). That ``send`` takes expressions for ``event`` and ``delay`` is what the W3C draft of 2009 does on which
    the engine of ORS is based; unconfirmed for ORS itself.
    """
    return _TEXT.encode()


class Documents(Protocol):
    """Where sessions get the test document."""

    @property
    def address(self) -> str:
        """Of the document, for reports."""

    @property
    def lives_for(self) -> int | None:
        """Seconds after which a session ends by itself; None where that is not known."""

    def one(self) -> str:
        """An address for the next session."""

    def fetched(self, address: str, seconds: float, closing: Event) -> bool | Unknown:
        """Whether the document was fetched there; waits so long for it, or until ``closing`` is set."""


class ForeignDocument:
    """A document that ``[active] document_url`` names: who fetches it is not seen.

    Args:
        url: its address.
    """

    def __init__(self, url: str) -> None:
        self.address = url
        self.lives_for: int | None = None

    def one(self) -> str:
        """The address of the document, the same for every session."""
        return self.address

    def fetched(self, address: str, seconds: float, closing: Event) -> bool | Unknown:  # noqa: ARG002 - of the protocol
        """Not known: orsgate does not serve it."""
        cause = "whether the document was fetched is not seen where [active] document_url names it (--serve would show it)"
        return Unknown(cause, failure=Failure.NOT_ASKED)
