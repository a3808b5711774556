# SPDX-License-Identifier: Apache-2.0
"""Step 4: all members of a cluster keep their sessions in the same keyspace of the same ring."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from orsgate.estate.estate import Estate
from orsgate.estate.inventory import Application
from orsgate.estate.judgement import Findings, Judgement
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.options import Setting
from orsgate.estate.ring import Ring
from orsgate.estate.wording import listed
from orsgate.rules.node_lists import NODES, THIS_HOST, RingIndex, host_key, parse_node_list
from orsgate.rules.options import options_place, shown
from orsgate.rules.shared_options import nodes_of
from orsgate.rules.strategy import KEYSPACE_NAME

NO_MEMBER = "no cluster in scope has a member in scope; see ORS-0401 and ORS-0402"


def same_storage(estate: Estate) -> Judgement:
    """The members of each cluster and their Backups name the same keyspace, and node lists that lead to the same ring."""
    findings = Findings()
    findings.rests_on(estate.basis)
    ring = estate.snapshot.cassandra
    index = RingIndex(ring) if isinstance(ring, Ring) else None
    for cluster, nodes in nodes_of(estate):
        if nodes:
            compared = f"compared {listed([node.name for node in nodes])}"
            findings.evidence(cluster.transaction, compared, cluster.origin.at("members"))
            _same_keyspace(findings, _read(findings, estate, nodes, KEYSPACE_NAME))
            _same_ring(findings, cluster.transaction, _read(findings, estate, nodes, NODES), index)
    return findings.judgement(NO_MEMBER)


@dataclass(frozen=True, slots=True)
class _Told:
    """What an application is known to be told; the setting is None where it is known not to be set."""

    application: Application
    setting: Setting | None

    @property
    def where(self) -> str:
        return self.setting.where if self.setting else options_place(self.application)


def _read(findings: Findings, estate: Estate, members: Sequence[Application], key: str) -> list[_Told]:
    """The effective option ``key`` of each member; what is not known is a gap and left out."""
    told: list[_Told] = []
    for application in members:
        reading = estate.effective(application, key)
        if reading.unknown:
            findings.gap(application.name, reading.unknown)
        if reading.setting or not reading.unknown:
            told.append(_Told(application, reading.setting))
    return told


def _same_keyspace(findings: Findings, told: Sequence[_Told]) -> None:
    usual = Counter(member.setting.text for member in told if member.setting).most_common(1)
    expected = ""
    if usual:
        like = next(member for member in told if member.setting and member.setting.text == usual[0][0])
        expected = f"{KEYSPACE_NAME} = {usual[0][0]}, as on {like.application.name}"
    for member in told:
        found = shown(member.setting) if member.setting else f"{KEYSPACE_NAME} is not set"
        if usual and (member.setting is None or member.setting.text != usual[0][0]):
            findings.violation(member.application.name, found, expected, member.where)
        findings.evidence(member.application.name, found, member.where)


@dataclass(slots=True)
class _Group:
    """Members whose node lists are linked by shared hosts, so that they lead to the same ring."""

    members: list[_Told] = field(default_factory=list)
    hosts: dict[str, None] = field(default_factory=dict)

    @property
    def names(self) -> str:
        return listed([member.application.name for member in self.members], 3)


def _same_ring(findings: Findings, cluster: str, told: Sequence[_Told], index: RingIndex | None) -> None:
    listing = [(member, hosts) for member in told if (hosts := _hosts(member, index))]
    for member in told:
        name = member.application.name
        if member.setting:
            findings.evidence(name, shown(member.setting), member.where)
        if listing and not (member.setting and member.setting.text.strip(" ;,")):
            cause = f"{NODES} of {name} is not set, so the ring that it uses is not known"
            findings.gap(name, Unknown(cause, member.where, Failure.NOT_GIVEN))
    groups = _grouped(listing)
    if len(groups) < 2:
        return
    if index is None:
        findings.note(
            f"{cluster}: the node lists of {groups[0].names} and of {groups[1].names} share no host, and no ring was "
            f"asked whether they lead to the same one (that the option is called {NODES} is unconfirmed)"
        )
        return
    _ask(findings, groups, index)


def _hosts(member: _Told, index: RingIndex | None) -> tuple[str, ...]:
    """The hosts that a member lists, each once; what means "this host" is the host that the member runs on.

    Where the ring itself was audited as "this host", all runs on one machine, and the name is as good as any.
    """
    listed_nodes = parse_node_list(member.setting.text) if member.setting else ()
    own = member.application.host
    here = host_key(own) if isinstance(own, str) else f"the host of {member.application.name}"
    hosts = (host_key(node.host) for node in listed_nodes)
    return tuple(
        dict.fromkeys(here if host in THIS_HOST and (index is None or index.leads(host) is not True) else host for host in hosts)
    )


def _grouped(listing: Sequence[tuple[_Told, tuple[str, ...]]]) -> list[_Group]:
    """The members in groups; a list that shares a host with two groups joins them."""
    group_of: dict[str, _Group] = {}
    for member, hosts in listing:
        joined = {id(group_of[host]): group_of[host] for host in hosts if host in group_of}
        group = max(joined.values(), key=lambda found: len(found.hosts), default=_Group())
        for other in joined.values():
            if other is not group:
                group.members += other.members
                group.hosts |= other.hosts
                group_of |= dict.fromkeys(other.hosts, group)
        group.members.append(member)
        group.hosts |= dict.fromkeys(hosts)
        group_of |= dict.fromkeys(hosts, group)
    return list({id(group): group for group in group_of.values()}.values())


def _ask(findings: Findings, groups: Sequence[_Group], index: RingIndex) -> None:
    """Ask the ring which of the groups lead to it."""
    answers = [(group, *index.rings_of_list(group.hosts)) for group in groups]
    votes: Counter[str] = Counter()
    for group, rings, _ in answers:
        votes.update(dict.fromkeys(rings, len(group.members)))
    usual = votes.most_common(1)[0][0] if votes else None
    for group, rings, unknown in answers:
        if usual in rings:
            continue
        if unknown and not rings:
            for member in group.members:
                findings.gap(member.application.name, unknown)
            continue
        leads = "leads to another ring than the other members use" if rings else "leads to no node of the audited ring"
        for member in group.members:
            if member.setting:
                expected = "a node list that leads to the same ring as those of the other members"
                findings.violation(member.application.name, f"{shown(member.setting)} {leads}", expected, member.where)
