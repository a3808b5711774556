# SPDX-License-Identifier: Apache-2.0
"""Step 4: the members of a cluster are its Primaries, each with its data center."""

from __future__ import annotations

from collections import Counter

from orsgate.estate.inventory import Application, Cluster, Member
from orsgate.estate.judgement import Findings
from orsgate.remedy.answers import Question
from orsgate.remedy.cfg_edit import DISABLED
from orsgate.remedy.draft import Draft
from orsgate.rules.annex import as_in_annex
from orsgate.rules.references import Near, folded
from orsgate.sources.clusters import MEMBER_SECTION

_MEMBERSHIP = ("ORS-0402",)


def are_primaries(draft: Draft) -> None:
    """ORS-0402: a misspelt member is spelled rightly, a Backup or another server is taken out, a missing Primary is added.

    A member that names nothing at all, or something that is disabled, and a Primary in two clusters are left to a person.
    """
    settled = [cluster for cluster in draft.clusters() if is_settled(cluster)]
    members = {
        member.application
        for cluster in draft.estate.configuration.clusters
        for member in cluster.members or ()
        if member.enabled
    }
    for cluster in settled:
        for member in cluster.members or ():
            if member.enabled:
                _member(draft, cluster, member, members)
    only = settled[0] if len(settled) == 1 == len(draft.estate.clusters) else None
    for primary in draft.estate.primaries:
        if primary.primary is True and primary.name not in members and only is not None:
            _missing(draft, only, primary)


def is_settled(cluster: Cluster) -> bool:
    """Whether one list of members is what there is: fully known, and no other one beside it."""
    if cluster.members_unknown or cluster.annex_unknown:
        return False
    if cluster.members is None or cluster.annex_members is None:
        return True
    findings = Findings()
    as_in_annex(findings, cluster, cluster.members, cluster.annex_members)
    return not findings.judgement().violations


def _member(draft: Draft, cluster: Cluster, member: Member, members: set[str]) -> None:
    """Put one enabled member right, and note in ``members`` who is one afterwards."""
    applications = draft.estate.applications
    target = applications.get(member.application)
    if target is None:
        meant = applications.get(Near(applications).to(member.application) or "")
        if meant is not None and meant.is_ors and meant.primary is True:
            _renamed(draft, cluster, member, meant.name, members)
    elif not target.is_ors:
        _removed(draft, cluster, member)
    elif target.primary is False:
        primaries = draft.estate.primaries_of.get(target.name, ())
        if len(primaries) == 1 and primaries[0].name != target.name and primaries[0].primary is not False:
            _renamed(draft, cluster, member, primaries[0].name, members)


def _renamed(draft: Draft, cluster: Cluster, member: Member, name: str, members: set[str]) -> None:
    _removed(draft, cluster, member)
    if name not in members:
        members.add(name)
        draft.change(cluster, MEMBER_SECTION, name, member.datacenter, _MEMBERSHIP, None)


def _removed(draft: Draft, cluster: Cluster, member: Member) -> None:
    draft.change(cluster, MEMBER_SECTION, member.application, None, _MEMBERSHIP, member.datacenter)


def _missing(draft: Draft, cluster: Cluster, primary: Application) -> None:
    """Add a Primary that is no member; one that is disabled by # keeps its data center."""
    for member in cluster.members or ():
        if member.application == primary.name and not member.enabled:
            draft.change(cluster, MEMBER_SECTION, f"{DISABLED}{primary.name}", None, _MEMBERSHIP, member.datacenter)
            draft.change(cluster, MEMBER_SECTION, primary.name, member.datacenter, _MEMBERSHIP, None)
            return
    others = [member.datacenter.strip() for member in cluster.members or () if member.enabled]
    value = "" if others and not any(others) else draft.ask(data_center_of(draft, cluster.transaction, primary.name, _MEMBERSHIP))
    if value is not None:
        draft.change(cluster, MEMBER_SECTION, primary.name, value, _MEMBERSHIP, None)


def data_center_of(draft: Draft, transaction: str, name: str, ids: tuple[str, ...], suggestion: str | None = None) -> Question:
    """The question for the data center of a member."""
    ring = draft.data_centers
    text = f"the data center of the member {name}" + (f" (the ring has {', '.join(ring)})" if ring else "")
    near = Near(ring)

    def wrong(value: str) -> str:
        meant = None if value in ring else near.to(value)
        return f'the ring spells it "{meant}"' if meant else ""

    return Question(transaction, MEMBER_SECTION, name, text, ids, (name,), suggestion, wrong)


def spell_alike(draft: Draft) -> None:
    """ORS-0403, 0713: a data center is spelled as the ring spells it, else as a person says, alike for all members."""
    ring = draft.data_centers
    near = Near(ring)
    naming = [
        (cluster, member)
        for cluster in filter(is_settled, draft.clusters())
        for member in cluster.members or ()
        if member.enabled and member.datacenter.strip()
    ]
    spellings: dict[str, Counter[str]] = {}
    for _, member in naming:
        spellings.setdefault(folded(member.datacenter), Counter())[member.datacenter] += 1
    for cluster, member in naming:
        found = member.datacenter
        counted = spellings[folded(found)]
        usual = counted.most_common(1)[0][0]
        if found in ring or (len(counted) == 1 and near.to(found) is None):
            continue
        value = near.to(found)
        if value is None and found != usual:
            value = draft.ask(data_center_of(draft, cluster.transaction, member.application, ("ORS-0403",), usual))
        if value is not None:
            ids = ("ORS-0403", "ORS-0713") if ring else ("ORS-0403",)
            draft.change(cluster, MEMBER_SECTION, member.application, value, ids, found)


def all_or_none(draft: Draft) -> None:
    """ORS-0408: where some members name a data center, that of each other one is asked for."""
    for cluster in draft.clusters():
        members = [member for member in cluster.members or () if member.enabled]
        without = [member for member in members if not member.datacenter.strip()]
        if not is_settled(cluster) or len(without) == len(members):
            continue
        for member in without:
            value = draft.ask(data_center_of(draft, cluster.transaction, member.application, ("ORS-0408",)))
            if value is not None:
                draft.change(cluster, MEMBER_SECTION, member.application, value, ("ORS-0408",), member.datacenter)
