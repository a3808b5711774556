# SPDX-License-Identifier: Apache-2.0
"""``orsgate waive`` and ``--waivers``: from results to a waiver file, to GO with exceptions in every report."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from orsgate.reporting.results_json import schema
from orsgate.sandbox.samples import place_sample
from tests.cli.commands import Program, program

__all__ = ["program"]

WORDS = (
    "--reason",
    "no host before March",
    "--approver",
    "A. Approver (made up)",
    "--risk",
    "calls may wait",
    "--ticket",
    "CHG-1",
)
DAY = (*WORDS, "--valid", "1d")


class Place:
    """A directory with the snapshot and the results of an estate with one blocker that fails for two Primaries."""

    def __init__(self, program: Program, directory: Path) -> None:
        self.program, self.directory = program, directory
        self.estate = place_sample("healthy", directory / "estate")
        for name in ("ORS_A1", "ORS_A1_B"):
            export = self.estate.parent / "exports" / f"{name}.cfg"
            export.write_text(export.read_text() + "\n[cluster]\nname=old\n")
        self.snapshot, self.results, self.waivers = (directory / name for name in ("s.json", "r.json", "waivers.toml"))
        code, said = program("audit", self.estate, "--snapshot", self.snapshot, "--json", self.results)
        assert code == 1, said

    def judge(self, *options: object) -> tuple[int, str, dict[str, object]]:
        """Exit code, what was said, and the report, which has the published form."""
        target = self.directory / "judged.json"
        code, said = self.program("judge", self.snapshot, "--waivers", self.waivers, "--json", target, *options)
        report = json.loads(target.read_bytes())
        jsonschema.validate(report, schema())
        return code, said, report

    def outcomes(self, report: dict[str, object]) -> dict[str, str]:
        results = report["results"]
        assert isinstance(results, list)
        return {result["id"]: result["outcome"] for result in results}


@pytest.fixture
def place(program: Program, tmp_path: Path) -> Place:
    return Place(program, tmp_path)


def test_from_results_to_go_with_an_exception(place: Place, program: Program) -> None:
    code, said = program("waive", place.results, "ors-0202", "--subject", "ORS_A1", *DAY)
    assert code == 0
    assert "it is not enough: no waiver that counts covers ORS_A1_B (fail)" in said
    code, said, report = place.judge()
    assert (code, report["waivers"][0]["state"]) == (1, "partial")  # type: ignore[index]
    assert "Waivers that do not apply\n  ORS-0202  the waiver " in said
    assert program("waive", place.results, "ORS-0202", "--subject", "ORS_A1_B", *DAY)[0] == 0
    code, said, report = place.judge("--junit", place.directory / "r.xml", "--html", place.directory / "r.html")
    assert code == 0, said
    assert "GO with 1 exception: " in said
    assert "fail of ORS_A1 accepted by A. Approver (made up) until " in said
    assert (report["exceptions"], report["verdict"]) == (1, "go")
    before = json.loads(place.results.read_bytes())
    [waived] = [each for each in report["results"] if each["id"] == "ORS-0202"]  # type: ignore[attr-defined]
    [failed] = [each for each in before["results"] if each["id"] == "ORS-0202"]
    assert (waived["outcome"], waived["original_outcome"]) == ("waived", "fail")
    assert (waived["violations"], waived["evidence"]) == (failed["violations"], failed["evidence"])
    rest = {key: value for key, value in place.outcomes(report).items() if key != "ORS-0202"}
    assert rest == {key: value for key, value in place.outcomes(before).items() if key != "ORS-0202"}
    [case] = [case for case in ET.parse(place.directory / "r.xml").iter("testcase") if "ORS-0202" in case.get("name", "")]  # noqa: S314
    [skipped] = case
    assert (skipped.tag, skipped.get("type")) == ("skipped", "waived")
    assert "waived: fail of ORS_A1 accepted by A. Approver" in (skipped.text or "")
    assert "a section cluster that holds name" in (skipped.text or "")
    html = (place.directory / "r.html").read_text()
    assert "GO with 1 exception" in html
    for told in ("A. Approver (made up)", "no host before March", "calls may wait", "CHG-1"):
        assert told in html, told


def test_an_audit_takes_them_as_a_judge_does(place: Place, program: Program) -> None:
    program("waive", place.estate, "ORS-0202", "--subject", "ORS_A1*", *DAY)
    code, said = program("audit", place.estate, "--waivers", place.estate.parent / "waivers.toml")
    assert (code, "GO with 1 exception: " in said) == (0, True), said


def test_what_does_not_apply_is_named_in_every_report(place: Place) -> None:
    table = "[[waiver]]\n" + "\n".join(
        f'{key} = "{value}"'
        for key, value in {"outcome": "fail", "reason": "r", "approver": "A", "risk": "r", "ticket": "CHG-1"}.items()
    )
    old = 'requirement = "ORS-0202"\nsubject = "ORS_A1*"\nfrom = 2020-01-01T00:00:00Z\nuntil = 2020-01-02T00:00:00Z\n'
    wide = 'requirement = "ORS-0202"\nsubject = "?*"\nfrom = 2020-01-01T00:00:00Z\nuntil = 2999-01-01T00:00:00Z\n'
    place.waivers.write_text(f"{table}\n{old}\n{table}\n{wide}")
    code, said, report = place.judge("--junit", place.directory / "r.xml", "--html", place.directory / "r.html")
    assert (code, [each["state"] for each in report["waivers"]]) == (1, ["expired", "too_wide"])  # type: ignore[attr-defined]
    told = ("it expired at 2020-01-02T00:00:00Z; ORS-0202 failed", "is as wide as everything, on a blocker")
    for text in (said, (place.directory / "r.xml").read_text(), (place.directory / "r.html").read_text()):
        assert all(each in text for each in told), text
    assert place.judge("--allow-wide-waivers")[0] == 0


def test_a_file_that_is_wrong_is_exit_2_before_anything_is_read(place: Place, program: Program) -> None:
    place.waivers.write_text("[[waiver]]\n")
    code, said = program("audit", place.estate, "--waivers", place.waivers, "--json", place.directory / "none.json")
    assert code == 2
    assert f"{place.waivers}:1: [[waiver]] number 1 needs approver: Who accepts it" in said
    assert not (place.directory / "none.json").exists()
    code, said = program("judge", place.snapshot, "--waivers", place.waivers, "--json", place.waivers)
    assert (code, "would replace" in said) == (2, True)


def test_it_adds_to_a_file_and_keeps_what_is_there(place: Place, program: Program) -> None:
    place.waivers.write_bytes(b"# ours, kept\r\n")
    program("waive", place.results, "ORS-0202", "--subject", "ORS_A1", *DAY)
    until = ("--from", "2026-01-01T00:00:00Z", "--until", "2999-01-31T06:00:00Z", "--outcome", "blocked")
    quoted = ("--reason", 'a "quote" \\ and Ü', *WORDS[2:])
    code, said = program(
        "waive", place.estate, "ORS-0501", "--subject", "Cassandra ring", "--waivers", place.waivers, *quoted, *until
    )
    assert code == 0, said
    assert place.waivers.read_bytes().startswith(b"# ours, kept\r\n")
    first, second = tomllib.loads(place.waivers.read_text())["waiver"]
    assert (first["subject"], second["reason"], second["outcome"]) == ("ORS_A1", 'a "quote" \\ and Ü', "blocked")
    assert second["until"].isoformat() == "2999-01-31T06:00:00+00:00"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("ORS-0901", "--subject", "ORS_A1", *DAY), '"ORS-0901" can never be waived'),
        (("ORS-0299", "--subject", "ORS_A1", *DAY), '"ORS-0299" is no requirement'),
        (("ORS-1001", "--subject", "ORS_A1", *DAY), "judged no ORS-1001"),
        (("ORS-0202", "--subject", "ORS_B1", *DAY), "fits none of the subjects that are fail: ORS_A1, ORS_A1_B"),
        (("ORS-0201", "--subject", "ORS_A1", "--outcome", "fail", *DAY), "ORS-0201 passed, and the waiver is for fail"),
        (("ORS-0202", "--subject", "[!x]*", *DAY), "as wide as everything"),
        (("ORS-0202", "--subject", "ORS_A1", *WORDS), "say when it ends, once"),
        (("ORS-0202", "--subject", "ORS_A1", *DAY, "--until", "2999-01-01T00:00:00Z"), "say when it ends, once"),
        (("ORS-0202", "--subject", "ORS_A1", *WORDS, "--until", "2020-01-01T00:00:00Z"), "it would end before it counts"),
        (("ORS-0202", "--subject", "ORS_A1", *WORDS, "--until", "2999-01-01T00:00:00"), "says no time zone"),
        (("ORS-0202", "--subject", "ORS_A1", *WORDS, "--valid", "7 weeks"), "is no time"),
        (("ORS-0202", "--subject", "ORS_A1", *DAY, "--from", "9999-12-31T23:59:59Z"), "it would end after the year 9999"),
        (("ORS-0202", "--subject", "ORS_A1", *DAY, "--approver", " "), "approver: must not be empty"),
        (("ORS-0202", "--subject", "ORS_A1", *DAY, "--reason", "a\nb"), "reason: must not hold control characters"),
        (("ORS-0202", "--subject", "ORS_A1", *DAY, "--reason", "\udcff"), "no text that UTF-8 can hold"),
        (("ORS-0202", "--subject", "ORS_A1", "--valid", "1d"), "Missing option"),
    ],
)
def test_what_would_bend_nothing_or_never_may_is_not_written(place: Place, program: Program, arguments, told) -> None:
    code, said = program("waive", place.results, *arguments)
    assert code == 2
    assert told in said
    assert not place.waivers.exists()


@pytest.mark.parametrize(
    "text", ["{", "[]", "{}", '{"schema": "other/1", "results": []}', '{"schema": "orsgate/report/1", "results": [1]}']
)
def test_what_is_no_report(place: Place, program: Program, text: str) -> None:
    place.results.write_text(text)
    code, said = program("waive", place.results, "ORS-0202", "--subject", "ORS_A1", *DAY)
    assert code == 2
    assert str(place.results) in said


def test_a_waiver_file_that_is_wrong_is_left_as_it_is(place: Place, program: Program) -> None:
    place.waivers.write_text("[[waiver]]\nsubject = 1\n")
    code, said = program("waive", place.results, "ORS-0202", "--subject", "ORS_A1", *DAY)
    assert (code, f"{place.waivers}:2: " in said) == (2, True)
    assert place.waivers.read_text() == "[[waiver]]\nsubject = 1\n"
