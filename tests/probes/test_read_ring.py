# SPDX-License-Identifier: Apache-2.0
"""A whole ring: every member once, whoever names it, and nothing that holds the run up."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.ring import Node, Ring
from orsgate.probes import crawl
from orsgate.probes.cassandra import Access, Limits, Progress, Seed, Target, read_ring
from tests.probes.samples import node_1_1
from tests.probes.scripted import CLOSE, SILENCE, Server, answers

THREE = ("10.0.0.1", "10.0.0.2", "10.0.0.3")
AccessTo = Callable[..., Access]


@contextlib.contextmanager
def ring(members: tuple[str, ...] = THREE, **other: dict[str, Any]) -> Iterator[dict[str, Server]]:
    """One server for each member; ``other`` gives other answers of member ``m1``, ``m2``, ..."""
    with contextlib.ExitStack() as stack:
        yield {
            member: stack.enter_context(Server(answers(node_1_1(member, members) | other.get(f"m{number}", {}))))
            for number, member in enumerate(members, start=1)
        }


@pytest.fixture
def access(nowhere: Target) -> AccessTo:
    """How members are asked at their servers or other addresses; by the native protocol, nobody is there."""

    def to(servers: Mapping[str, Server], others: Mapping[str, object] | None = None, **limits: Any) -> Access:
        addresses = {member: server.target for member, server in servers.items()} | dict(others or {})
        return Access(
            addresses={member: str(target) for member, target in addresses.items()},
            ports={"thrift": nowhere.port, "native": nowhere.port},
            limits=Limits(**{"call": 5.0, "connect": 5.0} | limits),
        )

    return to


def by_name(found: Ring) -> dict[str, Node]:
    assert len({node.name for node in found.nodes}) == len(found.nodes)
    return {node.name: node for node in found.nodes}


def failure(fact: object) -> Failure | None:
    return fact.failure if isinstance(fact, Unknown) else None


def test_every_member_is_found_from_one_seed_and_asked_once(access: AccessTo) -> None:
    with ring() as servers:
        found = read_ring([Seed(servers["10.0.0.2"].target)], access(servers))
        assert [server.connections for server in servers.values()] == [1, 1, 1]
    assert [node.name for node in found.nodes] == ["10.0.0.2", "10.0.0.1", "10.0.0.3"]
    assert [node.listed for node in found.nodes] == [True, False, False]
    assert {node.release for node in found.nodes} == {"1.1.12"}


def test_seeds_that_turn_out_to_be_members_are_not_asked_twice(access: AccessTo) -> None:
    with ring() as servers:
        seeds = [Seed(server.target) for server in servers.values()]
        found = read_ring(seeds, access({}))  # nothing maps them: they say who they are
        assert [server.connections for server in servers.values()] == [1, 1, 1]
    assert sorted(by_name(found)) == list(THREE)


def test_two_names_of_one_seed_are_one_node(access: AccessTo) -> None:
    with ring(("10.0.0.1",)) as servers:
        target = servers["10.0.0.1"].target
        found = read_ring([Seed(target), Seed(Target("localhost", target.port)), Seed(target)], access(servers))
        assert servers["10.0.0.1"].connections == 1
    assert [node.name for node in found.nodes] == ["10.0.0.1"]
    assert found.resolved["127.0.0.1"] == ("127.0.0.1",)


def test_an_unreachable_member_is_asked_too(access: AccessTo, nowhere: Target) -> None:
    down = {"describe_schema_versions": {"v": ["10.0.0.1"], "UNREACHABLE": ["10.0.0.9"]}}
    with ring(("10.0.0.1",), m1=down) as servers:
        found = read_ring([Seed(servers["10.0.0.1"].target)], access(servers, {"10.0.0.9": nowhere}))
    node = by_name(found)["10.0.0.9"]
    assert (node.asked, node.listed, failure(node.thrift)) == (str(nowhere), False, Failure.REFUSED)


@pytest.mark.slow
def test_a_silent_seed_delays_nobody_else(access: AccessTo) -> None:
    told: list[str] = []
    with ring(m1={"describe_version": SILENCE}) as servers:
        seeds = [Seed(servers["10.0.0.1"].target), Seed(servers["10.0.0.2"].target)]
        to = access(servers, call=1.5)
        found = by_name(read_ring(seeds, to, progress=lambda event: told.append(event.asked) if event.node else None))
        assert told[-1] == str(servers["10.0.0.1"].target)  # the others were read while it was waited for
        assert servers["10.0.0.1"].connections == 1
    assert {name: failure(node.release) for name, node in found.items()} == {
        "10.0.0.1": Failure.TIMEOUT, "10.0.0.2": None, "10.0.0.3": None,
    }  # fmt: skip


def test_an_address_map_that_leads_to_another_member_is_told(access: AccessTo) -> None:
    with ring() as servers, Server(answers(node_1_1("10.0.0.2", THREE))) as twin:
        found = by_name(read_ring([Seed(servers["10.0.0.1"].target)], access(servers, {"10.0.0.3": twin.target})))
    release = found["10.0.0.3"].release
    assert isinstance(release, Unknown)
    assert "leads to the member 10.0.0.2 instead of 10.0.0.3 (correct [cassandra] addresses)" in release.cause
    assert found["10.0.0.2"].release == "1.1.12"


def test_a_seed_that_refuses_is_still_a_node(access: AccessTo, nowhere: Target) -> None:
    found = read_ring([Seed(nowhere), Seed(Target("no-such-host.invalid", 9160))], access({}))
    assert [failure(node.thrift) for node in found.nodes] == [Failure.REFUSED, Failure.UNREACHABLE]
    assert found.nodes[0].name == str(nowhere)


def test_hosts_are_resolved() -> None:
    found = read_ring([], hosts_to_resolve=["127.0.0.5", "localhost", "no-such-host.invalid"])
    assert found.nodes == ()
    assert found.resolved["127.0.0.5"] == ("127.0.0.5",)
    assert not isinstance(found.resolved["localhost"], Unknown)
    assert "127.0.0.1" in found.resolved["localhost"]
    assert failure(found.resolved["no-such-host.invalid"]) is Failure.UNREACHABLE


def test_progress_is_told_for_every_node(access: AccessTo) -> None:
    told: list[Progress] = []
    with ring() as servers:
        read_ring([Seed(servers["10.0.0.1"].target)], access(servers), progress=told.append)
    assert sorted(event.node.name for event in told if event.node) == list(THREE)
    assert len([event for event in told if event.node is None]) == 3


@pytest.mark.slow
def test_the_end_of_the_run_keeps_what_is_known(access: AccessTo) -> None:
    with ring(m1={"describe_schema_versions": SILENCE}, m2={"describe_version": SILENCE}) as servers:
        started = time.monotonic()
        to = access(servers, call=15, run_until=started + 0.5)
        found = by_name(read_ring([Seed(servers["10.0.0.1"].target)], to))
        assert time.monotonic() - started < 15  # it waited for no call
    assert found["10.0.0.1"].release == "1.1.12"
    assert failure(found["10.0.0.1"].schema_versions) is Failure.NOT_ASKED
    assert failure(found["10.0.0.2"].release) is Failure.NOT_ASKED
    assert found["10.0.0.3"].release == "1.1.12"


def test_an_interruption_returns_at_once_and_leaves_no_member_out(access: AccessTo) -> None:
    cancel = threading.Event()

    def cancels() -> object:
        cancel.set()
        return SILENCE

    with ring(m1={"describe_schema_versions": cancels}) as servers:
        # Nothing maps the seed to a member, and the second one is silent: the third is not asked before the end.
        to = access({"10.0.0.3": servers["10.0.0.3"]}, call=15, cancel=cancel)
        with Server(answers({"describe_version": SILENCE})) as silent:
            started = time.monotonic()
            found = by_name(read_ring([Seed(servers["10.0.0.1"].target), Seed(silent.target)], to))
            assert time.monotonic() - started < 15  # it waited for no call
    assert found["10.0.0.1"].release == "1.1.12"
    for member in ("10.0.0.2", "10.0.0.3"):
        release = found[member].release
        assert isinstance(release, Unknown)
        assert (release.failure, "interrupted" in release.cause) == (Failure.NOT_ASKED, True)


def test_not_more_nodes_are_asked_than_permitted(access: AccessTo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crawl, "MOST_NODES", 2)
    many = ("10.0.0.1", *(f"10.9.9.{number}" for number in range(1, 9)))
    with ring(("10.0.0.1",), m1=node_1_1("10.0.0.1", many)) as servers, Server(answers({})) as other:
        to = access(servers, dict.fromkeys(many[1:], other.target))
        found = read_ring([Seed(servers["10.0.0.1"].target)], to)
    missing = [node.release for node in found.nodes if failure(node.release) is Failure.NOT_ASKED]
    assert len(found.nodes) < 8
    assert any("members more than the 2 that are asked" in unknown.cause for unknown in missing if isinstance(unknown, Unknown))


@pytest.mark.slow
def test_not_more_nodes_at_once_than_permitted(access: AccessTo) -> None:
    members = tuple(f"10.0.0.{number}" for number in range(1, 41))
    lock, now, most = threading.Lock(), [0], [0]
    real = crawl._Probe._read

    def counted(probe: Any) -> None:
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        try:
            real(probe)
        finally:
            with lock:
                now[0] -= 1

    with pytest.MonkeyPatch.context() as patch, ring(members) as servers:
        patch.setattr(crawl._Probe, "_read", counted)
        found = read_ring([Seed(servers["10.0.0.1"].target)], access(servers, call=10))
    assert sorted(by_name(found)) == sorted(members)
    assert 1 < most[0] <= crawl.MOST_AT_ONCE + 1  # one may have finished its work and not its thread


def test_a_fault_of_the_probe_itself_is_reported_as_such(access: AccessTo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orsgate.probes.thrift_node.ThriftReader._tokens", lambda _: 1 // 0)
    with ring(("10.0.0.1",)) as servers:
        (node,) = read_ring([Seed(servers["10.0.0.1"].target)], access(servers)).nodes
    assert node.release == "1.1.12"
    assert isinstance(node.tokens, Unknown)
    assert "could not be understood by orsgate (ZeroDivisionError" in node.tokens.cause


def test_a_wrong_address_map_is_a_fault_of_the_caller() -> None:
    with pytest.raises(ValueError, match="is not host:port"):
        read_ring([], Access(addresses={"10.0.0.1": "gw:port"}))


@pytest.mark.slow
def test_a_hanging_server_does_not_keep_the_process_from_ending() -> None:
    with Server(answers({"describe_version": SILENCE})) as server:
        script = (
            "import time\n"
            "from orsgate.probes.cassandra import *\n"
            f"seeds = [Seed(Target('127.0.0.1', {server.target.port}))]\n"
            "ring = read_ring(seeds, Access(limits=Limits(call=60, run_until=time.monotonic() + 0.2)))\n"
            "assert ring.nodes[0].release.failure == 'not_asked'\n"
        )
        subprocess.run([sys.executable, "-c", script], check=True, timeout=20)


def test_importing_the_package_is_cheap() -> None:
    script = "import sys, orsgate.probes; sys.exit('thriftpy2' in sys.modules)"
    subprocess.run([sys.executable, "-c", script], check=True, timeout=20)


def test_a_connection_that_dies_in_the_middle_keeps_what_came_before(access: AccessTo) -> None:
    with ring(("10.0.0.1",), m1={"describe_keyspaces": CLOSE}) as servers:
        (node,) = read_ring([Seed(servers["10.0.0.1"].target)], access(servers)).nodes
    assert node.release == "1.1.12"
    assert failure(node.keyspaces) is failure(node.places) is Failure.CLOSED
