# SPDX-License-Identifier: Apache-2.0
"""Ctrl-C and SIGTERM at any moment: exit code 130, never a traceback, and a report that says interrupted or none."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from orsgate.cli.main import run
from orsgate.sandbox.samples import place_sample
from orsgate.sandbox.twins import misbehaviour as wrong
from orsgate.sandbox.twins.server import DEFAULT_PASSWORD
from tests.acceptance.conftest import ROOT, environment
from tests.faults.workshop import open_workshop
from tests.sources.reading import TWINS, VARIABLE, live_estate, tree


@pytest.fixture
def silent() -> Iterator[tuple[int, threading.Event]]:
    """A port that accepts and stays silent, and an event for the first connection."""
    connected = threading.Event()
    kept: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def accept() -> None:
            while True:
                try:
                    kept.append(listening.accept()[0])
                except OSError:
                    return
                connected.set()

        threading.Thread(target=accept, daemon=True).start()
        yield listening.getsockname()[1], connected
    for connection in kept:
        connection.close()


def started(*arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "orsgate", *map(str, arguments)], env=environment(ROOT), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_while_collecting_leaves_a_report_that_says_so(number, silent, tmp_path):
    port, connected = silent
    workshop = open_workshop(tmp_path / "estate")
    nodes = f'nodes = ["127.0.0.1:{port}"]\ntimeout = 60.0'
    workshop.write("estate.toml", workshop.read("estate.toml").replace('nodes = ["127.0.1.1:9160", "127.0.1.2:9160"]', nodes))
    process = started("audit", workshop.path("estate.toml"), "--json", tmp_path / "r.json")
    assert connected.wait(30)
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130, out + err
    assert "Traceback" not in out + err
    report = json.loads((tmp_path / "r.json").read_text())
    assert (report["verdict"], report["exit_code"]) == ("inconclusive", 130)
    assert "interrupted" in out


@pytest.mark.slow
@pytest.mark.parametrize("part", range(12))
def test_an_interruption_at_any_moment_of_judging_is_never_go(part, go_snapshot, tmp_path):
    began = time.monotonic()
    whole = started("judge", go_snapshot)
    whole.communicate(timeout=60)
    duration = time.monotonic() - began
    target = tmp_path / "r.json"
    process = started("judge", go_snapshot, "--json", target)
    # There is no condition to wait for: the moment itself is what varies.
    deadline = time.monotonic() + duration * (part + 2) / 13
    while time.monotonic() < deadline and process.poll() is None:
        os.sched_yield()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode in {0, 130, -signal.SIGINT}, out + err
    if process.returncode == 0:
        assert "GO" in out
    else:
        assert _report_says_interrupted(target)
    if "orsgate" in err:
        assert "Traceback" not in err


def _report_says_interrupted(path: Path) -> bool:
    if not path.exists():
        return True
    report = json.loads(path.read_text())
    return (report["verdict"], report["exit_code"]) == ("inconclusive", 130)


@pytest.mark.slow
@pytest.mark.parametrize("command", ["audit", "discover", "export"])
@pytest.mark.parametrize("source", TWINS)
def test_an_interruption_does_not_wait_for_a_silent_source(source, command, tmp_path):
    """The source lets the account in, and never answers again; its own limit would be a minute."""
    sample = place_sample("healthy", tmp_path / "sample")
    silence = dict.fromkeys(range(2, 100), wrong.Hang())
    with TWINS[source](tree(sample), misbehave=silence) as twin:
        estate = live_estate(sample, source, twin.url)
        target = ["--directory", str(tmp_path / "new")] if command != "audit" else []
        process = subprocess.Popen(
            [sys.executable, "-m", "orsgate", command, str(estate), *target], cwd=tmp_path, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, env=environment(ROOT, {VARIABLE: DEFAULT_PASSWORD}),
        )  # fmt: skip
        end = time.monotonic() + 30
        while len(twin.requests) < 2 and process.poll() is None:
            assert time.monotonic() < end
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        began = time.monotonic()
        _, err = process.communicate(timeout=60)
        took = time.monotonic() - began
    assert process.returncode == 130, err
    assert b"Traceback" not in err
    assert took < 20
    assert not (tmp_path / "new").exists()


def test_an_interruption_that_a_library_makes_an_error_of_its_own_stays_one(monkeypatch):
    """As pydantic does, where it is interrupted while it builds a model."""

    def interrupted(*_: object, **__: object) -> None:
        try:
            signal.raise_signal(signal.SIGINT)
        except KeyboardInterrupt as error:
            raise ValueError("KeyboardInterrupt:") from error

    monkeypatch.setattr("orsgate.cli.main.orsgate.main", interrupted)
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        assert run(["list"]) == 130
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
