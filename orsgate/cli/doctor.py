# SPDX-License-Identifier: Apache-2.0
"""The command ``doctor``: lists what a run will need, and tests it without a login or a write."""

from __future__ import annotations

import sys

import click

from orsgate.cli.options import timeout_option
from orsgate.verdict.exit_codes import ExitCode


@click.command()
@click.argument("estate", metavar="ESTATE")
@click.option("--json", "json_path", metavar="PATH", help="Write what was found as JSON; - is standard output.")
@timeout_option
@click.option("--verbose", is_flag=True, help="Show each test by itself, and the details of an internal error.")
@click.option("--quiet", is_flag=True, help="Show only which parts could be collected here.")
def doctor(estate: str, json_path: str | None, timeout: float | None, *, verbose: bool, quiet: bool) -> int:
    """Test what a run will need, without a login or a write.

    ESTATE is the estate file. Every address, port, account and file that a run on it will need is listed and tested from this
    host: files are opened, names resolved, connections made and ended again. No password is sent or shown. Ends with 3 when
    something is missing, or could not be tested.
    """
    from orsgate.cli.judging import files_of
    from orsgate.cli.outputs import Outputs
    from orsgate.cli.progress import progress
    from orsgate.doctor.document import dump
    from orsgate.doctor.examine import examine
    from orsgate.doctor.lines import listing, summary
    from orsgate.estate.file import load_estate_file

    outputs = Outputs({"json": json_path})
    loaded = load_estate_file(estate)
    outputs.keep_off(files_of(loaded))
    with progress(enabled=not quiet) as observer:
        diagnosis = examine(loaded, timeout=timeout, can_ask=sys.stdin is not None and sys.stdin.isatty(), observer=observer)
    with outputs.together():
        if outputs.wants("json"):
            outputs.write("json", dump(diagnosis, loaded))
        if not quiet:
            for line in listing(diagnosis, verbose=verbose):
                click.echo(line, err=outputs.to_stdout)
            click.echo("", err=outputs.to_stdout)
        for line in summary(diagnosis):
            click.echo(line, err=outputs.to_stdout)
    return ExitCode.GO if diagnosis.complete else ExitCode.INCONCLUSIVE
