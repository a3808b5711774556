# SPDX-License-Identifier: Apache-2.0
"""Which differences from the baseline are planned: asked for by steps 2 to 8, or named as ``[[planned_change]]``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property

from orsgate.estate.differences import Difference
from orsgate.estate.estate import Estate
from orsgate.estate.inventory import Application, Cluster, Configuration
from orsgate.estate.items import Aspect, Key
from orsgate.estate.knowledge import Unknown
from orsgate.estate.ring import Ring
from orsgate.estate.snapshot import Snapshot
from orsgate.rules.broken import Broken


class Sort(StrEnum):
    """What a difference is; each one is exactly one of these."""

    PLANNED = "planned"
    """Steps 2 to 8 ask for it, or the estate file names it."""
    INSTALLATION = "step 9"
    """The installation itself changes it."""
    NOTE = "note"
    """Nobody asked for it, and it is nothing that ORS-0904 forbids; a person looks at it."""
    OUTSIDE = "outside the scope"
    """Listed, not judged."""
    UNPLANNED = "unplanned"
    OPEN = "not known"
    """Whether a requirement asks for it could not be judged, such as without a Cassandra ring."""


@dataclass(frozen=True, slots=True)
class Class:
    """What is said of a difference.

    Attributes:
        asked_by: the requirement id, or the entry of the estate file; empty where nothing asks for it.
        why: in words; empty where ``asked_by`` says it all.
        unknown: what is not known, for the sort ``OPEN``.
    """

    sort: Sort
    asked_by: str = ""
    why: str = ""
    unknown: Unknown | None = None


@dataclass(frozen=True, slots=True)
class Classified:
    """A difference with what is said of it."""

    difference: Difference
    of: Class

    @property
    def key(self) -> Key:
        """What differs."""
        return self.difference.key


def planned(requirement: str, why: str = "") -> Class:
    """The class of what a requirement asks for."""
    return Class(Sort.PLANNED, requirement, why)


def unplanned(why: str = "") -> Class:
    """The class of what nobody asks for."""
    return Class(Sort.UNPLANNED, "", why)


def note(why: str) -> Class:
    """The class of what a person should look at."""
    return Class(Sort.NOTE, "", why)


def undecided(requirement: str, unknown: Unknown) -> Class:
    """The class of what a requirement may have asked for."""
    return Class(Sort.OPEN, "", f"whether {requirement} asks for it is not known: {unknown.cause}", unknown)


def migration_of(before: Configuration, ring: Ring | None, after: Estate, found: Iterable[Difference]) -> Migration:
    """A migration from a baseline to the estate as it is now.

    Args:
        before: the configuration of the baseline.
        ring: the ring as it was then; None where that is not known.
        after: the estate as it is now, with its decisions, its scope and its planned changes.
        found: what differs.
    """
    differences = {difference.key: difference for difference in found}
    return Migration(before, ring, after, differences)


@dataclass(frozen=True)
class Migration:
    """Both states, with what each of them breaks."""

    configuration_before: Configuration
    ring_before: Ring | None
    after: Estate
    differences: Mapping[Key, Difference] = field(repr=False)

    @cached_property
    def before(self) -> Estate:
        """The estate as it was, with its own clusters and its own ring."""
        return Estate(replace(self._snapshot, configuration=self.configuration_before, cassandra=self.ring_before), "readiness")

    @property
    def _snapshot(self) -> Snapshot:
        return self.after.snapshot

    @cached_property
    def broken_before(self) -> tuple[Broken, Broken]:
        """What the estate broke before, and what the old options break in the clusters and on the ring of now."""
        shared = {cluster.transaction: cluster.shared for cluster in self.configuration_before.clusters}
        clusters = tuple(replace(each, shared=shared.get(each.transaction)) for each in self.after.configuration.clusters)
        moved = replace(self.configuration_before, clusters=clusters)
        now = Estate(replace(self._snapshot, configuration=moved), "readiness")
        return Broken(self.before), Broken(now)

    @cached_property
    def broken_after(self) -> Broken:
        """What the estate breaks now."""
        return Broken(self.after)

    def mends(self, requirement: str, subjects: Iterable[str], option: str = "", *, then_only: bool = False) -> bool:
        """Whether one of ``subjects`` broke a requirement and none does any more.

        Args:
            requirement: its id.
            subjects: names under which violations of it may stand.
            option: the option that is looked at, for requirements whose violations name one.
            then_only: leave out what the old options would break in the clusters and on the ring of now.
        """
        names = tuple(subjects)
        was, would = self.broken_before
        broke = was.by(requirement, names, option) or (not then_only and would.by(requirement, names, option))
        return broke and not self.broken_after.by(requirement, names, option)

    def may_mend(self, requirement: str, subjects: Iterable[str]) -> Unknown | None:
        """Why it is not known whether ``subjects`` broke a requirement; None where it is known."""
        names = tuple(subjects)
        was, would = (broken.unknown(requirement, names) for broken in self.broken_before)
        return was and would

    def subjects_of(self, application: str) -> tuple[str, ...]:
        """The names under which violations of an application may stand: its own, its pairs', its clusters'."""
        names = dict.fromkeys((application,))
        for estate in (self.before, self.after):
            found = estate.applications.get(application)
            if found is None:
                continue
            if cluster := estate.cluster_of(found):
                names[cluster.transaction] = None
            if isinstance(found.backup, str):
                names[f"{application} / {found.backup}"] = None
            names |= dict.fromkeys(f"{primary.name} / {application}" for primary in estate.primaries_of.get(application, ()))
        return tuple(names)

    def primary_of(self, application: str) -> Application | None:
        """The Primary whose Backup an application is now; None where it is none, or of several."""
        primaries = [primary for primary in self.after.primaries_of.get(application, ()) if primary.name != application]
        return primaries[0] if len(primaries) == 1 else None

    @cached_property
    def scope(self) -> frozenset[str]:
        """The applications and Transactions that are judged: in scope before, or now."""
        return frozenset(
            name
            for estate in (self.before, self.after)
            for name in (*(each.name for each in estate.in_scope), *(each.transaction for each in estate.clusters))
        )

    def left_out(self, name: str) -> str:
        """Why an object is not judged."""
        return self._left_out.get(name, "not in the scope")

    @cached_property
    def _left_out(self) -> dict[str, str]:
        reasons: dict[str, str] = {}
        for scope in (self.before.scope, self.after.scope):
            reasons |= dict.fromkeys(scope.disabled, "disabled")
            reasons |= {excluded.name: f"excluded: {excluded.reason}" for excluded in scope.excluded}
        return reasons

    def cluster_now(self, transaction: str) -> Cluster | None:
        """A cluster of now by its Transaction."""
        return next((each for each in self.after.configuration.clusters if each.transaction == transaction), None)

    def members_of(self, transaction: str) -> tuple[str, ...]:
        """The members of a cluster now, with their Backups."""
        cluster = self.cluster_now(transaction)
        names = [member.application for member in (cluster.members or () if cluster else ()) if member.enabled]
        backups = [found.backup for name in names if (found := self.after.applications.get(name))]
        return (*names, *(backup for backup in backups if isinstance(backup, str)))

    def difference(self, name: str, aspect: Aspect, item: str = "") -> Difference | None:
        """A difference by its item."""
        return self.differences.get(Key(name, aspect, item))
