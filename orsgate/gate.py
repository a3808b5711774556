# SPDX-License-Identifier: Apache-2.0
"""The pytest plugin object that turns what pytest does with each scenario into results of a run."""

from __future__ import annotations

import re
import time
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pytest_bdd.scenario import scenario_wrapper_template_registry

from orsgate.estate.judgement import Outcome
from orsgate.reporting.grouping import violation_line
from orsgate.verdict.case import Case
from orsgate.verdict.entry import ScenarioSeen
from orsgate.verdict.result import Result
from orsgate.verdict.run import Run

if TYPE_CHECKING:
    from pytest_bdd.parser import ScenarioTemplate

ID_TAG = re.compile(r"[A-Z][A-Z0-9]*-\d{4}")
CASE = pytest.StashKey[Case]()
_BROKE = pytest.StashKey[str]()


class Gate:
    """Feeds a run from all phases of pytest: collection, setup, call and teardown of each scenario.

    No outcome rests on pytest's own passed or failed: a phase that did not pass makes the result an error, and
    else the judgement that the scenario handed over decides.
    """

    def __init__(self, run: Run) -> None:
        self.run = run

    def pytest_configure(self, config: pytest.Config) -> None:
        """Register the ids of the run as markers; those of a team are in no catalogue."""
        for name in self.run.ids:
            config.addinivalue_line("markers", f"{name}: a requirement")

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Tell the run which scenarios there are, and keep those it wants."""
        kept = []
        for item in items:
            scenario = _scenario(item)
            if scenario is None:
                self.run.problem(item.nodeid, f"{item.nodeid} is no scenario; the harness holds nothing else")
                continue
            seen = _seen(scenario)
            ids = [tag for tag in seen.tags if ID_TAG.fullmatch(tag)]
            if len(ids) != 1:
                what = "no id" if not ids else "more than one id"
                self.run.problem(seen.where, f'the scenario "{seen.name}" carries {what} of the form ORS-0101')
                continue
            self.run.seen(ids[0], seen)
            if not self.run.knows(ids[0]):
                self.run.problem(seen.where, f"{ids[0]} is not in the catalogue")
            elif self.run.wants(ids[0]):
                kept.append(item)
        items[:] = kept

    def pytest_deselected(self, items: list[pytest.Item]) -> None:
        """Note what pytest's own options leave out."""
        for item in items:
            self.run.deselect(_requirement_id(item), "deselected by an option of pytest")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note what could not be collected."""
        if not report.passed:
            self.run.problem(
                report.nodeid or "collection", f"{report.nodeid} could not be read: {_last_line(report.longreprtext)}"
            )

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Record the result after setup, call and teardown."""
        started = time.perf_counter()
        outcome = yield
        case = item.stash.get(CASE, None)
        judgements = case.judgements if case else []
        duration_ms = (time.perf_counter() - started) * 1000
        self.run.record(_requirement_id(item), judgements, item.stash.get(_BROKE, ""), duration_ms)
        return outcome

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Note a phase that did not pass; show pytest's own user the outcome of the judgement."""
        report = yield
        if report.outcome != "passed":
            what = f"{report.when}: {_one_line(call.excinfo)}" if call.excinfo else f"{report.when} {report.outcome}"
            item.stash[_BROKE] = item.stash.get(_BROKE, "") or what
        elif report.when == "call":
            case = item.stash.get(CASE, None)
            _show(item, report, self.run.foreseen(_requirement_id(item), case.judgements if case else []))
        return report

    def pytest_internalerror(self, excinfo: pytest.ExceptionInfo[BaseException]) -> bool:
        """Note that pytest itself, or a hook, broke; what is returned keeps pytest from writing the traceback."""
        self.run.problem("harness", f"the harness broke: {_one_line(excinfo)}")
        return True

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Note that the user interrupted the run; pytest says the same word where it stops by itself."""
        if isinstance(excinfo.value, pytest.Session.Interrupted):
            self.run.problem("harness", f"the harness stopped: {_one_line(excinfo)}")
        else:
            self.run.interrupted = True


def _scenario(item: pytest.Item) -> ScenarioTemplate | None:
    function = getattr(item, "obj", None)
    return scenario_wrapper_template_registry.get(function) if function is not None else None


def _seen(scenario: ScenarioTemplate) -> ScenarioSeen:
    where = f"{Path(scenario.feature.filename).name}:{scenario.line_number}"
    steps = tuple(f"{step.keyword} {step.name}" for step in scenario.steps)
    tags = frozenset(scenario.tags | scenario.feature.tags)
    return ScenarioSeen(scenario.name, tags, scenario.description or "", where, steps)


def _requirement_id(item: pytest.Item) -> str:
    scenario = _scenario(item)
    tags = _seen(scenario).tags if scenario else frozenset()
    return next((tag for tag in tags if ID_TAG.fullmatch(tag)), item.nodeid)


def _show(item: pytest.Item, report: pytest.TestReport, result: Result | None) -> None:
    """Make pytest's own report say what comes out; what does not gate is no failure, since the session may end 0."""
    if result is None or result.outcome is Outcome.ERROR:
        report.outcome = "failed"
        report.longrepr = result.reason if result else "it is not planned"
    elif result.outcome is not Outcome.PASS:
        found = map(violation_line, result.violations)
        said = f"{result.original_outcome}{', waived' if result.outcome is Outcome.WAIVED else ''}: {result.reason}"
        text = "\n".join([said, *found])
        gates = result.planned.severity == "blocker" and result.outcome in {Outcome.FAIL, Outcome.BLOCKED}
        report.outcome = "failed" if gates else "skipped"
        report.longrepr = text if gates else (str(item.path), 0, text)


def _one_line(excinfo: pytest.ExceptionInfo[BaseException]) -> str:
    """An exception as one sentence: type, message, and the place it was raised at."""
    last = excinfo.traceback[-1]
    message = _last_line(str(excinfo.value))
    return f"{excinfo.typename}: {message} ({Path(str(last.path)).name}:{last.lineno + 1})"


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1].removeprefix("E").strip() if lines else ""
