# SPDX-License-Identifier: Apache-2.0
"""Servers that hang, redirect, compress, or give cookies in vain: one sentence each, and an interruption ends every wait."""

from __future__ import annotations

import gzip
import re
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from orsgate.estate.inventory import Configuration
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.sandbox.samples import place_sample
from orsgate.sandbox.twins import misbehaviour as wrong
from orsgate.sandbox.twins.exchange import Answer, Asked
from orsgate.sandbox.twins.gax import GaxTwin
from orsgate.sandbox.twins.server import Twin
from orsgate.sources.http.client import HttpClient
from orsgate.wire.deadline import Limits
from orsgate.wire.http.address import Address
from orsgate.wire.trouble import ProbeError
from tests.sources.reading import TWINS, collected, configuration, live_estate, password, tree

pytestmark = pytest.mark.slow


@pytest.fixture
def sample(tmp_path) -> Path:
    return place_sample("healthy", tmp_path / "sample")


def names(read: Configuration) -> set[str]:
    """Of all applications but the Configuration Server itself, which a file source does not list."""
    return {application.name for application in read.applications} - {"confserv"}


def _until(holds: Any, seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.mark.parametrize("what", [wrong.Hang(), wrong.HangInBody(), wrong.Trickle(0.5)], ids=["hang", "body", "trickle"])
def test_an_interruption_ends_a_wait_and_asks_nothing_more(what, sample):
    with TWINS["gax"](tree(sample), misbehave=dict.fromkeys(range(1, 9), what)) as twin:
        client = HttpClient(Address.parse(twin.url), Limits(call=60))
        raised: list[BaseException] = []

        def ask() -> None:
            try:
                client.get("/gax/api/cfg/objects")
            except ProbeError as error:
                raised.append(error)

        asking = threading.Thread(target=ask)
        asking.start()
        _until(lambda: _asked(twin))
        client.stop()
        asking.join(10)
        assert not asking.is_alive()
        [error] = raised
        assert isinstance(error, ProbeError)
        assert error.unknown.failure is Failure.NOT_ASKED
        assert len(twin.requests) == 1
        with pytest.raises(ProbeError, match="interrupted"):
            client.get("/gax/api/cfg/objects")
        client.close()


def _asked(twin: Twin) -> bool:
    return bool(twin.requests)


def test_more_is_asked_than_there_are_connections_and_nothing_waits_for_its_turn_in_vain(sample):
    """The time of an answer begins when it is asked for."""
    with TWINS["gax"](tree(sample), misbehave=dict.fromkeys(range(1, 13), wrong.Trickle(0.02))) as twin:
        client = HttpClient(Address.parse(twin.url), Limits(call=4.0))
        said: list[int] = []
        threads = [threading.Thread(target=lambda: said.append(client.ask("GET", "/gax/api/x").status)) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        client.close()
    assert len(said) == 12


@pytest.mark.parametrize("location", ["/\u00ff\u00fe", "http://[::1", "//", "/x"])
@pytest.mark.parametrize("source", TWINS)
def test_redirects_of_any_kind_end_with_a_sentence(source, location, sample):
    answers = dict.fromkeys(range(1, 60), wrong.Status(302, {"Location": location}))
    with TWINS[source](tree(sample), misbehave=answers) as twin, password():
        found = collected(live_estate(sample, source, twin.url))
    assert isinstance(found.configuration, Unknown)
    assert "redirects" in found.configuration.cause


class _Compressing(GaxTwin):
    """GAX behind a proxy that compresses whatever was asked for."""

    def answer(self, asked: Asked, request: Any, body: bytes) -> Answer:
        given = super().answer(asked, request, body)
        if not given.body:
            return given
        return replace(given, body=gzip.compress(given.body), headers={**given.headers, "Content-Encoding": "gzip"})


def test_an_answer_that_a_proxy_compressed_is_read(sample):
    with _Compressing(tree(sample)) as twin, password():
        assert names(configuration(live_estate(sample, "gax", twin.url))) == names(configuration(sample))


@pytest.mark.parametrize(
    "compressed",
    [lambda: gzip.compress(bytes(200 * 2**20), 1), lambda: b"\x1f\x8b", lambda: gzip.compress(b"[]")[:-4]],
    ids=["a bomb", "cut", "without its end"],
)
def test_a_compressed_answer_that_is_no_answer_is_a_sentence(compressed, sample):
    lies = dict.fromkeys(range(2, 9), wrong.Status(200, {"Content-Encoding": "gzip"}, compressed(), "application/json"))
    with TWINS["gax"](tree(sample), misbehave=lies) as twin, password():
        found = collected(live_estate(sample, "gax", twin.url))
    assert isinstance(found.configuration, Unknown)
    assert re.search("more than 128 MB|compressed its answer", found.configuration.cause)


class _SecureCookie(GaxTwin):
    """GAX that wants its cookie sent over https alone."""

    def answer(self, asked: Asked, request: Any, body: bytes) -> Answer:
        given = super().answer(asked, request, body)
        cookie = given.headers.get("Set-Cookie")
        return replace(given, headers={**given.headers, "Set-Cookie": f"{cookie}; Secure"}) if cookie else given


def test_a_cookie_that_cannot_be_sent_back_is_said(sample):
    with _SecureCookie(tree(sample)) as twin, password():
        found = collected(live_estate(sample, "gax", twin.url))
    assert isinstance(found.configuration, Unknown)
    assert "no session cookie" in found.configuration.cause
