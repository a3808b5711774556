# SPDX-License-Identifier: Apache-2.0
"""Step 2: deletes what 8.1.4 does not use any more, after its one value that lives on was carried over."""

from __future__ import annotations

from collections.abc import Iterator

from orsgate.estate.decisions import needs_rollback_export
from orsgate.estate.export import Export
from orsgate.estate.inventory import Application, Cluster
from orsgate.estate.knowledge import Unknown
from orsgate.estate.options import find, matching, split_key
from orsgate.remedy.answers import Question
from orsgate.remedy.cfg_edit import DISABLED
from orsgate.remedy.draft import Draft, primary_of
from orsgate.rules.obsolete import OBSOLETE, REPLACED, REPLACEMENT, is_nearly_cluster, nearly
from orsgate.rules.options import is_boolean

BY_SUPER_NODE = OBSOLETE[0]
_CLUSTER = "cluster"


def carry_over(draft: Draft) -> None:
    """ORS-0204: ``functions-by-urs`` gets the boolean that ``get-list-item-by-urs`` had.

    That is what the rollback export says; where there is none, what the current options say that are about to be deleted.
    A Backup without a value of its own takes that of its Primary, with the rest of its options.
    """
    led = primary_of(draft.estate)
    for application in draft.applications():
        value = _before(draft, application)
        if value is None:
            continue
        if not is_boolean(value):
            if application.name in led:
                continue
            value = draft.ask(_which_boolean(application.name, value))
        now = draft.estate.effective(application, REPLACEMENT)
        if value is None or (now.setting is not None and now.setting.text.lower() == value.lower()):
            continue
        draft.put(application, REPLACEMENT, value.lower(), ("ORS-0204",))
    for cluster in draft.clusters():
        _carry_over_shared(draft, cluster)


def _carry_over_shared(draft: Draft, cluster: Cluster) -> None:
    """A shared value is carried over within the Annex, where the new option is not there already."""
    old = find(cluster.shared, *split_key(REPLACED))
    if old.setting is None or old.unknown or find(cluster.shared, *split_key(REPLACEMENT)).setting is not None:
        return
    nodes = [each for each in draft.estate.in_scope if draft.estate.cluster_of(each) is cluster]
    if all(draft.estate.effective(each, REPLACEMENT).setting for each in nodes):
        return
    if is_boolean(old.setting.text):
        draft.change(cluster, *split_key(REPLACEMENT), old.setting.text.lower(), ("ORS-0204",), None)


def _before(draft: Draft, application: Application) -> str | None:
    """What ``get-list-item-by-urs`` was set to; None where it was not, or is not known to have been."""
    if needs_rollback_export(draft.estate, application) and draft.estate.rollback_certainty(application):
        return None
    for options in (application.rollback, application.options):
        reading = find(options, *split_key(REPLACED))
        if reading.unknown:
            return None
        if reading.setting is not None:
            return reading.setting.text
    return None


def _which_boolean(name: str, value: str) -> Question:
    section, option = split_key(REPLACEMENT)
    asked = f'true or false for functions-by-urs of {name}; get-list-item-by-urs was "{value}", which is no boolean'
    return Question(name, section, option, asked, ("ORS-0204",), wrong=_boolean)


def _boolean(value: str) -> str:
    return "" if is_boolean(value) else "it is neither true nor false"


def delete_obsolete(draft: Draft) -> None:
    """ORS-0201, 0203: the two options are deleted on applications and among the shared options; a disabled one may stay."""
    for target in _targets(draft):
        draft.delete(target, BY_SUPER_NODE, ("ORS-0201",))
        draft.delete(target, REPLACED, ("ORS-0203",))


def delete_section_cluster(draft: Draft) -> None:
    """ORS-0202: the section ``cluster`` of an application is deleted with all it holds, disabled options too."""
    for application in draft.applications():
        _delete_section(draft, application, _CLUSTER, "ORS-0202")


def delete_near_misses(draft: Draft) -> None:
    """ORS-0205: what is an obsolete option but for its spelling or section is deleted; so is a section like ``cluster``."""
    for target in _targets(draft):
        options = target.shared if isinstance(target, Cluster) else target.options
        for setting in matching(options, "*"):
            if nearly(setting.section, setting.name):
                draft.change(target, setting.section, setting.name, None, ("ORS-0205",), setting.text)
    for application in draft.applications():
        if isinstance(application.options, Export):
            for section in application.options.sections:
                if is_nearly_cluster(section):
                    _delete_section(draft, application, section.name, "ORS-0205")


def _delete_section(draft: Draft, application: Application, name: str, requirement: str) -> None:
    if not isinstance(application.options, Export):
        return
    sections = [section for section in application.options.sections if section.name == name and section.enabled]
    for section in sections:
        for option in section.options:
            held = option.name if option.enabled else f"{DISABLED}{option.name}"
            draft.change(application, name, held, None, (requirement,), str(option.value))
    if sections:
        draft.change(application, name, "", None, (requirement,), "")


def _targets(draft: Draft) -> Iterator[Application | Cluster]:
    yield from draft.applications()
    yield from (cluster for cluster in draft.clusters() if not isinstance(cluster.shared, Unknown))
