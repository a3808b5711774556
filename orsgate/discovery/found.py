# SPDX-License-Identifier: Apache-2.0
"""The servers that a configuration holds, in the order in which people look for them: pairs first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from orsgate.estate.inventory import INTERACTION_SERVER, TELEPHONY_SERVERS, Application, Cluster, Configuration


@dataclass(frozen=True, slots=True)
class Group:
    """A pair of Orchestration Servers, or one that is in no pair.

    Attributes:
        primary: None for a Backup that no Primary names.
        backup: None for a Primary whose Backup is not there.
    """

    primary: Application | None
    backup: Application | None

    @property
    def members(self) -> tuple[Application, ...]:
        """The one or two servers."""
        return tuple(application for application in (self.primary, self.backup) if application is not None)


def unique(configuration: Configuration) -> tuple[Application, ...]:
    """The applications; of those with one name the first."""
    return tuple({application.name: application for application in reversed(configuration.applications)}.values())[::-1]


def groups(configuration: Configuration) -> tuple[Group, ...]:
    """Pairs, then Backups without a Primary, then Primaries without a Backup, each in order of names.

    A Backup that two Primaries name is in two pairs. A server whose role is not known counts as a Primary.
    """
    servers = {application.name: application for application in unique(configuration) if application.is_ors}
    pairs: list[Group] = []
    paired: set[str] = set()
    for primary in sorted(servers.values(), key=lambda application: application.name):
        backup = servers.get(primary.backup) if isinstance(primary.backup, str) else None
        if backup is not None and backup is not primary:
            pairs.append(Group(primary, backup))
            paired |= {primary.name, backup.name}
    alone = [servers[name] for name in sorted(servers.keys() - paired)]
    backups = [Group(None, application) for application in alone if application.primary is False]
    return (*pairs, *backups, *(Group(application, None) for application in alone if application.primary is not False))


def orchestration_servers(configuration: Configuration) -> tuple[Application, ...]:
    """Every Orchestration Server once, a Backup behind its Primary."""
    found = {member.name: member for group in groups(configuration) for member in group.members}
    return tuple(found.values())


def servers_beside(configuration: Configuration, clusters: Iterable[Cluster]) -> tuple[Application, ...]:
    """The other applications that a migration concerns, in order of type and name.

    These are the servers that an Orchestration Server is connected to, what is named as a Backup or as a member of one of
    ``clusters``, and an Interaction Server whose second object of T-Server type is among them.
    """
    by_name = {application.name: application for application in unique(configuration)}
    wanted = {member.application for cluster in clusters for member in cluster.members or ()}
    for application in by_name.values():
        if application.is_ors:
            wanted.update(_names_of(application))
    pending = sorted(wanted & by_name.keys())
    found: dict[str, Application] = {}
    while pending:
        application = by_name[pending.pop()]
        if application.name in found:
            continue
        found[application.name] = application
        if isinstance(application.backup, str) and application.backup in by_name:
            pending.append(application.backup)
    addresses = {each.address for each in found.values() if each.type in TELEPHONY_SERVERS} - {None}
    for application in by_name.values():
        if application.type == INTERACTION_SERVER and application.address in addresses:
            found[application.name] = application
    others = (application for application in found.values() if not application.is_ors)
    return tuple(sorted(others, key=lambda application: (application.type, application.name)))


def _names_of(application: Application) -> Iterator[str]:
    if isinstance(application.connections, tuple):
        yield from application.connections
    if isinstance(application.backup, str):
        yield application.backup
