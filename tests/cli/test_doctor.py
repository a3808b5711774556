# SPDX-License-Identifier: Apache-2.0
"""``orsgate doctor``: what it shows, what it writes, and the code it ends with."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from orsgate.cli.main import run
from orsgate.doctor.lines import MOST_ALIKE
from orsgate.probes.transport import Target
from tests.doctor.estates import SECRET, Remembering, serving, write_estate

pytestmark = pytest.mark.slow


def doctor(*arguments: object) -> int:
    return run(["doctor", *map(str, arguments)])


@pytest.fixture(autouse=True)
def _keeps_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORSGATE_TEST_PASSWORD", SECRET)


def with_account(server: Target, more: str = 'password_env = "ORSGATE_TEST_PASSWORD"') -> str:
    return f'nodes = ["{server}"]\nusername = "reader"\n{more}'


def test_everything_is_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with serving(Remembering()) as target:
        path = write_estate(tmp_path, cassandra=with_account(target))
        assert doctor(path) == 0
    line = path.read_text().splitlines().index('username = "reader"') + 1
    out, err = capsys.readouterr()
    assert err == ""
    assert SECRET not in out
    assert out.splitlines() == [
        "configuration",
        f"  ok       current export, read: {tmp_path}/exports/ORS_1.cfg, {tmp_path}/exports/ORS_1_B.cfg",
        f"  ok       {tmp_path}/rollback: the directory of the rollback exports can be read",
        f"  ok       {tmp_path}/rollback/ORS_1.cfg: the rollback export of ORS_1 can be read",
        "cassandra",
        f"  ok       Cassandra user reader is named in {path}:{line}",
        "  ok       the password of the Cassandra user reader can be had from ORSGATE_TEST_PASSWORD",
        f"  ok       {target} accepts connections",
        "",
        "configuration: can be collected here",
        "cassandra: can be collected here",
    ]


def test_something_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str], nowhere: Target) -> None:
    secret = tmp_path / "secret"
    secret.write_text(SECRET)
    secret.chmod(0o644)
    account = with_account(nowhere, f'password_file = "secret"\nnative_port = {nowhere.port}')
    assert doctor(write_estate(tmp_path, cassandra=account)) == 3
    out = capsys.readouterr().out
    assert SECRET not in out
    assert f"  MISSING  {nowhere} refused the connection\n           Fix: is Cassandra running, " in out
    assert f"           Fix: chmod 600 {secret}\n" in out
    assert out.splitlines()[-2] == "configuration: can be collected here (--part configuration)"
    assert out.splitlines()[-1].startswith("cassandra: cannot be collected here: the password of the Cassandra user reader")
    assert out.splitlines()[-1].endswith(", and 1 more")


def test_the_part_that_cannot_be_collected_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str], nowhere: Target) -> None:
    path = write_estate(tmp_path, cassandra=f'nodes = ["{nowhere}"]\nnative_port = {nowhere.port}')
    assert doctor(path, "--quiet") == 3
    assert capsys.readouterr().out.splitlines() == [
        "configuration: can be collected here (--part configuration)",
        f"cassandra: cannot be collected here: {nowhere} refused the connection",
    ]


def test_json(tmp_path: Path, capsys: pytest.CaptureFixture[str], nowhere: Target) -> None:
    path = write_estate(tmp_path, cassandra=with_account(nowhere))
    written = tmp_path / "reports" / "doctor.json"
    assert doctor(path, "--json", written) == 3
    assert "cassandra: cannot be collected here" in capsys.readouterr().out
    read = json.loads(written.read_text())
    assert (read["schema"], read["estate"]) == ("orsgate/doctor/1", {"name": "Made up", "file": str(path)})
    assert read["parts"] == {"configuration": True, "cassandra": False}
    (node,) = [check for check in read["checks"] if check["subject"] == str(nowhere)]
    assert set(node) == {"what", "subject", "how", "state", "text", "fix"}
    assert (node["what"], node["state"]) == ("cassandra", "missing")
    assert SECRET not in written.read_text()


def test_json_to_standard_output_sends_the_text_elsewhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with serving(Remembering()) as target:
        assert doctor(write_estate(tmp_path, cassandra=with_account(target)), "--json", "-") == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["parts"] == {"configuration": True, "cassandra": True}
    assert "cassandra: can be collected here" in err


def test_json_that_is_not_known(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_estate(tmp_path, cassandra='nodes = ["127.0.0.1:1"]')
    assert doctor(path, "--json", "-", "--timeout", "0.000001") == 3
    out, err = capsys.readouterr()
    assert json.loads(out)["parts"] == {"configuration": True, "cassandra": None}
    assert "cassandra: not known whether it can be collected here: the run's deadline passed before this was asked" in err


@pytest.mark.parametrize("name", ["estate.toml", "exports/ORS_1.cfg", "rollback/ORS_1.cfg"])
def test_nothing_that_is_read_is_replaced(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_estate(tmp_path)
    before = (tmp_path / name).read_bytes()
    assert doctor(path, "--json", tmp_path / name) == 2
    assert "which this run reads" in capsys.readouterr().err
    assert (tmp_path / name).read_bytes() == before


@pytest.mark.parametrize("content", [None, "name = ", "[estate]\nname = 1\n"])
def test_a_wrong_estate_file(content: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "estate.toml"
    if content is not None:
        path.write_text(content)
    assert doctor(path) == 2
    assert capsys.readouterr().err.startswith(f"orsgate: {path}")


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf", "x"])
def test_a_wrong_deadline(seconds: str, tmp_path: Path) -> None:
    assert doctor(write_estate(tmp_path), "--timeout", seconds) == 2


def test_what_is_not_needed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_estate(
        tmp_path, estate='rollback = "rollback"\npersistence = "redis"', application='log = "no.log"\nstart = ["no-such-program"]'
    )
    assert doctor(path, "--quiet") == 0
    assert capsys.readouterr().out.splitlines() == [
        "configuration: can be collected here",
        'cassandra: not needed (persistence = "redis" in the estate file)',
        "other: 2 things missing, which collecting does not need",
    ]


def test_of_many_alike_some_are_shown_and_verbose_shows_all(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [])
    names = ", ".join(f'"cass-{number}.invalid"' for number in range(MOST_ALIKE + 5))
    path = write_estate(tmp_path, cassandra=f"nodes = [{names}]")
    doctor(path)
    out = capsys.readouterr().out
    assert out.count("does not resolve on this host") == MOST_ALIKE + 1  # once in the summary
    assert "5 more of this kind" in out
    doctor(path, "--verbose")
    out = capsys.readouterr().out
    assert out.count("does not resolve on this host [node resolved, connected to its Thrift port]") == MOST_ALIKE + 5
    assert f"{tmp_path}/exports/ORS_1_B.cfg: the current export of ORS_1_B can be read [current export, read]" in out
