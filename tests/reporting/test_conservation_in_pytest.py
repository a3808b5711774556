# SPDX-License-Identifier: Apache-2.0
"""The same with pytest itself: whatever phase breaks, and however, every format tells the same of every requirement."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Literal, NoReturn, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orsgate.cli import harness
from orsgate.estate.judgement import Outcome
from orsgate.estate.snapshot import Snapshot
from orsgate.home import harness_directory
from orsgate.rules.catalogue import catalogue
from orsgate.verdict.events import RunFinished, RunStarted
from orsgate.verdict.run import Run
from orsgate.verdict.selection import Selection
from tests.acceptance.conftest import healthy_snapshot
from tests.faults.workshop import open_workshop
from tests.reporting.test_conservation import Kept, require_conserved

pytestmark = pytest.mark.slow

Phase = Literal["setup", "call", "teardown", "deselected"]
READINESS = tuple(name for name, requirement in catalogue().items() if "readiness" in requirement.phases)


def _raise(error: BaseException) -> NoReturn:
    raise error


BREAKS: dict[str, Callable[[], object]] = {
    "error": lambda: _raise(ValueError("made to break\x1b[31m\n</script>")),
    "assertion": lambda: _raise(AssertionError("")),
    "skip": lambda: pytest.skip("made to be skipped"),
    "fail": lambda: pytest.fail("made to fail"),
    "xfail": lambda: pytest.xfail("made to be expected"),
    "system exit": lambda: _raise(SystemExit(0)),
}
ENDS: dict[str, Callable[[], object]] = {
    "interrupted": lambda: _raise(KeyboardInterrupt()),
    "pytest.exit": lambda: pytest.exit("made to stop", returncode=0),
}
"""What ends the whole session."""


class Breaking:
    """A plugin that breaks phases of scenarios.

    Args:
        plan: id -> the phase and what is done in it.
    """

    def __init__(self, plan: dict[str, tuple[Phase, str]]) -> None:
        self.plan = plan
        self.pytest_runtest_setup = self._in("setup")
        self.pytest_runtest_call = self._in("call")
        self.pytest_runtest_teardown = self._in("teardown")

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        dropped = [item for item in items if self._planned(item)[0] == "deselected"]
        items[:] = [item for item in items if item not in dropped]
        if dropped:
            config.hook.pytest_deselected(items=dropped)

    def _in(self, phase: Phase) -> Callable[[pytest.Item], None]:
        @pytest.hookimpl(tryfirst=True)
        def hook(item: pytest.Item) -> None:
            planned, how = self._planned(item)
            if planned == phase:
                (BREAKS | ENDS)[how]()

        return hook

    def _planned(self, item: pytest.Item) -> tuple[str, str]:
        return next((self.plan[mark.name] for mark in item.iter_markers() if mark.name in self.plan), ("", ""))


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return healthy_snapshot(open_workshop(tmp_path_factory.mktemp("healthy") / "estate"))


def judged(snapshot: Snapshot, plan: dict[str, tuple[Phase, str]]) -> tuple[RunStarted, RunFinished]:
    """The run of the whole harness with phases that break."""
    kept = Kept()
    run = Run(snapshot, "readiness", Selection(), [kept])
    run.start("f" * 64)
    home, path = harness_directory(), list(sys.path)
    core = harness.vocabulary()
    harness._session(run, home, home / "features", (*core, cast("ModuleType", Breaking(plan))))
    sys.path[:] = path
    run.finish()
    return kept.both


def test_undisturbed_it_is_go(snapshot: Snapshot) -> None:
    started, finished = judged(snapshot, {})
    assert finished.verdict.name.value == "go"
    require_conserved(started, finished)


@pytest.mark.parametrize("phase", ["setup", "call", "teardown"])
@pytest.mark.parametrize("how", [*BREAKS, *ENDS])
def test_a_phase_that_breaks_is_an_error_in_every_format(snapshot: Snapshot, phase: Phase, how: str) -> None:
    started, finished = judged(snapshot, {"ORS-0305": (phase, how)})
    outcomes = {result.id: result.outcome for result in finished.results}
    assert outcomes["ORS-0305"] is Outcome.ERROR
    assert finished.interrupted == (how in ENDS)
    require_conserved(started, finished)


PLANS = st.dictionaries(
    st.sampled_from(READINESS),
    st.tuples(st.sampled_from(["setup", "call", "teardown"]), st.sampled_from([*BREAKS])) | st.just(("deselected", "")),
    max_size=6,
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(plan=PLANS, end=st.none() | st.tuples(st.sampled_from(READINESS), st.sampled_from([*ENDS])))
def test_whatever_breaks_arrives_in_every_format(snapshot: Snapshot, plan, end) -> None:
    if end is not None:
        plan = plan | {end[0]: ("call", end[1])}
    started, finished = judged(snapshot, plan)
    outcomes = {result.id: result.outcome for result in finished.results}
    for name, (phase, _) in plan.items():
        assert outcomes[name] is (Outcome.SKIPPED if phase == "deselected" else Outcome.ERROR), name
    require_conserved(started, finished)
