# SPDX-License-Identifier: Apache-2.0
"""Nothing is lost on the way into any format: the same ids, outcomes, verdict and errors come back from each."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from importlib import import_module
from itertools import product
from typing import cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orsgate.cli.reports import REPORTS
from orsgate.estate.estate import Estate
from orsgate.estate.field_types import usable_name
from orsgate.estate.judgement import Judgement, Outcome
from orsgate.reporting.grouping import notices
from orsgate.reporting.reporter import FileReporter
from orsgate.reporting.text import utc
from orsgate.rules.catalogue import NEVER_WAIVABLE, catalogue
from orsgate.verdict.entry import ScenarioSeen
from orsgate.verdict.events import RunFinished, RunStarted
from orsgate.verdict.result import Planned
from orsgate.verdict.run import Run
from orsgate.verdict.selection import Selection
from orsgate.verdict.waiver import Waivers
from tests import make
from tests.reporting import runs
from tests.reporting.read_back import READERS, Read
from tests.reporting.test_results_json import JUDGEMENTS, TEXT

PHASES = ("setup", "call", "teardown")
TITLES = TEXT.filter(bool)
NAMES = TEXT.filter(usable_name)
SAID = st.text("abXY019 <>&\"'%,:|\\=+-@/[]{}", max_size=12).map(lambda text: " ".join(f"M{text}Z".split()))
"""What a person typed, with what each of the formats gives a meaning to."""
ENDS = (timedelta(seconds=1), timedelta(hours=3), timedelta(days=400))


@dataclass(frozen=True)
class Happening:
    """What happens to one requirement while pytest runs.

    Attributes:
        scenarios: how many carry its id.
        times: how often it is judged; 0 is never.
        judgements: what its steps hand over.
        broke: why a phase of pytest did not pass; empty where all did.
        deselected: why it was left out; empty where it was not.
    """

    title: str = "Title"
    steps: tuple[str, ...] = ("Given a", "Then b")
    scenarios: int = 1
    tags_agree: bool = True
    described: bool = True
    times: int = 1
    judgements: tuple[Judgement, ...] = (runs.PASS,)
    broke: str = ""
    deselected: str = ""


JUDGED = st.sampled_from(
    [runs.PASS, runs.FAIL, runs.BLOCKED, runs.NOT_APPLICABLE, runs.MANUAL, runs.DECLARED, Judgement()]
) | JUDGEMENTS  # fmt: skip
STEPS = st.lists(st.builds("{} {}".format, st.sampled_from(["Given", "When", "Then", "And", "*", "Wenn", "Examples:"]), TEXT))
HAPPENINGS = st.builds(
    Happening,
    title=TITLES,
    steps=STEPS.map(tuple),
    scenarios=st.sampled_from([1, 1, 1, 1, 0, 2]),
    tags_agree=st.sampled_from([True, True, True, False]),
    described=st.sampled_from([True, True, True, False]),
    times=st.sampled_from([1, 1, 1, 1, 0, 2]),
    judgements=st.lists(JUDGED, min_size=1, max_size=1).map(tuple) | st.lists(JUDGED, max_size=2).map(tuple),
    broke=st.just("") | st.builds("{}: {}".format, st.sampled_from(PHASES), TEXT),
    deselected=st.just("") | TEXT,
)
TEAM = Planned("ACME-0101", 1, ("readiness", "deployment"), "advice", "passive", "team")
IDS = (*catalogue(), TEAM.id)


@dataclass
class Kept:
    """A reporter that keeps the first and the last event."""

    started: RunStarted | None = None
    finished: RunFinished | None = None

    def handle(self, event: object) -> None:
        self.started = event if isinstance(event, RunStarted) else self.started
        self.finished = event if isinstance(event, RunFinished) else self.finished

    @property
    def both(self) -> tuple[RunStarted, RunFinished]:
        assert self.started is not None
        assert self.finished is not None
        return self.started, self.finished


@st.composite
def arbitrary_runs(draw: st.DrawFn) -> tuple[RunStarted, RunFinished]:
    """A run to which anything happens that pytest can do to one."""
    estate = restricted(
        make.estate(phase=draw(st.sampled_from(["readiness", "deployment"])), name=draw(NAMES)),
        draw(st.just("") | SAID), draw(st.lists(SAID, max_size=2)),
    )  # fmt: skip
    kept = Kept()
    skip = tuple(draw(st.lists(st.sampled_from(["step:8", "severity:advice", "ORS-0201"]), max_size=2)))
    named = draw(st.sets(st.sampled_from([name for name in IDS if name not in NEVER_WAIVABLE]), max_size=3))
    outcomes = draw(st.sampled_from([(Outcome.FAIL,), (Outcome.FAIL, Outcome.BLOCKED, Outcome.MANUAL, Outcome.SKIPPED)]))
    wide = tuple(
        runs.waiver(
            name,
            outcome,
            "*",
            approver=draw(SAID),
            until=runs.STARTED + draw(st.sampled_from(ENDS)),
            where=f"waivers.toml:{line}",
        )
        for line, (name, outcome) in enumerate(product(sorted(named), outcomes), 1)
    )
    run = Run(
        estate.snapshot, estate.phase, Selection(skip=skip), [kept], strict=draw(st.booleans()),
        waivers=Waivers(wide, allow_wide=True), at=runs.STARTED,
    )  # fmt: skip
    run.plan(TEAM, "acme.feature")
    run.start("f" * 64)
    default = draw(st.sampled_from([Happening(), Happening(judgements=(runs.DECLARED,)), Happening(times=0)]))
    happenings = draw(st.dictionaries(st.sampled_from(IDS), HAPPENINGS, max_size=8))
    for name in IDS:
        _let_happen(run, name, happenings.get(name, default))
    for where, message in draw(st.lists(st.tuples(TEXT, TEXT), max_size=3)):
        run.problem(where, message)
    run.interrupted = draw(st.booleans())
    run.finish()
    return kept.both


def _let_happen(run: Run, name: str, happening: Happening) -> None:
    tags = frozenset(catalogue()[name].tags if name in catalogue() else {name})
    description = f"Why: {name} matters.\nFix: mend it.\nSource: the procedure." if happening.described else "no part of it"
    if not happening.tags_agree:
        tags |= {"manual", "disruptive"}
    for _ in range(happening.scenarios):
        run.seen(name, ScenarioSeen(happening.title, tags, description, "made_up.feature:3", happening.steps))
    if happening.deselected:
        run.deselect(name, happening.deselected)
    elif run.wants(name):
        for _ in range(happening.times):
            run.record(name, happening.judgements, happening.broke, 1.5)


def restricted(estate: Estate, plan: str, stand_ins: Sequence[str]) -> Estate:
    """The same estate with a plan, and with stand-ins in its last parts."""
    parts = list(estate.snapshot.parts)
    for number, name in enumerate(stand_ins, 1):
        parts[-number] = replace(parts[-number], stand_ins=(name,))
    return Estate(replace(estate.snapshot, plan=plan, parts=tuple(parts)), estate.phase)


def written(started: RunStarted, finished: RunFinished) -> dict[str, str]:
    """Every report of a run, as text."""
    return {report.name: written_as(report.name, started, finished) for report in REPORTS}


def written_as(name: str, started: RunStarted, finished: RunFinished) -> str:
    """One report of a run, by the name of its option."""
    module, _, reporter_class = next(report.reporter for report in REPORTS if report.name == name).partition(":")
    stream = io.StringIO(newline="")
    reporter = cast("FileReporter", getattr(import_module(module), reporter_class)(stream))
    reporter.handle(started)
    reporter.handle(finished)
    return stream.getvalue()


def require_conserved(started: RunStarted, finished: RunFinished) -> None:
    outcomes = {result.id: result.outcome.value for result in finished.results}
    waivers = ((result.id, each.approver, utc(each.until)) for result in finished.results for each in result.waivers)
    expected = Read(
        outcomes, finished.verdict.name.value, len(finished.problems),
        frozenset(notices(started.estate.snapshot, started.phase)), frozenset(waivers),
    )  # fmt: skip
    texts = written(started, finished)
    assert texts.keys() == READERS.keys()
    for name, text in texts.items():
        text.encode()  # half a character would end the program
        read = READERS[name](text)
        assert read.outcomes == expected.outcomes, name
        assert read.verdict in {expected.verdict, None}, name
        assert read.errors in {expected.errors, None}, name
        assert read.notices == expected.notices, name
        assert read.waivers == expected.waivers, name
        assert name == "html" or None not in {read.verdict, read.errors}


@pytest.mark.slow
def test_every_outcome_arrives_in_every_format():
    started, finished = runs.every_outcome()
    assert {result.outcome for result in finished.results} == set(Outcome)
    require_conserved(started, finished)


@pytest.mark.slow
@pytest.mark.parametrize("others", [runs.PASS, runs.MANUAL, runs.DECLARED])
def test_what_restricts_a_verdict_arrives_in_every_format(others: Judgement):
    estate = restricted(make.estate(), "plans/exports", ["a twin of ORS", "a twin of GAX"])
    require_conserved(*runs.run({}, estate, others=others))


@pytest.mark.slow
def test_one_stage_arrives_in_every_format():
    stages = [{"name": "Backups", "applications": ["*_B"]}, {"name": "<Primaries>", "applications": ["*"]}]
    estate = make.estate(phase="deployment", file={"stage": stages}, path="zero-loss", session_loss_accepted_by=None)
    between = restricted(Estate(replace(estate.snapshot, stage=1), "deployment"), "", ["a twin of ORS"])
    require_conserved(*runs.run({}, between))


@pytest.mark.slow
def test_a_run_of_the_estate_itself_has_no_notice():
    assert {name: READERS[name](text).notices for name, text in written(*runs.run({})).items()} == dict.fromkeys(
        READERS, frozenset()
    )


@pytest.mark.slow
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(arbitrary_runs())
def test_whatever_happens_arrives_in_every_format(run):
    require_conserved(*run)


@pytest.mark.slow
@pytest.mark.parametrize("name", READERS)
def test_a_lost_or_changed_result_would_be_noticed(name: str):
    """The readers read: each tells a run from one that lacks a requirement, and from one where an outcome differs."""
    started, finished = runs.every_outcome()
    whole = READERS[name](written(started, finished)[name])
    fewer = READERS[name](written(started, replace(finished, results=finished.results[1:]))[name])
    assert whole.outcomes.keys() - fewer.outcomes.keys() == {finished.results[0].id}
    other = runs.waive(finished, "ORS-0204")
    assert READERS[name](written(started, other)[name]).outcomes == whole.outcomes | {"ORS-0204": "waived"}
