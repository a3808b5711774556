# SPDX-License-Identifier: Apache-2.0
"""An absolute deadline for everything that this process does, whatever it waits for."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_SOONEST = 0.001
"""A timer of 0 seconds would be none."""


class DeadlinePassedError(Exception):
    """The time that was allowed is over."""


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
    handler = signal.signal(signal.SIGALRM, _over)
    outer, _ = signal.setitimer(signal.ITIMER_REAL, max(_SOONEST, until - time.monotonic()))
    began = time.monotonic()
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, handler)
        if outer:
            signal.setitimer(signal.ITIMER_REAL, max(_SOONEST, outer - (time.monotonic() - began)))


def _over(_signal: int, _frame: FrameType | None) -> None:
    raise DeadlinePassedError
