# SPDX-License-Identifier: Apache-2.0
"""Shows how far the demo is: a line for what is done, and on a terminal a bar for what is being done."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from orsgate.cli.migration_demo.running import Ran
from orsgate.cli.say import say

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

STEPS = 10
_INDENT = " " * 7


class Display:
    """Says what is done; see ``display``.

    Args:
        bar: on a terminal, what shows the step under way.
    """

    def __init__(self, bar: Progress | None) -> None:
        self._bar = bar
        self._task: TaskID | None = bar.add_task("", total=STEPS) if bar else None

    def begin(self, number: int | None, title: str) -> None:
        """A step begins; None for what comes after the last."""
        say(f"{f'{number:>2}/{STEPS}' if number else ' ' * 5}  {title}")
        self._show(title)

    def command(self, line: str) -> None:
        """A command begins."""
        self._show(line)

    def ran(self, ran: Ran, verdict: str) -> None:
        """A command ended as it must."""
        say(f"{_INDENT}$ {ran.line}")
        say(f"{_INDENT}  {verdict}, {ran.seconds:.1f} s")

    def note(self, text: str) -> None:
        """Something was done besides the commands."""
        say(f"{_INDENT}{text}")

    def end(self, number: int | None, seconds: float) -> None:
        """A step ended as it must."""
        say(f"{_INDENT}done in {seconds:.1f} s")
        if self._bar and self._task is not None and number:
            self._bar.update(self._task, completed=number)

    def _show(self, what: str) -> None:
        if self._bar and self._task is not None:
            self._bar.update(self._task, description=what if len(what) <= 60 else f"{what[:59]}…")
        sys.stdout.flush()


@contextmanager
def display() -> Iterator[Display]:
    """What shows the progress; the bar stands below the lines while the block runs, and is gone afterwards."""
    if not sys.stdout.isatty():
        yield Display(None)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    described = TextColumn("{task.description}", markup=False)
    columns = (SpinnerColumn(), MofNCompleteColumn(), BarColumn(20), TimeElapsedColumn(), described)
    with Progress(*columns, console=Console(), transient=True, redirect_stdout=True, redirect_stderr=True) as bar:
        yield Display(bar)
