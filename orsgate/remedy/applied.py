# SPDX-License-Identifier: Apache-2.0
"""A configuration as it is after changes of options, so that each remedy sees what those before it did."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from orsgate.estate.export import Export, Option, Section
from orsgate.estate.inventory import Cluster, Configuration, Member
from orsgate.remedy.cfg_edit import DISABLED
from orsgate.remedy.changes import OptionChange
from orsgate.sources.clusters import MEMBER_SECTION


def applied(configuration: Configuration, changes: Iterable[OptionChange]) -> Configuration:
    """``configuration`` with the options of applications and the Annex of clusters changed."""
    of: dict[tuple[str, str], list[OptionChange]] = {}
    for change in changes:
        of.setdefault((change.kind, change.object), []).append(change)
    if not of:
        return configuration
    applications = tuple(
        replace(each, options=changed(each.options, of["application", each.name]))
        if ("application", each.name) in of and isinstance(each.options, Export)
        else each
        for each in configuration.applications
    )
    clusters = tuple(
        _cluster(each, of["transaction", each.transaction]) if ("transaction", each.transaction) in of else each
        for each in configuration.clusters
    )
    return replace(configuration, applications=applications, clusters=clusters)


def changed(export: Export, changes: Iterable[OptionChange]) -> Export:
    """The options of one object after changes, as ``cfg_edit.edited`` makes them."""
    sections = export.sections
    for change in changes:
        sections = _sections(sections, change)
    return replace(export, sections=sections)


def _sections(sections: tuple[Section, ...], change: OptionChange) -> tuple[Section, ...]:
    if not change.option:
        there = any(_is(section, change.section) for section in sections)
        if change.after is None:
            return tuple(section for section in sections if not _is(section, change.section))
        return sections if there else (*sections, Section(change.section, 0, True, ()))
    disabled = change.option.startswith(DISABLED)
    name = change.option.removeprefix(DISABLED)

    def held(option: Option) -> bool:
        return option.name == name and option.enabled is not disabled

    found = any(held(option) for section in sections if _is(section, change.section) for option in section.options)
    if not found and change.after is not None:
        return _with_new(sections, change.section, Option(name, change.after, 0, enabled=not disabled))
    return tuple(_altered(section, held, change.after) if _is(section, change.section) else section for section in sections)


def _altered(section: Section, held: Callable[[Option], bool], after: str | None) -> Section:
    if after is None:
        return replace(section, options=tuple(option for option in section.options if not held(option)))
    options = (replace(option, value=after) if held(option) else option for option in section.options)
    return replace(section, options=tuple(options))


def _with_new(sections: tuple[Section, ...], name: str, option: Option) -> tuple[Section, ...]:
    """A new option comes last in the first section of its name, or in a new one."""
    number = next((number for number, section in enumerate(sections) if _is(section, name)), None)
    if number is None:
        return (*sections, Section(name, 0, True, (option,)))
    grown = replace(sections[number], options=(*sections[number].options, option))
    return (*sections[:number], grown, *sections[number + 1 :])


def _is(section: Section, name: str) -> bool:
    return section.enabled and section.name == name


def _cluster(cluster: Cluster, changes: Sequence[OptionChange]) -> Cluster:
    of_members = [change for change in changes if change.section == MEMBER_SECTION]
    of_options = [change for change in changes if change.section != MEMBER_SECTION]
    shared = cluster.shared
    if of_options:
        base = shared if isinstance(shared, Export) else Export(cluster.origin.place, ())
        shared = changed(base, of_options)
    members = cluster.members
    exported = cluster.annex_members
    for change in of_members:
        members = _members(members or (), change)
        exported = None if exported is None else _members(exported, change)
    return replace(cluster, shared=shared, members=members, annex_members=exported)


def _members(members: tuple[Member, ...], change: OptionChange) -> tuple[Member, ...]:
    enabled = not change.option.startswith(DISABLED)
    name = change.option.removeprefix(DISABLED)
    there = [member for member in members if member.application == name and member.enabled is enabled]
    if change.after is None:
        return tuple(member for member in members if member not in there)
    if not there:
        return (*members, Member(name, change.after, enabled))
    after = change.after
    return tuple(replace(member, datacenter=after) if member in there else member for member in members)
