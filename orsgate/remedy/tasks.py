# SPDX-License-Identifier: Apache-2.0
"""What is still wrong once the options are changed, as tasks for persons: connections, states, the Cassandra ring, files."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from orsgate.estate.decisions import multimedia as multimedia_decision
from orsgate.estate.decisions import persistence as persistence_decision
from orsgate.estate.estate import Estate, FactUnknownError
from orsgate.estate.inventory import INTERACTION_SERVER, ROUTING_SERVER, TELEPHONY_SERVERS
from orsgate.estate.judgement import Judgement, Violation
from orsgate.remedy.changes import Task
from orsgate.rules import (
    agreement,
    audited_ring,
    cluster,
    connections,
    datacenters,
    exports,
    inventory,
    keyspace,
    migration,
    multimedia,
    ownership,
    pairs,
    persistence,
    persistence_options,
    redundancy,
    replication,
    ring,
    shared_storage,
)

Rule = Callable[[Estate], Judgement]


def _uses_cassandra(estate: Estate) -> bool:
    return persistence_decision(estate).value == "cassandra"


def _works_with_multimedia(estate: Estate) -> bool:
    return multimedia_decision(estate).value == "yes"


def _looks_up_by_name(estate: Estate) -> bool:
    """Whether the Transaction is found by its fixed name (before build 8.1.400.64)."""
    return estate.shares_options is False


def _always(_: Estate) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Manual:
    """A requirement whose violations a person mends.

    Attributes:
        who: does it.
        applies: whether it is judged at all.
    """

    id: str
    rule: Rule
    who: str = ""
    applies: Callable[[Estate], bool] = _always


_RING = partial(Manual, who="Cassandra administrator", applies=_uses_cassandra)
_STORED = partial(Manual, applies=_uses_cassandra)
MANUAL: tuple[Manual, ...] = (
    Manual("ORS-0101", exports.rollback_exports_are_there),
    Manual("ORS-0102", exports.exports_read_back_whole),
    Manual("ORS-0103", exports.rollback_is_the_state_before),
    Manual("ORS-0105", inventory.inventory_is_complete),
    Manual("ORS-0107", partial(inventory.exports_are_recent, hours=24)),
    Manual("ORS-0108", exports.no_file_saved_twice),
    Manual("ORS-0301", redundancy.names_backup),
    Manual("ORS-0302", partial(redundancy.has_redundancy, expected="warm standby")),
    Manual("ORS-0303", redundancy.backup_fits),
    Manual("ORS-0304", pairs.same_connectivity),
    Manual("ORS-0305", agreement.options_agree),
    Manual("ORS-0306", pairs.different_hosts),
    Manual("ORS-0308", pairs.same_ports),
    Manual("ORS-0309", connections.name_enabled_servers),
    Manual(
        "ORS-0310", lambda estate: connections.connected_to(estate, [*TELEPHONY_SERVERS, INTERACTION_SERVER], [ROUTING_SERVER])
    ),
    Manual("ORS-0401", cluster.is_configured),
    Manual("ORS-0402", cluster.members_are_primaries),
    Manual("ORS-0403", datacenters.spelled_alike),
    Manual("ORS-0404", shared_storage.same_storage, applies=_uses_cassandra),
    Manual("ORS-0407", cluster.is_in_place),
    Manual("ORS-0409", partial(cluster.is_named, expected="ORS_Cluster"), applies=_looks_up_by_name),
    _RING("ORS-0501", ring.release_supported),
    _RING("ORS-0502", ring.one_release),
    _RING("ORS-0503", ring.answers_thrift),
    _RING("ORS-0504", ring.one_schema),
    _RING("ORS-0505", ring.one_name_and_partitioner),
    _RING("ORS-0506", ring.same_places),
    _RING("ORS-0508", ownership.balanced),
    Manual("ORS-0602", persistence.decision_agrees_with_options),
    _STORED("ORS-0705", persistence_options.same_in_cluster),
    _STORED("ORS-0706", replication.fits_data_centers),
    _STORED("ORS-0707", replication.can_be_met),
    _RING("ORS-0708", keyspace.agrees_with_options),
    _RING("ORS-0709", replication.recommended),
    _STORED("ORS-0710", audited_ring.contacts_lead_to_ring),
    _RING("ORS-0712", keyspace.is_whole),
    _STORED("ORS-0713", replication.labels_exist),
    Manual("ORS-0803", multimedia.only_connected_ones_pull, applies=_works_with_multimedia),
    Manual("ORS-0804", multimedia.decision_agrees),
    Manual("ORS-0805", multimedia.nodes_of_a_cluster_alike, applies=_works_with_multimedia),
    Manual("ORS-0903", migration.path_fits, "change manager"),
    Manual("ORS-0907", migration.session_loss_is_accepted, "change manager"),
    Manual("ORS-0908", migration.procedure_applies, "change manager"),
)


def left_to_persons(estate: Estate, fixes: Mapping[str, str], covered: Collection[tuple[str, str]]) -> Iterator[Task]:
    """What a person does about each violation that is left in ``estate``, which must hold no secret.

    Args:
        estate: with the changes done, and secrets redacted.
        fixes: id -> what its scenario says under ``Fix:``.
        covered: (id, subject) that another task or question speaks of.
    """
    for manual in MANUAL:
        if not manual.applies(estate):
            continue
        try:
            judgement = manual.rule(estate)
        except FactUnknownError:
            continue
        for violation in judgement.violations:
            if (manual.id, violation.subject) not in covered:
                yield _task(manual, violation, fixes.get(manual.id, ""))


def _task(manual: Manual, violation: Violation, fix: str) -> Task:
    who = f"{manual.who}: " if manual.who and not fix.startswith(manual.who) else ""
    found = f"Found: {violation.found}. Expected: {violation.expected} ({violation.where})."
    return Task(
        violation.subject, (found, f"{who}{violation.fix or fix}"), (f"As it was before: {violation.found}.",), (manual.id,)
    )  # fmt: skip
