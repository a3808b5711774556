# SPDX-License-Identifier: Apache-2.0
"""A plan: migrated exports that are judged in place of the current options, over the inventory and the ring as they are."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from orsgate.estate.export import Export
from orsgate.estate.inventory import Application, Cluster, Configuration
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.mistakes import InputError, did_you_mean, quoted
from orsgate.estate.secret import Redactor
from orsgate.sources.clusters import members_in, without_members
from orsgate.sources.export_files import SUFFIXES, read_export

CLUSTERS = "clusters"
"""The directory in a plan that holds the Annex of each cluster Transaction, ``<transaction>.cfg``."""
MOST_NAMED = 10
"""Files that a remark names."""


@dataclass(frozen=True, slots=True)
class PlanFiles:
    """The exports of a plan.

    Attributes:
        directory: that holds them.
        applications: name of an application -> its files; more than one where it has a ``.cfg`` and a ``.conf``.
        clusters: the same for Transactions.
    """

    directory: Path
    applications: dict[str, list[Path]]
    clusters: dict[str, list[Path]]

    @property
    def paths(self) -> Iterable[Path]:
        """Every file."""
        return (path for found in (*self.applications.values(), *self.clusters.values()) for path in found)


def plan_files(directory: Path) -> PlanFiles:
    """The exports in the directory of a plan.

    Raises:
        InputError: it cannot be read, or holds none.
    """
    found = PlanFiles(directory, _exports_in(directory), _exports_in(directory / CLUSTERS, optional=True))
    if not found.applications and not found.clusters:
        raise InputError(f"{directory}: holds no export of a plan, <application>.cfg or .conf; `orsgate fix` writes them")
    return found


def _exports_in(directory: Path, *, optional: bool = False) -> dict[str, list[Path]]:
    found: dict[str, list[Path]] = {}
    try:
        if optional and not directory.exists():
            return found
        for path in sorted(directory.iterdir()):
            if path.suffix.lower() in SUFFIXES:
                found.setdefault(path.stem, []).append(path)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"{directory}: the exports of the plan cannot be read: {reason}; name what orsgate fix wrote") from None
    return found


def planned(read: Configuration, in_scope: Collection[str], files: PlanFiles, redactor: Redactor) -> Configuration:
    """``read`` with the options as they are planned.

    What is in scope and has no file in the plan has options that are not known; a cluster without one keeps its Annex.

    Args:
        read: the configuration as it is.
        in_scope: names of the applications that are judged.
        files: the plan.
        redactor: replaces secrets where they enter.
    """
    plan = _Plan(files, frozenset(in_scope), redactor)
    applications = tuple(map(plan.application, read.applications))
    clusters = tuple(map(plan.cluster, read.clusters))
    servers = {application.name for application in read.applications if application.is_ors}
    transactions = {cluster.transaction for cluster in read.clusters}
    remarks = (
        *_remark(files.directory, files.applications, servers, "Orchestration Server"),
        *_remark(files.directory / CLUSTERS, files.clusters, transactions, "cluster Transaction"),
    )
    return replace(read, applications=applications, clusters=clusters, remarks=(*read.remarks, *remarks))


class _Plan:
    def __init__(self, files: PlanFiles, in_scope: frozenset[str], redactor: Redactor) -> None:
        self._files = files
        self._in_scope = in_scope
        self._redactor = redactor

    def application(self, one: Application) -> Application:
        if not one.is_ors:
            return one
        if one.name in self._files.applications:
            return replace(one, options=self._read(self._files.applications[one.name], f"the planned export of {one.name}"))
        if one.name not in self._in_scope:
            return one
        place = str(self._files.directory)
        cause = f"the plan {place} holds no export of {one.name}"
        return replace(one, options=Unknown(cause, place, Failure.MISSING))

    def cluster(self, one: Cluster) -> Cluster:
        paths = self._files.clusters.get(one.transaction)
        if paths is None:
            return one
        annex = self._read(paths, f"the planned Annex of {one.transaction}")
        members = members_in(annex)
        return replace(one, members=members, annex_members=members, shared=without_members(annex))

    def _read(self, paths: list[Path], whose: str) -> Export | Unknown:
        if len(paths) > 1:
            return Unknown(f"{whose} is there twice: {paths[0]} and {paths[1]}; keep one", str(paths[0]))
        found = read_export(paths[0], whose, self._redactor)
        # That two planned files are alike says nothing: nobody saved one of them in place of the other.
        return replace(found, digest="") if isinstance(found, Export) else found


def _remark(directory: Path, files: Collection[str], known: Collection[str], kind: str) -> Iterable[str]:
    """What is planned for objects that are not there."""
    others = [name for name in files if name not in known]
    if not others:
        return
    shown = [f"{quoted(name)}{did_you_mean(name, _meant(name, files, known))}" for name in others[:MOST_NAMED]]
    more = f" and {len(others) - MOST_NAMED} more" if len(others) > MOST_NAMED else ""
    told = f"the inventory has no {kind} of that name, which may still be to be created"
    yield f"the plan {directory} holds what is not judged: {', '.join(shown)}{more}: {told}"


def _meant(name: str, files: Collection[str], known: Collection[str]) -> list[str]:
    """What a misnamed file may be meant for: what has none. A new Backup is named nearly as its Primary, which has one."""
    return [one for one in known if one not in files or one.casefold() == name.casefold()]
