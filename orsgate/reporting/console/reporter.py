# SPDX-License-Identifier: Apache-2.0
"""The reporter that writes the console report: its parts in their order, on a terminal or into a pipe."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from orsgate.reporting.console import findings, head, rest
from orsgate.reporting.console.line import Line, near
from orsgate.reporting.grouping import plan_notice
from orsgate.reporting.text import in_one_line, no_command
from orsgate.verdict.events import Event, RunFinished, RunStarted
from orsgate.verdict.verdict import VerdictName

_COLOURS = {VerdictName.GO: "bold green", VerdictName.NO_GO: "bold red", VerdictName.INCONCLUSIVE: "bold yellow"}


class ConsoleReporter:
    """Writes the report for the person at the terminal when the run is finished.

    Args:
        to_stderr: whether standard output is taken by a result.
        verbose: show notes and evidence of everything.
        quiet: show the verdict only.
        outputs: what -> path of the files that the run writes.
        console: where to write, instead of standard output or error.
    """

    def __init__(
        self, *, to_stderr: bool = False, verbose: bool = False, quiet: bool = False,
        outputs: Mapping[str, str] | None = None, console: Console | None = None,
    ) -> None:  # fmt: skip
        self._console = console or Console(stderr=to_stderr, highlight=False, soft_wrap=False)
        self._verbose = verbose
        self._quiet = quiet
        self._outputs = outputs or {}
        self._started: RunStarted | None = None

    def handle(self, event: Event) -> None:
        """Keep the head; write everything at the end."""
        if isinstance(event, RunStarted):
            self._started = event
        elif isinstance(event, RunFinished):
            if not self._quiet and self._started is not None:
                self._write(head.head(self._started))
                self._write([Line()])
                for row in head.steps(event.results):
                    self._console.print(row, soft_wrap=True)
                self._write(head.left(self._started))
                self._write(self._body(event, self._started))
            self._write(self._verdict(event))

    def _body(self, finished: RunFinished, started: RunStarted) -> Iterator[Line]:
        short, results, everything = near(started.estate.snapshot.estate_path), finished.results, self._verbose
        yield from findings.failed(results, short, everything=everything)
        yield from findings.unknown(finished, short)
        yield from findings.waived(finished, short, everything=everything)
        yield from rest.not_proven(results)
        yield from rest.passed(results)
        yield from rest.details(results) if everything else rest.notes(results, short)

    def _verdict(self, finished: RunFinished) -> Iterator[Line]:
        if not self._quiet:
            yield Line()
            for what, path in self._outputs.items():
                yield Line(f"{what}: {path}")
        yield Line(finished.verdict.sentence, _COLOURS[finished.verdict.name])
        if self._started is not None and (notice := plan_notice(self._started.estate.snapshot)):
            yield Line(notice, "bold yellow")

    def _write(self, lines: Iterable[Line]) -> None:
        for line in lines:
            text = in_one_line(line.text)
            if self._console.is_terminal:
                self._console.print(Padding(Text(text, style=line.style), (0, 0, 0, line.indent), expand=False))
            else:  # whoever reads a pipe or a file wants whole lines; a build server obeys some
                self._console.print(Text(no_command(" " * line.indent + text), style=line.style), soft_wrap=True)
