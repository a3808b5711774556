# SPDX-License-Identifier: Apache-2.0
"""The options for reports: all in one run, the same in every command that judges, and whole on standard output."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from orsgate.cli.judging import audit, judge
from orsgate.cli.outputs import Outputs
from orsgate.cli.rehearse import rehearse
from orsgate.cli.reports import REPORTS
from orsgate.cli.run import prepare
from orsgate.cli.verify import verify
from orsgate.estate.mistakes import InputError
from orsgate.sandbox.samples import place_sample
from tests.acceptance.conftest import ROOT, environment, orsgate
from tests.cli.commands import Program, files, program
from tests.reporting.read_back import READERS

__all__ = ["program"]


@pytest.fixture
def estate(tmp_path: Path) -> Path:
    """A sample with a name that is not ASCII."""
    placed = place_sample("exported-8.1.2", tmp_path / "estate")
    text = placed.read_text(encoding="utf-8")
    placed.write_text(re.sub(r'^name = ".*"$', 'name = "Zürich"', text, count=1, flags=re.MULTILINE), encoding="utf-8")
    return placed


@pytest.mark.parametrize("command", [audit, judge, verify, rehearse])
def test_every_command_that_judges_writes_every_report(command) -> None:
    options = {name for option in command.params for name in option.opts}
    assert {f"--{report.name}" for report in REPORTS} == {f"--{name}" for name in READERS} <= options


@pytest.mark.slow
def test_all_in_one_run_say_the_same(program: Program, estate: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    given = [argument for name in READERS for argument in (f"--{name}", out / name)]
    code, said = program("audit", estate, "--offline", *given)
    assert code == 1, said
    assert files(out) == set(READERS)
    read = {name: READERS[name](_read(out / name)) for name in READERS}
    assert read["json"].verdict == "no_go"
    for name, found in read.items():
        assert found.outcomes == read["json"].outcomes, name
        assert found.verdict in {"no_go", None}, name


@pytest.mark.slow
def test_where_one_cannot_be_written_none_is(program: Program, estate: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    out = tmp_path / "out"
    given = [argument for name in READERS for argument in (f"--{name}", out / name)]
    given[-1] = tmp_path / "file" / "r.prom"
    code, said = program("audit", estate, "--offline", *given)
    assert (code, "cannot write the report" in said) == (4, True)
    assert files(out) == set()


def test_of_a_run_whose_reports_cannot_be_written_nobody_says_how_it_ended(
    program: Program, estate: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    code, said = program("audit", estate, "--offline", "--csv", tmp_path / "r.csv", "--json", tmp_path / "file" / "r.json")
    assert code == 4
    assert said.startswith("orsgate: cannot write the report")
    assert "NO-GO" not in said


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
def test_of_a_run_that_a_device_does_not_take_nobody_says_how_it_ended(program: Program, estate: Path, tmp_path: Path) -> None:
    code, said = program("audit", estate, "--offline", "--csv", tmp_path / "r.csv", "--json", "/dev/full")
    assert (code, "NO-GO" in said, files(tmp_path) & {"r.csv"}) == (4, False, set())
    assert said.startswith("orsgate: cannot write the report /dev/full: the disk is full\n")


@pytest.mark.skipif(os.name != "posix", reason="permissions of this kind are of POSIX systems")
def test_a_result_keeps_the_permissions_of_the_one_before(program: Program, estate: Path, tmp_path: Path) -> None:
    before, new = tmp_path / "before.json", tmp_path / "new.json"
    before.write_text("of an earlier run")
    before.chmod(0o600)
    assert program("audit", estate, "--offline", "--json", before, "--csv", new)[0] == 1
    assert stat.S_IMODE(before.stat().st_mode) == 0o600
    assert json.loads(before.read_text())["verdict"] == "no_go"


@pytest.mark.skipif(os.name != "posix", reason="permissions of this kind are of POSIX systems")
def test_nobody_else_can_read_what_waits_for_a_stream(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    outputs = Outputs({"json": "-"})
    with outputs.together():
        outputs.write("json", b"{}")
        (only,) = tmp_path.iterdir()
        assert stat.S_IMODE(only.stat().st_mode) == 0o700
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/stdout").exists(), reason="this system has no such file")
def test_standard_output_by_its_other_name_is_not_mixed_with_what_people_read(estate: Path) -> None:
    told = orsgate("audit", estate, "--offline", "--json", "/dev/stdout")
    assert json.loads(told.out)["verdict"] == "no_go"
    assert "NO-GO" in told.err
    with pytest.raises(InputError, match="both go to"):
        Outputs({"json": "-", "csv": "/dev/stdout"})


def test_a_collector_never_sees_a_part_of_the_metrics(tmp_path: Path) -> None:
    outputs = Outputs({"prometheus": str(tmp_path / "orsgate.prom")})
    assert not list(tmp_path.glob("*.prom"))
    assert outputs.path("prometheus").suffix != ".prom"
    assert outputs.path("prometheus").parent == tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("name", READERS)
def test_standard_output_is_the_same_as_a_file_whatever_the_code_page(name: str, estate: Path, tmp_path: Path) -> None:
    snapshot, target = tmp_path / "snapshot", tmp_path / "file"
    assert orsgate("collect", estate, "--offline", "--snapshot", snapshot).code == 3
    command = [sys.executable, "-m", "orsgate", "judge", str(snapshot), f"--{name}"]
    env = environment(ROOT, {"PYTHONIOENCODING": "cp1252"})
    streamed = subprocess.run([*command, "-"], capture_output=True, check=False, env=env)
    assert streamed.returncode == 1
    assert b"NO-GO" in streamed.stderr
    subprocess.run([*command, str(target)], capture_output=True, check=False, env=env)
    assert READERS[name](streamed.stdout.decode()) == READERS[name](_read(target))
    assert streamed.stdout.count(b"\r\n") == target.read_bytes().count(b"\r\n")


def test_a_result_that_nobody_knows_is_refused() -> None:
    with pytest.raises(TypeError, match="no result is called junk_path"):
        prepare("readiness", only=(), skip=(), team=None, strict=False, verbose=False, quiet=False, junk_path="x")


def _read(path: Path) -> str:
    return path.read_bytes().decode()
