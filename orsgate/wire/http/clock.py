# SPDX-License-Identifier: Apache-2.0
"""The deadline of what each thread asks by HTTP, and the end of every wait when the run is interrupted."""

from __future__ import annotations

import socket
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from orsgate.wire.deadline import Deadline, Limits
from orsgate.wire.resolve import Resolver
from orsgate.wire.trouble import interrupted

_SLICE = 0.2


class Clock:
    """Knows the deadline of what each thread is asking, and the connections that are open.

    Args:
        limits: of each answer and of the run.
        at_once: how much is asked at the same time at the most.
    """

    def __init__(self, limits: Limits, at_once: int) -> None:
        self.limits = limits
        self.resolver = Resolver()
        self._of = threading.local()
        self._turns = threading.BoundedSemaphore(at_once)
        self._open: weakref.WeakSet[socket.socket] = weakref.WeakSet()
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._speaker: int | None = None

    @contextmanager
    def running(self, seconds: float | None = None) -> Iterator[Deadline]:
        """The deadline of what is asked meanwhile in this thread; it begins when it is this thread's turn.

        Args:
            seconds: that it may take; None: what the limits say.

        Raises:
            ProbeError: the run itself is over.
        """
        self.check()
        while not self._turns.acquire(timeout=_SLICE):
            self.check()
        try:
            self._of.sent = False
            deadline = self._of.deadline = self.limits.deadline(seconds)
            yield deadline
        finally:
            self._of.deadline = None
            self._turns.release()

    def check(self) -> None:
        """Raises ProbeError (``not_asked``) when the run was interrupted or its time is up."""
        if self.is_stopped:
            raise interrupted()
        self.limits.check_run()

    @property
    def deadline(self) -> Deadline:
        """The deadline of what this thread asks."""
        found: Deadline = self._of.deadline
        return found

    @property
    def seconds(self) -> float:
        """How long what this thread asks may take; outside of ``running`` what any call may take."""
        found: Deadline | None = getattr(self._of, "deadline", None)
        return self.limits.call if found is None else found.seconds

    @property
    def sent(self) -> bool:
        """Whether anything of what this thread asked last went out, so that the other side may have heard it."""
        return getattr(self._of, "sent", False)

    def sending(self) -> None:
        """Remember that something of it goes out."""
        self._of.sent = True

    def left(self) -> float:
        """Seconds left for it.

        Raises:
            TimeoutError: none is left.
            ProbeError: the run itself is over.
        """
        self.check()
        left = self.deadline.left()
        if left <= 0:
            raise TimeoutError
        return left

    def watch(self, sock: socket.socket) -> None:
        """Remember an open connection, so that ``stop`` reaches whoever waits on it."""
        with self._lock:
            self._open.add(sock)
        if self.is_stopped:
            _shut(sock)

    def stop(self) -> None:
        """End every wait at once, and let none begin."""
        self._stopped.set()
        with self._lock:
            waited_on = list(self._open)
        for sock in waited_on:
            _shut(sock)

    @property
    def is_stopped(self) -> bool:
        """Whether the run was interrupted, and this thread is not the one that still has something to say."""
        return self._stopped.is_set() and self._speaker != threading.get_ident()

    def wait(self, seconds: float) -> None:
        """Wait so long, or until the run is interrupted."""
        self._stopped.wait(seconds)

    @property
    def is_over(self) -> bool:
        """Whether the time of the run is up."""
        until = self.limits.run_until
        return until is not None and time.monotonic() >= until

    def last_words(self, seconds: float) -> None:
        """Allow this thread ``seconds`` for what must still be said, though the run is over; no other may ask any more."""
        self.limits = Limits(call=min(seconds, self.limits.call), connect=min(seconds, self.limits.connect))
        self._speaker = threading.get_ident()
        self._stopped.set()


def _shut(sock: socket.socket) -> None:
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
