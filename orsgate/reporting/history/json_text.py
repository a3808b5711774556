# SPDX-License-Identifier: Apache-2.0
"""JSON documents with long lists, written one entry a line so that they are never in memory as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from orsgate.estate.json_text import ascii_json


def json_lines(head: Mapping[str, Any], lists: Mapping[str, Iterable[Any]]) -> Iterator[str]:
    """An object in ASCII, piece by piece: the short values first, then each list with one entry a line."""
    yield "{"
    separator = "\n"
    for key, value in head.items():
        yield f"{separator} {ascii_json(key)}: {ascii_json(value)}"
        separator = ",\n"
    for key, values in lists.items():
        yield f"{separator} {ascii_json(key)}: ["
        inner = "\n  "
        for value in values:
            yield f"{inner}{ascii_json(value)}"
            inner = ",\n  "
        yield "]" if inner == "\n  " else "\n ]"
        separator = ",\n"
    yield "\n}\n"
