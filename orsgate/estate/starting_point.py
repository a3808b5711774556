# SPDX-License-Identifier: Apache-2.0
"""What ``orsgate init`` knows of an estate before anybody has written its estate file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from orsgate.estate.inventory import ORCHESTRATION_SERVER

BACKUP_ENDINGS = ("b", "bk", "bkp", "bak", "backup")
"""What people append to the name of a Primary, after ``_`` or ``-``, to name its Backup."""


@dataclass(frozen=True, slots=True)
class ListedApplication:
    """An application that a list or an export names.

    Attributes:
        name: its name.
        type: its application type.
        version: None where it was not listed; so are the following.
        export: the export of its options, as the estate file shall name it.
        remark: what the estate file shall say about it in a comment.
    """

    name: str
    type: str = ORCHESTRATION_SERVER
    version: str | None = None
    host: str | None = None
    backup: str | None = None
    redundancy: str | None = None
    connections: tuple[str, ...] = ()
    tenants: tuple[str, ...] = ()
    export: str | None = None
    remark: str = ""

    @property
    def is_ors(self) -> bool:
        """Whether it is an Orchestration Server."""
        return self.type == ORCHESTRATION_SERVER


def with_exports(
    listed: Sequence[ListedApplication], exports: Mapping[str, str], *, from_list: bool
) -> tuple[ListedApplication, ...]:
    """``listed`` with their exports, then one application for each export that the list does not name.

    Args:
        listed: the applications of the list, in its order.
        exports: application name -> export, as the estate file shall name it.
        from_list: whether there is a list at all, so that missing in it is worth a remark.
    """
    known = {application.name for application in listed}
    folded = {application.name.casefold(): application.name for application in listed}
    more: list[ListedApplication] = []
    for name, export in sorted(exports.items()):
        if name not in known:
            remark = "has an export, and is not in the list" if from_list else ""
            if twin := folded.get(name.casefold()):
                remark += f"; the list has {twin}: is it the same application?"
            more.append(ListedApplication(name, export=export, remark=remark))
    return (*(replace(application, export=exports.get(application.name)) for application in listed), *more)


def looks_like_backup_of(applications: Iterable[ListedApplication]) -> dict[str, str]:
    """Name of a Primary -> name that looks like its Backup, of the servers that are in no pair yet."""
    servers = [application for application in applications if application.is_ors]
    paired = {application.backup for application in servers} | {application.name for application in servers if application.backup}
    free = {application.name.casefold(): application.name for application in servers if application.name not in paired}
    found: dict[str, str] = {}
    for folded, name in free.items():
        candidates = (f"{folded}{joint}{ending}" for ending in BACKUP_ENDINGS for joint in "_-")
        backup = next((free[candidate] for candidate in candidates if candidate in free), None)
        if backup is not None:
            found[name] = backup
    return found


def common_version(applications: Iterable[ListedApplication]) -> str | None:
    """The version of the Orchestration Servers, where those that have one listed have the same."""
    versions = {application.version for application in applications if application.is_ors and application.version}
    return versions.pop() if len(versions) == 1 else None
