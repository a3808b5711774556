# SPDX-License-Identifier: Apache-2.0
"""The command starts a ring, says how to reach it, and leaves nothing when it is stopped."""

import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from orsgate.sandbox.native import connect_native
from tests.sandbox.waiting import is_gone

COMMAND = [sys.executable, "-m", "orsgate", "sandbox", "cassandra"]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.ring
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_everything(tmp_path: Path, number: signal.Signals) -> None:
    options = ["--json", "--nodes=2", "--datacenters=A,B", "--keyspace=Orchestration"]
    options += ["--strategy-class=NetworkTopologyStrategy", "--strategy-options=A:1;B:1", "--column-families=Session"]
    with started(*options, TMPDIR=str(tmp_path)) as process:
        ring = json.loads(read_until("}", process))
        assert [node["datacenter"] for node in ring["nodes"]] == ["A", "B"]
        assert ring["seeds"] == [f"{node['address']}:{node['rpc_port']}" for node in ring["nodes"]]
        assert (ring["login"], ring["tls"]) == (None, None)
        assert not any(is_gone(node["pid"]) for node in ring["nodes"])
        process.send_signal(number)
        assert process.wait(20) == 0
    assert all(is_gone(node["pid"]) for node in ring["nodes"])
    assert not list(tmp_path.glob("orsgate-*"))


@pytest.mark.ring
def test_a_node_that_ends_ends_the_command() -> None:
    with started() as process:
        assert process.stderr
        read_until("nodes = [", process)
        (pid,) = children(process.pid)
        os.kill(int(pid), signal.SIGKILL)
        assert process.wait(20) == 4
        assert "ended with -9" in process.stderr.read()


@pytest.mark.ring
def test_a_ring_with_passwords_and_tls_and_without_thrift_is_reached_as_it_says() -> None:
    password = 'it\'s "quoted"'  # noqa: S105  # made up
    options = ("--release=2.2.5", "--login=ors", "--password-env=ORS_PASSWORD", "--tls", "--without-rpc", "--json")
    with started(*options, ORS_PASSWORD=password) as process:
        ring = json.loads(read_until("}", process))
        (node,) = ring["nodes"]
        assert (node["rpc_port"], ring["seeds"], ring["login"]) == (None, [f"{node['address']}:{node['native_port']}"], "ors")
        assert "quoted" not in json.dumps(ring)
        assert sorted(ring["tls"]) == ["ca", "client", "client_key", "other_ca"]
        context = ssl.create_default_context(cafile=ring["tls"]["ca"])
        context.set_ciphers("ALL")  # 2.2 offers no suite with more than SHA-1 by itself, and Python none with less
        address, port = node["address"], node["native_port"]
        with connect_native(address, port, 20, protocol=4, login=("ors", password), context=context) as client:
            assert client.token_owners() == {node["address"]}
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


@pytest.mark.ring
def test_it_prints_what_the_estate_file_needs(tmp_path: Path) -> None:
    options = ("--release=1.2.19", "--login=ors", "--password-env=ORS_PASSWORD", "--tls", "--without-rpc")
    with started(*options, ORS_PASSWORD="secret word", TMPDIR=str(tmp_path)) as process:  # noqa: S106  # made up
        text = read_until("ca_file", process)
        said = tomllib.loads(text[text.index("[cassandra]") :])["cassandra"]
        ca = Path(said.pop("ca_file"))
        assert ca.is_relative_to(tmp_path)
        assert ca.read_text().startswith("-----BEGIN CERTIFICATE-----")
        (node,) = said.pop("nodes")
        host, port = node.split(":")
        socket.create_connection((host, int(port)), 10).close()
        assert said == {"protocol": "native", "username": "ors", "password_env": "ORS_PASSWORD"}
        assert "secret word" not in text
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


@contextmanager
def started(*options: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """The command, running; killed where a test fails, for else it would run on."""
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [*COMMAND, *options], stdout=pipe, stderr=pipe, text=True, env={**os.environ, **environment}
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def read_until(mark: str, process: subprocess.Popen[str]) -> str:
    """What comes up to the line with ``mark``; fails the test where none comes."""
    assert process.stdout
    assert process.stderr
    text = ""
    while mark not in text:
        line = process.stdout.readline()
        assert line, f"it ended without {mark!r}: {text}{process.stderr.read()}"
        text += line
    return text


def children(pid: int) -> list[str]:
    """The children of all threads of a process."""
    return [child for task in Path(f"/proc/{pid}/task").glob("*/children") for child in task.read_text().split()]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--release=9.9"], "orsgate: Cassandra 9.9 is not in the sandbox; it has "),
        (["--datacenters=A,B"], "orsgate: 1 node(s) cannot stand in 2 data centers"),
        (["--strategy-options=A:1"], "belong to --keyspace"),
        (["--keyspace=K", "--strategy-class=S"], "--strategy-class needs --strategy-options"),
        (["--login=ors"], "--login and --password-env belong together"),
        (["--login=ors", "--password-env=NO_SUCH_VARIABLE"], "NO_SUCH_VARIABLE holds no password; set it, or name another"),
        (["--tls"], "orsgate: Cassandra 1.1.12 has neither passwords nor TLS for its clients; 1.2 is the first that has"),
        (["--without-rpc"], "speaks nothing but Thrift; --without-rpc is for 1.2 and later"),
        (["--keyspace=K", "--strategy-options=A"], "'A' has no value; write it like DC1:2;DC2:2"),
    ],
)
def test_wrong_usage_is_one_clear_sentence(arguments: list[str], sentence: str) -> None:
    result = run(*arguments)
    assert (result.returncode, result.stdout) == (2, "")
    assert sentence in result.stderr
    assert "Traceback" not in result.stderr
