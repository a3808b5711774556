# SPDX-License-Identifier: Apache-2.0
"""What is learnt of a node over the native protocol, from the tables of each generation of releases."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.ring import Keyspace, Node, Place
from orsgate.probes.facts import OWN, Facts, settled
from orsgate.probes.native_node import NativeReader
from orsgate.probes.trouble import NATIVE, closed, not_allowed, rejected, server_timed_out
from orsgate.wire.trouble import ProbeError
from tests.probes.made import Made
from tests.probes.native_samples import LOCAL, SIMPLE, VERSION, Tables, node_1_2, node_2_1, node_3, node_4
from tests.probes.samples import MEMBERS, RANDOM
from tests.probes.scripted import Server
from tests.probes.scripted_native import Request, answers

UNASKED = Unknown("unasked", failure=Failure.NOT_ASKED)
ORS = Keyspace("ors", SIMPLE, {"replication_factor": "2"}, ("Session", "SessionIDServerInfo"))
TOKENS = {"10.0.0.1": ("0",), "10.0.0.2": (str(2**126),)}
PLACES = {"10.0.0.1": Place("DC1", "R1"), "10.0.0.2": Place("DC2", "R2")}
NATIVE_FACTS = {
    "address", "release", "cluster_name", "partitioner", "snitch", "schema_versions", "keyspaces", "places", "tokens",
}  # fmt: skip


def read(tables: Any, address: str | None = "127.0.0.1") -> Node:
    client, facts = Made(tables, address), Facts()
    NativeReader(client, facts).read()
    return Node(asked="node:9042", listed=True, **facts.all(UNASKED))


def missing(node: Node) -> dict[str, Failure]:
    return {name: fact.failure for name in NATIVE_FACTS if isinstance(fact := getattr(node, name), Unknown)}


def changed(tables: Tables, table: str, **columns: Any) -> Tables:
    """The same with other columns in every row of ``table``; None leaves a column out."""
    made = copy.deepcopy(tables)
    for row in made[table]:
        row.update(columns)
        for name in [name for name, value in columns.items() if value is None]:
            del row[name]
    return made


@pytest.mark.parametrize(
    ("tables", "release"), [(node_2_1(), "2.1.22"), (node_3(), "3.11.17"), (node_4(), "4.1.3")], ids=["2.1", "3", "4"]
)
def test_a_node_that_tells_its_own_address(tables: Tables, release: str) -> None:
    node = read(tables)
    assert (node.release, node.address, node.cluster_name, node.partitioner) == (release, "10.0.0.1", "Ring", RANDOM)
    assert (node.tokens, node.places, node.schema_versions) == (TOKENS, PLACES, {VERSION: MEMBERS})
    assert node.keyspaces == (ORS, Keyspace("system", LOCAL, {}, ("Session",)))


def test_a_node_of_1_2_stands_in_its_own_facts_under_a_placeholder() -> None:
    node = read(node_1_2())
    assert missing(node) == {"address": Failure.REJECTED, "snitch": Failure.REJECTED}
    assert node.tokens == {OWN: TOKENS["10.0.0.1"], "10.0.0.2": TOKENS["10.0.0.2"]}
    assert node.places == {OWN: PLACES["10.0.0.1"], "10.0.0.2": PLACES["10.0.0.2"]}
    assert node.schema_versions == {VERSION: ("10.0.0.2", OWN)}


def test_the_placeholder_gives_way_to_the_address() -> None:
    from dataclasses import replace

    node = settled(replace(read(node_1_2()), address="10.0.0.1"))
    assert (node.tokens, node.places, node.schema_versions) == (TOKENS, PLACES, {VERSION: MEMBERS})


def test_without_an_address_no_placeholder_is_left() -> None:
    node = settled(read(node_1_2()))
    assert set(missing(node)) == {"address", "snitch", "tokens", "places", "schema_versions"}
    assert OWN not in repr(node)


def test_a_ring_of_one_is_where_it_was_asked() -> None:
    node = read(node_1_2() | {"system.peers": []}, "10.0.0.7")
    assert node.address == "10.0.0.7"
    assert node.tokens == {"10.0.0.7": ("0",)}


def test_peers_that_are_not_known_make_no_ring_of_one() -> None:
    node = read(node_1_2() | {"system.peers": server_timed_out("node:9042", "system.peers")})
    assert {name: missing(node)[name] for name in ("address", "tokens", "places", "schema_versions")} == dict.fromkeys(
        ("address", "tokens", "places", "schema_versions"), Failure.TIMEOUT
    )


def test_members_come_with_the_addresses_at_which_they_serve() -> None:
    facts = Facts()
    NativeReader(Made(changed(node_3(), "system.peers", rpc_address="192.0.2.2")), facts).read()
    assert facts.members == {"10.0.0.1": frozenset(), "10.0.0.2": frozenset({"192.0.2.2"})}


@pytest.mark.parametrize(
    "leftover",
    [
        {"peer": "10.0.0.9"},
        {"peer": "10.0.0.9", "rpc_address": "10.0.0.9", "rack": "R1"},
        {"rpc_address": "10.0.0.9", "data_center": "DC1", "tokens": ["5"], "schema_version": VERSION},
        {"peer": "not an address", "data_center": "DC1", "tokens": ["5"], "schema_version": VERSION},
        {},
    ],
)
def test_leftovers_of_members_that_are_gone_are_no_members(leftover: dict[str, Any]) -> None:
    tables = node_3()
    tables["system.peers"].append(leftover)
    node = read(tables)
    assert (node.tokens, node.places, node.schema_versions) == (TOKENS, PLACES, {VERSION: MEMBERS})


@pytest.mark.parametrize(
    ("column", "unknown"), [("tokens", "tokens"), ("schema_version", "schema_versions"), ("rack", ""), ("rpc_address", "")]
)
def test_what_a_row_of_a_peer_lacks_leaves_that_fact_unknown(column: str, unknown: str) -> None:
    node = read(changed(node_4(), "system.peers", **{column: None}))
    assert set(missing(node)) == ({unknown} if unknown else set())
    if unknown:
        fact = getattr(node, unknown)
        assert f"they hold no {column} of 10.0.0.2" in fact.cause


def test_a_peer_without_a_data_center_has_no_place() -> None:
    node = read(changed(node_4(), "system.peers", data_center=None))
    assert node.places == {"10.0.0.1": PLACES["10.0.0.1"]}


@pytest.mark.parametrize(
    ("table", "column", "value", "unknown"),
    [
        ("system.local", "cluster_name", ["a"], {"cluster_name"}),
        ("system.local", "partitioner", {"a": "b"}, {"partitioner"}),
        ("system.local", "release_version", ["3"], {"release"}),
        ("system.local", "broadcast_address", ["10.0.0.1"], {"address"}),
        ("system.local", "tokens", "5", {"tokens"}),
        ("system.local", "data_center", ["DC1"], {"places"}),
        ("system.local", "schema_version", ["a"], {"schema_versions"}),
        ("system.peers", "rpc_address", ["a"], set()),
        ("system.peers", "tokens", {"a": "b"}, {"tokens"}),
        ("system.peers", "data_center", {"a": "b"}, {"places"}),
        ("system.peers", "rack", ["R1"], {"places"}),
        ("system.peers", "schema_version", {"a": "b"}, {"schema_versions"}),
        ("system_schema.keyspaces", "keyspace_name", ["ors"], {"keyspaces"}),
        ("system_schema.keyspaces", "replication", "{}", {"keyspaces"}),
        ("system_schema.tables", "table_name", ["a"], {"keyspaces"}),
        ("system_views.settings", "value", ["a"], {"snitch"}),
    ],
)
def test_columns_of_another_type_are_garbled(table: str, column: str, value: object, unknown: set[str]) -> None:
    node = read(changed(node_4(), table, **{column: value}))
    assert missing(node) == dict.fromkeys(unknown, Failure.GARBLED)


@pytest.mark.parametrize("text", ["", "{", "[]", "7", '"a"', "null", "[" * 100_000, "{" + '"a":' * 10])
def test_options_that_are_no_object_are_garbled(text: str) -> None:
    node = read(changed(node_2_1(), "system.schema_keyspaces", strategy_options=text))
    assert missing(node) == {"keyspaces": Failure.GARBLED, "snitch": Failure.REJECTED}


def test_an_empty_table_of_its_own_leaves_all_of_it_unknown() -> None:
    assert set(missing(read(node_4() | {"system.local": []}))) == NATIVE_FACTS - {"keyspaces", "snitch"}


@pytest.mark.parametrize(
    ("table", "unknown"),
    [
        ("system.local", {"cluster_name", "partitioner", "release", "address", "schema_versions", "tokens", "places"}),
        ("system.peers", {"schema_versions", "tokens", "places"}),
        ("system_schema.keyspaces", {"keyspaces"}),
        ("system_schema.tables", {"keyspaces"}),
        ("system_views.settings", {"snitch"}),
    ],
)
@pytest.mark.parametrize(
    "trouble",
    [
        lambda table: rejected("node:9042", table, "no"),
        lambda table: not_allowed("node:9042", table, "no"),
        lambda table: server_timed_out("node:9042", table),
        lambda table: closed("node:9042", table, NATIVE),
    ],
)
def test_a_table_that_is_not_answered(table: str, unknown: set[str], trouble: Callable[[str], ProbeError]) -> None:
    failed = trouble(table)
    node = read(node_4() | {table: failed})
    assert missing(node) == dict.fromkeys(unknown, failed.unknown.failure)


def test_a_schema_that_may_not_be_read_is_not_looked_for_elsewhere() -> None:
    client = Made(node_2_1() | {"system_schema.keyspaces": not_allowed("node:9042", "system_schema.keyspaces", "no")})
    NativeReader(client, Facts()).read()
    assert "system.schema_keyspaces" not in dict(client.asked)


@pytest.mark.slow
@pytest.mark.parametrize("tables", [node_1_2(), node_2_1(), node_3(), node_4()], ids=["1.2", "2.1", "3", "4"])
def test_only_select_on_system_tables_is_ever_asked(tables: Tables) -> None:
    from tests.probes.native_probe import read_natively

    asked: list[Request] = []
    with Server(answers(tables, asked=asked)) as server:
        read_natively(server.target, 10)
    queries = {request.body[4 : 4 + int.from_bytes(request.body[:4], "big")].decode() for request in asked if request.is_query}
    assert {request.name for request in asked if not request.is_query} == {"OPTIONS", "STARTUP"}
    assert queries
    assert queries <= {
        f"SELECT * FROM {table}"  # noqa: S608 - as it was asked
        for table in (
            "system.local", "system.peers", "system_schema.keyspaces", "system_schema.tables", "system.schema_keyspaces",
            "system.schema_columnfamilies", "system_views.settings",
        )
    }  # fmt: skip


COLUMNS = sorted({column for tables in (node_2_1(), node_4()) for rows in tables.values() for row in rows for column in row})
TEXTS = st.one_of(st.text(max_size=8), st.sampled_from(["10.0.0.1", "10.0.0.2", "::1", VERSION, "{}", '{"a": 1}', "5", "[]", ""]))
VALUES = st.one_of(TEXTS, st.lists(TEXTS, max_size=3), st.dictionaries(TEXTS, TEXTS, max_size=3))
ROWS = st.lists(st.dictionaries(st.sampled_from(COLUMNS), VALUES, max_size=10), max_size=3)
TROUBLES = st.sampled_from(
    [rejected("node:9042", "x", "no"), closed("node:9042", "x", NATIVE), not_allowed("node:9042", "x", "no")]
)
TABLES = st.dictionaries(st.sampled_from(sorted({*node_2_1(), *node_4()})), st.one_of(ROWS, TROUBLES))


def check_any_tables(tables: Any, base: Tables) -> None:
    """No rows bring up anything but facts and failures to know them."""
    node = settled(read({**base, **tables}))
    assert OWN not in repr(node) or OWN in repr(tables)
    for fact in (node.address, node.release, node.cluster_name, node.partitioner, node.snitch):
        assert isinstance(fact, str | Unknown)
    if not isinstance(node.tokens, Unknown):
        assert all(isinstance(token, str) for tokens in node.tokens.values() for token in tokens)


@pytest.mark.slow
@given(TABLES, st.sampled_from([{}, node_1_2(), node_2_1(), node_3(), node_4()]))
def test_any_rows(tables: Any, base: Tables) -> None:
    check_any_tables(tables, base)
