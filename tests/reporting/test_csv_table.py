# SPDX-License-Identifier: Apache-2.0
"""The table for spreadsheets: readable by Excel and by the csv module, and no cell of it is a formula."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orsgate.estate.judgement import Judgement, Violation
from orsgate.reporting.csv_table import COLUMNS, CsvReporter, harmless
from orsgate.verdict.events import RunFinished, RunStarted
from tests import make
from tests.reporting import runs
from tests.reporting.test_conservation import restricted, written_as

DANGEROUS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def table(started: RunStarted, finished: RunFinished) -> str:
    return written_as("csv", started, finished).removeprefix("\ufeff")


def rows(*run) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table(*run), newline="")))


def cells(text: str, separator: str) -> list[str]:
    """The cells that a spreadsheet makes of a file whose cells are separated by ``separator``."""
    return [cell for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator) for cell in row]


def test_the_file_begins_with_the_mark_of_utf_8_and_ends_its_lines_by_rfc_4180(tmp_path):
    started, finished = runs.run({"ORS-0101": Judgement(violations=(Violation("Zürich", "ä\nö", "ü", "x"),))})
    reporter = CsvReporter(tmp_path / "r.csv")
    reporter.handle(started)
    reporter.handle(finished)
    data = (tmp_path / "r.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbfkind,id,step,severity,")
    assert data.count(b"\n") == data.count(b"\r\n") == len(finished.results) + 3
    assert "Zürich".encode() in data


def test_each_kind_of_row_says_what_it_knows():
    found = rows(*runs.every_outcome())
    assert tuple(found[0]) == COLUMNS
    assert found[0] | {"kind": "run", "outcome": "no_go", "title": "readiness: Made up"} == found[0]
    assert found[0]["reason"].startswith("NO-GO: ")
    assert found[1] | {"kind": "error", "where": "orsgate.toml", "reason": "made to go wrong"} == found[1]
    [failed, violation] = [row for row in found if row["id"] == "ORS-0101"]
    assert (failed["kind"], failed["reason"], failed["why"]) == ("requirement", "1 violation", "ORS-0101 matters.")
    assert violation | {"subject": "ORS_1", "found": "log/all = network", "where": "exports/ORS_1.cfg:4"} == violation
    assert violation["fix"] == "mend it at once."
    [_, gap] = [row for row in found if row["id"] == "ORS-0102"]
    assert (gap["kind"], gap["subject"], gap["reason"]) == ("not known", "ORS_2", runs.TROUBLE.cause)
    proven = {row["id"]: row["not_proven"] for row in found if row["kind"] == "requirement"}
    assert (proven["ORS-0106"], proven["ORS-0107"], proven["ORS-0102"]) == ("yes", "no", "yes")
    [waived] = [row for row in found if row["kind"] == "requirement" and row["outcome"] == "waived"]
    assert waived["original_outcome"] == "fail"
    given = runs.waiver("ORS-0201")
    assert (waived["approver"], waived["until"]) == (given.approver, "2026-01-31T02:00:05Z")
    [accepted] = [row for row in found if row["kind"] == "waiver"]
    assert accepted | {
        "id": "ORS-0201", "outcome": "waived", "subject": "ORS_1", "reason": given.reason, "approver": given.approver,
        "until": "2026-01-31T02:00:05Z", "risk": given.risk, "ticket": "CHG-1", "where": "waivers.toml:1",
    } == accepted  # fmt: skip


def test_the_row_of_the_run_says_what_restricts_it():
    run, *others = rows(*runs.run({}, restricted(make.estate(), "plan", ["a twin of ORS"])))
    assert run["reason"].endswith("; GO does not say: install; measured against a stand-in: a twin of ORS")
    assert [row["reason"] for row in others if row["kind"] == "notice"] == [
        "this is a plan: the options in plan were judged in place of the current ones; GO does not say: install",
        "measured against a stand-in: a twin of ORS",
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-2", "'-2"),
        ("  +2", "  '+2"),
        ('"=1', "\"'=1"),
        ("'=1", "''=1"),
        ("a;=cmd|' /C calc'!A0", "a;'=cmd|' /C calc'!A0"),
        ("\t=1", "\u2409=1"),
        ("log/all = network", "log/all = network"),
        ("a - b", "a - b"),
        ("", ""),
    ],
)
def test_what_would_begin_a_formula_has_an_apostrophe_before_it(text, shown):
    assert harmless(text) == shown


@pytest.mark.slow
@given(
    st.lists(st.text(st.sampled_from(list("=+-@;,'\"\t\n\r a\uff1d")), max_size=8), min_size=5, max_size=5),
    st.sampled_from(",;\t"),
)
def test_no_cell_is_a_formula_whatever_separates_cells(texts, separator):
    subject, found, expected, where, fix = texts
    judgement = Judgement(violations=(Violation(subject, found, expected, where, fix),))
    started, finished = runs.run({"ORS-0101": judgement}, problems=[(subject, found)], others=None)
    for cell in cells(table(started, replace(finished, results=finished.results[:2])), separator):
        assert not cell.lstrip(" \"'" if separator != "," else " ").startswith(DANGEROUS) or cell.lstrip(' "').startswith("'"), (
            cell
        )


def test_a_cell_that_is_too_long_for_excel_is_cut():
    judgement = Judgement(violations=(Violation("ORS_1", "x" * 100_000, "b", "c"),))
    assert max(len(cell) for row in rows(*runs.run({"ORS-0101": judgement})) for cell in row.values()) < 32_767
