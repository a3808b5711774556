# SPDX-License-Identifier: Apache-2.0
"""Commands of the estate file: they end in time, leave nothing behind, and give no secret away."""

from __future__ import annotations

import os
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from orsgate.collection.trials import commands
from orsgate.collection.trials.commands import Command, command_of, run_command, run_statuses
from orsgate.estate.deployment import Action, CommandRun
from orsgate.estate.estate import Estate
from orsgate.estate.file import LoadedEstate, load_estate_file
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.secret import HIDDEN
from orsgate.wire.deadline import Limits
from tests import make
from tests.collection.trials.interrupting import interrupting

pytestmark = pytest.mark.slow

PYTHON = sys.executable


def command(directory: Path, *words: str, seconds: float = 20.0, action: Action = "status") -> Command:
    return Command("ORS_1", action, words, directory, seconds)


def python(directory: Path, code: str, *arguments: str, seconds: float = 20.0) -> Command:
    return command(directory, PYTHON, "-c", code, *arguments, seconds=seconds)


def failure(run: CommandRun) -> Unknown:
    assert isinstance(run.code, Unknown)
    return run.code


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def is_written(path: Path) -> bool:
    return path.exists() and path.read_text().endswith("\n")


def wait_for(path: Path) -> str:
    until = time.monotonic() + 20
    while not is_written(path):
        assert time.monotonic() < until
        time.sleep(0.01)
    return path.read_text().strip()


def until_gone(pid: int) -> None:
    until = time.monotonic() + 20
    while alive(pid):
        assert time.monotonic() < until
        time.sleep(0.01)


@pytest.mark.parametrize("code", [0, 3])
def test_the_exit_code_and_what_it_said(tmp_path: Path, code: int) -> None:
    run = run_command(python(tmp_path, f"print('it', 'runs'); raise SystemExit({code})"), Limits())
    assert (run.code, run.said, run.succeeded) == (code, "it runs", code == 0)
    assert (run.application, run.action) == ("ORS_1", "status")
    assert 0 < run.seconds < 20


def test_no_shell_reads_the_words(tmp_path: Path) -> None:
    words = ("$HOME", "; touch x", "`id`", "a b")
    run = run_command(python(tmp_path, "import sys; print(sys.argv[1:])", *words), Limits())
    assert run.said == str(list(words))
    assert list(tmp_path.iterdir()) == []


def test_standard_input_is_empty_and_the_directory_that_of_the_estate_file(tmp_path: Path) -> None:
    run = run_command(python(tmp_path, "import os, sys; print(repr(sys.stdin.read()), os.getcwd())"), Limits())
    assert run.said == f"'' {tmp_path}"


def test_a_relative_program_is_relative_to_the_estate_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "status"
    script.write_text("#!/bin/sh\necho here\n")
    script.chmod(0o700)
    assert run_command(command(tmp_path, "./status"), Limits()).said == "here"
    monkeypatch.chdir(tmp_path)
    assert run_command(command(Path(), "./status"), Limits()).said == "here"


@pytest.mark.parametrize(
    ("program", "kind", "says"),
    [
        ("no-such-program-anywhere", Failure.MISSING, "was not found on this host"),
        ("./missing", Failure.MISSING, "was not found on this host"),
        ("./plain", Failure.DENIED, "may not be executed by this user"),
        (".", Failure.DENIED, "may not be executed by this user"),
        ("./garbage", Failure.UNREADABLE, "Exec format error"),
        ("a\0b", Failure.UNREADABLE, "null byte"),
    ],
)
def test_a_program_that_cannot_be_run(tmp_path: Path, program: str, kind: Failure, says: str) -> None:
    (tmp_path / "plain").write_text("#!/bin/sh\n")
    (tmp_path / "garbage").write_bytes(b"\0\1\2")
    (tmp_path / "garbage").chmod(0o700)
    unknown = failure(run_command(command(tmp_path, program, "now"), Limits()))
    assert unknown.failure is kind
    assert unknown.cause.startswith("the status command of ORS_1 cannot be run: ")
    assert says in unknown.cause
    assert unknown.cause.isprintable()


FAMILY = """
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
with open(sys.argv[1], "w") as file:
    file.write(f"{os.getpid()} {child.pid}\\n")
time.sleep(600)
"""


def test_at_its_limit_it_is_killed_with_its_children(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    run = run_command(python(tmp_path, FAMILY, str(pids), seconds=1.5), Limits())
    assert failure(run).failure is Failure.TIMEOUT
    assert "had not ended after 1.5 s" in failure(run).cause
    assert 1.5 <= run.seconds < 8
    for pid in map(int, wait_for(pids).split()):
        until_gone(pid)


def test_an_interruption_kills_it_with_its_children(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    with interrupting(lambda: is_written(pids)), pytest.raises(KeyboardInterrupt):
        run_command(python(tmp_path, FAMILY, str(pids), seconds=60), Limits())
    for pid in map(int, wait_for(pids).split()):
        until_gone(pid)


def test_the_end_of_the_run_ends_it(tmp_path: Path) -> None:
    limits = Limits(run_until=time.monotonic() + 0.5)
    run = run_command(python(tmp_path, "import time; time.sleep(600)"), limits)
    assert failure(run).failure is Failure.NOT_ASKED
    assert run.seconds < 8


def test_a_server_that_it_leaves_running_runs_on_and_holds_nothing_up(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    code = """
import subprocess, sys
server = subprocess.Popen([sys.executable, "-c", "import time\\nwhile True: print('on', flush=True); time.sleep(0.02)"])
with open(sys.argv[1], "w") as file:
    file.write(f"{server.pid}\\n")
print("started")
"""
    run = run_command(python(tmp_path, code, str(pids)), Limits())
    pid = int(wait_for(pids))
    try:
        assert run.succeeded
        assert "started" in run.said
        time.sleep(0.3)  # it prints meanwhile, to where nobody reads
        assert alive(pid)
    finally:
        os.kill(pid, signal.SIGKILL)


def test_one_that_prints_without_end_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "LARGEST_OUTPUT", 2**20)
    run = run_command(python(tmp_path, "while True: print('x' * 10000)"), Limits())
    assert failure(run).failure is Failure.GARBLED
    assert len(run.said) <= 200


def test_what_it_says_is_harmless_and_without_secrets(tmp_path: Path) -> None:
    code = "import sys; sys.stdout.buffer.write(b'\\x1b[31mred\\r\\n\\xfc ' + sys.argv[2].encode() + b' password: hunter2')"
    run = run_command(python(tmp_path, code, "--password", "s3cret-word"), Limits())
    assert run.said == f"[31mred ü {HIDDEN} password: {HIDDEN}"
    assert run.words.endswith(f"--password {HIDDEN}")
    assert "s3cret" not in repr(run)


def test_a_secret_that_stands_in_one_word_with_its_name_is_hidden_too(tmp_path: Path) -> None:
    run = run_command(python(tmp_path, "import sys; print(sys.argv[1].partition('=')[2])", "--token=abcdefgh"), Limits())
    assert run.said == HIDDEN
    assert "abcdefgh" not in repr(run)


def loaded_estate(directory: Path, commands_of: str, timeout: str = "") -> LoadedEstate:
    names = ("ORS_1", "ORS_1_B", "ORS_2", "ORS_2_B")
    tables = "".join(f'[[application]]\nname = "{name}"\n{commands_of.replace("NAME", name)}\n' for name in names)
    path = directory / "estate.toml"
    path.write_text(f'[estate]\nname = "Made up"\nfrom_release = "8.1.3"\nto_release = "8.1.4"\n{timeout}\n{tables}')
    return load_estate_file(path)


def test_every_status_command_is_run(tmp_path: Path) -> None:
    given = f"status = ['{PYTHON}', '-c', 'import sys; print(sys.argv[1])', 'NAME']"
    told: list[tuple[int, int]] = []
    loaded = loaded_estate(tmp_path, given)
    runs = run_statuses(make.estate(), loaded, Limits(), lambda _, done, total: told.append((done, total)))
    assert [(run.application, run.said, run.code) for run in runs] == [
        (name, name, 0) for name in ("ORS_1", "ORS_1_B", "ORS_2", "ORS_2_B")
    ]
    assert told == [(0, 4), (1, 4), (2, 4), (3, 4), (4, 4)]


MEETS = """\
import pathlib, sys, time

own = pathlib.Path(sys.argv[1])
own.touch()
until = time.monotonic() + 20
while len(list(own.parent.iterdir())) < 3:
    if time.monotonic() > until:
        sys.exit("nobody else came")
    time.sleep(0.01)
"""
"""Ends well where two others run meanwhile."""


def test_they_run_at_the_same_time_and_only_those_in_scope(tmp_path: Path) -> None:
    meeting = tmp_path / "meeting"
    meeting.mkdir()
    (tmp_path / "meet.py").write_text(MEETS)
    loaded = loaded_estate(tmp_path, f"status = ['{PYTHON}', 'meet.py', '{meeting / 'NAME'}']")
    estate = make.estate(file={"scope": {"exclude": [{"application": "ORS_2_B", "reason": "lab"}]}})
    runs = run_statuses(estate, loaded, Limits())
    assert [(run.application, run.code) for run in runs] == [("ORS_1", 0), ("ORS_1_B", 0), ("ORS_2", 0)]


def test_an_interruption_ends_them_all(tmp_path: Path) -> None:
    loaded = loaded_estate(tmp_path, "status = ['sh', '-c', 'echo $$ > NAME.pid; sleep 600']")
    begun = [tmp_path / f"{name}.pid" for name in ("ORS_1", "ORS_2_B")]
    with interrupting(lambda: all(map(is_written, begun))), pytest.raises(KeyboardInterrupt):
        run_statuses(make.estate(), loaded, Limits())
    for path in tmp_path.glob("*.pid"):
        until_gone(int(path.read_text()))


def test_without_status_commands_nothing_is_run(tmp_path: Path) -> None:
    estate: Estate = make.estate()
    assert run_statuses(estate, loaded_estate(tmp_path, ""), Limits()) == ()


def test_limits_of_commands(tmp_path: Path) -> None:
    loaded = loaded_estate(tmp_path, "status = ['a']\nstop = ['b']")
    entry = loaded.file.application[0]
    status, stop = command_of(loaded, entry, "status"), command_of(loaded, entry, "stop")
    assert status is not None
    assert stop is not None
    assert (status.seconds, stop.seconds, stop.words) == (commands.STATUS_SECONDS, commands.CHANGE_SECONDS, ("b",))
    assert command_of(loaded, entry, "start") is None
    assert command_of(loaded, None, "status") is None
    shorter = loaded.file.model_copy(update={"active": loaded.file.active.model_copy(update={"timeout": 7.0})})
    changed = command_of(replace(loaded, file=shorter), entry, "status")
    assert changed is not None
    assert changed.seconds == 7.0
