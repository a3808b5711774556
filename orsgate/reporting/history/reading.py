# SPDX-License-Identifier: Apache-2.0
"""Reading a results.json back: validated whole, and refused in one sentence where anything is wrong."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orsgate.estate.json_text import without_halves
from orsgate.estate.mistakes import InputError, quoted
from orsgate.reporting.history.stored import StoredRun
from orsgate.reporting.results_json import SCHEMA, chunks
from orsgate.verdict.coherence import contradiction
from orsgate.verdict.events import RunFinished, RunStarted

if TYPE_CHECKING:
    from pydantic import TypeAdapter, ValidationError

LARGEST_RESULTS = 512 * 2**20
"""Bytes; more than that no run writes."""

_ESCAPED_HALF = re.compile(rb"\\u[dD][89a-fA-F]")
_FAMILY = SCHEMA.rpartition("/")[0]
_ADVICE = "orsgate audit --json writes one"


def read_run(path: Path) -> StoredRun:
    """The run that a results.json tells of.

    Raises:
        InputError: it is missing, unreadable, too large, cut off, of another schema, or contradicts itself.
    """
    return run_in(bytes_of(path), str(path))


def bytes_of(path: Path) -> bytes:
    """What a file holds, if that is not more than any results.json.

    Raises:
        InputError: it cannot be read, or is too large.
    """
    place = str(path)
    if "\0" in place:
        raise InputError(f"{quoted(place)}: a path holds no null character")
    try:
        with path.open("rb") as stream:
            data = stream.read(LARGEST_RESULTS + 1)
    except IsADirectoryError:
        raise InputError(f"{place} is a directory; name a results.json in it") from None
    except FileNotFoundError:
        raise InputError(f"{place} is not there; {_ADVICE}") from None
    except OSError as error:
        raise InputError(f"{place} cannot be read: {(error.strerror or str(error)).lower()}") from None
    if len(data) > LARGEST_RESULTS:
        raise InputError(
            f"{place} is larger than {LARGEST_RESULTS // 2**20} MB, which no results.json is; was another file meant?"
        )
    return data


def run_in(data: bytes, place: str) -> StoredRun:
    """The run that the bytes of a results.json tell of.

    Args:
        data: the bytes.
        place: how a sentence calls the file.

    Raises:
        InputError: it is cut off, of another schema, or contradicts itself.
    """
    from pydantic import ValidationError  # noqa: PLC0415 - heavy imports are lazy

    try:
        run = _adapter().validate_json(_without_halves(data), strict=True)
    except ValidationError as error:
        raise InputError(f"{place} {_refusal(error)}") from None
    if contradiction := _contradiction(run):
        raise InputError(f"{place} contradicts itself: {contradiction}; it was changed by hand, or is damaged")
    return run


def run_of(started: RunStarted, finished: RunFinished) -> StoredRun:
    """A run that has just been judged, as its results.json would tell it."""
    return run_in("".join(chunks(started, finished)).encode(), "this run")


def digest_of(data: bytes) -> bytes:
    """What tells one file from another, wherever it lies."""
    return hashlib.sha256(data).digest()


@cache
def _adapter() -> TypeAdapter[StoredRun]:
    from pydantic import TypeAdapter  # noqa: PLC0415

    return TypeAdapter(StoredRun)


def _without_halves(data: bytes) -> bytes:
    """The same document without halves of characters, which names in no valid UTF-8 leave, and which the parser refuses.

    They become what every report shows in their place, such as ``[U+DCFF]``.
    """
    if not _ESCAPED_HALF.search(data):
        return data
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return data  # the parser says what is wrong
    return without_halves(json.dumps(document, ensure_ascii=False)).encode()


def _refusal(error: ValidationError) -> str:
    problems = error.errors(include_url=False, include_context=True)
    first = problems[0]
    if first["type"] == "json_invalid":
        told = str(first.get("ctx", {}).get("error", first["msg"]))
        if told.startswith("EOF"):
            return "ends in the middle: it was not copied or written whole; use another copy"
        return f"is no JSON: {told}; was another file meant?"
    schema = next((problem for problem in problems if problem["loc"] == ("schema",)), None)
    if not first["loc"] or (schema is not None and not str(schema["input"]).startswith(_FAMILY)):
        return f'is no results.json of orsgate, which says "schema": "{SCHEMA}"; {_ADVICE}'
    if schema is not None:
        return (
            f"says schema {_echo(schema['input'])}, and this orsgate reads {SCHEMA}; judge the snapshot again with this orsgate"
        )
    where = _place(first["loc"])
    if first["type"] == "missing":
        return f"has no {where}, which every results.json has; it was changed by hand, or is damaged"
    message = first["msg"][:1].lower() + first["msg"][1:]
    return f"cannot be used: {where} is {_echo(first['input'])}: {message}; it was changed by hand, or is damaged"


def _echo(value: Any) -> str:
    return quoted(value if isinstance(value, str) else json.dumps(value, default=str))


def _place(loc: tuple[int | str, ...]) -> str:
    text = ""
    for part in loc:
        text += f"[{part}]" if isinstance(part, int) else f".{part}"
    return quoted(text.removeprefix("."))


def _contradiction(run: StoredRun) -> str:
    """What cannot be true in one and the same run; empty where nothing is."""
    for name in ("started", "finished", "collected"):
        if getattr(run, name).utcoffset() != timedelta():  # so that none lies beyond the years that UTC can tell
            return f"{name} is no time in UTC"
    if wrong := next((result for result in run.results if result.step < 1), None):
        return f"{wrong.id}: there is no step {wrong.step}"
    return contradiction(run)
