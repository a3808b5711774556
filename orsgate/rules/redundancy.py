# SPDX-License-Identifier: Apache-2.0
"""Step 3: every Primary names a Backup and its redundancy type, and the Backup is one."""

from __future__ import annotations

from itertools import islice

from orsgate.estate.estate import Estate
from orsgate.estate.inventory import Application
from orsgate.estate.judgement import Findings, Judgement
from orsgate.estate.knowledge import Unknown
from orsgate.rules.references import Reference, References


def names_backup(estate: Estate) -> Judgement:
    """Every Primary names a Backup application."""
    findings = Findings()
    findings.rests_on(estate.basis)
    for primary in _primaries(estate, findings):
        where = primary.origin.at("backup")
        if isinstance(primary.backup, Unknown):
            findings.gap(primary.name, primary.backup)
        elif primary.backup is None:
            fix = f"Server Info tab of {primary.name}: set Backup Server to its Backup. If it has none, create it first."
            findings.violation(primary.name, "names no Backup", "a Backup application", where, fix)
        else:
            findings.evidence(primary.name, f"its Backup is {primary.backup}", where)
    return findings.judgement()


def has_redundancy(estate: Estate, expected: str) -> Judgement:
    """The redundancy type of every Primary is ``expected``, such as ``warm standby``."""
    findings = Findings()
    findings.rests_on(estate.basis)
    for primary in _primaries(estate, findings):
        where = primary.origin.at("redundancy")
        if isinstance(primary.redundancy, Unknown):
            findings.gap(primary.name, primary.redundancy)
        elif primary.redundancy != expected:
            found = f"redundancy type {primary.redundancy}"
            findings.violation(primary.name, found, f"redundancy type {expected}", where)
        else:
            findings.evidence(primary.name, f"redundancy type {primary.redundancy}", where)
    return findings.judgement()


def _primaries(estate: Estate, findings: Findings) -> list[Application]:
    """Every Primary in scope; one that may be a Backup is a gap, unless it names a Backup as only a Primary does."""
    found = []
    for application in estate.primaries:
        if isinstance(application.primary, Unknown) and not isinstance(application.backup, str):
            findings.gap(application.name, application.primary)
        else:
            found.append(application)
    return found


def backup_fits(estate: Estate) -> Judgement:
    """Each Backup exists, is an enabled ORS and no Primary, and backs up exactly one Primary."""
    findings = Findings()
    findings.rests_on(estate.basis)
    references = References(estate, findings)
    for application in estate.in_scope:
        if isinstance(application.backup, Unknown):
            findings.gap(application.name, application.backup)
        elif application.backup is not None:
            _backup_of(findings, estate, references, application, application.backup)
    _without_primary(findings, estate)
    return findings.judgement("no application in scope names a Backup; see ORS-0301")


def _backup_of(findings: Findings, estate: Estate, references: References, primary: Application, name: str) -> None:
    where = primary.origin.at("backup")
    backup = estate.applications.get(name)
    if backup is None:
        fix = f"Create {name}; or Server Info tab of {primary.name}: set Backup Server to an existing Backup."
        references.missing(primary.name, Reference("backup", name, primary.name, where), fix)
        return
    if name == primary.name:
        findings.violation(primary.name, "names itself as its Backup", "another application", where)
        return
    if not backup.is_ors:
        found = f"its Backup {name} is of type {backup.type}"
        findings.violation(primary.name, found, "a Backup of type Orchestration Server", where)
        return
    if backup.enabled is False:
        fix = f"General tab of {name}: set State Enabled; or Server Info tab of {primary.name}: set another Backup Server."
        where = backup.origin.at("enabled")
        findings.violation(primary.name, f"its Backup {name} is disabled", "an enabled Backup", where, fix)
    elif isinstance(backup.enabled, Unknown):
        findings.gap(primary.name, backup.enabled)
    _role(findings, primary, backup)
    _only_one(findings, estate, primary, backup)
    findings.evidence(primary.name, f"its Backup {name}: {_described(backup)}", backup.origin.at())


def _described(backup: Application) -> str:
    state = "state unknown" if isinstance(backup.enabled, Unknown) else "enabled" if backup.enabled else "disabled"
    return f"{backup.type}, {state}"


def _role(findings: Findings, primary: Application, backup: Application) -> None:
    expected = "an application that is configured as a Backup"
    if isinstance(backup.backup, str):
        found = f"its Backup {backup.name} is a Primary: it names the Backup {backup.backup} itself"
        fix = f"Server Info tab of {backup.name}: set Backup Server to [None]; or set another one on {primary.name}."
        findings.violation(primary.name, found, expected, backup.origin.at("backup"), fix)
    elif backup.primary is True:
        found = f"its Backup {backup.name} is configured as a Primary"
        findings.violation(primary.name, found, expected, backup.origin.at("primary"))
    elif isinstance(backup.primary, Unknown):
        findings.gap(primary.name, backup.primary)
    elif isinstance(backup.backup, Unknown):
        findings.gap(primary.name, backup.backup)


def _only_one(findings: Findings, estate: Estate, primary: Application, backup: Application) -> None:
    naming = estate.primaries_of[backup.name]
    others = (other.name for other in naming if other.name not in {primary.name, backup.name})
    if shown := list(islice(others, 3)):
        number = len(naming) - (2 if backup.backup == backup.name else 1)
        more = f" and {number - len(shown)} more" if number > len(shown) else ""
        found = f"its Backup {backup.name} also backs up {', '.join(shown)}{more}"
        fix = f"Create a Backup of its own for each Primary that names {backup.name}."
        findings.violation(primary.name, found, "a Backup that backs up one Primary", primary.origin.at("backup"), fix)


def _without_primary(findings: Findings, estate: Estate) -> None:
    """Every application in scope that is configured as a Backup is named by a Primary."""
    backups = (application.backup for application in estate.configuration.applications if application.is_ors)
    could_name = next((backup for backup in backups if isinstance(backup, Unknown)), None)
    for application in estate.in_scope:
        if application.primary is not False or estate.primaries_of.get(application.name):
            continue
        if could_name is not None:
            findings.gap(application.name, could_name)
            continue
        fix = f"Server Info tab of its Primary: set Backup Server to {application.name}; or disable or delete {application.name}."
        found = "is configured as a Backup, but no Primary names it"
        findings.violation(application.name, found, "a Primary that names it", application.origin.at("primary"), fix)
