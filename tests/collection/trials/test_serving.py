# SPDX-License-Identifier: Apache-2.0
"""The test document and its server: well-formed, at addresses nobody guesses, and bounded."""

from __future__ import annotations

import re
import socket
import threading
import time
import urllib.error
import urllib.request
from contextlib import ExitStack
from xml.etree import ElementTree as ET

import pytest

from orsgate.collection.trials.document import EVENT, LIVES_FOR, ForeignDocument, document
from orsgate.collection.trials.serving import AT_ONCE, DocumentServer
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.mistakes import InputError
from tests.collection.trials.scripted import fetch

pytestmark = pytest.mark.slow

OPEN = threading.Event()
SCXML = "{http://www.w3.org/2005/07/scxml}"


def test_the_document_persists_takes_the_event_and_ends_by_itself():
    root = ET.fromstring(document())  # noqa: S314 - our own
    assert (root.tag, root.get("_persist")) == (f"{SCXML}scxml", "true")
    states = {each.get("id"): each for each in root}
    idle = states[root.get("initial")]
    [send] = idle.iter(f"{SCXML}send")
    ends = {each.get("event"): each.get("target") for each in idle.iter(f"{SCXML}transition")}
    assert ends == {EVENT: None, (send.get("event") or "").strip("'"): "over"}
    assert send.get("delay") == f"'{LIVES_FOR}s'"
    assert states["over"].tag == f"{SCXML}final"
    assert 120 <= LIVES_FOR <= 3600


def test_who_fetched_is_known_for_each_address():
    with DocumentServer("127.0.0.1", 0) as server:
        one, other = server.one(), server.one()
        assert one != other
        assert re.fullmatch(re.escape(server.address) + r"[-\w]{32}\.scxml", one)
        assert fetch(one + "?_=1")
        assert server.fetched(one, 0, OPEN)
        assert not server.fetched(other, 0.2, OPEN)
        waiting = threading.Timer(0.2, fetch, [other])
        waiting.start()
        assert server.fetched(other, 5, OPEN)
        waiting.join()


def test_a_wait_for_the_document_ends_where_everything_ends():
    over = threading.Event()
    over.set()
    with DocumentServer("127.0.0.1", 0) as server:
        began = time.monotonic()
        assert not server.fetched(server.one(), 30, over)
        assert time.monotonic() - began < 15


@pytest.mark.parametrize("path", ["", "x.scxml", "../etc/passwd", "%2e%2e/"])
def test_nothing_else_is_served(path):
    with DocumentServer("127.0.0.1", 0) as server:
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(server.address + path, timeout=5)  # noqa: S310
        assert caught.value.code == 404
        caught.value.close()


def test_a_look_without_a_fetch_counts_for_none():
    with DocumentServer("127.0.0.1", 0) as server:
        one = server.one()
        with urllib.request.urlopen(urllib.request.Request(one, method="HEAD"), timeout=5) as answer:  # noqa: S310
            assert int(answer.headers["Content-Length"]) == len(document())
        assert not server.fetched(one, 0, OPEN)


def test_many_who_say_nothing_keep_nobody_from_being_served(monkeypatch):
    monkeypatch.setattr("orsgate.collection.trials.serving.LONGEST", 1.0)
    with DocumentServer("127.0.0.1", 0) as server, ExitStack() as held:
        address = ("127.0.0.1", int(server.address.rsplit(":", 1)[1].strip("/")))
        for _ in range(AT_ONCE + 8):
            silent = held.enter_context(socket.create_connection(address, 5))
            silent.settimeout(0.3)
        end = time.monotonic() + 10
        while not fetch(server.one()):
            assert time.monotonic() < end


def test_it_says_nothing(capfd):
    with DocumentServer("127.0.0.1", 0) as server:
        fetch(server.one())
        fetch(server.address + "unknown")
        with socket.create_connection(("127.0.0.1", int(server.address.rsplit(":", 1)[1].strip("/"))), 5) as rude:
            rude.sendall(b"\x00\xff nonsense\r\n\r\n")
            rude.recv(100)
    assert capfd.readouterr() == ("", "")


def test_after_the_end_nobody_listens():
    with DocumentServer("127.0.0.1", 0) as server:
        one = server.one()
    assert not fetch(one)


@pytest.mark.parametrize("host", ["", "0.0.0.0", "::", "[::]"])  # noqa: S104
def test_an_address_that_ors_could_not_ask_is_refused(host):
    with pytest.raises(InputError, match="--serve: write the name or the address by which ORS reaches this host"):
        DocumentServer(host, 0)


@pytest.mark.parametrize(("host", "port"), [("192.0.2.1", 0), ("no-such-host.invalid", 0), ("127.0.0.1", 70000), ("x" * 70, 0)])
def test_where_nothing_can_be_served_is_said_in_one_sentence(host, port):
    with pytest.raises(InputError) as caught:
        DocumentServer(host, port)
    assert str(caught.value).startswith(f"--serve: the test document cannot be served at {host}:{port}: ")
    assert "\n" not in str(caught.value)


def test_a_port_that_is_taken_is_said():
    with DocumentServer("127.0.0.1", 0) as server:
        port = int(server.address.rsplit(":", 1)[1].strip("/"))
        with pytest.raises(InputError, match="a port that is free"):
            DocumentServer("127.0.0.1", port)


def test_who_fetches_the_document_of_somebody_else_is_not_seen():
    foreign = ForeignDocument("http://docs.example/test.scxml")
    assert foreign.one() == foreign.address == "http://docs.example/test.scxml"
    unknown = foreign.fetched(foreign.one(), 0, OPEN)
    assert isinstance(unknown, Unknown)
    assert unknown.failure is Failure.NOT_ASKED
