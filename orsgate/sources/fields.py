# SPDX-License-Identifier: Apache-2.0
"""Fields of objects in JSON, in whatever letter case and wrapping a source gives them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from orsgate.estate.mistakes import InputError

LARGEST_NUMBER = 2**63 - 1
_DIGITS = 19


class ShapeError(InputError):
    """A field is not of a shape that is understood; the message says which field, and nothing of what it holds."""


class Fields:
    """The fields of one object by name, in any letter case.

    Args:
        entries: the object as JSON gave it.
    """

    __slots__ = ("_entries",)

    def __init__(self, entries: Mapping[str, Any]) -> None:
        self._entries = {key.lower(): value for key, value in entries.items()}

    def get(self, *names: str) -> Any:
        """The first of ``names`` (in lower case) that is there; None where none is."""
        for name in names:
            if name in self._entries:
                return self._entries[name]
        return None

    def has(self, *names: str) -> bool:
        """Whether one of ``names`` is there."""
        return any(name in self._entries for name in names)

    def text(self, *names: str) -> str | None:
        """A field as text; None where it is not there or empty.

        Raises:
            ShapeError: it is neither text nor a number.
        """
        value = self.get(*names)
        if value is None or value == "":
            return None
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise ShapeError(f"the field {names[0]} is no text")
        return str(value)

    def number(self, *names: str) -> int | None:
        """A field as a whole number; None where it is not there or empty.

        Raises:
            ShapeError: it is none from 0 to 2**63 - 1.
        """
        value = self.get(*names)
        return None if value is None or value == "" else as_number(value, names[0])

    def group(self, name: str, *wrappers: str) -> Fields:
        """The fields of a structure within the object; itself where the source keeps them flat.

        Args:
            name: of the structure.
            wrappers: names that may stand between it and its fields.

        Raises:
            ShapeError: it is no structure.
        """
        value = self.get(name)
        if value is None:
            return self
        inner = list(entries(value, name, *wrappers))
        if len(inner) > 1 or not all(isinstance(each, dict) for each in inner):
            raise ShapeError(f"the field {name} is no structure")
        return Fields(inner[0] if inner else {})


def as_number(value: object, what: str) -> int:
    """``value`` as a whole number.

    Raises:
        ShapeError: it is none from 0 to 2**63 - 1.
    """
    text = str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS and int(text) <= LARGEST_NUMBER):
        raise ShapeError(f"the field {what} holds no number where one belongs")
    return int(text)


def entries(value: object, what: str, *wrappers: str) -> Iterator[Any]:
    """The entries of a list, which a source may wrap once or twice, and give without list where there is one.

    Args:
        value: as it was read; None and empty are no entries.
        what: the field, for the message.
        wrappers: in lower case, the names between the field and its entries, such as ``conninfo``.

    Raises:
        ShapeError: nothing of that kind.
    """
    if value is None or value == "":
        return
    if isinstance(value, list):
        yield from value
        return
    if not isinstance(value, dict):
        yield value
        return
    inner = {key.lower(): entry for key, entry in value.items()}
    for wrapper in wrappers:
        if wrapper in inner:
            yield from entries(inner[wrapper], what, *(each for each in wrappers if each != wrapper))
            return
    if value:
        yield value
