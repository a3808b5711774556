# SPDX-License-Identifier: Apache-2.0
"""The progress bar while facts are collected; only on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Observer = Callable[[str, int, int], None]
"""Takes what is being read, how many of it are done, and how many there are."""


def _silent(_what: str, _done: int, _total: int) -> None:
    return


@contextmanager
def progress(*, enabled: bool) -> Iterator[Observer]:
    """Show a progress bar on standard error, where that is a terminal.

    Yields:
        the observer to tell about progress; it may be called from any thread.
    """
    if not enabled or sys.stderr is None or not sys.stderr.isatty():
        yield _silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks = {}

        def show(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=total)
            bar.update(tasks[what], completed=done, total=total)

        yield show
