# SPDX-License-Identifier: Apache-2.0
"""What has been learnt of one node so far, by whichever protocol; it can be taken at any time from another thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from orsgate.estate.knowledge import Unknown
from orsgate.estate.ring import FACTS, Node
from orsgate.wire.resolve import literal_address
from orsgate.wire.trouble import attempt

_T = TypeVar("_T")
LONGEST_NUMBER = 100
"""Digits of a number that is taken for one; Python refuses to read more than 4300."""


OWN = "own address"
"""Stands for the node's own ring address in its facts where it does not know that itself, which over the native protocol is so
before 2.1; ``settled`` puts it in."""


class Facts:
    """The facts of one node, and the members of the ring that it has named.

    Args:
        learnt: called after each of them.
    """

    def __init__(self, learnt: Callable[[], None] = lambda: None) -> None:
        self._learnt = learnt
        self._lock = threading.Lock()
        self._facts: dict[str, Any] = {}
        self._members: dict[str, set[str]] = {}

    @property
    def members(self) -> dict[str, frozenset[str]]:
        """Ring address -> addresses at which it serves clients, of every member named so far."""
        with self._lock:
            return {address: frozenset(served) for address, served in self._members.items()}

    @property
    def address(self) -> str | None:
        """The node's own ring address, once it is known."""
        address = self.known("address")
        return address if isinstance(address, str) else None

    def all(self, missing: Unknown) -> dict[str, Any]:
        """Every fact of a node by name; those not learnt yet are ``missing``."""
        with self._lock:
            return dict.fromkeys(FACTS, missing) | self._facts

    def learn(self, name: str, learn: Callable[[], Any]) -> Any:
        """Keep what ``learn`` gives, or the failure to know it, as the fact ``name``."""
        return self.keep(name, attempt(learn))

    def keep(self, name: str, value: Any) -> Any:
        """Keep ``value`` as the fact ``name``."""
        with self._lock:
            self._facts[name] = value
        self._learnt()
        return value

    def get(self, name: str) -> Any:
        """A fact as it was kept, an ``Unknown`` too."""
        with self._lock:
            return self._facts[name]

    def known(self, name: str) -> Any:
        """A fact, None where it is unknown or not learnt yet."""
        with self._lock:
            value = self._facts.get(name)
        return None if isinstance(value, Unknown) else value

    def add_members(self, named: Mapping[str, Iterable[str | None]]) -> None:
        """Remember members; what is no IP address is nothing that could be asked."""
        with self._lock:
            for address, served in named.items():
                literal = literal_address(address)
                if literal is not None:
                    self._members.setdefault(literal, set()).update(each for each in served if each)


def settled(node: Node) -> Node:
    """``node`` with its own address, now that it may be known, wherever ``OWN`` stands for it; else those facts are unknown."""
    versions, places, tokens, address = node.schema_versions, node.places, node.tokens, node.address
    if not isinstance(versions, Unknown) and any(OWN in who for who in versions.values()):
        versions = address if isinstance(address, Unknown) else _versions_with(address, versions)
    if not isinstance(places, Unknown) and OWN in places:
        places = address if isinstance(address, Unknown) else _with(address, places)
    if not isinstance(tokens, Unknown) and OWN in tokens:
        tokens = address if isinstance(address, Unknown) else _with(address, tokens)
    return replace(node, schema_versions=versions, places=places, tokens=tokens)


def _versions_with(own: str, versions: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    return {version: tuple(sorted(own if each == OWN else each for each in who)) for version, who in versions.items()}


def _with(own: str, told: Mapping[str, _T]) -> dict[str, _T]:
    return {own if member == OWN else member: fact for member, fact in told.items()}


def by_owner(owners: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Member -> its tokens in their order, of pairs of token and member."""
    tokens: dict[str, list[str]] = {}
    for token, address in owners:
        tokens.setdefault(literal_address(address) or address, []).append(token)
    return {address: tuple(sorted(tokens[address], key=_numerically)) for address in sorted(tokens)}


def _numerically(token: str) -> tuple[int, str]:
    number = token.removeprefix("-").isdecimal() and len(token) < LONGEST_NUMBER
    return (int(token), "") if number else (0, token)
