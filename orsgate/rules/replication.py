# SPDX-License-Identifier: Apache-2.0
"""Whether the ring can hold the replicas that the options of applications ask for, where they ask for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from orsgate.estate.estate import Estate, FactUnknownError
from orsgate.estate.judgement import Findings, Judgement
from orsgate.estate.knowledge import Unknown
from orsgate.estate.wording import listed
from orsgate.rules.members import RING, membership_unknown, ring_name
from orsgate.rules.references import Near
from orsgate.rules.strategy import FACTOR, NETWORK, SIMPLE, Strategy, class_of, strategy_of
from orsgate.rules.subjects import every_application
from orsgate.rules.topology import Topology, topology

FEWEST_NODES = 3
"""The smallest ring recommended, for a quorum (Genesys, "Sizing Guidance", ORS)."""
FEWEST_REPLICAS = 2


def fits_data_centers(estate: Estate) -> Judgement:
    """SimpleStrategy is used only where the ring has a single data center."""
    findings = Findings()
    simple: list[tuple[str, str]] = []
    for application in every_application(estate):
        name = application.name
        strategy = class_of(estate, application)
        if strategy.unknown:
            findings.gap(name, strategy.unknown)
        if strategy.value == SIMPLE:
            simple.append((name, strategy.where))
        elif strategy.value == NETWORK:
            findings.evidence(name, f"{NETWORK}, which fits any ring", strategy.where)
    places = _topology(estate) if simple else None
    for name, where in simple:
        if isinstance(places, Unknown):
            findings.gap(name, places)
        elif places is not None:
            _judge_simple(findings, name, where, places)
    return findings.judgement()


def _topology(estate: Estate) -> Topology | Unknown:
    try:
        return topology(estate)
    except FactUnknownError as error:
        return error.unknown


def _judge_simple(findings: Findings, name: str, where: str, places: Topology) -> None:
    places.used_by(findings)
    text = f"{SIMPLE} on a ring with the data centers {places.shown}"
    if len(places.datacenters) > 1:
        findings.violation(name, text, f"{NETWORK}, since the ring has more than one data center", where)
    elif places.unknown:
        findings.gap(name, places.unknown)
    findings.evidence(name, text, places.where() or where)


def can_be_met(estate: Estate) -> Judgement:
    """The ring has as many nodes, and the data centers, that the strategy options give replicas to."""
    findings = Findings()
    places = topology(estate)
    for wrong in places.wrongly_declared:
        found = f'[cassandra] datacenters says "{wrong.said}"'
        expected = f'"{wrong.located.datacenter}", as the ring says ({wrong.located.where})'
        findings.violation(wrong.member, found, expected, wrong.where, "Estate file: correct it, or delete it.")
    for old in places.outdated:
        said = f'{old.where} says "{old.said}" for {old.member}, the ring says "{old.located.datacenter}"'
        findings.note(f"{said}: save the output of `nodetool ring` again")
    if places.strangers:
        findings.note(f"[cassandra] datacenters names what is no member of the ring: {listed(places.strangers)}")
    size_unknown = membership_unknown(estate.ring)
    for application in every_application(estate):
        strategy = strategy_of(estate, application)
        if strategy.unknown:
            findings.gap(application.name, strategy.unknown)
        if strategy.value is None:
            continue
        if strategy.value.name == SIMPLE:
            wanted = [("", strategy.value.factor)]
        else:
            wanted = list(strategy.value.replicas.items())
            places.used_by(findings)
        for datacenter, replicas in wanted:
            demand = _Demand(application.name, datacenter, replicas, strategy.where)
            _judge_demand(findings, demand, places, size_unknown)
    return findings.judgement()


@dataclass(frozen=True, slots=True)
class _Demand:
    """``replicas`` in ``datacenter``, or anywhere in the ring where that is empty, that an application asks for."""

    application: str
    datacenter: str
    replicas: int
    where: str

    def __str__(self) -> str:
        return f"{self.datacenter or FACTOR}: {self.replicas}"


def _judge_demand(findings: Findings, demand: _Demand, places: Topology, size_unknown: Unknown | None) -> None:
    name, datacenter = demand.application, demand.datacenter
    nodes = places.datacenters.get(datacenter, ()) if datacenter else places.members
    place = f"data center {datacenter}" if datacenter else "the ring"
    count = f"{len(nodes)} node{'s' * (len(nodes) != 1)}"
    if len(nodes) >= demand.replicas:
        findings.evidence(name, f"{demand}, and {place} has {count}", demand.where)
        return
    perhaps = len(nodes) + (len(places.unlocated) if datacenter else 0)
    if size_unknown:
        findings.gap(name, size_unknown)
    elif places.unknown and demand.replicas <= perhaps:
        findings.gap(name, places.unknown)
    elif datacenter and not perhaps:
        found = f"{demand}, and the ring has no data center {datacenter}{_meant(datacenter, places)}"
        findings.violation(name, found, f"a data center of the ring: {places.shown}", demand.where)
    else:
        most = f"at most {perhaps} nodes" if perhaps > len(nodes) else count
        found = f"{demand}, and {place} has {most}"
        findings.violation(name, found, "not more replicas than there are nodes to hold them", demand.where)


def _meant(datacenter: str, places: Topology) -> str:
    near = Near(places.datacenters).to(datacenter)
    return f'; "{near}" differs only in letter case or blanks' if near else ""


def recommended(estate: Estate) -> Judgement:
    """At least 2 replicas, at least 3 nodes, and replicas in each data center of the ring."""
    findings = Findings()
    places = _topology(estate)
    datacenters = {} if isinstance(places, Unknown) else places.datacenters
    if isinstance(places, Unknown):
        findings.gap(RING, places)
    else:
        _judge_size(estate, findings, len(places.members))
    for application in every_application(estate):
        strategy = strategy_of(estate, application)
        if strategy.unknown:
            findings.gap(application.name, strategy.unknown)
        if strategy.value is None:
            continue
        findings.evidence(application.name, str(strategy.value), strategy.where)
        if strategy.value.name == NETWORK and not isinstance(places, Unknown):
            places.used_by(findings)
            if places.unknown:  # there may be a data center that holds no replica
                findings.gap(application.name, places.unknown)
        for found, expected in _shortcomings(strategy.value, datacenters):
            findings.violation(application.name, found, expected, strategy.where)
    return findings.judgement()


def _judge_size(estate: Estate, findings: Findings, count: int) -> None:
    ring, unknown = ring_name(estate.ring), membership_unknown(estate.ring)
    where = f"{estate.ring.nodes[0].asked} describe_schema_versions" if estate.ring.nodes else ""
    text = f"{count} node{'s' * (count != 1)}"
    if count < FEWEST_NODES and unknown:
        findings.gap(ring, unknown)
    elif count < FEWEST_NODES:
        findings.violation(ring, text, f"at least {FEWEST_NODES} nodes, for a quorum", where)
    findings.evidence(ring, text, where)


def _shortcomings(strategy: Strategy, datacenters: Iterable[str]) -> list[tuple[str, str]]:
    """What is found, and what is recommended instead."""
    at_least = f"at least {FEWEST_REPLICAS} replicas"
    if strategy.name == SIMPLE:
        factor = f"{FACTOR}: {strategy.factor}"
        return [(factor, at_least)] if strategy.factor < FEWEST_REPLICAS else []
    held = strategy.replicas
    few = [(f"{name}: {count}", f"{at_least} in {name}") for name, count in held.items() if count < FEWEST_REPLICAS]
    none = [
        (f"data center {name} of the ring holds no replica", "replicas in each data center")
        for name in datacenters
        if name not in held
    ]
    return few + none


def labels_exist(estate: Estate) -> Judgement:
    """The data centers that members of clusters are labelled with are data centers of the ring."""
    findings = Findings()
    findings.rests_on(estate.basis)
    labels = [
        (member.application, member.datacenter, cluster.where(member))
        for cluster in estate.clusters
        for member, _ in estate.members(cluster)
        if member.datacenter.strip()
    ]
    if not labels:
        return findings.judgement("no member of a cluster names a data center")
    places = topology(estate)
    places.used_by(findings)
    for name, label, where in labels:
        if label in places.datacenters:
            findings.evidence(name, f"data center {label}, which the ring has ({places.where(label)})", where)
        elif places.unknown:
            findings.gap(name, places.unknown)
        else:
            expected = f"a data center of the ring: {places.shown}"
            findings.violation(name, f'data center "{label}", which the ring has not{_meant(label, places)}', expected, where)
    return findings.judgement()
