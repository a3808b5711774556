# SPDX-License-Identifier: Apache-2.0
"""What a twin holds: a tree, and the JSON of its objects, which both change together and under one lock."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from itertools import count

from orsgate.sandbox.twins.objects import Kind, Tree, TreeApplication, TreeTransaction
from orsgate.sandbox.twins.shelf import Shape, Shelf

WRITABLE: tuple[Kind, ...] = ("application", "transaction")
"""Kinds of objects that a twin lets be written."""
_FIRST = 100


class Holding:
    """A tree that is served, and may be written to.

    Args:
        tree: what is held at first.
        kinds: the kinds of objects by the names under which they are served.
        whole: gives the shape of an object.
        brief: gives its shape in a list without details; the whole one by default.
    """

    def __init__(self, tree: Tree, kinds: Mapping[str, Kind], whole: Shape, brief: Shape | None = None) -> None:
        self._kinds = kinds
        self._shapes = whole, brief
        self._lock = threading.RLock()
        self._tree = tree
        self._shelves = self._shelved()

    def _shelved(self) -> dict[str, Shelf]:
        return {name: Shelf(self._tree.objects(kind), *self._shapes) for name, kind in self._kinds.items()}

    @property
    def tree(self) -> Tree:
        """What is held now."""
        return self._tree

    @tree.setter
    def tree(self, tree: Tree) -> None:
        with self._lock:
            self._tree = tree
            self._shelves = self._shelved()

    def shelf(self, name: str) -> Shelf | None:
        """The objects that are served under that name."""
        return self._shelves.get(name)

    def writable(self, name: str) -> bool:
        """Whether objects that are served under that name may be written at all."""
        return self._kinds.get(name) in WRITABLE

    def replace(self, name: str, dbid: int, made: Callable[[int], TreeApplication | TreeTransaction]) -> bool:
        """Put an object in the place of the one of that DBID; False, and nothing done, where there is none."""
        with self._lock:
            if self._shelves[name].with_dbid(str(dbid)) is None:
                return False
            self._put(name, made(dbid))
            return True

    def add(self, name: str, called: str, made: Callable[[int], TreeApplication | TreeTransaction]) -> int | None:
        """Add an object and give its DBID; None, and nothing done, where there is one of that name."""
        with self._lock:
            if self._shelves[name].named(called):
                return None
            taken = {one.dbid for one in self._tree.objects(self._kinds[name])}
            dbid = next(number for number in count(_FIRST) if number not in taken)
            self._put(name, made(dbid))
            return dbid

    def _put(self, name: str, one: TreeApplication | TreeTransaction) -> None:
        self._tree = self._tree.holding(one)
        self._shelves[name].put(one)
