# SPDX-License-Identifier: Apache-2.0
"""Waiting in the main thread for what other threads do, so that an interruption is noticed."""

from __future__ import annotations

from concurrent.futures import Future, wait
from typing import TypeVar

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
