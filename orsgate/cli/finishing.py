# SPDX-License-Identifier: Apache-2.0
"""Ctrl-C and SIGTERM that let what is under way be finished: the first asks to end, the second ends at once."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from orsgate.cli.say import say

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def finishing_first(what: str) -> Iterator[Callable[[], bool]]:
    """Tell whether a signal asked to end, and let nothing be cut short by the first one.

    Args:
        what: is finished first, for the sentence that says so.

    Yields:
        whether to end.
    """
    asked = threading.Event()
    before = {int(number): signal.getsignal(number) for number in _SIGNALS}

    def note(number: int, frame: FrameType | None) -> None:
        del frame
        if asked.is_set():
            signal.signal(number, before[number])
            raise KeyboardInterrupt
        asked.set()
        say(f"interrupted: {what} is finished first; once more ends it at once", err=True)

    try:
        for number, handler in before.items():
            if handler is not signal.SIG_IGN:
                signal.signal(number, note)
        yield asked.is_set
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
