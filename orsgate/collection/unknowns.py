# SPDX-License-Identifier: Apache-2.0
"""What a snapshot does not know, for ``orsgate collect``."""

from __future__ import annotations

from collections.abc import Iterator

from orsgate.estate.decisions import needs_rollback_export
from orsgate.estate.deployment import Deployment
from orsgate.estate.estate import Estate
from orsgate.estate.inventory import Configuration
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.ring import FACTS, Ring
from orsgate.estate.snapshot import Snapshot


def unknowns_of(snapshot: Snapshot) -> tuple[str, ...]:
    """The causes of every fact that was to be collected and could not be had, each once.

    What the estate file merely does not give is nothing that could not be had.
    """
    found = (*_configuration(snapshot), *_ring(snapshot.cassandra), *_deployment(snapshot.deployment))
    return tuple(dict.fromkeys(unknown.cause for unknown in found if unknown.failure is not Failure.NOT_GIVEN))


def _configuration(snapshot: Snapshot) -> Iterator[Unknown]:
    if isinstance(snapshot.configuration, Unknown):
        yield snapshot.configuration
    if not isinstance(snapshot.configuration, Configuration):
        return
    estate = Estate(snapshot)
    for application in estate.in_scope:
        rollback = estate.rollback_certainty(application) if needs_rollback_export(estate, application) else None
        for unknown in (estate.certainty(application), rollback):
            if unknown is not None:
                yield unknown
    for cluster in estate.clusters:
        if isinstance(cluster.shared, Unknown):
            yield cluster.shared


def _deployment(found: Deployment | Unknown | None) -> Iterator[Unknown]:
    if isinstance(found, Unknown):
        yield found
    if not isinstance(found, Deployment):
        return
    answers = [each.answer for each in found.served]
    # That a server refuses is an answer: a Backup does.
    yield from (each for each in answers if isinstance(each, Unknown) and each.failure is not Failure.REFUSED)
    yield from (each.code for each in found.statuses if isinstance(each.code, Unknown))
    for log in found.logs:
        yield from (fact for fact in (log.build, log.troubles) if isinstance(fact, Unknown))


def _ring(ring: Ring | Unknown | None) -> Iterator[Unknown]:
    if isinstance(ring, Unknown):
        yield ring
    if not isinstance(ring, Ring):
        return
    for node in ring.nodes:
        for name in FACTS:
            fact = getattr(node, name)
            if isinstance(fact, Unknown):
                yield fact
    yield from (fact for fact in (ring.topology, *ring.resolved.values()) if isinstance(fact, Unknown))
