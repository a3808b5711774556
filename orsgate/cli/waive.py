# SPDX-License-Identifier: Apache-2.0
"""The command ``waive``: writes down that a person accepts what is not met, for some subjects and until a moment."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import click

from orsgate.cli.durations import instant, span
from orsgate.cli.say import say
from orsgate.verdict.exit_codes import ExitCode

_OUTCOMES = ("fail", "blocked", "manual", "skipped")
_DEFAULT = "fail"


def _instant(_context: click.Context, _option: click.Parameter, value: str | None) -> datetime | None:
    return None if value is None else instant(value)


def _text(_context: click.Context, _option: click.Parameter, value: str) -> str:
    from orsgate.estate.field_types import name_trouble

    if trouble := name_trouble(value):
        raise click.BadParameter(trouble)
    return value


def _texts(context: click.Context, option: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_text(context, option, value) for value in values)


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
    callback=_texts,
    metavar="PATTERN",
    help="What it is accepted of, as the report names it; * ? [...] are wildcards; repeatable.",
)
@click.option(
    "--outcome",
    type=click.Choice(_OUTCOMES),
    help=f"What is accepted.  [default: what RESULTS say; with ESTATE: {_DEFAULT}]",
)
@click.option("--reason", required=True, callback=_text, metavar="TEXT", help="Why it is accepted.")
@click.option("--approver", "--by", "approver", required=True, callback=_text, metavar="NAME", help="Who accepts it.")
@click.option("--risk", required=True, callback=_text, metavar="TEXT", help="What can happen because of it.")
@click.option("--ticket", required=True, callback=_text, metavar="TEXT", help="Number of the change or risk record.")
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
    from orsgate.evidence.waivable import about as told_by
    from orsgate.evidence.waivable import checked
    from orsgate.evidence.waivers import DEFAULT_NAME, add_waivers, stored_waivers
    from orsgate.reporting.text import utc
    from orsgate.verdict.waiver import Waiver

    del verbose
    now = datetime.now(UTC)
    requirement = requirement_id.upper()
    begins = begins or now.replace(microsecond=0)
    until = _end(now, begins, until, valid)
    known = told_by(about, requirement)
    named = Outcome(outcome or (known.result.original_outcome if known.result else _DEFAULT))
    made = tuple(
        Waiver(requirement, named, subject, reason.strip(), approver.strip(), risk.strip(), ticket.strip(), begins, until)
        for subject in dict.fromkeys(map(str.strip, subjects))
    )
    target = path or about.parent / DEFAULT_NAME
    stored = stored_waivers(target)
    notes = checked(made, stored, known, max(now, begins), allow_wide=allow_wide_waivers)
    add_waivers(target, made)
    for waiver in made:
        say(f"{target}: {approver} accepts {requirement} {waiver.outcome} of {waiver.subject} until {utc(until)}")
    for note in notes:
        say(note)
    opened = " --allow-wide-waivers" if known.gates and any(waiver.is_wide for waiver in made) else ""
    say(f"use it with: --waivers {target}{opened}")
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
