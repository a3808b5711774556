# SPDX-License-Identifier: Apache-2.0
"""Step 7, rehearsed: the keyspaces that a twin of the ring creates for the application options, and their replicas."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from orsgate.estate.estate import Estate, FactUnknownError
from orsgate.estate.judgement import Findings, Judgement
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.rehearsal import CallResult, Definition, Rehearsal, TokenRange, Trial, Twin, counted
from orsgate.estate.wording import listed
from orsgate.rules.keyspace_requests import ApplicationRequest, KeyspaceRequest, application_requests
from orsgate.rules.policy import Status, policy_of
from orsgate.rules.strategy import FACTOR, NETWORK, PACKAGE, replicas_in


@dataclass(frozen=True, slots=True)
class JudgedTrial:
    """A keyspace that applications ask for, and what the twin did with it.

    Attributes:
        subject: how reports call it.
        where: where the strategy options stand, of the first application that asks for it.
    """

    subject: str
    request: KeyspaceRequest
    where: str
    twin: Twin
    trial: Trial


def created_as_asked(estate: Estate) -> Judgement:
    """The twin creates each keyspace with exactly the class and options that were asked for, and gives them back.

    A ring has one keyspace of a name, whatever its letter case; applications that ask for different ones contradict each
    other, although each of these keyspaces can be created on a twin of its own.
    """
    findings = Findings()
    for asked in application_requests(estate):
        if asked.fault is not None:
            findings.violation(asked.application, asked.fault.found, asked.fault.expected, asked.fault.where)
    _judge_contradictions(findings, estate)
    for judged in _judged_trials(estate, findings):
        _judge_created(findings, judged)
    return findings.judgement()


def _judge_contradictions(findings: Findings, estate: Estate) -> None:
    names: dict[str, dict[object, list[ApplicationRequest]]] = {}
    for asked in application_requests(estate):
        if asked.request is not None:
            same_name = names.setdefault(asked.request.keyspace.casefold(), {})
            same_name.setdefault(asked.request.meaning, []).append(asked)
    for meanings in names.values():
        if len(meanings) < 2:
            continue
        found = "; ".join(
            f"{listed([f'{asked.application} ({asked.where})' for asked in alike])} ask{'s' * (len(alike) == 1)} for"
            f" {alike[0].request}"
            for alike in meanings.values()
        )
        subjects = dict.fromkeys(asked.request.keyspace for alike in meanings.values() for asked in alike if asked.request)
        findings.violation(
            f"keyspace {' and '.join(subjects)}",
            found,
            "the same name, letter case included, strategy class and options for every application: a ring has one keyspace of"
            " that name, as the application that starts first creates it",
            next(iter(meanings.values()))[0].where,
            "Options tab of these applications, section persistence: give all of them the same cassandra-keyspace-name,"
            " cassandra-strategy-class and cassandra-strategy-options.",
        )


def replicas_as_promised(estate: Estate) -> Judgement:
    """Each token range has as many replicas, in each data center, as the options promise."""
    return judge_each(estate, _judge_ranges)


def judge_each(estate: Estate, judge: Callable[[Findings, JudgedTrial], None]) -> Judgement:
    """Judge each distinct keyspace that could be created; the others are gaps, with ORS-0751 as their root cause."""
    findings = Findings()
    for asked in application_requests(estate):
        if asked.fault is not None:
            findings.gap(asked.application, _not_created(asked.fault.key, asked.fault.where))
    for judged in _judged_trials(estate, findings):
        findings.rests_on(judged.twin.layout_basis)
        if judged.twin.scaled:
            _note_scale(findings, judged.twin)
        created = judged.trial.created
        if isinstance(created, Unknown):
            findings.gap(judged.subject, created)
        elif created.result is not CallResult.DONE:
            findings.gap(judged.subject, _not_created(f"keyspace {judged.request.keyspace}", created.where))
        else:
            judge(findings, judged)
    return findings.judgement()


def _not_created(what: str, where: str) -> Unknown:
    return Unknown(f"ORS-0751 failed ({what}), so there is no keyspace to write to", where, Failure.REJECTED)


def _note_scale(findings: Findings, twin: Twin) -> None:
    findings.note(f"the twin has {counted(twin.nodes)} and the ring {twin.ring_nodes} (at most {twin.most_nodes} here)")


def _judged_trials(estate: Estate, findings: Findings) -> Iterator[JudgedTrial]:
    """Each distinct keyspace with its trial; what is not known, or was not tried, becomes a gap."""
    wheres: dict[KeyspaceRequest, str] = {}
    for asked in application_requests(estate):
        if asked.unknown is not None:
            findings.gap(asked.application, asked.unknown)
        if asked.request is not None:
            wheres.setdefault(asked.request, asked.where)
    if not wheres:
        return
    record = _record(estate)
    trials = {} if isinstance(record, Unknown) else {_key(trial): trial for trial in record.trials}
    times = Counter(request.keyspace for request in wheres)
    for request, where in wheres.items():
        subject = request.keyspace if times[request.keyspace] == 1 else str(request)
        if isinstance(record, Unknown):
            findings.gap(subject, record)
        elif (trial := trials.get(request)) is None:
            cause = "the options ask for another keyspace than was rehearsed; rehearse again"
            findings.gap(subject, Unknown(cause, where, Failure.NOT_ASKED))
        else:
            _describe(findings, record.twin, estate)
            yield JudgedTrial(subject, request, where, record.twin, trial)


def _record(estate: Estate) -> Rehearsal | Unknown:
    try:
        found = estate.rehearsal
    except FactUnknownError as error:
        return error.unknown
    if wrong := found.contradiction:
        return Unknown(f"the rehearsal contradicts itself: {wrong}; rehearse again", failure=Failure.UNREADABLE)
    return found


def _key(trial: Trial) -> KeyspaceRequest:
    return KeyspaceRequest(trial.keyspace, trial.strategy_class, tuple(sorted(trial.strategy_options.items())))


def _describe(findings: Findings, twin: Twin, estate: Estate) -> None:
    findings.rests_on(twin.release_basis)
    if twin.other_release:
        told = listed(twin.ring_releases)
        findings.note(f"the twin has Cassandra {twin.release}, the ring {told}: what the ring's release does was not tried")
    if twin.ring_silent:
        findings.note(f"the release of {counted(twin.ring_silent)} of the ring is not known, and may not be that of the twin")
    if twin.other_layout:
        shown = ", ".join(f"{each.name} {each.ring_nodes}" for each in twin.datacenters)
        findings.note(f"rehearsed for a ring with {shown} ({twin.layout_from}); the ring as it was read has {twin.ring_shown}")
    line = policy_of(estate).line_for(twin.release, estate.target)
    if line is not None and line.status is Status.UNSUPPORTED:
        findings.note(f"ORS {estate.target} does not support Cassandra {twin.release} (ORS-0501)")


def _judge_created(findings: Findings, judged: JudgedTrial) -> None:
    created, given, release = judged.trial.created, judged.trial.definition, f"Cassandra {judged.twin.release}"
    if isinstance(created, Unknown):
        findings.gap(judged.subject, created)
        return
    expected = f"{judged.request}, created as {judged.where} says"
    if created.result is not CallResult.DONE:
        refused = f"{release} refuses it: {created.said}"
        found = f"{release} closes the connection without an answer" if created.result is CallResult.CLOSED else refused
        findings.violation(judged.subject, found, expected, created.where, _remedy(judged.request))
    elif given is None or isinstance(given, Unknown):
        findings.gap(judged.subject, given or Unknown("the twin was not asked what it had created", failure=Failure.NOT_ASKED))
    elif _is_same(given, judged.request):
        findings.evidence(judged.subject, f"{release} creates {judged.request}, and gives the same back", given.where)
    else:
        shown = ", ".join(f"{name}: {value}" for name, value in sorted(given.strategy_options.items()))
        found = f"{release} gives back {given.strategy_class.removeprefix(PACKAGE)} {{{shown}}}"
        findings.violation(judged.subject, found, expected, given.where)


def _is_same(given: Definition, request: KeyspaceRequest) -> bool:
    same_class = given.strategy_class.removeprefix(PACKAGE) == request.strategy_class.removeprefix(PACKAGE)
    return same_class and dict(given.strategy_options) == dict(request.options)


def _remedy(request: KeyspaceRequest) -> str:
    """What is known to help; empty where the requirement's own remedy says it."""
    if request.by_datacenter and FACTOR in dict(request.options):
        return (
            f"Options tab of the application, section persistence: {NETWORK} takes no {FACTOR}; name each data center with its"
            " number of replicas in cassandra-strategy-options, DC1:2;DC2:2."
        )
    return ""


def _judge_ranges(findings: Findings, judged: JudgedTrial) -> None:
    ranges, given = judged.trial.ranges, judged.trial.definition
    if isinstance(ranges, Unknown) or not ranges:
        nothing = Unknown("the twin tells no token range", failure=Failure.REJECTED)
        findings.gap(judged.subject, ranges if isinstance(ranges, Unknown) else nothing)
        return
    where = f"{given.where.partition(' ')[0]} describe_ring" if isinstance(given, Definition) else "describe_ring"
    promises = dict(_promised(judged.request, ranges))
    if set(promises.values()) <= {0}:
        found = f"{judged.request} promises no replica at all"
        findings.violation(judged.subject, found, "at least one replica of each token range", judged.where)
        return
    for datacenter, promised in promises.items():
        if promised is None:
            option = datacenter or FACTOR
            text = dict(judged.request.options).get(option)
            value = f'"{text}"' if text is not None else "nothing"
            cause = f"{option} is {value} in {judged.where}: an unknown number of replicas"
            findings.gap(judged.subject, Unknown(f"{cause}; write it with digits alone", judged.where, Failure.UNREADABLE))
        else:
            _judge_place(findings, judged, ranges, datacenter, promised, where)


def _judge_place(
    findings: Findings, judged: JudgedTrial, ranges: Sequence[TokenRange], datacenter: str, promised: int, where: str
) -> None:  # fmt: skip
    place = f" in {datacenter}" if datacenter else ""
    counts = sorted({sum(not datacenter or name == datacenter for name in each.replicas.values()) for each in ranges})
    seen = " or ".join(map(str, counts))
    text = f"{len(ranges)} token range{'s' * (len(ranges) != 1)}, each with {seen} replica{'s' * (seen != '1')}{place}"
    nodes, ring = size_of(judged.twin, datacenter)
    if counts == [promised]:
        findings.evidence(judged.subject, f"{text}, as promised", where)
    elif nodes < promised <= ring and counts[-1] <= promised:
        findings.gap(judged.subject, capped(judged.twin))
    else:
        has = f"{datacenter or 'the ring'} has {counted(ring)}" if ring else f"the ring has no {datacenter}"
        found = f"{text}; {has}" if promised > ring else text
        expected = f"{promised} replica{'s' * (promised != 1)} of each token range{place}, as {judged.where} says"
        findings.violation(judged.subject, found, expected, where)


def _promised(request: KeyspaceRequest, ranges: Sequence[TokenRange]) -> Iterator[tuple[str, int | None]]:
    """Data center, or nothing for the ring as a whole, and how many replicas it is to hold; None where that is no number."""
    options = dict(request.options)
    if not request.by_datacenter:
        yield "", replicas_in(options.get(FACTOR, ""))
        return
    holding = (name for each in ranges for name in each.replicas.values())
    yield from ((name, replicas_in(options.get(name, "0"))) for name in dict.fromkeys((*options, *holding)))


def size_of(twin: Twin, datacenter: str) -> tuple[int, int]:
    """How many nodes twin and ring have in a data center; as a whole where that is empty."""
    if not datacenter:
        return twin.nodes, twin.ring_nodes
    found = twin.datacenter(datacenter)
    return found.nodes, found.ring_nodes


def capped(twin: Twin) -> Unknown:
    """The failure to know that the cap on the nodes of the twin means."""
    cause = f"with at most {counted(twin.most_nodes)} the twin has too few for the replicas that the ring can hold"
    return Unknown(f"{cause}: raise --most-nodes", failure=Failure.NOT_ASKED)
