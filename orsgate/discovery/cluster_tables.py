# SPDX-License-Identifier: Apache-2.0
"""The tables ``[[cluster]]`` of an estate file that was written from a configuration."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from orsgate.discovery.clusters import clusters_of, doubts, remarks_on_clusters
from orsgate.discovery.exported import ExportedFiles
from orsgate.discovery.texts import CLUSTER_EXAMPLE, CLUSTERS, NO_CLUSTER
from orsgate.discovery.toml_table import Value, assigned, comment, fitted, text_of
from orsgate.estate.export import Export
from orsgate.estate.field_types import usable_name
from orsgate.estate.inventory import Cluster, Configuration, Member
from orsgate.estate.knowledge import Unknown
from orsgate.estate.mistakes import quoted
from orsgate.estate.schema_objects import ClusterEntry
from orsgate.sources.literals import LIST


def found_clusters(configuration: Configuration) -> str:
    """Comments on the clusters that a source shows, which the gate reads from it again."""
    lines: list[str] = []
    for cluster in clusters_of(configuration):
        for doubt in doubts(configuration, cluster):
            lines += comment(f"CHECK: {quoted(cluster.transaction)}: {doubt}")
    return _head(configuration) + text_of(lines)


def cluster_tables(configuration: Configuration, files: ExportedFiles) -> str:
    """A table for each cluster."""
    clusters = clusters_of(configuration)
    example = () if clusters else (CLUSTER_EXAMPLE,)
    return "\n".join((_head(configuration), *example, *(text_of(_table(configuration, each, files)) for each in clusters)))


def _head(configuration: Configuration) -> str:
    lines = (line for remark in remarks_on_clusters(configuration) for line in comment(remark))
    return (CLUSTERS if configuration.clusters else NO_CLUSTER) + text_of(lines)


def _table(configuration: Configuration, cluster: Cluster, files: ExportedFiles) -> Iterator[str]:
    if not usable_name(cluster.transaction):
        yield from comment(f"CHECK: {quoted(cluster.transaction)} has no table here: an estate file cannot hold its name")
        return
    given: dict[str, Value | Unknown | None] = {
        "type": None if cluster.type == LIST else cluster.type,
        "tenant": cluster.tenant,
        "enabled": False if cluster.enabled is False else None,
    }
    known = {key: value for key, value in given.items() if value is not None and not isinstance(value, Unknown)}
    fits = fitted(ClusterEntry, known)
    yield "[[cluster]]"
    yield assigned("transaction", cluster.transaction)
    for told in (*doubts(configuration, cluster), *_claims(cluster)):
        yield from comment(f"CHECK: {told}")
    for key, fact in (("tenant", cluster.tenant), ("options (its Annex)", cluster.shared)):
        if isinstance(fact, Unknown):
            yield from comment(f"{key} is not known: {fact.cause}")
    yield from fits.comments(quoted(cluster.transaction))
    yield from (assigned(key, value) for key, value in fits.kept.items())
    yield from _annex(cluster, files)
    if cluster.members is not None:
        yield "[cluster.members]"
        yield from _members(cluster.members)


def _claims(cluster: Cluster) -> Iterator[str]:
    """What the table takes for granted and is not known."""
    for key, taken, fact in (("type", LIST, cluster.type), ("enabled", "enabled", cluster.enabled)):
        if isinstance(fact, Unknown):
            yield f"{key} is not known, and is taken as {taken}: {fact.cause}"


def _annex(cluster: Cluster, files: ExportedFiles) -> Iterator[str]:
    written = files.clusters.get(cluster.transaction)
    if written is not None:
        if written.left_out:
            yield from comment(
                f"The export of its Annex does not hold {written.left_out} options (manifest.json names them); if they are "
                "members, ORS-0402 tells the difference to those below"
            )
        yield assigned("options", written.path, "its Annex")
    elif isinstance(cluster.shared, Export):
        yield from comment("CHECK: its Annex was read, and no export of it was written (manifest.json says why)")


def _members(members: Sequence[Member]) -> Iterator[str]:
    """An entry for each member; a name that stands twice, or that an estate file cannot hold, as a comment."""
    seen: set[str] = set()
    for member in members:
        key = member.application if member.enabled else f"#{member.application}"
        fits = fitted(ClusterEntry, {"members": {key: member.datacenter}})
        if member.enabled and member.application.startswith("#"):
            yield from comment(f"CHECK: the member {quoted(key)} cannot stand here: # before a name says that it is disabled")
        elif key in seen:
            yield from comment(f"CHECK: the member {quoted(key)} stands in the Annex a second time")
        elif fits.lost:
            yield from fits.comments("the cluster")
        else:
            seen.add(key)
            yield assigned(key, member.datacenter)
