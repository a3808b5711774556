# SPDX-License-Identifier: Apache-2.0
"""Adding to a waiver file, and what a waiver would do to results that are there."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from orsgate.estate.atomic import write_whole
from orsgate.estate.judgement import Evidence, Gap, Judgement, Outcome, Violation
from orsgate.estate.knowledge import Unknown
from orsgate.estate.mistakes import InputError
from orsgate.estate.toml_text import toml_string
from orsgate.evidence.in_turn import in_turn
from orsgate.reporting.results_json import SCHEMA
from orsgate.reporting.text import utc
from orsgate.verdict.result import Planned, Result
from orsgate.verdict.waiver import Waiver, Waivers, WaiverUse
from orsgate.verdict.waiver_file import WaiverFileError, read_waivers, waivers_in
from orsgate.verdict.waiving import Waiving

DEFAULT_NAME = "waivers.toml"
"""Where they go, beside what they are about."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What a results.json tells a waiver of.

    Attributes:
        results: by id, with as much of each as decides whether a waiver covers it.
        strict: warnings gated as well.
        window_end: when the change window ends; None where that is not told.
    """

    results: Mapping[str, Result]
    strict: bool = False
    window_end: datetime | None = None


def results_in(path: Path, source: bytes) -> Judged:
    """What a results.json tells.

    Raises:
        InputError: it is none.
    """
    try:
        document = json.loads(source)
        entries = {SCHEMA: document["results"]}[document["schema"]]  # of another form there is none
        return Judged(
            {entry["id"]: _result(entry) for entry in entries},
            document.get("strict") is True,
            _window_end(document),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise InputError(f"{path}: is no results.json of the form {SCHEMA}, as --json PATH writes it") from None


def _window_end(document: Mapping[str, Any]) -> datetime | None:
    """When the change window ends, as a results.json tells it.

    Raises:
        ValueError: it tells no moment.
    """
    told = document.get("change", {}).get("window_end")
    moment = None if told is None else datetime.fromisoformat(told)
    if moment is not None and moment.utcoffset() is None:
        raise ValueError(told)
    return moment


def _result(entry: Mapping[str, Any]) -> Result:
    before = Outcome(entry["original_outcome"])
    planned = Planned(
        _text(entry["id"]), entry["step"], tuple(entry["phase"]), _text(entry["severity"]), entry["mode"], entry["origin"]
    )
    judgement = Judgement(
        subjects=tuple(map(_text, entry["subjects"])),
        violations=tuple(
            Violation(_text(found["subject"]), found["found"], found["expected"], found["where"]) for found in entry["violations"]
        ),
        gaps=tuple(Gap(_text(gap["subject"]), Unknown(gap["cause"], gap["where"])) for gap in entry.get("gaps", ())),
        evidence=tuple(Evidence(_text(seen["subject"]), seen["text"], seen["where"]) for seen in entry["evidence"]),
        manual=entry["reason"] if before is Outcome.MANUAL else "",
    )
    return Result(planned, before, entry["reason"], judgement=judgement)


def _text(value: Any) -> Any:
    """``value``, which waivers are matched with and so has to be text.

    Raises:
        TypeError: it is none.
    """
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def foreseen(result: Result, waivers: Waivers, at: datetime, *, strict: bool = False) -> tuple[WaiverUse, ...]:
    """What the waivers would do to a result at an instant."""
    waiving = Waiving(waivers, at, strict=strict)
    return waiving.uses([waiving.waived(result)])


def stored_waivers(path: Path) -> tuple[Waiver, ...]:
    """The waivers that are in a file; none where there is no file.

    Raises:
        WaiverFileError: it is wrong.
    """
    return waivers_in(path, read_waivers(path)) if path.exists() else ()


def add_waivers(path: Path, added: Sequence[Waiver]) -> None:
    """Write waivers at the end of a file, which is made where there is none; what is in it stays as it is.

    Several may do so at once, and none is lost.

    Raises:
        WaiverFileError: the file is wrong as it is.
        InputError: the waivers cannot be read back, the file accepts all of one already, or it cannot be written.
    """
    try:
        with in_turn(path):
            write_whole(path, _with(path, added))
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror or error}") from None


def _with(path: Path, added: Sequence[Waiver]) -> bytes:
    """What a file holds once waivers were added."""
    before = read_waivers(path) if path.exists() else b""
    stored = waivers_in(path, before)
    for waiver in added:
        if there := next((each for each in stored if each.accepts(waiver) and _spans(each, waiver)), None):
            raise InputError(f"nothing was written: {already(there)}")
    separated = b"" if not before else b"\n" if before.endswith(b"\n") else b"\n\n"
    try:
        after = before + separated + "\n".join(map(_table, added)).encode()
    except UnicodeEncodeError:
        raise InputError("the waiver is not written: something in it is no text that UTF-8 can hold") from None
    try:
        waivers_in(path, after)
    except WaiverFileError as error:
        told = "; ".join(mistake.message for mistake in error.mistakes)
        raise InputError(f"{path}: the waiver is not written: {told}") from None
    return after


def already(there: Waiver) -> str:
    """A waiver that is in a file, as a sentence."""
    told = f"{there.requirement} {there.outcome} of {there.subject} is accepted already until {utc(there.until)}"
    return f"{told}, by {there.approver} ({there.where})"


def _spans(there: Waiver, other: Waiver) -> bool:
    return there.begins <= other.begins and other.until <= there.until


def _table(waiver: Waiver) -> str:
    texts = {
        "requirement": waiver.requirement, "outcome": waiver.outcome.value, "subject": waiver.subject, "reason": waiver.reason,
        "approver": waiver.approver, "risk": waiver.risk, "ticket": waiver.ticket,
    }  # fmt: skip
    lines = [f"{key} = {toml_string(value)}" for key, value in texts.items()]
    return "\n".join(["[[waiver]]", *lines, f"from = {utc(waiver.begins)}", f"until = {utc(waiver.until)}", ""])
