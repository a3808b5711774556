# SPDX-License-Identifier: Apache-2.0
"""What several reports group and word the same way: what was asked, steps with their state, alike violations, root causes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import get_args

from orsgate.estate.deployment import Deployment
from orsgate.estate.estate import Estate
from orsgate.estate.judgement import Outcome, Violation
from orsgate.estate.knowledge import Unknown
from orsgate.estate.rehearsal import Rehearsal, Twin
from orsgate.estate.ring import Ring
from orsgate.estate.snapshot import Part, Snapshot
from orsgate.estate.wording import several
from orsgate.reporting.text import in_one_line
from orsgate.rules.catalogue import STEPS, Severity
from orsgate.verdict.events import RunFinished, RunStarted
from orsgate.verdict.result import Result

QUESTIONS: dict[str, str] = {
    "readiness": "may 8.1.4 be installed now?",
    "deployment": "does the new deployment work, and did only planned things change?",
    "rehearsal": "does Cassandra of the planned release take what the options say?",
}
"""What a run answers, by its phase."""
RESERVATIONS: dict[str, str] = {
    "rehearsal": "this was a rehearsal on a twin on this machine, not on the production ring: nothing was written to production",
}
"""What a run does not answer, by its phase."""

_WORST = (
    Outcome.FAIL, Outcome.ERROR, Outcome.BLOCKED, Outcome.MANUAL, Outcome.SKIPPED, Outcome.WAIVED, Outcome.PASS,
    Outcome.NOT_APPLICABLE,
)  # fmt: skip


_TROUBLE = {Outcome.FAIL, Outcome.ERROR, Outcome.BLOCKED, Outcome.MANUAL, Outcome.SKIPPED}


@dataclass(frozen=True, slots=True)
class StepState:
    """One step of the procedure.

    Attributes:
        state: the worst outcome of its blockers, or of its warnings where all blockers are well; advice never counts.
        severity: of the requirements that ``state`` comes from.
        results: its requirements.
    """

    number: int
    title: str
    state: Outcome
    severity: Severity
    results: tuple[Result, ...]


def steps_of(results: Sequence[Result]) -> list[StepState]:
    """The steps that were planned, in order, each with its state."""
    found = []
    for number, title in STEPS.items():
        own = tuple(result for result in results if result.planned.step == number)
        if own:
            state = state_of((result.planned.severity, result.outcome) for result in own)
            found.append(StepState(number, title, *state, own))
    return found


def state_of(outcomes: Iterable[tuple[Severity, Outcome]]) -> tuple[Outcome, Severity]:
    """The state of what belongs together, such as a step, and the severity of those that it comes from; see ``StepState``."""
    by_severity: dict[Severity, list[Outcome]] = {}
    for severity, outcome in outcomes:
        by_severity.setdefault(severity, []).append(outcome)
    worst: tuple[Outcome, Severity] = (Outcome.NOT_APPLICABLE, "advice")
    for severity in get_args(Severity):
        found = by_severity.get(severity)
        if found and (severity != "advice" or worst[0] is Outcome.NOT_APPLICABLE):
            outcome = min(found, key=_WORST.index)
            if outcome in _TROUBLE and severity != "advice":
                return outcome, severity
            worst = min(worst, (outcome, severity), key=lambda item: _WORST.index(item[0]))
    return worst


@dataclass(frozen=True, slots=True)
class Alike:
    """Violations of one requirement that say the same of several subjects.

    Attributes:
        fix: the remedy of all of them; that of the requirement where each has its own.
        places: subject and where, for each.
    """

    found: str
    expected: str
    fix: str
    places: tuple[tuple[str, str], ...]


def alike(result: Result) -> list[Alike]:
    """The violations of a result, those that say the same together."""
    groups: dict[tuple[str, str], list[Violation]] = {}
    for violation in result.violations:
        groups.setdefault((violation.found, violation.expected), []).append(violation)
    return [
        Alike(found, expected, _common_fix(result, group), tuple((violation.subject, violation.where) for violation in group))
        for (found, expected), group in groups.items()
    ]


def violation_line(found: Violation) -> str:
    """A violation as the reports in lines give it: ``subject: found; expected something (where)``."""
    return f"{found.subject}: {found.found}; expected {found.expected} ({found.where})"


def _common_fix(result: Result, group: Sequence[Violation]) -> str:
    fixes = {result.remedy(violation) for violation in group}
    return fixes.pop() if len(fixes) == 1 else result.fix


def was_read(snapshot: Snapshot, part: Part) -> bool:
    """Whether something of a part that was collected is known."""
    found = getattr(snapshot, part.part, None)
    return not (isinstance(found, Unknown) or (isinstance(found, Ring) and found.nodes and not _answering(found)))


def silent_nodes(snapshot: Snapshot, part: Part) -> str:
    """How many nodes of the ring answered, in words; empty where all did, and for what is no ring."""
    found = getattr(snapshot, part.part, None)
    if not isinstance(found, Ring) or len(found.nodes) == (answered := _answering(found)):
        return ""
    return f"{answered} of {several(len(found.nodes), 'node')} answered"


def _answering(ring: Ring) -> int:
    return sum(node.silence is None for node in ring.nodes)


def stand_ins(snapshot: Snapshot, phase: str) -> tuple[str, ...]:
    """What stood in for what the results of a phase rest on, each once; only a rehearsal rests on the twin of the ring."""
    found = [name for part in snapshot.parts if part.part != "rehearsal" for name in part.stand_ins]
    if phase == "rehearsal" and (twin := _started_twin(snapshot)):
        found.append(str(twin))
    return tuple(dict.fromkeys(found))


def left_behind(snapshot: Snapshot) -> tuple[str, ...]:
    """What the tests of a deployment left to be ended or started by a person."""
    found = snapshot.deployment
    return found.left_behind if isinstance(found, Deployment) else ()


def plan_notice(snapshot: Snapshot) -> str:
    """That a plan was judged and not the options as they are, as a sentence; empty where it was no plan."""
    return of_plan(snapshot.plan)


def of_plan(plan: str | None) -> str:
    """The same of the directory of a plan alone."""
    if not plan:
        return ""
    return f"this is a plan: the options in {plan} were judged in place of the current ones; GO does not say: install"


def stage_of(snapshot: Snapshot, phase: str) -> str:
    """After which stage of the path without loss a deployment was judged, in words; empty where the whole migration was."""
    return Estate(snapshot, "deployment").stage if phase == "deployment" else ""


def of_stage(stage: str | None) -> str:
    """That one stage of the path without loss was judged, as a sentence; empty where the whole migration was."""
    return f"judged {stage} of the path without loss: GO does not say that the migration is complete" if stage else ""


def of_stand_in(stand_in: str) -> str:
    """That something stood in for what a run answers for, as a sentence."""
    return f"measured against a stand-in: {stand_in}"


def notices(snapshot: Snapshot, phase: str) -> tuple[str, ...]:
    """What restricts the answer of a run, a sentence each, in one line; every report that has the verdict has them."""
    found = (plan_notice(snapshot), reservation(snapshot, phase), *map(of_stand_in, stand_ins(snapshot, phase)))
    return tuple(in_one_line(sentence) for sentence in found if sentence)


def answer(started: RunStarted, finished: RunFinished) -> tuple[str, ...]:
    """The sentence of the verdict, and what restricts it."""
    return (finished.verdict.sentence, *notices(started.estate.snapshot, started.phase))


def reservation(snapshot: Snapshot, phase: str) -> str:
    """What a run of a phase does not answer; empty where there is nothing to say, as of a rehearsal without a twin."""
    if stage := stage_of(snapshot, phase):
        return of_stage(stage)
    if phase == "rehearsal" and _started_twin(snapshot) is None:
        return ""
    return RESERVATIONS.get(phase, "")


def _started_twin(snapshot: Snapshot) -> Twin | None:
    found = snapshot.rehearsal
    return found.twin if isinstance(found, Rehearsal) and found.started_in is not None else None


def causes(results: Iterable[Result]) -> dict[str, list[Result]]:
    """Root cause -> the results that it keeps from being proven, most blocking first."""
    found: dict[str, list[Result]] = {}
    for result in results:
        if result.outcome in {Outcome.BLOCKED, Outcome.ERROR}:
            for cause in result.causes or (result.reason,):
                found.setdefault(cause, []).append(result)
    return dict(sorted(found.items(), key=lambda item: -len(item[1])))
