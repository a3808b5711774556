# SPDX-License-Identifier: Apache-2.0
"""The whole migration, played by the demo through the command line on real rings, and what it leaves."""

from __future__ import annotations

import ipaddress
import json
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from fixtures.rings import Builder
from orsgate.cli.main import run
from orsgate.cli.migration_demo import ahead
from orsgate.cli.migration_demo.place import demo_directory
from orsgate.estate.file import load_estate_file
from orsgate.estate.knowledge import Unknown
from orsgate.estate.mistakes import InputError
from orsgate.evidence.keys import load_public_key
from orsgate.evidence.record import load_record
from orsgate.plugin import environment_of
from tests.acceptance.conftest import ROOT, Ended, environment, orsgate
from tests.sandbox.waiting import until

pytestmark = pytest.mark.ring

TODAY = {
    "ORS-0101", "ORS-0201", "ORS-0202", "ORS-0203", "ORS-0301", "ORS-0302", "ORS-0401", "ORS-0402", "ORS-0706", "ORS-0801",
    "ORS-0802",
}  # fmt: skip
BY_PERSONS = {"ORS-0301", "ORS-0302", "ORS-0401", "ORS-0402", "ORS-0708"}
UNPLANNED = {"ORS-0305", "ORS-0901", "ORS-0904"}
SECONDS = 180
"""The demo takes less."""


@dataclass(frozen=True)
class Played:
    """A demo that ended."""

    directory: Path
    ended: Ended
    seconds: float

    def results(self, name: str) -> dict[str, Any]:
        """The results.json of a step, in which no check broke."""
        read: dict[str, Any] = json.loads((self.directory / "reports" / f"{name}.json").read_bytes())
        assert read["errors"] == []
        assert "error" not in {each["outcome"] for each in read["results"]}
        assert (self.directory / "reports" / f"{name}.html").stat().st_size
        return read

    def failing(self, name: str) -> set[str]:
        """The blockers that failed in a step."""
        return {
            each["id"] for each in self.results(name)["results"] if (each["outcome"], each["severity"]) == ("fail", "blocker")
        }


def command(directory: Path, where: str) -> list[str]:
    return ["demo", "--migrate", "--environment", where, "--directory", str(directory)]


@pytest.fixture(scope="module")
def played(pytestconfig: pytest.Config, ring_builder: Builder, tmp_path_factory: pytest.TempPathFactory) -> Played:
    """The demo, in the environment that was asked for."""
    where = environment_of(pytestconfig)
    if where == "containers":
        with ExitStack() as stack:  # says that there is no Docker as every test does; images are built once
            ring_builder.started("1.1.12", {}, stack)
    directory = tmp_path_factory.mktemp("migration") / "demo"
    began = time.monotonic()
    ended = orsgate(*command(directory, where), seconds=2 * SECONDS)
    return Played(directory, ended, time.monotonic() - began)


def test_it_ends_with_0_after_ten_steps_in_time(played: Played) -> None:
    assert played.ended.code == 0, played.ended.said
    steps = [int(number) for number in re.findall(r"^ *(\d+)/10  \S", played.ended.out, re.MULTILINE)]
    assert steps == list(range(1, 11))
    assert played.seconds < SECONDS
    assert "made up" in played.ended.out
    assert "stand-ins" in played.ended.out
    for word in (
        "audit",
        "baseline",
        "export",
        "fix",
        "rehearse",
        "keygen",
        "attest",
        "verify",
        "rollback-plan",
        "undo",
        "compare",
    ):
        assert f"$ orsgate {word} " in played.ended.out
    assert played.ended.err == ""


@pytest.mark.parametrize(
    ("name", "verdict", "failing"),
    [
        ("02-today", "no_go", TODAY),
        ("05-rehearsal", "go", set()),
        ("06-plan", "no_go", BY_PERSONS),
        ("08-readiness", "go", set()),
        ("10-deployment", "go", set()),
        ("10-unplanned", "no_go", UNPLANNED),
    ],
)
def test_each_verdict_and_what_fails(played: Played, name: str, verdict: str, failing: set[str]) -> None:
    results = played.results(name)
    assert results["verdict"] == verdict
    assert played.failing(name) == failing
    blocked = {each["id"] for each in results["results"] if (each["outcome"], each["severity"]) == ("blocked", "blocker")}
    assert blocked == ({"ORS-0102"} if name == "02-today" else set())  # no export is there that could be read back
    assert bool(results["plan"]) == (name in {"06-plan", "05-rehearsal"})


def test_the_deployment_was_tried_and_not_only_read(played: Played) -> None:
    outcomes = {each["id"]: (each["outcome"], each["basis"]) for each in played.results("10-deployment")["results"]}
    assert outcomes["ORS-0901"][0] == outcomes["ORS-0904"][0] == "pass"
    assert {outcomes[name] for name in ("ORS-1008", "ORS-1010")} == {("pass", "attested")}
    tried = {name: outcome for name, (outcome, _) in outcomes.items() if name.startswith("ORS-10")}
    assert {name for name, outcome in tried.items() if outcome != "pass"} == set()
    not_proven = [(each["id"], each["reason"]) for each in played.results("10-deployment")["not_proven"]]
    assert not_proven == [("ORS-0901", "rests on declared facts")]


def test_the_unplanned_change_is_named(played: Played) -> None:
    [found] = [each for each in played.results("10-unplanned")["results"] if each["id"] == "ORS-0904"]
    told = json.dumps(found["violations"])
    assert "ORS_A2" in told
    assert "call-watching-timeout" in told


def test_the_record_is_signed_and_intact(played: Played) -> None:
    record = load_record(played.directory / "record.json", require_signed=load_public_key(played.directory / "record-key.pub"))
    assert not isinstance(record, Unknown)
    assert (record.verdict, record.exceptions, record.stand_ins) == ("go", 0, ("GAX twin",))
    assert record.signature is not None
    assert record.signature.demanded
    assert b"ENCRYPTED" in (played.directory / "record-key.pem").read_bytes()


def test_the_change_list_needs_nothing_and_says_what_persons_do(played: Played) -> None:
    document = json.loads((played.directory / "fixed" / "changes.json").read_bytes())
    assert [task["needs"] for task in document["tasks"] if task["needs"]] == []
    by_object = {task["object"]: task for task in document["tasks"]}
    assert {"ORS_A1_B", "ORS_A2_B", "ORS_B1_B", "ORS_Cluster"} <= set(by_object)
    [number] = [task for task in document["tasks"] if task["requirements"] == ["ORS-0105"]]
    assert number["steps"][0].endswith("once the Backups above are created, write expected_applications = 6.")
    assert number["undo"][0].endswith("write expected_applications = 3.")
    [altered] = [task for task in document["tasks"] if task["requirements"] == ["ORS-0708"]]
    assert altered["object"] == "ORS_A1, ORS_A2, ORS_B1"
    changes = {(each["object"], f"{each['section']}/{each['option']}"): each["after"] for each in document["changes"]}
    assert changes["ORS_A1", "orchestration/mcr-pull-by-msn-only"] is None
    assert changes["ORS_B1", "orchestration/functions-by-urs"] == "false"
    assert changes["ORS_A2", "persistence/cassandra-strategy-options"] == "DC1:2;DC2:2"


def test_everything_is_as_it_was_after_the_way_back(played: Played) -> None:
    assert "INTACT: deployment.zip is what was signed" in (played.directory / "logs" / "10-bundle-verify.log").read_text()
    assert "no difference: B is as A" in (played.directory / "logs" / "11-compare.log").read_text()
    plan = (played.directory / "logs" / "11-rollback-plan.log").read_text()
    assert "Delete the application ORS_A1_B" in plan
    assert "Keyspace Orchestration had SimpleStrategy {replication_factor: 2}: where it was altered" in plan


def test_only_the_owner_can_read_what_holds_real_values(played: Played) -> None:
    for name in ("baseline", "fixed", "site/rollback"):
        paths = [played.directory / name, *(played.directory / name).rglob("*")]
        assert {oct(path.stat().st_mode & 0o077) for path in paths} == {"0o0"}


def test_no_server_is_left(played: Played) -> None:
    assert_nobody_listens(played.directory)


def assert_nobody_listens(directory: Path) -> None:
    settings = load_estate_file(str(directory / "site" / "estate.toml")).file
    assert settings.configuration.url
    urls = [settings.configuration.url, *(entry.http for entry in settings.application if entry.http)]
    places = [*(each.removeprefix("http://").strip("/") for each in urls), *(settings.cassandra.nodes or ())]
    assert len(places) >= 8
    for host, _, port in (place.rpartition(":") for place in places):
        if not ipaddress.ip_address(host).is_loopback:
            continue  # of a network that is gone: the same address is one of another network then
        with socket.socket() as asking:
            asking.settimeout(2)
            assert asking.connect_ex((host, int(port))), f"somebody listens at {host}:{port}"


@pytest.mark.containers_optional
def test_a_step_that_comes_out_otherwise_ends_it_with_4(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(ahead, "TODAY", ahead.TODAY - {"ORS-0203"})
    assert run(["demo", "--migrate", "--directory", str(tmp_path / "demo")]) == 4
    told = capsys.readouterr()
    assert " 3/10" not in told.out
    assert "step 2 (Audit: what the migration still asks for) did not come out as it must" in told.err
    assert "NO-GO: 11 blockers failed" in told.err
    assert_nobody_listens(tmp_path / "demo")


@pytest.mark.containers_optional
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_stops_everything(number, tmp_path):
    directory = tmp_path / "demo"
    words = [sys.executable, "-m", "orsgate", *command(directory, "embedded")]
    pipe = subprocess.PIPE
    with subprocess.Popen(words, env=environment(ROOT), stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, text=True) as process:
        until((directory / "logs" / "05-rehearsal.log").exists, "the rehearsal", 60)
        process.send_signal(number)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "interrupted" in err
    assert "exit code" not in (directory / "logs" / "05-rehearsal.log").read_text()
    assert_nobody_listens(directory)


@pytest.mark.containers_optional
def test_only_its_own_directory_is_replaced(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("keep")
    ended = orsgate(*command(tmp_path / "mine", "embedded"))
    assert (ended.code, (tmp_path / "mine" / "notes.txt").read_text()) == (2, "keep")
    assert "holds notes.txt, which no demo made" in ended.err
    with demo_directory(tmp_path / "own"), pytest.raises(InputError, match="a demo runs in it"), demo_directory(tmp_path / "own"):
        pass
    (tmp_path / "own" / "reports" / "02-today.html").write_text("of an earlier demo")
    with demo_directory(tmp_path / "own") as place:
        assert list((place / "reports").iterdir()) == []
    assert orsgate("demo", "--environment", "containers").code == 2
