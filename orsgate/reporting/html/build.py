# SPDX-License-Identifier: Apache-2.0
"""From the events of a run to the HTML report's data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orsgate.estate.judgement import Outcome
from orsgate.reporting import grouping
from orsgate.reporting.html import head, model, obstacles, people, provenance, requirements, sentence, track
from orsgate.reporting.html.changes import changes
from orsgate.reporting.html.drawing import draw
from orsgate.reporting.html.embedded import embedded
from orsgate.reporting.html.marks import verdict_mark
from orsgate.reporting.html.report import Report
from orsgate.reporting.html.trace import trace
from orsgate.rules.catalogue import gating
from orsgate.verdict.events import RunFinished, RunStarted

if TYPE_CHECKING:
    from orsgate.reporting.history.stored import StoredRun


def build(started: RunStarted, finished: RunFinished, previous: StoredRun | None = None) -> Report:
    """Everything that the report shows of a run.

    Args:
        started: how it began.
        finished: how it ended.
        previous: an earlier run of the same estate and phase, where there is one to compare with.
    """
    estate, snapshot = started.estate, started.estate.snapshot
    results = sorted(finished.results, key=lambda result: result.id)
    deciding = gating(strict=started.strict)
    failed = [result for result in results if result.outcome is Outcome.FAIL]
    in_the_way = obstacles.obstacles(result for result in failed if result.planned.severity in deciding)
    causes = requirements.causes(results)
    verdict = verdict_mark(finished.verdict.name, finished.verdict.exceptions)
    held = embedded(started, finished)
    return Report(
        title=f"{verdict.word}: {estate.name}, {started.phase}{' of a plan' if snapshot.plan else ''}",
        estate=estate.name,
        phase=started.phase,
        question=head.question(snapshot, started.phase),
        verdict=verdict,
        sentence=sentence.sentence(started, finished, len(in_the_way)),
        detail=finished.verdict.sentence,
        plan=grouping.plan_notice(snapshot),
        left_behind=grouping.left_behind(snapshot),
        stand_ins=tuple(map(grouping.of_stand_in, grouping.stand_ins(snapshot, started.phase))),
        head=tuple(head.head(estate, started.started)),
        scope=head.scope(estate),
        parts=head.parts(snapshot),
        permits=sentence.permits(started, finished),
        exceptions=tuple(people.exceptions(results, deciding)),
        engineer=snapshot.estate.change.engineer or "",
        approver=snapshot.estate.change.approver or "",
        steps=tuple(track.steps(results)),
        counts=tuple(track.counts(results)),
        planned=len(results),
        obstacles=in_the_way,
        undecided=obstacles.undecided(causes, deciding),
        problems=tuple(model.Fact(problem.where, problem.message) for problem in finished.problems),
        waivers=people.waivers(finished.waivers, results, deciding),
        waived=tuple(requirements.waived(result) for result in results if result.outcome is Outcome.WAIVED),
        statements=tuple(people.statements(estate, results)),
        causes=causes,
        minor=tuple(requirements.failure(result) for result in failed if result.planned.severity not in deciding),
        sections=tuple(requirements.sections(estate, results)),
        drawing=draw(estate, results),
        changes=changes(previous, started, finished) if previous else None,
        trace=trace(results),
        provenance=tuple(provenance.provenance(started, finished, held)),
        embedded=held,
    )
