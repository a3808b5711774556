# SPDX-License-Identifier: Apache-2.0
"""Sources that leave out, mix up or hold back: what is not known is said, and an interruption ends every wait."""

from __future__ import annotations

import gzip
import json
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
from orsgate.sandbox.twins.gws import GwsTwin
from orsgate.sandbox.twins.server import Twin
from orsgate.sources.fields import Fields
from orsgate.sources.http.address import Address
from orsgate.sources.http.client import HttpClient
from orsgate.wire.deadline import Limits
from orsgate.wire.trouble import ProbeError
from tests.faults.workshop import judged
from tests.sources.reading import TWINS, collected, configuration, live_estate, mutagen_estate, password, tree
from tests.sources.test_same_estate import with_ring


class _OwnPages(GwsTwin):
    """GWS with pages of its own size, whatever ``limit`` says."""

    def answer(self, asked: Asked, request: Any, body: bytes) -> Answer:
        query = {key: value for key, value in asked.query.items() if key != "limit"}
        return super().answer(replace(asked, query=query), request, body)


class _WithoutPages(GwsTwin):
    """GWS that refuses what it does not know, and gives everything at once."""

    def answer(self, asked: Asked, request: Any, body: bytes) -> Answer:
        if {"limit", "offset"} & asked.query.keys():
            return Answer.of({"statusCode": 1}, 400)
        return super().answer(asked, request, body)


@pytest.fixture
def sample(tmp_path) -> Path:
    return place_sample("healthy", tmp_path / "sample")


def names(read: Configuration) -> set[str]:
    """Of all applications but the Configuration Server itself, which a file source does not list."""
    return {application.name for application in read.applications} - {"confserv"}


@pytest.mark.parametrize("size", [1, 3, 5])
def test_pages_that_are_larger_than_was_asked_for_are_all_read(size, sample, monkeypatch):
    monkeypatch.setattr("orsgate.sources.gws.PAGE", 2)
    expected = names(configuration(sample))
    with _OwnPages(tree(sample), page_size=size) as twin, password():
        read = configuration(live_estate(sample, "gws", twin.url))
    assert names(read) == expected
    assert not read.gaps


def test_a_server_that_refuses_to_be_asked_for_pages_is_asked_for_all(sample, monkeypatch):
    monkeypatch.setattr("orsgate.sources.gws.PAGE", 2)
    with _WithoutPages(tree(sample), page_size=1_000) as twin, password():
        assert names(configuration(live_estate(sample, "gws", twin.url))) == names(configuration(sample))


@pytest.mark.parametrize(("kind", "keys"), [("raw", ("CFGTransaction",)), ("json", ("transactions",))])
def test_an_export_without_transactions_is_not_one_without_clusters(kind, keys, sample):
    estate = mutagen_estate(sample, tree(sample), kind)
    path = sample.with_name(f"{kind}.json")
    document = json.loads(path.read_text())
    for key in keys:
        del document[key]
    path.write_text(json.dumps(document))
    found = collected(estate)
    assert isinstance(found.configuration, Unknown)
    assert found.configuration.failure is Failure.MISSING
    assert "no transactions" in found.configuration.cause
    assert judged(with_ring(found), "readiness").verdict == "inconclusive"


def test_exports_of_two_configuration_servers_are_not_one_environment(sample):
    estate = mutagen_estate(sample, tree(sample), "raw")
    path = sample.with_name("raw.json")
    document = json.loads(path.read_text())
    other = {"__metadata__": {**document["__metadata__"], "host": "lab-cfg"}, "CFGHost": document.pop("CFGHost")}
    path.write_text(json.dumps(document))
    sample.with_name("other.json").write_text(json.dumps(other))
    host = document["__metadata__"]["host"]
    text = estate.read_text().replace('files = ["raw.json"]', f'files = ["raw.json", "other.json"]\nserver = "{host}:2020"')
    estate.write_text(text)
    found = collected(estate)
    assert isinstance(found.configuration, Configuration)
    assert isinstance(found.configuration.server, Unknown)
    assert "more than one Configuration Server" in found.configuration.server.cause
    assert judged(with_ring(found), "readiness").outcomes["ORS-0106"] == "blocked"


@pytest.mark.parametrize(("source", "field"), [("gax", "appservers"), ("gws", "appServerDBIDs")])
def test_connections_that_no_application_tells_are_not_none(source, field, sample, monkeypatch):
    """A field that every object lacks is one that the interface does not give."""
    kept = Fields.__init__

    def without(self: Fields, entries: Any, *more: Any) -> None:
        kept(self, {key: value for key, value in entries.items() if key != field}, *more)

    monkeypatch.setattr(Fields, "__init__", without)
    with TWINS[source](tree(sample)) as twin, password():
        found = collected(live_estate(sample, source, twin.url))
    assert isinstance(found.configuration, Configuration)
    assert any("tells the connections of no application" in gap.cause for gap in found.configuration.gaps)
    assert judged(with_ring(found), "readiness").outcomes["ORS-0105"] == "blocked"


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


class _WithoutOffset(GwsTwin):
    """GWS that ignores ``offset``, and ``limit`` too where ``knows_limit`` is not set."""

    knows_limit = False

    def answer(self, asked: Asked, request: Any, body: bytes) -> Answer:
        ignored = {"offset"} if self.knows_limit else {"offset", "limit"}
        query = {key: value for key, value in asked.query.items() if key not in ignored}
        return super().answer(replace(asked, query=query), request, body)


def test_a_server_that_knows_no_paging_gives_everything_with_a_word(sample):
    with _WithoutOffset(tree(sample)) as twin, password():
        read = configuration(live_estate(sample, "gws", twin.url))
    assert names(read) == names(configuration(sample))
    assert any("whatever the offset is" in remark for remark in read.remarks)
    assert not read.gaps


@pytest.mark.parametrize("size", [4, 1_000])
def test_a_server_that_knows_a_limit_and_no_offset_is_not_proven_whole(size, sample):
    with _WithoutOffset(tree(sample), page_size=size) as twin, password():
        twin.knows_limit = True
        found = collected(live_estate(sample, "gws", twin.url))
    assert isinstance(found.configuration, Unknown)
    assert "gave only a part" in found.configuration.cause


@pytest.mark.parametrize("subtype", ["\u00b2", "9" * 5000, "CFGInteractonServer"])
def test_a_type_that_is_not_understood_is_a_failure_to_know(subtype, sample, monkeypatch):
    kept = Fields.__init__

    def changed(self: Fields, entries: Any, *more: Any) -> None:
        is_it = entries.get("name") == "IXN_A" and "subtype" in entries
        kept(self, {**entries, "subtype": subtype} if is_it else entries, *more)

    monkeypatch.setattr(Fields, "__init__", changed)
    with TWINS["gax"](tree(sample)) as twin, password():
        found = collected(live_estate(sample, "gax", twin.url))
    assert isinstance(found.configuration, Configuration)
    if subtype.startswith("CFG"):
        assert any("IXN_A" in gap.cause for gap in found.configuration.gaps)
        assert judged(with_ring(found), "readiness").verdict == "inconclusive"


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


@pytest.mark.parametrize("bomb", [gzip.compress(bytes(200 * 2**20)), b"\x1f\x8b", gzip.compress(b"[]")[:-4]])
def test_a_compressed_answer_that_is_no_answer_is_a_sentence(bomb, sample):
    lies = dict.fromkeys(range(2, 9), wrong.Status(200, {"Content-Encoding": "gzip"}, bomb, "application/json"))
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


def test_a_dbid_of_two_applications_is_a_gap_and_a_large_one_is_none(sample, monkeypatch):
    kept = Fields.__init__

    def changed(self: Fields, entries: Any, *more: Any) -> None:
        entries = {**entries, "dbid": str(2**40)} if entries.get("name") in {"ORS_A1", "ORS_A2"} else entries
        kept(self, entries, *more)

    monkeypatch.setattr(Fields, "__init__", changed)
    with TWINS["gax"](tree(sample)) as twin, password():
        read = configuration(live_estate(sample, "gax", twin.url))
    assert {"ORS_A1", "ORS_A2"} <= names(read)
    assert sum("DBID that another application has" in gap.cause for gap in read.gaps) == 2
