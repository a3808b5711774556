# SPDX-License-Identifier: Apache-2.0
"""What the person at the terminal reads: every requirement that needs something, what to do about it, and the verdict last."""

from __future__ import annotations

import io
import re
from dataclasses import replace

from rich.console import Console

from orsgate.estate.estate import Estate
from orsgate.estate.judgement import Evidence, Judgement, Violation
from orsgate.estate.knowledge import Basis
from orsgate.reporting.console import ConsoleReporter
from orsgate.reporting.html import track
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


def rows(said: list[str]) -> dict[int, str]:
    """Step -> what its row says behind the title."""
    table = said[said.index("") + 1 :]
    return {int(line[:4]): line[32:] for line in table[: table.index("")]}


def test_a_step_is_counted_as_the_html_report_counts_it():
    judged = {
        "ORS-0101": runs.DECLARED, "ORS-0201": runs.FAIL, "ORS-0204": runs.FAIL, "ORS-0501": runs.BLOCKED,
        "ORS-0507": runs.BLOCKED, "ORS-0107": runs.MANUAL, "ORS-0703": runs.NOT_APPLICABLE, "ORS-0806": runs.FAIL,
    }  # fmt: skip
    started, finished = runs.run(judged)
    found = rows(console(started, finished))
    assert found[2].split("  ")[0] == "FAILED"
    for step in track.steps(finished.results):
        if step.planned:
            assert found[step.number].endswith(f"  {step.detail}")
            word = step.mark.word
            assert found[step.number].startswith((f"{word}  ", f"{word.upper()}  "))
    assert found[2].endswith("1 failed, 1 warning, 3 passed")
    numbers = [int(number) for row in found.values() for number in re.findall(r"(\d+)(?= [a-z]|$)", row)]
    assert sum(numbers) == len(finished.results)


def test_what_passed_on_less_than_facts_that_were_read_is_counted_by_what_it_rests_on():
    attested = replace(runs.PASS, basis=Basis.ATTESTED)
    said = console(*runs.run({"ORS-0101": runs.DECLARED, "ORS-0102": runs.DECLARED, "ORS-0103": attested}))
    assert "62 requirements passed, of them 2 on declared facts and 1 on the word of a person." in said
    assert "62 requirements passed." in console(*runs.run({}))


def test_notes_that_say_the_same_of_several_subjects_name_all_of_them_in_one_line():
    pairs = [f"ORS_{number} / ORS_{number}_B" for number in range(30)]
    noted = tuple(f"{pair}: the Backup serves" for pair in pairs)
    same = replace(runs.PASS, subjects=tuple(pairs), notes=(*noted, "a word: on the whole", "another word: on the whole"))
    said = console(*runs.run({"ORS-0101": replace(same, evidence=tuple(Evidence(pair, "x", "y") for pair in pairs))}))
    assert f"  ORS-0101  {', '.join(pairs)}: the Backup serves" in said
    assert {"  ORS-0101  a word: on the whole", "  ORS-0101  another word: on the whole"} <= set(said)


def test_of_many_different_notes_the_first_are_shown_and_the_rest_is_counted():
    said = console(*runs.run({"ORS-0101": replace(runs.PASS, notes=tuple(f"note {number}" for number in range(14)))}))
    assert sum("  ORS-0101  note " in line for line in said) == 10
    assert "  ORS-0101  and 4 more notes: --verbose or a report shows them" in said
