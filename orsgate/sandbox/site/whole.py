# SPDX-License-Identifier: Apache-2.0
"""A site with a real Cassandra ring of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from orsgate.sandbox.cassandra import CassandraRing
from orsgate.sandbox.errors import UsageError
from orsgate.sandbox.jars import Progress
from orsgate.sandbox.lines import line_of
from orsgate.sandbox.site.placing import datacenters_of, is_sample, original
from orsgate.sandbox.site.site import Site

RELEASE = "1.1.12"
_SAMPLE_DATACENTERS = ("DC1", "DC2")
_EACH = 2
"""Nodes of each data center."""


def datacenters_for(estate: str) -> tuple[str, ...]:
    """The data centers that the ring of an estate needs: those of the samples, else those that its clusters name.

    Raises:
        InputError: there is no such estate.
    """
    return _SAMPLE_DATACENTERS if is_sample(estate) else datacenters_of(original(estate))


@contextmanager
def whole_site(
    estate: str,
    directory: Path,
    *,
    release: str = RELEASE,
    nodes: int | None = None,
    datacenters: Sequence[str] | None = None,
    progress: Progress | None = None,
    **details: Any,
) -> Iterator[Site]:
    """A site whose twins persist sessions in a ring of real Cassandra nodes; everything ends with the block.

    Args:
        estate: the name of a sample, or an estate file with ``source = "files"``.
        directory: a new or empty one.
        release: the Cassandra release of the nodes, of those that speak Thrift.
        nodes: how many; by default two for each data center, or one.
        datacenters: their data centers; by default those that the estate names.
        progress: told how far the download of jars is.
        details: see ``Site``.

    Raises:
        InputError: the estate is none, or what is asked for makes no sense.
        SandboxError: something does not start; nothing runs then.
    """
    if directory.exists() and any(directory.iterdir()):
        raise UsageError(f"{directory} is not empty; name a directory that is, or that is not there")
    if not line_of(release).thrift:
        raise UsageError(f"ORS speaks Thrift, which Cassandra {release} has no more; name an earlier release, such as {RELEASE}")
    named = tuple(datacenters_for(estate) if datacenters is None else datacenters)
    count = nodes if nodes is not None else max(1, _EACH * len(named))
    with (
        CassandraRing(release, nodes=count, datacenters=named, progress=progress) as ring,
        Site(estate, directory, ring=ring, **details) as site,
    ):
        yield site
