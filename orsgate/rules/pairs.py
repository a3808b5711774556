# SPDX-License-Identifier: Apache-2.0
"""Step 3: what a Primary and its Backup share besides options: connectivity, version and ports, but no host."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from typing import Literal, TypeVar

from orsgate.estate.decisions import unresolved
from orsgate.estate.estate import Estate, Pair
from orsgate.estate.judgement import Findings, Judgement
from orsgate.estate.knowledge import Unknown
from orsgate.estate.release import parse_release
from orsgate.rules.own_names import is_address
from orsgate.rules.stages import upgraded_alike

T = TypeVar("T")

NO_PAIR = "no application in scope names a Backup that is an Orchestration Server; see ORS-0301 and ORS-0303"
HTTP_PORT = "http"
"""The id of the port on which ORS serves HTTP."""


def judged_pairs(estate: Estate, findings: Findings, chosen: Container[str] | None = None) -> Iterator[Pair]:
    """Every pair of the scope, or those with an application named in ``chosen``; a Backup that is not known is a gap."""
    findings.rests_on(estate.basis)
    for primary in estate.in_scope:
        if chosen is not None and primary.name not in chosen:
            continue
        if isinstance(primary.backup, Unknown):
            findings.gap(primary.name, primary.backup)
        elif primary.backup is not None and primary.backup not in estate.applications:
            where = primary.origin.at("backup")
            findings.gap(primary.name, unresolved(estate, primary, "backup", primary.backup, where))
    for pair in estate.pairs:
        if chosen is None or pair.primary.name in chosen or pair.backup.name in chosen:
            yield pair


def _both(findings: Findings, pair: Pair, of_primary: T | Unknown, of_backup: T | Unknown) -> tuple[T, T] | None:
    """The same fact of both sides; what is not known is a gap."""
    for fact in (of_primary, of_backup):
        if isinstance(fact, Unknown):
            findings.gap(pair.name, fact)
    if isinstance(of_primary, Unknown) or isinstance(of_backup, Unknown):
        return None
    return of_primary, of_backup


def same_connectivity(estate: Estate) -> Judgement:
    """Primary and Backup have the same connections and the same tenants, in any order."""
    findings = Findings()
    for pair in judged_pairs(estate, findings):
        if connections := _both(findings, pair, pair.primary.connections, pair.backup.connections):
            _same_names(findings, pair, "connections", *map(frozenset, connections))
        if tenants := _both(findings, pair, pair.primary.tenants, pair.backup.tenants):
            _same_names(findings, pair, "tenants", *map(frozenset, tenants))
    return findings.judgement(NO_PAIR)


def _same_names(
    findings: Findings,
    pair: Pair,
    kind: Literal["connections", "tenants"],
    of_primary: frozenset[str],
    of_backup: frozenset[str],
) -> None:
    primary, backup = f"the Primary {pair.primary.name}", f"the Backup {pair.backup.name}"
    sides = (
        (pair.backup, backup, primary, sorted(of_primary - of_backup)),
        (pair.primary, primary, backup, sorted(of_backup - of_primary)),
    )
    for application, this, other, absent in sides:
        if absent:
            found = f"{this} lacks the {kind} {', '.join(absent)}"
            fix = f"{kind.capitalize()} tab of {application.name}: add {', '.join(absent)}, or remove it from {other}."
            findings.violation(pair.name, found, f"the {kind} of {other}", application.origin.at(kind), fix)
    if of_primary == of_backup:
        text = f"both have the {kind} {', '.join(sorted(of_primary))}" if of_primary else f"neither has {kind}"
        findings.evidence(pair.name, text, pair.backup.origin.at(kind))


def different_hosts(estate: Estate) -> Judgement:
    """Primary and Backup run on different hosts; a host and its short name are the same."""
    findings = Findings()
    for pair in judged_pairs(estate, findings):
        hosts = _both(findings, pair, pair.primary.host, pair.backup.host)
        if hosts is None:
            continue
        where = pair.backup.origin.at("host")
        if same_host(*hosts):
            fix = f"Server Info tab of {pair.backup.name}: set Host to another host, and install the Backup there."
            found = f"both run on {' and '.join(dict.fromkeys(hosts))}"
            findings.violation(pair.name, found, "different hosts", where, fix)
        findings.evidence(pair.name, f"hosts {hosts[0]} and {hosts[1]}", where)
    return findings.judgement(NO_PAIR)


def same_host(one: str, other: str) -> bool:
    """Whether two host names are equal in any letter case, or one is the short name of the other."""
    first, second = (name.strip().casefold().removesuffix(".") for name in (one, other))
    if first == second:
        return True
    if is_address(first) or is_address(second):
        return False
    return first == second.partition(".")[0] or second == first.partition(".")[0]


def same_version(estate: Estate) -> Judgement:
    """Primary and Backup have the same version; between stages, where both are upgraded or neither."""
    findings = Findings()
    alike, none = upgraded_alike(estate, findings, list(judged_pairs(estate, findings)), NO_PAIR)
    for pair in alike:
        versions = _both(findings, pair, pair.primary.version, pair.backup.version)
        if versions is None:
            continue
        where = pair.backup.origin.at("version")
        if not _same_version(*versions):
            found = f"the Backup {pair.backup.name} has version {versions[1]}"
            expected = f"version {versions[0]}, as the Primary {pair.primary.name} has"
            findings.violation(pair.name, found, expected, where)
        findings.evidence(pair.name, f"versions {versions[0]} and {versions[1]}", where)
    return findings.judgement(none)


def _same_version(first: str, second: str) -> bool:
    """Whether two versions are the same: ``8.1.4`` and ``8.1.400.27`` are, the build counts where both give one."""
    if first == second:
        return True
    try:
        one, other = parse_release(first), parse_release(second)
    except ValueError:
        return False
    return one.family == other.family and (one.build is None or other.build is None or one.build == other.build)


def same_ports(estate: Estate) -> Judgement:
    """Every listening port id of the Primary exists on the Backup, in the pairs where ports are known."""
    findings = Findings()
    pairs = 0
    not_known: list[str] = []
    for pair in judged_pairs(estate, findings):
        pairs += 1
        if isinstance(pair.primary.ports, Unknown):
            not_known.append(pair.primary.name)
        elif isinstance(pair.backup.ports, Unknown):
            findings.gap(pair.name, pair.backup.ports)
        else:
            _same_ports(findings, pair, pair.primary.ports, pair.backup.ports)
    if not_known and len(not_known) < pairs:
        whose = not_known[0] + (f" and {len(not_known) - 1} more" if len(not_known) > 1 else "")
        findings.note(f"the listening ports of {whose} are not known, so they were not compared with the Backup's")
    return findings.judgement("no listening ports are known" if pairs else NO_PAIR)


def _same_ports(findings: Findings, pair: Pair, of_primary: Mapping[str, int], of_backup: Mapping[str, int]) -> None:
    where = pair.backup.origin.at("ports")
    wanted = sorted(of_primary, key=lambda port: (port != HTTP_PORT, port))
    ports = ", ".join(wanted) or "none"
    if absent := ", ".join(port for port in wanted if port not in of_backup):
        found = f"the Backup {pair.backup.name} has no listening port {absent}"
        fix = f"Server Info tab of {pair.backup.name}, Listening Ports: add {absent}."
        findings.violation(pair.name, found, f"the port ids of the Primary: {ports}", where, fix)
    findings.evidence(pair.name, f"port ids of the Primary: {ports}", where)
