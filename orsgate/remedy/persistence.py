# SPDX-License-Identifier: Apache-2.0
"""Steps 6 and 7: the options of Cassandra, or none of them, as it was decided."""

from __future__ import annotations

from orsgate.estate.decisions import PERSISTENCE_OPTIONS, persistence
from orsgate.estate.estate import Estate, FactUnknownError
from orsgate.estate.inventory import Application, Cluster
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.options import matching
from orsgate.remedy.cassandra_options import Alike
from orsgate.remedy.changes import Task
from orsgate.remedy.draft import Draft, primary_of
from orsgate.rules.persistence import REDIS_FROM
from orsgate.rules.persistence_options import COMPARED
from orsgate.rules.topology import Topology, topology

_DECISION = ("ORS-0601", "ORS-0602")


def as_decided(draft: Draft) -> None:
    """ORS-0601, 0602, 0701 to 0707: all applications have valid options of Cassandra, or none of them has any."""
    decision = persistence(draft.estate).value
    if isinstance(decision, Unknown):
        if decision.failure is Failure.NOT_GIVEN:
            _to_decide(draft, decision)
    elif decision == "cassandra":
        _with_cassandra(draft)
    elif decision == "none" or draft.estate.target.at_least(REDIS_FROM):
        _without_cassandra(draft)


def _to_decide(draft: Draft, unknown: Unknown) -> None:
    needs = 'persistence = "cassandra", "redis" or "none" in [estate] of the estate file'
    steps = (f"Decide whether sessions are kept in Cassandra, and say so: {needs}. Then run orsgate fix again.",)
    draft.task(Task("persistence", steps, ("Take the line out again.",), ("ORS-0602",), needs, safe_now=True, why=unknown.cause))


def _without_cassandra(draft: Draft) -> None:
    for application in draft.applications():
        for setting in matching(application.options, PERSISTENCE_OPTIONS):
            draft.change(application, setting.section, setting.name, None, _DECISION, setting.text)
    for cluster in draft.clusters() if draft.estate.shares_options else ():
        for setting in matching(cluster.shared, PERSISTENCE_OPTIONS):
            draft.change(cluster, setting.section, setting.name, None, _DECISION, setting.text)


def _with_cassandra(draft: Draft) -> None:
    led = primary_of(draft.estate)
    groups: dict[str, list[Application]] = {}
    for application in draft.applications():
        if application.name not in led:
            cluster = draft.estate.cluster_of(application)
            groups.setdefault(_group_name(application, cluster), []).append(application)
    places = _places(draft.estate)
    for name, applications in groups.items():
        Alike(draft, name, applications, places).settle()


def _group_name(application: Application, cluster: Cluster | None) -> str:
    return cluster.transaction if cluster else application.name


def _places(estate: Estate) -> Topology | None:
    """The data centers of the ring, where all of them are known."""
    try:
        found = topology(estate)
    except FactUnknownError:
        return None
    return None if found.unknown else found


FOR_BACKUPS = frozenset(COMPARED)
"""What a Backup has from its Primary even where the two may differ otherwise."""
