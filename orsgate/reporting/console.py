# SPDX-License-Identifier: Apache-2.0
"""The console report: ten steps, what failed and what to do, what is not known, and the verdict last."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from orsgate.estate.estate import FactUnknownError
from orsgate.estate.judgement import Outcome
from orsgate.estate.knowledge import Unknown
from orsgate.reporting.grouping import (
    QUESTIONS,
    Alike,
    StepState,
    alike,
    causes,
    is_declared_pass,
    left_behind,
    plan_notice,
    reservation,
    stand_ins,
    steps_of,
    was_read,
)
from orsgate.reporting.text import in_one_line, no_command
from orsgate.reporting.waivers import accepted_first, elsewhere, problem, without_effect
from orsgate.verdict.events import Event, RunFinished, RunStarted
from orsgate.verdict.result import Result
from orsgate.verdict.verdict import VerdictName

WORDS = {
    Outcome.PASS: ("passed", "green"),
    Outcome.FAIL: ("FAILED", "bold red"),
    Outcome.ERROR: ("ERROR", "bold magenta"),
    Outcome.BLOCKED: ("BLOCKED", "bold yellow"),
    Outcome.NOT_APPLICABLE: ("not applicable", "dim"),
    Outcome.SKIPPED: ("skipped", "yellow"),
    Outcome.MANUAL: ("to attest", "yellow"),
    Outcome.WAIVED: ("waived", "cyan"),
}
_WARNING = ("warning", "bold yellow")
_TRIED = frozenset({"active", "disruptive"})
"""Modes of requirements that are skipped one by one, not with all the others that were not selected."""
_COLOURS = {VerdictName.GO: "bold green", VerdictName.NO_GO: "bold red", VerdictName.INCONCLUSIVE: "bold yellow"}
MOST_PLACES = 6
"""Subjects shown of violations that say the same; the other reports hold all."""
MOST_GROUPS = 12
"""Kinds of violation shown of one requirement."""
MOST_NOTES = 2
"""Notes shown of one requirement."""


def step_word(step: StepState) -> tuple[str, str]:
    """The word and style for the state of a step; a failed warning does not read as a failure."""
    return _WARNING if step.state is Outcome.FAIL and step.severity == "warning" else WORDS[step.state]


class ConsoleReporter:
    """Writes the report for the person at the terminal when the run is finished.

    Args:
        to_stderr: whether standard output is taken by a result.
        verbose: show notes and evidence of everything.
        quiet: show the verdict only.
        outputs: what -> path of the files that the run writes.
        console: where to write, instead of standard output or error.
    """

    def __init__(
        self, *, to_stderr: bool = False, verbose: bool = False, quiet: bool = False,
        outputs: Mapping[str, str] | None = None, console: Console | None = None,
    ) -> None:  # fmt: skip
        self._console = console or Console(stderr=to_stderr, highlight=False, soft_wrap=False)
        self._verbose = verbose
        self._quiet = quiet
        self._outputs = outputs or {}
        self._started: RunStarted | None = None
        self._directory = ""

    def handle(self, event: Event) -> None:
        """Keep the head; write everything at the end."""
        if isinstance(event, RunStarted):
            self._started = event
            directory = Path(event.estate.snapshot.estate_path).parent
            self._directory = "" if directory == Path() else f"{directory}{os.sep}"
        elif isinstance(event, RunFinished):
            if not self._quiet and self._started is not None:
                self._head(self._started)
                self._steps(steps_of(event.results))
                self._left_behind(left_behind(self._started.estate.snapshot))
                self._failed(event.results)
                self._unknown(event)
                self._waived(event)
                self._rest(event.results)
                if self._verbose:
                    self._details(event.results)
            self._verdict(event)

    def _line(self, text: str = "", style: str = "", indent: int = 0) -> None:
        text = in_one_line(text)
        if self._console.is_terminal:
            self._console.print(Padding(Text(text, style=style), (0, 0, 0, indent), expand=False))
        else:  # whoever reads a pipe or a file wants whole lines; a build server obeys some
            self._console.print(Text(no_command(" " * indent + text), style=style), soft_wrap=True)

    def _head(self, started: RunStarted) -> None:
        estate = started.estate
        file = estate.snapshot.estate.estate
        asked = f"{started.phase}: {QUESTIONS[started.phase]}"
        self._line(f"{estate.name}: {file.from_release} to {file.to_release}, {asked}", "bold")
        try:
            scope = estate.scope
        except FactUnknownError:
            unknown = isinstance(estate.snapshot.configuration, Unknown)
            self._line("the configuration could not be read" if unknown else "the configuration was not collected")
        else:
            text = f"{estate.snapshot.estate_path}: {len(scope.applications)} ORS applications in scope"
            if scope.excluded:
                reasons = ", ".join(f"{item.name}: {item.reason}" for item in scope.excluded)
                text += f", {len(scope.excluded)} excluded ({reasons})"
            if scope.disabled:
                text += f", {len(scope.disabled)} disabled ({', '.join(scope.disabled)})"
            self._line(text)
        for part in estate.snapshot.parts:
            of = f" from {part.source}" if part.source else ""
            done = "collected" if was_read(estate.snapshot, part) else "tried, and not read,"
            self._line(f"{part.part} {done} {part.collected:%Y-%m-%d %H:%M} UTC on {part.host} by {part.user}{of}", "dim")
        for notice in filter(None, (plan_notice(estate.snapshot), reservation(estate.snapshot, started.phase))):
            self._line(notice, "bold yellow")
        for stand_in in stand_ins(estate.snapshot, started.phase):
            self._line(f"measured against a stand-in: {stand_in}", "bold yellow")
        if policy := estate.snapshot.estate.policy:
            self._line(f"policy of the estate file: Cassandra {', '.join(policy.cassandra or ())} ({policy.reason})", "yellow")
        if started.selection:
            self._line(f"selection: {'; '.join(started.selection)}", "yellow")

    def _left_behind(self, left: Sequence[str]) -> None:
        """Never shortened: nobody else ends what the tests left."""
        if left:
            self._line()
            self._line("Left behind by the tests, to be done by hand", "bold red")
        for sentence in left:
            self._line(sentence, indent=2)

    def _steps(self, steps: list[StepState]) -> None:
        self._line()
        for step in steps:
            word, style = step_word(step)
            counted = [f"{step.count(outcome)} {WORDS[outcome][0].lower()}" for outcome in Outcome if step.count(outcome)]
            if step.advice:
                counted.append(f"{step.advice} advice")
            line = Text(f"{step.number:>4}  {step.title:<26}")
            line.append(f"{word:<16}", style=style)
            line.append(", ".join(counted), style="dim")
            self._console.print(line, soft_wrap=True)

    def _failed(self, results: tuple[Result, ...]) -> None:
        for severity, title in (("blocker", "Blockers that failed"), ("warning", "Warnings"), ("advice", "Advice")):
            found = [result for result in results if result.outcome is Outcome.FAIL and result.planned.severity == severity]
            if not found:
                continue
            self._line()
            self._line(title, "bold")
            for result in found:
                self._line(f"{result.id}  {result.planned.title}", "red" if severity == "blocker" else "yellow", 2)
                self._violations(result)
                if result.causes:
                    self._line(f"besides, not known: {'; '.join(result.causes)}", "yellow", 4)

    def _violations(self, result: Result) -> None:
        groups = alike(result)
        fixes = {group.fix for group in groups}
        shown = groups if self._verbose else groups[:MOST_GROUPS]
        for group in shown:
            self._group(group, with_fix=len(fixes) > 1)
        if len(groups) > len(shown):
            self._line(f"and {len(groups) - len(shown)} more kinds of violation: --verbose or a report shows them", "dim", 4)
        if len(fixes) == 1:
            self._line(f"Fix: {groups[0].fix}", "cyan", 4)

    def _group(self, group: Alike, *, with_fix: bool) -> None:
        subjects = [self._subject(subject, where) for subject, where in group.places]
        rest = len(subjects) - MOST_PLACES
        shown = ", ".join(subjects[:MOST_PLACES]) + (f" and {rest} more" if rest > 0 else "")
        self._line(f"{shown}: {self._near(group.found)}; expected: {self._near(group.expected)}", "", 4)
        if with_fix:
            self._line(f"Fix: {group.fix}", "cyan", 6)

    def _subject(self, subject: str, where: str) -> str:
        """A subject with its place, unless that is the subject itself in a live source."""
        return f"{subject} ({self._near(where)})" if where and not where.endswith(f" {subject}") else subject

    def _near(self, where: str) -> str:
        """A place as seen from the directory of the estate file, which the head of the report names."""
        return re.sub(rf"(?<![\w./\\-]){re.escape(self._directory)}", "", where) if self._directory else where

    def _unknown(self, event: RunFinished) -> None:
        found = causes(event.results)
        if found or event.problems:
            self._line()
            self._line("Not known", "bold")
        for trouble in event.problems:
            self._line(trouble.message, "magenta", 2)
        for cause, blocked in found.items():
            self._line(self._near(cause), "yellow", 2)
            ids = ", ".join(
                result.id + ("" if result.planned.severity == "blocker" else f" ({result.planned.severity})")
                for result in blocked
            )
            self._line(f"keeps from being judged: {ids}", "dim", 4)

    def _waived(self, event: RunFinished) -> None:
        """What was accepted by name, with what is the matter; and the waivers that bend nothing."""
        found = [result for result in event.results if result.outcome is Outcome.WAIVED]
        if found:
            self._line()
            self._line("Waived: not met or not proven, and accepted by name", "bold")
        for result in found:
            before = WORDS[result.original_outcome][0].lower()
            self._line(f"{_named(result)}  {result.planned.title}: {before}, waived", "cyan", 2)
            self._violations(result)
            if not result.violations or result.causes:
                self._line(f"not proven: {self._near('; '.join(result.causes) or result.reason)}", "", 4)
            for sentence in accepted_first(result.waivers):
                self._line(sentence, "cyan", 4)
        useless, foreign = without_effect(event.waivers), elsewhere(event.waivers)
        if useless or foreign:
            self._line()
            self._line("Waivers that do not apply", "bold")
        for use in useless:
            self._line(f"{use.waiver.requirement}  {self._near(problem(use))}", "yellow", 2)
        if foreign:
            ids = ", ".join(dict.fromkeys(use.waiver.requirement for use in foreign))
            self._line(f"for requirements that this run does not judge: {ids}", "dim", 2)

    def _rest(self, results: tuple[Result, ...]) -> None:
        waiting = [result for result in results if result.outcome in {Outcome.MANUAL, Outcome.SKIPPED}]
        if waiting:
            self._line()
            self._line("Not proven", "bold")
            groups: dict[tuple[Outcome, str], list[Result]] = {}
            for result in waiting:
                groups.setdefault((result.outcome, result.reason), []).append(result)
            for (outcome, reason), group in groups.items():
                self._line(f"{WORDS[outcome][0]}: {reason}", "yellow", 2)
                ids = ", ".join(_named(result) for result in group)
                named = outcome is Outcome.MANUAL or all(result.planned.mode in _TRIED for result in group)
                self._line(ids if named else _requirements(len(group)), "dim", 4)
        passed = sum(result.outcome is Outcome.PASS for result in results)
        declared = sum(is_declared_pass(result) for result in results)
        self._line()
        weak = f", {declared} of them on facts that were declared or attested, not observed" if declared else ""
        self._line(f"{_requirements(passed)} passed{weak}.")
        self._notes(results)

    def _notes(self, results: tuple[Result, ...]) -> None:
        noted = [result for result in results if result.judgement.notes]
        if noted and not self._verbose:
            self._line()
            self._line("Notes, without effect on the verdict", "bold")
            for result in noted:
                notes = result.judgement.notes
                rest = f" (and {len(notes) - MOST_NOTES} more)" if len(notes) > MOST_NOTES else ""
                for number, note in enumerate(notes[:MOST_NOTES], 1):
                    last = rest if number == MOST_NOTES else ""
                    self._line(f"{result.id}  {self._near(note)}{last}", "", 2)

    def _details(self, results: tuple[Result, ...]) -> None:
        for result in results:
            word, style = WORDS[result.outcome]
            self._line()
            self._line(f"{result.id}  {word}  {result.planned.title}", style)
            if result.reason:
                self._line(result.reason, "", 4)
            for note in result.judgement.notes:
                self._line(f"note: {note}", "", 4)
            for item in result.evidence:
                self._line(f"{item.subject}: {item.text} ({item.where})", "dim", 4)

    def _verdict(self, event: RunFinished) -> None:
        if not self._quiet:
            self._line()
            for what, path in self._outputs.items():
                self._line(f"{what}: {path}")
        self._line(event.verdict.sentence, _COLOURS[event.verdict.name])
        if self._started is not None and (notice := plan_notice(self._started.estate.snapshot)):
            self._line(notice, "bold yellow")


def _named(result: Result) -> str:
    """The id, and the severity where the result does not gate."""
    return result.id if result.planned.severity == "blocker" else f"{result.id} ({result.planned.severity})"


def _requirements(number: int) -> str:
    return f"{number} requirement{'s' * (number != 1)}"
