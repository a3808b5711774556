# SPDX-License-Identifier: Apache-2.0
"""The wheel, installed in a clean environment, audits from another directory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from orsgate.rules.catalogue import catalogue
from tests.acceptance.conftest import ROOT
from tests.faults.workshop import open_workshop


def done(*command: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "PYTHON"))}
    return subprocess.run(
        [str(part) for part in command], cwd=cwd, env=env, capture_output=True, text=True, timeout=300, check=False
    )


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ``orsgate`` of an environment that holds nothing but the wheel and what it depends on."""
    directory = tmp_path_factory.mktemp("wheel")
    built = done(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", directory, ROOT, cwd=directory)
    assert built.returncode == 0, built.stdout + built.stderr
    [wheel] = directory.glob("orsgate-*.whl")
    binaries = directory / "venv" / "bin"
    for command in ((sys.executable, "-m", "venv", directory / "venv"), (binaries / "pip", "install", "--quiet", wheel)):
        found = done(*command, cwd=directory)
        assert found.returncode == 0, found.stdout + found.stderr
    return binaries / "orsgate"


@pytest.mark.slow
def test_the_wheel_audits_from_another_directory(installed, go_snapshot, tmp_path):
    workshop = open_workshop(tmp_path / "estate")
    ended = done(
        installed, "audit", workshop.path("estate.toml"), "--offline", "--json", "r.json", "--html", "r.html", cwd=tmp_path
    )
    assert ended.returncode == 3, ended.stdout + ended.stderr
    outcomes = {result["id"]: result["outcome"] for result in json.loads((tmp_path / "r.json").read_text())["results"]}
    assert "error" not in outcomes.values()
    assert outcomes["ORS-0201"] == "pass"
    assert done(installed, "judge", go_snapshot, cwd=tmp_path).returncode == 0


@pytest.mark.slow
def test_the_wheel_bundles_what_a_run_left(installed, go_snapshot, tmp_path):
    assert done(installed, "keygen", "--private", "k", "--public", "k.pub", "--unprotected", cwd=tmp_path).returncode == 0
    judged = done(installed, "judge", go_snapshot, "--json", "r.json", "--html", "r.html", "--snapshot", "s.json", cwd=tmp_path)
    assert judged.returncode == 0, judged.stdout + judged.stderr
    named = ("--snapshot", "s.json", "--report", "r.html")
    made = done(installed, "bundle", "r.json", "--output", "b.zip", "--sign", "k", *named, cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    found = done(installed, "bundle", "verify", "b.zip", "--key", "k.pub", cwd=tmp_path)
    assert (found.returncode, "features/10_deployment.feature" in found.stdout) == (0, True), found.stdout
    (tmp_path / "b.zip").write_bytes((tmp_path / "b.zip").read_bytes().replace(b"ORS-0201", b"ORS-0202"))
    assert done(installed, "bundle", "verify", "b.zip", "--key", "k.pub", cwd=tmp_path).returncode == 5


@pytest.mark.slow
def test_the_wheel_knows_every_requirement(installed, tmp_path):
    listed = done(installed, "list", cwd=tmp_path).stdout
    assert {name for name in catalogue() if name not in listed} == set()
    assert "Fix:" in done(installed, "explain", "ORS-0706", cwd=tmp_path).stdout


@pytest.mark.slow
def test_without_the_extra_the_sandbox_says_what_is_missing(installed, tmp_path):
    ended = done(installed, "demo", cwd=tmp_path)
    assert ended.returncode == 2, ended.stdout + ended.stderr
    assert "orsgate[sandbox]" in ended.stderr
    assert "Traceback" not in ended.stderr
