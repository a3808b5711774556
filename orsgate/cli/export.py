# SPDX-License-Identifier: Apache-2.0
"""The command ``export``: the rollback exports of step 1, read from the source and written as files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orsgate.cli.options import http_option, timeout_option
from orsgate.cli.say import say
from orsgate.verdict.exit_codes import ExitCode

if TYPE_CHECKING:
    from orsgate.collection.revealed import Revealed
    from orsgate.discovery.cfg_files import Written
    from orsgate.discovery.manifest import Provenance
    from orsgate.estate.file import LoadedEstate

MOST_LINES = 20
"""Lines of what was left out that are shown; the manifest has all of them."""


@click.command()
@click.argument("estate", metavar="ESTATE")
@click.option(
    "--directory",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Where to write them; it must be new or empty.  [default: rollback of the estate file, else rollback beside it]",
)
@timeout_option
@http_option
@click.option("--verbose", is_flag=True, help="Show everything that was left out, and the details of an internal error.")
@click.option("--quiet", is_flag=True, help="Show nothing but errors.")
def export(estate: str, directory: Path | None, timeout: float | None, *, allow_http: bool, verbose: bool, quiet: bool) -> int:
    """Write the rollback exports of step 1 from GAX, GWS or an export of mutagen.

    ESTATE is the estate file. Every Orchestration Server in scope gets a file that Configuration Manager imports, with its real
    option values, passwords included, readable by its owner only. A manifest says what each file is, and what the format
    cannot hold. Nothing is written when the source reads another environment than the
    estate file says. Ends with 3 when an application could not be exported, or the source did not show everything.
    """  # fmt: skip
    from orsgate.cli.progress import progress
    from orsgate.cli.prompt import ask
    from orsgate.collection.beginning import empty_snapshot
    from orsgate.collection.revealed import read_revealed, require_source
    from orsgate.discovery.cfg_files import write_exports
    from orsgate.discovery.environment import require_right_environment
    from orsgate.discovery.exported import options_to_write
    from orsgate.discovery.new_directory import refuse_what_is_there
    from orsgate.estate.estate import Estate
    from orsgate.estate.file import load_estate_file
    from orsgate.estate.mistakes import InputError

    loaded = load_estate_file(estate)
    require_source(loaded)
    target = directory or loaded.resolve(loaded.file.estate.rollback or "rollback")
    try:
        refuse_what_is_there(target)
    except InputError as error:
        hint = "" if directory else "; if it holds the exports from before anything changed, step 1 is done"
        raise InputError(f"{error}{hint}") from None
    with progress(enabled=not quiet) as observer:
        revealed = read_revealed(loaded, ask, observer, timeout=timeout, allow_http=allow_http)
    unknown = [*require_right_environment(loaded, revealed.configuration), *(gap.cause for gap in revealed.configuration.gaps)]
    snapshot = replace(empty_snapshot(loaded), configuration=revealed.configuration)  # it says what is in scope, and no more
    judged = {application.name for application in Estate(snapshot).in_scope}
    chosen = [named for named in options_to_write(revealed.configuration) if named.name in judged]
    written = write_exports(target, chosen, provenance_of(loaded, revealed), "rollback")
    if not quiet:
        _say(loaded, written, target, unknown, verbose=verbose)
    return ExitCode.INCONCLUSIVE if written.not_written or unknown or not written.files else ExitCode.GO


def provenance_of(loaded: LoadedEstate, revealed: Revealed) -> Provenance:
    """Where exports come from, for their manifest."""
    from orsgate import __version__
    from orsgate.discovery.manifest import Provenance

    read = revealed.configuration
    source = loaded.file.configuration.source
    return Provenance(source, read.address, read.account, revealed.read, revealed.stand_in, f"orsgate {__version__}")


def _say(loaded: LoadedEstate, written: Written, target: Path, unknown: list[str], *, verbose: bool) -> None:
    from orsgate.estate.toml_text import toml_string
    from orsgate.sources.inventory_exports import relative_to

    number = len(written.files)
    say(f"{target}: {number} export{'s' * (number != 1)} and manifest.json, readable by their owner only")
    say("They hold real option values, passwords included.")
    say_left_out(written, verbose=verbose)
    for cause in unknown:
        say(f"not known: {cause}")
    say("What an option export cannot hold is to be saved besides: connections, redundancy, Annex, cluster, arguments.")
    named = loaded.file.estate.rollback
    if named is None or loaded.resolve(named).resolve() != target.resolve():
        line = f"rollback = {toml_string(relative_to(target, loaded.directory))}"
        say(f"For the gate to find them, write into [estate] of {loaded.path}: {line}")


def say_left_out(written: Written, *, verbose: bool) -> None:
    """Name what was not written."""
    for lost in written.not_written:
        say(f"not exported: {lost.application}: {lost.why}")
    lines = [
        f"left out: {application}: {left.section}{f'/{left.option}' if left.option else ''}: {left.why}"
        for application, left in written.left_out
    ]
    shown = lines if verbose else lines[:MOST_LINES]
    for line in shown:
        say(line)
    if len(lines) > len(shown):
        say(f"and {len(lines) - len(shown)} more that were left out: --verbose or the manifest shows them")
