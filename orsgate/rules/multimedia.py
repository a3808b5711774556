# SPDX-License-Identifier: Apache-2.0
"""Step 8: the applications that work with multimedia pull interactions, and no other does."""

from __future__ import annotations

from dataclasses import replace

from orsgate.estate.decisions import PULL_OPTIONS, interaction_connections, multimedia, said_not_to_pull, unresolved_connection
from orsgate.estate.estate import Estate
from orsgate.estate.inventory import Application
from orsgate.estate.judgement import Findings, Gap, Judgement, with_gaps
from orsgate.estate.knowledge import Unknown, weakest
from orsgate.estate.options import Reading, matching
from orsgate.estate.wording import listed
from orsgate.rules.options import Expectation, options_place, set_to, shown
from orsgate.rules.subjects import every_application, works_with_multimedia

PULLS = "orchestration/mcr-pull-by-this-node"
BY_SUPER_NODE = "orchestration/mcr-pull-by-msn-only"
"""Has nothing to act on since 8.1.3 (step 2), so it says nothing about multimedia."""
ALL_WITHOUT = "all applications connected to an Interaction Server are named in without_multimedia"
NONE_CONNECTED = "no application in scope is connected to an Interaction Server"


def each_sets(estate: Estate, key: str, expectation: Expectation) -> Judgement:
    """Each application that works with multimedia sets ``key`` to a value that meets ``expectation``."""
    without = said_not_to_pull(estate)
    excused = any(interaction_connections(estate, each) for each in every_application(estate) if each.name in without)
    none = ALL_WITHOUT if excused else NONE_CONNECTED
    judgement = set_to(estate, works_with_multimedia, key, expectation, none)
    gaps = [
        Gap(application.name, unknown)
        for application in every_application(estate)
        if application.name not in without and (unknown := _connection_unknown(estate, application))
    ]
    return replace(with_gaps(judgement, gaps), basis=weakest({judgement.basis, estate.basis}))


def _connection_unknown(estate: Estate, application: Application) -> Unknown | None:
    """Why it is not known whether an application is connected to an Interaction Server; None where it is known."""
    return None if interaction_connections(estate, application) else unresolved_connection(estate, application)


def only_connected_ones_pull(estate: Estate) -> Judgement:
    """No application pulls that is not connected to an Interaction Server; one that is said not to pull and does is a note."""
    findings = Findings()
    findings.rests_on(estate.basis)
    without = said_not_to_pull(estate)
    for application in every_application(estate):
        name, servers = application.name, interaction_connections(estate, application)
        if servers and name not in without:
            where = application.origin.at("connections")
            findings.evidence(name, f"connected to {listed(servers)}, so it may pull", where)
            continue
        reading = estate.effective(application, PULLS)
        where = _where(estate, name, reading)
        if reading.unknown:
            findings.gap(name, reading.unknown)
        if not _is(reading, "true"):
            findings.evidence(name, _as_set(reading), where)
        elif servers:
            findings.evidence(name, f"connected to {listed(servers)}, and pulls", where)
            findings.note(
                f"{name} pulls ({_as_set(reading)}), although the estate file says that it does not (without_multimedia)"
            )
        elif unknown := unresolved_connection(estate, application):
            findings.gap(name, unknown)
        else:
            found = f"{_as_set(reading)}, without a connection to an Interaction Server"
            findings.violation(name, found, "a connection to an Interaction Server, or not true", where)
    return findings.judgement()


def _is(reading: Reading, boolean: str) -> bool:
    return reading.setting is not None and reading.setting.text.lower() == boolean


def _as_set(reading: Reading) -> str:
    return shown(reading.setting) if reading.setting else f"{PULLS} is not set"


def decision_agrees(estate: Estate) -> Judgement:
    """The declared decision on multimedia agrees with the connections and options of the applications."""
    findings = Findings()
    decision = multimedia(estate)
    if isinstance(decision.value, Unknown):
        findings.gap("multimedia", decision.value)
    elif not decision.declared:
        findings.rests_on(decision.basis)
        findings.evidence(estate.name, f"multimedia: {decision.value}; {decision.why}", decision.where)
        findings.note(f"multimedia is taken as {decision.value}: {decision.why}; confirm it in [estate]")
    elif decision.value == "yes":
        findings.rests_on(estate.basis)
        _judge_yes(findings, estate, decision.where)
    else:
        findings.rests_on(estate.basis)
        without = said_not_to_pull(estate)
        for application in every_application(estate):
            _judge_no(findings, estate, application, may_connect=application.name in without)
        _note_before(findings, estate)
    return findings.judgement()


def _judge_yes(findings: Findings, estate: Estate, where: str) -> None:
    """One application that is connected is enough, whatever is not known of the others."""
    findings.evidence(estate.name, "multimedia = true in the estate file", where)
    unknowns: list[Gap] = []
    for application in every_application(estate):
        if servers := interaction_connections(estate, application):
            place = application.origin.at("connections")
            findings.evidence(application.name, f"connected to {listed(servers)}", place)
            return
        if unknown := unresolved_connection(estate, application):
            unknowns.append(Gap(application.name, unknown))
    for gap in unknowns:
        findings.gap(gap.subject, gap.unknown)
    if not unknowns:
        expected = "an application that is connected to an Interaction Server, as multimedia = true says"
        findings.violation(estate.name, NONE_CONNECTED, expected, where)


def _judge_no(findings: Findings, estate: Estate, application: Application, *, may_connect: bool) -> None:
    """A connection says that it works with multimedia, and so does an option to pull that is not turned off."""
    name, servers = application.name, interaction_connections(estate, application)
    connected = f"connected to {listed(servers)}" if servers else "not connected to an Interaction Server"
    if not may_connect:
        if servers:
            expected = "no such connection, or its name in without_multimedia, as multimedia = false says"
            findings.violation(name, connected, expected, application.origin.at("connections"))
        elif unknown := unresolved_connection(estate, application):
            findings.gap(name, unknown)
    pulls = estate.effective(application, PULLS)
    where = _where(estate, name, pulls)
    findings.evidence(name, f"{_as_set(pulls)}; {connected}", where)
    if pulls.unknown:
        findings.gap(name, pulls.unknown)
    if _is(pulls, "false"):
        findings.note(f"{name}: {_as_set(pulls)} says the same as multimedia = false")
        return
    if unknown := estate.matching_certainty(application, PULL_OPTIONS):
        findings.gap(name, unknown)
    for setting in estate.effective_matching(application, PULL_OPTIONS):
        if setting.key != BY_SUPER_NODE:
            expected = f"no option to pull, or {PULLS} = false, as multimedia = false says"
            findings.violation(name, shown(setting), expected, setting.where)


def _note_before(findings: Findings, estate: Estate) -> None:
    had = [
        application.name
        for application in every_application(estate)
        if next(matching(application.rollback, PULL_OPTIONS), None)
        and not next(estate.effective_matching(application, PULL_OPTIONS), None)
    ]
    if had:
        findings.note(f"multimedia = false, while the rollback export still has options to pull on {listed(had)}")


def nodes_of_a_cluster_alike(estate: Estate) -> Judgement:
    """Within a cluster all nodes pull or none does, but for those the estate file names as not pulling."""
    findings = Findings()
    findings.rests_on(estate.basis)
    without = said_not_to_pull(estate)
    for cluster in estate.clusters:
        pulling: dict[str, Reading] = {}
        idle: dict[str, Reading] = {}
        for _, application in estate.members(cluster):
            if application.primary is False or application.name in without:
                continue
            reading = estate.effective(application, PULLS)
            if reading.unknown:
                findings.gap(application.name, reading.unknown)
                continue
            (pulling if _is(reading, "true") else idle)[application.name] = reading
            findings.evidence(application.name, _as_set(reading), _where(estate, application.name, reading))
        if pulling and idle:
            _judge_mixed(findings, estate, pulling, idle)
    return findings.judgement("no node of a cluster might pull: all are named in without_multimedia, or there is none")


def _judge_mixed(findings: Findings, estate: Estate, pulling: dict[str, Reading], idle: dict[str, Reading]) -> None:
    """Name the minority; where both are as many, those that do not pull."""
    fewer, more = (idle, pulling) if len(idle) <= len(pulling) else (pulling, idle)
    wanted = "not true" if more is idle else "true"
    expected = f"{PULLS} {wanted}, as on {listed(list(more))}, or those that do not pull in without_multimedia"
    for name, reading in fewer.items():
        findings.violation(name, _as_set(reading), expected, _where(estate, name, reading))


def _where(estate: Estate, name: str, reading: Reading) -> str:
    return reading.setting.where if reading.setting else options_place(estate.applications[name])
