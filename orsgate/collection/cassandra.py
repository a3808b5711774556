# SPDX-License-Identifier: Apache-2.0
"""Collecting the part ``cassandra``: which nodes to ask, with which account, and what the estate file adds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from orsgate.collection.passwords import Ask, password
from orsgate.estate.decisions import persistence
from orsgate.estate.estate import Estate
from orsgate.estate.field_types import split_node
from orsgate.estate.file import LoadedEstate
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.mistakes import InputError
from orsgate.estate.ring import Ring
from orsgate.estate.schema_objects import CassandraSection
from orsgate.probes.login import Login
from orsgate.probes.nodetool import read_topology
from orsgate.probes.tls import Tls, UnusableFileError
from orsgate.rules.members import NO_NODES
from orsgate.rules.node_lists import DEFAULT_PORT, NODES, PORT, THIS_HOST, host_key, parse_node_list, parse_port
from orsgate.wire.deadline import Limits
from orsgate.wire.observer import Observer

if TYPE_CHECKING:
    from orsgate.probes.cassandra import Access, Target
    from orsgate.probes.node import Protocol


def login(loaded: LoadedEstate, ask: Ask) -> Login | None:
    """The account in ``[cassandra]``; None where there is none.

    Raises:
        InputError: if its password cannot be had.
    """
    section = loaded.file.cassandra
    if section.username is None:
        return None
    what = f"Cassandra user {section.username}"
    return Login(section.username, password(loaded, what, section.password_env, section.password_file, ask))


def tls(loaded: LoadedEstate) -> Tls | None:
    """What ``[cassandra]`` says of TLS; None where it names neither an authority nor a certificate.

    Raises:
        InputError: if a file cannot be used.
    """
    section = loaded.file.cassandra
    files = (section.ca_file, section.client_cert, section.client_key)
    ca_file, client_cert, client_key = (None if name is None else loaded.resolve(name) for name in files)
    if ca_file is None and client_cert is None:
        return None
    found = Tls(ca_file, client_cert, client_key, check_hostname=section.check_hostname)
    try:
        found.context()
    except UnusableFileError as error:
        raise InputError(f"{loaded.where('cassandra', error.key)}: {error}") from None
    return found


def applies(estate: Estate) -> bool:
    """Whether there is a ring to read: not where the estate is known to keep its sessions elsewhere."""
    value = persistence(estate).value
    return value == "cassandra" or isinstance(value, Unknown)


def nodes_not_known(loaded: LoadedEstate) -> Unknown:
    """The failure to know a ring of which nothing names a node."""
    return replace(NO_NODES, where=loaded.where("cassandra"))


@dataclass(frozen=True, slots=True)
class Reached:
    """The nodes of a ring that are named, and how they are reached.

    Attributes:
        targets: the nodes in ``[cassandra]``, else those that the options of the applications name.
        access: ports, account, TLS and limits.
        named: host and port of every node that the options name.
    """

    targets: tuple[Target, ...]
    access: Access
    named: tuple[tuple[str, int], ...]


def reached(
    loaded: LoadedEstate, estate: Estate | None, account: Login | None, security: Tls | None, limits: Limits
) -> Reached | Unknown:
    """The nodes of the ring, or that nothing names any.

    Args:
        loaded: the estate file.
        estate: the configuration, where it was read; its options name the nodes that ``[cassandra]`` does not.
        account: to log in with.
        security: what TLS connections are made with.
        limits: of the calls and of the run.
    """
    from orsgate.probes.cassandra import Access, Target  # noqa: PLC0415 - thriftpy2 is slow to import

    section = loaded.file.cassandra
    named = tuple(option_nodes(estate)) if estate else ()
    seeds = seeds_of(section, named)
    if not seeds:
        return nodes_not_known(loaded)
    first = section.protocol or "thrift"
    ports: dict[Protocol, int] = {"thrift": usual_thrift_port(section, named), "native": section.native_port}
    targets = tuple(Target(host, port or ports[first]) for host, port in seeds)
    usual = Counter(target.port for target in targets).most_common(1)[0][0]
    access = Access(
        first=first, named_port=usual, ports=ports, addresses=section.addresses, limits=limits, login=account, tls=security
    )  # fmt: skip
    return Reached(targets, access, named)


def collect_ring(loaded: LoadedEstate, nodes: Reached | Unknown, observer: Observer, *, offline: bool) -> Ring | Unknown:
    """Read the ring from every node of it.

    Args:
        loaded: the estate file, which adds what cannot be measured.
        nodes: where to begin.
        observer: told how many nodes were asked.
        offline: open no socket.
    """
    section = loaded.file.cassandra
    topology = read_topology(loaded.resolve(section.topology)) if section.topology else None
    if offline:
        return Unknown("the Cassandra ring was not asked: --offline", failure=Failure.NOT_ASKED)
    if isinstance(nodes, Unknown):
        return nodes
    return replace(read_from(nodes, observer), topology=topology, declared_datacenters=dict(section.datacenters))


def seeds_of(section: CassandraSection, named: Sequence[tuple[str, int]]) -> list[tuple[str, int | None]]:
    """The nodes in ``[cassandra]``, else those that options name; the ports there are those of Thrift, whatever is spoken."""
    if section.nodes:
        return [split_node(node) or (node, None) for node in section.nodes]
    native = section.protocol == "native"
    return list(dict.fromkeys((host, None if native else port) for host, port in named))


def read_from(nodes: Reached, observer: Observer) -> Ring:
    """Ask the ring that the nodes lead to."""
    from orsgate.probes.cassandra import Progress, Seed, read_ring  # noqa: PLC0415 - thriftpy2 is slow to import

    asked: set[str] = set()
    done: set[str] = set()

    def progress(event: Progress) -> None:
        (done if event.node else asked).add(event.asked)
        observer("asking the Cassandra ring", len(done), len(asked))

    seeds = [Seed(target) for target in nodes.targets]
    return read_ring(seeds, nodes.access, hosts_to_resolve=[host for host, _ in nodes.named], progress=progress)


def usual_thrift_port(section: CassandraSection, named: Sequence[tuple[str, int]]) -> int:
    """The usual Thrift port of the ring: as the estate file says, else as most options of the applications do."""
    if "thrift_port" in section.model_fields_set or not named:
        return section.thrift_port
    return Counter(port for _, port in named).most_common(1)[0][0]


def option_nodes(estate: Estate) -> Iterator[tuple[str, int]]:
    """Host and port of every node that the options of the applications name (option names unconfirmed)."""
    for application in estate.in_scope:
        listed = estate.effective(application, NODES).setting
        if listed is None:
            continue
        port = estate.effective(application, PORT).setting
        default = (parse_port(port.text) if port else None) or DEFAULT_PORT
        for node in parse_node_list(listed.text):
            own = application.host if host_key(node.host) in THIS_HOST else node.host
            if isinstance(own, str):
                yield own, node.port or default
