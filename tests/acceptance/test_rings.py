# SPDX-License-Identifier: Apache-2.0
"""Real Cassandra rings, audited: which requirements they change, and the verdict."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from fixtures.rings import RingFactory, reached_at
from orsgate.collection.collect import collect
from orsgate.estate.estate import Phase
from orsgate.estate.file import load_estate_file
from orsgate.estate.ring import Ring
from orsgate.estate.snapshot import dump
from orsgate.probes.cassandra import Seed, Target, read_ring
from orsgate.probes.client import Client
from orsgate.sandbox.ring import Ring as SandboxRing
from orsgate.sandbox.samples import SAMPLE_PORT, place_sample
from tests import deployments
from tests.acceptance.conftest import orsgate
from tests.faults.baselines import as_it_is
from tests.faults.workshop import Change, Judged, Workshop, expect, installed, judged, open_workshop, replaced

pytestmark = pytest.mark.ring

NETWORK, SIMPLE = "NetworkTopologyStrategy", "SimpleStrategy"
FAMILIES = ("Session", "SessionIDServerInfo")
TWO = ("DC1", "DC2")
NO_KEYSPACE = expect(not_applicable="ORS-0712")
ONE_NODE_SILENT = "ORS-0501 ORS-0502 ORS-0505 ORS-0506"
Audit = Callable[..., Judged]


@dataclass(frozen=True)
class Options:
    """What the applications of the sample are told about their keyspace."""

    keyspace: str = "Orchestration"
    strategy: str = NETWORK
    options: str = "DC1:2;DC2:2"


AS_SAMPLE = Options()


def placed(directory: Path, ring: SandboxRing[Any], told: Options = AS_SAMPLE, sample: str = "healthy") -> Workshop:
    """The sample estate on ``ring``; each application lists all nodes."""
    addresses = [node.address for node in ring.nodes]
    place_sample(sample, directory, addresses, ring.nodes[0].rpc_port or SAMPLE_PORT)
    for path in sorted((directory / "exports").glob("*.cfg")):
        text = path.read_text(encoding="utf-8")
        for key, value in (
            ("nodes", ";".join(addresses)),
            ("keyspace-name", told.keyspace),
            ("strategy-class", told.strategy),
            ("strategy-options", told.options),
        ):
            text, found = re.subn(rf"(?m)^cassandra-{key}=.*$", f"cassandra-{key}={value}", text)
            assert found == 1
        path.write_text(text, encoding="utf-8")
    return Workshop(directory)


def audited(workshop: Workshop, *changes: Change, phase: Phase = "readiness") -> Judged:
    """Collect the estate with its real ring, and judge it by the whole harness."""
    for change in changes:
        change(workshop)
    snapshot = collect(load_estate_file(workshop.path("estate.toml")), ("configuration", "cassandra"))
    return judged(as_it_is(deployments.deployed(snapshot)) if phase == "deployment" else snapshot, phase)


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> dict[Phase, Judged]:
    """What the sample ends with where nothing is wrong, from facts in memory."""
    phases: tuple[Phase, ...] = ("readiness", "deployment")
    return {phase: open_workshop(tmp_path_factory.mktemp("healthy"), phase).judge() for phase in phases}


@pytest.fixture(scope="module")
def gives(healthy: dict[Phase, Judged]) -> Callable[..., None]:
    """Asserts exactly which outcomes an estate on a ring changes, and its verdict."""

    def check(found: Judged, verdict: str, expected: Mapping[str, str] | None = None, phase: Phase = "readiness") -> None:
        reasons = {name: found.results[name].reason for name in found.changed(healthy[phase])}
        assert found.changed(healthy[phase]) == (expected or {}), reasons
        assert found.verdict == verdict

    return check


@dataclass(frozen=True)
class Shared:
    """A ring of four nodes in two data centers, and what audits of it gave before it held its keyspaces."""

    ring: SandboxRing[Any]
    before: Mapping[str, Judged]


KEYSPACES: tuple[tuple[str, str, dict[str, str], tuple[str, ...]], ...] = (
    ("Orchestration", NETWORK, {"DC1": "2", "DC2": "2"}, FAMILIES),
    ("TooMany", NETWORK, {"DC1": "3", "DC2": "2"}, FAMILIES),
    ("Nowhere", NETWORK, {"DC1": "2", "DC9": "2"}, FAMILIES),
    ("Differs", NETWORK, {"DC1": "1", "DC2": "2"}, FAMILIES),
    ("Plain", SIMPLE, {"replication_factor": "2"}, FAMILIES),
    ("Hollow", NETWORK, {"DC1": "2", "DC2": "2"}, ("Session",)),
)
"""Those of the shared ring: name, class, options, column families."""


@pytest.fixture(scope="module")
def shared(cassandra_ring: RingFactory, tmp_path_factory: pytest.TempPathFactory) -> Shared:
    ring = cassandra_ring(nodes=4, datacenters=TWO, cluster_name="acceptance")

    def placed_here(*told: Any) -> Workshop:
        return placed(tmp_path_factory.mktemp("shared"), ring, *told)

    half = Options("Half", options="DC1:2")
    before = {
        "no keyspace": audited(placed_here()),
        "no keyspace, with topology": audited(placed_here(AS_SAMPLE, "no-keyspace")),
        "no keyspace, SimpleStrategy": audited(placed_here(Options(strategy=SIMPLE, options="replication_factor:2"))),
    }
    ring.create_keyspace("Half", NETWORK, {"DC1": "2"}, FAMILIES)
    before |= {
        "half": audited(placed_here(half)),
        "half, with topology": audited(placed_here(half, "no-keyspace")),
        "half, two asked for": audited(placed_here(Options("Half"))),
    }
    for name, strategy, options, families in KEYSPACES:
        ring.create_keyspace(name, strategy, options, families)
    ring.insert("Orchestration", "Session", b"made-up-session", {b"state": b"idle"}, consistency="ALL")
    return Shared(ring, before)


@pytest.mark.parametrize(
    ("which", "verdict", "expected"),
    [
        (
            "no keyspace", "inconclusive",
            expect(blocked="ORS-0707 ORS-0709 ORS-0713", not_applicable="ORS-0508 ORS-0712"),
        ),
        ("no keyspace, with topology", "go", NO_KEYSPACE),
        (
            "no keyspace, SimpleStrategy", "inconclusive",
            expect(blocked="ORS-0706 ORS-0713", not_applicable="ORS-0508 ORS-0712"),
        ),
        # Nothing tells where the nodes are that hold no replica: the label DC2 may well be right.
        ("half", "go", expect(blocked="ORS-0709 ORS-0713", not_applicable="ORS-0508")),
        ("half, with topology", "go", expect(fail="ORS-0709")),
        (
            "half, two asked for", "no_go",
            expect(fail="ORS-0708", blocked="ORS-0707 ORS-0709 ORS-0713", not_applicable="ORS-0508"),
        ),
    ],
)  # fmt: skip
def test_two_data_centers_before_the_keyspace_is_there(shared, gives, which, verdict, expected):
    gives(shared.before[which], verdict, expected)


@pytest.mark.parametrize(
    ("told", "verdict", "expected"),
    [
        (AS_SAMPLE, "go", {}),
        (Options(strategy=f"org.apache.cassandra.locator.{NETWORK}", options=" DC2=2, DC1=2,"), "go", {}),
        (Options("TooMany", options="DC1:3;DC2:2"), "no_go", expect(fail="ORS-0707")),
        (Options("Nowhere", options="DC1:2;DC9:2"), "no_go", expect(fail="ORS-0707 ORS-0709")),
        (Options(options="DC1:2;dc2:2"), "no_go", expect(fail="ORS-0707 ORS-0708 ORS-0709")),
        (Options("Differs"), "no_go", expect(fail="ORS-0708")),
        (Options("Plain", SIMPLE, "replication_factor:2"), "no_go", expect(fail="ORS-0706")),
        (Options("Plain"), "no_go", expect(fail="ORS-0708")),
        (Options("Hollow"), "go", expect(fail="ORS-0712")),
        (Options("orchestration"), "go", expect(fail="ORS-0712")),
        (Options("Later"), "go", NO_KEYSPACE),
    ],
)  # fmt: skip
def test_two_data_centers(shared, tmp_path, gives, told, verdict, expected):
    gives(audited(placed(tmp_path, shared.ring, told)), verdict, expected)


@pytest.mark.parametrize(
    ("keyspace", "verdict", "expected"),
    [
        ("Orchestration", "go", {}),
        ("Later", "no_go", expect(fail="ORS-0711", not_applicable="ORS-0712")),
        ("orchestration", "no_go", expect(fail="ORS-0711 ORS-0712")),
    ],
)
def test_after_the_installation(shared, tmp_path, gives, keyspace, verdict, expected):
    workshop = placed(tmp_path, shared.ring, Options(keyspace))
    gives(audited(workshop, installed, phase="deployment"), verdict, expected, "deployment")


ONE_DATACENTER = (
    replaced("estate.toml", '"DC1"', '"datacenter1"'),
    replaced("estate.toml", '"DC2"', '"datacenter1"'),
)
"""What SimpleSnitch calls the data center of every node."""


def test_one_data_center(own_cassandra_ring, tmp_path, gives):
    ring = own_cassandra_ring(nodes=3)
    simple, network = Options("Plain", SIMPLE, "replication_factor:2"), Options("Network", options="datacenter1:3")
    gives(audited(placed(tmp_path / "fresh", ring, simple), *ONE_DATACENTER), "go", NO_KEYSPACE)
    ring.create_keyspace("Plain", SIMPLE, {"replication_factor": "2"}, FAMILIES)
    ring.create_keyspace("Network", NETWORK, {"datacenter1": "3"}, FAMILIES)
    ring.create_keyspace("TooMany", SIMPLE, {"replication_factor": "9"}, FAMILIES)
    gives(audited(placed(tmp_path / "simple", ring, simple), *ONE_DATACENTER), "go")
    gives(audited(placed(tmp_path / "network", ring, network), *ONE_DATACENTER), "go")
    too_many = Options("TooMany", SIMPLE, "replication_factor:9")
    gives(audited(placed(tmp_path / "many", ring, too_many), *ONE_DATACENTER), "no_go", expect(fail="ORS-0707"))
    labelled = audited(placed(tmp_path / "labels", ring, simple))
    gives(labelled, "go", expect(fail="ORS-0713"))


def test_a_node_that_was_not_upgraded(own_cassandra_ring, tmp_path, gives):
    ring = own_cassandra_ring(nodes=4, datacenters=TWO, releases={2: "1.1.10"})
    ring.create_keyspace("Orchestration", NETWORK, {"DC1": "2", "DC2": "2"}, FAMILIES)
    found = audited(placed(tmp_path, ring))
    gives(found, "no_go", expect(fail="ORS-0501 ORS-0502"))
    for name in ("ORS-0501", "ORS-0502"):
        assert [(each.subject, each.found) for each in found.results[name].violations] == [
            (ring.nodes[2].address, "Cassandra 1.1.10")
        ]


@pytest.mark.containers_optional
def test_a_release_between_the_supported_ones(own_cassandra_ring, tmp_path, gives):
    ring = own_cassandra_ring("1.2.19", nodes=4, datacenters=TWO)
    gives(audited(placed(tmp_path / "fresh", ring)), "no_go", NO_KEYSPACE | expect(fail="ORS-0501"))
    ring.create_keyspace("Orchestration", NETWORK, {"DC1": "2", "DC2": "2"}, FAMILIES)
    gives(audited(placed(tmp_path / "keyspace", ring)), "no_go", expect(fail="ORS-0501"))


def test_a_topology_file_forgotten_on_one_node(own_cassandra_ring, tmp_path, gives):
    ring = own_cassandra_ring(nodes=4, datacenters=TWO, topology={3: {"default": "DC1:r1"}})
    ring.create_keyspace("Orchestration", NETWORK, {"DC1": "2", "DC2": "2"}, FAMILIES)
    found = audited(placed(tmp_path, ring))
    gives(found, "no_go", expect(fail="ORS-0506"))
    assert {each.where for each in found.results["ORS-0506"].violations} == {f"{ring.nodes[3].seed} describe_ring"}


def test_a_node_killed(own_cassandra_ring, tmp_path, gives):
    ring = own_cassandra_ring(nodes=4, datacenters=TWO)
    ring.create_keyspace("Orchestration", NETWORK, {"DC1": "2", "DC2": "2"}, FAMILIES)
    ring.nodes[3].kill()
    impatient = replaced("estate.toml", "\n[cassandra]\n", "\n[cassandra]\ntimeout = 2.0\n")
    # The others wait for it longer than that, so nobody tells who is a member: the data centers seen may not be all.
    early = audited(placed(tmp_path / "early", ring), impatient)
    gives(early, "no_go", expect(fail="ORS-0503", blocked=f"{ONE_NODE_SILENT} ORS-0504 ORS-0709"))
    found = audited(placed(tmp_path / "late", ring))
    gives(found, "no_go", expect(fail="ORS-0503 ORS-0504", blocked=ONE_NODE_SILENT))
    for name in ("ORS-0503", "ORS-0504"):
        assert {each.subject for each in found.results[name].violations} == {ring.nodes[3].address}


def test_nodes_that_serve_on_all_addresses(own_cassandra_ring, tmp_path, gives):
    ring = own_cassandra_ring(nodes=3, rpc_address="0.0.0.0")  # noqa: S104 - what a real rpc_address is at times
    ring.create_keyspace("Orchestration", SIMPLE, {"replication_factor": "2"}, FAMILIES)
    workshop = placed(tmp_path, ring, Options(strategy=SIMPLE, options="replication_factor:2"))
    reached = {node.address: reached_at(node) for node in ring.nodes}
    written = ", ".join(f'"{address}" = "{at}"' for address, at in reached.items())
    workshop.write(
        "estate.toml",
        re.sub(
            r"(?m)^nodes = .*$",
            f'nodes = ["{reached[ring.nodes[0].address]}"]\naddresses = {{ {written} }}',
            workshop.read("estate.toml"),
        ),
    )
    found = audited(workshop, *ONE_DATACENTER)
    gives(found, "go")
    answers = found.results["ORS-0503"].evidence
    assert {each.subject: each.where for each in answers} == {
        address: f"{at} describe_version" for address, at in reached.items()
    }


def test_nothing_is_written_to_the_ring(shared, tmp_path, monkeypatch):
    asked: list[tuple[str, dict[str, Any]]] = []
    call = Client.call

    def noted(client: Client, name: str, **arguments: Any) -> Any:
        asked.append((name, arguments))
        return call(client, name, **arguments)

    workshop = placed(tmp_path / "estate", shared.ring)
    before = _state(shared.ring)
    monkeypatch.setattr(Client, "call", noted)
    audited(workshop)
    audit = orsgate("audit", workshop.path("estate.toml"), "--quiet")
    assert (audit.code, audit.err) == (0, "")
    assert _state(shared.ring) == before
    assert asked
    for name, arguments in asked:
        harmless = name.startswith("describe_") or (name, arguments) == ("set_keyspace", {"keyspace": "system"})
        assert harmless or (name == "execute_cql_query" and arguments["query"].startswith(b"SELECT ")), (name, arguments)


def _state(ring: SandboxRing[Any]) -> dict[str, Any]:
    """What a ring holds: schema, rows, and the files of a flush (those of the schema are rewritten by Cassandra itself)."""
    found = read_ring([Seed(Target.parse(node.seed, SAMPLE_PORT)) for node in ring.nodes])
    rows = ring.execute_cql("SELECT * FROM Session", keyspace="Orchestration")
    assert len(rows) == 1
    return {
        "schema": {node.name: (node.schema_versions, node.keyspaces) for node in found.nodes},
        "rows": rows,
        "files": {node.address: [name for name in node.table_files() if not name.startswith("system/")] for node in ring.nodes},
    }


def _outcomes(path: Path) -> dict[str, Any]:
    kept = ("outcome", "basis", "reason", "violations", "notes", "evidence", "root_cause")
    report = json.loads(path.read_text(encoding="utf-8"))
    return {"verdict": report["verdict"]} | {each["id"]: {key: each[key] for key in kept} for each in report["results"]}


@pytest.mark.parametrize("keyspace", ["Orchestration", pytest.param("Differs", marks=pytest.mark.containers_optional)])
def test_parts_collected_apart_are_judged_as_the_whole(shared, tmp_path, keyspace):
    estate = placed(tmp_path / "estate", shared.ring, Options(keyspace)).path("estate.toml")
    code = {"Orchestration": 0, "Differs": 1}[keyspace]
    assert orsgate("audit", estate, "--json", tmp_path / "whole.json", "--snapshot", tmp_path / "whole.snapshot").code == code
    for part in ("cassandra", "configuration"):
        ended = orsgate("collect", estate, "--part", part, "--snapshot", tmp_path / f"{part}.snapshot")
        assert ended.code == 0, ended.said
    for number, names in enumerate((("configuration", "cassandra"), ("cassandra", "configuration"), ("whole",))):
        snapshots = [tmp_path / f"{name}.snapshot" for name in names]
        judge = orsgate("judge", *snapshots, "--json", tmp_path / f"{number}.json")
        assert judge.code == code, judge.said
        assert _outcomes(tmp_path / f"{number}.json") == _outcomes(tmp_path / "whole.json")
    alone = orsgate("judge", tmp_path / "cassandra.snapshot", "--json", tmp_path / "alone.json")
    assert alone.code == 3, alone.said


def test_parts_that_do_not_belong_together(shared, tmp_path):
    workshop = placed(tmp_path / "estate", shared.ring)
    estate = load_estate_file(workshop.path("estate.toml"))
    configuration, cassandra = (collect(estate, (part,)) for part in ("configuration", "cassandra"))
    [part] = configuration.parts
    old = replace(configuration, parts=(replace(part, collected=part.collected - timedelta(hours=5)),))
    assert isinstance(cassandra.cassandra, Ring)
    fewer = replace(cassandra, cassandra=replace(cassandra.cassandra, nodes=cassandra.cassandra.nodes[:3]))
    replaced("estate.toml", "8.1.400.27", "8.1.400.40")(workshop)
    other = collect(load_estate_file(workshop.path("estate.toml")), ("cassandra",))
    for name, parts, code, said in (
        ("apart", (old, cassandra), 3, "hours apart"),
        ("contradicting", (configuration, cassandra, fewer), 2, "both hold the part cassandra, and differ in it"),
        ("other estate", (configuration, other), 2, "collected with different estate files"),
    ):
        paths = [tmp_path / f"{name} {number}.json" for number in range(len(parts))]
        for path, snapshot in zip(paths, parts, strict=True):
            path.write_bytes(dump(snapshot))
        judge = orsgate("judge", *paths)
        assert judge.code == code, judge.said
        assert said in " ".join(judge.said.split())
