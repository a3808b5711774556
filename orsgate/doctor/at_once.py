# SPDX-License-Identifier: Apache-2.0
"""Doing the same with many things at the same time, in threads that do not keep the process from ending."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import TypeVar

MOST_AT_ONCE = 16

A = TypeVar("A")
B = TypeVar("B")

_POLL = 0.1


def at_once(do: Callable[[A], B], items: Iterable[A]) -> list[B]:
    """What ``do`` gives for each of ``items``, in their order; at most ``MOST_AT_ONCE`` run at the same time.

    Raises:
        Exception: the first one that ``do`` raised.
    """
    waiting: SimpleQueue[tuple[int, A]] = SimpleQueue()
    for numbered in enumerate(items):
        waiting.put(numbered)
    found: dict[int, B] = {}
    broken: list[Exception] = []

    def work() -> None:
        with suppress(Empty):
            while not broken:
                number, item = waiting.get_nowait()
                try:
                    found[number] = do(item)
                except Exception as error:  # noqa: BLE001 - it is raised where the results are waited for
                    broken.append(error)

    threads = [threading.Thread(target=work, daemon=True) for _ in range(min(MOST_AT_ONCE, waiting.qsize()))]
    for thread in threads:
        thread.start()
    for thread in threads:
        while thread.is_alive():
            thread.join(_POLL)  # never for long: an interruption must be noticed on Windows, too
    if broken:
        raise broken[0]
    return [found[number] for number in sorted(found)]
