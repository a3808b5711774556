# SPDX-License-Identifier: Apache-2.0
"""Which protocol a node is read by, and what that says of its Thrift."""

from __future__ import annotations

import socket
import uuid
from collections.abc import Mapping
from typing import Any

import pytest

from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.ring import FACTS, Node
from orsgate.probes.cassandra import Access, Limits, Login, Seed, Target, read_ring
from orsgate.probes.codec import IDL
from orsgate.probes.node import Protocol
from tests.probes.native_samples import HOST_ID, VERSION, node_1_2, node_2_1, node_4
from tests.probes.samples import node_1_1, node_2_2, token_range
from tests.probes.scripted import CLOSE, SILENCE, Script, Server
from tests.probes.scripted import answers as thrift_answers
from tests.probes.scripted_native import AUTHENTICATE, Answer, error, string
from tests.probes.scripted_native import answers as native_answers

DEMAND = Answer(AUTHENTICATE, string("org.apache.cassandra.auth.PasswordAuthenticator"))
BOTH: tuple[Protocol, Protocol] = ("thrift", "native")
CALL = 8.0
SHORT = 0.3


def thrift_node(**other: Any) -> Script:
    return thrift_answers(node_1_1(members=("10.0.0.1",)) | other)


def native_node(**other: Any) -> Script:
    return native_answers({**node_4(members=("10.0.0.1",)), **other})


def both_node(host_id: str = HOST_ID, **other: Any) -> Script:
    """The Thrift of a node that speaks the native protocol too."""
    table = node_2_2(host_id=uuid.UUID(host_id).bytes) | {"describe_schema_versions": {"v": ["10.0.0.1"]}}
    return thrift_answers(table | other)


def read(
    first: Protocol,
    at: Target,
    ports: Mapping[Protocol, int],
    call: float = CALL,
    login: Login | None = None,
    addresses: Mapping[str, str] | None = None,
) -> Node:
    access = Access(
        first=first,
        ports=ports,
        limits=Limits(call=call),
        login=login,
        addresses=addresses or {},
    )
    return read_ring([Seed(at)], access).nodes[0]


def failure(fact: object) -> Failure | None:
    return fact.failure if isinstance(fact, Unknown) else None


def missing(node: Node) -> set[str]:
    return {name for name in FACTS if isinstance(getattr(node, name), Unknown)}


def test_where_thrift_answers_the_native_protocol_is_not_tried() -> None:
    with Server(thrift_node()) as thrift, Server(native_node()) as native:
        node = read("thrift", thrift.target, {"thrift": thrift.target.port, "native": native.target.port})
        assert native.connections == 0
    assert (node.thrift, node.release, node.native, node.thrift_at) == ("19.33.0", "1.1.12", "", "")
    assert missing(node) == set()


@pytest.mark.parametrize("trouble", [CLOSE, SILENCE])
def test_where_thrift_dies_in_the_middle_the_native_protocol_does_not_take_over(trouble: object) -> None:
    """What one protocol began is not finished by the other: the failure is told."""
    with Server(thrift_node(describe_keyspaces=trouble)) as thrift, Server(native_node()) as native:
        node = read("thrift", thrift.target, {"thrift": thrift.target.port, "native": native.target.port}, SHORT)
        assert native.connections == 0
    assert "keyspaces" in missing(node)


@pytest.mark.slow
def test_where_thrift_is_refused_the_native_protocol_is_read(nowhere: Target) -> None:
    with Server(native_node()) as native:
        node = read("thrift", nowhere, {"thrift": nowhere.port, "native": native.target.port})
        assert node.native == str(native.target)
    assert (node.asked, node.thrift_at, node.release) == (str(nowhere), "", "4.1.3")
    assert failure(node.thrift) is Failure.REFUSED
    assert missing(node) == {"thrift"}


@pytest.mark.slow
@pytest.mark.parametrize(("trouble", "kind"), [(SILENCE, Failure.TIMEOUT), (CLOSE, Failure.CLOSED)], ids=["silent", "closes"])
def test_where_thrift_gives_no_answer_the_native_protocol_is_read(trouble: object, kind: Failure) -> None:
    with Server(thrift_node(describe_version=trouble)) as thrift, Server(native_node()) as native:
        node = read("thrift", thrift.target, {"thrift": thrift.target.port, "native": native.target.port}, 2)
    assert (failure(node.thrift), missing(node)) == (kind, {"thrift"})


@pytest.mark.slow
def test_a_thrift_port_that_speaks_native_is_read_so_and_thrift_is_tried_at_its_own(nowhere: Target) -> None:
    with Server(both_node()) as thrift, Server(native_node()) as native:
        node = read("thrift", native.target, {"thrift": thrift.target.port, "native": nowhere.port})
        assert (node.asked, node.native, node.thrift_at) == (str(native.target), str(native.target), str(thrift.target))
    assert (node.thrift, node.release) == ("20.1.0", "4.1.3")
    assert missing(node) == set()


@pytest.mark.slow
def test_a_thrift_port_that_speaks_native_and_no_thrift_elsewhere(nowhere: Target) -> None:
    with Server(native_node()) as native:
        node = read("thrift", native.target, {"thrift": nowhere.port, "native": native.target.port})
    assert (failure(node.thrift), missing(node)) == (Failure.REFUSED, {"thrift"})
    assert node.silence is None


@pytest.mark.slow
def test_the_usual_thrift_port_that_speaks_native_leaves_thrift_unasked(nowhere: Target) -> None:
    with Server(native_node()) as native:
        node = read("thrift", native.target, {"thrift": native.target.port, "native": nowhere.port})
        assert node.native == str(native.target)
    assert (failure(node.thrift), missing(node)) == (Failure.NOT_ASKED, {"thrift"})


@pytest.mark.slow
def test_native_first_has_the_version_of_thrift_and_the_snitch_by_it() -> None:
    with Server(both_node()) as thrift, Server(native_answers(node_2_1(members=("10.0.0.1",)))) as native:
        node = read("native", native.target, {"thrift": thrift.target.port, "native": native.target.port})
        assert (node.native, node.thrift_at) == (str(native.target), str(thrift.target))
    assert (node.thrift, node.release) == ("20.1.0", "2.1.22")
    assert node.snitch == "org.apache.cassandra.locator.PropertyFileSnitch"
    assert node.schema_versions == {"v": ("10.0.0.1",)}
    assert missing(node) == set()


@pytest.mark.slow
def test_who_cannot_be_reached_is_asked_over_thrift_where_that_answers() -> None:
    unreached = {"v": ["10.0.0.1"], "UNREACHABLE": ["10.0.0.2"]}
    thrift_side, native_side = both_node(describe_schema_versions=unreached), native_answers(node_2_1())
    with Server(thrift_side) as thrift, Server(native_side) as native:
        node = read("native", native.target, {"thrift": thrift.target.port, "native": native.target.port})
    assert node.schema_versions == {"UNREACHABLE": ("10.0.0.2",), "v": ("10.0.0.1",)}


@pytest.mark.slow
@pytest.mark.parametrize("beside", [both_node("00000000-0000-0000-0000-00000000beef"), thrift_node()], ids=["other id", "1.1"])
def test_the_thrift_of_another_node_on_that_host_is_not_taken_for_its_own(beside: Script) -> None:
    with Server(beside) as thrift, Server(native_answers(node_2_1(members=("10.0.0.1",)))) as native:
        node = read("native", native.target, {"thrift": thrift.target.port, "native": native.target.port})
        assert isinstance(node.thrift, Unknown)
        assert node.thrift.cause.startswith(f"{thrift.target} answers Thrift as another node than {native.target}")
    assert failure(node.snitch) is Failure.REJECTED
    assert not isinstance(node.schema_versions, Unknown)


@pytest.mark.slow
def test_one_thrift_port_is_that_of_one_node() -> None:
    """Behind a host that forwards the native ports of two nodes and the Thrift port of one."""
    here, there = native_answers(node_2_1("10.0.0.1")), native_answers(node_2_1("10.0.0.2", ("10.0.0.2", "10.0.0.1")))
    with Server(both_node()) as thrift, Server(here) as one, Server(there) as other:
        ports: dict[Protocol, int] = {"thrift": thrift.target.port, "native": one.target.port}
        ring = read_ring([Seed(one.target), Seed(other.target)], Access(first="native", ports=ports, limits=Limits(call=CALL)))
    assert [failure(node.thrift) for node in ring.nodes] == [Failure.NOT_ASKED, Failure.NOT_ASKED]


@pytest.mark.slow
def test_one_node_under_two_ports_is_the_one_that_answers_thrift(nowhere: Target) -> None:
    thrift_side = both_node(describe_schema_versions={VERSION: ["10.0.0.1"]})
    with Server(thrift_side) as thrift, Server(native_answers(node_2_1(members=("10.0.0.1",), release="2.2.5"))) as native:
        seeds = [Seed(native.target), Seed(Target("localhost", thrift.target.port))]
        ports: dict[Protocol, int] = {"thrift": nowhere.port, "native": native.target.port}
        ring = read_ring(seeds, Access(ports=ports, limits=Limits(call=CALL)))
    assert [node.thrift for node in ring.nodes if node.name == "10.0.0.1"] == ["20.1.0"]


def test_native_first_and_refused_is_read_by_thrift(nowhere: Target) -> None:
    with Server(thrift_node()) as thrift:
        node = read("native", nowhere, {"thrift": thrift.target.port, "native": nowhere.port})
        assert node.thrift_at == str(thrift.target)
    assert (node.thrift, node.release, node.native) == ("19.33.0", "1.1.12", "")
    assert missing(node) == set()


def test_native_first_at_a_port_of_thrift_is_read_by_thrift_at_its_own() -> None:
    with Server(thrift_node()) as wrong, Server(thrift_node()) as thrift:
        node = read("native", wrong.target, {"thrift": thrift.target.port, "native": wrong.target.port}, SHORT)
    assert (node.thrift, node.native, missing(node)) == ("19.33.0", "", set())


@pytest.mark.parametrize("first", ["thrift", "native"])
def test_both_refuse(first: Protocol, nowhere: Target) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        ports: dict[Protocol, int] = {"thrift": nowhere.port, "native": nowhere.port}
        ports["native" if first == "thrift" else "thrift"] = other.getsockname()[1]
        node = read(first, nowhere, ports)
    assert failure(node.thrift) is failure(node.release) is Failure.REFUSED
    assert missing(node) == set(FACTS)
    assert node.silence is not None


def test_a_refused_login_by_thrift_is_not_tried_by_the_native_protocol() -> None:
    table = {"login": IDL.AuthenticationException(why="no")}
    with Server(thrift_node(**table)) as thrift, Server(native_node()) as native:
        ports: dict[Protocol, int] = {"thrift": thrift.target.port, "native": native.target.port}
        node = read("thrift", thrift.target, ports, login=Login("ors", "x"))
        assert (thrift.connections, native.connections) == (1, 0)
    assert missing(node) == set(FACTS)
    assert failure(node.thrift) is failure(node.release) is Failure.DENIED


@pytest.mark.slow
def test_a_refused_login_by_the_native_protocol_is_not_tried_by_thrift() -> None:
    logins: list[int] = []
    refusal = {"STARTUP": DEMAND, "LOGIN": error(0x0100)}
    with Server(thrift_node(login=lambda: logins.append(1))) as thrift, Server(native_node(**refusal)) as native:
        ports: dict[Protocol, int] = {"thrift": thrift.target.port, "native": native.target.port}
        node = read("native", native.target, ports, login=Login("ors", "x"))
    assert logins == []
    assert failure(node.thrift) is failure(node.release) is Failure.DENIED


@pytest.mark.slow
def test_a_demand_for_a_login_by_the_native_protocol_is_not_answered_by_thrift() -> None:
    asked: list[str] = []

    def counted() -> str:
        asked.append("describe_version")
        return "19.33.0"

    with Server(thrift_node(describe_version=counted)) as thrift, Server(native_node(STARTUP=DEMAND)) as native:
        node = read("native", native.target, {"thrift": thrift.target.port, "native": native.target.port})
    assert failure(node.release) is Failure.DENIED
    assert len(asked) <= 1


def test_behind_an_address_that_forwards_several_ports_the_other_protocol_is_not_guessed(nowhere: Target) -> None:
    with Server(native_node()) as native, Server(thrift_node()) as another:
        ports: dict[Protocol, int] = {"thrift": nowhere.port, "native": native.target.port}
        mapped = {"10.0.0.1": str(nowhere), "10.0.0.9": str(another.target)}
        node = read("thrift", nowhere, ports, addresses=mapped)
        assert native.connections == 0
    assert failure(node.thrift) is failure(node.release) is Failure.REFUSED


@pytest.mark.slow
def test_behind_a_forwarded_native_port_thrift_is_not_guessed() -> None:
    with Server(native_node()) as native, Server(thrift_node()) as thrift, Server(native_node()) as another:
        ports: dict[Protocol, int] = {"thrift": thrift.target.port, "native": native.target.port}
        mapped = {"10.0.0.1": str(native.target), "10.0.0.9": str(another.target)}
        node = read("native", native.target, ports, addresses=mapped)
        assert thrift.connections == 0
    assert (failure(node.thrift), missing(node)) == (Failure.NOT_ASKED, {"thrift"})


@pytest.mark.slow
@pytest.mark.parametrize("tables", [node_2_1(release="2.2.5"), node_1_2()], ids=["2.2", "1.2"])
def test_both_protocols_tell_the_same_of_one_node(tables: Any) -> None:
    version = tables["system.local"][0]["release_version"]
    places = [token_range(("10.0.0.1", "DC1", "R1"), ("10.0.0.2", "DC2", "R2"))]
    select = node_2_2(release_version=version.encode())
    select["describe_ring"] = places
    with Server(thrift_answers(select)) as thrift, Server(native_answers(tables)) as native:
        by_thrift = read(
            "thrift", thrift.target, dict.fromkeys(BOTH, thrift.target.port), addresses={"10.0.0.1": str(thrift.target)}
        )
        natively = read(
            "native", native.target, dict.fromkeys(BOTH, native.target.port), addresses={"10.0.0.1": str(native.target)}
        )
    told = {"address", "release", "cluster_name", "partitioner", "schema_versions", "places", "tokens"}
    assert {name: getattr(natively, name) for name in told} == {name: getattr(by_thrift, name) for name in told}
    assert not isinstance(natively.keyspaces, Unknown)
    assert not isinstance(by_thrift.keyspaces, Unknown)
    ors = [[keyspace for keyspace in found if keyspace.name == "ors"] for found in (natively.keyspaces, by_thrift.keyspaces)]
    assert ors[0] == ors[1]
