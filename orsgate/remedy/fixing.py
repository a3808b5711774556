# SPDX-License-Identifier: Apache-2.0
"""A whole fix: the plan, the migrated files, the tasks that are left, and writing all of it to a directory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from orsgate import __version__
from orsgate.discovery.new_directory import new_directory
from orsgate.estate.estate import Estate
from orsgate.estate.file import LoadedEstate
from orsgate.estate.secret import Redactor
from orsgate.estate.toml_text import toml_string
from orsgate.evidence.redacted import redacted
from orsgate.remedy.answers import Answer, Answers, require_objects
from orsgate.remedy.backups import NEW_BACKUP
from orsgate.remedy.change_text import lines_of, needs_of
from orsgate.remedy.changes import ChangeList, Task
from orsgate.remedy.changes_file import CHANGES_FILE, Provenance, changes_bytes
from orsgate.remedy.migrated import Migrated, as_migrated, migrate, originals
from orsgate.remedy.planning import Planned, plan
from orsgate.remedy.reading import RealEstate
from orsgate.remedy.tasks import left_to_persons
from orsgate.reporting.text import in_one_line
from orsgate.sources.clusters import MEMBER_SECTION

CHANGES_TEXT = "changes.txt"


@dataclass(frozen=True, slots=True)
class Fix:
    """What steps 2 to 8 ask for, ready to be written or applied.

    Attributes:
        changes: all of it; it holds real values.
        planned: how it came about.
        migrated: the files.
        unused: answers that nothing asked for.
        stand_in: what stood in for the system that was read; empty where nothing did.
    """

    changes: ChangeList
    planned: Planned
    migrated: Migrated
    unused: tuple[Answer, ...]
    stand_in: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether every value is determined and every object was understood."""
        return not needs_of(self.changes) and not self.migrated.without

    def lines(self) -> Iterator[str]:
        """The change list as it may be shown, with what was not touched."""
        if self.stand_in:
            yield in_one_line(f"Read from a stand-in, not from the system itself: {self.stand_in}")
        yield from lines_of(self.changes)
        for name, why in self.migrated.without.items():
            yield in_one_line(f"No file for {name}: {why}")
        for file in self.migrated.files:
            for change in file.not_held:
                told = "no .cfg file can hold this value; set it by hand as listed"
                yield in_one_line(f"Not in {file.file}: {change.section}/{change.option}: {told}")


def fixed(loaded: LoadedEstate, real: RealEstate, answers: Answers, fixes: Mapping[str, str]) -> Fix:
    """Plan everything and make the files.

    Args:
        loaded: the estate file.
        real: the estate with real values.
        answers: of persons.
        fixes: id -> what its scenario says under ``Fix:``.

    Raises:
        InputError: an answer will not do or names nothing, or a file cannot be changed as planned.
    """
    estate = real.estate
    planned = plan(estate, answers)
    known = {each.name for each in estate.configuration.applications} | {
        each.transaction for each in estate.configuration.clusters
    }
    require_objects(answers, sorted(known | {question.object for question in planned.questions}))
    migrated = migrate(originals(loaded, estate, real.redactor), planned)
    redactor = Redactor()
    after = redacted(planned.after, redactor)
    if estate.configuration.source == "files":
        after = as_migrated(after, migrated, redactor)
    shown = Estate(replace(estate.snapshot, configuration=after))
    typed = (*_typed_members(loaded, planned), *_typed_number(loaded, planned))
    tasks = (*planned.changes.tasks, *typed, *_together(left_to_persons(shown, fixes, planned.covered)))
    changes = ChangeList(planned.changes.changes, tuple(dict.fromkeys(tasks)))
    return Fix(changes, planned, migrated, answers.unused(planned.questions), real.stand_in)


def _together(tasks: Iterable[Task]) -> Iterator[Task]:
    """What is to be done once for several objects, such as altering the keyspace that all of them use, as one task."""
    objects: dict[Task, list[str]] = {}
    for task in tasks:
        objects.setdefault(replace(task, object=""), []).append(task.object)
    return (replace(task, object=", ".join(dict.fromkeys(names))) for task, names in objects.items())


def _typed_members(loaded: LoadedEstate, planned: Planned) -> Iterator[Task]:
    """With files the members may be typed in the estate file, which then has to follow the Annex."""
    if loaded.file.configuration.source != "files":
        return
    for number, entry in enumerate(loaded.file.cluster):
        theirs = [
            change
            for change in planned.changes.changes
            if (change.kind, change.object, change.section) == ("transaction", entry.transaction, MEMBER_SECTION)
        ]
        cluster = next((each for each in planned.after.clusters if each.transaction == entry.transaction), None)
        if not theirs or cluster is None or "members" not in entry.model_fields_set:
            continue
        pairs = (
            f"{toml_string(('' if member.enabled else '#') + member.application)} = {toml_string(member.datacenter)}"
            for member in cluster.members or ()
        )
        where = loaded.where("cluster", number, "members")
        step = f"{where}: once the Annex of {entry.transaction} is changed, write members = {{ {', '.join(pairs)} }}."
        ids = tuple(sorted({each for change in theirs for each in change.requirements}))
        undo = (f"{where}: write the members as they were.",)
        yield Task(str(loaded.path), (step,), undo, ids, safe_now=True, why="it is no object of the configuration")


def _typed_number(loaded: LoadedEstate, planned: Planned) -> Iterator[Task]:
    """How many applications there are may be typed in the estate file, which has to follow when Backups are created."""
    before = loaded.file.estate.expected_applications
    number = len({task.object for task in planned.changes.tasks if task.requirements == NEW_BACKUP})
    if before is None or not number:
        return
    where = loaded.where("estate", "expected_applications")
    what = f"the Backup{'s' * (number != 1)} above {'are' if number != 1 else 'is'} created"
    step = f"{where}: once {what}, write expected_applications = {before + number}."
    undo = (f"{where}: write expected_applications = {before}.",)
    yield Task(str(loaded.path), (step,), undo, ("ORS-0105",), safe_now=True, why="it is no object of the configuration")


def write_fix(directory: Path, loaded: LoadedEstate, fix: Fix) -> None:
    """Write the migrated files, the change list and ``changes.json`` into a new directory that only its owner can enter.

    Raises:
        InputError: ``directory`` exists and is not empty, or cannot be written.
    """
    made = datetime.now(UTC)
    name = loaded.file.estate.name
    text = "\n".join((f"{in_one_line(name)}: what steps 2 to 8 of the migration to 8.1.4 ask for", *fix.lines(), ""))
    read = Provenance(name, f"orsgate {__version__}", made, fix.stand_in)
    document = changes_bytes(fix.migrated.files, fix.changes, read)
    with new_directory(directory) as new:
        for file in fix.migrated.files:
            new.write_below(file.file, file.data)
        new.write(CHANGES_TEXT, text.encode("utf-8", "backslashreplace"))
        new.write(CHANGES_FILE, document)
