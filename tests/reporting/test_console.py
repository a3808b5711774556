# SPDX-License-Identifier: Apache-2.0
"""What the person at the terminal reads: every requirement that needs something, what to do about it, and the verdict last."""

from __future__ import annotations

import io
from dataclasses import replace

from rich.console import Console

from orsgate.estate.estate import Estate
from orsgate.estate.judgement import Judgement, Violation
from orsgate.reporting.console import ConsoleReporter
from orsgate.verdict.events import RunFinished, RunStarted
from tests.reporting import runs


def console(started: RunStarted, finished: RunFinished, *, quiet: bool = False, verbose: bool = False) -> list[str]:
    """The lines that a pipe is given."""
    stream = io.StringIO()
    reporter = ConsoleReporter(quiet=quiet, verbose=verbose, console=Console(file=stream, width=40, highlight=False))
    reporter.handle(started)
    reporter.handle(finished)
    return stream.getvalue().splitlines()


def test_its_parts_stand_in_the_order_of_what_is_to_be_done() -> None:
    started, finished = runs.every_outcome()
    said = console(started, finished)
    titles = [
        "Blockers that failed", "Not known", "Waived: not met or not proven, and accepted by name", "Not proven",
    ]  # fmt: skip
    assert [line for line in said if line in titles] == titles
    assert said[-1] == finished.verdict.sentence
    for result in finished.results:
        if result.outcome.value in {"fail", "error", "blocked", "manual", "waived"}:
            assert any(result.id in line for line in said[:-1]), result.id


def test_quiet_says_the_verdict_alone() -> None:
    started, finished = runs.every_outcome()
    assert console(started, finished, quiet=True) == [finished.verdict.sentence]


def test_of_many_subjects_that_say_the_same_the_first_are_named_and_verbose_names_no_fewer_kinds() -> None:
    found = tuple(Violation(f"ORS_{number}", "off", "on", "") for number in range(9))
    kinds = tuple(Violation("ORS_9", f"off {number}", "on", "") for number in range(14))
    run = runs.run({"ORS-0101": Judgement(violations=(*found, *kinds))})
    said = console(*run)
    assert "    ORS_0, ORS_1, ORS_2, ORS_3, ORS_4, ORS_5 and 3 more: off; expected: on" in said
    assert "    and 3 more kinds of violation: --verbose or a report shows them" in said
    assert sum("; expected: on" in line for line in console(*run, verbose=True)) == 15


def test_places_are_told_as_seen_from_the_directory_of_the_estate_file() -> None:
    found = Violation("ORS_1", "persistence/cassandra-nodes in e/a.cfg:1", "b", "e/b.cfg:2 x/e/c")
    started, finished = runs.run({"ORS-0101": Judgement(violations=(found,))})
    beside = replace(started.estate.snapshot, estate_path="e/orsgate.toml")
    said = console(replace(started, estate=Estate(beside, started.phase)), finished)
    assert "    ORS_1 (b.cfg:2 x/e/c): persistence/cassandra-nodes in a.cfg:1; expected: b" in said
