# SPDX-License-Identifier: Apache-2.0
"""Turns what pydantic says of a TOML file into sentences in the words of that file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from orsgate.estate.field_types import CUSTOM_ERROR
from orsgate.estate.meanings import meanings
from orsgate.estate.mistakes import any_of, did_you_mean, nearest, quoted
from orsgate.estate.schema import EstateFile
from orsgate.estate.toml_lines import KeyPath

Said = tuple[KeyPath, str]
"""Where a mistake is, and the sentence about it."""

PASSWORD = "password"  # noqa: S105  # the name of a key that must not be there
MOST_SUGGESTIONS = 1000
"""Mistakes that get a near name; a hostile file with a million of them shall not take hours."""

_USE_INSTEAD = (
    "a password never stands in the estate file; use password_env (the name of an environment variable) "
    "or password_file (a file that holds it), in [configuration] or [cassandra]"
)
_PLAIN = {
    "string_type": "must be text in quotes",
    "int_type": "must be a whole number, without quotes",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number, without quotes",
    "bool_type": "must be true or false, without quotes",
    "tuple_type": 'must be a list, such as ["a", "b"]',
    "mapping_type": 'must be a table, such as { key = "value" }',
    "dict_type": 'must be a table, such as { key = "value" }',
    "finite_number": "must be a finite number",
}


def sentences(errors: Sequence[ErrorDetails], data: Mapping[str, Any], root: type[BaseModel] = EstateFile) -> Iterator[Said]:
    """One sentence for each of pydantic's ``errors`` about ``data``, with the path of the key it is about.

    Args:
        errors: what pydantic says.
        data: the parsed file.
        root: the model of the whole file.
    """
    for number, error in enumerate(errors):
        path: KeyPath = tuple(error["loc"])
        if error["type"] == "extra_forbidden":
            if str(path[-1]).strip().casefold() != PASSWORD:  # that one has a sentence of its own
                yield path, _unknown_key(path, data, root, suggest=number < MOST_SUGGESTIONS)
        elif error["type"] == "missing":
            yield path[:-1], _missing(path, data, root)
        elif error["type"] in {"model_type", "model_attributes_type"} or len(path) == 1:
            yield path, _wrong_shape(path, data, root)
        else:
            if path[-1] == "[key]":
                path = path[:-1]
            yield path, f"{subject(path, data)}: {_value_sentence(error, path, data, root)}"


def forbidden_passwords(data: Mapping[str, Any]) -> Iterator[Said]:
    """A sentence for every key ``password``, wherever it stands; its value is never repeated."""
    todo: list[tuple[KeyPath, Any]] = [((), data)]
    while todo:
        path, value = todo.pop()
        entries: Iterable[tuple[str | int, Any]] = ()
        if isinstance(value, dict):
            entries = value.items()
        elif isinstance(value, list):
            entries = enumerate(value)
        for key, inner in entries:
            if isinstance(key, str) and key.strip().casefold() == PASSWORD and not _names_members(path):
                yield (*path, key), f"{table_name(path, data)} {key.strip()}: {_USE_INSTEAD}"
            if isinstance(inner, dict | list):
                todo.append(((*path, key), inner))


def _names_members(path: KeyPath) -> bool:
    """Whether the keys at ``path`` are names of applications, which may be called anything."""
    return len(path) == 3 and path[0] == "cluster" and path[2] == "members"


def table_name(path: KeyPath, data: Mapping[str, Any]) -> str:
    """How a sentence names the table that ``path`` is in: ``[estate]``, ``[[application]] "ORS_1"``, ``the file``."""
    if not path:
        return "the file"
    table = str(path[0])
    if len(path) > 1 and isinstance(path[1], int):
        return f"[[{_key(table)}]] {_called(data, table, path[1])}"
    return f"[{_key(table)}]"


def _key(key: str) -> str:
    return key if re.fullmatch(r"[\w-]{1,60}", key) else quoted(key)


def _called(data: Mapping[str, Any], table: str, index: int) -> str:
    entry = data[table][index] if isinstance(data.get(table), list) else {}
    name = entry.get("name", entry.get("transaction")) if isinstance(entry, dict) else None
    return quoted(name) if isinstance(name, str) and name.strip() else f"number {index + 1}"


def subject(path: KeyPath, data: Mapping[str, Any]) -> str:
    """Table and key that a sentence is about, as in ``[cassandra] nodes, entry 2``."""
    in_list = len(path) > 1 and isinstance(path[1], int)
    told = table_name(path, data)
    for position, part in enumerate(path[2 if in_list else 1 :]):
        shown = f"entry {part + 1}" if isinstance(part, int) else _key(part)
        told += f", {shown}" if position else f" {shown}"
    return told


def _annotation(path: KeyPath, root: type[BaseModel]) -> Any:
    """The type that the schema gives to the key at ``path``; None where it gives none."""
    current: Any = root
    for part in path:
        current = _bare(current)
        if isinstance(current, type) and issubclass(current, BaseModel):
            field = current.model_fields.get(str(part))
            current = field.annotation if field else None
        else:
            arguments = get_args(current)
            current = arguments[0 if isinstance(part, int) else -1] if arguments else None
    return _bare(current)


def _bare(annotation: Any) -> Any:
    """``annotation`` without ``Annotated`` and ``| None``."""
    while True:
        if get_origin(annotation) not in {Annotated, Union, UnionType}:
            return annotation
        annotation = get_args(annotation)[0]


def _keys(path: KeyPath, root: type[BaseModel]) -> list[str]:
    table = _annotation(path, root)
    return (
        [field.alias or name for name, field in table.model_fields.items()]
        if isinstance(table, type) and issubclass(table, BaseModel)
        else []
    )


def _unknown_key(path: KeyPath, data: Mapping[str, Any], root: type[BaseModel], *, suggest: bool) -> str:
    *parent, key = path
    above = tuple(parent)
    name = str(key)
    valid = _keys(above, root)
    told = f"{subject(above, data) if above else 'the file'} has no {'key' if above else 'table'} {quoted(name)}"
    if not suggest:
        return told
    if meant := nearest(name, valid):
        return f"{told}; did you mean {quoted(meant) if above else _header(meant, root)}?"
    homes = [table for table in root.model_fields if name in _keys_of_table(table, root)]
    if homes:
        return f"{told}; it is a key of {' and '.join(_header(home, root) for home in homes)}"
    shown = valid if above else [_header(table, root) for table in valid]
    kind = ("keys" if above else "tables") + (" are" if len(shown) > 1 else " is")
    return f"{told}; the {kind} {', '.join(shown)}"


def _keys_of_table(table: str, root: type[BaseModel]) -> list[str]:
    annotation = _annotation((table,), root)
    return _keys((table, 0), root) if get_origin(annotation) is tuple else _keys((table,), root)


def _header(table: str, root: type[BaseModel]) -> str:
    return f"[[{table}]]" if get_origin(_annotation((table,), root)) is tuple else f"[{table}]"


def _missing(path: KeyPath, data: Mapping[str, Any], root: type[BaseModel]) -> str:
    *parent, key = path
    above = tuple(parent)
    table = _annotation(above, root)
    known = meanings(table) if isinstance(table, type) and issubclass(table, BaseModel) else {}
    meaning = known.get(str(key), "").rstrip(".")
    if not above:
        return f"the file has no [{key}]: {meaning}"
    return f"{subject(above, data)} needs {key}: {meaning}"


def _wrong_shape(path: KeyPath, data: Mapping[str, Any], root: type[BaseModel]) -> str:
    if len(path) > 1:
        keys = " and ".join(islice(_keys(path, root), 2))
        return f"{subject(path, data)}: must be a table with keys such as {keys}"
    table = str(path[0])
    header = _header(table, root)
    again = ", once for each" if header.startswith("[[") else ", once"
    return f"{table} must be a table of its own, under the header {header}{again}"


def _value_sentence(error: ErrorDetails, path: KeyPath, data: Mapping[str, Any], root: type[BaseModel]) -> str:
    context = error.get("ctx", {})
    if error["type"] == CUSTOM_ERROR:
        return str(context["sentence"])
    if error["type"] == "literal_error":
        return _not_one_of([str(value) for value in get_args(_annotation(path, root))], _value(path, data))
    if error["type"] in {"greater_than_equal", "less_than_equal", "greater_than"}:
        return _out_of_bounds(context)
    return _PLAIN.get(error["type"], error["msg"])


def _not_one_of(valid: list[str], value: Any) -> str:
    if not isinstance(value, str):
        return f"must be {any_of(valid)}"
    return f"{quoted(value)} is not {any_of(valid)}{did_you_mean(value, valid)}"


def _out_of_bounds(context: Mapping[str, Any]) -> str:
    if "gt" in context:
        return f"must be more than {context['gt']:g}"
    return f"must be at least {context['ge']}" if "ge" in context else f"must be at most {context['le']}"


def _value(path: KeyPath, data: Any) -> Any:
    for part in path:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            return None
    return data
