# SPDX-License-Identifier: Apache-2.0
"""Writes an estate file from the values of its model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from orsgate.estate.schema import EstateFile
from orsgate.estate.toml_text import toml_key, toml_string

Tables = dict[str, Any]
"""The tables of an estate file by their names: of each its keys, or a list of such for ``[[name]]``."""


def tables_of(file: EstateFile) -> Tables:
    """The tables of an estate file, with the keys that were given in it."""
    return file.model_dump(exclude_unset=True)


def toml_of(tables: Tables, remarks: Sequence[str] = ()) -> str:
    """The text of an estate file; what is None or an empty table is left out."""
    return "\n".join([*(f"# {remark}" for remark in remarks), *_lines(tables)]) + "\n"


def _lines(tables: Tables) -> Iterator[str]:
    for name, value in tables.items():
        several = not isinstance(value, Mapping)
        for table in value if several else (value,):
            if table:
                yield ""
                yield f"[[{name}]]" if several else f"[{name}]"
                yield from (f"{toml_key(key)} = {_value(given)}" for key, given in table.items() if given is not None)


def _value(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case Mapping():
            return f"{{ {', '.join(f'{toml_key(key)} = {_value(given)}' for key, given in value.items())} }}"
        case list() | tuple():
            return f"[{', '.join(map(_value, value))}]"
        case _:
            return toml_string(str(value))
