# SPDX-License-Identifier: Apache-2.0
"""Streams that are closed, unread or of another encoding, results that would replace inputs, and what else goes wrong around."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from orsgate.cli.outputs import Outputs
from orsgate.cli.run import _undisturbed
from orsgate.estate.mistakes import InputError
from orsgate.reporting import grouping
from orsgate.sandbox.errors import UsageError, sandbox_at_hand
from tests.acceptance.conftest import ROOT, Ended, environment, orsgate
from tests.faults.workshop import Workshop, open_workshop

pytestmark = pytest.mark.slow  # a process of the program for each


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return open_workshop(tmp_path / "estate")


def shell(command: str, *arguments: object, cwd: Path | None = None) -> Ended:
    """Run a shell command in which ORSGATE is the program with the arguments."""
    program = shlex.join([sys.executable, "-m", "orsgate", *map(str, arguments)])
    done = subprocess.run(
        ["/bin/sh", "-c", command.replace("ORSGATE", program)], cwd=cwd or ROOT.parent, env=environment(ROOT),
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    return Ended(done.returncode, done.stdout, done.stderr)


def unread(*arguments: object, stream: str = "stdout") -> tuple[int, str]:
    """Run the program with a stream that nobody reads: its exit code, and what it said on the other."""
    reading, writing = os.pipe()
    os.close(reading)
    process = subprocess.Popen(
        [sys.executable, "-m", "orsgate", *map(str, arguments)], env=environment(ROOT), text=True,
        stdout=writing if stream == "stdout" else subprocess.PIPE, stderr=writing if stream == "stderr" else subprocess.PIPE,
    )  # fmt: skip
    os.close(writing)
    out, err = process.communicate(timeout=120)
    return process.returncode, (out or "") + (err or "")


def test_a_verdict_that_nobody_reads_is_exit_4(go_snapshot, tmp_path):
    code, said = unread("judge", go_snapshot, "--json", tmp_path / "r.json")
    assert code == 4
    assert said == "orsgate: the output could not be delivered: nobody reads it any more\n"
    assert not (tmp_path / "r.json").exists()


def test_a_list_that_nobody_reads_is_exit_4():
    code, said = unread("list")
    assert code == 4
    assert "Traceback" not in said


def test_an_error_that_nobody_reads_keeps_its_exit_code(tmp_path):
    assert unread("audit", tmp_path / "nothing.toml", stream="stderr")[0] == 2
    assert unread("adit", stream="stderr")[0] == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_below_standard_output_is_exit_4(go_snapshot):
    ended = shell("ORSGATE >/dev/full", "judge", go_snapshot)
    assert ended.code == 4
    assert "Traceback" not in ended.err


def test_a_stream_that_breaks_leaves_no_file(go_snapshot, tmp_path):
    code, said = unread("judge", go_snapshot, "--json", tmp_path / "r.json", "--snapshot", "-")
    assert code == 4, said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_names_that_the_console_cannot_show_are_escaped(encoding, workshop, tmp_path):
    text = workshop.read("estate.toml")
    name = json.loads(next(line for line in text.splitlines() if line.startswith("name = ")).partition("= ")[2])
    workshop.write("estate.toml", text.replace(f'name = "{name}"', 'name = "本番"', 1))
    ended = orsgate(
        "audit", workshop.path("estate.toml"), "--offline", "--json", tmp_path / "r.json", env={"PYTHONIOENCODING": encoding}
    )
    assert ended.code == 3, ended.said
    assert "\\u672c\\u756a" in ended.out
    assert ended.report(tmp_path / "r.json")["exit_code"] == 3


def test_a_result_for_a_stream_that_is_closed_is_no_go(go_snapshot):
    ended = shell("ORSGATE >&-", "judge", go_snapshot, "--json", "-")
    assert ended.code == 4, ended.said
    assert ended.err.startswith("orsgate: cannot write the report to standard output: it is closed; name a file\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_stream_that_is_full_is_told_in_a_sentence(go_snapshot, tmp_path):
    ended = shell("ORSGATE >/dev/full", "judge", go_snapshot, "--json", tmp_path / "r.json")
    assert ended.code == 4, ended.said
    assert ended.err.startswith("orsgate: the output could not be delivered: no space left on device\n")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("closed", ["2>&-", ">&-", ">&- 2>&-"])
def test_a_closed_stream_does_not_change_the_verdict(closed, go_snapshot, tmp_path):
    target = tmp_path / "r.json"
    ended = shell(f"ORSGATE {closed}", "judge", go_snapshot, "--json", target)
    assert ended.code == 0, ended.said
    assert ended.report(target)["exit_code"] == 0


def test_a_closed_standard_error_does_not_break_collecting(workshop, tmp_path):
    ended = shell("ORSGATE 2>&-", "audit", workshop.path("estate.toml"), "--offline", "--json", tmp_path / "r.json")
    assert ended.code == 3, ended.said
    assert ended.report(tmp_path / "r.json")["exit_code"] == 3


@pytest.mark.parametrize("name", ["estate.toml", "exports/ORS_A1.cfg", "rollback", "topology.txt"])
@pytest.mark.parametrize("command", ["audit", "collect"])
def test_no_result_replaces_an_input(command, name, workshop):
    text = workshop.read("estate.toml")
    workshop.write("topology.txt", "Address\n")
    if "topology" not in text:
        workshop.write("estate.toml", text.replace("[cassandra]\n", '[cassandra]\ntopology = "topology.txt"\n'))
    if name == "rollback":
        rollback = next(line for line in text.splitlines() if line.startswith("rollback"))
        name = str(next(workshop.path(json.loads(rollback.partition("= ")[2])).glob("*.cfg")).relative_to(workshop.directory))
    before = workshop.path(name).read_bytes()
    what = "--json" if command == "audit" else "--snapshot"
    ended = orsgate(command, "estate.toml", "--offline", what, name, cwd=workshop.directory)
    assert ended.code == 2, ended.said
    assert ended.err.count("\n") == 1
    assert f"{what} {name} would replace" in ended.err
    assert workshop.path(name).read_bytes() == before


def test_no_result_replaces_the_judged_snapshot(go_snapshot, tmp_path):
    link = tmp_path / "link.json"
    link.symlink_to(go_snapshot)
    before = go_snapshot.read_bytes()
    ended = orsgate("judge", go_snapshot, "--html", link)
    assert ended.code == 2
    assert "which this run reads" in ended.err
    assert go_snapshot.read_bytes() == before


def test_no_result_replaces_a_feature_of_the_team(tmp_path):
    (tmp_path / "own.feature").write_text("Feature: own\n")
    outputs = Outputs({"json": str(tmp_path / "own.feature"), "html": str(tmp_path / "new.html")})
    with pytest.raises(InputError, match="would replace"):
        outputs.keep_off(tmp_path.rglob("*"))


def test_one_file_by_two_names_is_one_target(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "a")
    for other in ("a/../r", "link/../r"):
        with pytest.raises(InputError, match="both go to"):
            Outputs({"json": str(tmp_path / "r"), "html": str(tmp_path / other)})
    with pytest.raises(InputError, match="both go to"):
        Outputs({"json": str(tmp_path / "a" / "r"), "html": str(tmp_path / "link" / "r")})


def test_a_working_directory_that_is_gone_is_exit_2(tmp_path, go_snapshot):
    ended = shell("mkdir gone; cd gone; rmdir ../gone; ORSGATE", "judge", go_snapshot, "--json", "r.json", cwd=tmp_path)
    assert ended.code == 2, ended.said
    assert "orsgate: the working directory does not exist any more; change to another\n" in ended.err
    assert "Traceback" not in ended.err


@pytest.mark.parametrize("value", ["nan", "inf"])
def test_a_timeout_that_is_no_number_of_seconds_is_exit_2(value, workshop):
    ended = orsgate("audit", workshop.path("estate.toml"), "--offline", "--timeout", value)
    assert ended.code == 2
    assert "--timeout" in ended.err


def test_a_file_where_a_directory_must_be_is_told(go_snapshot, tmp_path):
    (tmp_path / "file").write_text("in the way")
    ended = orsgate("judge", go_snapshot, "--json", tmp_path / "file" / "r.json")
    assert ended.code == 4
    assert "a part of the path is a file" in ended.err
    assert "internal error" not in ended.err
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def pytest_estate(program: Path, workshop: Workshop) -> Ended:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--estate={workshop.path('estate.toml')}"],
        cwd=program, env=environment(program), capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    return Ended(done.returncode, done.stdout, done.stderr)


@pytest.mark.slow
@pytest.mark.parametrize("broken", ["_verdict", "handle"])
def test_a_report_that_breaks_under_pytest_is_exit_4(broken, program, workshop):
    copy = program()
    with (copy / "orsgate" / "reporting" / "console" / "reporter.py").open("a") as module:
        module.write(f"\nConsoleReporter.{broken} = lambda *_: 1 / 0\n")
    ended = pytest_estate(copy, workshop)
    assert ended.code == 4, ended.said
    assert "internal error: ZeroDivisionError" in ended.said
    assert "Traceback" not in ended.said


def test_every_report_asks_the_same_question(go_snapshot, tmp_path):
    ended = orsgate("judge", go_snapshot, "--phase", "deployment", "--html", tmp_path / "r.html")
    page = (tmp_path / "r.html").read_text()
    for text in (ended.out, page):
        assert grouping.QUESTIONS["deployment"][1:] in text


@pytest.mark.parametrize("last", [True, False])
def test_interruptions_are_heard_again_when_a_report_breaks(last):
    before = signal.getsignal(signal.SIGINT)
    ignored = []

    def broken() -> None:
        with _undisturbed(last=last):
            ignored.append(signal.getsignal(signal.SIGINT))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken()
    assert ignored == [signal.SIG_IGN]
    assert signal.getsignal(signal.SIGINT) is before


def test_only_the_packages_of_the_extra_are_explained():
    with pytest.raises(UsageError, match=r"jgo\.maven is missing"), sandbox_at_hand():
        raise ImportError("no", name="jgo.maven")
    with pytest.raises(ImportError, match="cannot import"), sandbox_at_hand():
        raise ImportError("cannot import", name="orsgate.rules")


@pytest.mark.parametrize(("command", "hint"), [("init", False), ("list", True)])
def test_the_hint_is_given_only_where_there_is_such_an_option(command, hint, program):
    copy = program()
    module = {"init": "estate/starting_point.py", "list": "cli/features.py"}[command]
    (copy / "orsgate" / module).write_text("1 / 0\n")
    ended = orsgate(command, program=copy)
    assert ended.code == 4, ended.said
    assert "internal error: ZeroDivisionError" in ended.err
    assert ("--verbose" in ended.err) is hint
