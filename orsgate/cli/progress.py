# SPDX-License-Identifier: Apache-2.0
"""What is being done meanwhile: a progress bar on a terminal, else lines where it takes long."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import click

from orsgate.wire.observer import Observer, unobserved


@contextmanager
def progress(*, enabled: bool, lines: bool = False) -> Iterator[Observer]:
    """Show a progress bar on standard error, where that is a terminal.

    Args:
        enabled: whether to show anything.
        lines: where it is none, whether to write a line for each thing when it begins.

    Yields:
        the observer to tell about progress; it may be called from any thread.
    """
    if not enabled or sys.stderr is None or not (lines or sys.stderr.isatty()):
        yield unobserved
        return
    if not sys.stderr.isatty():
        yield _line_by_line()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    tasks: dict[str, TaskID] = {}
    lock = threading.Lock()

    def show(what: str, done: int, total: int) -> None:
        with lock:
            if not tasks:
                bar.start()  # not before: it would erase the line on which a password is asked for
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=total)
        bar.update(tasks[what], completed=done, total=total)

    try:
        yield show
    finally:
        bar.stop()


def _line_by_line() -> Observer:
    """Writes what has begun, each once."""
    begun: set[str] = set()
    lock = threading.Lock()

    def show(what: str, _done: int, _total: int) -> None:
        with lock:
            if what not in begun:
                begun.add(what)
                click.echo(what, err=True)

    return show
