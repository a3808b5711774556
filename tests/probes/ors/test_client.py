# SPDX-License-Identifier: Apache-2.0
"""The client for ORS: each way in which there is no answer has a kind and a sentence, and nothing is sent twice."""

from __future__ import annotations

import gzip
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from orsgate.estate.deployment import Response
from orsgate.estate.knowledge import Failure
from orsgate.probes.ors.calls import HELP, START, can_be_asked_for, event, query, terminate
from orsgate.probes.ors.client import LARGEST_BODY, AskError, OrsClient
from orsgate.sandbox.authority import Authority
from orsgate.wire.deadline import Limits
from tests.probes.tls_servers import server_context

pytestmark = pytest.mark.slow

Serve = Callable[[socket.socket, threading.Event], None]
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


@contextmanager
def serving(serve: Serve, context: ssl.SSLContext | None = None) -> Iterator[tuple[str, list[bytes]]]:
    """A server that reads a whole request and lets ``serve`` answer; gives its address and the requests.

    Closing a connection with unread bytes would reset it, and could take the answer away.
    """
    over = threading.Event()
    requests: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def handle(connection: socket.socket) -> None:
        with suppress(OSError), connection:
            if context is not None:
                connection = context.wrap_socket(connection, server_side=True)
            with connection:
                if request := whole_request(connection):
                    requests.append(request)
                    serve(connection, over)

    def accept() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=handle, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield f"{'https' if context else 'http'}://127.0.0.1:{listener.getsockname()[1]}", requests
    finally:
        over.set()
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def whole_request(connection: socket.socket) -> bytes:
    """Head and body of a request; empty where the client closes the connection before its end."""
    request, length = b"", 0
    while (end := request.find(b"\r\n\r\n")) < 0 or len(request) < end + 4 + length:
        piece = connection.recv(65536)
        if not piece:
            return b""
        request += piece
        if found := re.search(rb"(?im)^content-length: *(\d+)", request):
            length = int(found[1])
    return request


def saying(answer: bytes) -> Serve:
    return lambda connection, _: connection.sendall(answer)


def then_hanging(answer: bytes) -> Serve:
    def serve(connection: socket.socket, over: threading.Event) -> None:
        connection.sendall(answer)
        over.wait(20)

    return serve


def trickling(answer: bytes, endless: bytes = b"") -> Serve:
    def serve(connection: socket.socket, over: threading.Event) -> None:
        for byte in answer:
            connection.sendall(bytes([byte]))
            over.wait(0.05)
        while endless and not over.wait(0.02):
            connection.sendall(endless)

    return serve


def failed(url: str, limits: Limits | None = None, ca_file: Path | None = None, seconds: float | None = None) -> AskError:
    client = OrsClient(limits or Limits(call=2.0, connect=1.0), ca_file)
    with pytest.raises(AskError) as caught:
        client.ask("POST", url, START, {"src": "http://docs/x"}, seconds)
    client.close()
    return caught.value


def answered(serve: Serve, path: str = HELP) -> Response:
    with serving(serve) as (url, _):
        client = OrsClient(Limits(call=5.0))
        try:
            return client.ask("GET", url, path)
        finally:
            client.close()


NO_ANSWERS = {
    "closed at once": (saying(b""), Failure.CLOSED, "closed the connection before its answer to POST /scxml/session/start"),
    "closed in the head": (saying(b"HTTP/1.1 200 OK\r\nContent-"), Failure.CLOSED, "closed"),
    "closed in the body": (saying(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}"), Failure.CLOSED, "closed"),
    "closed in a chunk": (saying(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{}"), Failure.CLOSED, "closed"),
    "no first byte": (then_hanging(b""), Failure.TIMEOUT, "did not answer POST /scxml/session/start completely within 0.5 s"),
    "hang in the head": (then_hanging(b"HTTP/1.1 200 OK\r\n"), Failure.TIMEOUT, "completely within"),
    "hang in the body": (then_hanging(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}"), Failure.TIMEOUT, "completely within"),
    "a trickle": (trickling(OK * 9), Failure.TIMEOUT, "completely within"),
    "endless 100": (trickling(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), Failure.TIMEOUT, "completely within"),
    "an endless body": (trickling(b"HTTP/1.1 200 OK\r\n\r\n", bytes(2**20)), Failure.GARBLED, "more than 1 MB"),
    "a large body": (saying(b"HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\n\r\n"), Failure.GARBLED, "more than 1 MB"),
    "a large compressed body": (
        saying(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(bytes(LARGEST_BODY + 1))),
        Failure.GARBLED, "more than 1 MB",
    ),
    "a broken compressed body": (saying(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nxx"), Failure.GARBLED, "compressed"),
    "another encoding": (saying(b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n\r\nxx"), Failure.GARBLED, "compressed"),
    "no HTTP": (saying(b"220 mail.example ESMTP\r\n"), Failure.GARBLED, "does not answer POST /scxml/session/start in HTTP"),
    "a status that is none": (saying(b"HTTP/1.1 abc OK\r\n\r\n"), Failure.GARBLED, "in HTTP"),
    "an endless line": (saying(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70000 + b"\r\n\r\n"), Failure.GARBLED, "in HTTP"),
    "too many headers": (saying(b"HTTP/1.1 200 OK\r\n" + b"X: x\r\n" * 200 + b"\r\n"), Failure.GARBLED, "in HTTP"),
    "large headers": (
        saying(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n" + b"X: %s\r\n" % (b"x" * 9000) * 9 + b"\r\n"),
        Failure.GARBLED, "more than 64 KB of headers",
    ),
    "chunks that are none": (saying(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"), Failure.GARBLED, "in HTTP"),
    "two lengths": (saying(b"HTTP/1.1 200 OK\r\nContent-Length: 1, 2\r\n\r\n{}"), Failure.GARBLED, "in HTTP"),
}  # fmt: skip


@pytest.mark.parametrize("how", NO_ANSWERS)
def test_what_is_no_whole_answer_is_a_sentence_of_its_kind(how):
    serve, failure, sentence = NO_ANSWERS[how]
    with serving(serve) as (url, requests):
        began = time.monotonic()
        error = failed(url, seconds=0.5 if failure is Failure.TIMEOUT else 5.0)
        assert time.monotonic() - began < 6
        assert error.unknown.failure is failure, error.unknown
        assert sentence in error.unknown.cause
        assert error.unknown.where == f"{url.removeprefix('http://')} POST /scxml/session/start"
        assert error.sent
        assert len(requests) == 1
        assert "\n" not in error.unknown.cause


def test_a_port_where_nobody_listens_is_refused_and_nothing_was_sent(nowhere):
    error = failed(f"http://{nowhere}")
    assert error.unknown.failure is Failure.REFUSED
    assert "refused the connection" in error.unknown.cause
    assert not error.sent


def test_a_host_that_does_not_resolve_is_unreachable():
    error = failed("http://no-such-host.invalid:7210")
    assert (error.unknown.failure, error.sent) == (Failure.UNREACHABLE, False)


def test_a_port_that_accepts_nothing_is_a_timeout_and_nothing_was_sent():
    with socket.create_server(("127.0.0.1", 0), backlog=1) as full:
        port = full.getsockname()[1]
        waiting = []
        for _ in range(8):
            each = socket.socket()
            each.setblocking(False)
            with suppress(BlockingIOError):
                each.connect(("127.0.0.1", port))
            waiting.append(each)
        error = failed(f"http://127.0.0.1:{port}", Limits(call=2.0, connect=0.5))
        for each in waiting:
            each.close()
    assert (error.unknown.failure, error.sent) == (Failure.TIMEOUT, False)
    assert "accepted no connection within 0.5 s" in error.unknown.cause


@pytest.mark.parametrize("url", ["", "ors-1:7210", "ftp://ors-1", "http://", "http://[::1", "http://ors-1:99999"])
def test_what_is_no_address_is_said(url):
    error = failed(url)
    assert (error.unknown.failure, error.sent) == (Failure.NOT_GIVEN, False)


@pytest.fixture(scope="module")
def authority(tmp_path_factory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"), "ors")


@pytest.fixture(scope="module")
def stranger(tmp_path_factory) -> Authority:
    return Authority(tmp_path_factory.mktemp("stranger"), "stranger")


def test_https_is_verified(authority, stranger):
    certificate = authority.issue("ors-1", "127.0.0.1")
    with serving(saying(OK), server_context(certificate)) as (url, _):
        client = OrsClient(Limits(call=5.0), authority.ca_file)
        assert client.ask("GET", url, HELP).status == 200
        client.close()
        for ca_file in (None, stranger.ca_file):
            error = failed(url, ca_file=ca_file)
            assert (error.unknown.failure, error.sent) == (Failure.UNTRUSTED, False)
            assert "comes from an authority that" in error.unknown.cause


def test_a_certificate_for_another_host_is_not_trusted(authority):
    with serving(saying(OK), server_context(authority.issue("elsewhere", "ors-9.example"))) as (url, _):
        error = failed(url, ca_file=authority.ca_file)
    assert (error.unknown.failure, error.sent) == (Failure.UNTRUSTED, False)
    assert "is for another host" in error.unknown.cause


def test_http_at_a_port_that_is_asked_for_https(authority):
    with serving(saying(OK)) as (url, _):
        error = failed(url.replace("http:", "https:"), Limits(call=1.0, connect=1.0), authority.ca_file)
    assert (error.unknown.failure, error.sent) == (Failure.UNTRUSTED, False)


def test_an_authority_that_cannot_be_used_is_an_error_at_once(tmp_path):
    with pytest.raises(OSError, match="No such file"):
        OrsClient(Limits(), tmp_path / "missing.pem")


def test_the_runs_time_that_is_over(nowhere):
    error = failed(f"http://{nowhere}", Limits(run_until=time.monotonic() - 1))
    assert (error.unknown.failure, error.sent) == (Failure.NOT_ASKED, False)


def test_the_runs_time_that_ends_meanwhile():
    with serving(then_hanging(b"HTTP/1.1 200 OK\r\n")) as (url, _):
        error = failed(url, Limits(call=30.0, run_until=time.monotonic() + 0.5))
    assert (error.unknown.failure, error.sent) == (Failure.NOT_ASKED, True)
    assert "the run's deadline passed before" in error.unknown.cause


def test_stop_ends_a_wait_at_once_and_lets_none_begin():
    with serving(then_hanging(b"")) as (url, requests):
        client = OrsClient(Limits(call=30.0))
        raised: list[AskError] = []

        def ask() -> None:
            try:
                client.ask("GET", url, HELP)
            except AskError as error:
                raised.append(error)

        asking = threading.Thread(target=ask)
        asking.start()
        while not requests:
            assert asking.is_alive()
            asking.join(0.01)
        client.stop()
        asking.join(5)
        assert not asking.is_alive()
        with pytest.raises(AskError) as caught:
            client.ask("GET", url, HELP)
        assert [(each.unknown.failure, each.sent) for each in (*raised, caught.value)] == [
            (Failure.NOT_ASKED, True), (Failure.NOT_ASKED, False),
        ]  # fmt: skip
        apart = client.apart(Limits(call=0.3))
        with pytest.raises(AskError) as caught:
            apart.ask("GET", url, HELP)
        assert caught.value.unknown.failure is Failure.TIMEOUT


def test_an_answer_is_a_fact_whatever_it_says():
    body = b'{"_sessionid": "KL8938QSD91ER2RN2NR1397738000001", "password": "hunter2"}'
    head = b"HTTP/1.1 307 Temporary Redirect\r\nLocation: https://u:hunter2@ors-2:7210/x?y\r\nX-Orsgate-Twin: ors twin\r\n"
    said = answered(saying(head + b"Content-Length: %d\r\n\r\n%s" % (len(body), body)), query("KL8938QSD91ER2RN2NR1397738000001"))
    assert said.call == "GET /scxml/session/KL8938QSD91ER2RN2NR1397738000001/query"
    assert said.where.endswith(f" {said.call}")
    assert (said.status, said.location) == (307, "https://ors-2:7210/x?y")
    assert said.session == "KL8938QSD91ER2RN2NR1397738000001"
    assert said.stand_in == "ors twin"
    assert not said.succeeded
    assert "hunter2" not in repr(said)
    assert 0 <= said.seconds < 5


@pytest.mark.parametrize("code", [200, 204, 302, 404, 500, 599, 999])
def test_any_status_is_an_answer(code):
    assert answered(saying(b"HTTP/1.1 %d Whatever\r\nContent-Length: 0\r\n\r\n" % code)).status == code


def test_nothing_of_one_request_is_kept_for_the_next():
    """No cookie, no connection, no credentials of the user; a redirect is followed nowhere."""
    answer = b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nSet-Cookie: ORSSESSIONID=abc; Path=/\r\nContent-Length: 0\r\n\r\n"
    with serving(saying(answer)) as (url, requests), pytest.MonkeyPatch.context() as patch:
        patch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
        patch.setenv("http_proxy", "http://127.0.0.1:1")
        patch.setenv("NETRC", __file__)
        client = OrsClient(Limits(call=5.0))
        assert [client.ask("POST", url, START, {"src": "http://d/a b&c"}).session for _ in range(2)] == ["abc", "abc"]
        client.close()
    assert len(requests) == 2
    for request in requests:
        head = request.partition(b"\r\n\r\n")[0].lower()
        assert head.startswith(b"post /scxml/session/start http/1.1")
        assert b"connection: close" in head
        assert b"content-type: application/x-www-form-urlencoded" in head
        assert b"cookie" not in head
        assert b"authorization" not in head


def test_a_form_is_sent_as_one():
    def serve(connection: socket.socket, _: threading.Event) -> None:
        connection.sendall(OK)

    with serving(serve) as (url, requests):
        client = OrsClient(Limits(call=5.0))
        client.ask("POST", url + "/behind/a/proxy/", START, {"src": "http://d/a b&c"})
        client.ask("POST", url, terminate("x"))
        client.close()
    assert requests[0].startswith(b"POST /behind/a/proxy/scxml/session/start HTTP/1.1\r\n")
    assert b"Content-Length: 0" in requests[1]


@pytest.mark.parametrize(
    ("session", "path"),
    [
        ("~1~KL8938QSD91ER2RN2NR1397738000001", "/scxml/session/~1~KL8938QSD91ER2RN2NR1397738000001/query"),
        ("a/../b?c#d", "/scxml/session/a%2F..%2Fb%3Fc%23d/query"),
        ("a\r\nHost: x", "/scxml/session/a%0D%0AHost%3A%20x/query"),
        ("ü\ud800", "/scxml/session/%C3%BC%3F/query"),
    ],
)
def test_a_session_id_stays_one_word_of_the_path(session, path):
    assert query(session) == path
    with serving(saying(OK)) as (url, requests):
        client = OrsClient(Limits(call=5.0))
        client.ask("GET", url, query(session))
        client.close()
    assert requests[0].split(b"\r\n")[0] == f"GET {path} HTTP/1.1".encode()


def test_paths():
    assert event("x", "orsgate.ping") == "/scxml/session/x/event/orsgate.ping"
    assert terminate("x") == "/scxml/session/x/terminate"
    assert [can_be_asked_for(each) for each in ("x", "", ".", "..", "a..")] == [True, False, False, False, True]
