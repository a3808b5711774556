# SPDX-License-Identifier: Apache-2.0
"""``pytest --estate FILE``: for those who run the requirements as any pytest-bdd project."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.acceptance.conftest import ROOT, Ended, environment
from tests.faults.workshop import open_workshop


def pytest_run(*arguments: object, cwd: Path = ROOT) -> Ended:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *map(str, arguments)],
        cwd=cwd, env=environment(ROOT), capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    return Ended(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def without_cassandra(tmp_path: Path) -> Path:
    """An estate outside the repository that needs no ring to be GO."""
    workshop = open_workshop(tmp_path / "estate")
    text = workshop.read("estate.toml").replace('from_release = "8.1.200.50"', 'from_release = "8.1.300.50"')
    text = text.replace('version = "8.1.200.50"', 'version = "8.1.300.50"').replace('"cassandra"', '"none"')
    workshop.write("estate.toml", text)
    for path in workshop.directory.glob("exports/*.cfg"):
        kept = [line for line in path.read_text().splitlines() if not line.startswith("cassandra-")]
        path.write_text("\n".join(kept))
    return workshop.path("estate.toml")


@pytest.mark.slow
@pytest.mark.parametrize("form", [lambda path: ("--estate", path), lambda path: (f"--estate={path}",)])
def test_an_estate_that_is_go_ends_0(form, without_cassandra):
    ended = pytest_run(*form(without_cassandra))
    assert ended.code == 0, ended.said
    assert "GO: " in ended.out
    assert "failed" not in ended.out.splitlines()[-1]


@pytest.mark.slow
def test_what_is_an_error_for_its_scenario_is_no_pass_to_pytest(program, without_cassandra, tmp_path):
    copy, junit = program(), tmp_path / "own.xml"
    feature = copy / "features" / "02_obsolete_options.feature"
    feature.write_text(feature.read_text().replace("@ORS-0201 ", "@ORS-0201 @manual ", 1))
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--estate={without_cassandra}", f"--junitxml={junit}"],
        cwd=copy, env=environment(copy), capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 3
    cases = ET.parse(junit).iter("testcase")  # noqa: S314 - written here
    (case,) = [case for case in cases if case.get("name") == "test_no_application_pulls_by_master_super_node"]
    assert "not those of the catalogue: @manual" in (case.findtext("failure") or "")


@pytest.mark.slow
@pytest.mark.parametrize("selection", [("-k", "Super"), ("-m", "blocker")])
def test_a_selection_is_inconclusive(selection, without_cassandra):
    assert pytest_run("--estate", without_cassandra, *selection).code == 3


@pytest.mark.slow
def test_a_blocker_that_fails_ends_1_and_is_shown(without_cassandra):
    with (without_cassandra.parent / "exports" / "ORS_A1.cfg").open("a") as export:
        export.write("\n[cluster]\nname=old\n")
    ended = pytest_run("--estate", without_cassandra)
    assert ended.code == 1
    assert "a section cluster that holds name" in ended.out


@pytest.mark.slow
def test_a_mistake_in_the_estate_file_ends_2(tmp_path):
    ended = pytest_run("--estate", tmp_path / "nothing.toml")
    assert ended.code == 2
    assert "Traceback" not in ended.said


@pytest.mark.slow
def test_a_blocker_that_is_waived_is_no_failure(without_cassandra):
    for name in ("ORS_A1", "ORS_A1_B"):
        with (without_cassandra.parent / "exports" / f"{name}.cfg").open("a") as export:
            export.write("\n[cluster]\nname=old\n")
    waivers = without_cassandra.with_name("waivers.toml")
    texts = {"requirement": "ORS-0202", "outcome": "fail", "subject": "ORS_A1*", "reason": "r", "approver": "A", "risk": "r"}
    lines = [f'{key} = "{value}"' for key, value in (texts | {"ticket": "CHG-1"}).items()]
    waivers.write_text("\n".join(["[[waiver]]", *lines, "from = 2020-01-01T00:00:00Z", "until = 2999-01-01T00:00:00Z\n"]))
    ended = pytest_run("--estate", without_cassandra, "--waivers", waivers)
    assert ended.code == 0, ended.said
    assert "GO with 1 exception: " in ended.out
    assert "failed" not in ended.out.splitlines()[-1]
    waivers.write_text(waivers.read_text().replace("2999", "2021"))
    ended = pytest_run("--estate", without_cassandra, "--waivers", waivers)
    assert (ended.code, "it expired at 2021-01-01T00:00:00Z; ORS-0202 failed" in ended.out) == (1, True)
    waivers.write_text("[[waiver]]\n")
    assert pytest_run("--estate", without_cassandra, "--waivers", waivers).code == 2
