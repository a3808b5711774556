# SPDX-License-Identifier: Apache-2.0
"""Step 7, rehearsed: rows that were written to a twin of the ring and read back, with all nodes up and with one down."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from orsgate.estate.estate import Estate
from orsgate.estate.judgement import Findings, Judgement
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.rehearsal import Answer, Attempt, CallResult, NodeDown
from orsgate.estate.wording import listed
from orsgate.rules.rehearsal import JudgedTrial, capped, judge_each, size_of
from orsgate.rules.strategy import FACTOR, replicas_in

_ENDS = {
    CallResult.UNAVAILABLE: "finds too few replicas",
    CallResult.TIMED_OUT: "is not answered in time",
    CallResult.REFUSED: "is refused",
    CallResult.CLOSED: "ends with a closed connection",
    CallResult.LOST: "gives something other than was written",
}
_PROVE_NOTHING = {CallResult.TIMED_OUT, CallResult.CLOSED}
"""A busy machine can be the cause of these."""


def with_all_nodes_up(estate: Estate) -> Judgement:
    """Rows of every token range are written and read back through each data center."""
    return judge_each(estate, _judge_all_up)


def with_one_node_down(estate: Estate) -> Judgement:
    """The same while one node is down, a node of each data center in turn."""
    return judge_each(estate, _judge_one_down)


def _judge_all_up(findings: Findings, judged: JudgedTrial) -> None:
    attempts = judged.trial.all_up
    if attempts is None or isinstance(attempts, Unknown):
        findings.gap(judged.subject, attempts or _not_tried("QUORUM", ""))
    else:
        _judge(findings, judged, attempts, None)


def _judge_one_down(findings: Findings, judged: JudgedTrial) -> None:
    down = judged.trial.one_down
    if isinstance(down, Unknown) or not down:
        nobody = Unknown("no node was taken down, since none holds a replica", failure=Failure.NOT_ASKED)
        findings.gap(judged.subject, down if isinstance(down, Unknown) else nobody)
        return
    before = judged.trial.all_up
    failed = {_group(attempt) for attempt in before if attempt.failed} if isinstance(before, tuple) else set()
    if failed:
        ways = listed([f"{level} through {datacenter or 'any node'}" for level, datacenter in sorted(failed)])
        cause = f"ORS-0752 failed ({ways}), so what the loss of a node adds cannot be told"
        findings.gap(judged.subject, Unknown(cause, failure=Failure.REJECTED))
    for each in down:
        if isinstance(each.attempts, Unknown):
            findings.gap(judged.subject, each.attempts)
        else:
            _judge(findings, judged, [attempt for attempt in each.attempts if _group(attempt) not in failed], each, failed)


def _group(attempt: Attempt) -> tuple[str, str]:
    """What attempts are judged by: consistency level, and data center of the coordinator."""
    return attempt.level, attempt.datacenter


def _not_tried(level: str, datacenter: str) -> Unknown:
    through = f" through {datacenter}" if datacenter else ""
    return Unknown(f"no row was tried at {level}{through}; rehearse again", failure=Failure.NOT_ASKED)


def _judge(
    findings: Findings, judged: JudgedTrial, attempts: Sequence[Attempt], down: NodeDown | None,
    done: Collection[tuple[str, str]] = (),
) -> None:  # fmt: skip
    """Judge attempts, group by group; ``done`` are those that were judged before."""
    groups: dict[tuple[str, str], list[Attempt]] = {}
    for attempt in attempts:
        groups.setdefault(_group(attempt), []).append(attempt)
    for level, datacenter in _wanted(judged, down):
        if (level, datacenter) not in groups and (level, datacenter) not in done:
            findings.gap(judged.subject, _not_tried(level, datacenter))
    if not any(level == "QUORUM" for level, _ in (*groups, *done)):
        findings.gap(judged.subject, _not_tried("QUORUM", ""))
    for group in groups.values():
        _judge_group(findings, judged, group, down)


def _wanted(judged: JudgedTrial, down: NodeDown | None) -> list[tuple[str, str]]:
    """Consistency level and data center of everything that has to be tried."""
    by_datacenter = judged.request.by_datacenter
    holding = [name for name, number in judged.request.options if by_datacenter and replicas_in(number) != 0]
    through = [] if down else [each.name for each in judged.twin.datacenters if each.nodes]
    return [("QUORUM", name) for name in through] + [("LOCAL_QUORUM", name) for name in holding]


def _judge_group(findings: Findings, judged: JudgedTrial, group: Sequence[Attempt], down: NodeDown | None) -> None:
    level, datacenter = group[0].level, group[0].datacenter
    failures = [failed for attempt in group if (failed := attempt.failed)]
    certain = [failed for failed in failures if failed[1].result not in _PROVE_NOTHING]
    state = f"{down.node} ({down.datacenter}) is down: " if down else ""
    what = f"{state}{level} through {datacenter or 'another node'}"
    if not failures:
        ranges = judged.trial.ranges
        ends = {attempt.range_end for attempt in group}
        if isinstance(ranges, tuple) and ranges and {each.end for each in ranges} <= ends:
            text = f"{what}: a row of each of {len(ends)} token ranges is written and read back"
            findings.evidence(judged.subject, text, group[0].write.where)
        else:
            uncovered = Unknown("some token range of the twin had no row; rehearse again", failure=Failure.NOT_ASKED)
            findings.gap(judged.subject, ranges if isinstance(ranges, Unknown) else uncovered)
    elif _is_too_small(judged, level, datacenter, failures[0][1]):
        findings.gap(judged.subject, capped(judged.twin))
    elif not certain:
        busy = Unknown("nodes of the twin did not answer in time; rehearse again on an idle machine", failure=Failure.TIMEOUT)
        findings.gap(judged.subject, busy)
    else:
        step, answer = certain[0]
        found = f"{what}: {_ended(judged, datacenter, step, answer)}"
        if answer.result is not CallResult.NO_COORDINATOR:
            found += f" ({len(certain)} of {len(group)} token ranges)"
        expected = "a row of each token range, written and read back"
        findings.violation(judged.subject, found, expected, answer.where or judged.where)


def _ended(judged: JudgedTrial, datacenter: str, step: str, answer: Answer) -> str:
    """How an attempt that failed ended, in words."""
    if answer.result is not CallResult.NO_COORDINATOR:
        return f"the {step} {_ENDS.get(answer.result, 'failed')}" + (f": {answer.said}" if answer.said else "")
    if datacenter and not size_of(judged.twin, datacenter)[1]:
        return f"the ring has no data center {datacenter}"
    return f"no node of {datacenter or 'the ring'} is left to go through"


def _is_too_small(judged: JudgedTrial, level: str, datacenter: str, answer: Answer) -> bool:
    """Whether the cap took nodes from the twin that would hold the replicas, or through which the call would go."""
    nodes, ring = size_of(judged.twin, datacenter)
    if answer.result is CallResult.NO_COORDINATOR and nodes < ring:
        return True
    options = dict(judged.request.options)
    if not judged.request.by_datacenter:
        places = {"": options.get(FACTOR, "")}
    elif level == "LOCAL_QUORUM":
        places = {datacenter: options.get(datacenter, "")}
    else:
        places = options
    sizes = ((size_of(judged.twin, place), replicas_in(number)) for place, number in places.items())
    return any(nodes < (ring if promised is None else min(promised, ring)) for (nodes, ring), promised in sizes)
