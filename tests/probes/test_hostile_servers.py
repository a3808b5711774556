# SPDX-License-Identifier: Apache-2.0
"""Whatever a server does to one call: it ends in time, takes little memory, and is told by its kind."""

from __future__ import annotations

import socket
import struct
import threading
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest
from thriftpy2.thrift import TApplicationException, TMessageType

from orsgate.estate.knowledge import Failure, Unknown
from orsgate.probes.client import Client
from orsgate.probes.codec import IDL
from orsgate.probes.login import Login
from orsgate.probes.transport import LARGEST_FRAME, Target
from orsgate.wire.deadline import Limits
from orsgate.wire.resolve import Resolver
from orsgate.wire.trouble import ProbeError
from tests.probes.conftest import CALL, MakeClient
from tests.probes.scripted import CLOSE, SILENCE, Server, answers, frame, message, raw, raw_and_wait, read_call, reply

MEGABYTE = 1024 * 1024
VERSIONS = {"59adb24e-f3cd-3e02-97f0-5b395827453f": ["10.0.0.1", "10.0.0.2"], "UNREACHABLE": ["10.0.0.3"]}
GOOD = reply("describe_schema_versions", 1, VERSIONS)


def trouble(client: Client, call: str = "describe_schema_versions", **arguments: Any) -> Unknown:
    """How ``call`` fails; it must do so within its deadline and 10 %."""
    started = time.monotonic()
    with pytest.raises(ProbeError) as caught:
        client.call(call, **arguments)
    assert time.monotonic() - started < CALL * 1.1 + 0.1
    return caught.value.unknown


def list_header(etype: int, count: int) -> bytes:
    """The head of a describe_ring answer that announces a list."""
    return message("describe_ring", 1, IDL.Cassandra.describe_ring_result())[:-1] + struct.pack("!bhbi", 15, 0, etype, count)


def test_a_good_answer_is_read(client: MakeClient) -> None:
    with Server(answers({"describe_schema_versions": VERSIONS})) as server:
        assert client(server.target).call("describe_schema_versions") == VERSIONS


def test_a_closed_port_refuses(client: MakeClient, nowhere: Target) -> None:
    unknown = trouble(client(nowhere))
    assert unknown.failure is Failure.REFUSED
    assert unknown.cause == f"{nowhere} refused the connection (is Cassandra running, is this its rpc_port, and start_rpc: true?)"
    assert unknown.where == f"{nowhere} describe_schema_versions"


def test_a_silent_server_times_out(client: MakeClient) -> None:
    with Server(answers({"describe_schema_versions": SILENCE})) as server:
        unknown = trouble(client(server.target))
    assert unknown.failure is Failure.TIMEOUT
    assert "did not answer describe_schema_versions completely within 0.4 s" in unknown.cause


def test_a_server_that_closes_at_once(client: MakeClient) -> None:
    with Server(answers({"describe_schema_versions": CLOSE})) as server:
        assert trouble(client(server.target)).failure is Failure.CLOSED


def test_a_server_that_resets(client: MakeClient) -> None:
    def reset(connection: socket.socket, _: threading.Event) -> None:
        read_call(connection)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()

    with Server(reset) as server:
        assert trouble(client(server.target)).failure is Failure.CLOSED


@pytest.mark.slow
@pytest.mark.parametrize("sent", range(len(frame(GOOD))))
def test_an_answer_that_breaks_off(sent: int, client: MakeClient) -> None:
    with Server(raw(frame(GOOD)[:sent])) as server:
        assert trouble(client(server.target)).failure is Failure.CLOSED


def test_one_byte_at_a_time_does_not_stretch_the_deadline(client: MakeClient) -> None:
    def trickle(connection: socket.socket, over: threading.Event) -> None:
        read_call(connection)
        for byte in frame(GOOD):
            connection.sendall(bytes([byte]))
            if over.wait(CALL / 10):
                return

    with Server(trickle) as server:
        assert trouble(client(server.target)).failure is Failure.TIMEOUT


def test_a_server_that_does_not_read_does_not_stretch_the_deadline(client: MakeClient) -> None:
    def deaf(_: socket.socket, over: threading.Event) -> None:
        over.wait()

    with Server(deaf) as server:
        query = b"x" * (8 * MEGABYTE)
        unknown = trouble(client(server.target), "execute_cql_query", query=query, compression=2)
    assert unknown.failure is Failure.TIMEOUT


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", "it answers in HTTP"),
        (
            message("describe_schema_versions", 1, IDL.Cassandra.describe_schema_versions_result()),
            "it answers in unframed",
        ),
        (struct.pack("!I", 2**31 - 1), "it announces 2147483647 bytes where 16777216 are permitted"),
        (struct.pack("!i", -1), "it announces 4294967295 bytes"),
        (b"SSH-2.0-OpenSSH_8.9\r\n", "it announces"),
        (frame(b""), "it announces 4 bytes where 0 are left"),
        (frame(b"\x00\x00\x00\x18" + GOOD[8:]), "it does not begin like a Thrift message"),
        (frame(reply("describe_schema_versions", 7, VERSIONS)), "it has the sequence id 7 instead of 1"),
        (frame(reply("describe_version", 1, "19.33.0")), "it answers 'describe_version' instead of"),
        (
            frame(message("describe_schema_versions", 1, IDL.Cassandra.describe_schema_versions_result())),
            "it has no result",
        ),
        (
            frame(message("describe_schema_versions", 1, TApplicationException(1), TMessageType.CALL)),
            "it is a message of type 1",
        ),
        (frame(GOOD + b"\x00"), "1 bytes are left over"),
        (frame(GOOD[:-1] + b"\x0b\x00\x07\xff\xff\xff\xff\x00"), "it announces -1 bytes"),
        (frame(GOOD.replace(b"10.0.0.1", b"10.0.0.\xff")), "it has a text that is not UTF-8"),
    ],
)
def test_what_is_no_answer_is_named(sent: bytes, reason: str, client: MakeClient) -> None:
    with Server(raw_and_wait(sent)) as server:
        unknown = trouble(client(server.target))
        assert unknown.failure is Failure.GARBLED
        assert unknown.cause.startswith(f"{server.target} gave no proper Thrift answer: {reason}")


@pytest.mark.parametrize(
    ("call", "answer", "reason"),
    [
        ("describe_ring", b"\x08\x00\x00\x00\x00\x00\x01\x00", "'success' has the type 8 instead of 15"),
        (
            "describe_ring",
            b"\x0f\x00\x00\x0b\x00\x00\x00\x01\x00\x00\x00\x00\x00",
            "'list' has the type 11 instead of 12",
        ),
        ("describe_ring", b"\x0f\x00\x00\x0c\x00\x00\x00\x01\x00\x00", "it lacks the field 'endpoints'"),
        ("describe_ring", b"\x63\x00\x09\x00", "it has a value of the unknown type 99"),
    ],
)
def test_wrong_types_and_missing_fields_are_no_empty_answers(call: str, answer: bytes, reason: str, client: MakeClient) -> None:
    head = message(call, 1, getattr(IDL.Cassandra, f"{call}_result")())[:-1]
    with Server(raw_and_wait(frame(head + answer))) as server:
        assert reason in trouble(client(server.target), call, keyspace="ors").cause


@pytest.mark.slow
@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda: struct.pack("!I", 2**31 - 1), id="2 GB announced"),
        pytest.param(lambda: struct.pack("!I", LARGEST_FRAME), id="16 MB announced, nothing sent"),
        pytest.param(lambda: frame(list_header(12, 10_000_000)), id="list of ten million"),
        pytest.param(lambda: frame(list_header(12, 10_000_000) + bytes(10_000_000)), id="ten million empty structs"),
        pytest.param(lambda: frame(list_header(2, 16_000_000) + bytes(16_000_000)), id="sixteen million booleans"),
        pytest.param(lambda: frame(list_header(11, 4_000_000) + bytes(16_000_000)), id="four million empty strings"),
        pytest.param(
            lambda: frame(list_header(12, 60_000) + b"\x0f\x00\x03\x0b\x00\x00\x00\x00\x00" * 60_000 + b"\x00"),
            id="the most structs that pass",
        ),
        pytest.param(
            lambda: frame(
                message("describe_ring", 1, IDL.Cassandra.describe_ring_result())[:-1]
                + b"\x0b\x00\x63" + struct.pack("!i", 15_000_000) + "\U0001f600".encode() + bytes(14_999_996) + b"\x00"
            ),
            id="one string of 15 MB",
        ),
        pytest.param(
            lambda: frame(
                message("describe_ring", 1, IDL.Cassandra.describe_ring_result())[:-1]
                + b"\x0c\x00\x09" * 1_000_000 + b"\x00" * 1_000_001
            ),
            id="structs a million deep",
        ),
        pytest.param(
            lambda: frame(list_header(15, 1) + b"\x0f\x00\x00\x00\x01" * 1_000_000),
            id="lists a million deep",
        ),
    ],
)  # fmt: skip
def test_no_answer_takes_more_than_50_megabytes(make: Callable[[], bytes], client: MakeClient) -> None:
    sent = make()
    with Server(raw_and_wait(sent)) as server:
        asked = client(server.target, CALL if len(sent) == 4 else 30)  # tracemalloc makes everything several times slower
        tracemalloc.start()
        try:
            with pytest.raises(ProbeError) as caught:
                asked.call("describe_ring", keyspace="ors")
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert caught.value.unknown.failure in {Failure.GARBLED, Failure.TIMEOUT}
    assert peak < 50 * MEGABYTE


def test_an_unknown_method_is_rejected_and_the_connection_stays_of_use(client: MakeClient) -> None:
    with Server(answers({"describe_version": "19.20.0"})) as server:
        asked = client(server.target)
        unknown = trouble(asked, "describe_token_map")
        assert unknown.failure is Failure.REJECTED
        assert "rejected describe_token_map: TApplicationException, Invalid method name" in unknown.cause
        assert asked.call("describe_version") == "19.20.0"
        assert server.connections == 1


@pytest.mark.parametrize(
    ("error", "failure", "said"),
    [
        (
            IDL.InvalidRequestException(why="There is no ring"),
            Failure.REJECTED,
            "rejected execute_cql3_query: There is no",
        ),
        (
            IDL.InvalidRequestException(why="You have not logged in"),
            Failure.DENIED,
            "asks for a login (set username",
        ),
        (IDL.TimedOutException(), Failure.TIMEOUT, "timed out itself"),
        (IDL.UnavailableException(), Failure.REJECTED, "UnavailableException"),
        (TApplicationException(6, "Internal error processing"), Failure.REJECTED, "Internal error processing"),
        (TApplicationException(6, None), Failure.REJECTED, "application error 6"),
    ],
)
def test_exceptions_of_the_server(error: Exception, failure: Failure, said: str, client: MakeClient) -> None:
    with Server(answers({"execute_cql3_query": error, "describe_version": "20.1.0"})) as server:
        asked = client(server.target)
        unknown = trouble(asked, "execute_cql3_query", query=b"SELECT", compression=2, consistency=1)
        assert (unknown.failure, said in unknown.cause) == (failure, True)
        assert asked.call("describe_version") == "20.1.0"


def test_after_a_fatal_trouble_nothing_is_asked_any_more(client: MakeClient) -> None:
    with Server(answers({"describe_version": CLOSE})) as server:
        asked = client(server.target)
        first, second = trouble(asked, "describe_version"), trouble(asked, "describe_snitch")
        assert first.cause == second.cause
        assert [first.where, second.where] == [f"{server.target} describe_version", f"{server.target} describe_snitch"]
        assert server.connections == 1


def test_login_comes_first(client: MakeClient) -> None:
    with Server(answers({"login": None, "describe_version": "19.33.0"})) as server:
        assert client(server.target, login=Login("ors", "secret")).call("describe_version") == "19.33.0"


@pytest.mark.parametrize("kind", ["AuthenticationException", "AuthorizationException"])
def test_a_refused_login_is_denied_without_the_password(kind: str, client: MakeClient) -> None:
    refusal = getattr(IDL, kind)(why="'ors' and 'geheim' do not match\n")
    with Server(answers({"login": refusal})) as server:
        unknown = trouble(client(server.target, login=Login("ors", "geheim")), "describe_version")
    assert unknown.failure is Failure.DENIED
    assert "refused the login: 'ors' and '***' do not match (check" in unknown.cause


def test_login_and_call_share_one_deadline(client: MakeClient) -> None:
    def slow_login(connection: socket.socket, over: threading.Event) -> None:
        read_call(connection)
        over.wait(CALL * 0.7)
        connection.sendall(frame(reply("login", 1, None)))
        read_call(connection)
        over.wait(CALL * 0.7)
        connection.sendall(frame(reply("describe_version", 2, "19.33.0")))

    with Server(slow_login) as server:
        unknown = trouble(client(server.target, login=Login("ors", "x")), "describe_version")
    assert unknown.failure is Failure.TIMEOUT


def test_a_password_is_not_shown() -> None:
    assert "geheim" not in repr(Login("ors", "geheim"))


@pytest.mark.parametrize("host", ["no-such-host.invalid", "", "x" * 70 + ".invalid", "a..b"])
def test_a_name_that_does_not_resolve(host: str, client: MakeClient) -> None:
    unknown = trouble(client(Target(host, 9160)))
    assert unknown.failure is Failure.UNREACHABLE
    assert unknown.cause == f"{host} does not resolve on this host (check the name, DNS and the hosts file)"


def test_name_resolution_that_hangs(client: MakeClient, monkeypatch: pytest.MonkeyPatch) -> None:
    hang = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [] if hang.wait(30) else None)
    try:
        unknown = trouble(client(Target("slow.example", 9160)))
    finally:
        hang.set()
    assert unknown.failure is Failure.TIMEOUT
    assert unknown.cause.startswith("slow.example could not be resolved within 0.4 s")


def test_a_host_that_swallows_packets(client: MakeClient) -> None:
    # A listener whose queue is full answers no further connection request.
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        target = Target(*full.getsockname())
        fillers = [socket.socket() for _ in range(4)]
        try:
            for filler in fillers:
                filler.setblocking(False)
                filler.connect_ex((target.host, target.port))
            unknown = trouble(client(target))
        finally:
            for filler in fillers:
                filler.close()
    assert unknown.failure in {Failure.TIMEOUT, Failure.REFUSED}  # Windows refuses where Linux stays silent


def test_the_next_address_of_a_host_is_tried(client: MakeClient, monkeypatch: pytest.MonkeyPatch) -> None:
    with Server(answers({"describe_version": "19.33.0"})) as server:
        port = server.target.port
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in ("127.0.0.9", "127.0.0.1")]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
        asked = client(Target("two.example", port))
        assert asked.call("describe_version") == "19.33.0"
        assert asked.address == "127.0.0.1"


def test_the_end_of_the_run_is_not_the_servers_fault() -> None:
    with Server(answers({"describe_version": SILENCE})) as server:
        asked = Client(server.target, Resolver(), Limits(call=15, run_until=time.monotonic() + 0.2))
        unknown = trouble(asked, "describe_version")
    assert unknown.failure is Failure.NOT_ASKED
    assert "the run's deadline passed" in unknown.cause


def test_an_interruption_ends_a_call() -> None:
    cancel = threading.Event()

    def cancels() -> object:
        cancel.set()
        return SILENCE

    with Server(answers({"describe_version": cancels})) as server:
        asked = Client(server.target, Resolver(), Limits(call=15, cancel=cancel))
        unknown = trouble(asked, "describe_version")
    assert unknown.failure is Failure.NOT_ASKED
    assert "interrupted" in unknown.cause
