# SPDX-License-Identifier: Apache-2.0
"""Which Transactions are ORS clusters, and why.

Sources: Genesys, "Clustering", ORS 8.1.4 (a Transaction of type List whose Annex has a section cluster; any name from
8.1.400.64 on); the fixed name ORS_Cluster before that is unconfirmed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from orsgate.estate.export import Export
from orsgate.estate.inventory import Cluster, Member, Origin
from orsgate.estate.knowledge import Unknown
from orsgate.estate.secret import Redactor
from orsgate.sources.key_values import as_export, section_pairs
from orsgate.sources.literals import LIST
from orsgate.sources.objects import RawTransaction
from orsgate.sources.resolving import Names

FIXED_NAME = "ORS_Cluster"
MEMBER_SECTION = "cluster"


@dataclass(frozen=True, slots=True)
class FoundClusters:
    """The clusters among the Transactions of a source.

    Attributes:
        remarks: which was taken and why, and which looks like one and was not.
    """

    clusters: tuple[Cluster, ...]
    remarks: tuple[str, ...]


def clusters_among(
    transactions: Sequence[RawTransaction],
    servers: Collection[str],
    asked_for: Collection[str],
    tenants: Names,
    address: str,
    redactor: Redactor,
) -> FoundClusters:
    """The ORS clusters among ``transactions``.

    Args:
        transactions: all that were shown.
        servers: the names of the ORS applications.
        asked_for: names that the estate file gives to clusters.
        tenants: their names.
        address: of the source.
        redactor: replaces secrets where they enter.
    """
    known = {_folded(name) for name in servers}
    taken: list[tuple[RawTransaction, Cluster, str]] = []
    others: list[tuple[RawTransaction, Cluster, str]] = []
    remarks: list[str] = []
    for raw in transactions:
        if not _may_be_one(raw, asked_for):
            continue
        cluster = _cluster(raw, tenants, address, redactor)
        members = [_folded(member.application) for member in cluster.members or ()]
        named = sum(member in known for member in members)
        if reason := _reason(raw, named, asked_for):
            if raw.type == LIST or isinstance(raw.type, Unknown):
                taken.append((raw, cluster, reason))
            else:
                others.append((raw, cluster, reason))
        elif members:
            told = "none of its keys is an ORS application that this account sees"
            remarks.append(
                f"the Transaction {raw.name} has an Annex section cluster and was not taken for an ORS cluster: {told}"
            )
    for raw, cluster, reason in others:  # a cluster of the wrong type, where none of the right one is meant
        if not taken or (raw.name in asked_for and all(raw.name != other.name for other, *_ in taken)):
            taken.append((raw, cluster, reason))
        else:
            told = f"it is of type {raw.type}, not List"
            remarks.append(f"the Transaction {raw.name} was not taken for an ORS cluster: {told}")
    said = [f"the Transaction {raw.name} was taken for an ORS cluster: {reason}" for raw, _, reason in taken]
    return FoundClusters(tuple(cluster for _, cluster, _ in taken), (*said, *remarks))


def _may_be_one(raw: RawTransaction, asked_for: Collection[str]) -> bool:
    """Whether it is worth a look: most Transactions have nothing to do with ORS."""
    if raw.name == FIXED_NAME or raw.name in asked_for or isinstance(raw.annex, Unknown):
        return True
    return any(section.removeprefix("#").strip() == MEMBER_SECTION for section in raw.annex.sections)


def _reason(raw: RawTransaction, named: int, asked_for: Collection[str]) -> str:
    if raw.name == FIXED_NAME:
        return f"it has the fixed name {FIXED_NAME}"
    if raw.name in asked_for:
        return "the estate file names it"
    return f"its Annex section cluster names {named} ORS application{'s' if named > 1 else ''}" if named else ""


def _folded(name: str) -> str:
    return "".join(name.split()).casefold()


def _cluster(raw: RawTransaction, tenants: Names, address: str, redactor: Redactor) -> Cluster:
    where = f"{address} CfgTransaction {raw.name}"
    annex = raw.annex if isinstance(raw.annex, Unknown) else as_export(raw.annex, where, redactor)
    members = members_in(annex)
    return Cluster(
        transaction=raw.name,
        origin=Origin(where),
        type=raw.type,
        enabled=raw.state if isinstance(raw.state, Unknown) else raw.state == "enabled",
        tenant=tenants.one(raw.tenant, f"the tenant of {raw.name}", where),
        members=members,
        shared=without_members(annex),
        annex_members=members,
    )


def members_in(annex: Export | Unknown) -> tuple[Member, ...] | None:
    """The members that an Annex lists; None where it has no section ``cluster``, or is not known."""
    if isinstance(annex, Unknown) or not any(section.name == MEMBER_SECTION for section in annex.sections):
        return None
    return tuple(
        Member(
            option.name, str(option.value), section.enabled and option.enabled, option.line, annex.place if option.line else ""
        )
        for section, option in section_pairs(annex, MEMBER_SECTION)
    )


def without_members(annex: Export | Unknown) -> Export | Unknown:
    """An Annex without its section ``cluster``: the options that the nodes of a cluster share."""
    if isinstance(annex, Unknown):
        return annex
    return replace(annex, sections=tuple(section for section in annex.sections if section.name != MEMBER_SECTION))
