# SPDX-License-Identifier: Apache-2.0
"""The command ``waive``: writes down that a person accepts what is not met, for some subjects and until a moment."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orsgate.cli.durations import instant, span
from orsgate.cli.say import say
from orsgate.verdict.exit_codes import ExitCode

if TYPE_CHECKING:
    from orsgate.verdict.result import Result
    from orsgate.verdict.waiver import Waiver

_OUTCOMES = ("fail", "blocked", "manual", "skipped")
_DEFAULT = "fail"


def _instant(_context: click.Context, _option: click.Parameter, value: str | None) -> datetime | None:
    return None if value is None else instant(value)


def _span(_context: click.Context, _option: click.Parameter, value: str | None) -> timedelta | None:
    return None if value is None else span(value)


@click.command()
@click.argument("about", metavar="ESTATE|RESULTS", type=click.Path(path_type=Path))
@click.argument("requirement_id", metavar="ID")
@click.option(
    "--subject",
    "subjects",
    multiple=True,
    required=True,
    metavar="PATTERN",
    help="What it is accepted of, as the report names it; * ? [...] are wildcards; repeatable.",
)
@click.option(
    "--outcome",
    type=click.Choice(_OUTCOMES),
    help=f"What is accepted.  [default: what RESULTS say; with ESTATE: {_DEFAULT}]",
)
@click.option("--reason", required=True, metavar="TEXT", help="Why it is accepted.")
@click.option("--approver", "--by", "approver", required=True, metavar="NAME", help="Who accepts it.")
@click.option("--risk", required=True, metavar="TEXT", help="What can happen because of it.")
@click.option("--ticket", required=True, metavar="TEXT", help="Number of the change or risk record.")
@click.option("--from", "begins", callback=_instant, metavar="TIME", help="When it begins, in UTC.  [default: now]")
@click.option("--until", callback=_instant, metavar="TIME", help="When it ends, in UTC, such as 2026-01-31T06:00:00Z.")
@click.option("--valid", callback=_span, metavar="TIME", help="How long it counts, in place of --until: 90m, 24h, 7d.")
@click.option(
    "--waivers",
    "path",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Where it is added.  [default: waivers.toml beside ESTATE or RESULTS]",
)
@click.option("--allow-wide-waivers", is_flag=True, help='Take a subject such as "*" for a blocker as well.')
@click.option("--verbose", is_flag=True, help="Show the details of an internal error.")
def waive(
    about: Path,
    requirement_id: str,
    subjects: tuple[str, ...],
    outcome: str | None,
    reason: str,
    approver: str,
    risk: str,
    ticket: str,
    begins: datetime | None,
    until: datetime | None,
    valid: timedelta | None,
    path: Path | None,
    *,
    allow_wide_waivers: bool,
    verbose: bool,
) -> int:
    """Write down that a person accepts what is not met, until a moment.

    ESTATE is the estate file, RESULTS a results.json; with RESULTS it is made sure that the waiver matches something. ID is the
    requirement. `--waivers FILE` of audit, verify, judge and rehearse reads what is written. A requirement is waived only where
    all of its subjects that are not well are covered, and is judged and shown all the same.
    """
    from datetime import UTC

    from orsgate.estate.judgement import Outcome
    from orsgate.evidence.waivers import DEFAULT_NAME, add_waivers, stored_waivers
    from orsgate.reporting.text import utc
    from orsgate.verdict.waiver import Waiver

    del verbose
    now = datetime.now(UTC)
    requirement = requirement_id.upper()
    begins = begins or now.replace(microsecond=0)
    until = _end(now, begins, until, valid)
    result = _result(about, requirement)
    named = Outcome(outcome or (result.original_outcome if result else _DEFAULT))
    made = tuple(
        Waiver(requirement, named, subject.strip(), reason.strip(), approver.strip(), risk.strip(), ticket.strip(), begins, until)
        for subject in subjects
    )
    target = path or about.parent / DEFAULT_NAME
    stored = stored_waivers(target)
    notes = _checked(made, stored, result, max(now, begins), allow_wide=allow_wide_waivers)
    add_waivers(target, made)
    for waiver in made:
        say(f"{target}: {approver} accepts {requirement} {waiver.outcome} of {waiver.subject} until {utc(until)}")
    for note in notes:
        say(note)
    say(f"use it with: --waivers {target}{' --allow-wide-waivers' if any(waiver.is_wide for waiver in made) else ''}")
    return ExitCode.GO


def _end(now: datetime, begins: datetime, until: datetime | None, valid: timedelta | None) -> datetime:
    """When a waiver ends.

    Raises:
        UsageError: it is not said once, or such that the waiver never counts.
    """
    if (until is None) == (valid is None):
        raise click.UsageError("say when it ends, once: --until 2026-01-31T06:00:00Z, or --valid 24h")
    try:
        end = until if until is not None else begins + (valid or timedelta())
    except OverflowError:
        raise click.UsageError("it would end after the year 9999; look at --from and --valid") from None
    if end <= max(begins, now):
        raise click.UsageError("it would end before it counts; look at --from, --until and --valid")
    return end


def _result(about: Path, requirement: str) -> Result | None:
    """The result that is to be waived; None where an estate file was named, which holds none.

    Raises:
        InputError: the file is neither, or the requirement is not in it or can never be waived.
    """
    from orsgate.estate.file import load_estate_file
    from orsgate.estate.mistakes import InputError
    from orsgate.evidence.waivers import results_in
    from orsgate.verdict.waiver_file import require_waivable

    try:
        require_waivable(requirement)
    except ValueError as error:
        raise InputError(str(error)) from None
    try:
        source = about.read_bytes()
    except OSError:
        source = b""
    if not source.lstrip().startswith(b"{"):
        load_estate_file(about)
        return None
    results = results_in(about, source)
    if requirement not in results:
        raise InputError(f"{about} judged no {requirement}; it is of another phase, or of --features that were not given")
    return results[requirement]


def _checked(
    made: tuple[Waiver, ...], stored: tuple[Waiver, ...], result: Result | None, at: datetime, *, allow_wide: bool
) -> list[str]:
    """What a person should know of waivers that are well.

    Raises:
        InputError: they would bend nothing.
    """
    from orsgate.estate.mistakes import InputError
    from orsgate.evidence.waivers import foreseen
    from orsgate.rules.catalogue import catalogue
    from orsgate.verdict.waiver import Standing, Waivers

    if result is None:
        known = catalogue().get(made[0].requirement)
        for waiver in made:
            if waiver.is_wide and not allow_wide and (known is None or known.severity == "blocker"):
                told = f'the subject "{waiver.subject}" is as wide as everything, on a blocker'
                raise InputError(f"{told}: name the subjects, or allow it with --allow-wide-waivers")
        return ["whether it covers everything is seen by the next run, or now with a results.json in place of the estate file"]
    uses = foreseen(result, Waivers((*stored, *made), allow_wide), at)[len(stored) :]
    for use in uses:
        if use.standing not in {Standing.APPLIED, Standing.PARTIAL}:
            raise InputError(f"nothing was written: {use.problem}")
    covered = dict.fromkeys(subject for use in uses for subject in use.covered)
    notes = [f"it covers {', '.join(covered)}"]
    return notes + list(dict.fromkeys(use.problem for use in uses if use.problem))
