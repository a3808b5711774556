# SPDX-License-Identifier: Apache-2.0
"""The command ``rollback-plan``: what leads from the estate as it is now back to its baseline."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orsgate.cli.options import http_option, timeout_option
from orsgate.cli.say import say
from orsgate.verdict.exit_codes import ExitCode

if TYPE_CHECKING:
    from orsgate.estate.inventory import Configuration
    from orsgate.remedy.way_back import WayBack

SCHEMA = "orsgate/rollback/1"


@click.command("rollback-plan")
@click.argument("estate", metavar="ESTATE")
@click.option(
    "--baseline",
    "directory",
    required=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The baseline that is to be restored.",
)
@click.option(
    "--json",
    "json_path",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Write it as JSON with real option values, readable by its owner only; the file must be new.",
)
@timeout_option
@http_option
@click.option("--verbose", is_flag=True, help="Show the details of an internal error.")
@click.option("--quiet", is_flag=True, help="Show nothing but errors.")
def rollback_plan(
    estate: str, directory: Path, json_path: Path | None, timeout: float | None, *, allow_http: bool, verbose: bool, quiet: bool
) -> int:
    """Tell how the estate becomes again what its baseline holds.

    ESTATE is the estate file; its source is read now. Nothing is changed. Secrets are not shown; --json writes them.

    Ends with 3 where something could not be compared, so that more may have to be taken back.
    """
    from dataclasses import replace

    from orsgate.cli.outputs import keep_out_of
    from orsgate.cli.progress import progress
    from orsgate.cli.prompt import ask
    from orsgate.collection.beginning import empty_snapshot
    from orsgate.estate.estate import Estate
    from orsgate.estate.file import load_estate_file
    from orsgate.estate.mistakes import InputError, quoted
    from orsgate.estate.secret import Revealer
    from orsgate.evidence.private_file import refuse_to_replace, write_private
    from orsgate.evidence.sides import How, of_estate
    from orsgate.evidence.stored_baseline import stored_baseline
    from orsgate.remedy.way_back import way_back
    from orsgate.remedy.way_back_text import lines_of

    del verbose
    if json_path is not None:
        refuse_to_replace(json_path)
        keep_out_of(directory, json_path, f"--json {json_path}")
    loaded = load_estate_file(estate)
    revealer = Revealer()
    baseline = stored_baseline(directory, revealer)
    with progress(enabled=not quiet) as observer:
        now = of_estate(loaded, How(ask, revealer, observer, timeout, allow_http=allow_http))
    of, this = quoted(baseline.estate_name), quoted(loaded.file.estate.name)
    if not _servers(baseline.configuration) & _servers(now.configuration):
        told = f"is of the estate {of}, of whose Orchestration Servers {this} has none"
        raise InputError(f"{directory}: {told}; name the baseline of this estate")
    snapshot = replace(empty_snapshot(loaded), configuration=now.configuration, cassandra=baseline.cassandra)
    way = way_back(baseline, Estate(snapshot, "deployment"))
    if json_path is not None:
        write_private(json_path, _document(way, loaded.file.estate.name, str(directory)))
    if baseline.estate_name != loaded.file.estate.name:
        say(f"The baseline is of the estate {of}, and this is {this}: go on only if both are the same installation.", err=True)
    if not quiet:
        said = loaded.file.estate
        for stand_in in dict.fromkeys((*baseline.stand_ins, *now.stand_ins)):
            say(f"Not the real software: {stand_in}")
        proof = f"orsgate compare {shlex.quote(str(directory))} {shlex.quote(estate)} --identical"
        for line in lines_of(way, (said.from_release, said.to_release), proof):
            say(line)
        if json_path is not None:
            say(f"{json_path}: the same with real option values, passwords included, readable by its owner only")
    return ExitCode.INCONCLUSIVE if way.not_known else ExitCode.GO


def _servers(configuration: Configuration) -> set[str]:
    return {application.name for application in configuration.applications if application.is_ors}


def _document(way: WayBack, estate: str, baseline: str) -> bytes:
    import json

    from orsgate import __version__
    from orsgate.remedy.way_back_text import document_of

    said = {"schema": SCHEMA, "tool": f"orsgate {__version__}", "estate": estate, "baseline": baseline, **document_of(way)}
    return (json.dumps(said, ensure_ascii=True, indent=1) + "\n").encode()
