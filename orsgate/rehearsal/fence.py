# SPDX-License-Identifier: Apache-2.0
"""An absolute deadline for everything that this process does, whatever it waits for."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_SOONEST = 0.001
"""Seconds; a timer of 0 seconds would be none."""


class DeadlinePassedError(BaseException):
    """The time that was allowed is over.

    No ``Exception``, as ``KeyboardInterrupt`` is none: it is raised once, wherever the program is, and a library that goes on
    after any ``Exception`` must not go on after this.
    """


@contextmanager
def fence(until: float | None) -> Iterator[None]:
    """Ends the block when its time is over; for the main thread of a system with SIGALRM.

    Args:
        until: as ``time.monotonic`` counts; None for no deadline.

    Raises:
        DeadlinePassedError: the block was ended.
    """
    if until is None:
        yield
        return
    done = False

    def over(_signal: int, _frame: FrameType | None) -> None:
        if not done:  # an alarm on the way when the block ended has nothing left to end
            raise DeadlinePassedError

    began, outer = time.monotonic(), 0.0
    handler = signal.signal(signal.SIGALRM, over)
    try:
        outer, _ = signal.setitimer(signal.ITIMER_REAL, max(_SOONEST, until - began))
        try:
            yield
        finally:
            done = True
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, handler)
        if outer:
            signal.setitimer(signal.ITIMER_REAL, max(_SOONEST, outer - (time.monotonic() - began)))
