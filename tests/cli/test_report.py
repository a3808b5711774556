# SPDX-License-Identifier: Apache-2.0
"""``orsgate report``, and ``--previous``: what is said, what is written, and how it ends."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from orsgate.estate.judgement import Outcome
from orsgate.verdict.exit_codes import ExitCode
from tests.cli.commands import Program, files, program
from tests.faults.workshop import Workshop, open_workshop, put
from tests.reporting.history.stored import result, run, saved
from tests.reporting.pages import Page

__all__ = ["program"]

FAILED = run(result(Outcome.FAIL))
PASSED = run(result(Outcome.PASS), days=1)


@pytest.fixture
def failed(tmp_path: Path) -> Path:
    return saved(FAILED, tmp_path / "runs" / "failed.json")


@pytest.fixture
def passed(tmp_path: Path) -> Path:
    return saved(PASSED, tmp_path / "runs" / "passed.json")


class TestDiff:
    def test_it_ends_with_0_where_nothing_became_worse(self, program: Program, failed: Path, passed: Path) -> None:
        code, said = program("report", "diff", failed, passed)
        assert (code, "Fixed: 1" in said) == (ExitCode.GO, True)
        assert said.rstrip().endswith("nothing became worse since 2026-01-03 22:00:00 UTC: 1 fixed")

    def test_it_ends_with_1_where_something_did(self, program: Program, failed: Path, passed: Path) -> None:
        code, said = program("report", "diff", passed, failed)
        assert code == ExitCode.NO_GO
        for part in ("ORS-0201 blocker: passed → failed", "WORSE", "new    ORS_1: log/all = network", "older than those of A"):
            assert part in said

    def test_it_ends_with_2_where_one_cannot_be_read(self, program: Program, failed: Path, tmp_path: Path) -> None:
        code, said = program("report", "diff", failed, tmp_path / "none.json", "--json", tmp_path / "out.json")
        assert code == ExitCode.USAGE
        assert said.splitlines() == [f"orsgate: {tmp_path / 'none.json'} is not there; orsgate audit --json writes one"]
        assert not (tmp_path / "out.json").exists()

    def test_it_is_written_as_json_and_html(self, program: Program, failed: Path, passed: Path, tmp_path: Path) -> None:
        code, said = program(
            "report", "diff", failed, passed, "--json", tmp_path / "d.json", "--html", tmp_path / "d.html", "--quiet"
        )
        assert (code, len(said.splitlines())) == (ExitCode.GO, 1)
        document = json.loads((tmp_path / "d.json").read_text())
        assert (document["schema"], document["a"]["called"]) == ("orsgate/difference/1", str(failed))
        assert "Nothing became worse" in Page((tmp_path / "d.html").read_text()).text

    def test_json_on_standard_output_is_alone_there(self, program: Program, failed: Path, passed: Path) -> None:
        code, said = program("report", "diff", failed, passed, "--json", "-")
        document, end, text = said.partition("\n}\n")
        assert (code, json.loads(document + end)["requirements_by_change"]["fixed"]) == (ExitCode.GO, 1)
        assert text.startswith(f"A: {failed}")  # on standard error, which the program of the tests gives after it

    def test_no_output_replaces_what_it_reads(self, program: Program, failed: Path, passed: Path) -> None:
        before = failed.read_bytes()
        code, said = program("report", "diff", failed, passed, "--json", failed)
        assert (code, "would replace" in said, failed.read_bytes()) == (ExitCode.USAGE, True, before)

    def test_names_from_files_do_not_reach_the_terminal_raw(self, program: Program, tmp_path: Path, passed: Path) -> None:
        evil = saved(run(result(Outcome.FAIL, title="\x1b[2J\u202eevil\nGO")), tmp_path / "evil.json")
        _, said = program("report", "diff", evil, passed, "--verbose")
        assert not {"\x1b", "\u202e"} & set(said)
        assert "GO" not in said.splitlines()


class TestHistory:
    def test_it_says_for_how_long_a_blocker_was_open(self, program: Program, failed: Path, passed: Path) -> None:
        code, said = program("report", "history", failed.parent)
        assert (code, passed.exists()) == (ExitCode.GO, True)
        assert "ORS-0201 at least 1 day, since 2026-01-03 22:00:00 UTC: fixed 2026-01-04 22:00:00 UTC, was failed" in said
        assert said.rstrip().endswith("2 runs; 0 blockers open after the last of them")

    def test_what_cannot_be_read_is_named(self, program: Program, failed: Path) -> None:
        (failed.parent / "cut.json").write_bytes(failed.read_bytes()[:500])
        code, said = program("report", "history", failed.parent, "--quiet")
        assert (code, "1 file could not be used" in said) == (ExitCode.GO, True)
        assert "cut.json: ends in the middle" in program("report", "history", failed.parent)[1]

    def test_pages_written_into_the_directory_are_written_again(self, program: Program, failed: Path) -> None:
        for _ in range(2):
            code, _ = program(
                "report", "history", failed.parent, "--html", failed.parent / "h.html", "--json", failed.parent / "h.json"
            )
            assert code == ExitCode.GO
        assert files(failed.parent) == {"failed.json", "h.html", "h.json"}
        assert program("report", "history", failed.parent, "--json", failed)[0] == ExitCode.USAGE

    def test_a_directory_without_runs_is_refused(self, program: Program, tmp_path: Path) -> None:
        code, said = program("report", "history", tmp_path)
        assert (code, len(said.splitlines())) == (ExitCode.USAGE, 1)


class TestPrevious:
    @pytest.fixture
    def workshop(self, tmp_path: Path) -> Workshop:
        return open_workshop(tmp_path / "estate")

    @pytest.mark.slow
    def test_a_run_says_what_changed_since(self, program: Program, workshop: Workshop, tmp_path: Path) -> None:
        estate, first = workshop.path("estate.toml"), tmp_path / "first.json"
        program("audit", estate, "--json", first)
        put("exports/ORS_A1*.cfg", "orchestration/mcr-pull-by-msn-only", "true")(workshop)
        code, said = program("audit", estate, "--previous", first, "--quiet")
        assert code == ExitCode.NO_GO
        assert "Compared with the earlier run: 1 requirement became worse" in said
        assert "Became worse: ORS-0201" in said

    @pytest.mark.slow
    def test_the_html_report_says_what_changed_since(self, program: Program, workshop: Workshop, tmp_path: Path) -> None:
        estate, first, report = workshop.path("estate.toml"), tmp_path / "first.json", tmp_path / "report.html"
        program("audit", estate, "--json", first, "--html", report)
        assert "othing changed since" not in report.read_text("ascii")
        program("audit", estate, "--previous", first, "--html", report)
        assert "othing changed since" in report.read_text("ascii")

    def test_one_of_another_estate_or_phase_is_refused_before_anything_is_read(
        self, program: Program, workshop: Workshop, failed: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from orsgate.collection import collect

        def forbidden(*_: object, **__: object) -> None:
            raise AssertionError("something was read")

        monkeypatch.setattr(collect, "collect", forbidden)
        for command, told in (("audit", "different estates"), ("verify", "readiness and deployment")):
            code, said = program(command, workshop.path("estate.toml"), "--previous", failed)
            assert (code, told in said, len(said.splitlines())) == (ExitCode.USAGE, True, 1)

    @pytest.mark.slow
    def test_a_snapshot_is_judged_with_it(self, program: Program, workshop: Workshop, tmp_path: Path) -> None:
        first, snapshot = tmp_path / "first.json", tmp_path / "snapshot.json"
        program("audit", workshop.path("estate.toml"), "--json", first, "--snapshot", snapshot)
        _, said = program("judge", snapshot, "--previous", first, "--json", os.devnull, "--quiet")
        assert "Compared with the earlier run: nothing changed since" in said
        code, said = program("judge", snapshot, "--previous", first, "--json", first)
        assert (code, "would replace" in said) == (ExitCode.USAGE, True)
