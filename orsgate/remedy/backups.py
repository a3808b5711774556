# SPDX-License-Identifier: Apache-2.0
"""Steps 3 and 4: objects that only a person can create, a Backup Application or the Transaction of a cluster, field by field."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from orsgate.discovery.file_names import unfit_for_file
from orsgate.estate.export import Export
from orsgate.estate.inventory import Application, Origin
from orsgate.estate.knowledge import Unknown
from orsgate.estate.options import find
from orsgate.remedy.answers import SERVER_INFO, Question
from orsgate.remedy.changes import OptionChange, Task
from orsgate.remedy.draft import Draft, NewBackup
from orsgate.remedy.members import data_center_of
from orsgate.rules.own_names import OwnNames
from orsgate.sources.clusters import FIXED_NAME, MEMBER_SECTION

NEW_BACKUP = ("ORS-0301", "ORS-0302", "ORS-0303", "ORS-0304", "ORS-0305", "ORS-0306", "ORS-0308")
"""What a Backup that is to be created meets."""
_HOST = "Host"
_ON_PRIMARY_ONLY = "orchestration/external-url"
"""Genesys, "Application-Level Options", ORS 8.1.3."""
_WARM = "warm standby"


def create_backups(draft: Draft) -> None:
    """ORS-0301 to 0306, 0308: a Primary without a Backup needs one; every field but its host is that of the Primary.

    Where there is a Backup that nobody names, it may be the one: which Primary it belongs to only a person knows.
    """
    estate = draft.estate
    if any(each.primary is False and not estate.primaries_of.get(each.name) for each in estate.in_scope):
        return
    taken = set(estate.applications)
    for primary in estate.primaries:
        if primary.primary is not True or isinstance(primary.backup, Unknown):
            continue
        if primary.backup is None:
            name = _suggested(primary.name, taken)
        elif primary.backup not in estate.applications and not estate.configuration.by_account:
            name = primary.backup
        else:
            continue
        taken.add(name)
        _create(draft, primary, name, is_suggestion=primary.backup is None)


def _suggested(name: str, taken: set[str]) -> str:
    """``<Primary>_B``, or the first such name that nobody has."""
    number = 1
    while (found := f"{name}_B{number if number > 1 else ''}") in taken:
        number += 1
    return found


def _create(draft: Draft, primary: Application, name: str, *, is_suggestion: bool) -> None:
    own = primary.host if isinstance(primary.host, str) else ""
    text = f"the host of the Backup {name}" + (f", another one than {own}" if own else "")

    def wrong(value: str) -> str:
        if not value.strip():
            return "it is empty"
        return "it is the host of its Primary, and both would fail together" if value.casefold() == own.casefold() else ""

    host = draft.ask(Question(name, SERVER_INFO, _HOST, text, ("ORS-0306",), (primary.name,), wrong=wrong))
    backup = NewBackup(name, primary.name, host)
    left_out = [
        f"{section}/{option}"
        for section, option, after in _own_values(primary, backup)
        if after is None and f"{section}/{option}" != _ON_PRIMARY_ONLY
    ]
    steps = tuple(_steps(draft, primary, backup, left_out, is_suggestion=is_suggestion))
    back = f"Backup Server = {primary.backup or '[None]'}, Redundancy Type = {_shown(primary.redundancy)}"
    undo = (f"Server Info tab of {primary.name}: {back}.", f"Delete the Application {name}.")
    needs = "" if host else f'{text}: --set "{name}:{SERVER_INFO}/{_HOST}=..."'
    why = "what the Redundancy Type of its Primary does to a running server of the old release is not documented"
    draft.task(Task(name, steps, undo, NEW_BACKUP, needs, why=why), primary.name, name)
    if primary.name not in draft.refused and not unfit_for_file(name):
        draft.backups.append(backup)


def _steps(
    draft: Draft, primary: Application, backup: NewBackup, left_out: Sequence[str], *, is_suggestion: bool
) -> Iterator[str]:
    name = backup.name
    told = " (a suggestion: with another name, use that one in every line below)" if is_suggestion else ""
    release = draft.estate.snapshot.estate.estate.to_release
    yield (
        f"Environment > Applications: create an Application from an Application Template of type Orchestration Server, "
        f"version 8.1.4. General tab: Name = {name}{told}, Type = Orchestration Server, Version = {release}, State = Enabled."
    )
    yield f"Tenants tab of {name}: {_names(primary.tenants, 'the same tenants as ' + primary.name)}."
    yield (
        f"Server Info tab of {name}: Host = {backup.host or 'VALUE NEEDED'}, Listening Ports: {_ports(primary)}; "
        "Backup Server = [None], Redundancy Type = as the template has it."
    )
    yield (
        f"Start Info tab of {name}: Working Directory and Command Line of the installation on its host, Command Line Arguments "
        f"as those of {primary.name} with -app {name}."
    )
    yield f"Connections tab of {name}: {_names(primary.connections, 'the same servers as ' + primary.name)}, each as there."
    if primary.name not in draft.refused:
        yield f"Options tab of {name}: import {name}.cfg, which fix wrote from the options of {primary.name}."
    if left_out:
        yield f"Options tab of {name}: set what names the host of {primary.name} there: {', '.join(left_out)}."
    yield f"Server Info tab of {primary.name}: Backup Server = {name}, Redundancy Type = Warm Standby."


def _names(names: Sequence[str] | Unknown, otherwise: str) -> str:
    return otherwise if isinstance(names, Unknown) else ", ".join(names) or "none"


def _ports(primary: Application) -> str:
    if isinstance(primary.ports, Unknown):
        return f"the same as {primary.name}"
    return ", ".join(f"{port} = {number}" for port, number in primary.ports.items()) or "none"


def _shown(redundancy: str | Unknown) -> str:
    return "what it was" if isinstance(redundancy, Unknown) else redundancy.title()


def options_of(primary: Application, backup: NewBackup) -> list[OptionChange]:
    """What turns the options of a Primary into those of its new Backup.

    What is set on the Primary only (``orchestration/external-url``), and what names a host while that of the Backup is not
    known, is left out.
    """
    return [
        OptionChange(backup.name, "application", "options", section, option, before, after, ("ORS-0305",))
        for section, option, after in _own_values(primary, backup)
        if (before := _held(primary, section, option)) is not None
    ]


def _own_values(primary: Application, backup: NewBackup) -> Iterator[tuple[str, str, str | None]]:
    if not isinstance(primary.options, Export):
        return
    own = OwnNames(primary)
    others = OwnNames(Application(backup.name, Origin(""), host=backup.host or Unknown("not known")))
    for section, option in primary.options.enabled_options():
        value = str(option.value)
        if f"{section.name}/{option.name}" == _ON_PRIMARY_ONLY:
            yield section.name, option.name, None
        elif (after := own.in_words_of(others, value)) != value:
            yield section.name, option.name, after


def _held(primary: Application, section: str, name: str) -> str | None:
    setting = find(primary.options, section, name).setting
    return setting.text if setting else None


def set_redundancy(draft: Draft) -> None:
    """ORS-0302: the redundancy type of a Primary that has a Backup is Warm Standby."""
    for primary in draft.estate.primaries:
        if ("ORS-0302", primary.name) in draft.covered or isinstance(primary.redundancy, Unknown):
            continue
        if primary.primary is True and primary.redundancy != _WARM and isinstance(primary.backup, str):
            step = f"Server Info tab of {primary.name}: Redundancy Type = Warm Standby (Backup Server = {primary.backup})."
            undo = f"Server Info tab of {primary.name}: Redundancy Type = {_shown(primary.redundancy)}."
            draft.task(Task(primary.name, (step,), (undo,), ("ORS-0302",)))


def create_cluster(draft: Draft) -> None:
    """ORS-0401, 0402: where there is no ORS cluster at all, its Transaction with a member for each Primary."""
    wanted = draft.estate.snapshot.estate.scope.clusters or ()
    if draft.estate.clusters or len(wanted) > 1:
        return
    name = wanted[0] if wanted else FIXED_NAME
    primaries = [each.name for each in draft.estate.primaries if each.primary is True]
    told = {each: draft.ask(data_center_of(draft, name, each, ("ORS-0401", "ORS-0402"))) for each in primaries}
    open_ones = [each for each, value in told.items() if value is None]
    members = "; ".join(f"{each} = {'VALUE NEEDED' if value is None else value}" for each, value in told.items())
    fields = f"Name = {name}, Alias = {name}, Transaction Type = List, State = Enabled"
    each = "in it one option for each Primary, name = the Application, value = its data center"
    steps = (
        "Transactions, under the tenant Environment (Resources where there is a single tenant): create a Transaction.",
        f"General tab of {name}: {fields}.",
        f"Annex tab of {name}: create the section {MEMBER_SECTION}, {each}: {members}.",
        "With exports, write it into the estate file too: [[cluster]] with transaction, tenant and members.",
    )
    keys = " ".join(f'--set "{name}:{MEMBER_SECTION}/{each}=..."' for each in open_ones)
    needs = f"the data centers of {', '.join(open_ones)}: {keys}" if open_ones else ""
    task = Task(name, steps, (f"Delete the Transaction {name}.",), ("ORS-0401", "ORS-0402"), needs)
    draft.task(task, draft.estate.name, *primaries)
