# SPDX-License-Identifier: Apache-2.0
"""Runs fed by hand, so that every outcome can be had without a harness."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from orsgate.cli.harness import judge, vocabulary
from orsgate.cli.team import Team
from orsgate.estate.estate import Estate
from orsgate.estate.judgement import Evidence, Gap, Judgement, Outcome, Violation, not_applicable
from orsgate.estate.knowledge import Basis, Unknown
from orsgate.estate.snapshot import Snapshot
from orsgate.rules.catalogue import catalogue
from orsgate.verdict.entry import ScenarioSeen
from orsgate.verdict.events import Event, RunFinished, RunStarted
from orsgate.verdict.result import Result
from orsgate.verdict.run import NO_WAIVERS, Run
from orsgate.verdict.selection import Selection
from orsgate.verdict.waiver import Waiver, Waivers
from tests import make

STARTED = datetime(2026, 1, 31, 1, 0, 5, tzinfo=UTC)
FINISHED = datetime(2026, 1, 31, 1, 0, 7, 999999, tzinfo=UTC)
PASS = Judgement(("ORS_1",), evidence=(Evidence("ORS_1", "is as it should be", "exports/ORS_1.cfg:3"),))
FAIL = Judgement(
    ("ORS_1",), (Violation("ORS_1", "log/all = network", "log/all = stdout", "exports/ORS_1.cfg:4"),), notes=("a note",)
)
TROUBLE = Unknown("exports/ORS_2.cfg cannot be read: no permission", "exports/ORS_2.cfg")
BLOCKED = Judgement(("ORS_2",), gaps=(Gap("ORS_2", TROUBLE),))
NOT_APPLICABLE = not_applicable("persistence is none")
MANUAL = replace(PASS, manual="a named person attests that sessions may be lost")
DECLARED = replace(PASS, basis=Basis.DECLARED)
BROKE = "call: ValueError: made to break (test.py:1)"


@dataclass
class Recorder:
    """A reporter that keeps what it is told."""

    events: list[Event] = field(default_factory=list)

    def handle(self, event: Event) -> None:
        self.events.append(event)


def scenario(requirement_id: str, title: str = "") -> ScenarioSeen:
    """A scenario as the catalogue wants it."""
    description = f"Why: {requirement_id} matters.\nFix: mend it\n| at once.\nSource: the procedure, somewhere."
    steps = ("Given the options of every application in scope", f'Then none of them sets "made/up-{requirement_id}"')
    tags = catalogue()[requirement_id].tags
    return ScenarioSeen(title or f"Title of {requirement_id}", tags, description, "made_up.feature:3", steps)


def run(
    judged: Mapping[str, Judgement | str],
    estate: Estate | None = None,
    *,
    others: Judgement | None = PASS,
    skip: Sequence[str] = (),
    problems: Sequence[tuple[str, str]] = (),
    interrupted: bool = False,
    strict: bool = False,
    scenarios: Mapping[str, ScenarioSeen] | None = None,
    waivers: Waivers = NO_WAIVERS,
) -> tuple[RunStarted, RunFinished]:
    """The first and the last event of a run, its times frozen.

    Args:
        judged: id -> its judgement, or why its scenario broke.
        estate: what is judged; by default the healthy one, before step 9.
        others: the judgement of the rest; None leaves them unanswered.
        skip: selectors to leave out.
        problems: of the run itself, where and message.
        interrupted: by the user.
        strict: warnings gate as well.
        scenarios: id -> its scenario, instead of a made up one.
        waivers: exceptions that were approved.
    """
    estate = estate or make.estate()
    recorder = Recorder()
    made = Run(estate.snapshot, estate.phase, Selection(skip=tuple(skip)), [recorder], strict=strict, waivers=waivers, at=STARTED)
    made.interrupted = interrupted
    made.start("f" * 64)
    for requirement in catalogue().values():
        if not made.wants(requirement.id):
            continue
        made.seen(requirement.id, (scenarios or {}).get(requirement.id) or scenario(requirement.id))
        answer = judged.get(requirement.id, others)
        if isinstance(answer, str):
            made.record(requirement.id, (), answer, 1.5)
        elif answer is not None:
            made.record(requirement.id, (answer,), "", 1.5)
    for where, message in problems:
        made.problem(where, message)
    made.finish()
    started, finished = recorder.events[0], recorder.events[-1]
    assert isinstance(started, RunStarted)
    assert isinstance(finished, RunFinished)
    return started, replace(finished, finished=FINISHED)


def judged(snapshot: Snapshot, waivers: Waivers = NO_WAIVERS, team: Path | None = None) -> tuple[RunStarted, RunFinished]:
    """The first and the last event of a run in which the harness judges a snapshot, with a team's features where given."""
    recorder = Recorder()
    made = Run(snapshot, "readiness", Selection(), [recorder], waivers=waivers)
    judge(made, Team.read(team, vocabulary()) if team else None)
    made.finish()
    started, finished = recorder.events[0], recorder.events[-1]
    assert isinstance(started, RunStarted)
    assert isinstance(finished, RunFinished)
    return started, finished


def waiver(requirement_id: str, outcome: Outcome = Outcome.FAIL, subject: str = "ORS_1", **fields: Any) -> Waiver:
    """A waiver that counts at ``STARTED``."""
    given: dict[str, Any] = {
        "reason": "the vendor mends it in the next build", "approver": "A. Approver (made up)", "risk": "calls may wait",
        "ticket": "CHG-1", "begins": STARTED - timedelta(hours=1), "until": STARTED + timedelta(hours=1),
        "where": "waivers.toml:1",
    }  # fmt: skip
    return Waiver(requirement_id, outcome, subject, **(given | fields))


def waive(finished: RunFinished, requirement_id: str) -> RunFinished:
    """The same run with a failed requirement waived."""

    def waived(result: Result) -> Result:
        return replace(result, outcome=Outcome.WAIVED, waived_from=result.outcome, waivers=(waiver(result.id, result.outcome),))

    return replace(finished, results=tuple(waived(each) if each.id == requirement_id else each for each in finished.results))


def every_outcome() -> tuple[RunStarted, RunFinished]:
    """A run in which each of the eight outcomes occurs, and a pass on declared facts."""
    return run(
        {
            "ORS-0101": FAIL, "ORS-0102": BLOCKED, "ORS-0103": BROKE, "ORS-0104": NOT_APPLICABLE, "ORS-0105": MANUAL,
            "ORS-0106": DECLARED, "ORS-0201": FAIL, "ORS-0204": FAIL, "ORS-0501": BLOCKED,
        },
        skip=("step:8",),
        problems=[("orsgate.toml", "made to go wrong")],
        waivers=Waivers((waiver("ORS-0201"),)),
    )  # fmt: skip
