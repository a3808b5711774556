# SPDX-License-Identifier: Apache-2.0
"""One node: which facts come from where, and what stays unknown when a call fails."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import pytest
from thriftpy2.thrift import TApplicationException

from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.ring import FACTS, Keyspace, Node, Place
from orsgate.probes.client import Client
from orsgate.probes.codec import IDL
from orsgate.probes.native_client import NativeClient
from orsgate.probes.node import NodeReader, Ways
from orsgate.probes.transport import Target
from tests.probes.conftest import MakeClient
from tests.probes.samples import MEMBERS, TOKENS, keyspace, node_1_1, node_2_2, rows, token_bytes, token_range
from tests.probes.scripted import CLOSE, SILENCE, Server, answers

UNASKED = Unknown("unasked", failure=Failure.NOT_ASKED)
REFUSED = IDL.InvalidRequestException(why="no")


def only_thrift(client: Client) -> Ways:
    def native(_: Target) -> NativeClient:
        raise AssertionError("the native protocol was not to be tried")

    return Ways(client.target, "thrift", None, lambda _: client, native)


def read(client: MakeClient, table: Mapping[str, Any], *, call: float = 0.3) -> Node:
    with Server(answers(table)) as server:
        reader = NodeReader(only_thrift(client(server.target, call)), listed=True)
        reader.read()
        return reader.node(UNASKED)


def in_turn(*given: Any) -> Any:
    """Gives one answer after the other, the last one for ever."""
    left = list(given)
    return lambda: left.pop(0) if len(left) > 1 else left[0]


def test_a_node_of_1_1(client: MakeClient) -> None:
    node = read(client, node_1_1())
    assert node.listed
    assert (node.thrift, node.release, node.cluster_name) == ("19.33.0", "1.1.12", "Ring")
    assert node.address == "10.0.0.1"
    assert node.name == "10.0.0.1"
    assert node.tokens == {"10.0.0.1": ("0",), "10.0.0.2": (str(2**126),)}
    assert node.places == {"10.0.0.1": Place("DC1", "R0"), "10.0.0.2": Place("DC1", "R1")}
    assert node.schema_versions == {"59adb24e-f3cd-3e02-97f0-5b395827453f": MEMBERS}
    assert not isinstance(node.keyspaces, Unknown)
    assert node.keyspaces[0] == Keyspace(
        "ors", "org.apache.cassandra.locator.SimpleStrategy", {"replication_factor": "2"}, ("Session",)
    )


def test_a_node_of_2_2(client: MakeClient) -> None:
    node = read(client, node_2_2())
    assert (node.release, node.address) == ("2.2.5", "10.0.0.1")
    assert not isinstance(node.keyspaces, Unknown)
    assert node.keyspaces[0].column_families == ("Session", "SessionIDServerInfo")
    # The system tables are taken before describe_ring.
    assert node.places == {"10.0.0.1": Place("DC1", "R1"), "10.0.0.2": Place("DC2", "R2")}


def test_a_node_of_1_0_has_no_token_map(client: MakeClient) -> None:
    saved = {b"KEY": b"Ring", token_bytes(TOKENS["10.0.0.2"]): ipaddress.ip_address("10.0.0.2").packed}
    table = node_1_1("127.0.0.1", ("127.0.0.1", "10.0.0.2")) | {"describe_version": "19.20.0"}
    table["execute_cql_query"] = rows((b"build", {b"version": b"1.0.12"}), (b"L", {b"Token": b"\x00"}), (b"Ring", saved))
    del table["describe_token_map"]
    node = read(client, table)
    assert (node.release, node.address) == ("1.0.12", "127.0.0.1")
    assert node.tokens == {"10.0.0.2": (str(2**126),), "127.0.0.1": ("0",)}


def test_a_token_map_that_lacks_a_member_is_unknown(client: MakeClient) -> None:
    table = node_1_1("127.0.0.1", ("127.0.0.1", "10.0.0.2"))
    del table["describe_token_map"]
    tokens = read(client, table).tokens
    assert isinstance(tokens, Unknown)
    assert tokens.failure is Failure.REJECTED


def recorded(call: Callable[..., Any], asked: list[tuple[str, dict[str, Any]]], name: str, **given: Any) -> Any:
    asked.append((name, given))
    return call(name, **given)


def test_only_select_on_system_tables_is_ever_asked(client: MakeClient, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, dict[str, Any]]] = []
    for table in (node_1_1(), node_2_2()):
        with Server(answers(table)) as server:
            one = client(server.target)
            monkeypatch.setattr(one, "call", partial(recorded, one.call, asked))
            NodeReader(only_thrift(one), listed=True).read()
    queries = [given["query"].decode() for name, given in asked if name.startswith("execute_")]
    assert len(queries) > 4
    assert all(query.startswith("SELECT ") for query in queries)
    assert {given["keyspace"] for name, given in asked if name == "set_keyspace"} == {"system"}
    tables = {query.split(" FROM ")[1].split()[0] for query in queries}
    assert tables == {"Versions", "LocationInfo", "system.local", "system.peers", "system_schema.tables"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("call", "how", "failure"),
    [
        *((call, CLOSE, Failure.CLOSED) for call in sorted(node_1_1())),
        ("describe_version", SILENCE, Failure.TIMEOUT),
        ("describe_keyspaces", SILENCE, Failure.TIMEOUT),
        ("describe_ring", SILENCE, Failure.TIMEOUT),
    ],
)
def test_what_comes_after_a_dead_connection_has_the_same_cause(
    call: str, how: object, failure: Failure, client: MakeClient
) -> None:
    node = read(client, node_1_1() | {call: how})
    unknown = [fact for name in FACTS if isinstance(fact := getattr(node, name), Unknown)]
    assert unknown
    assert {(fact.cause, fact.failure) for fact in unknown} == {(unknown[0].cause, failure)}
    assert all(fact.where for fact in unknown)


def test_a_slow_schema_agreement_takes_nothing_else_along(client: MakeClient) -> None:
    node = read(client, node_1_1() | {"describe_schema_versions": SILENCE})
    assert [name for name in FACTS if isinstance(getattr(node, name), Unknown)] == ["schema_versions"]


@pytest.mark.parametrize(
    ("rejected", "missing"),
    [
        ("describe_cluster_name", {"cluster_name"}),
        ("describe_partitioner", {"partitioner", "address"}),
        ("describe_snitch", {"snitch"}),
        ("describe_schema_versions", {"schema_versions"}),
        ("describe_keyspaces", {"keyspaces"}),
        ("execute_cql_query", {"release", "address"}),
        ("set_keyspace", {"release", "address"}),
        ("describe_ring", set()),
    ],
)
def test_what_is_rejected_is_unknown_on_its_own(rejected: str, missing: set[str], client: MakeClient) -> None:
    trouble = TApplicationException(6, "Internal error")
    node = read(client, node_1_1() | {rejected: trouble})
    assert {name for name in FACTS if isinstance(getattr(node, name), Unknown)} == missing


def two_keyspaces(**given: Any) -> dict[str, Any]:
    return node_1_1() | {"describe_keyspaces": [keyspace("a"), keyspace("b"), keyspace("system")], **given}


def test_places_are_taken_together_over_keyspaces(client: MakeClient) -> None:
    rings = in_turn([token_range(("10.0.0.1", "DC1", "R1"))], [token_range(("10.0.0.2", "DC2", "R1"))])
    places = read(client, two_keyspaces(describe_ring=rings)).places
    assert places == {"10.0.0.1": Place("DC1", "R1"), "10.0.0.2": Place("DC2", "R1")}


def test_a_keyspace_that_cannot_tell_leaves_what_others_told(client: MakeClient) -> None:
    rings = in_turn(REFUSED, [token_range(("10.0.0.1", "DC1", "R1"))])
    assert read(client, two_keyspaces(describe_ring=rings)).places == {"10.0.0.1": Place("DC1", "R1")}


def test_a_keyspace_that_was_not_answered_could_have_told_more(client: MakeClient) -> None:
    rings = in_turn([token_range(("10.0.0.1", "DC1", "R1"))], SILENCE)
    places = read(client, two_keyspaces(describe_ring=rings)).places
    assert isinstance(places, Unknown)
    assert places.failure is Failure.TIMEOUT


def test_a_keyspace_that_was_not_answered_matters_not_once_every_member_has_a_place(client: MakeClient) -> None:
    rings = in_turn([token_range(("10.0.0.1", "DC1", "R1"), ("10.0.0.2", "DC2", "R1"))], SILENCE)
    places = read(client, two_keyspaces(describe_ring=rings)).places
    assert places == {"10.0.0.1": Place("DC1", "R1"), "10.0.0.2": Place("DC2", "R1")}


def test_without_a_keyspace_a_node_of_1_1_cannot_tell_places(client: MakeClient) -> None:
    assert read(client, node_1_1() | {"describe_keyspaces": [keyspace("system", "LocalStrategy")]}).places == {}


def test_names_of_tables_that_could_not_be_read_leave_no_half_keyspaces(client: MakeClient) -> None:
    select = in_turn(*[node_2_2()["execute_cql3_query"]] * 2, SILENCE)
    keyspaces = read(client, node_2_2() | {"execute_cql3_query": select}).keyspaces
    assert isinstance(keyspaces, Unknown)
    assert keyspaces.failure is Failure.TIMEOUT


def test_the_release_is_looked_for_with_cql_2_where_cql_3_is_refused(client: MakeClient) -> None:
    table = node_1_1() | {"describe_version": "19.35.0", "execute_cql3_query": REFUSED}
    assert read(client, table).release == "1.1.12"


@pytest.mark.parametrize(
    ("partitioner", "token", "text"),
    [
        ("org.apache.cassandra.dht.RandomPartitioner", b"\x40" + bytes(15), str(2**126)),
        ("org.apache.cassandra.dht.Murmur3Partitioner", b"\x80" + bytes(7), str(-(2**63))),
        ("org.apache.cassandra.dht.ByteOrderedPartitioner", b"\x0a\xff", "0aff"),
        ("org.apache.cassandra.dht.OrderPreservingPartitioner", b"abc", "abc"),
    ],
)
def test_a_node_is_known_by_its_token(partitioner: str, token: bytes, text: str, client: MakeClient) -> None:
    table = node_1_1() | {
        "describe_partitioner": partitioner,
        "describe_token_map": {"other": "10.0.0.1", text: "10.0.0.2"},
        "execute_cql_query": rows((b"L", {b"Token": token})),
    }
    assert read(client, table).address == "10.0.0.2"


@pytest.mark.parametrize("encoded", [b"\x00\x01\x00\x010", b"\x00\x00\x00\x01\x00\x00\x00\x010"])
def test_a_node_of_1_2_is_known_by_its_tokens(encoded: bytes, client: MakeClient) -> None:
    node = read(client, node_2_2(broadcast_address=b"", tokens=encoded))
    assert node.address == "10.0.0.1"


def test_a_node_that_cannot_be_told_apart_stays_without_an_address(client: MakeClient) -> None:
    node = read(client, node_1_1() | {"execute_cql_query": rows((b"build", {b"version": b"1.1.12"}))})
    assert isinstance(node.address, Unknown)
    assert node.name == node.asked


def test_numbers_longer_than_python_reads(client: MakeClient) -> None:
    node = read(client, node_1_1() | {"describe_version": "9" * 5000, "describe_token_map": {"1" * 5000: "10.0.0.1"}})
    assert node.tokens == {"10.0.0.1": ("1" * 5000,)}


def test_members_come_with_the_addresses_at_which_they_serve(client: MakeClient) -> None:
    ring = [token_range(("10.0.0.1", "DC1", "R1"), ("10.0.0.2", "DC1", "R1"), rpc=["192.0.2.1", "192.0.2.2"])]
    with Server(answers(node_1_1() | {"describe_ring": ring})) as server:
        reader = NodeReader(only_thrift(client(server.target)), listed=True)
        reader.read()
    assert reader.facts.members == {"10.0.0.1": frozenset({"192.0.2.1"}), "10.0.0.2": frozenset({"192.0.2.2"})}
