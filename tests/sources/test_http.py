# SPDX-License-Identifier: Apache-2.0
"""Addresses, bounded answers, TLS and what is never sent."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from orsgate.sandbox.authority import Authority
from orsgate.sources.http import answers
from orsgate.sources.http.answers import Answer, parsed
from orsgate.sources.http.client import HttpClient
from orsgate.wire.deadline import Limits
from orsgate.wire.http.address import Address
from orsgate.wire.http.connecting import trust
from orsgate.wire.trouble import ProbeError
from tests.probes.tls_servers import server_context


@pytest.mark.parametrize(
    ("url", "shown", "ending"),
    [
        ("http://gax", "gax:80", "/gax/api"),
        ("https://gax/", "gax:443", "/gax/api"),
        ("https://gax:8443/gax", "gax:8443", "/gax/api"),
        ("https://gax:8443/gax/", "gax:8443", "/gax/api"),
        ("https://gax:8443/gax/api/", "gax:8443", "/gax/api"),
        ("https://front/genesys/gax", "front:443", "/genesys/gax/api"),
        ("https://front/genesys", "front:443", "/genesys/gax/api"),
        ("http://[2001:db8::1]:8080/", "[2001:db8::1]:8080", "/gax/api"),
    ],
)
def test_addresses(url, shown, ending):
    address = Address.parse(url)
    assert str(address) == shown
    assert address.ending("/gax/api") == ending


@pytest.mark.parametrize(
    ("url", "is_open"),
    [
        ("http://gax", True), ("https://gax", False), ("http://127.0.0.1:1", False), ("http://localhost", False),
        ("http://[::1]:1", False), ("http://10.0.0.1", True), ("http://localhost.evil.example", True), ("http://127.evil", True),
    ],
)  # fmt: skip
def test_what_can_be_read_on_the_way(url, is_open):
    assert Address.parse(url).is_open is is_open


def answer(body: bytes, content_type: str = "application/json") -> Answer:
    return Answer("gax:80", "GET /x", 200, {"Content-Type": content_type}, bytearray(body))


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"<html>", "with a web page"),
        (b"", "something that is no JSON"),
        (b"ok", "something that is no JSON"),
        (b'[{"a": 1}', "that ends in the middle, after 9 bytes"),
        (b"[1 2]", "with JSON that is broken"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a": "\xff\x81"}', "with JSON that is broken"),
    ],
)
def test_what_is_no_json_of_ours(body, said):
    with pytest.raises(ProbeError, match=said):
        answer(body).json()


def test_more_values_than_are_read(monkeypatch):
    monkeypatch.setattr(answers, "MOST_VALUES", 10)
    with pytest.raises(ProbeError, match="more than 10 values"):
        answer(b"[" + b"0," * 20 + b"0]").json()


@pytest.mark.parametrize(
    ("body", "text"),
    [('["K\u00f6ln"]'.encode(), "K\u00f6ln"), ('["K\u00f6ln"]'.encode("cp1252"), "K\u00f6ln"), (b'\xef\xbb\xbf["x"]', "x")],
)
def test_encodings(body, text):
    assert answer(body).json() == [text]
    assert parsed(body) == [text]


def test_an_answer_is_not_held_beside_what_it_says():
    found = answer(b'["x"]')
    assert found.json() == ["x"]
    assert not found.body


@contextmanager
def served(*replies: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """The address of a server that gives one reply a connection, and what it is sent."""
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            for reply in replies:
                try:
                    connection, _ = listening.accept()
                except OSError:  # nobody asks any more
                    return
                with connection:
                    asked.append(connection.recv(65536))
                    connection.sendall(reply)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", asked
        listening.shutdown(socket.SHUT_RDWR)
        thread.join(5)


def reply(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def client(url: str, seconds: float = 5, ca_file: Path | None = None) -> HttpClient:
    return HttpClient(Address.parse(url), Limits(call=seconds), ca_file)


@pytest.mark.slow
def test_neither_proxies_nor_netrc_are_used(monkeypatch, tmp_path):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password hunter2\n", encoding="utf-8")
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("NETRC", str(netrc))
    with served(reply(b"[]")) as (url, asked):
        assert client(url).get("/x").json() == []
    assert b"authorization" not in asked[0].lower()


@pytest.mark.slow
def test_a_redirect_within_the_host_is_followed():
    with served(reply(b"", "Location: /there?a=b", status="302 Found"), reply(b'["x"]')) as (url, asked):
        assert client(url).get("/here", {"q": "1"}).json() == ["x"]
    assert asked[1].startswith(b"GET /there?a=b HTTP/1.1")


@pytest.mark.slow
@pytest.mark.parametrize(
    "raw",
    [
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"SSH-2.0-OpenSSH_9\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n[1",
        b"\x15\x03\x01\x00\x02\x02\x28",
        b"",
    ],
    ids=["bad chunks", "ssh", "a flood of headers", "cut", "tls alert", "nothing"],
)
def test_what_is_no_answer(raw):
    with served(*[raw] * 3) as (url, _), pytest.raises(ProbeError) as caught:
        client(url).get("/x")
    assert caught.value.unknown.cause.startswith("127.0.0.1:")


@pytest.mark.slow
def test_a_flood_of_continues_ends_at_the_deadline():
    flood = b"HTTP/1.1 100 Continue\r\n\r\n" * 1000
    with socket.create_server(("127.0.0.1", 0)) as listening:
        stop = threading.Event()

        def serve() -> None:
            connection, _ = listening.accept()
            with connection:
                while not stop.is_set():
                    try:
                        connection.sendall(flood)
                    except OSError:
                        return

        threading.Thread(target=serve, daemon=True).start()
        with pytest.raises(ProbeError, match=r"completely within 0\.5 s"):
            client(f"http://127.0.0.1:{listening.getsockname()[1]}", 0.5).ask("GET", "/x")
        stop.set()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("valid", "said"),
    [
        ("right", ""),
        ("another authority", "comes from an authority that is not in"),
        ("no authority", "comes from an authority that this host does not trust"),
        ("expired", "has expired"),
        ("another host", "is for another host"),
    ],
)
def test_tls_is_verified(valid, said, tmp_path):
    authority, other = Authority(tmp_path, "house"), Authority(tmp_path, "stranger")
    ours = {"another authority": other.ca_file, "no authority": None}.get(valid, authority.ca_file)
    host = "elsewhere" if valid == "another host" else "127.0.0.1"
    context = server_context(authority.issue("server", host, begins=-9, ends=-1 if valid == "expired" else 9))
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            connection, _ = listening.accept()
            try:
                with context.wrap_socket(connection, server_side=True) as secured:
                    secured.recv(65536)
                    secured.sendall(reply(json.dumps(["x"]).encode()))
            except OSError:
                return

        threading.Thread(target=serve, daemon=True).start()
        asking = client(f"https://127.0.0.1:{listening.getsockname()[1]}", 5, ours)
        if not said:
            assert asking.ask("GET", "/x").json() == ["x"]
        else:
            with pytest.raises(ProbeError, match=said):
                asking.ask("GET", "/x")


def test_a_file_without_authorities(tmp_path):
    path = tmp_path / "ca.pem"
    path.write_text("nothing", encoding="utf-8")
    with pytest.raises(OSError):  # noqa: PT011 - ssl.SSLError is one, and so is what a missing file raises
        trust(path)
    with pytest.raises(OSError):  # noqa: PT011
        trust(tmp_path / "missing")


@pytest.mark.parametrize("times", [1, 8])
def test_redirects_of_bytes_that_are_no_text_leave_no_connection_behind(times):
    """requests looks at a redirect before anybody can close the answer; more of them than connections once waited for ever."""
    raw = b"HTTP/1.1 302 Found\r\nLocation: /\xff\xfe\r\nContent-Length: 2\r\n\r\n{}"
    with served(*[raw] * 6 * times) as (url, _):
        asking = client(url)
        for _ in range(times):
            with pytest.raises(ProbeError, match="redirects GET /x more than 5 times"):
                asking.ask("GET", "/x")
        asking.close()
