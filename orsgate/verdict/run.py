# SPDX-License-Identifier: Apache-2.0
"""A run: which requirements are planned, what became of each, and what went wrong with the run itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from orsgate.estate.deployment import Deployment
from orsgate.estate.estate import Estate, Phase
from orsgate.estate.judgement import Judgement, Outcome
from orsgate.estate.snapshot import Snapshot
from orsgate.rules.attestations import with_attestations
from orsgate.rules.catalogue import catalogue
from orsgate.verdict.entry import Entry, ScenarioSeen
from orsgate.verdict.events import Event, Reporter, ResultReady, RunFinished, RunProblem, RunStarted
from orsgate.verdict.result import Planned, Result
from orsgate.verdict.selection import Selection
from orsgate.verdict.verdict import RunState, Verdict, decide
from orsgate.verdict.waiver import Waivers
from orsgate.verdict.waiving import Waiving

_WHATEVER_WAS_ASKED = frozenset({Outcome.FAIL, Outcome.ERROR, Outcome.NOT_APPLICABLE})
"""Outcomes of an active or disruptive requirement that stand although nothing was asked for."""
NO_WAIVERS = Waivers()


class Run:
    """Answers every planned requirement exactly once, whatever the harness does.

    Args:
        snapshot: the facts.
        phase: what is judged.
        selection: what the user asked for.
        reporters: consume the events.
        strict: warnings gate as well.
        waivers: exceptions that were approved.
        at: when the run begins, which decides the waivers that count; None is now.
    """

    def __init__(
        self, snapshot: Snapshot, phase: Phase, selection: Selection, reporters: Sequence[Reporter] = (), *, strict: bool = False,
        waivers: Waivers = NO_WAIVERS, at: datetime | None = None,
    ) -> None:  # fmt: skip
        self.estate = Estate(snapshot, phase)
        self.phase: Phase = phase
        self.selection = selection
        self.strict = strict
        self.interrupted = False
        self.problems: list[RunProblem] = []
        self.verdict: Verdict | None = None
        self._reporters = reporters
        self._selected_otherwise = False
        self._of_other_phases: set[str] = set()
        self._started = at or datetime.now(UTC)
        self._waiver_files = waivers.files
        self._waiving = Waiving(waivers, self._started, strict=strict)
        self._entries = {
            requirement.id: Entry(
                Planned(requirement.id, requirement.step, requirement.phases, requirement.severity, requirement.mode),
                deselected="" if selection.selects(requirement.id, requirement.severity) else selection.reason,
            )
            for requirement in catalogue().values()
            if phase in requirement.phases
        }

    def start(self, features_sha256: str) -> None:
        """Say that judging begins."""
        planned = tuple(entry.planned for entry in self._entries.values())
        started = RunStarted(
            self.estate, self.phase, planned, self._started, features_sha256, self.selection.words, self.strict,
            self._waiver_files,
        )  # fmt: skip
        self._emit(started)
        for error in self.estate.snapshot.errors:
            self.problem(error.where, error.message)

    def plan(self, planned: Planned, where: str) -> None:
        """Plan a team's own requirement, or leave it to the phases that it is of."""
        if self.phase not in planned.phases:
            self._of_other_phases.add(planned.id)
            return
        if planned.id in self._entries:
            self.problem(where, f"{planned.id} is planned already")
            return
        deselected = "" if self.selection.selects(planned.id, planned.severity) else self.selection.reason
        self._entries[planned.id] = Entry(planned, deselected=deselected)

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids that are planned, and those of a team that are of other phases."""
        return (*self._entries, *self._of_other_phases)

    def knows(self, requirement_id: str) -> bool:
        """Whether an id is in the catalogue or a team's, of whatever phase."""
        return requirement_id in self._entries or requirement_id in self._of_other_phases or requirement_id in catalogue()

    def wants(self, requirement_id: str) -> bool:
        """Whether a requirement is planned for this phase and selected."""
        entry = self._entries.get(requirement_id)
        return entry is not None and not entry.deselected

    def seen(self, requirement_id: str, scenario: ScenarioSeen) -> None:
        """Note that the harness has a scenario for a requirement."""
        if entry := self._entries.get(requirement_id):
            entry.scenarios.append(scenario)

    def deselect(self, requirement_id: str, reason: str) -> None:
        """Note that a requirement was left out by other means than the selection."""
        self._selected_otherwise = True
        if entry := self._entries.get(requirement_id):
            entry.deselected = entry.deselected or reason

    def problem(self, where: str, message: str) -> None:
        """Note something that went wrong with the run itself."""
        found = RunProblem(where, message)
        if found not in self.problems:
            self.problems.append(found)
            self._emit(found)

    def record(self, requirement_id: str, judgements: Sequence[Judgement], broke: str, duration_ms: float) -> None:
        """Take what a scenario ended with.

        Args:
            requirement_id: whose scenario it was.
            judgements: what its steps handed over.
            broke: why it broke, in one sentence; empty where it ended well.
            duration_ms: how long it took, milliseconds.
        """
        entry = self._entries.get(requirement_id)
        if entry is None:
            self.problem(requirement_id, f"{requirement_id} was judged and is not planned")
            return
        if entry.result is not None:
            self.problem(requirement_id, f"{requirement_id} was judged a second time")
            if entry.result.outcome is not Outcome.ERROR:
                entry.result = entry.error(f"{requirement_id} was judged more than once")
            return
        entry.result = self._ended(entry, judgements, broke, duration_ms)
        self._emit(ResultReady(entry.result))

    def foreseen(self, requirement_id: str, judgements: Sequence[Judgement]) -> Result | None:
        """What would be recorded of a scenario that ended well with these judgements; None where none is planned."""
        entry = self._entries.get(requirement_id)
        return None if entry is None else self._ended(entry, judgements, "", 0.0)

    def _ended(self, entry: Entry, judgements: Sequence[Judgement], broke: str, duration_ms: float) -> Result:
        if wrong := broke or entry.fault:
            return entry.error(wrong, duration_ms)
        if len(judgements) != 1:
            count = "no judgement" if not judgements else f"{len(judgements)} judgements"
            return entry.error(f"the scenario handed over {count} instead of one", duration_ms)
        return self._waiving.waived(self._judged(entry, judgements[0], duration_ms))

    def finish(self) -> Verdict:
        """Answer what is still open and decide the verdict."""
        results = tuple(self._settled(entry) for _, entry in sorted(self._entries.items()))
        interrupted = self.interrupted or self.estate.snapshot.interrupted
        state = RunState(
            strict=self.strict,
            interrupted=interrupted,
            deadline_passed=self.estate.snapshot.deadline_passed,
            selected=bool(self.selection.words) or self._selected_otherwise,
            problems=len(self.problems),
        )
        self.verdict = decide(results, state)
        uses = self._waiving.uses(results)
        finished = RunFinished(results, tuple(self.problems), self.verdict, datetime.now(UTC), interrupted, uses)
        self._emit(finished)
        return self.verdict

    def _settled(self, entry: Entry) -> Result:
        if entry.result is not None:
            return entry.result
        if entry.deselected:
            result = entry.plain(Outcome.SKIPPED, entry.deselected)
        elif self.interrupted:
            result = entry.error("the run was interrupted before this was judged")
        elif fault := entry.fault:
            result = entry.error(fault)
        else:
            result = entry.error("its scenario was not run")
        entry.result = self._waiving.waived(result)
        self._emit(ResultReady(entry.result))
        return entry.result

    def _judged(self, entry: Entry, judgement: Judgement, duration_ms: float) -> Result:
        if (asked := self._not_asked_for(entry)) and judgement.outcome not in _WHATEVER_WAS_ASKED:
            return entry.plain(Outcome.SKIPPED, asked, duration_ms=duration_ms)
        return entry.judged(with_attestations(self.estate, entry.planned.id, judgement), duration_ms)

    def _not_asked_for(self, entry: Entry) -> str:
        """Why the facts of an active or disruptive requirement were left out on purpose; empty where they were not."""
        deployment = self.estate.snapshot.deployment
        if not isinstance(deployment, Deployment):
            return ""
        if entry.planned.mode == "active" and deployment.sessions is None:
            return "not asked for: --active"
        return "not asked for: --disruptive" if entry.planned.mode == "disruptive" and deployment.failovers is None else ""

    def _emit(self, event: Event) -> None:
        for reporter in self._reporters:
            reporter.handle(event)
