# SPDX-License-Identifier: Apache-2.0
"""The progress bar while facts are collected; only on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from orsgate.collection.observer import Observer, unobserved


@contextmanager
def progress(*, enabled: bool) -> Iterator[Observer]:
    """Show a progress bar on standard error, where that is a terminal.

    Yields:
        the observer to tell about progress; it may be called from any thread.
    """
    if not enabled or sys.stderr is None or not sys.stderr.isatty():
        yield unobserved
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
