# SPDX-License-Identifier: Apache-2.0
"""Which Cassandra nodes a run will ask, at which ports: the same that ``orsgate.collection.cassandra`` begins with."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from orsgate.collection.cassandra import option_nodes, seeds_of, usual_thrift_port
from orsgate.estate.estate import Estate
from orsgate.estate.file import LoadedEstate
from orsgate.probes.transport import Target
from orsgate.wire.resolve import literal_address


@dataclass(frozen=True, slots=True)
class Node:
    """A node to connect to.

    Attributes:
        target: where it is asked first.
        protocol: what is spoken there, ``thrift`` or ``native``.
        otherwise: where the other protocol may be spoken, which a run tries next; None: that is not known.
        member: the member of the ring that ``[cassandra] addresses`` maps to it; empty for a listed node.
    """

    target: Target
    protocol: str
    otherwise: Target | None
    member: str = ""


@dataclass(frozen=True, slots=True)
class Nodes:
    """What is known of a ring before it is asked.

    Attributes:
        to_dial: the nodes that are named, each target once.
        to_resolve: other host names in options.
    """

    to_dial: tuple[Node, ...]
    to_resolve: tuple[str, ...]


def nodes_of(loaded: LoadedEstate, estate: Estate) -> Nodes:
    """The nodes in ``[cassandra]``, else those that the options of the applications name, as far as these are known."""
    section = loaded.file.cassandra
    named = list(option_nodes(estate))
    seeds = seeds_of(section, named)
    first = section.protocol or "thrift"
    ports = {"thrift": usual_thrift_port(section, named), "native": section.native_port}
    targets = [Target(host, port or ports[first]) for host, port in seeds]
    usual = Counter(target.port for target in targets).most_common(1)[0][0] if targets else ports[first]
    members = dict.fromkeys(targets, "")
    for member, text in section.addresses.items():
        members.setdefault(Target.parse(text, usual), member)
    # Behind a host that forwards several ports nothing tells where the other protocol of one node is reached.
    on_host = Counter(target.host for target in members)
    other = ports["native" if first == "thrift" else "thrift"]

    def node(target: Target, member: str) -> Node:
        alone = on_host[target.host] == 1 and target.port != other
        return Node(target, first, Target(target.host, other) if alone else None, member)

    hosts = dict.fromkeys(host for host, _ in named if host not in on_host and literal_address(host) is None)
    return Nodes(tuple(node(target, member) for target, member in members.items()), tuple(hosts))
