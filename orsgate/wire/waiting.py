# SPDX-License-Identifier: Apache-2.0
"""Waiting in the main thread for what other threads do, so that an interruption is noticed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TypeVar

from orsgate.wire.observer import Observer

T = TypeVar("T")

_POLL = 0.1


def result_of(future: Future[T]) -> T:
    """The result of ``future``.

    A wait without end is not ended by a signal that comes just before it begins, and by none on Windows.

    Raises:
        Exception: what the thread raised.
    """
    while not future.done():
        wait((future,), _POLL)
    return future.result()


def results_of(futures: Sequence[Future[T]], what: str, observer: Observer) -> list[T]:
    """The results of ``futures``, in their order; ``observer`` is told how many there are of ``what`` they do.

    Raises:
        Exception: what the first thread raised that did.
    """
    observer(what, 0, len(futures))
    found = []
    for number, future in enumerate(futures, 1):
        found.append(result_of(future))
        observer(what, number, len(futures))
    return found


def all_done(work: Sequence[Callable[[], T]], at_once: int, what: str, observer: Observer, stop: Callable[[], None]) -> list[T]:
    """Do everything in threads, and give the results in the order of ``work``.

    Args:
        work: what to do.
        at_once: how much of it at the same time, at the most.
        what: it is, for ``observer``.
        observer: told how much is done.
        stop: ends what is under way where the user interrupts, or something goes wrong; what has not begun is left.

    Raises:
        Exception: what the first of it raised that did.
        KeyboardInterrupt: the user does not want to wait.
    """
    with ThreadPoolExecutor(at_once, thread_name_prefix=what) as pool:
        try:
            return results_of([pool.submit(each) for each in work], what, observer)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            stop()
            raise
