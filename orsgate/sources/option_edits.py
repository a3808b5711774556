# SPDX-License-Identifier: Apache-2.0
"""Changing options in a whole object as GAX or GWS gave it; everything else in it stays exactly as it was read.

An object is the JSON of one Application or Transaction. Its options and Annex stand there as GAX writes them
(``{"property": [{"section", "key", "value"}]}``) or as GWS does (``{section: {name: value}}``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from orsgate.estate.export import BLANKS
from orsgate.sources.fields import ShapeError
from orsgate.sources.option_rows import Row, plain, rows_of, with_rows

ObjectKind = Literal["application", "transaction"]
Tab = Literal["options", "annex"]
Object = Mapping[str, Any]
FIELDS: Mapping[Tab, str] = {"options": "options", "annex": "userproperties"}
"""The fields of an object, in lower case."""
TABS: tuple[Tab, ...] = ("options", "annex")


class Key(NamedTuple):
    """Names an option of an object.

    Attributes:
        option: empty for the section itself; ``#`` before what is disabled.
    """

    tab: Tab
    section: str
    option: str

    def __str__(self) -> str:
        annex = " in the Annex" if self.tab == "annex" else ""
        return f"{self.section}/{self.option}{annex}" if self.option else f"the section {self.section}{annex}"


@dataclass(frozen=True, slots=True)
class Edit:
    """One option that becomes another.

    Attributes:
        before: None where it is not there; so is ``after``. A section that is there is the empty text.
    """

    key: Key
    before: str | None
    after: str | None

    @property
    def reverse(self) -> Edit:
        """What takes it back."""
        return Edit(self.key, self.after, self.before)


@dataclass(frozen=True, slots=True)
class Style:
    """How an interface writes options where there were none.

    Attributes:
        nested: as an object for each section, in place of one list.
        names: of the fields.
    """

    nested: bool
    names: Mapping[Tab, str]


GAX = Style(nested=False, names={"options": "options", "annex": "userproperties"})
GWS = Style(nested=True, names={"options": "options", "annex": "userProperties"})


def field_of(found: Object, tab: Tab) -> str | None:
    """The name of the field of a tab, in the letter case of the object; None where it has none."""
    return next((name for name in found if name.lower() == FIELDS[tab]), None)


def values(found: Object) -> dict[Key, str]:
    """Every option and section of an object, and its value as text.

    Raises:
        ShapeError: they are not understood, or an option stands there twice.
    """
    result: dict[Key, str] = {}
    for tab in TABS:
        for row in _rows(found, tab):
            section = _called(row.section)
            result[Key(tab, section, "")] = ""
            if row.name is None:
                continue
            key = Key(tab, section, _called(row.name))
            if key in result:
                raise ShapeError(f"{key} stands there twice")
            result[key] = row.text
    return result


def edited(found: Object, edits: Iterable[Edit], style: Style, like: Object | None = None) -> dict[str, Any]:
    """A copy of an object with some options changed.

    Args:
        found: the object as it was read.
        edits: what is to become what.
        style: how options are written where the object has none.
        like: an object that held what comes back, and where: what is put again is put as it was there.

    Raises:
        ShapeError: the options are not understood, or a section that is to go holds options.
    """
    result: dict[str, Any] = deepcopy(dict(found))
    by_tab: dict[Tab, list[Edit]] = {}
    for edit in edits:
        by_tab.setdefault(edit.key.tab, []).append(edit)
    for tab, of_tab in by_tab.items():
        rows = _rows(result, tab)
        model = [] if like is None else _rows(like, tab)
        for edit in _in_order(of_tab, model):
            rows = _with(rows, edit, model)
        name = field_of(result, tab) or style.names[tab]
        result[name] = with_rows(result.get(name), rows, nested=style.nested)
    return result


class Differences(NamedTuple):
    """What of an object is not as it should be.

    Attributes:
        options: each as it should be, and as it is.
        fields: names of other fields.
    """

    options: tuple[Edit, ...]
    fields: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.options or self.fields)


def differences(expected: Object, found: Object) -> Differences:
    """What differs; the order of options does not count.

    Raises:
        ShapeError: the options are not understood.
    """
    one, other = values(expected), values(found)
    options = tuple(
        Edit(key, one.get(key), other.get(key)) for key in dict.fromkeys((*one, *other)) if one.get(key) != other.get(key)
    )
    names = {name for each in (expected, found) for name in each if name.lower() not in FIELDS.values()}
    gone = object()
    fields = sorted(name for name in names if expected.get(name, gone) != found.get(name, gone))
    return Differences(options, tuple(fields))


def _rows(found: Object, tab: Tab) -> list[Row]:
    name = field_of(found, tab)
    return [] if name is None else rows_of(found[name], name)


def _called(name: str) -> str:
    """A name as it is spoken of: without blanks after the ``#`` that disables it."""
    bare = name[1:].strip(BLANKS) if name.startswith("#") else ""
    return f"#{bare}" if bare else name


def _in_order(edits: list[Edit], model: list[Row]) -> list[Edit]:
    """Options before sections; what comes back in the order in which it stood."""
    places = {(_called(row.section), _called(row.name or "")): number for number, row in reversed(list(enumerate(model)))}
    return sorted(edits, key=lambda edit: (not edit.key.option, places.get((edit.key.section, edit.key.option), len(model))))


def _is(row: Row, key: Key) -> bool:
    return _called(row.section) == key.section and _called(row.name or "") == key.option


def _with(rows: list[Row], edit: Edit, model: list[Row]) -> list[Row]:
    key, after = edit.key, edit.after
    there = [row for row in rows if _is(row, key)]
    if len(there) > 1:
        raise ShapeError(f"{key} stands there twice")
    if not key.option:
        return _with_section(rows, key, is_there=after is not None, model=model)
    if after is None:
        return [row for row in _keeping_section(rows, key) if not _is(row, key)]
    if there:
        changed = there[0].with_text(after)
        return [changed if row is there[0] else row for row in rows]
    before = next((row for row in model if _is(row, key) and row.text == after), None)
    return _put(rows, before or plain(key.section, key.option, after), model)


def _keeping_section(rows: list[Row], key: Key) -> list[Row]:
    """A section whose last option goes stays as an empty one, in the place where it was; GAX cannot write it down."""
    of_section = [row for row in rows if _called(row.section) == key.section]
    if len(of_section) == 1 and of_section[0].name is not None:
        return [Row(row.section, None, {}) if row is of_section[0] else row for row in rows]
    return rows


def _with_section(rows: list[Row], key: Key, *, is_there: bool, model: list[Row]) -> list[Row]:
    of_section = [row for row in rows if _called(row.section) == key.section]
    if is_there:
        return rows if of_section else _put(rows, Row(key.section, None, {}), model)
    if held := [row.name for row in of_section if row.name is not None]:
        raise ShapeError(f"{key} holds {held[0]}, which the plan does not delete")
    return [row for row in rows if row not in of_section]


def _put(rows: list[Row], new: Row, model: list[Row]) -> list[Row]:
    """Put a row where it stood in ``model``, else at the end of its section, else at the end."""
    rows = [row for row in rows if not (row.name is None and _called(row.section) == _called(new.section))]
    place = next((number for number, row in enumerate(model) if row.same_place(new)), None)
    if place is not None:
        for before in reversed(model[:place]):
            for number, row in enumerate(rows):
                if row.same_place(before):
                    return [*rows[: number + 1], new, *rows[number + 1 :]]
        return [new, *rows]
    last = max((number for number, row in enumerate(rows) if _called(row.section) == _called(new.section)), default=len(rows) - 1)
    return [*rows[: last + 1], new, *rows[last + 1 :]]
