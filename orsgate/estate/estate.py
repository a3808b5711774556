# SPDX-License-Identifier: Apache-2.0
"""The estate as rules see it: the facts of a snapshot, joined and scoped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property

from orsgate.estate.export import Export
from orsgate.estate.inventory import INTERACTION_SERVER, Application, Cluster, Member
from orsgate.estate.items import Items, fingerprint, items_of
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.options import Reading, Setting, certainty, find, matching, split_key
from orsgate.estate.parts import FactUnknownError, Parts, Phase
from orsgate.estate.scope import Scope, scope_of

__all__ = ["SHARED_OPTIONS_FROM", "Estate", "FactUnknownError", "Pair", "Phase"]


SHARED_OPTIONS_FROM = "8.1.400.64"
"""The first build that reads options from the Annex of the cluster Transaction (Genesys, "Clustering", ORS 8.1.4)."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A Primary and the Backup it names."""

    primary: Application
    backup: Application

    @property
    def name(self) -> str:
        """How reports call the pair."""
        return f"{self.primary.name} / {self.backup.name}"


class Estate(Parts):
    """Joins the facts of a snapshot: scope, pairs, clusters, effective options.

    Properties raise ``FactUnknownError`` where the part of the snapshot they need was not collected.
    """

    @cached_property
    def applications(self) -> dict[str, Application]:
        """Every application of the inventory by name, ORS or not, in scope or not."""
        return {application.name: application for application in self.configuration.applications}

    @cached_property
    def items(self) -> Items:
        """The items of the applications and clusters in scope."""
        names = {each.name for each in self.in_scope} | {each.transaction for each in self.clusters}
        return items_of(self.configuration).only(names)

    @cached_property
    def fingerprint(self) -> str:
        """What a readiness record and an attestation are bound to: the fingerprint of what is in scope."""
        return fingerprint(self.items)

    @cached_property
    def stage(self) -> str:
        """Between which stages of the path without loss it stands, in words; empty where the whole migration is judged."""
        done, stages = self.snapshot.stage, self.snapshot.estate.stage
        if done is None or done >= len(stages):
            return ""
        name = f' ("{stages[done - 1].name}")' if done else ""
        return f"after stage {done} of {len(stages)}{name}"

    def upgraded(self, application: Application) -> bool | None:
        """Whether an application has the target release after the stages that were done; None where all have it."""
        if not self.stage:
            return None
        done = self.snapshot.estate.stage[: self.snapshot.stage]
        return any(fnmatchcase(application.name, pattern) for stage in done for pattern in stage.applications)

    @cached_property
    def primaries_of(self) -> dict[str, tuple[Application, ...]]:
        """Name of a Backup -> the ORS applications that name it."""
        named: dict[str, list[Application]] = {}
        for application in self.configuration.applications:
            if application.is_ors and isinstance(application.backup, str):
                named.setdefault(application.backup, []).append(application)
        return {name: tuple(primaries) for name, primaries in named.items()}

    @cached_property
    def scope(self) -> Scope:
        """What is judged."""
        primaries_of = self.primaries_of.items()
        primary_of = {backup: primaries[0].name for backup, primaries in primaries_of if primaries[0].name != backup}
        return scope_of(self.configuration, self.snapshot.estate.scope, primary_of)

    @property
    def in_scope(self) -> tuple[Application, ...]:
        """Every ORS application that is judged."""
        return self.scope.applications

    @cached_property
    def primaries(self) -> tuple[Application, ...]:
        """Every Primary that is judged; one whose role is not known counts as one."""
        return tuple(application for application in self.in_scope if application.primary is not False)

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """Every judged Primary with its Backup, where the Backup is an ORS of the inventory and not itself."""
        return tuple(
            Pair(primary, backup)
            for primary in self.in_scope
            if isinstance(primary.backup, str)
            and primary.backup != primary.name
            and (backup := self.applications.get(primary.backup)) is not None
            and backup.is_ors
        )

    @cached_property
    def interaction_server_at(self) -> dict[tuple[str, int], Application]:
        """Host and default port -> the Interaction Server that listens there, where both are known."""
        servers = [server for server in self.configuration.applications if server.type == INTERACTION_SERVER]
        return {server.address: server for server in reversed(servers) if server.address}

    @property
    def clusters(self) -> tuple[Cluster, ...]:
        """Every cluster that is judged."""
        return self.scope.clusters

    @cached_property
    def _cluster_of(self) -> dict[str, Cluster]:
        found: dict[str, Cluster] = {}
        for cluster in self.configuration.clusters:
            for member in cluster.members or ():
                if member.enabled:
                    found.setdefault(member.application, cluster)
        return found

    def cluster_of(self, application: Application) -> Cluster | None:
        """The cluster an application, or the Primary whose Backup it is, is a member of."""
        if cluster := self._cluster_of.get(application.name):
            return cluster
        for primary in self.primaries_of.get(application.name, ()):
            if cluster := self._cluster_of.get(primary.name):
                return cluster
        return None

    def members(self, cluster: Cluster) -> tuple[tuple[Member, Application], ...]:
        """The enabled members of a cluster that name an application in scope."""
        names = self._in_scope_names
        return tuple(
            (member, self.applications[member.application])
            for member in cluster.members or ()
            if member.enabled and member.application in names
        )

    @cached_property
    def _in_scope_names(self) -> frozenset[str]:
        return frozenset(application.name for application in self.in_scope)

    @cached_property
    def shares_options(self) -> bool | None:
        """Whether the target build reads options from the Annex of the cluster; None where its build is not given."""
        return self.target.at_least(SHARED_OPTIONS_FROM)

    def certainty(self, application: Application) -> Unknown | None:
        """Why the current options of an application are not fully known; None where they are."""
        return certainty(application.options, f"the current export of {application.name}")

    def rollback_certainty(self, application: Application) -> Unknown | None:
        """Why the rollback export of an application is not fully known; None where it is."""
        return certainty(application.rollback, f"the rollback export of {application.name}")

    def effective(self, application: Application, key: str) -> Reading:
        """The effective option ``section/name``: the application's own, else the shared one of its cluster.

        Shared options count from the target build 8.1.400.64 on. While the own options are not fully known, a shared
        one is not known to count.
        """
        section, name = split_key(key)
        unknown = self.certainty(application)
        own = find(application.options, section, name)
        if own.setting is not None or self.shares_options is False or unknown:
            return Reading(own.setting, unknown or own.unknown)
        cluster = self.cluster_of(application)
        if cluster is None or cluster.shared is None:
            return Reading(None)
        shared = find(cluster.shared, section, name, shared=True)
        unknown = self._shared_certainty(cluster) or shared.unknown
        if self.shares_options is None:
            return Reading(None, unknown or (self.build_unknown if shared.setting else None))
        return Reading(shared.setting, unknown)

    @staticmethod
    def _shared_certainty(cluster: Cluster) -> Unknown | None:
        """Why the shared options of a cluster are not fully known; None where they are, or where it has none."""
        if isinstance(cluster.shared, Export) and not cluster.shared.incomplete:
            return None
        return certainty(cluster.shared, f"the Annex of {cluster.transaction}") if cluster.shared else None

    def matching_certainty(self, application: Application, pattern: str) -> Unknown | None:
        """Why more options than those of ``effective_matching`` may match ``pattern``; None where none can."""
        cluster = self.cluster_of(application)
        if (unknown := self.certainty(application)) or cluster is None or self.shares_options is False:
            return unknown
        if self.shares_options is None and next(matching(cluster.shared, pattern), None):
            return self.build_unknown
        return self._shared_certainty(cluster)

    @property
    def build_unknown(self) -> Unknown:
        """The failure to know that a target release without a build number means."""
        return Unknown(
            f'to_release = "{self.target}" has no build number, and the answer depends on it; give all four numbers',
            self.snapshot.estate_where("estate.to_release"),
            Failure.NOT_GIVEN,
        )

    def effective_matching(self, application: Application, pattern: str) -> Iterator[Setting]:
        """Every effective option whose ``section/name`` matches: own ones, then shared ones not set there."""
        own = list(matching(application.options, pattern))
        yield from own
        cluster = self.cluster_of(application)
        if cluster is not None and self.shares_options:
            keys, shared = {setting.key for setting in own}, matching(cluster.shared, pattern, shared=True)
            yield from (setting for setting in shared if setting.key not in keys)
