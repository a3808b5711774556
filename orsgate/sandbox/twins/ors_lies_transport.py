# SPDX-License-Identifier: Apache-2.0
"""Lies about the transport: calls that are done, or not, and whose answers come late, never, or as what no client expects."""

from __future__ import annotations

from dataclasses import dataclass

from orsgate.sandbox.twins.exchange import Answer
from orsgate.sandbox.twins.misbehaviour import (
    Close,
    Endless,
    Gone,
    Hang,
    HangInBody,
    Huge,
    Misbehaviour,
    RedirectLoop,
    Trickle,
    Truncated,
)
from orsgate.sandbox.twins.ors_calls import EVERY_KIND, Call, Kind
from orsgate.sandbox.twins.ors_lie import Lie
from orsgate.sandbox.twins.ors_misbehaviour import LargeHeaders, NoHttp, SlowStart


@dataclass(frozen=True, slots=True)
class Transport(Lie):
    """Something about the transport of some calls.

    Attributes:
        calls: which.
    """

    calls: frozenset[Kind] = EVERY_KIND


@dataclass(frozen=True, slots=True)
class SlowFirstByte(Transport):
    """Breaks patience: the first byte of the answer comes after a minute."""

    seconds: float = 60.0

    def afterwards(self, call: Call) -> Misbehaviour | None:
        """Waits first."""
        return SlowStart(self.seconds) if call.kind in self.calls else None


@dataclass(frozen=True, slots=True)
class HangsInBody(Transport):
    """Breaks patience: half of the answer comes, and then nothing more."""

    def afterwards(self, call: Call) -> Misbehaviour | None:
        """Sends the half."""
        return HangInBody() if call.kind in self.calls else None


@dataclass(frozen=True, slots=True)
class Silent(Transport):
    """Breaks patience: the connection is accepted, the call is not done, and nothing is ever answered."""

    def instead(self, call: Call) -> Misbehaviour | None:
        """Waits for ever."""
        return Hang() if call.kind in self.calls else None


@dataclass(frozen=True, slots=True)
class Trickles(Transport):
    """Breaks patience: the answer comes a byte at a time."""

    seconds: float = 5.0

    def afterwards(self, call: Call) -> Misbehaviour | None:
        """Sends it so."""
        return Trickle(self.seconds) if call.kind in self.calls else None


@dataclass(frozen=True, slots=True)
class ClosesUnanswered(Transport):
    """Breaks HTTP: the connection is closed without an answer, and the call is not done."""

    def instead(self, call: Call) -> Misbehaviour | None:
        """Closes it."""
        return Close() if call.kind in self.calls else None


@dataclass(frozen=True, slots=True)
class TruncatesBody(Transport):
    """Breaks HTTP: the body ends before the length that was promised."""

    def afterwards(self, call: Call) -> Misbehaviour | None:
        """Sends the half, and closes."""
        return Truncated() if call.kind in self.calls else None


@dataclass(frozen=True, slots=True)
class Garbage(Transport):
    """Breaks HTTP: the answer is no HTTP."""

    def instead(self, call: Call) -> Misbehaviour | None:
        """Sends something else."""
        return NoHttp() if call.kind in self.calls else None


@dataclass(frozen=True, slots=True)
class EndlessBody(Transport):
    """Breaks memory: the body never ends."""

    def instead(self, call: Call) -> Misbehaviour | None:
        """Sends it."""
        return Endless() if call.kind in self.calls else None


@dataclass(frozen=True, slots=True)
class HugeBody(Transport):
    """Breaks memory: the body has a gigabyte."""

    def instead(self, call: Call) -> Misbehaviour | None:
        """Sends it."""
        return Huge() if call.kind in self.calls else None


@dataclass(frozen=True, slots=True)
class HugeHeaders(Transport):
    """Breaks memory: the answer has a header of four megabytes."""

    def afterwards(self, call: Call) -> Misbehaviour | None:
        """Sends it so."""
        return LargeHeaders() if call.kind in self.calls else None


@dataclass(frozen=True, slots=True)
class LoopsRedirects(Transport):
    """Breaks clients that follow: every call is redirected to a place that redirects to itself."""

    def instead(self, call: Call) -> Misbehaviour | None:
        """Redirects it."""
        return RedirectLoop() if call.kind in self.calls else None


@dataclass(frozen=True, slots=True)
class DiesAtCall(Transport):
    """Breaks the server: it stops listening at the first call, though it says that it runs."""

    def instead(self, call: Call) -> Misbehaviour | None:
        """Dies."""
        return Gone() if call.kind in self.calls else None


@dataclass(frozen=True, slots=True)
class SuccessForEverything(Lie):
    """Breaks every check of a status: whatever is asked, also of sessions that never were, is answered 200."""

    def answered(self, call: Call, answer: Answer) -> Answer:
        """The same with the status 200."""
        del call
        return Answer(200, answer.body, answer.content_type, answer.headers)
