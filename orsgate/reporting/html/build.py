# SPDX-License-Identifier: Apache-2.0
"""From the events of a run to the HTML report's data: verdict, head, scope, track, counts and provenance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from orsgate import __version__
from orsgate.estate.estate import Estate
from orsgate.estate.judgement import Outcome
from orsgate.estate.snapshot import Part, Snapshot
from orsgate.reporting import grouping
from orsgate.reporting.html import marks, model, requirements
from orsgate.reporting.results_json import SCHEMA, collected, scope_of
from orsgate.reporting.text import several, utc
from orsgate.reporting.waivers import problem
from orsgate.rules.catalogue import STEPS, catalogue_sha256
from orsgate.verdict.events import RunFinished, RunStarted
from orsgate.verdict.result import Result
from orsgate.verdict.verdict import Verdict, VerdictName

MOST_NAMES = 200
"""Names shown of applications and clusters; results.json has them all."""

_VERDICTS = {
    VerdictName.GO: marks.Mark("✓", "GO", "pass"),
    VerdictName.NO_GO: marks.Mark("✗", "NO-GO", "fail"),
    VerdictName.INCONCLUSIVE: marks.Mark("?", "INCONCLUSIVE", "open"),
}


def build(started: RunStarted, finished: RunFinished) -> model.Report:
    """Everything that the report shows of a run."""
    estate = started.estate
    file = estate.snapshot.estate
    results = sorted(finished.results, key=lambda result: result.id)
    gating = {"blocker", "warning"} if started.strict else {"blocker"}
    failed = [result for result in results if result.outcome is Outcome.FAIL]
    verdict, sentence = _verdict(finished.verdict)
    return model.Report(
        title=f"{verdict.word}: {estate.name}, {started.phase}{' of a plan' if estate.snapshot.plan else ''}",
        estate=estate.name,
        phase=started.phase,
        question=_question(estate.snapshot, started.phase),
        verdict=verdict,
        sentence=sentence,
        plan=estate.snapshot.plan,
        left_behind=grouping.left_behind(estate.snapshot),
        stand_ins=grouping.stand_ins(estate.snapshot, started.phase),
        problems=tuple(model.Fact(problem.where, problem.message) for problem in finished.problems),
        head=tuple(_head(estate)),
        scope=_scope(estate),
        parts=tuple(
            model.Part(part.part, part.host, part.user, _time("", part.collected), source, ", ".join(part.stand_ins))
            for part in estate.snapshot.parts
            for source in [_source(estate.snapshot, part)]
        ),
        steps=tuple(_steps(results)),
        counts=tuple(_counts(results)),
        planned=len(results),
        failed=tuple(requirements.failure(result) for result in failed if result.planned.severity in gating),
        causes=requirements.causes(results),
        waived=tuple(requirements.waived(result) for result in results if result.outcome is Outcome.WAIVED),
        waivers=tuple(model.Fact(use.waiver.requirement, problem(use)) for use in finished.waivers if use.problem),
        minor=tuple(requirements.failure(result) for result in failed if result.planned.severity not in gating),
        sections=requirements.sections(results),
        engineer=file.change.engineer or "",
        approver=file.change.approver or "",
        provenance=tuple(_provenance(started, finished)),
    )


def _source(snapshot: Snapshot, part: Part) -> str:
    """What a part was collected from, and whether it could be read at all."""
    source = part.source or "the estate"
    return source if grouping.was_read(snapshot, part) else f"{source}: tried, and not read"


def _question(snapshot: Snapshot, phase: str) -> str:
    """What was asked, and what was not, as sentences."""
    question = grouping.QUESTIONS[phase]
    text = question[0].upper() + question[1:]
    if unanswered := grouping.reservation(snapshot, phase):
        text += f" {unanswered[0].upper()}{unanswered[1:]}."
    return text


def _verdict(verdict: Verdict) -> tuple[marks.Mark, str]:
    """The verdict, and the sentence without the word that stands above it."""
    head, colon, rest = verdict.sentence.partition(": ")
    shown = _VERDICTS[verdict.name]
    if verdict.exceptions and verdict.name is VerdictName.GO:
        shown = marks.Mark("≈", f"{shown.word} with {several(verdict.exceptions, 'exception')}", "warn")
    return shown, rest if colon and head == shown.word else verdict.sentence


def _head(estate: Estate) -> Iterator[model.Fact]:
    file = estate.snapshot.estate
    section, change = file.estate, file.change
    yield model.Fact("Estate", f"{section.name} ({estate.snapshot.estate_path})")
    yield model.Fact("Releases", f"{section.from_release} to {section.to_release}")
    yield model.Fact("Path", section.path)
    if change.ticket:
        yield model.Fact("Change", change.ticket)
    for label, time in (("Window opens", change.window_start), ("Window closes", change.window_end)):
        if time:
            yield _time(label, time)
    for label, name in (("Engineer", change.engineer), ("Approver", change.approver)):
        if name:
            yield model.Fact(label, name)
    if section.session_loss_accepted_by:
        yield model.Fact("Loss of sessions accepted by", section.session_loss_accepted_by)


def _scope(estate: Estate) -> model.Scope:
    found = scope_of(estate)
    if found is None:
        nothing = model.Shown(())
        return model.Scope(False, 0, nothing, nothing, (), nothing)
    names = tuple(application.name for application in found.applications)
    return model.Scope(
        known=True,
        total=len(names),
        applications=requirements.first(names, MOST_NAMES),
        clusters=requirements.first(tuple(cluster.transaction for cluster in found.clusters), MOST_NAMES),
        excluded=tuple(model.Fact(excluded.name, excluded.reason) for excluded in found.excluded),
        disabled=requirements.first(found.disabled, MOST_NAMES),
    )


def _steps(results: Sequence[Result]) -> Iterator[model.Step]:
    planned = {step.number: step for step in grouping.steps_of(results)}
    for number, title in STEPS.items():
        step = planned.get(number)
        if step is None:
            yield model.Step(number, title, marks.UNPLANNED, "", planned=False)
            continue
        failed = [result for result in step.results if result.outcome is Outcome.FAIL]
        mark = marks.MARKS[step.state]
        if step.state is Outcome.FAIL and all(result.planned.severity != "blocker" for result in failed):
            mark = marks.WARNING
        counted = ", ".join(f"{number} {marks.MARKS[outcome].word}" for outcome in Outcome if (number := step.count(outcome)))
        yield model.Step(step.number, title, mark, counted, planned=True)


def _counts(results: Sequence[Result]) -> Iterator[model.Count]:
    for outcome, mark in marks.MARKS.items():
        found = tuple(requirements.reference(result) for result in results if result.outcome is outcome)
        yield model.Count(mark, f"all-{outcome.value.replace('_', '-')}", marks.MEANINGS[outcome], found)


def _provenance(started: RunStarted, finished: RunFinished) -> Iterator[model.Fact]:
    snapshot = started.estate.snapshot
    yield model.Fact("Verdict", f"{finished.verdict.name} (exit code {int(finished.verdict.exit_code)})")
    yield model.Fact("Judged with", f"orsgate {__version__}")
    yield model.Fact("Collected with", snapshot.tool)
    yield _time("Judging began", started.started)
    yield _time("Judging ended", finished.finished)
    yield model.Fact("Facts collected", _readable(collected(snapshot)), collected(snapshot))
    yield model.Fact("Requirements planned", f"{len(finished.results)} ({started.phase})")
    yield model.Fact("Selection", "; ".join(started.selection) or "none, everything was judged")
    yield model.Fact("Strict", "yes, warnings gate as well" if started.strict else "no, warnings do not gate")
    if finished.interrupted:
        yield model.Fact("Interrupted", "yes")
    if policy := snapshot.estate.policy:
        releases = ", ".join(map(str, policy.cassandra)) if policy.cassandra is not None else "not changed"
        yield model.Fact("Policy of this estate", f"Cassandra releases: {releases}. Reason: {policy.reason}")
    yield model.Fact("SHA-256 of the catalogue", catalogue_sha256())
    yield model.Fact("SHA-256 of the features", started.features_sha256)
    yield model.Fact("Everything, for machines", f"results.json ({SCHEMA})")


def _time(label: str, time: datetime) -> model.Fact:
    return model.Fact(label, _readable(utc(time)), utc(time))


def _readable(time: str) -> str:
    return time.replace("T", " ").replace("Z", " UTC")
