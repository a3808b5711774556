# SPDX-License-Identifier: Apache-2.0
"""The command ``baseline``: what is there before anything changes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from orsgate.cli.options import http_option, offline_option, timeout_option
from orsgate.cli.say import say
from orsgate.verdict.exit_codes import ExitCode

if TYPE_CHECKING:
    from orsgate.evidence.baseline import StoredBaseline

MOST_LINES = 20
"""Lines of one kind that are shown; the manifest has all of them."""


@click.command()
@click.argument("estate", metavar="ESTATE")
@click.option(
    "--directory",
    type=click.Path(path_type=Path),
    metavar="DIR",
    required=True,
    help="Where to write it; it must be new or empty.",
)
@timeout_option
@http_option
@offline_option
@click.option("--verbose", is_flag=True, help="Show everything that could not be stored, and the details of an internal error.")
@click.option("--quiet", is_flag=True, help="Show nothing but errors.")
def baseline(
    estate: str, directory: Path, timeout: float | None, *, allow_http: bool, offline: bool, verbose: bool, quiet: bool
) -> int:
    """Store what is there before anything changes: configuration, exports and ring.

    ESTATE is the estate file. The baseline holds real option values, passwords included, readable by its owner only. Run it
    before steps 2 to 8. An audit names it with --baseline. Nothing is ever replaced. Ends with 3 when something could not be
    read: the baseline is then stored, and says what it does not hold; without any configuration nothing is stored.
    """  # fmt: skip
    from orsgate.cli.progress import progress
    from orsgate.cli.prompt import ask
    from orsgate.discovery.new_directory import refuse_what_is_there
    from orsgate.estate.file import load_estate_file
    from orsgate.evidence.baseline import store_baseline
    from orsgate.evidence.before import Terms, read_before

    loaded = load_estate_file(estate)
    refuse_what_is_there(directory)
    with progress(enabled=not quiet) as observer:
        before = read_before(loaded, Terms(ask, observer, timeout, allow_http=allow_http, offline=offline))
    stored = store_baseline(directory, loaded, before)
    if not quiet:
        _say(stored, verbose=verbose)
    return ExitCode.INCONCLUSIVE if stored.not_known else ExitCode.GO


def _say(stored: StoredBaseline, *, verbose: bool) -> None:
    from orsgate.estate.wording import several
    from orsgate.evidence.baseline import NOT_IN_IT
    from orsgate.reporting.text import utc

    say(f"{stored.directory}: what was there at {utc(stored.created)}, with {several(stored.exports, 'file')} for import")
    say("It holds real option values, passwords included, readable by its owner only.")
    lines = [f"no file for import: {each.application}: {each.why}" for each in stored.not_exported]
    lines += [
        f"in no file for import: {name}: {left.section}{f'/{left.option}' if left.option else ''}: {left.why}"
        for name, left in stored.left_out
    ]
    _say_some(lines, verbose=verbose)
    _say_some([f"not known, so not stored: {cause}" for cause in stored.not_known], verbose=verbose)
    say(f"Save besides: {NOT_IN_IT}.")


def _say_some(lines: list[str], *, verbose: bool) -> None:
    shown = lines if verbose else lines[:MOST_LINES]
    for line in shown:
        say(line)
    if len(lines) > len(shown):
        say(f"and {len(lines) - len(shown)} more: --verbose or the manifest shows them")
