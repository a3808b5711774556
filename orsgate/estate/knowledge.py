# SPDX-License-Identifier: Apache-2.0
"""What is known and what is not: every fact is a value or an ``Unknown`` that says why it could not be learnt."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Basis(StrEnum):
    """How a fact came to be known; a result carries the weakest basis it rests on."""

    OBSERVED = "observed"
    """Read from a system, or from a file that the system itself exported."""
    DECLARED = "declared"
    """Typed in the estate file."""
    ATTESTED = "attested"
    """A person's statement."""


class _Strength(IntEnum):
    ATTESTED = 0
    DECLARED = 1
    OBSERVED = 2


def weakest(bases: set[Basis]) -> Basis:
    """The weakest of ``bases`` (attested < declared < observed); ``observed`` for none."""
    return min(bases, key=lambda basis: _Strength[basis.name], default=Basis.OBSERVED)


class Failure(StrEnum):
    """Why something could not be learnt, where the kind of failure decides what may be concluded from it."""

    NOT_GIVEN = "not_given"
    """Nobody said it and nothing was asked for it."""
    MISSING = "missing"
    """The file or object is not there."""
    UNREADABLE = "unreadable"
    """It is there and could not be read or understood."""
    REFUSED = "refused"
    """The other side is reachable and refused the connection (a closed port)."""
    TIMEOUT = "timeout"
    """No complete answer before the deadline."""
    UNREACHABLE = "unreachable"
    """No route, or a name that does not resolve, seen from this host."""
    CLOSED = "closed"
    """The connection was accepted and closed before the answer was complete."""
    GARBLED = "garbled"
    """What answered does not speak the protocol, or announced more than may be read."""
    DENIED = "denied"
    """The account may not read it, or its credentials were not accepted."""
    UNTRUSTED = "untrusted"
    """No TLS connection: the certificate of the other side, or ours, was not accepted, or one side does not speak TLS."""
    NOT_ASKED = "not_asked"
    """Left out on purpose (offline, another part, interrupted, the run's deadline passed)."""
    REJECTED = "rejected"
    """The server understood the question and answered that it cannot tell."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A failure to know; it never counts as absent.

    Attributes:
        cause: one sentence that a person can act on; the same trouble has the same sentence everywhere, since
            results are grouped by it.
        where: where it was looked for (``path:line`` or ``host:port call``).
        failure: the kind of failure.
    """

    cause: str
    where: str = ""
    failure: Failure = Failure.UNREADABLE


def not_visible(kind: str, called: str, where: str) -> Unknown:
    """The failure to know an object that is referred to and was not shown, which Configuration Server does without an error."""
    return Unknown(f"the {kind} {called} is not visible to this account, or deleted", where, Failure.DENIED)
