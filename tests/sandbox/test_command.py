# SPDX-License-Identifier: Apache-2.0
"""The command starts a ring, says how to reach it, and leaves nothing when it is stopped."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sandbox.waiting import is_gone

COMMAND = [sys.executable, "-m", "orsgate", "sandbox", "cassandra"]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.ring
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_everything(tmp_path: Path, number: signal.Signals) -> None:
    options = ["--json", "--nodes=2", "--datacenters=A,B", "--keyspace=Orchestration"]
    options += ["--strategy-class=NetworkTopologyStrategy", "--strategy-options=A:1;B:1", "--column-families=Session"]
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    command = [*COMMAND, *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout
        ring = json.loads(process.stdout.readline())
        assert [node["datacenter"] for node in ring["nodes"]] == ["A", "B"]
        assert ring["seeds"] == [f"{node['address']}:{node['rpc_port']}" for node in ring["nodes"]]
        assert not any(is_gone(node["pid"]) for node in ring["nodes"])
        process.send_signal(number)
        assert process.wait(20) == 0
    assert all(is_gone(node["pid"]) for node in ring["nodes"])
    assert not list(tmp_path.glob("orsgate-*"))


@pytest.mark.ring
def test_a_node_that_ends_ends_the_command() -> None:
    pipe = subprocess.PIPE
    with subprocess.Popen(COMMAND, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdout
        assert process.stderr
        text = ""
        while "nodes = [" not in text:
            text += process.stdout.readline()
        (pid,) = children(process.pid)
        os.kill(int(pid), signal.SIGKILL)
        assert process.wait(20) == 4
        assert "ended with -9" in process.stderr.read()


def children(pid: int) -> list[str]:
    """The children of all threads of a process."""
    return [child for task in Path(f"/proc/{pid}/task").glob("*/children") for child in task.read_text().split()]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--release=9.9"], "orsgate: Cassandra 9.9 is not in the sandbox; it has "),
        (["--datacenters=A,B"], "orsgate: 1 node(s) cannot stand in 2 data centers"),
        (["--strategy-options=A:1"], "belong to --keyspace"),
        (["--keyspace=K", "--strategy-class=S"], "--strategy-class needs --strategy-options"),
        (["--keyspace=K", "--strategy-options=A"], "'A' has no value; write it like DC1:2;DC2:2"),
    ],
)
def test_wrong_usage_is_one_clear_sentence(arguments: list[str], sentence: str) -> None:
    result = run(*arguments)
    assert (result.returncode, result.stdout) == (2, "")
    assert sentence in result.stderr
    assert "Traceback" not in result.stderr
