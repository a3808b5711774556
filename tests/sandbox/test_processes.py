# SPDX-License-Identifier: Apache-2.0
"""Nothing that was started outlives whoever started it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from orsgate.sandbox import tether
from orsgate.sandbox.processes import Launcher, kill, terminate
from tests.sandbox.waiting import is_gone, until

SLEEP = [sys.executable, "-S", "-c", "import time; print('up', flush=True); time.sleep(600)"]


@pytest.fixture
def launcher() -> Iterator[Launcher]:
    launcher = Launcher()
    yield launcher
    launcher.close()


def test_closing_the_launcher_kills_what_runs(tmp_path: Path) -> None:
    launcher = Launcher()
    process = launcher.launch(SLEEP, tmp_path, tmp_path / "log")
    until(lambda: bool((tmp_path / "log").read_text()), "its output")
    launcher.close()
    assert process.wait(10) == -signal.SIGKILL


def test_killing_and_terminating(launcher: Launcher, tmp_path: Path) -> None:
    one, two = (launcher.launch(SLEEP, tmp_path, tmp_path / name) for name in ("one", "two"))
    until(lambda: all((tmp_path / name).read_text() for name in ("one", "two")), "their output")
    kill(one)
    terminate(two, 10)
    assert (one.returncode, two.returncode) == (-signal.SIGKILL, -signal.SIGTERM)
    kill(one)  # a second time does nothing


def test_what_cannot_be_started_is_said(launcher: Launcher, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        launcher.launch(SLEEP, tmp_path / "nowhere", tmp_path / "log")


def test_the_environment_of_the_user_does_not_reach_it(
    launcher: Launcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JAVA_TOOL_OPTIONS", "-Xmx1g")
    process = launcher.launch(["/usr/bin/env"], tmp_path, tmp_path / "log")
    assert process.wait(10) == 0
    assert "JAVA_TOOL_OPTIONS" not in (tmp_path / "log").read_text()


def test_a_process_whose_parent_died_before_it_was_tied_does_not_start() -> None:
    command = [sys.executable, "-I", "-S", tether.__file__, str(os.getpid() + 1), "/bin/echo", "started"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout) == (1, "")


KILLED = f"""
from pathlib import Path
import sys, time
from orsgate.sandbox.processes import Launcher
directory = Path(sys.argv[1])
print(Launcher().launch({SLEEP!r}, directory, directory / "log").pid, flush=True)
time.sleep(600)
"""


def test_killing_the_parent_kills_the_process(tmp_path: Path) -> None:
    command = [sys.executable, "-c", KILLED, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        pid = int(parent.stdout.readline())
        until(lambda: bool((tmp_path / "log").read_text()), "its output")
        parent.kill()
    until(lambda: is_gone(pid), "the end of the process")
