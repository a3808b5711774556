# SPDX-License-Identifier: Apache-2.0
"""Step 5: the Cassandra ring, judged by what each of its nodes says of itself and of the others."""

from __future__ import annotations

from collections.abc import Callable

from orsgate.estate.estate import Estate
from orsgate.estate.judgement import Findings, Judgement
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.ring import UNREACHABLE, Node
from orsgate.estate.wording import listed
from orsgate.rules.members import NO_NODES, at, every_node, has_peers_table, members, name_of, ring_name
from orsgate.rules.parties import Party, Said, parties
from orsgate.rules.policy import Status, end_of_life, policy_of, without_thrift

CONFIRM = "confirm with Genesys' Supported Operating Environment"


def release_supported(estate: Estate) -> Judgement:
    """The release of every node is one that the target ORS build supports; see ``cassandra_policy.toml``."""
    findings = Findings()
    policy = policy_of(estate)
    expected = f"a release that ORS {estate.target} supports: {policy.supported}"
    if policy.exhaustive:
        expected += f" ([policy] of the estate file: {policy.reason})"
        findings.note(f"[policy] of the estate file replaces the built-in one: {policy.supported} ({policy.reason})")
    for node in every_node(estate.ring, findings):
        name, release = name_of(node), node.release
        if isinstance(release, Unknown):
            findings.gap(name, release)
            continue
        line = policy.line_for(release, estate.target)
        if line is None:
            findings.gap(name, estate.build_unknown)
        elif line.status is Status.UNSUPPORTED:
            findings.violation(name, f"Cassandra {release}", expected, _release_at(node))
        elif line.status is Status.UNLISTED:
            findings.note(f"Cassandra {release} is not listed for ORS {estate.target}: {CONFIRM}")
        status = f": {line.status} ({line.source})" if line is not None and not policy.exhaustive else ""
        findings.evidence(name, f"Cassandra {release}{status}", _release_at(node))
    return findings.judgement()


def one_release(estate: Estate) -> Judgement:
    """All nodes of the ring run the same release."""
    findings = Findings()
    _agree(findings, every_node(estate.ring, findings), "Cassandra", lambda node: (node.release, _release_at(node)))
    return findings.judgement()


def one_name_and_partitioner(estate: Estate) -> Judgement:
    """All nodes of the ring give the same cluster name and the same partitioner."""
    findings = Findings()
    nodes = every_node(estate.ring, findings)
    _agree(findings, nodes, "cluster name", lambda node: (node.cluster_name, at(node, "describe_cluster_name")))
    _agree(findings, nodes, "partitioner", lambda node: (node.partitioner, at(node, "describe_partitioner")))
    return findings.judgement()


def _agree(findings: Findings, nodes: tuple[Node, ...], what: str, fact: Callable[[Node], tuple[str | Unknown, str]]) -> None:
    """Compare a fact that every node tells of itself; those that differ from most nodes are violations."""
    said = []
    for node in nodes:
        value, where = fact(node)
        if isinstance(value, Unknown):
            findings.gap(name_of(node), value)
        else:
            said.append(Said(name_of(node), value, where))
            findings.evidence(name_of(node), f"{what} {value}", where)
    _report_outliers(findings, what, parties(said))


def _report_outliers(findings: Findings, what: str, found: list[Party[str]]) -> None:
    for party in found[1:]:
        expected = f"the same {what} on every node; it is {found[0].value} on {found[0].names}"
        for each in party.said:
            findings.violation(each.who, f"{what} {each.value}", expected, each.where)


def answers_thrift(estate: Estate) -> Judgement:
    """Every node of the ring answers Thrift; of the failures only a refused connection is known to be no answer."""
    findings = Findings()
    for node in every_node(estate.ring, findings):
        name = name_of(node)
        if isinstance(node.thrift, str):
            where = f"{node.thrift_at or node.asked} describe_version"
            findings.evidence(name, f"answers Thrift, API {node.thrift}", where)
        elif node.thrift.failure is Failure.REFUSED:
            found = f"refused the connection to {node.thrift_at or node.asked}"
            if node.native:
                found += f", while {node.native} answers the native protocol"
            findings.violation(name, found, "a node that answers Thrift", node.thrift.where, _remedy(node))
        else:
            findings.gap(name, node.thrift)
    return findings.judgement()


def _remedy(node: Node) -> str:
    """What makes a node that refuses Thrift answer it: since 2.2 it is off by default, and since 4.0 it is gone."""
    if not node.native:
        return (
            "Start Cassandra on this node, or correct its port in [cassandra] nodes (rpc_port in cassandra.yaml);"
            " from 2.2 on set start_rpc: true there."
        )
    if isinstance(node.release, str) and without_thrift(node.release):
        return "Cassandra 4.0 and later have no Thrift: use a release that ORS supports (orsgate explain ORS-0501)."
    return "Set start_rpc: true in cassandra.yaml of this node and restart it: ORS reaches Cassandra by Thrift."


def one_schema(estate: Estate) -> Judgement:
    """The ring has one schema version, over the views of all nodes, and no member that other nodes cannot reach.

    Nodes that name other members than the rest are no ring with them, whatever their schema.
    """
    findings = Findings()
    said: dict[tuple[str, str], Said[str]] = {}
    cut_off: dict[str, list[Node]] = {}
    views: list[Said[str]] = []
    for node in every_node(estate.ring, findings):
        if isinstance(node.schema_versions, Unknown):
            findings.gap(name_of(node), node.schema_versions)
            continue
        where = at(node, "describe_schema_versions")
        if not node.schema_versions:
            findings.gap(name_of(node), Unknown(f"{node.asked} named neither a schema version nor a member", where))
            continue
        seen = [f"{version} on {listed(who)}" for version, who in node.schema_versions.items()]
        findings.evidence(name_of(node), f"sees schema versions: {'; '.join(seen)}", where)
        named = sorted({member for who in node.schema_versions.values() for member in who})
        views.append(Said(name_of(node), ", ".join(named), where))
        if node.native and isinstance(node.thrift, Unknown):
            cause = "over the native protocol a node does not tell which members it can reach (only Thrift does: ORS-0503)"
            findings.gap(name_of(node), Unknown(cause, where, Failure.REJECTED))
        for version, who in node.schema_versions.items():
            for member in who:
                if version == UNREACHABLE:
                    cut_off.setdefault(member, []).append(node)
                else:
                    said.setdefault((member, version), Said(member, version, where))
    for member, nodes in cut_off.items():
        found = f"does not answer {listed([name_of(node) for node in nodes])}"
        expected = "a member that every node of the ring reaches"
        findings.violation(member, found, expected, at(nodes[0], "describe_schema_versions"))
    _report_outliers(findings, "schema version", parties(said.values()))
    _report_outliers(findings, "the members", parties(views))
    return findings.judgement()


def same_places(estate: Estate) -> Judgement:
    """All nodes that can tell give the same data center and rack for every member of the ring."""
    findings = Findings()
    data_centers: dict[str, list[Said[str]]] = {}
    racks: dict[str, list[Said[str]]] = {}
    for node in every_node(estate.ring, findings):
        if isinstance(node.places, Unknown):
            findings.gap(name_of(node), node.places)
            continue
        where = at(node, "system.peers" if has_peers_table(node) else "describe_ring")
        told = f"tells data center and rack of {listed(list(node.places))}" if node.places else "can tell none"
        findings.evidence(name_of(node), told, where)
        for member, place in node.places.items():
            data_centers.setdefault(member, []).append(Said(name_of(node), place.datacenter, where))
            if place.rack:
                racks.setdefault(member, []).append(Said(name_of(node), place.rack, where))
    for what, told_of in (("data center", data_centers), ("rack", racks)):
        for member, said in told_of.items():
            _report_dispute(findings, member, what, parties(said))
    untold = [member for member in members(estate.ring) if member not in data_centers]
    answered = any(not isinstance(node.places, Unknown) for node in estate.ring.nodes)
    if answered and not data_centers:
        findings.note("no node can tell data centers: there is no keyspace yet; audit again once the keyspace exists")
    elif answered and untold:
        findings.note(f"no node can tell the data center of {listed(untold)}")
    return findings.judgement()


def _report_dispute(findings: Findings, member: str, what: str, found: list[Party[str]]) -> None:
    if len(found) > 1:
        sides = "; ".join(f"{party.value} on {party.names}" for party in found)
        minority = found[-1].said[0]
        findings.violation(member, f"its {what} is {sides}", f"the same {what} on every node", minority.where)


def still_maintained(estate: Estate) -> Judgement:
    """The release of the ring is one that somebody still maintains."""
    findings = Findings()
    ring = ring_name(estate.ring)
    if not estate.ring.nodes:
        findings.gap(ring, NO_NODES)
    told: set[str] = set()
    for node in estate.ring.nodes:
        if isinstance(node.release, Unknown):
            findings.gap(ring, node.release)
        elif node.release not in told:
            told.add(node.release)
            _judge_age(findings, ring, node.release, _release_at(node))
    return findings.judgement()


def _judge_age(findings: Findings, ring: str, release: str, where: str) -> None:
    findings.evidence(ring, f"Cassandra {release}", where)
    over = end_of_life(release)
    if over is None:
        cause = f'whether "{release}", which is no release of Apache Cassandra, is still maintained is not known'
        findings.gap(ring, Unknown(cause, where))
    elif over:
        expected = "a release that is maintained, or sessions kept in Redis (ORS from 8.1.401.10)"
        findings.violation(ring, f"Cassandra {release}, which is end of life", expected, where)


def _release_at(node: Node) -> str:
    return at(node, "system.local" if has_peers_table(node) else "system.Versions")
