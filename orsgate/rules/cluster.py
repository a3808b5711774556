# SPDX-License-Identifier: Apache-2.0
"""Step 4: ORS clusters are configured, and their members are the Primaries."""

from __future__ import annotations

from collections.abc import Iterator

from orsgate.estate.decisions import unresolved
from orsgate.estate.estate import Estate
from orsgate.estate.inventory import Application, Cluster, Member
from orsgate.estate.judgement import Findings, Judgement
from orsgate.estate.knowledge import Unknown
from orsgate.estate.wording import listed
from orsgate.rules.annex import as_in_annex
from orsgate.rules.references import Near, Reference, References

NO_CLUSTER = "no ORS cluster is configured in the scope; see ORS-0401"
LIST = "list"
"""The Transaction type of an ORS cluster (Genesys, "Clustering", ORS 8.1.4)."""
TENANTS = ("environment", "resources")
"""Where the Transaction lies: the tenant Environment, or Resources in a single-tenant environment (same page)."""


def is_configured(estate: Estate) -> Judgement:
    """A Transaction of type List has an Annex section ``cluster`` with an enabled member; so has each one in scope."""
    findings = Findings()
    findings.rests_on(estate.basis)
    known = {cluster.transaction for cluster in estate.configuration.clusters}
    wanted = estate.snapshot.estate.scope.clusters or ()
    for name in wanted:
        if name not in known:
            where = estate.snapshot.estate_where("scope.clusters")
            _no_such_cluster(findings, estate, name, where)
    if not wanted and not estate.clusters:
        where = estate.snapshot.estate_path
        expected = "a Transaction of type List with an Annex section cluster that has a member"
        seen = " as far as the account sees" if estate.configuration.by_account else ""
        findings.violation(estate.name, f"no ORS cluster is configured{seen}", expected, where)
    for cluster in estate.clusters:
        _configured(findings, cluster)
    return findings.judgement()


def _no_such_cluster(findings: Findings, estate: Estate, name: str, where: str) -> None:
    unknown = unresolved(estate, "[scope] clusters", "cluster", name, where)
    if estate.configuration.by_account:
        findings.gap(name, unknown)
    else:
        findings.violation(name, unknown.cause, "a Transaction of that name", where)


def _configured(findings: Findings, cluster: Cluster) -> None:
    name = cluster.transaction
    if isinstance(cluster.type, Unknown):
        findings.gap(name, cluster.type)
    elif cluster.type.casefold() != LIST:
        found, fix = f"is a Transaction of type {cluster.type}", f"Make {name} a Transaction of type List."
        findings.violation(name, found, "a Transaction of type List", cluster.origin.at("type"), fix)
    where = cluster.origin.at("members")
    enabled = [member.application for member in cluster.members or () if member.enabled]
    if unknown := cluster.members_unknown:
        findings.gap(name, unknown)
    if cluster.members is None and unknown:
        return
    if cluster.members is None:
        findings.violation(name, "its Annex has no section cluster", "a section cluster that lists members", where)
    elif not enabled:
        found = "all its members are disabled by #" if cluster.members else "its Annex section cluster is empty"
        findings.violation(name, found, "at least one enabled member", where)
    else:
        findings.evidence(name, f"Transaction of type {_known(cluster.type)}, members: {listed(enabled)}", where)


def _known(fact: str | Unknown) -> str:
    return "that is not known" if isinstance(fact, Unknown) else fact


def members_are_primaries(estate: Estate) -> Judgement:
    """Every Primary in scope is an enabled member once over all clusters; every member is an enabled Primary."""
    findings = Findings()
    findings.rests_on(estate.basis)
    memberships = _Memberships(estate)
    for primary in estate.primaries:
        memberships.judge(findings, primary)
    references = References(estate, findings)
    for cluster in estate.clusters:
        for member in cluster.members or ():
            if member.enabled:
                _member(findings, estate, references, cluster, member)
        if cluster.members is not None and cluster.annex_members is not None:
            as_in_annex(findings, cluster, cluster.members, cluster.annex_members)
    return findings.judgement()


class _Memberships:
    """Who is a member of which cluster, over all clusters of the inventory."""

    def __init__(self, estate: Estate) -> None:
        self._enabled: dict[str, list[tuple[Cluster, Member]]] = {}
        self._disabled: dict[str, tuple[Cluster, Member]] = {}
        unknowns = (cluster.members_unknown for cluster in estate.configuration.clusters)
        self._unknown = next((unknown for unknown in unknowns if unknown), None)
        for cluster in estate.configuration.clusters:
            for member in cluster.members or ():
                if member.enabled:
                    self._enabled.setdefault(member.application, []).append((cluster, member))
                else:
                    self._disabled.setdefault(member.application, (cluster, member))
        self._near = Near(name for name in self._enabled if name not in estate.applications)

    def judge(self, findings: Findings, primary: Application) -> None:
        """Report a Primary that is a member not at all, or more than once."""
        name, found = primary.name, self._enabled.get(primary.name, [])
        if not found:
            self._no_member(findings, primary)
        elif len(found) > 1:
            where = found[1][0].where(found[1][1])
            places = listed([f"{cluster.transaction} ({cluster.where(member)})" for cluster, member in found])
            fix = f"Annex tab of the cluster Transaction, section cluster: leave {name} in one place only."
            findings.violation(name, f"is a member {len(found)} times: {places}", "a member exactly once", where, fix)
        for cluster, member in found[:1]:
            findings.evidence(name, f"member of {cluster.transaction}", cluster.where(member))

    def _no_member(self, findings: Findings, primary: Application) -> None:
        name, expected = primary.name, "a member of exactly one cluster"
        if isinstance(primary.primary, Unknown):
            findings.gap(name, primary.primary)
        elif self._unknown:
            findings.gap(name, self._unknown)
        elif name in self._disabled:
            cluster, member = self._disabled[name]
            found = f"is only a disabled member (#) of {cluster.transaction}"
            fix = f"Annex tab of {cluster.transaction}, section cluster: remove the # in front of {name}."
            findings.violation(name, found, expected, cluster.where(member), fix)
        elif near := self._near.to(name):
            cluster, member = self._enabled[near][0]
            found = f'is no member; the member "{near}" of {cluster.transaction} is it but for letter case or blanks'
            fix = f'Annex tab of {cluster.transaction}, section cluster: write "{name}" in place of "{near}".'
            findings.violation(name, found, expected, cluster.where(member), fix)
        else:
            fix = f"Annex tab of the cluster Transaction, section cluster: add {name}, with its data center as the value."
            findings.violation(name, "is a member of no cluster", expected, primary.origin.at(), fix)


def _member(findings: Findings, estate: Estate, references: References, cluster: Cluster, member: Member) -> None:
    name, subject, where = member.application, cluster.transaction, cluster.where(member)
    target = estate.applications.get(name)
    remove = f"Annex tab of {subject}, section cluster: remove {name}"
    if target is None:
        fix = f"{remove}; where the application exists, list it in the estate file."
        references.missing(subject, Reference("member", name, subject, where), fix)
        return
    for found, fix in _faults(estate, target):
        findings.violation(subject, f"its member {name} {found}", "a Primary that is enabled", where, f"{remove}{fix}.")
    if target.is_ors:
        for fact in (target.enabled, target.primary):
            if isinstance(fact, Unknown):
                findings.gap(subject, fact)
    findings.evidence(subject, f"member {name}: {target.type}", where)


def _faults(estate: Estate, target: Application) -> Iterator[tuple[str, str]]:
    """What is wrong with a member, and what can be done besides removing it."""
    if not target.is_ors:
        yield f"is of type {target.type}", ""
        return
    if target.enabled is False:
        yield "is disabled", f", or enable {target.name}"
    if target.primary is False:
        primaries = [primary.name for primary in estate.primaries_of.get(target.name, ())]
        of = f" of {primaries[0]}" if primaries else ""
        yield f"is a Backup{of}", "; a Backup belongs to the cluster by its Primary"


def is_in_place(estate: Estate) -> Judgement:
    """Each cluster Transaction is enabled, and lies where ORS looks for it, as far as that is known."""
    findings = Findings()
    findings.rests_on(estate.basis)
    for cluster in estate.clusters:
        name, tenant = cluster.transaction, cluster.tenant
        if isinstance(cluster.enabled, Unknown):
            findings.gap(name, cluster.enabled)
        elif not cluster.enabled:
            found, fix = "is disabled", f"General tab of {name}: set State Enabled."
            findings.violation(name, found, "an enabled Transaction", cluster.origin.at("enabled"), fix)
        if isinstance(tenant, str) and tenant.strip().casefold() not in TENANTS:
            expected = "the tenant Environment, or Resources with a single tenant"
            findings.violation(name, f"lies under {tenant}", expected, cluster.origin.at("tenant"))
        place = "tenant not given" if isinstance(tenant, Unknown) else f"lies under {tenant}"
        state = "state unknown" if isinstance(cluster.enabled, Unknown) else "enabled" if cluster.enabled else "disabled"
        findings.evidence(name, f"{state}, {place}", cluster.origin.at())
    return findings.judgement(NO_CLUSTER)


def is_named(estate: Estate, expected: str) -> Judgement:
    """Each cluster Transaction is named ``expected``."""
    findings = Findings()
    findings.rests_on(estate.basis)
    for cluster in estate.clusters:
        name = cluster.transaction
        if name != expected:
            findings.violation(name, f'is named "{name}"', f'"{expected}"', cluster.origin.at("transaction"))
        findings.evidence(name, f'is named "{name}"', cluster.origin.at("transaction"))
    return findings.judgement(NO_CLUSTER)
