# SPDX-License-Identifier: Apache-2.0
"""What one remedy proposes, while it looks at the estate: changes, tasks for persons, and questions."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from orsgate.estate.decisions import is_new
from orsgate.estate.estate import Estate, FactUnknownError, Pair
from orsgate.estate.export import Export
from orsgate.estate.inventory import Application, Cluster
from orsgate.estate.knowledge import Unknown
from orsgate.estate.options import find, split_key
from orsgate.remedy.answers import Answers, Question
from orsgate.remedy.changes import OptionChange, Task
from orsgate.rules.topology import topology
from orsgate.sources.option_edits import ObjectKind, Tab

NOT_DOCUMENTED = "what it does to a running server of the old release is not documented"
NOT_RUNNING = "{} is new: no server of the old release runs with it"


@dataclass(frozen=True, slots=True)
class NewBackup:
    """A Backup Application that a person is to create.

    Attributes:
        host: where it is to run; None where that is not known yet.
    """

    name: str
    primary: str
    host: str | None


@dataclass
class Draft:
    """Collects what a remedy proposes.

    Attributes:
        estate: as the remedies before left it, with real option values.
        answers: of persons.
        refused: the objects that are not to be touched.
        questions: everything asked, answered or not.
        open: those without an answer.
        backups: Applications to be created, which need a file to import.
        covered: (id, subject) that a task speaks of already.
    """

    estate: Estate
    answers: Answers
    refused: Container[str] = frozenset()
    changes: list[OptionChange] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    open: list[Question] = field(default_factory=list)
    backups: list[NewBackup] = field(default_factory=list)
    covered: set[tuple[str, str]] = field(default_factory=set)

    @cached_property
    def data_centers(self) -> Mapping[str, tuple[str, ...]]:
        """Data center of the ring -> its nodes; nothing where they are not known."""
        try:
            return topology(self.estate).datacenters
        except FactUnknownError:
            return {}

    def applications(self) -> list[Application]:
        """Every application in scope that may be changed."""
        return [application for application in self.estate.in_scope if application.name not in self.refused]

    def clusters(self) -> list[Cluster]:
        """Every cluster in scope whose Annex may be changed."""
        return [cluster for cluster in self.estate.clusters if cluster.transaction not in self.refused]

    def ask(self, question: Question) -> str | None:
        """The answer to a question; None where it stays open."""
        self.questions.append(question)
        answer = self.answers.to(question)
        if answer is None:
            self.open.append(question)
        return answer

    def change(
        self,
        target: Application | Cluster,
        section: str,
        option: str,
        after: str | None,
        requirements: Iterable[str],
        before: str | None,
    ) -> None:
        """Propose that an option of ``target`` becomes ``after``, where it is something else."""
        if before == after:
            return
        name, kind, tab, why = self._about(target)
        safe = not isinstance(target, Cluster) and why != NOT_DOCUMENTED
        self.changes.append(
            OptionChange(name, kind, tab, section, option, before, after, tuple(requirements), safe_now=safe, why=why)
        )

    def _about(self, target: Application | Cluster) -> tuple[str, ObjectKind, Tab, str]:
        if isinstance(target, Cluster):
            return target.transaction, "transaction", "annex", NOT_DOCUMENTED
        unused = target.primary is False and is_new(self.estate, target)
        return target.name, "application", "options", NOT_RUNNING.format(target.name) if unused else NOT_DOCUMENTED

    def delete(self, target: Application | Cluster, key: str, requirements: Iterable[str]) -> None:
        """Propose to delete the enabled option ``section/name`` of an application, or of the Annex of a cluster."""
        section, name = split_key(key)
        own = find(_options_of(target), section, name)
        if own.setting is not None:
            self.change(target, section, name, None, requirements, own.setting.text)

    def put(self, application: Application, key: str, value: str, requirements: Iterable[str]) -> None:
        """Propose that the effective option ``key`` of an application is ``value``; a shared one is changed where it stands."""
        section, name = split_key(key)
        setting = self.estate.effective(application, key).setting
        cluster = self.estate.cluster_of(application)
        if setting is not None and setting.shared and cluster is not None:
            if cluster.transaction not in self.refused:
                self.change(cluster, section, name, value, requirements, setting.text)
            return
        self.change(application, section, name, value, requirements, setting.text if setting else None)

    def task(self, task: Task, *subjects: str) -> None:
        """Leave something to a person."""
        self.tasks.append(task)
        self.covered |= {(each, subject) for each in task.requirements for subject in (task.object, *subjects)}


def _options_of(target: Application | Cluster) -> Export | Unknown | None:
    return target.shared if isinstance(target, Cluster) else target.options


def sound_pairs(estate: Estate) -> list[Pair]:
    """The pairs whose Backup is plainly the Backup of that one Primary, so that it takes its options from there."""
    return [
        pair
        for pair in estate.pairs
        if not isinstance(pair.backup.backup, str)
        and pair.backup.primary is False
        and pair.primary.primary is not False
        and len(estate.primaries_of.get(pair.backup.name, ())) == 1
    ]


def primary_of(estate: Estate) -> dict[str, Application]:
    """Name of a Backup -> its Primary, for the sound pairs."""
    return {pair.backup.name: pair.primary for pair in sound_pairs(estate)}


def merged(changes: Sequence[OptionChange]) -> tuple[OptionChange, ...]:
    """Several changes of one option as one; what is taken back again is none.

    The changes of one object stay together, those that delete a section after those of its options.
    """
    found: dict[tuple[str, str, str, str, str], OptionChange] = {}
    for change in changes:
        key = (change.kind, change.object, change.tab, change.section, change.option)
        earlier = found.get(key)
        if earlier is None:
            found[key] = change
        else:
            ids = tuple(sorted({*earlier.requirements, *change.requirements}))
            found[key] = replace(earlier, after=change.after, requirements=ids)
    objects: dict[tuple[str, str], list[OptionChange]] = {}
    for change in found.values():
        if change.before != change.after:
            objects.setdefault((change.kind, change.object), []).append(change)
    return tuple(change for theirs in objects.values() for change in sorted(theirs, key=lambda each: not each.option))
