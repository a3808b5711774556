# SPDX-License-Identifier: Apache-2.0
"""Step 6: whether sessions are kept in Cassandra is decided, and the options say the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from orsgate.estate.decisions import PERSISTENCE_OPTIONS, Decision, persistence
from orsgate.estate.estate import Estate
from orsgate.estate.inventory import Application
from orsgate.estate.judgement import Findings, Judgement
from orsgate.estate.knowledge import Unknown
from orsgate.estate.options import Setting, matching
from orsgate.estate.wording import listed
from orsgate.rules.options import options_place, shown
from orsgate.rules.subjects import every_application

REDIS_FROM = "8.1.401.10"
"""The first build that can keep sessions in Redis (Genesys, "Persistence", ORS 8.1.4)."""
NO_OPTION = f"no enabled option {PERSISTENCE_OPTIONS}"


def one_decision_within_a_cluster(estate: Estate) -> Judgement:
    """All members of a cluster and their Backups use Cassandra, or none does."""
    findings = Findings()
    findings.rests_on(estate.basis)
    for name, group in _groups(estate):
        using: list[tuple[Application, Setting]] = []
        without: list[Application] = []
        for application in group:
            setting = _cassandra_option(estate, application)
            if setting is not None:
                using.append((application, setting))
                findings.evidence(application.name, shown(setting), setting.where)
            elif unknown := estate.matching_certainty(application, PERSISTENCE_OPTIONS):
                findings.gap(application.name, unknown)
            else:
                without.append(application)
                findings.evidence(application.name, NO_OPTION, options_place(application))
        if using and without:
            _judge_mixed(findings, name, using, without)
    return findings.judgement()


def _judge_mixed(findings: Findings, cluster: str, using: list[tuple[Application, Setting]], without: list[Application]) -> None:
    """Name the minority; where both are as many, those without Cassandra."""
    if len(without) <= len(using):
        expected = f"at least one, as on {len(using)} of {cluster}: {listed([item.name for item, _ in using])}"
        for application in without:
            findings.violation(application.name, NO_OPTION, expected, options_place(application))
    else:
        expected = f"none, as on {len(without)} of {cluster}: {listed([item.name for item in without])}"
        for application, setting in using:
            findings.violation(application.name, shown(setting), expected, setting.where)


def _groups(estate: Estate) -> Iterator[tuple[str, Sequence[Application]]]:
    """Name and applications of each cluster; without any member in scope, all applications are one group."""
    in_scope = {application.name for application in every_application(estate)}
    any_member = False
    for cluster in estate.clusters:
        group: dict[str, Application] = {}
        for _, member in estate.members(cluster):
            group[member.name] = member
            if isinstance(member.backup, str) and member.backup in in_scope:
                group[member.backup] = estate.applications[member.backup]
        if group:
            any_member = True
            yield cluster.transaction, tuple(group.values())
    if not any_member and in_scope:
        yield "the applications in scope, which are in no cluster", every_application(estate)


def _cassandra_option(estate: Estate, application: Application) -> Setting | None:
    return next(estate.effective_matching(application, PERSISTENCE_OPTIONS), None)


def decision_agrees_with_options(estate: Estate) -> Judgement:
    """The decision on persistence is declared, or can be told, and the options of every application agree with it."""
    findings = Findings()
    decision = persistence(estate)
    if isinstance(decision.value, Unknown):
        findings.gap("persistence", decision.value)
        return findings.judgement()
    if not decision.declared:
        findings.note(f'persistence is {decision.why}; confirm it with persistence = "..." in [estate]')
    if decision.value == "redis":
        _judge_redis(findings, estate)
    for application in every_application(estate):
        _judge_decision(findings, estate, application, decision)
    if decision.value == "none":
        _note_turned_off(findings, estate)
    return findings.judgement()


def _judge_redis(findings: Findings, estate: Estate) -> None:
    where = estate.snapshot.estate_where("estate.to_release")
    match estate.target.at_least(REDIS_FROM):
        case None:
            findings.gap("to_release", estate.build_unknown)
        case False:
            found = f'persistence = "redis" with to_release = "{estate.target}"'
            findings.violation("to_release", found, f"build {REDIS_FROM} or later, the first with Redis", where)
        case True:
            findings.evidence("to_release", f"build {estate.target} can keep sessions in Redis", where)


def _judge_decision(findings: Findings, estate: Estate, application: Application, decision: Decision) -> None:
    setting = _cassandra_option(estate, application)
    unknown = estate.matching_certainty(application, PERSISTENCE_OPTIONS)
    decided = decision.why if decision.declared else f"since persistence is {decision.why}"
    if setting is not None:
        if decision.value != "cassandra":
            expected = f"{NO_OPTION}, {decided}"
            findings.violation(application.name, shown(setting), expected, setting.where)
        findings.evidence(application.name, shown(setting), setting.where)
    elif unknown:
        findings.gap(application.name, unknown)
    else:
        if decision.value == "cassandra":
            expected = f"at least one, {decided}"
            findings.violation(application.name, NO_OPTION, expected, options_place(application))
        findings.evidence(application.name, NO_OPTION, options_place(application))


def _note_turned_off(findings: Findings, estate: Estate) -> None:
    """Say what is lost (Genesys, "Cassandra Installation/Configuration Guide", ORS 8.1.3, welcome page)."""
    had = [
        application.name
        for application in every_application(estate)
        if next(matching(application.rollback, PERSISTENCE_OPTIONS), None)
    ]
    if had:
        lost = "without Cassandra there is no session recovery and there are no HTTP redirects of sessions"
        findings.note(f"persistence is turned off; the rollback export still has it on for {listed(had)}: {lost}")
