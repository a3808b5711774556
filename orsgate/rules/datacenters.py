# SPDX-License-Identifier: Apache-2.0
"""Step 4: the data center names of cluster members, within and across clusters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from orsgate.estate.estate import Estate
from orsgate.estate.inventory import Cluster, Member
from orsgate.estate.judgement import Findings, Judgement
from orsgate.estate.wording import listed
from orsgate.rules.cluster import NO_CLUSTER
from orsgate.rules.references import folded

NO_DATACENTER = "no member of a cluster names a data center"


def spelled_alike(estate: Estate) -> Judgement:
    """No two data center names differ only in letter case or blanks, within or across the clusters in scope."""
    findings = Findings()
    findings.rests_on(estate.basis)
    spellings: dict[str, Counter[str]] = {}
    for _, member in _naming(estate):
        spellings.setdefault(folded(member.datacenter), Counter())[member.datacenter] += 1
    usual = {key: counter.most_common(1)[0][0] for key, counter in spellings.items()}
    for cluster, member in _naming(estate):
        name, where = member.datacenter, cluster.where(member)
        expected = usual[folded(name)]
        if name != expected:
            found = f'the data center of its member {member.application} is "{name}", elsewhere it is "{expected}"'
            fix = f'Annex tab of {cluster.transaction}, section cluster: give {member.application} the value "{expected}".'
            findings.violation(cluster.transaction, found, "one spelling of each data center", where, fix)
        findings.evidence(cluster.transaction, f'{member.application}: data center "{name}"', where)
    return findings.judgement(NO_DATACENTER if estate.clusters else NO_CLUSTER)


def _naming(estate: Estate) -> Iterator[tuple[Cluster, Member]]:
    """Every enabled member of the clusters in scope that names a data center."""
    for cluster in estate.clusters:
        for member in cluster.members or ():
            if member.enabled and member.datacenter.strip():
                yield cluster, member


def all_or_none(estate: Estate) -> Judgement:
    """Either all members of a cluster name a data center or none does."""
    findings = Findings()
    findings.rests_on(estate.basis)
    for cluster in estate.clusters:
        name = cluster.transaction
        members = [member for member in cluster.members or () if member.enabled]
        without = [member for member in members if not member.datacenter.strip()]
        if without and len(without) < len(members):
            found = f"no data center for {listed([member.application for member in without])}, but one for the others"
            fix = f"Annex tab of {name}, section cluster: give each member its data center as the value, or none of them."
            findings.violation(name, found, "a data center for all members or for none", cluster.where(without[0]), fix)
        text = f"{len(members) - len(without)} of {len(members)} members name a data center"
        findings.evidence(name, text, cluster.origin.at("members"))
    return findings.judgement(NO_CLUSTER)
