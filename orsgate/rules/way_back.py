# SPDX-License-Identifier: Apache-2.0
"""Step 1: the way back covers what an option export cannot hold, as a baseline of the state before shows."""

from __future__ import annotations

from collections.abc import Iterator

from orsgate.estate.decisions import is_new, needs_rollback_export
from orsgate.estate.estate import Estate
from orsgate.estate.evidence_files import Baseline
from orsgate.estate.export import Export
from orsgate.estate.inventory import Application, Cluster
from orsgate.estate.judgement import Findings, Judgement
from orsgate.estate.knowledge import Basis, Unknown
from orsgate.estate.options import certainty, find, split_key
from orsgate.estate.ring import Ring
from orsgate.estate.secret import HIDDEN
from orsgate.estate.wording import listed
from orsgate.rules.keyspace import keyspaces
from orsgate.rules.strategy import KEYSPACE_NAME
from orsgate.rules.subjects import every_application
from orsgate.rules.times import CLOCK_TOLERANCE

BASELINE = "baseline"
WANTED = (
    "connections, redundancy, Annex, the cluster Transaction, start arguments, the old binaries, and a snapshot of the keyspace "
    "where one exists in Cassandra"
)
"""What a way back needs besides options."""


def way_back_is_covered(estate: Estate) -> Judgement:
    """A baseline of this estate holds what an option export does not; without one a person has to say that it was saved."""
    findings = Findings()
    found = estate.snapshot.baseline
    if found is None:
        findings.subject(*(application.name for application in every_application(estate)))
        told = "store it with `orsgate baseline` and name it with --baseline, or save it and attest it"
        findings.manual(f"save what an option export does not hold: {WANTED}; {told}")
    elif isinstance(found, Unknown):
        findings.gap(BASELINE, found)
    elif found.estate_name != estate.name:
        findings.violation(
            BASELINE, f'it is of the estate "{found.estate_name}"', f'a baseline of "{estate.name}"', found.place
        )  # fmt: skip
    else:
        findings.rests_on(found.configuration.basis)
        _judge_time(findings, estate, found)
        _judge_applications(findings, estate, found)
        _judge_clusters(findings, estate, found)
        for note in _notes(estate, found):
            findings.note(note)
    return findings.judgement()


def _judge_time(findings: Findings, estate: Estate, baseline: Baseline) -> None:
    stored, began = (f"{time:%Y-%m-%dT%H:%M:%SZ}" for time in (baseline.created, estate.snapshot.started))
    findings.evidence(BASELINE, f"stored at {stored}, and the run began at {began}", baseline.place)
    if baseline.created > estate.snapshot.started + CLOCK_TOLERANCE:
        found = f"it was stored at {stored}, after the run began ({began})"
        findings.violation(BASELINE, found, "one that was stored before the run, and before steps 2 to 8", baseline.place)


def _judge_applications(findings: Findings, estate: Estate, baseline: Baseline) -> None:
    before = _servers(baseline)
    for now in every_application(estate):
        then = before.get(now.name)
        if then is not None:
            for unknown in _unknown(then):
                findings.gap(now.name, unknown)
            findings.evidence(now.name, ", ".join(_held(then)), then.origin.at())
        elif not needs_rollback_export(estate, now):
            findings.rests_on(Basis.DECLARED, estate.basis)
            text = "a new Backup, which was not there before: going back means to delete it"
            findings.evidence(now.name, text, now.origin.at("new"))
        elif isinstance(now.primary, Unknown) and is_new(estate, now):
            findings.gap(now.name, now.primary)
        else:
            findings.violation(now.name, "it is not in the baseline", "what was there of it before", baseline.place)


def _servers(baseline: Baseline) -> dict[str, Application]:
    return {application.name: application for application in baseline.configuration.applications if application.is_ors}


def _unknown(then: Application) -> Iterator[Unknown]:
    """What the baseline does not tell of an application and a way back needs."""
    whose = f"of {then.name} in the baseline"
    facts = (then.connections, then.tenants, then.backup, then.redundancy)
    yield from (fact for fact in facts if isinstance(fact, Unknown))
    if unknown := certainty(then.options, f"the export {whose}"):
        yield unknown
    if isinstance(then.annex, Unknown):
        yield then.annex
    elif then.annex is not None and (problem := then.annex.incomplete):
        where = then.annex.where(problem.line)
        yield Unknown(f"the Annex {whose} has a line that is not understood: {where}", where)


def _held(then: Application) -> Iterator[str]:
    yield f"{_options(then.options)} options"
    yield f"Annex ({_options(then.annex)} options)" if then.annex is not None else "no Annex"
    if isinstance(then.connections, tuple):
        yield f"connections: {listed(then.connections) or 'none'}"
    if not isinstance(then.backup, Unknown) and not isinstance(then.redundancy, Unknown):
        yield f"Backup: {then.backup}, {then.redundancy}" if then.backup else f"no Backup, redundancy {then.redundancy}"
    yield "start arguments" if then.arguments else "no start arguments"


def _options(read: Export | Unknown | None) -> int:
    return sum(len(section.options) for section in read.sections) if isinstance(read, Export) else 0


def _judge_clusters(findings: Findings, estate: Estate, baseline: Baseline) -> None:
    before = {cluster.transaction: cluster for cluster in baseline.configuration.clusters}
    for now in estate.clusters:
        then = before.get(now.transaction)
        if then is None:
            text = "a Transaction that was not there before: going back means to delete it"
            findings.evidence(now.transaction, text, now.origin.at())
            continue
        for unknown in filter(None, dict.fromkeys((then.members_unknown, then.annex_unknown))):
            findings.gap(now.transaction, unknown)
        text = f"{len(then.members or ())} members, {_options(then.shared)} shared options"
        findings.evidence(now.transaction, text, then.origin.at())


def _notes(estate: Estate, baseline: Baseline) -> Iterator[str]:
    names = {application.name for application in every_application(estate)}
    before = [application for name, application in _servers(baseline).items() if name in names]
    yield "a baseline does not hold the old binaries: keep them"
    yield from _note_on_keyspaces(estate, baseline, before)
    if baseline.configuration.source == "files":
        for what, missing in (
            ("start arguments", [each.name for each in before if each.arguments is None]),
            ("Annex", [each.name for each in before if each.annex is None]),
        ):
            if missing:
                yield f"the estate file gave no {what} of {listed(missing)}: save what there is of it besides"
    if hidden := [each.name for each in before if each.arguments and HIDDEN in each.arguments]:
        yield f"a secret in the start arguments of {listed(hidden)} is not kept: save it besides"
    if baseline.stand_ins:
        yield f"the baseline was read from a stand-in: {', '.join(baseline.stand_ins)}"
    if _unchanged(estate, baseline):
        yield "options, connections and redundancy are as in the baseline: nothing was changed since, or it was stored too late"


def _note_on_keyspaces(estate: Estate, baseline: Baseline, before: list[Application]) -> Iterator[str]:
    """That the rows of the keyspaces of ORS are saved by a Cassandra administrator alone."""
    ring = estate.snapshot.cassandra if isinstance(estate.snapshot.cassandra, Ring) else baseline.cassandra
    if ring is None:
        return
    found = keyspaces(ring) if isinstance(ring, Ring) else None
    if found is None or found.unknown:
        yield "whether a keyspace exists is not known: where one does, take a snapshot of it on every node (nodetool snapshot)"
        return
    now = (estate.effective(application, KEYSPACE_NAME).setting for application in every_application(estate))
    then = (find(application.options, *split_key(KEYSPACE_NAME)).setting for application in before)
    named = dict.fromkeys(setting.text for setting in (*then, *now) if setting is not None)
    if existing := [name for name in named if name in found.versions]:
        yield f"a baseline does not hold the rows of {listed(existing)}: take a snapshot on every node (nodetool snapshot)"


def _unchanged(estate: Estate, baseline: Baseline) -> bool:
    before, clusters = _servers(baseline), {each.transaction: each for each in baseline.configuration.clusters}
    return all(_same(before.get(now.name), now) for now in every_application(estate)) and all(
        _same_cluster(clusters.get(now.transaction), now) for now in estate.clusters
    )


def _same(then: Application | None, now: Application) -> bool:
    if then is None or not isinstance(then.options, Export) or not isinstance(now.options, Export):
        return False
    facts = (
        (then.connections, now.connections), (then.tenants, now.tenants), (then.backup, now.backup),
        (then.redundancy, now.redundancy), (then.options.content(), now.options.content()),
    )  # fmt: skip
    return all(one == other for one, other in facts)


def _same_cluster(then: Cluster | None, now: Cluster) -> bool:
    def members(cluster: Cluster) -> list[tuple[str, str, bool]]:
        return [(member.application, member.datacenter, member.enabled) for member in cluster.members or ()]

    return then is not None and members(then) == members(now)
