# SPDX-License-Identifier: Apache-2.0
"""What is known of a requirement that is to be waived, and what a person should know before the waiver is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from orsgate.estate.file import load_estate_file
from orsgate.estate.judgement import Outcome
from orsgate.estate.mistakes import InputError
from orsgate.evidence.waivers import already, foreseen, results_in
from orsgate.reporting.text import utc
from orsgate.rules.catalogue import catalogue, gating
from orsgate.verdict.result import Result
from orsgate.verdict.waiver import Standing, Waiver, Waivers
from orsgate.verdict.waiver_file import require_waivable

_NOTHING_TO_ACCEPT = {
    Outcome.PASS: "passed, so there is nothing to accept",
    Outcome.NOT_APPLICABLE: "does not apply, so there is nothing to accept",
    Outcome.ERROR: "ended in an error, which nobody can accept; the report says what broke",
}
"""Why nothing is waived of an outcome."""
_REPEAT = "of several, repeat --subject for each"
_LONG = timedelta(days=30)
"""Of time after the change; what is accepted for longer is seldom meant for one change."""
_SEEN_LATER = "whether it covers everything is seen by the next run, or now with a results.json in place of the estate file"


@dataclass(frozen=True, slots=True)
class About:
    """What is known of the requirement that is to be waived.

    Attributes:
        result: what came out of it; None where an estate file was named, which holds none.
        gates: whether it decides the verdict, as far as that is known.
        strict: the run was one in which warnings decide it too.
        window_end: when the change window ends; None where that is not told.
    """

    result: Result | None
    gates: bool
    strict: bool
    window_end: datetime | None


def about(path: Path, requirement: str) -> About:
    """What a file tells of a requirement.

    Raises:
        InputError: the file is neither estate nor results, or the requirement is not in it, or nothing of it can be waived.
    """
    try:
        require_waivable(requirement)
    except ValueError as error:
        raise InputError(str(error)) from None
    try:
        source = path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file; name an estate file, or what orsgate audit --json wrote") from None
    except OSError:
        source = b""
    if not source.lstrip().startswith(b"{"):
        file = load_estate_file(path).file
        known = catalogue().get(requirement)  # of a team's own nothing is known here
        gates = known is None or known.severity in gating(strict=False)
        return About(None, gates, strict=False, window_end=file.change.window_end)
    told = results_in(path, source)
    if requirement not in told.results:
        raise InputError(f"{path} judged no {requirement}; it is of another phase, or of --features that were not given")
    result = told.results[requirement]
    if ended := _NOTHING_TO_ACCEPT.get(result.original_outcome):
        raise InputError(f"{path}: {requirement} {ended}")
    return About(result, result.planned.severity in gating(strict=told.strict), told.strict, told.window_end)


def checked(made: tuple[Waiver, ...], stored: tuple[Waiver, ...], known: About, at: datetime, *, allow_wide: bool) -> list[str]:
    """What a person should know of waivers that are well.

    Raises:
        InputError: they would bend nothing.
    """
    notes = _unseen(made, known, allow_wide=allow_wide) if known.result is None else _seen(
        made, stored, known, known.result, at, allow_wide=allow_wide
    )  # fmt: skip
    notes += [already(there) for there in stored if there.until > at and any(there.accepts(waiver) for waiver in made)]
    return [*notes, *_far_off(made[0], known.window_end)]


def _unseen(made: tuple[Waiver, ...], known: About, *, allow_wide: bool) -> list[str]:
    """The same, where nothing was judged yet."""
    for waiver in made:
        if waiver.is_wide and known.gates and not allow_wide:
            told = f'the subject "{waiver.subject}" is as wide as everything, on what decides the verdict'
            raise InputError(f"{told}: name the subjects, or allow it with --allow-wide-waivers")
    notes = [f'"{waiver.subject}" is one name; {_REPEAT}' for waiver in made if "," in waiver.subject]
    return [*notes, _SEEN_LATER]


def _seen(
    made: tuple[Waiver, ...], stored: tuple[Waiver, ...], known: About, result: Result, at: datetime, *, allow_wide: bool
) -> list[str]:
    """The same, where it is known what came out."""
    uses = foreseen(result, Waivers((*stored, *made), allow_wide), at, strict=known.strict)[len(stored) :]
    for use in uses:
        if use.standing not in {Standing.APPLIED, Standing.PARTIAL}:
            several = f"; {_REPEAT}" if use.standing is Standing.UNMATCHED and "," in use.waiver.subject else ""
            raise InputError(f"nothing was written: {use.problem}{several}")
    covered = dict.fromkeys(subject for use in uses for subject in use.covered)
    return [f"it covers {', '.join(covered)}", *dict.fromkeys(use.problem for use in uses if use.problem)]


def _far_off(waiver: Waiver, window_end: datetime | None) -> list[str]:
    """A word about a waiver that outlives its change by far; nobody looks at it again then."""
    since = waiver.begins if window_end is None else max(waiver.begins, window_end)
    if waiver.until - since <= _LONG:
        return []
    after = "it begins" if since == waiver.begins else f"the change window ends ({utc(since)})"
    days = (waiver.until - since).days
    return [f"it ends {days:,} days after {after}; where that is not meant, correct until in the file"]
