# SPDX-License-Identifier: Apache-2.0
"""The estate as rules see it: the facts of a snapshot, joined and scoped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Literal

from orsgate.estate.deployment import Deployment
from orsgate.estate.evidence_files import Baseline, ReadinessRecord
from orsgate.estate.export import Export
from orsgate.estate.inventory import INTERACTION_SERVER, Application, Cluster, Configuration, Member
from orsgate.estate.items import Items, fingerprint, items_of
from orsgate.estate.knowledge import Basis, Failure, Unknown
from orsgate.estate.options import Reading, Setting, certainty, find, matching, split_key
from orsgate.estate.rehearsal import Rehearsal
from orsgate.estate.release import OrsRelease, parse_release
from orsgate.estate.ring import Ring
from orsgate.estate.scope import Scope, scope_of
from orsgate.estate.snapshot import Snapshot

Phase = Literal["readiness", "deployment", "rehearsal"]

SHARED_OPTIONS_FROM = "8.1.400.64"
"""The first build that reads options from the Annex of the cluster Transaction (Genesys, "Clustering", ORS 8.1.4)."""


class FactUnknownError(Exception):
    """Raised where nothing at all can be judged without a fact that is not known."""

    def __init__(self, subject: str, unknown: Unknown) -> None:
        super().__init__(unknown.cause)
        self.subject = subject
        self.unknown = unknown


def _not_collected(what: str, part: str) -> Unknown:
    return Unknown(f"the {what} was not collected; collect the part {part}", failure=Failure.NOT_ASKED)


@dataclass(frozen=True, slots=True)
class Pair:
    """A Primary and the Backup it names."""

    primary: Application
    backup: Application

    @property
    def name(self) -> str:
        """How reports call the pair."""
        return f"{self.primary.name} / {self.backup.name}"


class Estate:
    """Joins the facts of a snapshot: scope, pairs, clusters, effective options.

    Properties raise ``FactUnknownError`` where the part of the snapshot they need was not collected.
    """

    def __init__(self, snapshot: Snapshot, phase: Phase = "readiness") -> None:
        self.snapshot = snapshot
        self.phase = phase

    @property
    def name(self) -> str:
        """The estate's name."""
        return self.snapshot.estate.estate.name

    @cached_property
    def configuration(self) -> Configuration:
        """The configuration part of the snapshot."""
        found = self.snapshot.configuration
        if isinstance(found, Configuration):
            return found
        raise FactUnknownError("configuration", found or _not_collected("configuration", "configuration"))

    @cached_property
    def ring(self) -> Ring:
        """The Cassandra part of the snapshot."""
        found = self.snapshot.cassandra
        if isinstance(found, Ring):
            return found
        raise FactUnknownError("Cassandra ring", found or _not_collected("Cassandra ring", "cassandra"))

    @cached_property
    def rehearsal(self) -> Rehearsal:
        """The rehearsal part of the snapshot."""
        found = self.snapshot.rehearsal
        if isinstance(found, Rehearsal):
            return found
        cause = "nothing was rehearsed: `orsgate rehearse` builds a twin of the ring and tries the options on it"
        raise FactUnknownError("twin of the ring", found or Unknown(cause, failure=Failure.NOT_ASKED))

    @cached_property
    def deployment(self) -> Deployment:
        """The part ``http`` of the snapshot."""
        found = self.snapshot.deployment
        if isinstance(found, Deployment):
            return found
        raise FactUnknownError("deployment", found or _not_collected("deployment", "http"))

    @cached_property
    def baseline(self) -> Baseline:
        """What was there before anything changed."""
        found = self.snapshot.baseline
        if isinstance(found, Baseline):
            return found
        cause = "no baseline was given: `orsgate baseline` stores one before anything changes, and --baseline names it"
        raise FactUnknownError("baseline", found or Unknown(cause, failure=Failure.NOT_GIVEN))

    @cached_property
    def record(self) -> ReadinessRecord:
        """The record of the audit before the installation."""
        found = self.snapshot.record
        if isinstance(found, ReadinessRecord):
            return found
        cause = "no readiness record was given: `orsgate audit --record FILE` writes one before step 9, and --record names it"
        raise FactUnknownError("readiness record", found or Unknown(cause, failure=Failure.NOT_GIVEN))

    @property
    def basis(self) -> Basis:
        """The basis of the inventory."""
        return self.configuration.basis

    @cached_property
    def target(self) -> OrsRelease:
        """The release to be installed."""
        return parse_release(self.snapshot.estate.estate.to_release)

    @cached_property
    def origin(self) -> OrsRelease:
        """The release the migration starts from."""
        return parse_release(self.snapshot.estate.estate.from_release)

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
