# SPDX-License-Identifier: Apache-2.0
"""Whatever a server of the native protocol does: a question ends in time, takes little memory, and leaves no process."""

from __future__ import annotations

import json
import socket
import struct
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from orsgate.estate.knowledge import Failure, Unknown
from orsgate.probes.login import Login, LoginGate
from orsgate.probes.native_client import NativeClient
from orsgate.probes.native_worker import _MEMORY
from orsgate.probes.transport import Target
from orsgate.wire.deadline import Limits
from orsgate.wire.resolve import Resolver
from orsgate.wire.trouble import ProbeError
from tests.probes.native_probe import MEGABYTE, Watch, cost, nothing_learnt, one_sentence, read_natively, unknowns
from tests.probes.native_samples import node_2_1, node_4
from tests.probes.scripted import CLOSE, SILENCE, Script, Server
from tests.probes.scripted_native import (
    AUTHENTICATE,
    EVENT,
    INET,
    INT,
    LIST,
    MAP,
    QUERY,
    READY,
    RESULT,
    ROWS,
    SCHEMA_CHANGE,
    SET,
    SET_KEYSPACE,
    TEXT,
    TYPES,
    VOID,
    Answer,
    Reaction,
    Request,
    answers,
    cell,
    columns,
    encoded,
    error,
    rows,
    string,
    supported,
    with_login,
)

pytestmark = [
    pytest.mark.slow,  # nearly every test here starts a process with the driver
    pytest.mark.usefixtures("watch"),
]

CALL = 10.0
"""Seconds for a question that is answered, if only with nonsense."""
SHORT = 1.5
"""Seconds for a question that is not."""
ONE_ROW = rows([{"peer": "10.0.0.1"}])
MOST = 2**31 - 1


def client(target: Target, call: float = CALL, login: Login | None = None) -> NativeClient:
    return NativeClient(target, Resolver(), Limits(call=call), None if login is None else LoginGate(login))


def integer(number: int) -> bytes:
    return struct.pack("!i", number)


def table(
    named: tuple[tuple[str, tuple[int, ...]], ...], count: int, cells: bytes = b"", column_count: int | None = None
) -> Answer:
    """A table with any number of rows and columns announced."""
    return Answer(RESULT, integer(ROWS) + columns(named, column_count) + integer(count) + cells)


def local(answer: Reaction) -> Script:
    """A node that is sound but for its ``system.local``."""
    return answers({**node_2_1(), "system.local": answer})


def raw(data: bytes) -> Script:
    """Sends ``data`` once it was asked anything, and waits."""

    def serve(connection: socket.socket, over: threading.Event) -> None:
        if connection.recv(9):
            connection.sendall(data)
            over.wait()

    return serve


# A good conversation


@pytest.mark.parametrize("newest", [4, 3, 2, 1])
def test_a_node_is_read_in_the_newest_version_that_it_speaks(newest: int, watch: Watch) -> None:
    asked: list[Request] = []
    with Server(answers(node_2_1(), versions=range(1, newest + 1), asked=asked)) as server:
        node = read_natively(server.target, CALL)
    assert set(unknowns(node)) == {"snitch"}
    assert node.tokens == {"10.0.0.1": ("0",), "10.0.0.2": (str(2**126),)}
    assert {request.version for request in asked if request.name.startswith("system")} == {newest}
    assert sorted({request.version for request in asked}) == list(range(newest, 5))
    assert len(watch.workers) == 1


def test_all_is_known_of_a_node_of_4_1() -> None:
    with Server(answers(node_4())) as server:
        assert unknowns(read_natively(server.target, CALL)) == {}


def test_a_server_of_no_version_that_is_spoken_here() -> None:
    unknown = nothing_learnt(answers(node_4(), versions=[5]), CALL)
    assert unknown.failure is Failure.CLOSED


# Servers that do not answer


def test_a_closed_port_refuses_and_costs_no_process(watch: Watch, nowhere: Target) -> None:
    with pytest.raises(ProbeError) as caught:
        client(nowhere).open()
    assert caught.value.unknown.failure is Failure.REFUSED
    one_sentence(caught.value.unknown)
    assert watch.workers == []


def test_a_server_that_accepts_and_is_silent_costs_no_process(watch: Watch) -> None:
    def silent(_: socket.socket, over: threading.Event) -> None:
        over.wait()

    assert nothing_learnt(silent, SHORT).failure is Failure.TIMEOUT
    assert watch.workers == []


@pytest.mark.parametrize("request_name", ["STARTUP", "system.local"])
def test_a_server_that_falls_silent(request_name: str) -> None:
    unknown = nothing_learnt(answers({**node_2_1(), request_name: SILENCE}), SHORT)
    assert unknown.failure is Failure.TIMEOUT
    assert "completely within 1.5 s" in unknown.cause


@pytest.mark.parametrize("request_name", ["OPTIONS", "STARTUP", "system.local"])
def test_a_server_that_closes(request_name: str) -> None:
    unknown = nothing_learnt(answers({**node_2_1(), request_name: CLOSE}), CALL)
    assert unknown.failure is Failure.CLOSED
    assert "is this its native_transport_port?" in unknown.cause


def cut(left: int) -> Script:
    """A node that closes each connection after ``left`` bytes of its answers."""

    def serve(connection: socket.socket, over: threading.Event) -> None:
        sent = 0

        def send(to: socket.socket, data: bytes, _: threading.Event) -> None:
            nonlocal sent
            to.sendall(data[: left - sent])
            sent += len(data)
            if sent >= left:
                raise ConnectionError

        answers({"system.local": ONE_ROW}, send=send)(connection, over)

    return serve


def test_answers_that_break_off_anywhere() -> None:
    whole = sum(len(answer.frame(4, 0)) for answer in (supported(), Answer(READY), ONE_ROW))

    def select(left: int) -> int | Unknown:
        with Server(cut(left)) as server:
            asked = client(server.target)
            try:
                asked.open()
                return len(asked.select("system.local", ["peer"]))
            except ProbeError as trouble:
                one_sentence(trouble.unknown)
                return trouble.unknown
            finally:
                asked.close()

    with ThreadPoolExecutor(3) as pool:
        outcomes = list(pool.map(select, range(whole + 1)))
    assert outcomes.pop() == 1
    assert {outcome.failure if isinstance(outcome, Unknown) else outcome for outcome in outcomes} == {Failure.CLOSED}


@pytest.mark.parametrize("slow", ["SUPPORTED", "RESULT"])
def test_a_trickle_does_not_stretch_the_deadline(slow: str) -> None:
    def send(connection: socket.socket, data: bytes, over: threading.Event) -> None:
        if slow == "RESULT" and data[4] != RESULT:
            connection.sendall(data)
            return
        for byte in data:
            connection.sendall(bytes([byte]))
            if over.wait(1):
                return

    assert nothing_learnt(answers(node_2_1(), send=send), SHORT).failure is Failure.TIMEOUT


# Servers of something else


@pytest.mark.parametrize(
    ("sent", "failure", "said"),
    [
        (b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", Failure.GARBLED, "it answers in HTTP"),
        (b"SSH-2.0-OpenSSH_8.9\r\n", Failure.GARBLED, "it begins otherwise"),
        (bytes(100), Failure.GARBLED, "it begins otherwise"),
        (b"\x00\x00\x00\x20\x80\x01\x00\x02" + bytes(28), Failure.GARBLED, "it begins otherwise"),
        (b"\xff" * 100, Failure.GARBLED, "it begins otherwise"),
        (b"\x15\x03\x03\x00\x02\x02\x46", Failure.UNTRUSTED, "expects TLS (set ca_file"),
    ],
)
def test_what_speaks_something_else_is_named_and_costs_no_process(sent: bytes, failure: Failure, said: str, watch: Watch) -> None:
    unknown = nothing_learnt(raw(sent), CALL)
    assert (unknown.failure, said in unknown.cause) == (failure, True)
    assert watch.workers == []


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(b"\x84\x00\x00\x00\x63" + bytes(4), id="an unknown opcode"),
        pytest.param(b"\x84\x00\x00\x00\x06\xff\xff\xff\xff", id="a negative length"),
        pytest.param(b"\x84\x00\x00\x00\x06\x00\x00\x00\x02\xff\xff", id="65535 options"),
        pytest.param(b"\x84\x01\x00\x00\x06\x00\x00\x00\x02\x00\x00", id="compressed"),
        pytest.param(b"\x84\x00\x00\x00\x06\x00\x00\x00\x02\x00\x00", id="no options"),
        pytest.param(b"\x84" + b"\xff" * 7 + b"\x00", id="noise"),
        pytest.param(b"\x84\x00\x00\x00\x00" + integer(6) + integer(0x10000) + b"\x00\x05", id="a torn error"),
        pytest.param(Answer(RESULT, integer(VOID)).frame(4, 0), id="a result"),
    ],
)
def test_nonsense_for_a_greeting(sent: bytes) -> None:
    unknown = nothing_learnt(raw(sent), SHORT)
    assert unknown.failure in {Failure.GARBLED, Failure.CLOSED, Failure.TIMEOUT, Failure.REJECTED}


# Answers that are none


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Answer(0x55), id="an unknown opcode"),
        pytest.param(Answer(READY), id="ready"),
        pytest.param(supported(), id="supported"),
        pytest.param(Answer(AUTHENTICATE, string("x")), id="a late demand for a login"),
        pytest.param(Answer(QUERY, cell(b"SELECT")), id="a request"),
        pytest.param(Answer(RESULT), id="an empty result"),
        pytest.param(Answer(RESULT, integer(VOID)), id="void"),
        pytest.param(Answer(RESULT, integer(SET_KEYSPACE) + string("x")), id="a keyspace"),
        pytest.param(Answer(RESULT, integer(4) + string("x")), id="prepared"),
        pytest.param(Answer(RESULT, integer(SCHEMA_CHANGE) + string("A") + string("TABLE") + string("x") * 2), id="a change"),
        pytest.param(Answer(RESULT, integer(77)), id="an unknown kind"),
        pytest.param(table((), 0), id="no column and no row"),
        pytest.param(Answer(RESULT, integer(ROWS) + struct.pack("!iii", 4, 1, 0)), id="no metadata"),
        pytest.param(table((("peer", (TEXT,)),), 0, column_count=-5), id="less than no column"),
        pytest.param(table((("peer", (0x99,)),), 0), id="an unknown type"),
        pytest.param(table((("peer", (TEXT,)),), 1, integer(100) + b"10.0"), id="a torn value"),
        pytest.param(table((("peer", (TEXT,)),), 1, cell(b"\xff\xfe")), id="a text that is not UTF-8"),
        pytest.param(table((("peer", (INET,)),), 1, cell(b"123")), id="an address of three bytes"),
        pytest.param(table((("peer", (INT,)),), 1, cell(b"123")), id="a number of three bytes"),
        pytest.param(table((("peer", (SET, TEXT)),), 1, cell(integer(MOST))), id="a set of two thousand million"),
        pytest.param(table((("peer", (MAP, TEXT, TEXT)),), 1, cell(integer(1) + cell(b"key"))), id="half of a pair"),
        pytest.param(
            Answer(RESULT, integer(ROWS) + struct.pack("!ii", 3, 1) + cell(b"state") + string("system") + string("local")
                   + string("peer") + struct.pack("!H", TEXT) + integer(1) + cell(b"x")),
            id="the first page",
        ),
        pytest.param(Answer(RESULT, ONE_ROW.body, flags=1), id="compressed"),
        pytest.param(Answer(RESULT, ONE_ROW.body, length=-1), id="a negative length"),
        pytest.param(b"HTTP/1.1 200 OK\r\n\r\n", id="HTTP"),
        pytest.param(b"\xff" * 1000, id="noise"),
    ],
)  # fmt: skip
def test_answers_that_are_no_table(answer: Reaction) -> None:
    assert nothing_learnt(local(answer), CALL).failure is Failure.GARBLED


@pytest.mark.parametrize(
    "answer", [Answer(RESULT, integer(VOID)), Answer(READY), Answer(RESULT, integer(SET_KEYSPACE) + string("x"))]
)
def test_no_table_of_peers_does_not_make_a_ring_of_one(answer: Answer) -> None:
    with Server(answers({**node_4(), "system.peers": answer})) as server:
        node = read_natively(server.target, CALL)
    assert {"schema_versions", "tokens", "places"} <= set(unknowns(node))


@pytest.mark.parametrize("stream", [99, -1, -32768, 32767])
def test_an_answer_on_another_stream_is_none(stream: int) -> None:
    script = local(Answer(RESULT, ONE_ROW.body, stream=stream))
    assert nothing_learnt(script, SHORT).failure in {Failure.TIMEOUT, Failure.GARBLED, Failure.CLOSED}


def test_events_that_nobody_asked_for_are_passed_over() -> None:
    pushed = Answer(EVENT, string("STATUS_CHANGE") + string("DOWN") + b"\x04\x0a\x00\x00\x02" + integer(9042), stream=-1)
    table = {
        name: pushed.frame(4, -1) * 3 + rows(found).frame(4, stream) for stream, (name, found) in enumerate(node_4().items(), 2)
    }
    with Server(answers({"system.local": table["system.local"], "system.peers": table["system.peers"]})) as server:
        asked = client(server.target)
        try:
            asked.open()
            assert [len(asked.select(name, ["rack"])) for name in ("system.local", "system.peers")] == [1, 1]
        finally:
            asked.close()


@pytest.mark.parametrize("depth", [100, 1_000, 100_000, 1_000_000])
@pytest.mark.parametrize("code", [LIST, SET])
def test_types_that_nest(depth: int, code: int) -> None:
    nested = table((("peer", (code,) * depth + (INT,)),), 1, cell(b"1"))
    assert nothing_learnt(local(nested), CALL).failure is Failure.GARBLED


@pytest.mark.parametrize(
    ("column", "types", "value", "unknown"),
    [
        ("tokens", (INT,), integer(5), "tokens"),
        ("tokens", (TEXT,), b"5", "tokens"),
        ("tokens", (MAP, TEXT, TEXT), integer(0), "tokens"),
        ("data_center", (SET, TEXT), integer(0), "places"),
        ("rack", (LIST, INT), integer(0), "places"),
        ("schema_version", (LIST, TEXT), integer(0), "schema_versions"),
    ],
)
def test_columns_of_another_type_are_not_taken_for_what_they_should_be(
    column: str, types: tuple[int, ...], value: bytes, unknown: str
) -> None:
    tables = node_4()
    (peer,) = tables["system.peers"]
    found = rows([peer]).body
    named = [(name, types if name == column else TYPES.get(name, (TEXT,))) for name in peer]
    cells = b"".join(cell(value) if name == column else cell(encoded(peer[name], TYPES.get(name, (TEXT,)))) for name in peer)
    wrong = table(tuple(named), 1, cells)
    assert wrong.body != found
    with Server(answers({**tables, "system.peers": wrong})) as server:
        missing = unknowns(read_natively(server.target, CALL))
    assert {name: fact.failure for name, fact in missing.items()} == {unknown: Failure.GARBLED}


# Memory


def streaming(head: Answer, chunk: bytes) -> Script:
    """Begins to answer SELECT with ``head`` and never stops to send ``chunk``."""

    def send(connection: socket.socket, data: bytes, over: threading.Event) -> None:
        connection.sendall(data)
        while data[4] == head.opcode and not over.is_set():
            connection.sendall(chunk)

    return answers({"system.local": head}, send=send)


NULL = cell(None)
PEER = (("peer", (TEXT,)),)


@pytest.mark.parametrize(
    ("make", "call"),
    [
        pytest.param(lambda: local(Answer(RESULT, length=MOST)), SHORT, id="2 GB announced"),
        pytest.param(lambda: streaming(Answer(RESULT, length=MOST), bytes(MEGABYTE)), 3, id="2 GB sent"),
        pytest.param(lambda: streaming(Answer(RESULT, length=MOST), bytes(1001)), 3, id="2 GB sent in small pieces"),
        pytest.param(
            lambda: streaming(Answer(RESULT, stream=77), Answer(RESULT, stream=77).frame(4, 77) * 1000), 3, id="endless frames"
        ),
        pytest.param(lambda: local(table((), 10_000_000)), CALL, id="10 million rows of no column"),
        pytest.param(lambda: local(table((), MOST)), CALL, id="2^31-1 rows of no column"),
        pytest.param(lambda: local(table(PEER, 10_000_000)), CALL, id="10 million rows announced"),
        pytest.param(lambda: local(table(PEER, MOST)), CALL, id="2^31-1 rows announced"),
        pytest.param(lambda: local(table(PEER, 1_000_000, NULL * 1_000_000)), CALL, id="a million rows of nothing"),
        pytest.param(lambda: local(table(PEER, 10_000_000, NULL * 10_000_000)), 3, id="10 million rows of nothing"),
        pytest.param(lambda: local(table((), 1, column_count=MOST)), CALL, id="2^31-1 columns announced"),
        pytest.param(lambda: local(table((("", (TEXT,)),) * 2_000_000, 1)), CALL, id="2 million columns"),
        pytest.param(lambda: local(table(PEER, 1, cell(b"x" * 9_000_000))), CALL, id="a text of 9 MB"),
        pytest.param(lambda: local(table(PEER, 1, cell(b"x" * 60_000_000))), 3, id="a text of 60 MB"),
        pytest.param(lambda: local(table(PEER, 1, cell("\U0001f600".encode() * 1_000_000))), CALL, id="a text that grows"),
        pytest.param(lambda: local(table(PEER, 200_000, cell(b"ab") * 200_000)), CALL, id="200,000 rows"),
        pytest.param(
            lambda: local(table((("peer", (LIST, TEXT)),), 1, cell(integer(1_000_000) + cell(b"ab") * 1_000_000))),
            CALL,
            id="a list of a million",
        ),
    ],
)
def test_no_answer_takes_more_memory_than_it_may(make: Callable[[], Script], call: float) -> None:
    took = cost(make(), call)
    assert took.rows == -1
    assert took.failure in {Failure.GARBLED, Failure.TIMEOUT, Failure.CLOSED}
    assert took.seconds <= call * 1.1 + 0.15
    assert took.peak < 50 * MEGABYTE
    if sys.platform == "linux":
        assert took.worker < _MEMORY + 60 * MEGABYTE  # what a Python with the driver has before it connects, and the limit


def test_the_most_rows_that_pass_take_little_of_this_process() -> None:
    took = cost(local(table(PEER, 300_000, NULL * 300_000)), CALL)
    assert took.rows == 300_000
    assert took.peak < 50 * MEGABYTE


# Errors


@pytest.mark.parametrize(
    ("code", "more", "failure", "said"),
    [
        (0x0000, b"", Failure.REJECTED, "rejected system.local"),
        (0x0100, b"", Failure.REJECTED, "rejected system.local"),
        (0x1000, struct.pack("!Hii", 1, 1, 0), Failure.REJECTED, "Unavailable"),
        (0x1001, b"", Failure.REJECTED, "overloaded"),
        (0x1002, b"", Failure.REJECTED, "bootstrapping"),
        (0x1200, struct.pack("!Hiib", 1, 0, 1, 0), Failure.TIMEOUT, "timed out itself"),
        (0x1300, struct.pack("!Hiiib", 1, 0, 1, 1, 0), Failure.REJECTED, "rejected system.local"),
        (0x2000, b"", Failure.REJECTED, "Syntax error"),
        (0x2100, b"", Failure.DENIED, "does not allow system.local"),
        (0x2200, b"", Failure.REJECTED, "rejected system.local"),
        (0x7777, b"", Failure.REJECTED, "rejected system.local"),
    ],
)
def test_errors_leave_the_connection_of_use(code: int, more: bytes, failure: Failure, said: str) -> None:
    with Server(answers({**node_2_1(), "system.local": error(code, "so\nit\x00 is", more)})) as server:
        asked = client(server.target)
        try:
            with pytest.raises(ProbeError) as caught:
                asked.select("system.local", ["rack"])
            assert len(asked.select("system.peers", ["rack"])) == 1
        finally:
            asked.close()
    unknown = caught.value.unknown
    assert (unknown.failure, said in unknown.cause) == (failure, True)
    one_sentence(unknown)


@pytest.mark.parametrize("code", [0x0000, 0x0100, 0x1001, 0x1002, 0x2100, 0x2200])
def test_an_error_where_a_connection_begins(code: int) -> None:
    unknown = nothing_learnt(answers({**node_2_1(), "STARTUP": error(code, "no")}), CALL)
    assert unknown.failure in {Failure.CLOSED, Failure.DENIED}


@pytest.mark.parametrize("version", [4, 3, 2, 1])
def test_a_protocol_error_at_any_version_ends_it(version: int) -> None:
    table = {**node_2_1(), "STARTUP": error(0x0A, "Beta version of the protocol used")}
    unknown = nothing_learnt(answers(table, versions=range(1, version + 1)), CALL)
    assert unknown.failure in {Failure.REJECTED, Failure.CLOSED, Failure.GARBLED}


def test_a_server_that_finds_every_version_unsupported_is_asked_in_each_once(watch: Watch) -> None:
    asked: list[Request] = []
    table = {"OPTIONS": error(0x0A, "Invalid or unsupported protocol version")}
    assert nothing_learnt(answers(table, asked=asked), CALL).failure in {Failure.CLOSED, Failure.GARBLED, Failure.REJECTED}
    # Last it is asked whether it speaks Thrift, which reads as version 0.
    assert [request.version for request in asked if request.version] == [4, 4, 3, 2, 1]
    assert len(watch.workers) == 1


# Logins


DEMAND = {"STARTUP": Answer(AUTHENTICATE, string("org.apache.cassandra.auth.PasswordAuthenticator"))}
ACCOUNT = Login("ors", 'ge"heim\\ \N{LATIN SMALL LETTER A WITH DIAERESIS}')


def test_a_demand_for_a_login_without_an_account() -> None:
    asked: list[Request] = []
    unknown = nothing_learnt(answers(DEMAND, asked=asked), CALL)
    assert (unknown.failure, "asks for a login (set username" in unknown.cause) == (Failure.DENIED, True)
    assert "LOGIN" not in {request.name for request in asked}


@pytest.mark.parametrize("versions", [range(1, 5), [1]])
def test_a_login_that_is_refused_is_tried_once(versions: range | list[int]) -> None:
    asked: list[Request] = []
    table = {**DEMAND, "LOGIN": error(0x0100, f"'ors' and '{ACCOUNT.password}' do not match")}
    unknown = nothing_learnt(answers(table, versions=versions, asked=asked), CALL, ACCOUNT)
    assert (unknown.failure, "'ors' and '***' do not match" in unknown.cause) == (Failure.DENIED, True)
    assert [request.name for request in asked].count("LOGIN") == 1


@pytest.mark.parametrize("answer", [Answer(0x55), Answer(RESULT, integer(VOID)), Answer(0x0E, b"\xff\xff\xff\xff"), CLOSE])
def test_nonsense_for_a_login(answer: Reaction) -> None:
    one_challenge = iter([answer])
    table = {**DEMAND, "LOGIN": lambda: next(one_challenge, CLOSE)}
    assert nothing_learnt(answers(table), CALL, ACCOUNT).failure in {Failure.GARBLED, Failure.CLOSED}


def test_a_login_that_is_swallowed() -> None:
    assert nothing_learnt(answers({**DEMAND, "LOGIN": SILENCE}), SHORT, ACCOUNT).failure is Failure.TIMEOUT


def test_a_server_that_never_stops_to_challenge() -> None:
    challenge = Answer(0x0E, cell(b"again"))
    assert nothing_learnt(answers({**DEMAND, "LOGIN": challenge}), SHORT, ACCOUNT).failure in {Failure.TIMEOUT, Failure.GARBLED}


def test_a_login_that_is_accepted() -> None:
    asked: list[Request] = []
    with Server(with_login(ACCOUNT.username, ACCOUNT.password, {**node_4()}, asked)) as server:
        assert unknowns(read_natively(server.target, CALL, ACCOUNT)) == {}


def test_an_account_where_none_is_asked_for() -> None:
    with Server(answers(node_4())) as server:
        assert unknowns(read_natively(server.target, CALL, ACCOUNT)) == {}


# The process


def test_a_worker_that_dies_between_two_questions(watch: Watch) -> None:
    with Server(answers(node_4())) as server:
        asked = client(server.target)
        asked.open()
        (worker,) = watch.workers
        worker._process.kill()
        worker._process.wait()
        for _ in range(2):
            with pytest.raises(ProbeError) as caught:
                asked.select("system.local", ["rack"])
            assert caught.value.unknown.failure is Failure.GARBLED
        asked.close()
        asked.close()


def test_a_line_that_a_dying_worker_left_unfinished_is_no_answer(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    with Server(answers(node_4())) as server:
        asked = client(server.target)
        asked.open()
        (worker,) = watch.workers
        monkeypatch.setattr(worker, "ask", lambda *_: json.dumps({"rows": []}))
        with pytest.raises(ProbeError) as caught:
            asked.select("system.local", ["rack"])
    assert caught.value.unknown.failure is Failure.GARBLED


def test_the_account_stands_in_no_command_line(watch: Watch) -> None:
    asked: list[Request] = []
    with Server(with_login(ACCOUNT.username, ACCOUNT.password, {**node_4()}, asked)) as server:
        read_natively(server.target, CALL, ACCOUNT)
    (worker,) = watch.workers
    assert ACCOUNT.password not in repr(worker._process.args)
