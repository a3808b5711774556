# SPDX-License-Identifier: Apache-2.0
"""Reads a Cassandra ring over Thrift: every seed, and every member that one of them names, all at the same time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from orsgate.estate.ring import Ring
from orsgate.probes.client import Login
from orsgate.probes.crawl import Crawl, Progress, Seed
from orsgate.probes.deadline import Limits
from orsgate.probes.resolve import resolve_all
from orsgate.probes.transport import Target

__all__ = ["Access", "Limits", "Login", "Progress", "Seed", "Target", "read_ring"]


@dataclass(frozen=True, slots=True)
class Access:
    """How the nodes of a ring are reached.

    Attributes:
        default_port: Thrift port of the members that only the ring itself names.
        addresses: ring member address -> ``host[:port]`` at which it is reached from here.
        limits: of a call, of connecting, and of the whole run.
        login: the account to read with, if the ring asks for one.
    """

    default_port: int = 9160
    addresses: Mapping[str, str] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    login: Login | None = None


def _ignore(_: Progress) -> None:
    pass


def read_ring(
    seeds: Iterable[Seed],
    access: Access | None = None,
    *,
    hosts_to_resolve: Iterable[str] = (),
    progress: Callable[[Progress], None] = _ignore,
) -> Ring:
    """The ring that ``seeds`` belong to, read from every node of it.

    Nothing that a server does raises: what could not be learnt is an ``Unknown``. Only system tables and descriptions
    are read, and nothing is ever written.

    Args:
        seeds: the nodes to begin with.
        access: how nodes are reached.
        hosts_to_resolve: further names to be resolved to IP addresses; the hosts of the seeds always are.
        progress: told when a node begins to be asked and when that is over, in the calling thread.

    Returns:
        The ring with its nodes, the seeds first, and ``resolved``; the other fields are left empty.

    Raises:
        ValueError: a value of ``access.addresses`` is not ``host[:port]``.
    """
    access = access or Access()
    reached = {member: Target.parse(text, access.default_port) for member, text in access.addresses.items()}
    unique: dict[Target, Seed] = {}
    for seed in seeds:
        known = unique.setdefault(seed.target, seed)
        unique[seed.target] = replace(known, listed=known.listed or seed.listed)
    crawl = Crawl(access.limits, access.login, reached, access.default_port)
    hosts = dict.fromkeys([*(target.host for target in unique), *hosts_to_resolve])
    resolving = access.limits.deadline()
    for host in hosts:
        crawl.resolver.start(host)
    for seed in unique.values():
        crawl.add(seed)
    unasked = crawl.read(progress)
    return Ring(nodes=tuple(crawl.nodes(unasked)), resolved=resolve_all(crawl.resolver, hosts, resolving))
