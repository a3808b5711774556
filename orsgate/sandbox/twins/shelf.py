# SPDX-License-Identifier: Apache-2.0
"""The objects of a tree as JSON that is made once, so that large trees are served quickly."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from orsgate.sandbox.twins.objects import TreeObject

Shape = Callable[[TreeObject], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Encoded:
    """One object as it is served.

    Attributes:
        dbid: of the object, as text.
        name: of the object.
        subtype: the literal of its type, where the shape has one under that name.
        whole: its JSON.
        brief: the JSON of what a list without details holds.
    """

    dbid: str
    name: str
    subtype: str
    whole: bytes
    brief: bytes


class Shelf:
    """The objects of one kind.

    Args:
        objects: in the order in which they are served.
        whole: gives the shape of one.
        brief: gives its shape in a list without details; the whole one by default.
    """

    def __init__(self, objects: Iterable[TreeObject], whole: Shape, brief: Shape | None = None) -> None:
        self._whole, self._brief = whole, brief
        self._arrange([_encoded(one, whole, brief) for one in objects])

    def _arrange(self, encoded: list[Encoded]) -> None:
        by_name: dict[str, list[Encoded]] = {}
        for one in encoded:
            by_name.setdefault(one.name, []).append(one)
        self.all: Sequence[Encoded] = tuple(encoded)
        self._by_dbid = {one.dbid: one for one in encoded}
        self._by_name = by_name

    def put(self, one: TreeObject) -> None:
        """Serve that object in the place of the one of its DBID; at the end where there was none."""
        new = _encoded(one, self._whole, self._brief)
        kept = [new if each.dbid == new.dbid else each for each in self.all]
        self._arrange(kept if new.dbid in self._by_dbid else [*kept, new])

    def with_dbid(self, dbid: str) -> Encoded | None:
        """The object of that DBID."""
        return self._by_dbid.get(dbid)

    def named(self, name: str) -> Sequence[Encoded]:
        """The objects of that name."""
        return self._by_name.get(name, ())


def _encoded(one: TreeObject, whole: Shape, brief: Shape | None) -> Encoded:
    shape = whole(one)
    short = b"" if brief is None else _json(brief(one))
    return Encoded(str(one.dbid), one.name, str(shape.get("subtype", "")), _json(shape), short)


def _json(shape: Mapping[str, Any]) -> bytes:
    return json.dumps(shape, ensure_ascii=False).encode()


def array(items: Iterable[bytes]) -> bytes:
    """The JSON array of items that are JSON already."""
    return b"[" + b",".join(items) + b"]"
