# SPDX-License-Identifier: Apache-2.0
"""Options and Annex of an object: lists of sections of key-value pairs, in the three ways in which sources write them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from sys import intern
from typing import Any

from orsgate.estate.export import BLANKS, Export, Option, OptionType, Problem, ProblemKind, Section
from orsgate.estate.secret import Redactor
from orsgate.sources.fields import ShapeError, entries

_PAIRS: dict[str, OptionType] = {"str_pair": "string", "int_pair": "integer", "bin_pair": "binary", "list_pair": "list"}
"""What a pair is called in the XML of Configuration Server, and its type."""
Pair = tuple[str, str, Any, OptionType]
"""Section, name, value and type."""


@dataclass(frozen=True, slots=True)
class KeyValues:
    """The options of an object, as a source wrote them.

    Attributes:
        sections: names of all sections in their order, those without an option too.
        alone: names of what stands beside the sections, where no option belongs.
        inexact: ``section/name`` of texts that the source turned into decimal numbers, so that 1.10 and 1.1 look the same.
    """

    pairs: tuple[Pair, ...] = ()
    sections: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()
    inexact: tuple[str, ...] = ()


NO_KEY_VALUES = KeyValues()


def key_values(value: object, what: str) -> KeyValues:
    """The options in ``value``.

    They are understood as GAX writes them (``{"property": [{"section", "key", "value"}]}``), as GWS and mutagen do
    (``{section: {name: value}}``), and as mutagen's RAW format does (``{"list_pair": [{"key", "str_pair": [...]}]}``).

    Raises:
        ShapeError: it is none of these.
    """
    if value is None or value in ("", []):
        return NO_KEY_VALUES
    if isinstance(value, list):  # the list without its wrapping
        return _properties(value, what)
    if not isinstance(value, dict):
        raise ShapeError(f"the field {what} holds no options")
    kept = {key.lower(): entry for key, entry in value.items()}
    if isinstance(kept.get("property"), list) or (set(kept) == {"property"} and _is_property(kept["property"])):
        return _properties(list(entries(kept["property"], what)), what)
    if kept and set(kept) <= set(_PAIRS) and all(isinstance(entry, dict | list) for entry in kept.values()):
        return _lists(kept, what)
    return _nested(value)


def _is_property(value: object) -> bool:
    return isinstance(value, dict) and {"section", "key"} <= {key.lower() for key in value}


def _properties(found: list[Any], what: str) -> KeyValues:
    pairs: list[Pair] = []
    for each in found:
        if not isinstance(each, dict):
            raise ShapeError(f"the field {what} holds something that is no option")
        section, key = each.get("section"), each.get("key")
        if not isinstance(section, str) or not isinstance(key, str) or not section.strip() or not key.strip():
            raise ShapeError(f"the field {what} holds an option without section or key")
        pairs.append((section, key, *_typed(each.get("value", ""))))
    return KeyValues(tuple(pairs), tuple(dict.fromkeys(pair[0] for pair in pairs)))


def _nested(value: dict[str, Any]) -> KeyValues:
    pairs: list[Pair] = []
    alone: list[str] = []
    for section, options in value.items():
        if isinstance(options, dict):
            pairs.extend((section, name, *_typed(option)) for name, option in options.items())
        else:
            alone.append(section)
    return KeyValues(tuple(pairs), tuple(key for key, options in value.items() if isinstance(options, dict)), tuple(alone))


def _lists(kept: dict[str, Any], what: str) -> KeyValues:
    pairs: list[Pair] = []
    sections: list[str] = []
    inexact: list[str] = []
    for section in entries(kept.get("list_pair"), what):
        name = _key(section, what)
        sections.append(name)
        for kind, kind_type in _PAIRS.items():
            for option in entries(section.get(kind), what):
                text, _ = ("", "") if kind_type == "list" else _typed(option.get("value", ""), kind_type)
                pairs.append((name, _key(option, what), text, kind_type))
                if kind_type == "string" and isinstance(option.get("value"), float):
                    inexact.append("/".join(pairs[-1][:2]))
    alone = tuple(_key(option, what) for kind in kept if kind != "list_pair" for option in entries(kept[kind], what))
    return KeyValues(tuple(pairs), tuple(dict.fromkeys(sections)), alone, tuple(inexact))


def _key(pair: object, what: str) -> str:
    key = pair.get("key") if isinstance(pair, dict) else None
    if not isinstance(key, str | int | float):  # the XML converter makes numbers of names that look like one
        raise ShapeError(f"the field {what} holds a pair without a key")
    return _text(key)


def _text(value: str | float | bool) -> str:  # noqa: FBT001 - a value of JSON
    return str(value).lower() if isinstance(value, bool) else str(value)


def _typed(value: Any, as_told: OptionType | None = None) -> tuple[str, OptionType]:
    """A value as text, and its type; where the source tells the type of a pair, that one."""
    if isinstance(value, str):
        return value, as_told or "string"
    if value is None:
        return ("null", as_told) if as_told else ("", "string")
    if isinstance(value, bool | int | float):
        return _text(value), as_told or "integer"
    return "", "list"


@dataclass(slots=True)
class _Block:
    name: str
    enabled: bool
    options: list[Option] = field(default_factory=list)


def as_export(found: KeyValues, place: str, redactor: Redactor) -> Export:
    """Options as facts; names and values are kept as they are, blanks too, and ``#`` in front of a name disables it.

    Args:
        found: the options.
        place: where they were read.
        redactor: replaces secrets where they enter.
    """
    blocks = {name: _block(name) for name in found.sections}
    problems = [Problem(0, ProblemKind.BEFORE_SECTION, name[:60]) for name in found.alone]
    seen: set[tuple[str, str]] = set()
    for section, name, value, kind in found.pairs:
        block = blocks[section]
        shown, enabled = _enabled(name)
        if (section, name) in seen:
            problems.append(Problem(0, ProblemKind.DUPLICATE, f"{section}/{name}"))
        seen.add((section, name))
        kept = redactor.value(block.name, shown, value)
        block.options.append(Option(intern(shown), kept, 0, block.enabled and enabled, kind))
    sections = tuple(Section(block.name, 0, block.enabled, tuple(block.options)) for block in blocks.values())
    return Export(place, sections, tuple(problems))


def _block(name: str) -> _Block:
    shown, enabled = _enabled(name)
    return _Block(intern(shown), enabled)


def _enabled(name: str) -> tuple[str, bool]:
    """A name without the ``#`` that disables it, and whether none is there."""
    bare = name[1:].strip(BLANKS) if name.startswith("#") else ""
    return (bare, False) if bare else (name, True)


def section_pairs(export: Export, name: str) -> Iterator[tuple[Section, Option]]:
    """Every option of the sections of that name, disabled ones too."""
    for section in export.sections:
        if section.name == name:
            for option in section.options:
                yield section, option
