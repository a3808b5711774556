# SPDX-License-Identifier: Apache-2.0
"""How long the probe may take: for a call, for connecting, and for the whole run."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from orsgate.wire.trouble import interrupted, run_over

_SLICE = 0.2


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of a probe.

    Attributes:
        call: seconds for one call, with whatever connecting and logging in it takes.
        connect: seconds of these for connecting.
        run_until: end of the whole run on the clock of ``time.monotonic``.
        cancel: set when the run is interrupted.
    """

    call: float = 15.0
    connect: float = 3.0
    run_until: float | None = None
    cancel: threading.Event | None = None

    def deadline(self, seconds: float | None = None) -> Deadline:
        """The deadline of a call that begins now and may take ``seconds``; None: as long as any call."""
        within = self.call if seconds is None else seconds
        return Deadline(self, time.monotonic() + within, within)

    def check_run(self) -> None:
        """Raises ProbeError (``not_asked``) when the run was interrupted or its time is up."""
        if self.cancel is not None and self.cancel.is_set():
            raise interrupted()
        if self.run_until is not None and time.monotonic() >= self.run_until:
            raise run_over()


@dataclass(frozen=True, slots=True)
class Deadline:
    """The absolute deadline of one call, never later than that of the run.

    Attributes:
        limits: of the run.
        until: when the call's own time is up, on the clock of ``time.monotonic``.
        seconds: how much that was, for the sentence that says so.
    """

    limits: Limits
    until: float
    seconds: float

    def left(self) -> float:
        """Seconds left, 0 or less when the deadline has passed.

        Raises:
            ProbeError: the run itself is over.
        """
        self.limits.check_run()
        now = time.monotonic()
        run_until = self.limits.run_until
        return self.until - now if run_until is None else min(self.until, run_until) - now

    def slice(self) -> float:
        """Seconds to wait before looking at the run again: an interruption must not wait for a silent server."""
        return min(max(self.left(), 0.0), _SLICE)

    def passed(self) -> bool:
        """Whether the call's time is up.

        Raises:
            ProbeError: the run itself is over.
        """
        return self.left() <= 0
