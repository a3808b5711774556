# SPDX-License-Identifier: Apache-2.0
"""JSON with long lists, written piece by piece so that it is never in memory as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from orsgate.estate.json_text import ascii_json

_BATCH = 256


def json_text(entries: Iterable[tuple[str, Any]]) -> Iterator[str]:
    """An object as text in ASCII, piece by piece, with a line feed at its end.

    Args:
        entries: its keys and values. A list that comes as an iterator stands with one entry a line, everything else on one line;
            the entries of such a list are alike, and may be objects that hold iterators themselves.
    """
    yield from _object(entries)
    yield "\n"


def _object(entries: Iterable[tuple[str, Any]], indent: str = "") -> Iterator[str]:
    yield "{"
    separator = "\n"
    for key, value in entries:
        yield f"{separator}{indent} {ascii_json(key)}: "
        yield from _value(value, f"{indent} ")
        separator = ",\n"
    yield f"\n{indent}}}"


def _value(value: Any, indent: str) -> Iterator[str]:
    """A value in JSON: what holds an iterator over several lines, all else on one, written by the encoder in C."""
    if _is_long(value):
        yield from _object(value.items(), indent)
    elif isinstance(value, Iterator):
        yield from _lines(value, indent)
    else:
        yield ascii_json(value)


def _is_long(value: Any) -> bool:
    return isinstance(value, dict) and any(isinstance(entry, Iterator) for entry in value.values())


def _lines(values: Iterator[Any], indent: str) -> Iterator[str]:
    """A list with each entry on a line of its own; its entries are alike."""
    inner, separator = f"{indent} ", "["
    while batch := list(islice(values, _BATCH)):
        if _is_long(batch[0]):
            for entry in batch:
                yield f"{separator}\n{inner}"
                yield from _object(entry.items(), inner)
                separator = ","
        else:
            yield f"{separator}\n{inner}" + f",\n{inner}".join(map(ascii_json, batch))
        separator = ","
    yield f"\n{indent}]" if separator == "," else "[]"
