# SPDX-License-Identifier: Apache-2.0
"""The command ``attest``: what a person states about an estate."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import click

from orsgate.cli.durations import span
from orsgate.cli.options import http_option, timeout_option
from orsgate.cli.say import say
from orsgate.verdict.exit_codes import ExitCode


def _valid(_context: click.Context, _option: click.Parameter, value: str) -> timedelta:
    from orsgate.evidence.attestations import LONGEST

    found = span(value)
    if found > LONGEST:
        raise click.BadParameter(f"{value} is longer than {LONGEST.days} days, for which nobody can vouch")
    return found


def _said(_context: click.Context, option: click.Parameter, value: str) -> str:
    if not value.strip():
        raise click.BadParameter(f"{option.name} is empty")
    return value.strip()


@click.command()
@click.argument("requirement_id", metavar="ID")
@click.argument("estate", metavar="ESTATE")
@click.option("--by", required=True, callback=_said, metavar="NAME", help="Who states it.")
@click.option("--statement", required=True, callback=_said, metavar="TEXT", help="What was done and seen.")
@click.option("--evidence", type=click.Path(path_type=Path), metavar="FILE", help="A file that shows it; a copy is kept.")
@click.option(
    "--valid", default="24h", show_default=True, callback=_valid, metavar="TIME", help="How long it counts: 90m, 24h, 7d."
)
@click.option(
    "--directory", type=click.Path(path_type=Path), metavar="DIR", help="Where it goes.  [default: attestations beside ESTATE]"
)
@timeout_option
@http_option
@click.option("--verbose", is_flag=True, help="Show the details of an internal error.")
def attest(
    requirement_id: str,
    estate: str,
    by: str,
    statement: str,
    evidence: Path | None,
    valid: timedelta,
    directory: Path | None,
    timeout: float | None,
    *,
    allow_http: bool,
    verbose: bool,
) -> int:
    """State that a requirement is met which no system can show.

    ID is the requirement, ESTATE the estate file. The configuration is read, since the statement counts only as long as it stays
    as it is; a later run that finds the requirement manual takes it as passed, on the word of NAME. Ends with 3 when the
    configuration cannot be read.
    """
    from datetime import UTC, datetime

    from orsgate.cli.progress import progress
    from orsgate.cli.prompt import ask
    from orsgate.collection.collect import collect
    from orsgate.estate.estate import Estate
    from orsgate.estate.file import load_estate_file
    from orsgate.estate.inventory import Configuration
    from orsgate.evidence.attestations import DIRECTORY, Statement, require_attestable, write_attestation
    from orsgate.reporting.text import how_long

    del verbose
    requirement = requirement_id.upper()
    require_attestable(requirement)
    loaded = load_estate_file(estate)
    with progress(enabled=True) as observer:
        snapshot = collect(loaded, ("configuration",), timeout=timeout, observer=observer, ask=ask, allow_http=allow_http)
    if not isinstance(snapshot.configuration, Configuration):
        cause = snapshot.configuration.cause if snapshot.configuration else "it was not read"
        say(f"nothing was attested: the configuration is not known, and a statement is bound to it: {cause}", err=True)
        return ExitCode.INTERRUPTED if snapshot.interrupted else ExitCode.INCONCLUSIVE
    target = directory or loaded.directory / DIRECTORY
    made = Statement(requirement, by, statement, evidence, valid)
    fingerprint = Estate(snapshot).fingerprint
    path = write_attestation(target, made, snapshot.estate.estate.name, fingerprint, datetime.now(UTC))
    counts = f"it counts for {how_long(valid)}, and only while the configuration stays as it is"
    say(f"{path}: {by} states that {requirement} is met; {counts}")
    return ExitCode.GO
