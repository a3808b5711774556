# SPDX-License-Identifier: Apache-2.0
"""The options of an object as rows, one for each option, out of the two ways in which GAX and GWS write them, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from orsgate.sources.fields import ShapeError

_WRAPPER = "property"


@dataclass(frozen=True, slots=True)
class Row:
    """An option, or a section that holds none.

    Attributes:
        name: of the option; None for a section that holds none.
        entry: how GAX wrote it, with whatever else stood there; GWS has ``value`` alone.
    """

    section: str
    name: str | None
    entry: Mapping[str, Any]

    @property
    def text(self) -> str:
        """Its value as text.

        Raises:
            ShapeError: it is a list of its own, which no option of ORS is.
        """
        value = self.entry.get("value", "")
        if value is None:
            return ""
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, str | int | float):
            return str(value)
        return f"(a list) {value!r}"

    def with_text(self, text: str) -> Row:
        """The same option with another value; a number stays one where it can.

        Raises:
            ShapeError: its value is a list.
        """
        old = self.entry.get("value")
        if isinstance(old, dict | list):
            raise ShapeError(f"{self.section}/{self.name} holds a list where a value belongs")
        value: Any = text
        if isinstance(old, bool) and text in {"true", "false"}:
            value = text == "true"
        elif isinstance(old, int) and not isinstance(old, bool) and text.isascii() and text.isdigit() and str(int(text)) == text:
            value = int(text)
        return replace(self, entry={**self.entry, "value": value})

    def same_place(self, other: Row) -> bool:
        """Whether both are the same option, whatever its value."""
        return (self.section, self.name) == (other.section, other.name)


def plain(section: str, name: str, text: str) -> Row:
    """A new option, whose value is text."""
    return Row(section, name, {"section": section, "key": name, "value": text})


def rows_of(value: Any, what: str) -> list[Row]:
    """The options in a field, in their order.

    Raises:
        ShapeError: they are not understood.
    """
    if value is None or value in ("", [], {}):
        return []
    listed = _listed(value)
    if listed is not None:
        return [_row(each, what) for each in listed]
    if not isinstance(value, dict):
        raise ShapeError(f"the field {what} holds no options")
    rows: list[Row] = []
    for section, options in value.items():
        if not isinstance(options, dict):
            raise ShapeError(f"the field {what} holds {section}, which is no section")
        if not options:
            rows.append(Row(section, None, {}))
        rows += [Row(section, name, {"value": option}) for name, option in options.items()]
    return rows


def with_rows(value: Any, rows: list[Row], *, nested: bool) -> Any:
    """A field with other options, written as it was written.

    Args:
        value: the field as it was.
        rows: its options now.
        nested: how it is written where there was none.
    """
    if value is None or value in ("", [], {}):
        return _nested(rows) if nested else {_WRAPPER: _entries(rows)}
    if isinstance(value, list):
        return _entries(rows)
    if _listed(value) is None:
        return _nested(rows)
    return {name: _entries(rows) if name.lower() == _WRAPPER else kept for name, kept in value.items()}


def _listed(value: Any) -> list[Any] | None:
    """The list of options as GAX writes it; None where it is written otherwise."""
    if isinstance(value, list):
        return value
    if not isinstance(value, dict):
        return None
    inner = next((entry for name, entry in value.items() if name.lower() == _WRAPPER), None)
    if isinstance(inner, list):
        return inner
    is_one = isinstance(inner, dict) and {"section", "key"} <= inner.keys() and len(value) == 1
    return [inner] if is_one else None


def _row(entry: Any, what: str) -> Row:
    if not isinstance(entry, dict):
        raise ShapeError(f"the field {what} holds something that is no option")
    section, name = entry.get("section"), entry.get("key")
    if not isinstance(section, str) or not isinstance(name, str) or not section.strip() or not name.strip():
        raise ShapeError(f"the field {what} holds an option without section or key")
    return Row(section, name, entry)


def _entries(rows: list[Row]) -> list[dict[str, Any]]:
    """As GAX writes them, which cannot write a section without an option."""
    return [{"section": row.section, "key": row.name, **row.entry} for row in rows if row.name is not None]


def _nested(rows: list[Row]) -> dict[str, dict[str, Any]]:
    sections: dict[str, dict[str, Any]] = {}
    for row in rows:
        options = sections.setdefault(row.section, {})
        if row.name is not None:
            options[row.name] = row.entry.get("value", "")
    return sections
