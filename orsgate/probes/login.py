# SPDX-License-Identifier: Apache-2.0
"""Logging in to many nodes without locking an account: a refusal by one of them is the last attempt."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from orsgate.estate.knowledge import Failure
from orsgate.probes.trouble import login_held_up
from orsgate.wire.deadline import Deadline
from orsgate.wire.trouble import ProbeError

_LONGEST_WAIT = 3.0
"""Seconds to wait for the outcome of somebody else's first attempt: a node that never answers it must not hold up all."""


@dataclass(frozen=True, slots=True)
class Login:
    """An account that may read.

    Attributes:
        username: its name.
        password: never shown.
    """

    username: str
    password: str = field(repr=False)


class LoginGate:
    """Lets the probes of one ring log in; the first one alone, and nobody after a refusal.

    Every node of a ring has the same accounts, so that the first refusal is the answer for all of them.

    Attributes:
        login: the account.
    """

    def __init__(self, login: Login) -> None:
        self.login = login
        self._turn = threading.Lock()
        self._overtaking = threading.Lock()
        self._accepted = False
        self._refusal: ProbeError | None = None

    def check(self) -> None:
        """Raises the refusal (ProbeError) where the login was refused before."""
        if self._refusal is not None:
            raise self._refusal

    @contextmanager
    def attempt(self, asked: str, deadline: Deadline) -> Iterator[None]:
        """The block logs in to the node ``asked``, and its ProbeError ``denied`` is remembered.

        Raises:
            ProbeError: somebody was refused before, or nobody has been answered yet; the block does not run then.
        """
        turn = self._take_turn(asked, deadline)
        try:
            self.check()
            yield
            self._accepted = True
        except ProbeError as error:
            if error.unknown.failure is Failure.DENIED:
                self._refusal = self._refusal or error
            raise
        finally:
            if turn is not None:
                turn.release()

    def _take_turn(self, asked: str, deadline: Deadline) -> threading.Lock | None:
        """A turn to be given back; None where everybody may try.

        Whoever waited in vain for the one whose turn it is takes it over alone: they must not all try at once then.

        Raises:
            ProbeError: no turn came up in half the time that is left.
        """
        until = time.monotonic() + deadline.left() / 2
        while not self._accepted and (wait := until - time.monotonic()) > 0:
            turn = self._turn
            if turn.acquire(timeout=min(_LONGEST_WAIT, wait)):
                if turn is self._turn:
                    return turn
                turn.release()  # of one that was overtaken
                continue
            with self._overtaking:
                if turn is self._turn and until > time.monotonic():
                    self._turn = threading.Lock()
                    self._turn.acquire()
                    return self._turn
        if not self._accepted:
            self.check()
            raise login_held_up(asked)
        return None
