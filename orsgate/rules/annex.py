# SPDX-License-Identifier: Apache-2.0
"""Step 4: the members of a cluster as the estate file lists them, beside those of its exported Annex."""

from __future__ import annotations

from collections.abc import Sequence

from orsgate.estate.export import Export
from orsgate.estate.inventory import Cluster, Member
from orsgate.estate.judgement import Findings

EXPECTED = "the same members in the estate file and in the exported Annex"


def as_in_annex(findings: Findings, cluster: Cluster, typed: Sequence[Member], exported: Sequence[Member]) -> None:
    """Both list the same members with the same data centers; one that is disabled in both, or listed in none, is no difference.

    Args:
        findings: gets a violation for each difference.
        cluster: whose members they are.
        typed: as the estate file lists them.
        exported: as the Annex lists them.
    """
    place = cluster.shared.place if isinstance(cluster.shared, Export) else cluster.origin.at("options")
    typed_by_name = {member.application: member for member in typed}
    exported_names = {member.application for member in exported}
    for member in exported:
        where = cluster.where(member)
        if told := _difference(typed_by_name.get(member.application), member):
            _report(findings, cluster, told, where)
    for member in typed:
        if member.enabled and member.application not in exported_names:
            if cluster.annex_unknown:  # the line that is not understood may be this member
                findings.gap(cluster.transaction, cluster.annex_unknown)
                continue
            told = f"the exported Annex does not list {member.application}; the estate file does ({cluster.where(member)})"
            _report(findings, cluster, told, place)


def _difference(typed: Member | None, exported: Member) -> str:
    """In what the two differ, in words; empty where they do not."""
    name = exported.application
    if typed is None:
        return f"the exported Annex lists {name} as a member; the estate file does not list it" if exported.enabled else ""
    if exported.enabled and not typed.enabled:
        return f"the exported Annex lists {name} as a member; the estate file as disabled"
    if typed.enabled and not exported.enabled:
        return f"the exported Annex lists {name} as disabled; the estate file as a member"
    if exported.enabled and typed.datacenter != exported.datacenter:
        return f'the exported Annex gives {name} the data center "{exported.datacenter}"; the estate file "{typed.datacenter}"'
    return ""


def _report(findings: Findings, cluster: Cluster, told: str, where: str) -> None:
    fix = f"Correct the wrong one: Annex tab of {cluster.transaction}, section cluster, or members in the estate file."
    findings.violation(cluster.transaction, told, EXPECTED, where, fix)
