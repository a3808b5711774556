# SPDX-License-Identifier: Apache-2.0
"""What a machine lacks is a failure where it is required, and is reported elsewhere; never is it a pass."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fixtures.at_hand import VARIABLE, not_at_hand, required
from tests.acceptance.test_pytest_user import pytest_run


@pytest.mark.parametrize("named", ["", " , "])
def test_what_is_not_required_is_reported_as_not_run(monkeypatch: pytest.MonkeyPatch, named: str) -> None:
    monkeypatch.setenv(VARIABLE, named)
    with pytest.raises(pytest.skip.Exception, match="not run, containers not at hand: none answers"):
        not_at_hand("containers", "none answers")


@pytest.mark.parametrize("named", ["containers", " containers,,"])
def test_what_is_required_fails(monkeypatch: pytest.MonkeyPatch, named: str) -> None:
    monkeypatch.setenv(VARIABLE, named)
    with pytest.raises(pytest.fail.Exception, match=r"containers: required here \(ORSGATE_REQUIRE\), .*: none answers"):
        not_at_hand("containers", "none answers")


def test_a_name_that_nothing_asks_for_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "containers,container")
    with pytest.raises(pytest.UsageError, match=r"names container, which no test needs; it can name containers, browser$"):
        required()


RING_TESTS = ("tests/acceptance/test_rings.py", "-m", "ring", "-k", "test_one_data_center or killed", "-rs")


@pytest.mark.slow
@pytest.mark.parametrize(("require", "code", "counted"), [("", 0, r"2 skipped"), ("containers", 1, r"2 errors?|2 failed")])
def test_rings_in_containers_without_docker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, require: str, code: int, counted: str
) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    monkeypatch.setenv(VARIABLE, require)
    ended = pytest_run(*RING_TESTS, "--environment", "containers")
    assert ended.code == code, ended.said
    assert "no Docker daemon answers at" in ended.out
    assert re.search(counted, ended.out.splitlines()[-1])
    assert "passed" not in ended.out.splitlines()[-1]


@pytest.mark.slow
def test_rings_with_nothing_created() -> None:
    ended = pytest_run(*RING_TESTS, "--environment", "live")
    assert ended.code == 0, ended.said
    assert "with --environment live nothing is created" in ended.out
    assert ended.out.splitlines()[-1].startswith("2 skipped, ")


@pytest.mark.slow
@pytest.mark.parametrize("environment", ["embedded", "containers"])
def test_an_estate_is_judged_on_its_own_ring(tmp_path: Path, environment: str) -> None:
    ended = pytest_run("--estate", tmp_path / "estate.toml", "--environment", environment)
    assert ended.code == 2
    assert f"--environment {environment} is for tests" in ended.said
    assert "Traceback" not in ended.said
    assert list(tmp_path.iterdir()) == []
