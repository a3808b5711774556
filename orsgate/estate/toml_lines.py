# SPDX-License-Identifier: Apache-2.0
"""The line of every key of a TOML document, which neither ``tomllib`` nor pydantic can tell."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node, Tree

KeyPath = tuple[str | int, ...]
"""Keys and list indexes from the root, as in ``("application", 3, "backup")``."""


class _Entry:
    """A table or list: its first line, and what it holds; a plain value is just its line."""

    __slots__ = ("items", "line")

    def __init__(self, line: int) -> None:
        self.line = line
        self.items: dict[str | int, _Entry | int] = {}

    def table(self, key: str | int, line: int) -> _Entry:
        """The table under ``key``, made where it is new."""
        found = self.items.get(key)
        if not isinstance(found, _Entry):
            found = self.items[key] = _Entry(line)
        return found

    def last(self, key: str, line: int) -> _Entry:
        """As ``table``, but of a list of tables its last element: what a header ``[list.table]`` means."""
        found = self.table(key, line)
        latest = found.items.get(len(found.items) - 1)
        return latest if isinstance(latest, _Entry) else found


class Lines:
    """Answers on which line a key stands; lines count from 1."""

    def __init__(self, root: _Entry) -> None:
        """``root`` is the whole document."""
        self._root = root

    @classmethod
    def of(cls, source: bytes) -> Lines:
        """The lines of ``source``, TOML in UTF-8 that ``tomllib`` could read.

        What the grammar of tree-sitter does not understand ends the index there: no line is better than a wrong one.
        """
        import tree_sitter_toml  # noqa: PLC0415  # only who loads an estate file needs it
        from tree_sitter import Language, Parser  # noqa: PLC0415

        tree = Parser(Language(tree_sitter_toml.language())).parse(source)
        root = _Entry(1)
        for child in _children(tree):
            if child.has_error:
                break
            if child.type == "pair":
                _add_pair(root, child)
            elif child.type in {"table", "table_array_element"}:
                _add_table(root, child)
        return cls(root)

    def line(self, path: Sequence[str | int]) -> int | None:
        """The line of the key at ``path``, else of the nearest table or list around it; None if that is the file."""
        entry: _Entry | int = self._root
        line = None
        for part in path:
            found = entry.items.get(part) if isinstance(entry, _Entry) else None
            if found is None:
                break
            entry = found
            line = entry.line if isinstance(entry, _Entry) else entry
        return line


def _children(tree: Tree) -> Iterator[Node]:
    """The tables and pairs of the document one by one: a list of all would keep every node of a large file alive."""
    cursor = tree.walk()
    more = cursor.goto_first_child()
    while more:
        if cursor.node is not None:
            yield cursor.node
        more = cursor.goto_next_sibling()


def _add_table(root: _Entry, node: Node) -> None:
    key, *rest = _meaningful(node)
    *above, name = _parts(key)
    line = _line(node)
    entry = root
    for part in above:
        entry = entry.last(part, line)
    entry = entry.table(name, line)
    if node.type == "table_array_element":
        entry = entry.table(len(entry.items), line)
    else:
        entry.line = line  # the header itself, not the first [name.inner] above it
    for pair in rest:
        _add_pair(entry, pair)


def _add_pair(table: _Entry, pair: Node) -> None:
    # A list of work instead of recursion: values may be nested deeper than Python's stack.
    todo: list[tuple[_Entry, Node]] = [(table, pair)]
    while todo:
        entry, node = todo.pop()
        key, value = _meaningful(node)
        *above, name = _parts(key)
        line = _line(key)
        for part in above:
            entry = entry.table(part, line)
        todo.extend(_add_value(entry, name, value, line))


def _add_value(entry: _Entry, name: str | int, value: Node, line: int) -> Iterator[tuple[_Entry, Node]]:
    """Notes the line of a value and gives the pairs inside it, each with the table it belongs to."""
    todo: list[tuple[_Entry, str | int, Node, int]] = [(entry, name, value, line)]
    while todo:
        entry, name, value, line = todo.pop()
        if value.type == "inline_table":
            table = entry.table(name, line)
            yield from ((table, pair) for pair in _meaningful(value))
        elif value.type == "array" and _worth_entering(value):
            array = entry.table(name, line)
            todo.extend((array, index, element, _line(element)) for index, element in enumerate(_meaningful(value)))
        else:
            entry.items[name] = line


def _worth_entering(array: Node) -> bool:
    """Whether its elements have lines of their own; ten thousand one-line lists need no index."""
    if array.start_point[0] != array.end_point[0]:
        return True
    return any(element.type in {"array", "inline_table"} for element in array.named_children)


def _meaningful(node: Node) -> list[Node]:
    return [child for child in node.named_children if child.type != "comment"]


def _line(node: Node) -> int:
    return node.start_point[0] + 1


def _parts(key: Node) -> list[str]:
    """The names in a key, from left to right; ``a.b.c`` is nested to the left."""
    parts: list[str] = []
    while key.type == "dotted_key":
        key, last = _meaningful(key)
        parts.append(_key_text(last))
    return [_key_text(key), *reversed(parts)]


def _key_text(key: Node) -> str:
    text = (key.text or b"").decode("utf-8")
    if key.type != "quoted_key":
        return text
    if "\\" not in text:
        return text[1:-1]
    (name,) = tomllib.loads(f"{text} = 0")
    return name
