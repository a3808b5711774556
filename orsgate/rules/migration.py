# SPDX-License-Identifier: Apache-2.0
"""Step 9, before it: the procedure applies, its path fits, and somebody accepted what it costs."""

from __future__ import annotations

from orsgate.estate.decisions import needs_rollback_export, persistence
from orsgate.estate.estate import Estate
from orsgate.estate.inventory import Application
from orsgate.estate.judgement import Findings, Judgement, not_applicable
from orsgate.estate.knowledge import Basis, Unknown
from orsgate.estate.release import release_or_none
from orsgate.estate.wording import listed
from orsgate.rules.subjects import every_application

STARTS_FROM = ((8, 1, 2), (8, 1, 3))
LEADS_TO = (8, 1, 4)
ZERO_LOSS_FROM = (8, 1, 3)
"""The procedure without loss of sessions applies where 8.1.3 is installed (ORS Migration Procedure, step 9)."""


def path_fits(estate: Estate) -> Judgement:
    """The path without loss of sessions is chosen only from 8.1.3 or later, and with persistence."""
    findings = Findings()
    chosen = estate.snapshot.estate.estate.path
    where = estate.snapshot.estate_where("estate.path")
    findings.evidence(estate.name, f'path = "{chosen}"', where)
    if chosen == "standard":
        return findings.judgement()
    findings.rests_on(Basis.DECLARED)
    if estate.origin.family < ZERO_LOSS_FROM:
        found = f'path = "{chosen}" with from_release = "{estate.origin}"'
        findings.violation(estate.name, found, 'path = "standard"; the other one starts from 8.1.3', where)
    decision = persistence(estate)
    if isinstance(decision.value, Unknown):
        findings.gap("persistence", decision.value)
    elif decision.value == "none":
        found = f'path = "{chosen}" without persistence ({decision.why})'
        findings.violation(estate.name, found, 'path = "standard"; the other one needs persistence', where)
    else:
        findings.evidence(estate.name, f"persistence: {decision.why}", decision.where)
    return findings.judgement()


def session_loss_is_accepted(estate: Estate) -> Judgement:
    """On the standard path with persistence a named person accepted that the active sessions are lost."""
    settings = estate.snapshot.estate.estate
    if settings.path != "standard":
        return not_applicable(f'path = "{settings.path}", on which sessions are not lost', Basis.DECLARED)
    decision = persistence(estate)
    findings = Findings()
    if isinstance(decision.value, Unknown):
        findings.gap("persistence", decision.value)
    elif decision.value == "none":
        return not_applicable(f"there is no persistence that could keep sessions: {decision.why}", decision.basis)
    elif person := settings.session_loss_accepted_by:
        where = estate.snapshot.estate_where("estate.session_loss_accepted_by")
        findings.evidence(estate.name, f"{person} accepted the loss of the active sessions", where)
        findings.rests_on(Basis.ATTESTED)
    else:
        findings.subject(estate.name)
        findings.manual("say who accepted that the active sessions are lost: session_loss_accepted_by in [estate]")
    return findings.judgement()


def procedure_applies(estate: Estate) -> Judgement:
    """The migration leads from 8.1.2 or 8.1.3 to 8.1.4, and the applications have the release it starts from."""
    findings = Findings()
    findings.rests_on(estate.basis)
    ends = (
        ("from_release", estate.origin, estate.origin.family in STARTS_FROM, "8.1.2 or 8.1.3"),
        ("to_release", estate.target, estate.target.family == LEADS_TO, "8.1.4"),
    )
    for key, release, fits, expected in ends:
        where = estate.snapshot.estate_where(f"estate.{key}")
        if not fits:
            told = f"{expected}, which this procedure is for"
            findings.violation(estate.name, f'{key} = "{release}"', told, where)
        findings.evidence(estate.name, f'{key} = "{release}"', where)
    other_builds: dict[str, list[str]] = {}
    no_version: list[str] = []
    for application in every_application(estate):
        version = application.version
        if isinstance(version, str):
            if _judge_version(findings, estate, application, version):
                other_builds.setdefault(version, []).append(application.name)
        elif not needs_rollback_export(estate, application):
            findings.evidence(application.name, "a new Backup, whose version is not known", application.origin.at("version"))
            no_version.append(application.name)
        else:
            findings.gap(application.name, version)
    for version, names in other_builds.items():
        findings.note(f'from_release is "{estate.origin}", and {version} is the version of {listed(names)}')
    if no_version:
        findings.note(f"not judged, as new Backups whose version is not known: {listed(no_version)}")
    return findings.judgement()


def _judge_version(findings: Findings, estate: Estate, application: Application, version: str) -> bool:
    """Judge a version that is known; whether it is another build of the right release."""
    name, where = application.name, application.origin.at("version")
    origin, target = estate.origin, estate.target
    expected = f"{origin.family_text}, as from_release says"
    findings.evidence(name, f"version {version}", where)
    release = release_or_none(version)
    if release is None:
        findings.violation(name, f'version "{version}", which is no release', expected, where)
    elif release.family == origin.family:
        return bool(release.build and origin.build and release.build != origin.build)
    elif release.family == target.family and isinstance(application.primary, Unknown):
        findings.gap(name, application.primary)
    elif release.family != target.family or application.primary is not False:
        findings.violation(name, f"version {version}", expected, where)
    return False
