# SPDX-License-Identifier: Apache-2.0
"""Lines of an estate file: values of any origin as TOML, and sentences of any origin as comments."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from orsgate.estate.mistakes import quoted
from orsgate.estate.schema_objects import Table
from orsgate.estate.toml_text import toml_key, toml_string

WIDTH = 128
LONGEST_COMMENT = 600
"""Characters of a sentence; what a server says may be longer, and no name or cause that a person needs is."""
LONGEST_REMARK = 150
"""Characters of a remark behind a value."""
_MANY_DOTS = 50  # a hundred names with dots between them are refused as an endless key, wherever they stand
_HALF = re.compile("[\ud800-\udfff]")

Value = str | bool | int | datetime | tuple[str, ...] | Mapping[str, Any]


def toml_value(value: Value) -> str:
    """``value`` as TOML on one line; characters that cannot be seen are escaped."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return _seen(toml_string(value))
    if isinstance(value, int):
        return str(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, Mapping):
        entries = ", ".join(f"{key_text(key)} = {toml_value(entry)}" for key, entry in value.items())
        return f"{{ {entries} }}" if entries else "{}"
    return f"[{', '.join(map(toml_value, value))}]"


def key_text(name: str) -> str:
    """``name`` as a TOML key; characters that cannot be seen are escaped."""
    return _seen(toml_key(name))


def assigned(key: str, value: Value, remark: str = "") -> str:
    """``key = value``, and a remark behind it."""
    behind = f"  # {_shown(remark, LONGEST_REMARK)}" if remark else ""
    return f"{key_text(key)} = {toml_value(value)}{behind}"


def comment(sentence: str) -> Iterator[str]:
    """``sentence`` as comment lines; nothing in it can end the comment or hide beside it."""
    text = _shown(sentence, LONGEST_COMMENT)
    for number, line in enumerate(textwrap.wrap(text, WIDTH - 4, break_on_hyphens=False)):
        yield f"# {'  ' if number else ''}{line}"


def commented(key: str, value: Value, remark: str = "") -> str:
    """``# key = value``, which becomes true when its ``#`` is taken away."""
    return f"# {assigned(key, value, remark)}"


@dataclass(frozen=True, slots=True)
class Fitted:
    """What a table of the estate file can hold, and what it cannot.

    Attributes:
        kept: key -> value.
        lost: key and, for an entry of a list or table, that entry.
    """

    kept: Mapping[str, Value]
    lost: tuple[tuple[str, str], ...]

    def comments(self, whose: str) -> Iterator[str]:
        """What a reader must be told of what is lost; values of single keys are not shown."""
        for key, entry in self.lost:
            what = f"{key} {quoted(entry)}" if entry else key
            yield from comment(f"CHECK: {what} of {whose} cannot stand in an estate file; it was left out")


def fitted(model: type[Table], values: Mapping[str, Value]) -> Fitted:
    """Divide ``values`` into those that ``model`` accepts and those that it does not; entries of lists and tables singly."""
    unfit = _unfit(model, values)
    kept: dict[str, Value] = {}
    lost: list[tuple[str, str]] = []
    for key, value in values.items():
        entries = unfit[key]
        if None in entries:
            lost.append((key, ""))
        elif isinstance(value, tuple):
            lost += [(key, entry) for number, entry in enumerate(value) if number in entries]
            kept[key] = tuple(entry for number, entry in enumerate(value) if number not in entries)
        elif isinstance(value, Mapping):
            lost += [(key, name) for name in value if name in entries]
            kept[key] = {name: entry for name, entry in value.items() if name not in entries}
        else:
            kept[key] = value
    return Fitted(kept, tuple(lost))


def _unfit(model: type[Table], values: Mapping[str, Value]) -> Mapping[str, set[int | str | None]]:
    """Key -> positions or names of its entries that do not fit; None among them where the value as a whole does not."""
    unfit: dict[str, set[int | str | None]] = {key: set() for key in values}
    for key, value in values.items():
        if isinstance(value, tuple):
            unfit[key] |= {number for number, entry in enumerate(value) if not _encodable(entry)}
        elif isinstance(value, Mapping):
            unfit[key] |= {name for name, entry in value.items() if not (_encodable(name) and _encodable(entry))}
        elif not _encodable(value):
            unfit[key].add(None)
    try:
        model.model_validate(dict(values))
    except ValidationError as error:
        for each in error.errors(include_url=False, include_input=False, include_context=False):
            place, *inner = each["loc"]
            if place in values:  # else it is a required key that the caller adds
                unfit[str(place)].add(inner[0] if inner else None)
    return unfit


def _encodable(value: Any) -> bool:
    """Whether no half of a character is in a text, which no file could hold."""
    return not (isinstance(value, str) and _HALF.search(value))


def _seen(text: str) -> str:
    """A TOML text with escapes for what cannot be seen; what it means stays the same."""
    seen = "".join(char if char.isprintable() else _escape(char) for char in text)
    return seen.replace(".", r"\u002E") if seen.count(".") >= _MANY_DOTS else seen


def _escape(char: str) -> str:
    code = ord(char)
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"


def _shown(text: str, longest: int) -> str:
    """A text on one line, printable and of bearable length."""
    line = " ".join("".join(char if char.isprintable() else " " if char.isspace() else _escape(char) for char in text).split())
    return line if len(line) <= longest else line[: longest - 3] + "..."


def text_of(lines: Iterable[str]) -> str:
    """Lines as the text of a file."""
    return "".join(f"{line}\n" for line in lines)
