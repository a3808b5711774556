# SPDX-License-Identifier: Apache-2.0
"""``orsgate waive`` and ``--waivers``: from results to a waiver file, to GO with exceptions in every report."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tomllib
from contextlib import ExitStack
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from orsgate.estate.snapshot import dump
from orsgate.evidence.in_turn import in_turn
from orsgate.reporting.results_json import schema
from orsgate.verdict.exit_codes import ExitCode
from tests.cli.commands import Program, program
from tests.faults.workshop import open_workshop, put
from tests.sandbox.waiting import until

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
        self.estate = directory / "estate" / "estate.toml"
        self.snapshot, self.results, self.waivers = (directory / name for name in ("s.json", "r.json", "waivers.toml"))

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


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What such a directory holds, made once."""
    directory = tmp_path_factory.mktemp("audited")
    workshop = open_workshop(directory / "estate")
    put("exports/ORS_A1*.cfg", "cluster/name", "old")(workshop)
    (directory / "s.json").write_bytes(dump(workshop.collected()))
    judging = [sys.executable, "-m", "orsgate", "judge", "s.json", "--json", "r.json"]
    assert subprocess.run(judging, cwd=directory, check=False, capture_output=True).returncode == ExitCode.NO_GO
    return directory


@pytest.fixture
def place(program: Program, audited: Path, tmp_path: Path) -> Place:
    shutil.copytree(audited, tmp_path, dirs_exist_ok=True)
    return Place(program, tmp_path)


@pytest.mark.slow
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


@pytest.mark.slow
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
    ends = ("--from", "2026-01-01T00:00:00Z", "--until", "2999-01-31T06:00:00Z", "--outcome", "blocked")
    quoted = ("--reason", 'a "quote" \\ and Ü', *WORDS[2:])
    code, said = program(
        "waive", place.estate, "ORS-0501", "--subject", "Cassandra ring", "--waivers", place.waivers, *quoted, *ends
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
        (("ORS-0201", "--subject", "ORS_A1", "--outcome", "fail", *DAY), "ORS-0201 passed, so there is nothing to accept"),
        (("ORS-0202", "--subject", "[!x]*", *DAY), "as wide as everything"),
        (("ORS-0202", "--subject", "ORS_A1", *WORDS), "say when it ends, once"),
        (("ORS-0202", "--subject", "ORS_A1", *DAY, "--until", "2999-01-01T00:00:00Z"), "say when it ends, once"),
        (("ORS-0202", "--subject", "ORS_A1", *WORDS, "--until", "2020-01-01T00:00:00Z"), "it would end before it counts"),
        (("ORS-0202", "--subject", "ORS_A1", *WORDS, "--until", "2999-01-01T00:00:00"), "says no time zone"),
        (("ORS-0202", "--subject", "ORS_A1", *WORDS, "--valid", "7 weeks"), "is no time"),
        (("ORS-0202", "--subject", "ORS_A1", *DAY, "--from", "9999-12-31T23:59:59Z"), "it would end after the year 9999"),
        (("ORS-0201", "--subject", "ORS_A1", *DAY), "r.json: ORS-0201 passed, so there is nothing to accept"),
        (("ORS-0202", "--subject", "ORS_A1,ORS_A1_B", *DAY), "are fail: ORS_A1, ORS_A1_B; of several, repeat --subject for each"),
        (("ORS-0202", "--subject", " ", *DAY), "'--subject': must not be empty or blank"),
        (("ORS-0202", "--subject", "ORS_A1", *DAY, "--approver", " "), "'--approver' / '--by': must not be empty or blank"),
        (("ORS-0202", "--subject", "ORS_A1", *DAY, "--reason", "a\nb"), "'--reason': must not hold control characters"),
        (("ORS-0202", "--subject", "ORS_A1", *DAY, "--reason", "\udcff"), "no text that UTF-8 can hold"),
        (("ORS-0202", "--subject", "ORS_A1", "--valid", "1d"), "Missing option"),
    ],
)
def test_what_would_bend_nothing_or_never_may_is_not_written(place: Place, program: Program, arguments, told) -> None:
    code, said = program("waive", place.results, *arguments)
    assert code == 2
    assert told in said
    assert not place.waivers.exists()


def test_the_same_twice_is_refused_and_a_longer_one_names_the_first(place: Place, program: Program) -> None:
    ends = ("--from", "2026-01-01T00:00:00Z", "--until", "2999-01-31T06:00:00Z")
    assert program("waive", place.results, "ORS-0202", "--subject", "ORS_A1", "--subject", " ORS_A1", *WORDS, *ends)[0] == 0
    before = place.waivers.read_bytes()
    assert before.count(b"[[waiver]]") == 1, "a subject that is named twice is one"
    there = f"is accepted already until 2999-01-31T06:00:00Z, by A. Approver (made up) ({place.waivers}:1)"
    for later in (ends, ("--valid", "1d")):
        code, said = program("waive", place.results, "ORS-0202", "--subject", "ORS_A1", *WORDS, *later)
        assert (code, place.waivers.read_bytes()) == (2, before)
        assert said == f"orsgate: nothing was written: ORS-0202 fail of ORS_A1 {there}\n"
    code, said = program(
        "waive", place.results, "ORS-0202", "--subject", "ORS_A1", *WORDS, "--until", "2999-02-01T00:00:00Z"
    )  # fmt: skip
    assert (code, there in said) == (0, True)


def test_what_is_for_far_longer_than_a_change_is_said(place: Place, program: Program) -> None:
    code, said = program("waive", place.results, "ORS-0202", "--subject", "ORS_A1", *WORDS, "--valid", "3650d")
    assert (code, "it ends 3,650 days after it begins; where that is not meant" in said) == (0, True), said
    code, said = program("waive", place.results, "ORS-0202", "--subject", "ORS_A1_B", *DAY)
    assert (code, "days after" in said) == (0, False)


def test_how_wide_one_may_be_is_asked_only_of_what_gates(place: Place, program: Program) -> None:
    code, said = program("waive", place.results, "ORS-0107", "--subject", "*", *DAY)
    assert (code, said.splitlines()[-1]) == (0, f"use it with: --waivers {place.waivers}"), said
    code, said = program("waive", place.results, "ORS-0202", "--subject", "*", *DAY, "--allow-wide-waivers")
    assert (code, said.splitlines()[-1]) == (0, f"use it with: --waivers {place.waivers} --allow-wide-waivers"), said
    document = json.loads(place.results.read_bytes()) | {"strict": True}
    place.results.write_text(json.dumps(document))
    code, said = program("waive", place.results, "ORS-0109", "--subject", "*", *DAY)
    assert (code, "as wide as everything, on a warning" in said) == (2, True), "in a strict run warnings decide"


def test_an_estate_tells_the_end_of_its_change_and_no_subjects(place: Place, program: Program) -> None:
    with place.estate.open("a", encoding="utf-8") as stream:
        stream.write("\n[change]\nwindow_end = 2998-12-01T00:00:00Z\n")
    subject = ("--subject", "ORS_A1,ORS_A1_B")
    code, said = program("waive", place.estate, "ORS-0202", *subject, *WORDS, "--until", "2999-12-01T00:00:00Z")
    assert code == 0, said
    assert '"ORS_A1,ORS_A1_B" is one name; of several, repeat --subject for each' in said
    assert "it ends 365 days after the change window ends (2998-12-01T00:00:00Z)" in said


@pytest.mark.slow
def test_a_file_without_any_waiver_is_named(place: Place) -> None:
    place.waivers.write_text("# none yet\n")
    _, said, report = place.judge()
    assert f"{place.waivers} holds no waiver\n" in said
    assert report["waiver_files"] == [
        {"file": str(place.waivers), "sha256": hashlib.sha256(place.waivers.read_bytes()).hexdigest()}
    ]  # fmt: skip


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/locks").exists(), reason="nothing tells who waits for a lock")
def test_of_two_programs_that_add_at_once_neither_undoes_what_the_other_added(place: Place) -> None:
    """Both wait for their turn before they read the file, so that whoever comes second reads what the first one added."""
    with ExitStack() as stack:
        with in_turn(place.waivers):
            started = [stack.enter_context(_waiving(place, subject)) for subject in ("ORS_A1", "ORS_A1_B")]
            until(lambda: _waiting(place.directory) == len(started), "that both wait for their turn", timeout=60)
            assert not place.waivers.exists()
        for each in started:
            assert each.wait(timeout=60) == 0, each.communicate()
    assert {waiver["subject"] for waiver in tomllib.loads(place.waivers.read_text())["waiver"]} == {"ORS_A1", "ORS_A1_B"}


def _waiting(directory: Path) -> int:
    """How many programs wait for the lock of a directory."""
    here = f":{directory.stat().st_ino} "
    return sum("->" in line and here in line for line in Path("/proc/locks").read_text().splitlines())


def _waiving(place: Place, subject: str) -> subprocess.Popen[bytes]:
    words = ["waive", str(place.results), "ORS-0202", "--subject", subject, *DAY]
    return subprocess.Popen([sys.executable, "-m", "orsgate", *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


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


def test_a_file_that_is_not_there(program: Program, tmp_path: Path) -> None:
    code, said = program("waive", tmp_path / "r.json", "ORS-0202", "--subject", "ORS_A1", *DAY)
    told = f"orsgate: {tmp_path / 'r.json'}: there is no such file; name an estate file, or what orsgate audit --json wrote"
    assert (code, said.splitlines()) == (ExitCode.USAGE, [told])
