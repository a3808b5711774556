# SPDX-License-Identifier: Apache-2.0
"""The ORS twin speaks the HTTP interface of ORS, on the node that owns a session, in the one of a pair that serves."""

import re
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests

from orsgate.sandbox.errors import SandboxError, UsageError
from orsgate.sandbox.twins.objects import Tree, TreeTransaction
from orsgate.sandbox.twins.ors import OrsTwin
from orsgate.sandbox.twins.ors_landscape import Landscape
from orsgate.sandbox.twins.ors_stores import CassandraStore, MemoryStore, Row, StoreError
from tests.sandbox.twins.ors_made import (
    IDLE,
    TREE,
    Documents,
    ask,
    landscape,
    ors,
    query,
    refuses,
    session_of,
    start,
)
from tests.sandbox.waiting import until

pytestmark = pytest.mark.slow

SESSION_ID = re.compile(r"(?:~\d+~)?[~\w]{32}")


@pytest.fixture
def documents() -> Iterator[Documents]:
    with Documents(IDLE) as serving:
        yield serving


@pytest.fixture
def twins(tmp_path: Path) -> Iterator[Landscape]:
    with landscape(tmp_path) as made:
        yield made


@pytest.fixture
def twin(twins: Landscape) -> OrsTwin:
    return twins.twin("ORS_1")


def with_build(build: str) -> Tree:
    return replace(TREE, applications=tuple(replace(one, version=build) for one in TREE.applications))


def test_every_answer_says_that_it_is_a_twins(twin: OrsTwin, documents: Documents) -> None:
    session = session_of(twin, documents.url)
    for method, path in (
        ("GET", "/"), ("POST", "/scxml/session/start"), ("GET", "/ors/help"), ("GET", f"/scxml/session/{session}/query"),
        ("PUT", "/scxml/session/start"), ("GET", "/scxml/session/nothing/query"), ("OPTIONS", "/%ff%00"),
    ):  # fmt: skip
        response = ask(twin, path, method)
        assert response.headers["X-Orsgate-Twin"] == "ORS twin", path
        assert response.headers["Server"] == "orsgate ORS twin (a stand-in, not Genesys software)"
    assert ask(twin, "/", "POST", data=b"x" * (2**20 + 1)).status_code == 413


def test_a_session_lives_from_its_start_to_its_end(twin: OrsTwin, documents: Documents) -> None:
    started = start(twin, documents.url)
    session = started.json()["_sessionid"]
    assert (started.status_code, documents.fetched) == (200, 1)
    assert SESSION_ID.fullmatch(session)
    assert started.cookies["ORSSESSIONID"] == session
    assert query(twin, session).json() == {"_sessionid": session, "state": "idle", "events": []}
    assert ask(twin, f"/scxml/session/{session}/event/on?a=1", "POST", json={"a": 1}).status_code == 200
    assert ask(twin, f"/scxml/session/{session}/request/report").status_code == 200
    assert query(twin, session).json() == {"_sessionid": session, "state": "working", "events": ["on", "report"]}
    assert ask(twin, f"/scxml/session/{session}/terminate", "POST").status_code == 200
    for path in ("query", "event/on", "terminate"):
        assert ask(twin, f"/scxml/session/{session}/{path}").status_code == 404
    assert session_of(twin, documents.url) != session


def test_a_session_ends_in_a_final_state(twin: OrsTwin, documents: Documents) -> None:
    session = session_of(twin, documents.url)
    assert ask(twin, f"/scxml/session/{session}/event/go").status_code == 200
    assert query(twin, session).status_code == 404


@pytest.mark.parametrize(
    ("given", "status", "told"),
    [
        ({"data": {"other": "x"}}, 400, "src is missing"),
        ({"data": b"src=http://x", "headers": {"Content-Type": "text/plain"}}, 415, "must be application/x-www-form"),
        ({"json": ["src"]}, 400, "src is missing"),
        ({"data": b"{", "headers": {"Content-Type": "application/json"}}, 400, "no JSON"),
        ({"data": {"src": "http://127.0.0.1:1/x"}}, 400, "cannot be fetched"),
        ({"data": {"src": "file:///etc/hosts"}}, 400, "cannot be fetched"),
    ],
)
def test_what_starts_no_session_is_an_error(twin: OrsTwin, given: dict[str, Any], status: int, told: str) -> None:
    response = ask(twin, "/scxml/session/start", "POST", **given)
    assert (response.status_code, "Set-Cookie" in response.headers) == (status, False)
    assert told in response.json()["error"]
    assert not twin.sessions


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        (b"<html/>", 200, "begins with <html>"),
        (b"no XML", 200, "no XML"),
        (IDLE, 500, "was answered 500"),
        (b'<!DOCTYPE scxml [<!ENTITY a "b">]><scxml>&a;</scxml>', 200, "declares entities"),
        (b"<scxml>" + b" " * 2**20 + b"</scxml>", 200, "larger than"),
    ],
)
def test_a_document_that_is_none_starts_no_session(twin: OrsTwin, body: bytes, status: int, told: str) -> None:
    with Documents(body, status) as serving:
        response = start(twin, serving.url)
    assert response.status_code == 400
    assert told in response.json()["error"]


def test_a_session_is_started_by_a_post_alone(twin: OrsTwin) -> None:
    assert ask(twin, "/scxml/session/start?src=http://x").status_code == 405


@pytest.mark.parametrize(
    ("build", "helps", "json"), [("8.1.400.27", 404, 415), ("8.1.400.54", 404, 200), ("8.1.400.55", 200, 200)]
)
def test_what_a_build_has_came_with_it(tmp_path: Path, documents: Documents, build: str, helps: int, json: int) -> None:
    with landscape(tmp_path, tree=with_build(build)) as made:
        twin = made.twin("ORS_1")
        assert ask(twin, "/ors/help").status_code == helps
        assert ask(twin, "/scxml/session/start", "POST", json={"src": documents.url}).status_code == json


def test_another_node_redirects_to_the_owner(twins: Landscape, documents: Documents) -> None:
    one, two = twins.twin("ORS_1"), twins.twin("ORS_2")
    session = session_of(one, documents.url)
    for path, method in (("query", "GET"), ("event/on?a=b%20c", "POST"), ("terminate", "POST")):
        response = ask(two, f"/scxml/session/{session}/{path}", method)
        assert (response.status_code, response.headers["Location"]) == (307, f"{one.url}/scxml/session/{session}/{path}")
    other = session_of(two, documents.url)
    assert query(one, other).headers["Location"] == f"https://lb.example.com/ors/scxml/session/{other}/query"
    followed = requests.get(f"{two.url}/scxml/session/{session}/query", timeout=5)
    assert followed.json()["state"] == "idle"


def test_without_persistence_nobody_redirects_and_a_takeover_loses_sessions(tmp_path: Path, documents: Documents) -> None:
    plain = replace(TREE, applications=tuple(replace(one, options=()) for one in TREE.applications))
    store = MemoryStore()
    with landscape(tmp_path, tree=plain, store=store) as made:
        session = session_of(made.twin("ORS_1"), documents.url)
        assert query(made.twin("ORS_2"), session).status_code == 404
        assert not store.rows
        taken_over(made)
        assert query(made.twin("ORS_1_B"), session).status_code == 404


def test_a_document_that_asks_for_no_persistence_is_not_persisted(tmp_path: Path) -> None:
    store = MemoryStore()
    with Documents(IDLE.replace(b' _persist="true"', b"")) as serving, landscape(tmp_path, store=store) as made:
        session = session_of(made.twin("ORS_1"), serving.url)
        assert not store.rows
        assert query(made.twin("ORS_2"), session).status_code == 404


@pytest.mark.parametrize("clusters", ["none", "apart"])
def test_nodes_that_are_no_cluster_do_not_redirect(tmp_path: Path, documents: Documents, clusters: str) -> None:
    apart = tuple(
        TreeTransaction(200 + number, f"ORS_Cluster_{number}", 21, annex=(("cluster", ((f"ORS_{number}", ""),)),))
        for number in (1, 2)
    )
    with landscape(tmp_path, tree=replace(TREE, transactions=apart if clusters == "apart" else ())) as made:
        session = session_of(made.twin("ORS_1"), documents.url)
        assert query(made.twin("ORS_2"), session).status_code == 404


def test_a_backup_refuses_until_it_takes_over_and_keeps_persisted_sessions(twins: Landscape, documents: Documents) -> None:
    primary, backup = twins.twin("ORS_1"), twins.twin("ORS_1_B")
    assert (primary.mode, backup.mode, refuses(backup)) == ("primary", "backup", True)
    session = session_of(primary, documents.url)
    ask(primary, f"/scxml/session/{session}/event/on")
    taken_over(twins)
    assert refuses(primary)
    assert query(backup, session).json() == {"_sessionid": session, "state": "working", "events": ["on"]}
    assert query(twins.twin("ORS_2"), session).headers["Location"].startswith(backup.url)
    assert ask(backup, f"/scxml/session/{session}/terminate").status_code == 200
    assert query(backup, session).status_code == 404


def taken_over(made: Landscape) -> None:
    made.twin("ORS_1").stop()
    until(lambda: made.twin("ORS_1_B").listens, "the takeover")


def test_a_primary_that_comes_back_is_in_standby_until_the_backup_stops(twins: Landscape) -> None:
    primary, backup = twins.twin("ORS_1"), twins.twin("ORS_1_B")
    taken_over(twins)
    primary.start()
    assert (primary.mode, backup.mode, refuses(primary)) == ("backup", "primary", True)
    backup.stop()
    until(lambda: primary.mode == "primary", "the switch back")
    assert refuses(backup)
    backup.start()
    assert (primary.mode, backup.mode) == ("primary", "backup")


def test_a_primary_that_is_back_before_the_takeover_stays_primary(tmp_path: Path) -> None:
    with landscape(tmp_path, takeover_after=30) as made:
        primary, backup = made.twin("ORS_1"), made.twin("ORS_1_B")
        primary.stop()
        assert (refuses(primary), refuses(backup)) == (True, True)
        primary.start()
        assert (primary.mode, backup.mode) == ("primary", "backup")


@pytest.mark.parametrize("redundancy", [0, 1])
def test_without_warm_standby_nobody_takes_over(tmp_path: Path, redundancy: int) -> None:
    tree = replace(TREE, applications=tuple(replace(one, redundancy=redundancy) for one in TREE.applications))
    with landscape(tmp_path, tree=tree, takeover_after=0) as made:
        made.twin("ORS_1").stop()
        assert made.twin("ORS_1_B").takes_over_after is None
        assert (made.twin("ORS_1_B").mode, refuses(made.twin("ORS_1_B"))) == ("backup", True)


def test_it_is_started_once_and_stopped_as_often_as_one_likes(twins: Landscape, twin: OrsTwin) -> None:
    with pytest.raises(UsageError, match="was started before, and runs"):
        twin.start()
    twin.stop()
    twin.stop()
    assert (twin.is_running, refuses(twin)) == (False, True)
    with pytest.raises(UsageError, match="no enabled Orchestration Server SIP_1"):
        twins.twin("SIP_1")


def test_the_configuration_is_read_at_each_start_and_external_url_at_each_redirect(tmp_path: Path, documents: Documents) -> None:
    trees = [TREE]
    with Landscape(lambda: trees[-1], tmp_path, store=MemoryStore().of, takeover_after=60) as made:
        made.start()
        session = session_of(made.twin("ORS_1"), documents.url)
        moved = ors(
            101,
            "ORS_1",
            backup=102,
            options=(TREE.applications[0].options[0], ("orchestration", (("external-url", "http://new"),))),
        )
        trees.append(
            replace(with_build("8.1.400.70"), applications=(replace(moved, version="8.1.400.27"), *TREE.applications[1:]))
        )
        assert query(made.twin("ORS_2"), session).headers["Location"].startswith("http://new/scxml/")
        assert ask(made.twin("ORS_1"), "/ors/help").status_code == 200
        made.twin("ORS_1").stop()
        made.twin("ORS_1").start()
        assert ask(made.twin("ORS_1"), "/ors/help").status_code == 404


def test_the_log_begins_with_its_head_and_the_one_before_is_kept(tmp_path: Path) -> None:
    with landscape(tmp_path, tree=with_build("8.1.400.27")) as made:
        twin = made.twin("ORS_1_B")
        first = Path(twin.log_file).read_text("utf-8")
        twin.stop()
        twin.start()
        second = Path(twin.log_file).read_text("utf-8")
    assert re.search(r"^Application name: +ORS_1_B$", first, re.MULTILINE)
    assert re.search(r"^Application type: +OrchestrationServer \(161\)$", first, re.MULTILINE)
    assert re.search(r"^Application version: +8\.1\.400\.27$", first, re.MULTILINE)
    assert re.search(r"^Host name: +ors-1$", first, re.MULTILINE)
    for name in ("Start time (UTC)", "Local time"):
        assert re.search(rf"^{re.escape(name)}: +\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d", first, re.MULTILINE)
    assert re.search(r"^Time zone: +\d+, \S+$", first, re.MULTILINE)
    assert re.search(rf"^File: +\(1\) {re.escape(twin.log_file)}$", first, re.MULTILINE)
    assert "a stand-in, not Genesys software" in first
    assert "Application stopped" in (tmp_path / "ORS_1_B.1.log").read_text("utf-8")
    assert "Application stopped" not in second


class Unreachable(MemoryStore):
    """A store of which nothing can be had."""

    def prepare(self) -> None:
        raise StoreError("Cassandra node 192.0.2.1:9160 does not answer")

    def read(self, key: str) -> Row | None:
        raise StoreError(f"Cassandra node 192.0.2.1:9160 does not answer for {key}")


def test_without_its_store_it_runs_and_says_so_in_its_log(tmp_path: Path, documents: Documents) -> None:
    with landscape(tmp_path, store=Unreachable()) as made:
        one, two = made.twin("ORS_1"), made.twin("ORS_2")
        session = session_of(one, documents.url)
        assert query(one, session).status_code == 200
        assert query(two, session).status_code == 404
        assert "Persistence error: Cassandra node 192.0.2.1:9160 does not answer" in Path(one.log_file).read_text("utf-8")


def test_before_813_it_does_not_start_without_its_store(tmp_path: Path) -> None:
    with Landscape(lambda: with_build("8.1.200.50"), tmp_path, store=Unreachable().of) as made:
        with pytest.raises(SandboxError, match=r"did not start: 8\.1\.200\.50 needs Cassandra"):
            made.start()
        assert not made.twin("ORS_1").is_running


def test_options_that_name_cassandra_lead_to_it(tmp_path: Path) -> None:
    with Landscape(lambda: TREE, tmp_path) as made:
        application = made.application("ORS_1")
        store = made.store(application)
        assert isinstance(store, CassandraStore)
        assert store.name == "Cassandra keyspace Orchestration at 192.0.2.1, 192.0.2.2"


def test_a_takeover_that_cannot_listen_is_in_the_log_and_is_no_takeover(twins: Landscape) -> None:
    primary, backup = twins.twin("ORS_1"), twins.twin("ORS_1_B")
    host, _, port = backup.url.removeprefix("http://").rpartition(":")
    with socket.create_server((host, int(port))):
        primary.stop()
        until(lambda: "Takeover failed: " in Path(backup.log_file).read_text("utf-8"), "the failure")
        assert (backup.mode, backup.listens) == ("backup", False)
    primary.start()
    assert primary.mode == "primary"


def test_sessions_that_are_started_at_the_same_time_are_apart(twin: OrsTwin, documents: Documents) -> None:
    with ThreadPoolExecutor(10) as pool:
        sessions = set(pool.map(lambda _: session_of(twin, documents.url), range(40)))
        assert len(sessions) == 40 == documents.fetched
        assert {query(twin, session).status_code for session in sessions} == {200}


def test_whoever_comes_and_goes_only_one_of_a_pair_serves(tmp_path: Path) -> None:
    with landscape(tmp_path, takeover_after=0) as made:
        pair = [made.twin("ORS_1"), made.twin("ORS_1_B")]
        for number in range(10):
            goes, stays = pair if number % 2 == 0 else pair[::-1]
            goes.stop()
            until(lambda one=stays: one.mode == "primary", "the takeover")  # type: ignore[misc]
            goes.start()
            assert (goes.mode, stays.mode, goes.listens, stays.listens) == ("backup", "primary", False, True)
