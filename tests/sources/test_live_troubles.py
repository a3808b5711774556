# SPDX-License-Identifier: Apache-2.0
"""Whatever GAX or GWS does to the reader: one clear sentence, in time, and never GO."""

from __future__ import annotations

import re
import time
import tracemalloc
from pathlib import Path

import pytest

from orsgate.estate.inventory import Configuration
from orsgate.estate.knowledge import Unknown
from orsgate.estate.snapshot import Snapshot
from orsgate.sandbox.samples import place_sample
from orsgate.sandbox.twins import misbehaviour as wrong
from orsgate.sandbox.twins.objects import KINDS
from orsgate.sandbox.twins.server import Twin
from tests.faults.workshop import judged
from tests.sources.reading import TWINS, collected, live_estate, password, tree
from tests.sources.test_same_estate import with_ring

pytestmark = pytest.mark.slow

SECONDS = 1.0
"""One answer may take so long in these tests."""
REQUESTS = {"gax": range(1, 8), "gws": range(1, 9)}
"""A login, an answer for each kind of object, what GAX says of itself; the last request of GAX ends the session."""
MARKER = "hunter2-of-the-server"
MISBEHAVIOURS = {
    "401": wrong.Status(401, body=MARKER.encode()),
    "403": wrong.Status(403, body=MARKER.encode()),
    "404": wrong.Status(404, body=MARKER.encode()),
    "418": wrong.Status(418),
    "429 and to wait": wrong.Status(429, {"Retry-After": "30"}),
    "500 with a page": wrong.HtmlError(500),
    "200 with a page": wrong.Status(200, {}, f"<html>{MARKER}</html>".encode(), "text/html"),
    "200 with text": wrong.Status(200, {}, MARKER.encode(), "text/plain"),
    "compressed": wrong.Status(200, {"Content-Encoding": "gzip"}, b"\x1f\x8b", "application/json"),
    "JSON cut in half": wrong.CutJson(),
    "deep JSON": wrong.Deep(100_000),
    "1 GB": wrong.Huge(2**30),
    "endless": wrong.Endless(),
    "a redirect loop": wrong.RedirectLoop(),
    "a redirect to another host": wrong.RedirectTo(f"http://user:{MARKER}@elsewhere.example/{MARKER}"),
    "another shape": wrong.Status(200, {}, b'{"statusCode": 7, "statusMessage": "hunter2-of-the-server"}', "application/json"),
}
"""Each is answered so once, and never by a second attempt, since none of them is tried again."""
SLOW = {
    "a byte at a time": wrong.Trickle(0.05),
    "never": wrong.Hang(),
    "never to its end": wrong.HangInBody(),
}
LASTING = {"502 with a page": wrong.HtmlError(502), "closed": wrong.Close(), "truncated": wrong.Truncated()}
"""May pass at another attempt, so they last here."""


@pytest.fixture(scope="module")
def sample(tmp_path_factory) -> Path:
    """The healthy sample, whose live readings are to say that they read the Configuration Server cfg-1:2020."""
    return place_sample("healthy", tmp_path_factory.mktemp("sample"))


@pytest.fixture(scope="module")
def sample_tree(sample):
    return tree(sample)


def read(sample: Path, source: str, twin: Twin, seconds: float = SECONDS) -> Snapshot:
    """Read the estate from a twin, in time."""
    expects = '"cfg-1:2020"' if source == "gax" else f'"127.0.0.1:{twin.port}"'
    estate = live_estate(sample, source, twin.url, f"timeout = {seconds}", f"server = {expects}")
    began = time.monotonic()
    with password():
        found = collected(estate)
    assert time.monotonic() - began < 3 * seconds + 5
    return found


def sentences(found: Snapshot) -> list[str]:
    """Why the configuration is not known, or not wholly."""
    read = found.configuration
    if isinstance(read, Unknown):
        return [read.cause]
    assert isinstance(read, Configuration)
    server = [read.server.cause] if isinstance(read.server, Unknown) and read.source == "gax" else []
    return [*(gap.cause for gap in read.gaps), *server]


def must_not_be_go(found: Snapshot, twin: Twin) -> None:
    """One sentence at least says what happened, none repeats the server, and the verdict is not GO."""
    said = sentences(found)
    assert said
    for sentence in said:
        assert re.match(r"127\.0\.0\.1:\d+ |the |which ", sentence), sentence
        assert MARKER not in sentence
        assert "\n" not in sentence
        assert len(sentence) < 360
    judgement = judged(with_ring(found), "readiness")
    assert judgement.verdict == "inconclusive", judgement.outcomes
    assert {"ORS-0105", "ORS-0106"} & {name for name, outcome in judgement.outcomes.items() if outcome == "blocked"}
    assert all(each.method == "GET" or each.path.endswith(("/session/login", "/session/logout")) for each in twin.requests)


def is_logout(twin: Twin, number: int) -> bool:
    """Whether that request was the end of the session, when everything had been read."""
    asked = [each for each in twin.requests if each.number == number]
    return bool(asked) and asked[0].path.endswith("/logout")


@pytest.mark.parametrize("name", MISBEHAVIOURS)
@pytest.mark.parametrize("source", TWINS)
def test_wrong_answers_at_every_request(source, name, sample, sample_tree):
    for number in REQUESTS[source]:
        with TWINS[source](sample_tree, misbehave={number: MISBEHAVIOURS[name]}) as twin:
            found = read(sample, source, twin)
            if is_logout(twin, number) or (number == 1 and name == "200 with text" and source == "gax"):
                continue
            must_not_be_go(found, twin)


@pytest.mark.parametrize("name", SLOW)
@pytest.mark.parametrize("source", TWINS)
def test_slow_answers(source, name, sample, sample_tree):
    for number in (1, 4):
        with TWINS[source](sample_tree, misbehave={number: SLOW[name]}) as twin:
            found = read(sample, source, twin, 0.4)
            must_not_be_go(found, twin)
            assert any("completely within 0.4 s" in sentence for sentence in sentences(found))


@pytest.mark.parametrize("name", LASTING)
@pytest.mark.parametrize("source", TWINS)
def test_troubles_that_last(source, name, sample, sample_tree):
    with TWINS[source](sample_tree, misbehave_always=LASTING[name]) as twin:
        found = read(sample, source, twin)
        must_not_be_go(found, twin)
        paths = [(each.path, tuple(each.query.items())) for each in twin.requests if each.method == "GET"]
        assert max(paths.count(path) for path in paths) <= 3


@pytest.mark.parametrize("source", TWINS)
def test_killed_at_every_request(source, sample, sample_tree):
    for number in REQUESTS[source]:
        with TWINS[source](sample_tree, misbehave={number: wrong.Gone()}) as twin:
            found = read(sample, source, twin)
            if not is_logout(twin, number):
                must_not_be_go(found, twin)


def test_a_session_that_expires_at_every_request(sample, sample_tree):
    for number in REQUESTS["gax"]:
        with TWINS["gax"](sample_tree, expires_at_request=number) as twin:
            found = read(sample, "gax", twin)
            if number > 1 and not is_logout(twin, number):
                must_not_be_go(found, twin)
                assert any("ended the session of reader" in sentence for sentence in sentences(found))


@pytest.mark.parametrize("source", TWINS)
def test_hiding_every_object(source, sample, sample_tree):
    whole = {(kind, found.dbid) for kind in KINDS for found in sample_tree.objects(kind)}
    unneeded = {("application", found.dbid) for found in sample_tree.applications if found.name == "confserv"}
    unneeded |= {("host", found.dbid) for found in sample_tree.hosts if found.name == "cfg-1"}
    for hidden in sorted(whole - unneeded):
        with TWINS[source](sample_tree, hidden=[hidden]) as twin:
            found = read(sample, source, twin)
        judgement = judged(with_ring(found), "readiness")
        assert judgement.verdict != "go", hidden


@pytest.mark.parametrize("source", TWINS)
def test_a_trouble_that_passes_is_overcome(source, sample, sample_tree):
    passing = (wrong.Close(), wrong.Truncated(), wrong.HtmlError(502), wrong.Status(429, {"Retry-After": "0"}))
    for trouble in passing:
        with TWINS[source](sample_tree, misbehave={3: trouble}) as twin:
            assert sentences(read(sample, source, twin, 5)) == []


@pytest.mark.parametrize("source", TWINS)
def test_a_wrong_password_is_tried_once(source, sample, sample_tree):
    with TWINS[source](sample_tree) as twin, password("wrong"):
        found = collected(live_estate(sample, source, twin.url))
        assert "refused the login of reader: HTTP 401; it was tried once" in sentences(found)[0]
        assert len(twin.requests) == 1


@pytest.mark.parametrize("source", TWINS)
def test_nothing_but_gets_apart_from_login_and_logout(source, sample, sample_tree):
    with TWINS[source](sample_tree) as twin:
        assert sentences(read(sample, source, twin)) == []
        methods = [(each.method, each.path) for each in twin.requests if each.method != "GET"]
    assert methods == ([("POST", "/gax/api/session/login"), ("POST", "/gax/api/session/logout")] if source == "gax" else [])


def test_the_session_is_ended_after_an_error_too(sample, sample_tree):
    with TWINS["gax"](sample_tree, misbehave_always=wrong.HtmlError(500)) as twin:
        read(sample, "gax", twin)
        assert twin.requests[-1].path == "/gax/api/session/logout"


def test_that_a_session_could_not_be_ended_is_said(sample, sample_tree):
    with TWINS["gax"](sample_tree, misbehave={7: wrong.Status(404)}) as twin:
        found = read(sample, "gax", twin).configuration
        assert twin.requests[-1].path.endswith("/logout")
    assert isinstance(found, Configuration)
    assert any(remark.startswith("the session could not be ended") for remark in found.remarks)


@pytest.mark.parametrize("source", TWINS)
@pytest.mark.parametrize("bomb", [wrong.Huge(2**30), wrong.Endless(), wrong.Deep(5_000_000)], ids=["1 GB", "endless", "deep"])
def test_memory_is_bounded(source, bomb, sample, sample_tree):
    with TWINS[source](sample_tree, misbehave={2: bomb}) as twin:
        tracemalloc.start()
        try:
            found = read(sample, source, twin, 10)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert sentences(found)
    assert peak < 300 * 2**20
