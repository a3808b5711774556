# SPDX-License-Identifier: Apache-2.0
"""Step 2: options that ORS 8.1.4 does not use any more, and names that nearly are theirs."""

from __future__ import annotations

import re
from functools import lru_cache

from orsgate.estate.decisions import needs_rollback_export
from orsgate.estate.estate import Estate
from orsgate.estate.export import BLANKS, Export, Section
from orsgate.estate.inventory import Application
from orsgate.estate.judgement import Findings, Judgement
from orsgate.estate.options import Reading, Setting, find, matching
from orsgate.rules.options import is_boolean, shown, with_shared
from orsgate.rules.subjects import Select, every_application

OBSOLETE = (
    "orchestration/mcr-pull-by-msn-only",
    "orchestration/get-list-item-by-urs",
    "cluster/super_node",
    "cluster/name",
)
"""The options that step 2 deletes."""
TELLING_NAMES = frozenset({"mcr-pull-by-msn-only", "get-list-item-by-urs", "super_node"})
"""Names that betray a wrong section; ``name`` may stand anywhere."""
REPLACED = "orchestration/get-list-item-by-urs"
REPLACEMENT = "orchestration/functions-by-urs"


def no_section_cluster(estate: Estate, select: Select) -> Judgement:
    """None of the applications has an enabled section ``cluster``, whatever it holds."""
    findings = Findings()
    for application in select(estate):
        unknown = estate.certainty(application)
        if unknown:
            findings.gap(application.name, unknown)
        options = application.options
        if not isinstance(options, Export):
            continue
        for section in options.sections:
            if section.name == "cluster" and section.enabled:
                held = ", ".join(option.name for option in section.options) or "nothing"
                where = options.where(section.line)
                findings.violation(application.name, f"a section cluster that holds {held}", "no section cluster", where)
            elif section.name == "cluster":
                findings.note(f"{application.name}: the section cluster is disabled by #, not deleted")
        findings.evidence(application.name, f"sections: {_sections(options)}", options.place)
    return findings.judgement()


def _sections(options: Export) -> str:
    return ", ".join(dict.fromkeys(section.name for section in options.sections if section.enabled)) or "none"


def carried_over(estate: Estate, select: Select = every_application) -> Judgement:
    """Where the rollback export had ``get-list-item-by-urs``, ``functions-by-urs`` has the same boolean now."""
    findings = Findings()
    section, name = REPLACED.split("/")
    for application in select(estate):
        before = find(application.rollback, section, name)
        unknown = estate.rollback_certainty(application) if needs_rollback_export(estate, application) else None
        if unknown := unknown or before.unknown:
            findings.gap(application.name, unknown)
        if before.setting is not None:
            _compare(findings, application.name, before.setting, estate.effective(application, REPLACEMENT))
        else:
            _nothing_to_carry(findings, application, estate.effective(application, REPLACEMENT))
    return findings.judgement()


def _compare(findings: Findings, subject: str, before: Setting, now: Reading) -> None:
    if now.unknown:
        findings.gap(subject, now.unknown)
    expected = f"{REPLACEMENT} = {before.text}, as {before.name} was before"
    if not is_boolean(before.text):
        expected = f"{REPLACEMENT} = true or false; {before.name} was {before.text} before, which is no boolean"
    if now.absent:
        findings.violation(subject, f"{REPLACEMENT} is not set", expected, before.where)
    elif now.setting is not None:
        if not is_boolean(now.setting.text) or now.setting.text.lower() != before.text.lower():
            findings.violation(subject, shown(now.setting), expected, now.setting.where)
        findings.evidence(subject, f"{shown(before)} before, {shown(now.setting)} now", now.setting.where)


def _nothing_to_carry(findings: Findings, application: Application, now: Reading) -> None:
    if isinstance(application.rollback, Export):
        findings.evidence(application.name, f"the rollback export does not set {REPLACED}", application.rollback.place)
    else:
        findings.evidence(application.name, "has no rollback export to carry a value over from", application.origin.at())
    if now.absent:
        findings.note(f"{REPLACEMENT} was never set on {application.name}: its default, true, decides")


def no_near_miss(estate: Estate, select: Select) -> Judgement:
    """No option is nearly an obsolete one: other case, blanks around it, ``_`` for ``-``, or in a wrong section.

    On an application no section is nearly ``cluster`` either, whatever it holds.
    """
    findings = Findings()
    expected = "no option and no section that looks like an obsolete one"
    for subject, options, unknown in with_shared(estate, select):
        if unknown:
            findings.gap(subject, unknown)
        if not isinstance(options, Export):
            continue
        for setting in matching(options, "*"):
            if meant := nearly(setting.section, setting.name):
                found = f"{setting.key}, which is nearly {meant}"
                findings.violation(subject, found, expected, setting.where)
        looked_at = f"looked at the names of {sum(1 for _ in options.enabled_options())} enabled options"
        findings.evidence(subject, looked_at, options.place)
    for application in select(estate):
        options = application.options
        if not isinstance(options, Export):
            continue
        for section in filter(_is_nearly_cluster, options.sections):
            found = f"a section {section.name}, which is nearly the section cluster"
            findings.violation(application.name, found, expected, options.where(section.line))
    return findings.judgement()


def _is_nearly_cluster(section: Section) -> bool:
    """Whether an enabled section is nearly ``cluster``, and none of its options says so already."""
    if not section.enabled or section.name == "cluster" or _folded(section.name) != "cluster":
        return False
    return not any(option.enabled and nearly(section.name, option.name) for option in section.options)


def nearly(section: str, name: str) -> str:
    """The obsolete option that ``section/name`` nearly is; empty where it is exactly one, or none."""
    if f"{section}/{name}" in OBSOLETE or section == "cluster":
        return ""
    for obsolete in OBSOLETE:
        obsolete_section, obsolete_name = obsolete.split("/")
        same_name = _folded(name) == _folded(obsolete_name)
        if same_name and (_folded(section) == _folded(obsolete_section) or obsolete_name in TELLING_NAMES):
            return obsolete
    return ""


@lru_cache(maxsize=4096)
def _folded(name: str) -> str:
    return re.sub(r"\s", "", name.strip(BLANKS)).casefold().replace("_", "-")
