# SPDX-License-Identifier: Apache-2.0
"""The ORS clusters of a configuration: why each Transaction counts as one, and what is doubtful of it.

Genesys, "Clustering", ORS 8.1.4: a Transaction of type List whose Annex has a section ``cluster`` with the name of an ORS
application as option name. Before build 8.1.400.64 it is looked up by the fixed name ``ORS_Cluster`` (unconfirmed).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from orsgate.estate.export import Export, Option, Section
from orsgate.estate.inventory import Cluster, Configuration
from orsgate.estate.knowledge import Unknown
from orsgate.estate.mistakes import quoted
from orsgate.sources.clusters import FIXED_NAME, MEMBER_SECTION
from orsgate.sources.literals import LIST

_OF_TRANSACTIONS = "the Transaction "
"""How a source begins its remarks on which Transactions it took for clusters, which not, and why."""


def clusters_of(configuration: Configuration) -> tuple[Cluster, ...]:
    """The clusters; of Transactions with one name, which tenants may have, the first."""
    return tuple({cluster.transaction: cluster for cluster in reversed(configuration.clusters)}.values())[::-1]


def remarks_on_clusters(configuration: Configuration) -> Iterator[str]:
    """Which Transactions were taken for clusters and why, which not: as the source says, else as the objects show."""
    said = [remark for remark in configuration.remarks if remark.startswith(_OF_TRANSACTIONS)]
    yield from said or (_reason(configuration, cluster) for cluster in clusters_of(configuration))
    for name, number in Counter(cluster.transaction for cluster in configuration.clusters).items():
        if number > 1:
            yield f"CHECK: {number} Transactions have the name {quoted(name)}; only the first of them stands here"


def other_remarks(configuration: Configuration) -> tuple[str, ...]:
    """What the source remarks on anything else."""
    return tuple(remark for remark in configuration.remarks if not remark.startswith(_OF_TRANSACTIONS))


def doubts(configuration: Configuration, cluster: Cluster) -> Iterator[str]:
    """What is unusual of a cluster, each in a sentence."""
    if isinstance(cluster.type, str) and cluster.type.casefold() != LIST:
        yield f"its type is {quoted(cluster.type)}, and an ORS cluster is of type list"
    if cluster.members is None:
        if not isinstance(cluster.shared, Unknown):
            yield f"its Annex has no section {MEMBER_SECTION}"
    elif not _members_found(configuration, cluster):
        yield f"no option in the section {MEMBER_SECTION} of its Annex names an Orchestration Server that was found"


def _reason(configuration: Configuration, cluster: Cluster) -> str:
    taken = f"{_OF_TRANSACTIONS}{quoted(cluster.transaction)} was taken for an ORS cluster"
    if cluster.transaction == FIXED_NAME:
        return f"{taken}: it has the fixed name {FIXED_NAME}"
    found = _members_found(configuration, cluster)
    return f"{taken}: {found} of {len(cluster.members or ())} options in the section {MEMBER_SECTION} name an ORS application"


def _members_found(configuration: Configuration, cluster: Cluster) -> int:
    servers = {application.name for application in configuration.applications if application.is_ors}
    return sum(member.application in servers for member in cluster.members or ())


def whole_annex(cluster: Cluster) -> Export | Unknown | None:
    """The Annex of a Transaction with its section ``cluster``; None where it holds nothing."""
    if isinstance(cluster.shared, Unknown) or cluster.members is None:
        return cluster.shared
    options = tuple(Option(member.application, member.datacenter, 0, member.enabled) for member in cluster.members)
    shared = cluster.shared or Export(cluster.origin.place, ())
    return replace(shared, sections=(Section(MEMBER_SECTION, 0, enabled=True, options=options), *shared.sections))
