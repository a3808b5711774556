# SPDX-License-Identifier: Apache-2.0
"""Reads a Cassandra ring: every seed, and every member that one of them names, all at the same time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from orsgate.estate.ring import Ring
from orsgate.probes.access import Access
from orsgate.probes.crawl import Crawl, Progress, Seed
from orsgate.probes.login import Login
from orsgate.probes.tls import Tls
from orsgate.probes.transport import Target
from orsgate.wire.deadline import Limits
from orsgate.wire.resolve import resolve_all

__all__ = ["Access", "Limits", "Login", "Progress", "Seed", "Target", "Tls", "read_ring"]


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
    unique: dict[Target, Seed] = {}
    for seed in seeds:
        known = unique.setdefault(seed.target, seed)
        unique[seed.target] = replace(known, listed=known.listed or seed.listed)
    crawl = Crawl(access, unique)
    hosts = dict.fromkeys([*(target.host for target in unique), *hosts_to_resolve])
    resolving = access.limits.deadline()
    for host in hosts:
        crawl.resolver.start(host)
    for seed in unique.values():
        crawl.add(seed)
    unasked = crawl.read(progress)
    return Ring(nodes=tuple(crawl.nodes(unasked)), resolved=resolve_all(crawl.resolver, hosts, resolving))
