# SPDX-License-Identifier: Apache-2.0
"""Ctrl-C at a given moment, in the main thread of the test."""

from __future__ import annotations

import gc
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def interrupting(condition: Callable[[], bool]) -> Iterator[None]:
    """Sends SIGINT as soon as the condition holds; has ended when the block has.

    The garbage collector waits meanwhile: hypothesis adds a callback to it, and Python drops what is raised in one.
    """

    def interrupt() -> None:
        until = time.monotonic() + 30
        while not condition():
            assert time.monotonic() < until
            time.sleep(0.01)
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    was_on = gc.isenabled()
    gc.disable()
    try:
        thread.start()
        yield
        thread.join()
    finally:
        if was_on:
            gc.enable()
