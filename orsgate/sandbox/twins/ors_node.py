# SPDX-License-Identifier: Apache-2.0
"""A node of ORS: a Primary and its Backup, and who of them serves (warm standby).

The first that runs alone serves: a Primary at once, a Backup after the time a takeover takes. Who comes while the other one
serves is in standby, also a Primary that comes back: the pair is switched over then, until the Backup stops.
"""

from __future__ import annotations

import threading
from abc import abstractmethod
from typing import Protocol

from orsgate.sandbox.errors import SandboxError


class Member(Protocol):
    """What a node knows of the twins in it."""

    @property
    @abstractmethod
    def is_primary(self) -> bool:
        """Whether it is configured as the Primary."""

    @property
    @abstractmethod
    def takes_over_after(self) -> float | None:
        """Seconds until it takes over from one that stopped; None for never."""

    @abstractmethod
    def serve(self, why: str) -> None:
        """Goes into Primary mode.

        Raises:
            SandboxError: it cannot.
        """

    @abstractmethod
    def trouble(self, told: str) -> None:
        """Takes down what went wrong, for a person."""


class OrsNode:
    """One node.

    Attributes:
        dbid: of the Primary.
        lock: held while roles change; whoever starts or stops a member holds it too.
    """

    def __init__(self, dbid: int) -> None:
        self.dbid = dbid
        self.lock = threading.RLock()
        self._running: list[Member] = []
        self._serving: Member | None = None
        self._timer: threading.Timer | None = None

    @property
    def serving(self) -> Member | None:
        """The member in Primary mode."""
        return self._serving

    def joined(self, member: Member) -> None:
        """A member runs now."""
        with self.lock:
            self._running.append(member)
            if self._serving is not None:
                return
            if member.is_primary:
                self._promote(member, "it is the Primary, and no other serves")
            else:
                self._promote_later(member)

    def left(self, member: Member) -> None:
        """A member does not run any more."""
        with self.lock:
            self._running = [one for one in self._running if one is not member]
            if self._serving is member:
                self._serving = None
            if self._serving is None:
                self._cancel()
                for other in self._running:
                    self._promote_later(other)

    def close(self) -> None:
        """Nobody takes over any more."""
        with self.lock:
            self._cancel()
            self._running.clear()

    def _promote_later(self, member: Member) -> None:
        after = member.takes_over_after
        if after is None:
            return
        self._cancel()
        self._timer = threading.Timer(after, self._take_over, (member,))
        self._timer.daemon = True
        self._timer.start()

    def _take_over(self, member: Member) -> None:
        with self.lock:
            if self._serving is None and member in self._running:
                try:
                    self._promote(member, "the other one of the pair does not run: takeover")
                except SandboxError as error:
                    self._serving = None
                    member.trouble(f"Takeover failed: {error}")

    def _promote(self, member: Member, why: str) -> None:
        self._cancel()
        self._serving = member
        member.serve(why)

    def _cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
