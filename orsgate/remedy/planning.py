# SPDX-License-Identifier: Apache-2.0
"""Plans what steps 2 to 8 ask for: each remedy looks at the estate as those before it leave it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from orsgate.estate.estate import Estate
from orsgate.estate.inventory import Configuration
from orsgate.remedy import backups, cluster_options, members, multimedia, obsolete, pairs, persistence
from orsgate.remedy.answers import Answers, Question
from orsgate.remedy.applied import applied
from orsgate.remedy.changes import ChangeList, OptionChange, Task
from orsgate.remedy.draft import Draft, NewBackup, merged
from orsgate.remedy.tasks import MANUAL
from orsgate.sources.clusters import MEMBER_SECTION


@dataclass(frozen=True, slots=True)
class Remedy:
    """One step of the plan.

    Attributes:
        ids: the requirements that it meets.
        mechanical: whether it changes options, given the values that only a person can know; else it writes tasks.
    """

    ids: tuple[str, ...]
    propose: Callable[[Draft], None]
    mechanical: bool = True


REMEDIES: tuple[Remedy, ...] = (
    Remedy(("ORS-0204",), obsolete.carry_over),
    Remedy(("ORS-0201", "ORS-0203"), obsolete.delete_obsolete),
    Remedy(("ORS-0202",), obsolete.delete_section_cluster),
    Remedy(("ORS-0205",), obsolete.delete_near_misses),
    Remedy(("ORS-0402",), members.are_primaries),
    Remedy(("ORS-0403", "ORS-0713"), members.spell_alike),
    Remedy(("ORS-0408",), members.all_or_none),
    Remedy(
        (
            "ORS-0404", "ORS-0601", "ORS-0602", "ORS-0701", "ORS-0702",
            "ORS-0703", "ORS-0704", "ORS-0705", "ORS-0706", "ORS-0707",
        ),
        persistence.as_decided,
    ),
    Remedy(("ORS-0801",), multimedia.pull),
    Remedy(("ORS-0802",), multimedia.limit),
    Remedy(("ORS-0803",), multimedia.do_not_pull),
    Remedy(("ORS-0405",), cluster_options.same_on_all_nodes),
    Remedy(("ORS-0406",), cluster_options.one_place),
    Remedy(("ORS-0305",), pairs.alike),
    Remedy(
        ("ORS-0301", "ORS-0302", "ORS-0303", "ORS-0304", "ORS-0306", "ORS-0308"), backups.create_backups, mechanical=False
    ),
    Remedy(("ORS-0302",), backups.set_redundancy, mechanical=False),
    Remedy(("ORS-0401", "ORS-0402"), backups.create_cluster, mechanical=False),
)  # fmt: skip
"""In this order: a value is carried over before it is deleted, and a Backup follows its Primary last."""


def mechanical_ids() -> frozenset[str]:
    """The requirements that a change of options meets, given the values that only a person can know."""
    return frozenset(each for remedy in REMEDIES if remedy.mechanical for each in remedy.ids)


def remedied_ids() -> frozenset[str]:
    """The requirements for which there is a change of options, or a task with what a person does."""
    return frozenset(each for remedy in REMEDIES for each in remedy.ids) | {manual.id for manual in MANUAL}


@dataclass(frozen=True, slots=True)
class Planned:
    """What is to be done.

    Attributes:
        changes: of options, and the tasks that go with them.
        questions: everything that was asked, answered or not.
        open: what nobody answered.
        backups: Applications to be created, which need a file to import.
        refused: object -> why it is not touched.
        covered: (id, subject) that a task or an open question speaks of.
        after: the configuration with the changes done; it holds real values.
    """

    changes: ChangeList
    questions: tuple[Question, ...]
    open: tuple[Question, ...]
    backups: tuple[NewBackup, ...]
    refused: Mapping[str, str]
    covered: frozenset[tuple[str, str]]
    after: Configuration


def plan(estate: Estate, answers: Answers) -> Planned:
    """Everything that steps 2 to 8 still ask for.

    Args:
        estate: with real option values.
        answers: of persons.

    Raises:
        InputError: an answer will not do.
    """
    refused = dict(_refused(estate))
    changes: list[OptionChange] = []
    tasks: list[Task] = []
    questions: dict[str, Question] = {}
    still_open: dict[str, Question] = {}
    new: list[NewBackup] = []
    covered: set[tuple[str, str]] = set()
    for remedy in REMEDIES:
        draft = Draft(estate, answers, refused, covered=covered)
        remedy.propose(draft)
        changes += draft.changes
        tasks += draft.tasks
        new += draft.backups
        questions.update((question.key, question) for question in draft.questions)
        still_open.update((question.key, question) for question in draft.open)
        if draft.changes:
            after = applied(estate.configuration, draft.changes)
            estate = Estate(replace(estate.snapshot, configuration=after), estate.phase)
    asked = [each for each in still_open.values() if not any((name, each.object) in covered for name in each.requirements)]
    tasks += (_value_needed(estate, question) for question in asked)
    covered |= {
        (each, subject)
        for question in still_open.values()
        for each in question.requirements
        for subject in (question.object, *question.subjects)
    }
    done = merged(changes)
    return Planned(
        ChangeList(_in_order(estate.configuration, done), tuple(tasks)), tuple(questions.values()), tuple(still_open.values()),
        tuple(new), refused, frozenset(covered), estate.configuration,
    )  # fmt: skip


def _refused(estate: Estate) -> Iterator[tuple[str, str]]:
    """What is not touched, since it is not fully understood, and why."""
    for application in estate.in_scope:
        if unknown := estate.certainty(application):
            yield application.name, unknown.cause
    for cluster in estate.clusters:
        if unknown := cluster.annex_unknown or cluster.members_unknown:
            yield cluster.transaction, unknown.cause


def _in_order(configuration: Configuration, changes: tuple[OptionChange, ...]) -> tuple[OptionChange, ...]:
    """Applications in the order of the inventory, then Transactions."""
    applications = {each.name: number for number, each in enumerate(configuration.applications)}
    last = len(applications)
    return tuple(
        sorted(changes, key=lambda each: applications.get(each.object, last) if each.kind == "application" else last)
    )  # fmt: skip


def _value_needed(estate: Estate, question: Question) -> Task:
    """An option that is left as it is until somebody says its value."""
    tab = "Annex" if question.section == MEMBER_SECTION and question.object not in estate.applications else "Options"
    whose = ", ".join(question.subjects) if question.subjects and tab == "Options" else question.object
    usual = f" ({question.suggestion} is usual here)" if question.suggestion is not None else ""
    step = f"{tab} tab of {whose}, section {question.section}: {question.option} = VALUE NEEDED{usual}."
    needs = f'{question.text}: --set "{question.key}=..."'
    undo = f"{tab} tab of {whose}, section {question.section}: {question.option} as it was."
    return Task(question.object, (step,), (undo,), question.requirements, needs)
