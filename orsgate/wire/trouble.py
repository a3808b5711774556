# SPDX-License-Identifier: Apache-2.0
"""A failure to learn something from a server, as an exception on its way to the fact that it leaves unknown."""

from __future__ import annotations

import errno
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from orsgate.estate.knowledge import Failure, Unknown

_T = TypeVar("_T")
_LONGEST_QUOTE = 200
NO_WAY_THERE = frozenset(
    getattr(errno, name)
    for name in (
        "EHOSTUNREACH", "ENETUNREACH", "EHOSTDOWN", "ENETDOWN", "EADDRNOTAVAIL", "EACCES", "EPERM",
        "WSAEHOSTUNREACH", "WSAENETUNREACH", "WSAEADDRNOTAVAIL", "WSAEACCES",
    )
    if hasattr(errno, name)
)  # fmt: skip
"""What connecting ends with where there is no way to the other side."""


class ProbeError(Exception):
    """Something could not be learnt.

    Attributes:
        unknown: the failure to know, ready to stand in place of the fact.
        fatal: whether the connection is of no use any more.
    """

    def __init__(self, unknown: Unknown, *, fatal: bool = True) -> None:
        super().__init__(unknown.cause)
        self.unknown = unknown
        self.fatal = fatal

    def at(self, where: str) -> ProbeError:
        """The same trouble, met at ``where``."""
        return type(self)(replace(self.unknown, where=where), fatal=self.fatal)


def attempt(learn: Callable[[], _T]) -> _T | Unknown:
    """What ``learn`` gives, or the failure to know it."""
    try:
        return learn()
    except ProbeError as error:
        return error.unknown


def probe_error(cause: str, failure: Failure, *, fatal: bool = True) -> ProbeError:
    """The trouble with this one sentence."""
    return ProbeError(Unknown(cause=cause, failure=failure), fatal=fatal)


def quote(text: str, secret: str = "") -> str:
    """Foreign text, fit to stand in a sentence: printable, short, and without ``secret``."""
    if secret:
        text = text.replace(secret, "***")
    text = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 3] + "..."


def interrupted() -> ProbeError:
    """The run was cancelled."""
    return probe_error("the run was interrupted before this was asked", Failure.NOT_ASKED)


def run_over() -> ProbeError:
    """The deadline of the whole run passed."""
    return probe_error("the run's deadline passed before this was asked (allow more with --timeout)", Failure.NOT_ASKED)


def unresolved(host: str) -> ProbeError:
    """The name service knows no address for ``host``."""
    return probe_error(f"{host} does not resolve on this host (check the name, DNS and the hosts file)", Failure.UNREACHABLE)


def resolving_timed_out(host: str, seconds: float) -> ProbeError:
    """The name service did not answer in time."""
    cause = f"{host} could not be resolved within {seconds:g} s (does the DNS server of this host answer?)"
    return probe_error(cause, Failure.TIMEOUT)
