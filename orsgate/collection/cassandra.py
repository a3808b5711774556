# SPDX-License-Identifier: Apache-2.0
"""Collecting the part ``cassandra``: which nodes to ask, with which account, and what the estate file adds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from orsgate.collection.observer import Observer
from orsgate.collection.passwords import Ask, password
from orsgate.estate.decisions import persistence
from orsgate.estate.estate import Estate
from orsgate.estate.field_types import split_node
from orsgate.estate.file import LoadedEstate
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.ring import Ring
from orsgate.probes.deadline import Limits
from orsgate.probes.nodetool import read_topology
from orsgate.rules.members import NO_NODES
from orsgate.rules.node_lists import DEFAULT_PORT, NODES, PORT, THIS_HOST, host_key, parse_node_list, parse_port


def login_password(loaded: LoadedEstate, ask: Ask) -> str | None:
    """The password for the account in ``[cassandra]``; None where there is no account.

    Raises:
        InputError: if it cannot be had.
    """
    section = loaded.file.cassandra
    if section.username is None:
        return None
    what = f"Cassandra user {section.username}"
    return password(loaded, what, section.password_env, section.password_file, ask)


def applies(estate: Estate) -> bool:
    """Whether there is a ring to read: not where the estate is known to keep its sessions elsewhere."""
    value = persistence(estate).value
    return value == "cassandra" or isinstance(value, Unknown)


def collect_ring(
    loaded: LoadedEstate, estate: Estate | None, secret: str | None, limits: Limits, observer: Observer, *, offline: bool,
) -> Ring | Unknown:  # fmt: skip
    """Read the ring from every node of it.

    Args:
        loaded: the estate file.
        estate: the configuration, where it was read; its options name the nodes that ``[cassandra]`` does not.
        secret: the password of the account in ``[cassandra]``.
        limits: of the calls and of the run.
        observer: told how many nodes were asked.
        offline: open no socket.
    """
    section = loaded.file.cassandra
    topology = read_topology(loaded.resolve(section.topology)) if section.topology else None
    if offline:
        return Unknown("the Cassandra ring was not asked: --offline", failure=Failure.NOT_ASKED)
    named = list(_option_nodes(estate)) if estate else []
    seeds = [split_node(node) or (node, None) for node in section.nodes or ()] or list(dict.fromkeys(named))
    if not seeds:
        return replace(NO_NODES, where=loaded.where("cassandra"))
    ring = read_from(section.addresses, seeds, section.username, secret, limits, observer, [host for host, _ in named])
    return replace(ring, topology=topology, declared_datacenters=dict(section.datacenters))


def read_from(
    addresses: Mapping[str, str],
    seeds: Sequence[tuple[str, int | None]],
    username: str | None,
    secret: str | None,
    limits: Limits,
    observer: Observer,
    hosts: list[str],
) -> Ring:
    """Ask the ring that ``seeds`` lead to."""
    from orsgate.probes.cassandra import Access, Login, Progress, Seed, Target, read_ring  # noqa: PLC0415 - thriftpy2 is slow to import

    targets = [Target(host, port or DEFAULT_PORT) for host, port in seeds]
    default_port = Counter(target.port for target in targets).most_common(1)[0][0]
    login = Login(username, secret) if username is not None and secret is not None else None
    asked: set[str] = set()
    done: set[str] = set()

    def progress(event: Progress) -> None:
        (done if event.node else asked).add(event.asked)
        observer("asking the Cassandra ring", len(done), len(asked))

    access = Access(default_port, addresses, limits, login)
    return read_ring([Seed(target) for target in targets], access, hosts_to_resolve=hosts, progress=progress)


def _option_nodes(estate: Estate) -> Iterator[tuple[str, int]]:
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
