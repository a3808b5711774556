# SPDX-License-Identifier: Apache-2.0
"""The difference between the healthy estate and broken ones: what the fault broke, no more and no less, and back again."""

from __future__ import annotations

from pathlib import Path

import pytest

from orsgate.cli.harness import judge
from orsgate.estate.judgement import MET, Outcome
from orsgate.reporting.history.comparing import difference_between
from orsgate.reporting.history.difference import Change, Compared
from orsgate.reporting.history.reading import run_of
from orsgate.reporting.history.stored import StoredRun
from orsgate.verdict.events import RunFinished, RunStarted
from orsgate.verdict.run import Run
from orsgate.verdict.selection import Selection
from tests.faults.test_faults import FAULTS
from tests.faults.workshop import Fault, open_workshop
from tests.reporting.runs import Recorder

pytestmark = pytest.mark.slow

SOME = [item for item in FAULTS if item.phase == "readiness"][::8]


def stored(directory: Path, item: Fault | None = None) -> StoredRun:
    workshop = open_workshop(directory)
    for change in item.changes if item else ():
        change(workshop)
    recorder = Recorder()
    run = Run(workshop.alter(workshop.collected()), "readiness", Selection(), [recorder])
    judge(run)
    run.finish()
    started, finished = recorder.events[0], recorder.events[-1]
    assert isinstance(started, RunStarted)
    assert isinstance(finished, RunFinished)
    return run_of(started, finished)


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> StoredRun:
    return stored(tmp_path_factory.mktemp("healthy"))


def ids(found: Compared, *changes: Change) -> set[str]:
    return {each.id for change in changes for each in found.of(change)}


@pytest.mark.parametrize("item", SOME, ids=lambda item: item.name)
def test_a_fault_is_new_and_its_end_is_the_end_of_it(item: Fault, healthy: StoredRun, tmp_path: Path) -> None:
    broken = stored(tmp_path, item)
    met = {each.id for each in healthy.results if each.green}
    expected = {name for name, outcome in item.expected.items() if Outcome(outcome) not in MET and name in met}
    there, back = difference_between(healthy, broken), difference_between(broken, healthy)
    assert ids(there, Change.NEW) == expected == ids(back, Change.FIXED, Change.LAPSED)
    assert {each.id for each in there.worse if each.change is Change.NEW and each.shown.severity != "advice"} == {
        name for name in expected if next(each for each in healthy.results if each.id == name).severity != "advice"
    }
    assert ids(back, Change.NEW) == {each.id for each in broken.results if each.green} - met
