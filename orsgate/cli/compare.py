# SPDX-License-Identifier: Apache-2.0
"""The command ``compare``: what differs between two states of a configuration, and whether it was planned."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from orsgate.cli.options import http_option, timeout_option
from orsgate.cli.say import say
from orsgate.verdict.exit_codes import ExitCode

if TYPE_CHECKING:
    from orsgate.cli.outputs import Outputs
    from orsgate.reporting.comparison.model import Comparison


@click.command()
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@click.option(
    "--estate", "names", metavar="ESTATE", help="Estate file for sides that have none: names, scope, decisions, planned changes."
)
@click.option("--identical", is_flag=True, help="Let any difference count, a planned one too: to prove a rollback.")
@click.option("--ring", "with_ring", is_flag=True, help="Read the Cassandra ring of an estate file too: step 7 depends on it.")
@click.option("--json", "json_path", metavar="PATH", help="Write the comparison as JSON; - is standard output.")
@click.option("--html", "html_path", metavar="PATH", help="Write the comparison as HTML; - is standard output.")
@timeout_option
@http_option
@click.option("--verbose", is_flag=True, help="Show every item of new objects, and the details of an internal error.")
@click.option("--quiet", is_flag=True, help="Show the last sentence only.")
def compare(
    a: str,
    b: str,
    names: str | None,
    json_path: str | None,
    html_path: str | None,
    timeout: float | None,
    *,
    identical: bool,
    with_ring: bool,
    allow_http: bool,
    verbose: bool,
    quiet: bool,
) -> int:
    """Tell what differs between A and B, and whether it was planned.

    A and B are each a directory of `orsgate baseline`, a snapshot, a directory of exports called like their applications, or
    an estate file, whose source is read now. A is what was, B what is.

    Ends with 0 where nothing unplanned differs, 1 where something does, 3 where something could not be compared.
    """
    from orsgate.cli.outputs import Outputs
    from orsgate.cli.progress import progress
    from orsgate.cli.prompt import ask
    from orsgate.collection.beginning import empty_snapshot
    from orsgate.estate.file import load_estate_file
    from orsgate.evidence.comparing import comparison_of
    from orsgate.evidence.sides import How, read_side
    from orsgate.evidence.stored_baseline import is_baseline
    from orsgate.rules.planned import Sort

    outputs = Outputs({"json": json_path, "html": html_path})
    outputs.keep_off(path for side in (a, b, names) if side for path in _files_of(side))
    for side in (a, b):
        if "\0" not in side and is_baseline(Path(side)):
            outputs.keep_out_of(Path(side))
    loaded = load_estate_file(names) if names else None
    with progress(enabled=not quiet) as observer:
        how = How(
            ask, observer=observer, timeout=timeout, allow_http=allow_http, with_ring=with_ring, names=loaded
        )  # fmt: skip
        before, after = read_side(a, how), read_side(b, how)
    found = comparison_of(before, after, empty_snapshot(loaded) if loaded else None, identical=identical)
    with outputs.together():
        _write(found, outputs)
        _say(found, quiet=quiet, verbose=verbose, err=outputs.to_stdout)
        if found.counts[Sort.OPEN] and not with_ring and not quiet:
            say("What step 7 asks for depends on the Cassandra ring: --ring reads that of an estate file.", err=outputs.to_stdout)
    return exit_code(found)


def _files_of(side: str) -> list[Path]:
    from orsgate.cli.judging import files_of
    from orsgate.estate.file import load_estate_file
    from orsgate.estate.mistakes import InputError

    path = Path(side)
    if "\0" in side or not path.exists():
        return []
    if path.is_dir():
        return [each for each in path.rglob("*") if each.is_file()]
    try:
        return list(files_of(load_estate_file(path)))
    except InputError:
        return [path]


def _write(found: Comparison, outputs: Outputs) -> None:
    from orsgate.reporting.comparison.document import document_of
    from orsgate.reporting.comparison.html import page_of

    if outputs.wants("json"):
        outputs.write("json", document_of(found))
    if outputs.wants("html"):
        outputs.write("html", "".join(page_of(found)).encode())


def _say(found: Comparison, *, quiet: bool, verbose: bool, err: bool) -> None:
    from orsgate.reporting.comparison.text import lines_of

    if quiet:
        say(found.sentence, err=err)
        return
    for line in lines_of(found, everything=verbose):
        say(line, err=err)


def exit_code(found: Comparison) -> ExitCode:
    """1 for a difference that must not be, 3 where something that decides could not be compared, else 0."""
    if found.fails:
        return ExitCode.NO_GO
    return ExitCode.INCONCLUSIVE if found.undecided else ExitCode.GO
