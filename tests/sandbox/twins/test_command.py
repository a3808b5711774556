# SPDX-License-Identifier: Apache-2.0
"""The commands serve an estate, say how to reach the twin, and stop when they are told to."""

import os
import re
import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner, Result

from orsgate.cli.sandbox import sandbox
from orsgate.home import harness_directory
from tests.sandbox.twins.made import ESTATE, TIMEOUT

pytestmark = pytest.mark.slow

HEALTHY = str(harness_directory() / "fixtures" / "estates" / "healthy" / "estate.toml")


@contextmanager
def started(*arguments: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """The command, running; killed where a test fails, for else it would run on."""
    pipe, command = subprocess.PIPE, [sys.executable, "-m", "orsgate", "sandbox", *arguments]
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env={**os.environ, **environment}) as process:
        try:
            yield process
        finally:
            process.kill()


def said(process: subprocess.Popen[str]) -> str:
    """What it prints once it runs."""
    assert process.stdout
    text = ""
    while "password_env" not in text:
        line = process.stdout.readline()
        assert line, f"it ended: {text}{process.stderr and process.stderr.read()}"
        text += line
    return text


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_gax_twin_makes_a_password_and_stops_on_a_signal(number: signal.Signals) -> None:
    with started("gax", HEALTHY) as process:
        text = said(process)
        assert "a stand-in, not Genesys software" in text
        estate = tomllib.loads(text[text.index("[configuration]") :])["configuration"]
        assert (estate["source"], estate["username"]) == ("gax", "reader")
        exported = re.search(rf"^export {estate['password_env']}=(\S+)$", text, re.MULTILINE)
        assert exported
        account = {"username": "reader", "password": exported[1], "isPasswordEncrypted": False}
        assert requests.post(f"{estate['url']}gax/api/session/login", json=account, timeout=TIMEOUT).status_code == 200
        process.send_signal(number)
        assert process.wait(TIMEOUT) == 0
        assert process.stderr
        assert process.stderr.read() == ""


def test_the_gws_twin_takes_the_password_of_a_variable_and_never_shows_it() -> None:
    arguments = ("gws", HEALTHY, "--username=me", "--password-env=MY_PASSWORD")
    with started(*arguments, MY_PASSWORD="of my own") as process:  # noqa: S106  # made up
        text = said(process)
        assert "of my own" not in text
        assert "export" not in text
        estate = tomllib.loads(text[text.index("[configuration]") :])["configuration"]
        assert (estate["source"], estate["password_env"]) == ("gws", "MY_PASSWORD")
        answer = requests.get(f"{estate['url']}api/v2/me", auth=("me", "of my own"), timeout=TIMEOUT)
        assert answer.headers["X-Orsgate-Twin"] == "GWS twin"
        process.send_signal(signal.SIGTERM)
        assert process.wait(TIMEOUT) == 0


@pytest.mark.parametrize(("more", "status"), [([], 403), (["--writable"], 200)])
def test_a_twin_is_written_to_where_that_was_asked_for(more: list[str], status: int) -> None:
    with started("gws", HEALTHY, "--password-env=MY_PASSWORD", *more, MY_PASSWORD="mine") as process:  # noqa: S106  # made up
        url = tomllib.loads(said(process).partition("[configuration]")[2])["url"]
        path = f"{url}api/v2/platform/configuration/transactions/101"
        found = requests.get(path, auth=("reader", "mine"), timeout=TIMEOUT).json()["transaction"]
        assert requests.put(path, json=found, auth=("reader", "mine"), timeout=TIMEOUT).status_code == status
        process.send_signal(signal.SIGTERM)
        assert process.wait(TIMEOUT) == 0


def run(*arguments: str) -> Result:
    return CliRunner().invoke(sandbox, list(arguments))


def test_help_lists_the_twins() -> None:
    shown = run("--help").output
    for name in ("cassandra", "gax", "gws"):
        assert re.search(rf"^  {name} ", shown, re.MULTILINE)
    assert run("nothing").exit_code == 2
    assert "stand-in" in run("gws", "--help").output


def test_a_password_that_is_not_there_is_wrong_usage() -> None:
    result = run("gax", HEALTHY, "--password-env=NO_SUCH_VARIABLE")
    assert result.exit_code == 2
    assert "NO_SUCH_VARIABLE holds no password; set it, or name another" in result.output


def test_an_estate_without_applications_has_nothing_to_serve(tmp_path: Path) -> None:
    path = tmp_path / "estate.toml"
    live = '[configuration]\nsource = "gax"\nurl = "https://gax/"\nusername = "reader"\n'
    path.write_text(ESTATE + live, "utf-8")
    result = run("gax", str(path))
    assert "reads its configuration from gax; a twin serves what" in str(result.exception)


def test_what_could_not_be_read_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(_twin: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("orsgate.sandbox.twins.command._look_after", stop)
    path = tmp_path / "estate.toml"
    path.write_text(f'{ESTATE}[[application]]\nname = "ORS_1"\noptions = "gone.cfg"\n', "utf-8")
    result = run("gax", str(path))
    assert result.exit_code == 0
    assert "ORS_1 is served without its options: the current export of ORS_1 is not there" in result.output
