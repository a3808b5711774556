# SPDX-License-Identifier: Apache-2.0
"""Facts as JSON in UTF-8, whatever text is in them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from pydantic import TypeAdapter

_Fact = TypeVar("_Fact")
_ENCODER = json.JSONEncoder(allow_nan=False)
_ESCAPED = "\\ud"
"""How a half is written in ASCII, alone or as one of the two of a whole character."""
_HALF = re.compile("[\ud800-\udfff]")


def json_of(adapter: TypeAdapter[_Fact], fact: _Fact, indent: int | None = None) -> bytes:
    """A fact as JSON; half a character, which no encoding can write, becomes its number, such as ``[U+DCFF]``.

    Python makes such halves of the bytes in a path that are no UTF-8.
    """
    from pydantic_core import PydanticSerializationError, to_json  # noqa: PLC0415 - only needed where a fact is written

    try:
        return adapter.dump_json(fact, indent=indent)
    except PydanticSerializationError:
        return to_json(_writable(adapter.dump_python(fact, mode="json")), indent=indent)


def ascii_json(value: Any) -> str:
    """A plain value as JSON in one line of ASCII, which every reader takes: half a character becomes its number here too.

    Raises:
        ValueError: it holds a number that is none in JSON.
    """
    text = _ENCODER.encode(value)
    return text if _ESCAPED not in text else _ENCODER.encode(_writable(value))


def without_halves(text: str) -> str:
    """Text with each half of a character as its number, such as ``[U+DCFF]``."""
    return _HALF.sub(lambda half: f"[U+{ord(half[0]):04X}]", text)


def _writable(value: Any) -> Any:
    if isinstance(value, str):
        return without_halves(value)
    if isinstance(value, dict):
        return {_writable(key): _writable(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_writable(entry) for entry in value]
    return value
