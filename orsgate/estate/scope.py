# SPDX-License-Identifier: Apache-2.0
"""Which applications and clusters a run judges, and which it leaves out and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from orsgate.estate.inventory import Application, Cluster, Configuration
from orsgate.estate.schema import Scope as ScopeSection


@dataclass(frozen=True, slots=True)
class Excluded:
    """An application left out on purpose."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Scope:
    """What is judged, and what is only listed.

    Attributes:
        applications: every ORS application that is judged, in inventory order.
        clusters: every cluster that is judged.
    """

    applications: tuple[Application, ...]
    clusters: tuple[Cluster, ...]
    excluded: tuple[Excluded, ...]
    disabled: tuple[str, ...]


def scope_of(configuration: Configuration, section: ScopeSection | None, primary_of: Mapping[str, str]) -> Scope:
    """Divide the ORS applications of ``configuration`` into judged, excluded and disabled ones.

    An application is left out where an exclusion names it, where it is disabled, or where ``[scope] clusters`` is given
    and it (or its Primary) is a member of other clusters only. One that is in no cluster at all stays in scope, so that
    it is noticed.

    Args:
        configuration: the inventory.
        section: the ``[scope]`` of the estate file.
        primary_of: name of a Backup -> name of the Primary that names it.
    """
    wanted = section.clusters if section else None
    clusters = tuple(
        cluster for cluster in configuration.clusters if wanted is None or cluster.transaction in wanted
    )  # fmt: skip
    judged_members = _members(clusters)
    other_members = _members(configuration.clusters) - judged_members
    applications: list[Application] = []
    excluded: list[Excluded] = []
    disabled: list[str] = []
    for application in configuration.applications:
        if not application.is_ors:
            continue
        name = application.name
        node = primary_of.get(name, name)
        if reason := _exclusion(name, section):
            excluded.append(Excluded(name, reason))
        elif application.enabled is False:
            disabled.append(name)
        elif wanted is not None and node in other_members and node not in judged_members:
            excluded.append(Excluded(name, "belongs to a cluster that [scope] clusters does not name"))
        else:
            applications.append(application)
    return Scope(tuple(applications), clusters, tuple(excluded), tuple(disabled))


def _members(clusters: tuple[Cluster, ...]) -> set[str]:
    return {member.application for cluster in clusters for member in cluster.members or () if member.enabled}


def _exclusion(name: str, section: ScopeSection | None) -> str:
    for exclusion in section.exclude if section else ():
        if fnmatchcase(name, exclusion.application):
            return exclusion.reason
    return ""
