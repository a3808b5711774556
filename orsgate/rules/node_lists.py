# SPDX-License-Identifier: Apache-2.0
"""Lists of Cassandra nodes in ORS options, and whether their hosts lead to the ring that was audited."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from orsgate.estate.field_types import split_node
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.ring import Node, Ring
from orsgate.rules.members import membership_unknown, named_by

NODES = "persistence/cassandra-nodes"
PORT = "persistence/cassandra-listenport"
DEFAULT_PORT = 9160
"""The Thrift port where nothing else is said."""
HIGHEST_PORT = 65535
THIS_HOST = frozenset({"localhost", "127.0.0.1", "::1"})
"""In a node list they mean the host that the application runs on."""
"""The option that lists the nodes; its name is unconfirmed."""

_SEPARATOR = re.compile("[;,]")


@dataclass(frozen=True, slots=True)
class ListedNode:
    """An entry of a node list.

    Attributes:
        host: name or address as written, IPv6 without its brackets.
        port: None where the entry names none.
    """

    host: str
    port: int | None = None


def parse_node_list(text: str) -> tuple[ListedNode, ...]:
    """The entries of a list separated by ``;`` or ``,``, each ``host`` or ``host:port``, in order.

    What is neither is kept whole as a host, which then leads nowhere.
    """
    return tuple(_entry(part) for item in _SEPARATOR.split(text) if (part := item.strip()))


def _entry(text: str) -> ListedNode:
    if _address(text) is not None:  # an IPv6 address without brackets is no host:port
        return ListedNode(text)
    host, port = split_node(text) or (text, None)
    return ListedNode(host, port)


def parse_port(text: str) -> int | None:
    """The port that the value of an option means; None where it is none."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 5 else 0
    return number if 0 < number <= HIGHEST_PORT else None


def host_key(host: str) -> str:
    """What two spellings of the same host have in common: an address in its shortest form, a name in lower case."""
    return _address(host) or host.casefold().removesuffix(".")


def _address(host: str) -> str | None:
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return None


class RingIndex:
    """Tells for many hosts which ring they lead to.

    The nodes that were asked may turn out to be more than one ring: where the estate file lists no nodes, all those
    that the applications name are asked. Nodes are of one ring where one names the other, or both name a third.
    """

    def __init__(self, ring: Ring) -> None:
        self._resolved = {host_key(host): addresses for host, addresses in ring.resolved.items()}
        self._parent: dict[str, str] = {}
        self._asked: dict[str, list[Node]] = {}
        for node in ring.nodes:
            for name in self._names(_asked_host(node)):
                self._asked.setdefault(name, []).append(node)
            self._join(_told_members(node))
        self._membership_unknown = membership_unknown(ring)

    def _names(self, host: str) -> dict[str, None]:
        """``host`` and the addresses it resolves to, each once and in order."""
        resolved = self._resolved.get(host_key(host))
        return dict.fromkeys((host_key(host), *(map(host_key, resolved) if isinstance(resolved, tuple) else ())))

    def _join(self, members: list[str]) -> None:
        for member in members:
            self._parent.setdefault(member, member)
            self._parent[self._top(member)] = self._top(members[0])

    def _top(self, member: str) -> str:
        while (parent := self._parent[member]) != member:
            self._parent[member] = member = self._parent[parent]
        return member

    def rings(self, host: str) -> frozenset[str] | Unknown:
        """The rings that ``host`` leads to, each under one name; empty where it is known to lead to no audited one."""
        found: set[str] = set()
        silent: Unknown | None = None
        for name in self._names(host):
            if name in self._parent:
                found.add(self._top(name))
            for node in self._asked.get(name, ()):
                members = _members(node)
                if members and members[0] in self._parent:
                    found.add(self._top(members[0]))
                elif unknown := _silence(node):
                    silent = silent or unknown
                else:
                    found.add(node.asked)
        if found:
            return frozenset(found)
        return silent or self._unresolved(host) or self._membership_unknown or frozenset()

    def _unresolved(self, host: str) -> Unknown | None:
        resolved = self._resolved.get(host_key(host))
        if resolved is None and _address(host) is None:
            return Unknown(f'the Cassandra host "{host}" was not looked up on the audit host', failure=Failure.NOT_ASKED)
        return resolved if isinstance(resolved, Unknown) else None

    def leads(self, host: str) -> bool | Unknown:
        """Whether ``host`` leads to a ring that was audited."""
        rings = self.rings(host)
        return rings if isinstance(rings, Unknown) else bool(rings)

    def rings_of_list(self, hosts: Iterable[str]) -> tuple[frozenset[str], Unknown | None]:
        """The rings that any of ``hosts`` leads to, and why that may not be all of them."""
        found: set[str] = set()
        unknown: Unknown | None = None
        for host in hosts:
            rings = self.rings(host)
            if isinstance(rings, Unknown):
                unknown = unknown or rings
            else:
                found |= rings
        return frozenset(found), unknown


def leads_to_ring(ring: Ring, host: str) -> bool | Unknown:
    """Whether ``host`` is a node of ``ring``: by the name it was asked under, its address, or what it resolves to.

    A host under which a node was asked in vain, and which no other node names as a member, is not known to be one.
    Build one ``RingIndex`` where many hosts are to be looked up.
    """
    return RingIndex(ring).leads(host)


def _asked_host(node: Node) -> str:
    split = split_node(node.asked)
    return split[0] if split else node.asked.rpartition(":")[0] or node.asked


def _members(node: Node) -> list[str]:
    """Every member of the ring that ``node`` knows of, itself first where it knows its address."""
    return list(dict.fromkeys(map(host_key, _named(node))))


def _told_members(node: Node) -> list[str]:
    """As ``_members``, but none where the node names itself only and does not tell who else there is."""
    members = _members(node)
    return members if len(members) > 1 or _silence(node) is None else []


def _silence(node: Node) -> Unknown | None:
    """Why a node does not tell who belongs to its ring."""
    if node.silence is not None:
        return node.silence
    told_by_tokens = not isinstance(node.tokens, Unknown) and node.tokens
    return node.schema_versions if isinstance(node.schema_versions, Unknown) and not told_by_tokens else None


def _named(node: Node) -> Iterator[str]:
    if isinstance(node.address, str):
        yield node.address
    yield from named_by(node)
