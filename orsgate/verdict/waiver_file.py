# SPDX-License-Identifier: Apache-2.0
"""Reads waiver files: TOML with one ``[[waiver]]`` for each exception; whatever is wrong is named with its line, all at once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field, PlainValidator, ValidationError

from orsgate.estate.field_types import NeededName, UtcTime, wrong
from orsgate.estate.judgement import Outcome
from orsgate.estate.mistakes import MistakesError, any_of, did_you_mean, quoted
from orsgate.estate.schema_objects import Table
from orsgate.estate.sentences import Said, sentences, subject
from orsgate.estate.toml_file import parsed, placed, read_source, text_of
from orsgate.estate.toml_lines import Lines
from orsgate.rules.catalogue import NEVER_WAIVABLE, catalogue
from orsgate.rules.times import shown_time
from orsgate.verdict.waiver import WAIVABLE, GivenFile, Waiver, Waivers

WHAT = "waiver file"
_MAKE = "orsgate waive"
_CORE = "ORS-"
_ID = re.compile(r"[A-Z][A-Z0-9]*-[0-9]{4}")


class WaiverFileError(MistakesError):
    """A waiver file is missing, unreadable or wrong."""


def require_waivable(requirement: str) -> None:
    """Make sure that a requirement can be waived; of one that is of a team's own features only the form of its id is known.

    Raises:
        ValueError: it cannot; the message is what there is to say after its name.
    """
    if requirement in NEVER_WAIVABLE:
        raise ValueError(f"{quoted(requirement)} can never be waived; meet it, or do not install")
    if not _ID.fullmatch(requirement) or (requirement.startswith(_CORE) and requirement not in catalogue()):
        meant = did_you_mean(requirement, catalogue()) or "; orsgate list shows all"
        raise ValueError(f"{quoted(requirement)} is no requirement{meant}")


def _requirement(value: str) -> str:
    try:
        require_waivable(value)
    except ValueError as error:
        raise wrong(str(error)) from None
    return value


def _outcome(value: Any) -> Outcome:
    names = [outcome.value for outcome in WAIVABLE]
    if value == Outcome.ERROR.value:
        raise wrong(f'an "error" can never be waived; only {any_of(names)} can')
    if value not in names:
        told = "must be" if not isinstance(value, str) else f"{quoted(value)} is not"
        raise wrong(f"{told} {any_of(names)}{did_you_mean(value, names) if isinstance(value, str) else ''}")
    return Outcome(value)


def _instant(value: datetime) -> datetime:
    try:
        moment = value.astimezone(UTC)
    except OverflowError:
        raise wrong("is outside the years that can be told in UTC") from None
    if value.utcoffset() != timedelta():
        raise wrong(f"must be in UTC, with Z: write {shown_time(moment)}")
    if moment.microsecond:
        raise wrong(f"must be a whole second, as every report shows it: write {shown_time(moment)}")
    return moment


_Instant = Annotated[UtcTime, AfterValidator(_instant)]


class WaiverEntry(Table):
    """``[[waiver]]``: one exception."""

    requirement: Annotated[NeededName, AfterValidator(_requirement)]
    """Id of the requirement."""
    outcome: Annotated[Outcome, PlainValidator(_outcome)]
    """What is accepted: "fail", "blocked", "manual" or "skipped"."""
    subject: NeededName
    """Name or pattern (*, ?, [...], case counts) of the subjects it is accepted of, as the report names them."""
    reason: NeededName
    """Why it is accepted."""
    approver: NeededName
    """Who accepts it."""
    risk: NeededName
    """What can happen because of it."""
    ticket: NeededName
    """Number of the change or risk record."""
    begins: Annotated[_Instant, Field(alias="from")]
    """The first moment at which it counts, in UTC, such as 2026-01-31T02:10:00Z."""
    until: _Instant
    """The first moment at which it does not count any more, in UTC, such as 2026-01-31T06:00:00Z."""


class WaiverFile(Table):
    """The whole waiver file."""

    waiver: Annotated[tuple[WaiverEntry, ...], Field(strict=False)] = ()
    """The exceptions."""


def load_waivers(paths: Iterable[str | Path], *, allow_wide: bool = False) -> Waivers:
    """The waivers of some files, in order; a file that is named twice is read once.

    Args:
        paths: the files.
        allow_wide: see ``Waivers``.

    Raises:
        WaiverFileError: with every mistake of the first file that has any.
    """
    sources = {path: read_waivers(path) for path in map(Path, paths)}
    entries = tuple(waiver for path, source in sources.items() for waiver in waivers_in(path, source))
    files = tuple(GivenFile(str(path), hashlib.sha256(source).hexdigest()) for path, source in sources.items())
    return Waivers(entries, allow_wide, files)


def read_waivers(path: Path) -> bytes:
    """The bytes of a waiver file.

    Raises:
        WaiverFileError: it cannot be read.
    """
    return read_source(path, WHAT, _MAKE, WaiverFileError)


def waivers_in(path: Path, source: bytes) -> tuple[Waiver, ...]:
    """The waivers in the bytes of a file.

    Raises:
        WaiverFileError: with every mistake in it; a syntax error comes alone.
    """
    text = text_of(path, source, WaiverFileError)
    data = parsed(path, text, WHAT, WaiverFileError, lists=("waiver",))
    lines = Lines.of(text)
    said: list[Said] = [*_backwards(data)]
    file = None
    try:
        file = WaiverFile.model_validate(data)
    except ValidationError as error:
        said.extend(sentences(error.errors(include_url=False, include_input=False), data, WaiverFile))
    if file is None or said:
        raise WaiverFileError(placed(path, lines, said))
    return tuple(_waiver(entry, f"{path}:{lines.line(('waiver', index))}") for index, entry in enumerate(file.waiver))


def _backwards(data: Mapping[str, Any]) -> Iterator[Said]:
    """Waivers that end before they begin, and so would never count."""
    tables = data.get("waiver")
    for index, entry in enumerate(tables if isinstance(tables, list) else ()):
        begins, until = (entry.get("from"), entry.get("until")) if isinstance(entry, dict) else (None, None)
        if isinstance(begins, datetime) and isinstance(until, datetime) and _zoned(begins, until) and until <= begins:
            key = ("waiver", index, "until")
            yield key, f"{subject(key, data)}: must be later than from; this one would never count"


def _zoned(*moments: datetime) -> bool:
    return all(moment.utcoffset() is not None for moment in moments)


def _waiver(entry: WaiverEntry, where: str) -> Waiver:
    return Waiver(
        entry.requirement, entry.outcome, entry.subject, entry.reason, entry.approver, entry.risk, entry.ticket,
        entry.begins, entry.until, where,
    )  # fmt: skip
