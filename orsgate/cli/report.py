# SPDX-License-Identifier: Apache-2.0
"""The command ``report``: what results.json files of several runs say together."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orsgate.cli.say import say
from orsgate.verdict.exit_codes import ExitCode

if TYPE_CHECKING:
    from orsgate.cli.outputs import Outputs
    from orsgate.reporting.history.difference import Compared


@click.group()
def report() -> None:
    """Tell what changed between runs, from the results.json files that they wrote."""


@report.command()
@click.argument("a", metavar="A", type=click.Path(path_type=Path))
@click.argument("b", metavar="B", type=click.Path(path_type=Path))
@click.option("--json", "json_path", metavar="PATH", help="Write the difference as JSON; - is standard output.")
@click.option("--html", "html_path", metavar="PATH", help="Write the difference as HTML; - is standard output.")
@click.option("--verbose", is_flag=True, help="Show every violation and piece of evidence, and details of an internal error.")
@click.option("--quiet", is_flag=True, help="Show the last sentence only.")
def diff(a: Path, b: Path, json_path: str | None, html_path: str | None, *, verbose: bool, quiet: bool) -> int:
    """Tell what changed from the run A to the run B.

    A and B are each a results.json, of the same estate and phase. A is what was, B what is.

    Ends with 0 where nothing became worse, 1 where a blocker or warning did, 2 where the two cannot be compared.
    """
    from orsgate.cli.outputs import Outputs
    from orsgate.reporting.history.comparing import difference_between
    from orsgate.reporting.history.diff_text import lines_of
    from orsgate.reporting.history.reading import read_run

    outputs = Outputs({"json": json_path, "html": html_path})
    outputs.keep_off((a, b))
    names = str(a), str(b)
    found = difference_between(read_run(a), read_run(b))
    with outputs.together():
        _write(found, names, outputs)
        for line in (found.sentence,) if quiet else lines_of(found, names, everything=verbose):
            say(line, err=outputs.to_stdout)
    return ExitCode.NO_GO if found.worse else ExitCode.GO


def _write(found: Compared, names: tuple[str, str], outputs: Outputs) -> None:
    from orsgate.reporting.files import write_whole
    from orsgate.reporting.history.diff_document import document_of
    from orsgate.reporting.history.html_diff import page_of

    if outputs.wants("json"):
        write_whole(outputs.path("json"), document_of(found, names))
    if outputs.wants("html"):
        write_whole(outputs.path("html"), page_of(found, names))


@report.command()
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--json", "json_path", metavar="PATH", help="Write the history as JSON; - is standard output.")
@click.option("--html", "html_path", metavar="PATH", help="Write the history as HTML; - is standard output.")
@click.option("--verbose", is_flag=True, help="Show every run, and details of an internal error.")
@click.option("--quiet", is_flag=True, help="Show the last sentence only.")
def history(directory: Path, json_path: str | None, html_path: str | None, *, verbose: bool, quiet: bool) -> int:
    """Tell how the runs in DIR went, and for how long each blocker has been open.

    Every file *.json in DIR and below it is read, and ordered by when its facts were collected. What is no results.json, or
    cannot be read, is named.

    Ends with 0, since a history is no verdict, and with 2 where DIR holds no results.json that can be used.
    """
    from orsgate.cli.outputs import Outputs
    from orsgate.reporting.files import write_whole
    from orsgate.reporting.history.gathering import history_of
    from orsgate.reporting.history.history_document import document_of
    from orsgate.reporting.history.history_text import lines_of
    from orsgate.reporting.history.html_history import page_of

    outputs = Outputs({"json": json_path, "html": html_path})
    found = history_of(directory, datetime.now(UTC))
    outputs.keep_off(directory / run.name for series in found.series for run in series.runs)
    with outputs.together():
        if outputs.wants("json"):
            write_whole(outputs.path("json"), document_of(found))
        if outputs.wants("html"):
            write_whole(outputs.path("html"), page_of(found))
        for line in (found.sentence,) if quiet else lines_of(found, everything=verbose):
            say(line, err=outputs.to_stdout)
    return ExitCode.GO
