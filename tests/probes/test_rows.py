# SPDX-License-Identifier: Apache-2.0
"""The row of a session, looked for by its key: on scripted servers of every kind, and on real rings."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from fixtures.rings import RingFactory
from orsgate.estate.deployment import RowSeen
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.probes.access import Access
from orsgate.probes.codec import IDL
from orsgate.probes.login import Login
from orsgate.probes.rows import FAMILIES, look_up
from orsgate.probes.transport import Target
from orsgate.sandbox.ring import Ring as SandboxRing
from orsgate.wire.deadline import Limits
from tests.probes import scripted_native
from tests.probes.scripted import CLOSE, SILENCE, Script, Server, answers, raw, raw_and_wait

SESSION = "KL8938QSD91ER2RN2NR1397738000001"
KEYSPACE = "Orchestration"


def keyspace(*families: str, name: str = KEYSPACE) -> Any:
    return IDL.KsDef(name=name, strategy_class="SimpleStrategy", cf_defs=[IDL.CfDef(name=family) for family in families])


def node(**other: Any) -> dict[str, Any]:
    return {
        "describe_version": "19.33.0",
        "describe_keyspaces": [keyspace(*FAMILIES, "Document")],
        "set_keyspace": None,
        "get_count": 0,
        **other,
    }


def ask(script: Script, seconds: float = 0.6, access: Access | None = None) -> RowSeen | Unknown:
    with Server(script) as server:
        return look_up([server.target], access or Access(), KEYSPACE, SESSION, seconds)


def seen(answer: RowSeen | Unknown) -> RowSeen:
    assert isinstance(answer, RowSeen), answer
    return answer


def unknown(answer: RowSeen | Unknown) -> Unknown:
    assert isinstance(answer, Unknown), answer
    assert answer.cause.isprintable()
    return answer


def in_turn(*given: Any) -> Callable[[], Any]:
    left = list(given)
    return lambda: left.pop(0) if len(left) > 1 else left[0]


def test_a_row_in_the_first_column_family() -> None:
    found = seen(ask(answers(node(get_count=1)), 20))
    assert (found.found, found.families) == ("Session", FAMILIES)
    assert found.where.endswith(f" {KEYSPACE}")
    assert found.seconds < 10


def test_a_row_in_the_second_one() -> None:
    assert seen(ask(answers(node(get_count=in_turn(0, 1))), 20)).found == "SessionIDServerInfo"


@pytest.mark.slow
def test_a_row_that_comes_later() -> None:
    found = seen(ask(answers(node(get_count=in_turn(0, 0, 0, 0, 1))), 20))
    assert found.found == "Session"
    assert found.seconds >= 0.5  # two rounds in vain


@pytest.mark.slow
def test_an_absent_row() -> None:
    found = seen(ask(answers(node())))
    assert (found.found, found.families) == ("", FAMILIES)
    assert 0.3 < found.seconds < 10


@pytest.mark.slow
def test_only_what_is_there_is_asked() -> None:
    found = seen(ask(answers(node(describe_keyspaces=[keyspace("SessionIDServerInfo", "Document")]))))
    assert (found.found, found.families) == ("", ("SessionIDServerInfo",))


def test_a_keyspace_that_is_not_there() -> None:
    found = unknown(ask(answers(node(describe_keyspaces=[keyspace("Session", name="orchestration")])), 20))
    assert found.failure is Failure.MISSING
    assert "the keyspace Orchestration does not exist" in found.cause


@pytest.mark.parametrize(("there", "named"), [(("Document", "Other"), "but: Document, Other"), ((), "but: none")])
def test_a_keyspace_without_the_column_families(there: tuple[str, ...], named: str) -> None:
    found = unknown(ask(answers(node(describe_keyspaces=[keyspace(*there)])), 20))
    assert found.failure is Failure.MISSING
    assert found.cause.endswith(named)


def test_where_too_few_replicas_answer_one_is_enough_to_find() -> None:
    found = seen(ask(answers(node(get_count=in_turn(IDL.UnavailableException(), 1))), 20))
    assert found.found == "Session"


@pytest.mark.slow
@pytest.mark.parametrize("trouble", [IDL.UnavailableException(), IDL.TimedOutException()])
def test_where_too_few_replicas_answer_absence_is_not_known(trouble: Any) -> None:
    found = unknown(ask(answers(node(get_count=in_turn(*[trouble, 0] * 20)))))
    assert found.cause.startswith("that no replica holds the session is not known")


@pytest.mark.slow
def test_where_none_answers_nothing_is_known() -> None:
    assert "not known" in unknown(ask(answers(node(get_count=IDL.UnavailableException())))).cause


def test_no_account_is_tried_twice() -> None:
    refuses = answers(node(login=IDL.AuthenticationException(why="no such user")))
    with Server(refuses) as first, Server(refuses) as second:
        access = Access(login=Login("ors", "wrong"))
        found = unknown(look_up([first.target, second.target], access, KEYSPACE, SESSION, 20))
        assert found.failure is Failure.DENIED
        assert (first.connections, second.connections) == (1, 0)


def test_the_next_node_is_asked_where_one_does_not_answer(nowhere: Target) -> None:
    with Server(answers(node(get_count=CLOSE))) as broken, Server(answers(node(get_count=1))) as good:
        found = seen(look_up([nowhere, broken.target, good.target], Access(), KEYSPACE, SESSION, 20))
        assert found.where == f"{good.target} {KEYSPACE}"


@pytest.mark.slow
def test_a_node_that_hangs_leaves_time_for_the_next_one() -> None:
    with Server(answers(node(get_count=SILENCE))) as hangs, Server(answers(node(get_count=1))) as good:
        found = seen(look_up([hangs.target, good.target], Access(), KEYSPACE, SESSION, 3))
    assert found.found == "Session"
    assert 1.5 <= found.seconds < 3


def test_no_node_at_all(nowhere: Target) -> None:
    assert unknown(look_up([], Access(), KEYSPACE, SESSION)).failure is Failure.NOT_GIVEN
    access = Access(ports={"thrift": nowhere.port, "native": nowhere.port})
    assert unknown(look_up([nowhere], access, KEYSPACE, SESSION, 5)).failure is Failure.REFUSED


@pytest.mark.slow
def test_an_interruption() -> None:
    cancel = threading.Event()
    access = Access(limits=Limits(cancel=cancel))
    with Server(answers(node())) as server:
        timer = threading.Timer(0.5, cancel.set)
        timer.start()
        began = time.monotonic()
        found = unknown(look_up([server.target], access, KEYSPACE, SESSION, 60))
        timer.join()
    assert found.failure is Failure.NOT_ASKED
    assert time.monotonic() - began < 30


@pytest.mark.slow
@pytest.mark.parametrize(
    ("script", "failure"),
    [
        (answers(node(describe_version=SILENCE)), Failure.TIMEOUT),
        (answers(node(get_count=SILENCE)), Failure.TIMEOUT),
        (answers(node(set_keyspace=SILENCE)), Failure.TIMEOUT),
        (answers(node(describe_keyspaces=CLOSE)), Failure.CLOSED),
        (answers(node(get_count=CLOSE)), Failure.CLOSED),
        (raw(b"HTTP/1.1 400 Bad Request\r\n\r\n"), Failure.GARBLED),
        (raw(b"\x7f\xff\xff\xff"), Failure.GARBLED),
        (raw(b"\x00\x00\x00\x04\x80\x01\x00\x02"), Failure.GARBLED),
        (raw_and_wait(b"\x00\x00"), Failure.TIMEOUT),
    ],
)
def test_hostile_servers(script: Script, failure: Failure, nowhere: Target) -> None:
    began = time.monotonic()
    access = Access(ports={"thrift": 1, "native": nowhere.port})
    assert unknown(ask(script, 1.0, access)).failure is failure
    assert time.monotonic() - began < 10


@pytest.mark.slow
def test_what_the_end_of_the_look_up_cuts_short_takes_nothing_back() -> None:
    calls = iter(range(1000))
    found = seen(ask(answers(node(get_count=lambda: 0 if next(calls) < 2 else SILENCE)), 0.5))
    assert found.found == ""


def native_tables(**other: Any) -> dict[str, Any]:
    literal = f"'{KEYSPACE}'"
    text = {"keyspace_name": KEYSPACE}
    tables = [{**text, "table_name": name} for name in FAMILIES]
    key = [
        {"column_name": "key", "kind": "partition_key", "type": "blob"},
        {"column_name": "c", "kind": "clustering", "type": "text"},
    ]
    columns = "SELECT column_name, kind, type FROM system_schema.columns WHERE keyspace_name"
    return {
        f"SELECT table_name FROM system_schema.tables WHERE keyspace_name = {literal}": scripted_native.rows(tables),  # noqa: S608
        **{f"{columns} = {literal} AND table_name = '{name}'": scripted_native.rows(key) for name in FAMILIES},
        **other,
    }


def select(family: str) -> str:
    return f'SELECT "key" FROM "{KEYSPACE}"."{family}" WHERE "key" = 0x{SESSION.encode().hex()} LIMIT 1'  # noqa: S608


@pytest.mark.slow
def test_over_the_native_protocol() -> None:
    nothing, row = scripted_native.rows([]), scripted_native.rows([{"key": SESSION}])
    asked: list[scripted_native.Request] = []
    table = native_tables(**{select("Session"): nothing, select("SessionIDServerInfo"): row})
    found = seen(ask(scripted_native.answers(table, asked=asked), 20, Access(first="native")))
    assert found.found == "SessionIDServerInfo"
    levels = [request.body[4 + int.from_bytes(request.body[:4], "big") :][:2] for request in asked if '"key" =' in request.name]
    assert levels == [b"\x00\x04", b"\x00\x04"]  # QUORUM


@pytest.mark.slow
def test_a_port_of_the_native_protocol_where_thrift_was_expected() -> None:
    row = scripted_native.rows([{"key": SESSION}])
    found = seen(ask(scripted_native.answers(native_tables(**{select("Session"): row})), 20))
    assert found.found == "Session"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("key", "says"),
    [
        ([{"column_name": "id", "kind": "partition_key", "type": "uuid"}], "is of the type uuid"),
        ([{"column_name": c, "kind": "partition_key", "type": "text"} for c in "ab"], "its key has 2 columns"),
    ],
)
def test_a_key_of_another_kind(key: list[dict[str, str]], says: str) -> None:
    columns = f"SELECT column_name, kind, type FROM system_schema.columns WHERE keyspace_name = '{KEYSPACE}' AND table_name = "  # noqa: S608
    table = native_tables(**{f"{columns}'{name}'": scripted_native.rows(key) for name in FAMILIES})
    assert says in unknown(ask(scripted_native.answers(table), 4, Access(first="native"))).cause


def targets(ring: SandboxRing[Any], port: int = 9160) -> list[Target]:
    return [Target(node.address, port) for node in ring.nodes]


def put(ring: SandboxRing[Any], name: str, family: str, key: str) -> None:
    ring.insert(name, family, key.encode(), {b"data": b"x" * 100_000}, consistency="ONE")


@pytest.mark.ring
def test_a_real_ring_of_1_1(cassandra_ring: RingFactory) -> None:
    ring = cassandra_ring(nodes=4, datacenters=("DC1", "DC2"))
    name = "LookedUp"  # the ring is shared, and keeps it
    ring.create_keyspace(name, "NetworkTopologyStrategy", {"DC1": "2", "DC2": "1"}, column_families=(*FAMILIES, "Document"))
    ring.create_keyspace("LookedUpOne", "NetworkTopologyStrategy", {"DC1": "1"}, column_families=("Session",))
    ring.create_keyspace("LookedUpNone", "NetworkTopologyStrategy", {"DC1": "1"}, column_families=("Document",))
    put(ring, name, "SessionIDServerInfo", SESSION)
    put(ring, name, "Document", "another")
    put(ring, "LookedUpOne", "Session", SESSION)
    nodes = targets(ring)
    found = seen(look_up(nodes, Access(), name, SESSION, 20))
    assert (found.found, found.families) == ("SessionIDServerInfo", FAMILIES)
    assert found.where == f"{nodes[0]} {name}"
    one = seen(look_up(nodes, Access(), "LookedUpOne", SESSION, 20))
    assert (one.found, one.families) == ("Session", ("Session",))
    for absent in ("another", SESSION[:-1], SESSION.lower(), SESSION + "1"):
        assert seen(look_up(nodes, Access(), name, absent, 1)).found == ""
    none = unknown(look_up(nodes, Access(), "LookedUpNone", SESSION, 20))
    assert (none.failure, none.cause.endswith("but: Document")) == (Failure.MISSING, True)
    assert "does not exist" in unknown(look_up(nodes, Access(), name.lower(), SESSION, 20)).cause
    # A session that has ended: its row is deleted.
    delete = f"DELETE FROM SessionIDServerInfo WHERE KEY = '{SESSION.encode().hex()}'"  # noqa: S608
    ring.execute_cql(delete, keyspace=name)
    assert seen(look_up(nodes, Access(), name, SESSION, 1)).found == ""
    # One that goes idle while it is looked for.
    timer = threading.Timer(1.0, put, (ring, name, "Session", "later"))
    timer.start()
    later = seen(look_up(nodes, Access(), name, "later", 20))
    timer.join()
    assert later.found == "Session"
    assert later.seconds > 0.9


@pytest.mark.ring
@pytest.mark.parametrize("release", ["1.2.19", "2.2.5", "3.9"])
def test_real_rings_of_later_releases(release: str, own_cassandra_ring: RingFactory) -> None:
    ring = own_cassandra_ring(release, nodes=2, datacenters=("DC1",))
    ring.create_keyspace("Rows", strategy_options={"replication_factor": "2"}, column_families=("Session",))
    ring.execute_cql('CREATE TABLE "Rows"."SessionIDServerInfo" (id text PRIMARY KEY, server text)')  # one of CQL 3
    ring.wait_until_agreed()
    put(ring, "Rows", "Session", SESSION)
    ring.execute_cql("INSERT INTO \"Rows\".\"SessionIDServerInfo\" (id, server) VALUES ('of ''CQL', '1')")
    thrift, native = targets(ring), targets(ring, 9042)
    for nodes, access in ((thrift, Access()), (native, Access(first="native")), ([Target(thrift[0].host, 9042)], Access())):
        found = seen(look_up(nodes, access, "Rows", SESSION, 30))
        assert (found.found, found.families) == ("Session", FAMILIES)
        assert seen(look_up(nodes, access, "Rows", "of 'CQL", 30)).found == "SessionIDServerInfo"
        assert seen(look_up(nodes, access, "Rows", "absent", 4)).found == ""
        assert "does not exist" in unknown(look_up(nodes, access, "rows", SESSION, 30)).cause
    # Thrift that does not answer: the native protocol of the same node does.
    closed = Access(ports={"thrift": 9159, "native": 9042})
    assert seen(look_up([Target(thrift[0].host, 9159)], closed, "Rows", SESSION, 30)).found == "Session"


@pytest.mark.ring
def test_a_real_ring_of_which_half_is_gone(own_cassandra_ring: RingFactory) -> None:
    ring = own_cassandra_ring("2.2.5", nodes=2, datacenters=("DC1",))
    ring.create_keyspace("Rows", strategy_options={"replication_factor": "2"}, column_families=FAMILIES)
    put(ring, "Rows", "Session", SESSION)
    ring.nodes[1].kill()
    found = seen(look_up(targets(ring)[::-1], Access(), "Rows", SESSION, 30))
    assert (found.found, found.where) == ("Session", f"{ring.nodes[0].address}:9160 Rows")
    until = time.monotonic() + 60  # until the other node has noticed, it waits for the killed one
    for nodes, access in ((targets(ring), Access()), (targets(ring, 9042), Access(first="native"))):
        while "is not known" not in unknown(look_up(nodes[:1], access, "Rows", "absent", 4)).cause:
            assert time.monotonic() < until
