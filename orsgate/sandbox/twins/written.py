# SPDX-License-Identifier: Apache-2.0
"""Fields of an object that a client wrote to a twin: one that is not there is that of a new object, not the one before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from orsgate.sandbox.twins.objects import Properties


class WrittenError(ValueError):
    """What was written is no object of the interface; the message says why."""


class Written:
    """The fields of an object as they were written.

    Args:
        fields: by their names in the interface; letter case counts.
    """

    def __init__(self, fields: Mapping[str, Any]) -> None:
        self._fields = fields

    def text(self, name: str, otherwise: str = "") -> str:
        """A field that is text.

        Raises:
            WrittenError: it is none.
        """
        value = self._fields.get(name, otherwise)
        if not isinstance(value, str):
            raise WrittenError(f"{name} is no text")
        return value

    def number(self, name: str) -> int:
        """A number, written as text; 0 where it is not there.

        Raises:
            WrittenError: it is none.
        """
        text = self.text(name, "0")
        if not (text.isascii() and text.isdecimal() and len(text) < 12):
            raise WrittenError(f"{name} is no number")
        return int(text)

    def one_of(self, name: str, known: Sequence[str], otherwise: int) -> int:
        """The place of a literal among those that are known.

        Raises:
            WrittenError: it is none of them.
        """
        value = self.text(name, known[otherwise])
        if value not in known:
            raise WrittenError(f"{name} is none of {', '.join(known)}")
        return known.index(value)

    def objects(self, name: str, wrapper: str = "") -> list[Mapping[str, Any]]:
        """A list of objects, in a wrapping where the interface has one; empty where it is not there.

        Raises:
            WrittenError: it is none.
        """
        value = self._fields.get(name, {wrapper: []} if wrapper else [])
        if wrapper:
            value = value.get(wrapper, []) if isinstance(value, Mapping) else None
        if not isinstance(value, list) or not all(isinstance(each, Mapping) for each in value):
            raise WrittenError(f"{name} is no list of objects")
        return value

    def texts(self, name: str) -> list[str]:
        """A list of texts; empty where it is not there.

        Raises:
            WrittenError: it is none.
        """
        value = self._fields.get(name, [])
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise WrittenError(f"{name} is no list of texts")
        return value

    def group(self, name: str) -> Written:
        """The fields of a structure; without any where it is not there.

        Raises:
            WrittenError: it is none.
        """
        value = self._fields.get(name, {})
        if not isinstance(value, Mapping):
            raise WrittenError(f"{name} is no structure")
        return Written(value)

    def properties(self, name: str) -> Properties:
        """Options as GAX writes them, one entry for each.

        Raises:
            WrittenError: they are not.
        """
        sections: dict[str, dict[str, str]] = {}
        for each in self.objects(name, "property"):
            entry = Written(each)
            section, key = entry.text("section"), entry.text("key")
            if not section or not key:
                raise WrittenError(f"{name} holds an option without section or key")
            if key in sections.setdefault(section, {}):
                raise WrittenError(f"{name} holds {section}/{key} twice")
            sections[section][key] = entry.text("value")
        return tuple((section, tuple(options.items())) for section, options in sections.items())

    def nested(self, name: str) -> Properties:
        """Options as GWS writes them, an object for each section.

        Raises:
            WrittenError: they are not.
        """
        found: list[tuple[str, tuple[tuple[str, str], ...]]] = []
        value = self._fields.get(name, {})
        if not isinstance(value, Mapping):
            raise WrittenError(f"{name} is no structure")
        for section, options in value.items():
            if not isinstance(options, Mapping):
                raise WrittenError(f"{name} holds {section}, which is no section")
            entry = Written(options)
            found.append((section, tuple((key, entry.text(key)) for key in options)))
        return tuple(found)
