# SPDX-License-Identifier: Apache-2.0
"""Step 10: exactly one application of each pair serves HTTP, and the other one runs."""

from __future__ import annotations

from orsgate.estate.deployment import CommandRun, Response
from orsgate.estate.estate import Estate, Pair
from orsgate.estate.judgement import Findings, Judgement
from orsgate.estate.knowledge import Unknown
from orsgate.estate.wording import listed
from orsgate.rules.nodes import Answers, Node, is_refusal, nodes
from orsgate.rules.pairs import NO_PAIR, judged_pairs


def one_answers(estate: Estate) -> Judgement:
    """At least one application of each pair gives a whole HTTP answer, whatever its status."""
    findings = Findings()
    findings.rests_on(estate.basis)
    answers = Answers(estate)
    for node in nodes(estate):
        for application in node.applications:
            answer = answers.of(application)
            if isinstance(answer, Response):
                text = f"{application.name} answers {answer.call} with {answer.status}"
                findings.evidence(node.name, text, answer.where)
            elif is_refusal(answer):
                findings.evidence(node.name, f"{application.name} refuses HTTP", answer.where)
        serving = answers.serving(node)
        if not serving:
            _nobody_answers(findings, node, answers)
        elif serving == [node.backup]:
            findings.note(f"the pair {node.name} is switched over: the Backup {serving[0].name} serves")
    for remark in estate.deployment.remarks:
        findings.note(remark)
    return findings.judgement()


def _nobody_answers(findings: Findings, node: Node, answers: Answers) -> None:
    """All refused, where nobody else could serve; or what keeps that from being known."""
    seen = [(application, answers.of(application)) for application in node.applications]
    silences = [(application, answer) for application, answer in seen if isinstance(answer, Unknown)]
    open_ones = [answer for _, answer in silences if not is_refusal(answer)]
    if isinstance(node.primary.backup, Unknown):
        open_ones.append(node.primary.backup)
    for answer in open_ones:
        findings.gap(node.name, answer)
    if not open_ones:
        whose = " and ".join(f"{application.name} ({answers.url(application)})" for application, _ in silences)
        found = f"no HTTP answer, the connection is refused by {whose}"
        findings.violation(node.name, found, "an application that answers", silences[0][1].where)


def not_both_answer(estate: Estate) -> Judgement:
    """Not both of a pair answer; one that refuses, whoever it is, is the evidence.

    A Backup does not serve the HTTP port (Genesys, "High Availability", ORS 8.1.3).
    """
    findings = Findings()
    answers = Answers(estate)
    for pair in judged_pairs(estate, findings):
        seen = [(application, answers.of(application)) for application in (pair.primary, pair.backup)]
        given = [answer for _, answer in seen if isinstance(answer, Response)]
        refusals = [(application, answer) for application, answer in seen if isinstance(answer, Unknown) and is_refusal(answer)]
        for application, refusal in refusals:
            findings.evidence(pair.name, f"{application.name} refuses HTTP: {refusal.cause}", refusal.where)
        if len(given) == len(seen):
            found = f"both answer: {given[0].where} ({given[0].status}) and {given[1].where} ({given[1].status})"
            findings.violation(pair.name, found, "one that serves HTTP, and one that refuses it", given[1].where)
        elif not refusals:
            for _, answer in seen:
                if isinstance(answer, Unknown):
                    findings.gap(pair.name, answer)
    return findings.judgement(NO_PAIR)


def every_backup_runs(estate: Estate) -> Judgement:
    """Every Backup runs: its status command says so, or it serves HTTP, or it took over; a person attests the rest."""
    findings = Findings()
    deployment = estate.deployment
    statuses = {status.application: status for status in deployment.statuses if status.action == "status"}
    failovers = deployment.failovers if isinstance(deployment.failovers, tuple) else ()
    took_over = {
        failover.backup
        for failover in failovers
        if isinstance(failover.serves_after, float | int) and failover.stop and failover.stop.application == failover.primary
    }
    answers = Answers(estate)
    not_shown = []
    for pair in judged_pairs(estate, findings):
        name = pair.backup.name
        answer = answers.of(pair.backup)
        findings.subject(name)
        if status := statuses.get(name):
            _by_command(findings, status)
        elif isinstance(answer, Response):
            findings.evidence(name, f"it serves HTTP: {answer.call} gave {answer.status}", answer.where)
        elif name in took_over:
            findings.evidence(name, f"it took over from {pair.primary.name} when that was stopped", name)
        else:
            not_shown.append(name)
        if isinstance(answer, Response):
            _note_primary(findings, pair, answers, statuses.get(pair.primary.name))
    if not_shown:
        findings.manual(
            "check that each of these Backups runs (Solution Control Interface: Started, Backup), and attest it: "
            f"{listed(not_shown)}; or give a status command for each"
        )
    return findings.judgement(NO_PAIR)


def _by_command(findings: Findings, status: CommandRun) -> None:
    name = status.application
    if isinstance(status.code, Unknown):
        findings.gap(name, status.code)
        return
    text = f"the status command ended with {status.code}"
    findings.evidence(name, text, status.words)
    if not status.succeeded:
        said = f": {status.said}" if status.said else ""
        findings.violation(name, f"{text}{said}", "a Backup that runs: exit code 0", status.words)


def _note_primary(findings: Findings, pair: Pair, answers: Answers, status: CommandRun | None) -> None:
    """Where the Backup serves, the Primary is the one that nobody sees."""
    if not isinstance(answers.of(pair.primary), Response) and (status is None or not status.succeeded):
        findings.note(f"the pair {pair.name} is switched over, and nothing shows that {pair.primary.name} runs")
