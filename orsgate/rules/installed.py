# SPDX-License-Identifier: Apache-2.0
"""Step 9: what is registered and what runs is the new release, and it is started as the new release is."""

from __future__ import annotations

import re

from orsgate.estate.deployment import LogSeen
from orsgate.estate.estate import Estate
from orsgate.estate.inventory import Application
from orsgate.estate.judgement import Findings, Judgement
from orsgate.estate.knowledge import Basis, Failure, Unknown
from orsgate.estate.release import OrsRelease, release_or_none
from orsgate.estate.wording import listed
from orsgate.rules.logs import newest_logs, of_another, older_than_the_installation, without_log
from orsgate.rules.stages import release_to_have, stages_without_an_application
from orsgate.rules.subjects import every_application

_WORD = re.compile(r'(?:"[^"]*"?|[^\s"])+')
LICENCE = "-l"
"""The argument that names the licence file (Genesys, "Starting and Stopping", ORS 8.1.3; not in that of 8.1.4)."""


def versions_are_the_target(estate: Estate) -> Judgement:
    """Every application is registered with a version of the target release, or of the old one where its stage is to come."""
    findings = Findings()
    findings.rests_on(estate.basis)
    for unknown in stages_without_an_application(estate):
        findings.gap(estate.name, unknown)
    typed = []
    for application in every_application(estate):
        name, version, where = application.name, application.version, application.origin.at("version")
        if isinstance(version, Unknown):
            findings.gap(name, version)
            continue
        findings.evidence(name, f"version {version}", where)
        expected = release_to_have(estate, application)
        if not _is_release(version, expected, exactly=expected is estate.target) and not _may_be_early(
            estate, application, version
        ):
            findings.violation(
                name, f"version {version}", _named(estate, expected), where, _before_its_stage(estate, version, expected)
            )
        typed.append(name)
    if estate.basis is Basis.DECLARED and typed:
        findings.manual(
            "the versions are only typed in the estate file: check that the General tab shows the same ones, and attest it for "
            f"{listed(typed)}"
        )
    return findings.judgement()


def _may_be_early(estate: Estate, application: Application, version: str) -> bool:
    """Whether a Backup made during this migration has the target release before its stage."""
    early = application.new and application.primary is False and estate.upgraded(application) is False
    return early and _is_release(version, estate.target, exactly=True)


def _named(estate: Estate, expected: OrsRelease) -> str:
    if expected is estate.target:
        return f"{expected}, the release to install"
    return f"a build of {expected.family_text}, since {estate.stage} it is not upgraded yet"


def _before_its_stage(estate: Estate, version: str, expected: OrsRelease) -> str:
    """What to do about an application whose stage is still to come; nothing of its own where the target release is due."""
    if expected is estate.target:
        return ""
    if _is_release(version, estate.target, exactly=False):
        return (
            "It was upgraded before its stage: judge the stage that was reached with --stage, correct the applications of each "
            f"[[stage]], or take it back to a build of {expected.family_text}."
        )
    return (
        "Do not install the new release on it yet, since its stage is still to come. Check which release is there, and correct "
        "the registered version, the log in its [[application]], or from_release in [estate]."
    )


def _is_release(version: str, wanted: OrsRelease, *, exactly: bool) -> bool:
    """Whether a version is of a release; the build counts where both give one, and where it has to be exactly that."""
    found = release_or_none(version)
    if found is None or found.family != wanted.family:
        return False
    return not exactly or found.build is None or wanted.build is None or found.build == wanted.build


def no_licence_argument(estate: Estate) -> Judgement:
    """No application that has the new release is started with ``-l``."""
    findings = Findings()
    findings.rests_on(estate.basis)
    told = any(application.arguments is not None for application in every_application(estate))
    later = []
    for application in every_application(estate):
        name, where = application.name, application.origin.at("arguments")
        if estate.upgraded(application) is False:
            later.append(name)
        elif application.arguments is not None:
            findings.evidence(name, f"start arguments: {application.arguments or 'none'}", where)
            if LICENCE in _WORD.findall(application.arguments):
                fix = f"Start Info tab of {name}: delete {LICENCE} and the licence file from Command Line Arguments."
                findings.violation(name, f"start arguments with {LICENCE}: {application.arguments}", f"no {LICENCE}", where, fix)
        elif estate.configuration.by_account and told:
            findings.evidence(name, "no start arguments", where)
        else:
            cause = 'the start arguments are not known: write arguments = "..." into each [[application]]'
            findings.gap(name, Unknown(cause, where, Failure.NOT_GIVEN))
    if later:
        findings.note(f"{estate.stage} not upgraded yet, so not judged: {listed(later)}")
    return findings.judgement(f"{estate.stage} no application is upgraded" if later else "")


def runs_the_target(estate: Estate) -> Judgement:
    """The head of the newest log of every application says that the target build runs; a person attests the rest.

    That the head of a log tells the release is unconfirmed, so one that tells none is for a person, as if there were no log.
    """
    findings = Findings()
    runs = "the release of its stage" if estate.stage else estate.target
    for application, log in newest_logs(estate, findings):
        if isinstance(log.build, Unknown):
            if log.build.failure is Failure.NOT_GIVEN:
                findings.manual(f"see what {application.name} runs, and attest that it is {runs}: {log.build.cause}")
            else:
                findings.gap(application.name, log.build)
        else:
            _judge_build(findings, estate, application, log, log.build)
    if without := without_log(estate):
        findings.manual(
            f"see in the head of the newest log that {runs} runs, and attest it for {listed(without)}; or name the log of each "
            "(log in its [[application]])"
        )
    return findings.judgement()


def _judge_build(findings: Findings, estate: Estate, application: Application, log: LogSeen, build: str) -> None:
    name, expected = application.name, release_to_have(estate, application)
    if isinstance(log.application_name, Unknown):
        findings.gap(name, log.application_name)
        return
    if other := of_another(application, log):
        findings.violation(
            name, other, f"a log of {name}", log.place, f"Name the newest log of {name} (log in its [[application]])."
        )
        return
    since = f", started {log.started}" if log.started else ""
    findings.evidence(name, f"{build} runs{since}", log.place)
    if not _is_release(build, expected, exactly=expected is estate.target):
        fix = f"Install {expected} on the host of {name} and start it; if that was done, name its newest log."
        findings.violation(
            name, f"{build} runs{since}", _named(estate, expected), log.place, _before_its_stage(estate, build, expected) or fix
        )
    elif expected is estate.target and (old := older_than_the_installation(estate, log)):
        findings.gap(name, old)
