# SPDX-License-Identifier: Apache-2.0
"""Logs of ORS: head, build, and lines of trouble; the logs are made up after what logbrowser reads in real ones."""

from __future__ import annotations

import os
import threading
import time
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orsgate.collection.trials import logs
from orsgate.collection.trials.logs import MOST_LINES, read_log, read_logs
from orsgate.collection.trials.troubles import PREFILTER, tells_of_trouble
from orsgate.estate.deployment import LogLine, LogSeen
from orsgate.estate.file import load_estate_file
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.secret import HIDDEN
from orsgate.wire.deadline import Limits
from tests import make

HEAD = """\
Application name: ORS_1
Application type: OrchestrationServer (161)
Application version: 8.1.400.27
Command line: ./orchestration -host cfg -port 2020 -app ORS_1
Host name: ors-1
Start time (UTC): 2026-01-31T02:10:00
Local time: 2026-01-31T03:10:00
Time zone: 3600, CET
Common library version: 8.1.100.12
File: (1) /logs/ORS_1.20260131_021000_001.log
"""
LOST = "02:11:00.000 Std 04504 Connection to T-Server SIP_1 at host sip-1 port 3000 lost"
QUIET = "02:10:01.000 Std 05060 Application started"


def log(directory: Path, text: str | bytes, name: str = "ORS_1.log") -> Path:
    path = directory / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def seen(directory: Path, text: str | bytes) -> LogSeen:
    return read_log("ORS_1", log(directory, text))


def unknown(fact: object) -> Unknown:
    assert isinstance(fact, Unknown)
    assert fact.cause.isprintable()
    return fact


def test_a_quiet_log(tmp_path: Path) -> None:
    found = seen(tmp_path, HEAD + QUIET + "\n")
    assert (found.application, found.place) == ("ORS_1", str(tmp_path / "ORS_1.log"))
    assert (found.application_name, found.build, found.started) == ("ORS_1", "8.1.400.27", "2026-01-31T02:10:00")
    assert (found.troubles, found.more) == ((), 0)


def test_lines_of_trouble_with_their_numbers(tmp_path: Path) -> None:
    found = seen(tmp_path, f"{HEAD}{QUIET}\n{LOST}\n{QUIET}\nCassandra node 10.0.0.1:9160 is down")
    assert found.troubles == (LogLine(12, LOST), LogLine(14, "Cassandra node 10.0.0.1:9160 is down"))


def test_only_the_first_lines_are_kept(tmp_path: Path) -> None:
    found = seen(tmp_path, HEAD + f"{LOST}\n" * (MOST_LINES + 7))
    assert not isinstance(found.troubles, Unknown)
    assert [line.line for line in found.troubles] == list(range(11, 11 + MOST_LINES))
    assert found.more == 7


@pytest.mark.parametrize(
    "line",
    [
        "Application version: 8.1.400.27",
        "Version: 8.1.400.27",
        "version = 8.1.400.27",
        "Server version: v8.1.400.27",
        "Release: 8.1.400.27",
        "Orchestration Server, Version: 8.1.400.27, built on Linux",
        "02:10:00.000 Genesys OrchestrationServer version 8.1.400.27 (64-bit)",
    ],
)
def test_ways_to_tell_the_build(tmp_path: Path, line: str) -> None:
    assert seen(tmp_path, HEAD.replace("Application version: 8.1.400.27", line)).build == "8.1.400.27"


@pytest.mark.parametrize(
    "line",
    [
        "Config library version: 8.1.400.27",
        "Host info: Linux, version 4.18.0",
        "Cassandra release: 2.2.5 at 10.0.0.1",
        "Connected to Universal Routing Server version 8.1.400.27",
        "Version: unknown",
        "Version: 8.1.400.27-beta",
    ],
)
def test_versions_of_something_else_are_not_the_build(tmp_path: Path, line: str) -> None:
    assert "no line with a version" in unknown(seen(tmp_path, HEAD.replace("Application version: 8.1.400.27", line)).build).cause


def test_two_builds_in_one_head_are_none(tmp_path: Path) -> None:
    found = seen(tmp_path, HEAD + "Version: 8.1.300.30\n")
    assert "more than one release in its head: 8.1.300.30, 8.1.400.27" in unknown(found.build).cause


def test_the_log_of_another_type_tells_no_build(tmp_path: Path) -> None:
    found = seen(tmp_path, HEAD.replace("OrchestrationServer", "RouterServer"))
    assert unknown(found.build).cause.endswith("is the log of another type of application: RouterServer (161)")
    assert found.application_name == "ORS_1"


def test_a_log_without_a_head(tmp_path: Path) -> None:
    found = seen(tmp_path, f"{QUIET}\n{LOST}\n")
    assert "no line 'Application name'" in unknown(found.application_name).cause
    assert unknown(found.build).failure is Failure.NOT_GIVEN
    assert found.started == ""
    assert found.troubles == (LogLine(2, LOST),)


def test_an_empty_log(tmp_path: Path) -> None:
    found = seen(tmp_path, "")
    assert unknown(found.application_name)
    assert found.troubles == ()


def test_a_head_far_down_is_none_unless_it_begins_another_start(tmp_path: Path) -> None:
    filler = f"{QUIET}\n" * (logs.HEAD // len(QUIET) + 1)
    assert unknown(seen(tmp_path, filler + "Version: 8.1.400.27\n").build)
    assert seen(tmp_path, filler + HEAD).build == "8.1.400.27"


def test_what_was_before_another_start_is_over(tmp_path: Path) -> None:
    filler = f"{QUIET}\n" * (logs.HEAD // len(QUIET) + 1)
    again = HEAD.replace("02:10:00", "04:00:00").replace("8.1.400.27", "8.1.400.64")
    found = seen(tmp_path, f"{HEAD}{LOST}\n{filler}{again}{QUIET}\n{LOST} again\n")
    assert (found.build, found.started) == ("8.1.400.64", "2026-01-31T04:00:00")
    assert not isinstance(found.troubles, Unknown)
    assert [line.text for line in found.troubles] == [f"{LOST} again"]


def test_a_head_that_is_repeated_begins_no_other_start(tmp_path: Path) -> None:
    found = seen(tmp_path, f"{HEAD}{LOST}\n{HEAD}{QUIET}\n")
    assert not isinstance(found.troubles, Unknown)
    assert len(found.troubles) == 1
    assert found.build == "8.1.400.27"


TROUBLES = (
    LOST,
    "Connection to SIP_1 failed",
    "connection refused by 10.0.0.1:9160",
    "Connection to Cassandra lost",
    "CONNECTION TO URS_1 TIMED OUT",
    "the connection to cass-1 was closed unexpectedly",
    "connection to cass-2 closed by remote host",
    "Connection cannot be established",
    "Cannot connect to server URS_1 at host urs-1",
    "Unable to connect to Interaction Server",
    "failed to connect to node 10.0.0.1",
    "connect failed, errno 111",
    "Lost connection with URS_1",
    "Cassandra error: UnavailableException",
    "cassandra: org.apache.cassandra.thrift.TimedOutException",
    "Failed to write session to Cassandra",
    "Cassandra is not available",
    "gcassandralib: read from cassandra timed out",
    "error=0 and then Connection to SIP_1 lost",
    "Cassandra operation error=110",
    "Std 09901 ORS_1 Persistence error: 10.0.0.1:9160 did not answer",
    "failed to write session to persistent storage",
)
ORDINARY = (
    QUIET,
    "Std 04503 Connected to T-Server SIP_1 at host sip-1 port 3000",
    "connected",
    "Connecting to Cassandra at cass-1:9160",
    "Cassandra connection established, error=0",
    "Cassandra: errors: 0, latency: 0 ms",
    'cassandra statistics {"errors": 0, "lost" : "0"}',
    "disconnected by request",
    "Connection to client 12 closed by client request",
    "Connection lost on shutdown by user's request",
    "HTTP connection closed",
    "Cassandra: no errors",
    "connection without error",
    "'cassandra-connect-attempt-timeout' = 5000",
    "cassandra-max-latency=1000",
    "mcr-pull-after-error-timeout = 5000, cassandra-nodes = cass-1",
    "session moved to failed state",
    "Error in SCXML document: no such state",
    "Cassandra keyspace Orchestration is in use",
    "shutting down cassandra client",
    "errorCode=0 cassandra write complete",
    "connected to failover partner",
    "Cassandra error code 0",
    "Persistence: Cassandra, no errors",
    "'persistence/cassandra-max-latency' = 'error'",
)


@pytest.mark.parametrize("line", TROUBLES)
def test_tells_of_trouble(line: str) -> None:
    assert tells_of_trouble(line)
    assert PREFILTER.search(line.encode())


@pytest.mark.parametrize("line", ORDINARY)
def test_is_ordinary(line: str) -> None:
    assert not tells_of_trouble(line)


@given(st.text(alphabet="ab/-=:.; \t'\"0connectCassandra error failed", max_size=2048))
def test_no_line_takes_long(line: str) -> None:
    began = time.perf_counter()
    tells_of_trouble(line)
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize("part", ["connection ", "cassandra ", "a/", "a-", "error ", "connection to ", "cannot ", "a-b=", "no "])
def test_nor_one_that_repeats_itself(part: str) -> None:
    line = part * (2048 // len(part))
    began = time.perf_counter()
    tells_of_trouble(line)
    assert time.perf_counter() - began < 0.5


def test_windows_1252_and_control_characters(tmp_path: Path) -> None:
    found = seen(tmp_path, HEAD.replace("ORS_1", "ORS_Zürich").encode("cp1252") + b"\x1b[2J Connection to \x81\xfc lost\0\r\n")
    assert found.application_name == "ORS_Zürich"
    assert not isinstance(found.troubles, Unknown)
    (line,) = found.troubles
    assert line.text == "[2J Connection to \N{REPLACEMENT CHARACTER}ü lost"


def test_secrets_and_long_lines(tmp_path: Path) -> None:
    found = seen(tmp_path, f"{HEAD}{LOST} password=hunter2 {'x' * 100_000}\n{LOST}\n")
    assert not isinstance(found.troubles, Unknown)
    assert [line.line for line in found.troubles] == [11, 12]
    assert f"password={HIDDEN}" in found.troubles[0].text
    assert "hunter2" not in repr(found)
    assert len(found.troubles[0].text) <= 200


def test_a_log_beyond_the_cap_says_how_far_it_was_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "MOST_READ", 2**20)
    filler = f"{QUIET}\n" * (2**21 // len(QUIET))
    quiet = seen(tmp_path, f"{HEAD}{filler}{LOST}\n")
    assert "only the first 1 MB of 2 MB were read" in unknown(quiet.troubles).cause
    assert quiet.build == "8.1.400.27"
    loud = seen(tmp_path, f"{HEAD}{LOST}\n{filler}{LOST}\n")
    assert loud.troubles == (LogLine(11, LOST),)


@pytest.mark.slow
def test_a_large_log_is_read_in_little_memory(tmp_path: Path) -> None:
    path = log(tmp_path, HEAD)
    with path.open("ab") as stream:
        for _ in range(8):
            stream.write(f"{QUIET} {'x' * 80}\n".encode() * 20_000)
        stream.write(b"y" * 2**23)  # a line of 8 MB
    tracemalloc.start()
    try:
        found = read_log("ORS_1", path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found.troubles == ()
    assert peak < 8 * 2**20


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
def test_a_log_that_may_not_be_read(tmp_path: Path) -> None:
    path = log(tmp_path, HEAD)
    path.chmod(0)
    assert "Permission denied" in unknown(read_log("ORS_1", path).troubles).cause


def test_a_log_that_is_not_there(tmp_path: Path) -> None:
    found = read_log("ORS_1", tmp_path / "none.log")
    for fact in (found.application_name, found.build, found.troubles):
        assert unknown(fact).failure is Failure.MISSING
        assert unknown(fact).where == str(tmp_path / "none.log")


def test_what_is_no_file(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (tmp_path, pipe, Path("/dev/zero")):
        assert unknown(read_log("ORS_1", path).troubles).failure is Failure.UNREADABLE


def test_the_end_of_the_run(tmp_path: Path) -> None:
    cancel = threading.Event()
    cancel.set()
    found = read_log("ORS_1", log(tmp_path, HEAD), Limits(cancel=cancel))
    assert unknown(found.troubles).failure is Failure.NOT_ASKED


def test_the_logs_that_the_estate_file_names(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    log(tmp_path / "logs", HEAD)
    estate_file = tmp_path / "estate.toml"
    estate_file.write_text(
        '[estate]\nname = "Made up"\nfrom_release = "8.1.3"\nto_release = "8.1.4"\n'
        '[[application]]\nname = "ORS_1"\nlog = "logs/ORS_1.log"\n'
        '[[application]]\nname = "ORS_1_B"\n'
        '[[application]]\nname = "SIP_1"\ntype = "SIP Server"\nlog = "logs/SIP_1.log"\n'
        '[[application]]\nname = "ORS_2"\nlog = "logs/*.log"\n'
    )
    told: list[tuple[int, int]] = []
    found = read_logs(make.estate(), load_estate_file(estate_file), Limits(), lambda _, done, total: told.append((done, total)))
    assert [each.application for each in found] == ["ORS_1", "ORS_2"]
    assert found[0].build == "8.1.400.27"
    assert unknown(found[1].build).failure is Failure.MISSING  # the name of one file, no pattern
    assert told == [(0, 2), (1, 2), (2, 2)]
