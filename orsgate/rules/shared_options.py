# SPDX-License-Identifier: Apache-2.0
"""Step 4: options that all nodes of a cluster share, and those in the Annex of its Transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Mapping
from dataclasses import dataclass, replace

from orsgate.estate.estate import Estate
from orsgate.estate.export import Export
from orsgate.estate.inventory import Application, Cluster
from orsgate.estate.judgement import Condition, Findings, Judgement, not_applicable
from orsgate.estate.knowledge import Basis, Unknown
from orsgate.estate.options import certainty
from orsgate.estate.secret import Secret
from orsgate.rules.cluster import NO_CLUSTER
from orsgate.rules.options import is_boolean, options_place, shown
from orsgate.rules.subjects import Select, every_application, none_sets_it
from orsgate.rules.values import Sameness, compare

NO_NODE = "no application in scope is a node of an ORS cluster; see ORS-0401 and ORS-0402"
NO_SHARED_OPTION = "no cluster has shared options in the Annex of its Transaction"


@dataclass(frozen=True, slots=True)
class NodeOption:
    """An option that must be the same on all nodes of a cluster.

    Attributes:
        default: what it is where it is not set; None where that is not documented.
        since: the first build that knows it; empty where every build does.
    """

    default: str | None = None
    since: str = ""


SAME_ON_ALL_NODES: Mapping[str, NodeOption] = {
    "orchestration/complete-assoc-on-target-node": NodeOption("false", "8.1.400.53"),
}
"""Source: Genesys, "Application-Level Options", ORS 8.1.4 ("must have the same value for all ORS nodes in a cluster")."""


def nodes_of(estate: Estate) -> list[tuple[Cluster, list[Application]]]:
    """Every cluster in scope with its applications in scope: members and their Backups."""
    found: dict[int, list[Application]] = {id(cluster): [] for cluster in estate.clusters}
    for application in estate.in_scope:
        cluster = estate.cluster_of(application)
        if cluster is not None and id(cluster) in found:
            found[id(cluster)].append(application)
    return [(cluster, found[id(cluster)]) for cluster in estate.clusters]


def option_same_on_all_nodes(estate: Estate, key: str, select: Select = every_application) -> Judgement:
    """The option ``key`` is the same on all chosen nodes of a cluster; it does not apply where none of them sets it."""
    chosen = select(estate)
    names = {application.name for application in chosen}
    judgement = same_on_all_nodes(estate, {key: NodeOption()}, names)
    if not chosen:
        return Judgement(basis=judgement.basis)
    nodes = [node for _, found in nodes_of(estate) for node in found if node.name in names]
    if not nodes or any(estate.effective(node, key).setting for node in nodes):
        return judgement
    return replace(judgement, not_applicable=none_sets_it(estate, select, key))


def same_on_all_nodes(
    estate: Estate, options: Mapping[str, NodeOption] = SAME_ON_ALL_NODES, chosen: Container[str] | None = None
) -> Judgement:
    """Each of ``options`` has the same effective value on all nodes of a cluster, Primaries and Backups.

    Args:
        estate: what is judged.
        options: what must be the same, by ``section/option``.
        chosen: the names of the applications to judge; None is all of them.
    """
    findings = Findings()
    findings.rests_on(estate.basis)
    too_new: list[str] = []
    clusters = nodes_of(estate)
    for key, option in options.items():
        known = estate.target.at_least(option.since) if option.since else True
        if known is None:
            findings.gap(key, estate.build_unknown)
        elif not known:
            too_new.append(f"{key} exists from {option.since} on, and the target is {estate.target}")
        else:
            for cluster, nodes in clusters:
                judged = [node for node in nodes if chosen is None or node.name in chosen]
                _same_on(findings, estate, cluster, judged, key, option.default)
    if len(too_new) == len(options):
        return not_applicable("; ".join(too_new), Basis.DECLARED)
    return findings.judgement(NO_NODE if clusters else NO_CLUSTER)


def _same_on(
    findings: Findings, estate: Estate, cluster: Cluster, nodes: list[Application], key: str, default: str | None
) -> None:
    values: list[tuple[Application, str | Secret | None, str, str]] = []
    for application in nodes:
        reading = estate.effective(application, key)
        if reading.unknown:
            findings.gap(application.name, reading.unknown)
        if reading.setting:
            set_to = reading.setting.value
            folded = set_to.lower() if isinstance(set_to, str) and is_boolean(set_to) else set_to
            values.append((application, folded, shown(reading.setting), reading.setting.where))
        elif not reading.unknown:
            told = f"{key} is not set" + (f", so it is {default}" if default else "")
            values.append((application, default, told, options_place(application)))
    if not values:
        return
    usual = Counter(value for _, value, _, _ in values).most_common(1)[0][0]
    like = next(application.name for application, value, _, _ in values if value == usual)
    expected = f"{key} not set" if usual is None else f"{key} = {usual}"
    for application, value, told, where in values:
        if value != usual:
            # Both read "(secret, not shown)", so say that they differ.
            found = f"{told}: another value" if isinstance(value, Secret) else told
            findings.violation(application.name, found, f"{expected}, as on {like} of {cluster.transaction}", where)
        findings.evidence(application.name, told, where)


def has_shared_options(estate: Estate) -> Condition:
    """Whether a cluster in scope holds options in the Annex of its Transaction besides the member list."""
    unknown: Unknown | None = None
    for cluster in estate.clusters:
        if isinstance(cluster.shared, Export) and cluster.shared.has_options:
            return Condition(True)
        unknown = unknown or _uncertain(cluster)
    return Condition(unknown or False, NO_SHARED_OPTION, estate.basis)


def _uncertain(cluster: Cluster) -> Unknown | None:
    """Why the shared options of a cluster are not fully known; an Annex without any is known to have none."""
    shared = cluster.shared
    if shared is None or (isinstance(shared, Export) and not shared.has_options and shared.incomplete is None):
        return None
    return certainty(shared, f"the Annex of {cluster.transaction}")


def no_conflict(estate: Estate) -> Judgement:
    """No option has one value on an application and another one in the shared options of its cluster."""
    findings = Findings()
    findings.rests_on(estate.basis)
    for cluster, nodes in nodes_of(estate):
        if unknown := _uncertain(cluster):
            findings.gap(cluster.transaction, unknown)
        if isinstance(cluster.shared, Export) and cluster.shared.has_options:
            findings.evidence(cluster.transaction, "shared options read", cluster.shared.place)
            shared = cluster.shared.content()
            for application in nodes:
                _conflicts(findings, estate, cluster.transaction, shared, application)
    return findings.judgement(NO_SHARED_OPTION)


def _conflicts(
    findings: Findings,
    estate: Estate,
    transaction: str,
    shared: Mapping[tuple[str, str], str | Secret],
    application: Application,
) -> None:
    if unknown := estate.certainty(application):
        findings.gap(application.name, unknown)
    if not isinstance(application.options, Export):
        return
    for section, option in application.options.enabled_options():
        value = shared.get((section.name, option.name))
        key = f"{section.name}/{option.name}"
        if value is not None and compare(key, option.value, value) is Sameness.DIFFERENT:
            found = f"{key} = {option.value} on the application, {value} in the shared options of {transaction}"
            fix = f"Options tab of {application.name}: delete {key}; or Annex tab of {transaction}: delete it there."
            where = application.options.where(option.line)
            findings.violation(application.name, found, "one value, in one of the two places", where, fix)
    findings.evidence(application.name, f"compared with the shared options of {transaction}", application.options.place)
