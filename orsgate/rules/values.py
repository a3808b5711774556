# SPDX-License-Identifier: Apache-2.0
"""When two option values are the same: as text, as booleans, or in what they mean; and when only paths differ."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable
from enum import Enum, auto

from orsgate.estate.secret import Secret
from orsgate.rules.node_lists import NODES, host_key, parse_node_list
from orsgate.rules.options import is_boolean
from orsgate.rules.strategy import STRATEGY_CLASS, STRATEGY_OPTIONS, parse_strategy_options, strategy_class

_BETWEEN = re.compile(r"([,;=\s]+)")
_PATH = re.compile(r"""["']?(/|\.{1,2}[/\\]|~|[A-Za-z]:[/\\]|\\\\|[\w.-]+[/\\][\w./\\-]*\.\w+["']?$)""")
_WINDOWS = re.compile(r"""["']?[A-Za-z]:\\[^,;=:]*["']?""")


class Sameness(Enum):
    """How two values compare."""

    EQUAL = auto()
    """The same text, or the same boolean in any letter case."""
    SAME_MEANING = auto()
    """Written in another way, and known to mean the same."""
    DIFFERENT = auto()


def compare(key: str, one: str | Secret, other: str | Secret) -> Sameness:
    """Compare two values of the option ``key`` (``section/name``); secrets by their digests."""
    if one == other:
        return Sameness.EQUAL
    if isinstance(one, Secret) or isinstance(other, Secret):
        return Sameness.DIFFERENT
    if is_boolean(one) and one.lower() == other.lower():
        return Sameness.EQUAL
    if meaning := _MEANINGS.get(key):
        meant = meaning(one)
        if meant is not None and meant == meaning(other):
            return Sameness.SAME_MEANING
    return Sameness.DIFFERENT


def _factors(text: str) -> Hashable | None:
    options = parse_strategy_options(text)
    return None if isinstance(options, str) else frozenset(options.items())


def _nodes(text: str) -> Hashable | None:
    return frozenset((host_key(node.host), node.port) for node in parse_node_list(text)) or None


_MEANINGS: dict[str, Callable[[str], Hashable | None]] = {
    STRATEGY_CLASS: strategy_class,
    STRATEGY_OPTIONS: _factors,
    NODES: _nodes,
}


def only_paths_differ(one: str, other: str) -> bool:
    """Whether two different values differ only in words that are file paths on both sides.

    Words are what stands between ``,``, ``;``, ``=`` and blanks; a path with blanks in it is a value as a whole.
    """
    if _WINDOWS.fullmatch(one) and _WINDOWS.fullmatch(other):
        return True
    first, second = _BETWEEN.split(one), _BETWEEN.split(other)
    if len(first) != len(second):
        return False
    differing = [words for words in zip(first, second, strict=True) if words[0] != words[1]]
    return bool(differing) and all(_PATH.match(word) for words in differing for word in words)
