# SPDX-License-Identifier: Apache-2.0
"""The options for reports: all in one run, the same in every command that judges, and whole on standard output."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from orsgate.cli.judging import audit, judge
from orsgate.cli.outputs import Outputs
from orsgate.cli.rehearse import rehearse
from orsgate.cli.reports import REPORTS
from orsgate.cli.run import prepare
from orsgate.cli.verify import verify
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


def test_where_one_cannot_be_written_none_is(program: Program, estate: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    out = tmp_path / "out"
    given = [argument for name in READERS for argument in (f"--{name}", out / name)]
    given[-1] = tmp_path / "file" / "r.prom"
    code, said = program("audit", estate, "--offline", *given)
    assert (code, "cannot write the report" in said) == (4, True)
    assert files(out) == set()


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
