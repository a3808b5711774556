# SPDX-License-Identifier: Apache-2.0
"""Rings in containers come up, lose nodes and get them back, and leave nothing whatever happens to who started them."""

from __future__ import annotations

import socket
import subprocess
from pathlib import Path
from typing import Any

import pytest

from orsgate.sandbox.certificates import Tls
from orsgate.sandbox.client import NoAnswer, Refused, connect
from orsgate.sandbox.containers.owner import LABEL, sweep
from orsgate.sandbox.containers.ring import ContainerRing
from orsgate.sandbox.errors import SandboxError, UsageError
from tests.sandbox.containers.conftest import left_of
from tests.sandbox.parents import start_parent
from tests.sandbox.waiting import until

pytestmark = pytest.mark.ring


def owner_of(ring: ContainerRing) -> str:
    owner: str = ring.nodes[0].container.labels[LABEL]
    return owner


def test_nodes_have_addresses_of_their_own_and_the_usual_ports(docker: Any) -> None:
    quick = {"rpc_timeout_in_ms": 1000, "phi_convict_threshold": 5}  # to notice that a node is gone
    with ContainerRing(nodes=2, datacenters=("DC1", "DC2"), settings=quick) as ring:
        first, second = ring.nodes
        assert ring.seeds == [f"{first.address}:9160", f"{second.address}:9160"]
        assert len(left_of(docker, owner_of(ring))) == 3  # two containers and their network
        ring.create_keyspace("Rows", "NetworkTopologyStrategy", {"DC1": "1", "DC2": "1"}, column_families=("Session",))
        ring.insert("Rows", "Session", b"key", {b"name": b"value"}, consistency="ALL")

        second.kill()
        assert (second.running, second.pid, second.expected) == (False, None, False)
        with pytest.raises(ConnectionRefusedError):  # its host is still there
            socket.create_connection((second.address, 9160), 10)
        ring.wait_until_agreed()  # without it
        second.start()
        ring.wait_until_agreed()  # with it, and it kept what it had
        assert ring.get("Rows", "Session", b"key", consistency="ALL") == {b"name": b"value"}
        with pytest.raises(UsageError, match="runs already"):
            second.start()

        second.stop()
        assert not second.running
        second.launch()
        second.kill()  # at once: it may not have begun, and its predecessor's id must not be taken for its own
        assert (second.running, second.expected) == (False, False)
        assert "Announcing shutdown" in second.last_lines()
        owner = owner_of(ring)
        ring.close()
        assert left_of(docker, owner) == []


@pytest.mark.usefixtures("docker")
def test_a_ring_can_ask_for_a_password_and_speak_tls() -> None:
    with ContainerRing("1.2.19", nodes=2, login=("ors", "made up"), tls=Tls()) as ring:
        ring.create_keyspace("Locked")
        with pytest.raises(Refused), ring.nodes[0].client(login=("ors", "wrong")):
            pass
        with pytest.raises(NoAnswer), connect(ring.nodes[0].address, 9160, 5) as plain:
            plain.version()


def test_nothing_is_left_after_an_exception(docker: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    ring = ContainerRing()

    def broken() -> None:
        with ring:
            assert len(left_of(docker, owner_of(ring))) == 2
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken()
    assert left_of(docker, owner_of(ring)) == []
    assert list(tmp_path.iterdir()) == []


def test_a_node_that_cannot_start_says_why_and_nothing_is_left(docker: Any) -> None:
    before = {each.name for each in docker.networks.list()}
    ring = ContainerRing(nodes=2, node_settings={1: {"no_such_option": 1}})
    with pytest.raises(SandboxError, match=r"(?s)ended with 1\.\nLast lines of the container .*Unable to find property 'no_such"):
        ring.start()
    assert left_of(docker, owner_of(ring)) == []
    assert {each.name for each in docker.networks.list()} <= before


def start(directory: Path, then: str) -> subprocess.Popen[str]:
    return start_parent(ContainerRing, f"ring.nodes[0].container.labels[{LABEL!r}]", directory, then)


def test_what_a_killed_process_left_is_swept_by_the_next(docker: Any, tmp_path: Path) -> None:
    with start(tmp_path, "wait") as parent:
        assert parent.stdout
        owner = parent.stdout.readline().strip()
        assert len(left_of(docker, owner)) == 2
        assert owner not in sweep(docker)  # it lives
        assert len(left_of(docker, owner)) == 2
        parent.kill()
    with ContainerRing(agree=False) as next_ring:
        until(lambda: left_of(docker, owner) == [], "the removal of what was left")  # testcontainers' reaper may help
        assert len(left_of(docker, owner_of(next_ring))) == 2


@pytest.mark.parametrize("then", ["end", "raise"])
def test_a_process_that_ends_without_closing_its_ring_leaves_nothing(docker: Any, tmp_path: Path, then: str) -> None:
    with start(tmp_path, then) as parent:
        output, _ = parent.communicate(timeout=120)
    assert output.strip()
    assert left_of(docker, output.strip()) == []
    assert list(tmp_path.iterdir()) == []


def test_two_rings_stand_beside_each_other(docker: Any) -> None:
    with ContainerRing() as one, ContainerRing() as other:
        assert one.nodes[0].address != other.nodes[0].address
        owners = {owner_of(one), owner_of(other)}
        assert len(owners) == 2
        assert not owners.intersection(sweep(docker))
