# SPDX-License-Identifier: Apache-2.0
"""Servers that lie: what they did is recorded as it was, each start is sent once, and every session is ended or named."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from orsgate.collection.trials.serving import DocumentServer
from orsgate.collection.trials.sessions import SessionTrials
from orsgate.estate.deployment import Response, SessionTrial, well_formed
from orsgate.estate.journal import Journal
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.probes.ors.client import OrsClient
from orsgate.wire.trouble import probe_error
from tests.collection.trials.scripted import CLOSE, Asked, Lie, Said, ScriptedOrs
from tests.collection.trials.trying import LIMITS, in_the_ring, served_by, tried, two_nodes
from tests.make import estate

pytestmark = pytest.mark.slow

Make = Callable[[ScriptedOrs, ScriptedOrs], dict[str, Lie]]


@dataclass(frozen=True)
class Case:
    """A lie of the first node (and of the second, for what it is asked about the session of the first).

    Attributes:
        lies: of the first node.
        found: what the trial of the first node must look like.
        left: what its ``left_behind`` says; empty for nothing.
        others: of the second node.
    """

    name: str
    lies: Make
    found: Callable[[SessionTrial], bool]
    left: str = ""
    others: Make = lambda _first, _second: {}


def status(said: Response | Unknown | None) -> int:
    return said.status if isinstance(said, Response) else 0


def failure(said: Response | Unknown | None) -> Failure | None:
    return said.failure if isinstance(said, Unknown) else None


def starting(say: Callable[[str], Said]) -> Make:
    """A start that begins a session, and says of it what ``say`` makes of its id."""

    def lies(first: ScriptedOrs, _: ScriptedOrs) -> dict[str, Lie]:
        return {"start": lambda _asked: say(first.new_session())}

    return lies


def always(call: str, said: Said) -> Make:
    return lambda _first, _second: {call: lambda _asked: said}


def once(call: str, said: Said) -> Make:
    def lies(first: ScriptedOrs, _: ScriptedOrs) -> dict[str, Lie]:
        answers = itertools.chain([said], itertools.repeat(None))
        return {call: lambda asked: next(answers) if first.site.owners.get(asked.session) is first else None}

    return lies


def hanging(call: str) -> Make:
    def lies(first: ScriptedOrs, _: ScriptedOrs) -> dict[str, Lie]:
        def hang(asked: Asked) -> Said:
            first.truth(asked)
            first.held.wait(10)
            return CLOSE

        return {call: hang}

    return lies


def after_doing(call: str, said: Said) -> Make:
    """Does what it is asked for, and says something else."""

    def lies(first: ScriptedOrs, _: ScriptedOrs) -> dict[str, Lie]:
        def lie(asked: Asked) -> Said:
            first.truth(asked)
            return said

        return {call: lie}

    return lies


def both(one: Make, other: Make) -> Make:
    return lambda first, second: {**one(first, second), **other(first, second)}


MAY_BE = "a session may have been started at URL (ORS_1) at TIME: "
END = re.escape("end it with: curl -X POST URL/scxml/session/")
PAGE = Said(200, b"<html><body><h1>Sorry</h1>Something failed</body></html>", {"Content-Type": "text/html"})
WORKED = (200, 200, 200, 200, 404)


def worked(trial: SessionTrial) -> bool:
    answers = (trial.started, trial.event, trial.queried, trial.terminated, trial.queried_after)
    return tuple(map(status, answers)) == WORKED and well_formed(trial.session)


def only_started(trial: SessionTrial) -> bool:
    """Whether nothing was tried with a session that nobody knows."""
    return (trial.event, trial.queried, trial.row, trial.redirects, trial.session) == (None, None, None, (), "")


CASES = (
    Case("the id in the cookie alone", starting(lambda id_: Said(200, b"", {"Set-Cookie": f"ORSSESSIONID={id_}; Path=/"})),
         worked),
    Case("the id in XML", starting(lambda id_: Said(200, f"<r><sessionid>{id_}</sessionid></r>".encode())), worked),
    Case("the id as text", starting(lambda id_: Said(200, id_.encode())), worked),
    Case("the id deep in JSON", starting(lambda id_: Said(200, f'[{{"a": {{"sessionID": "{id_}"}}}}]'.encode())), worked),
    Case("201 for a start", starting(lambda id_: Said(201, id_.encode())), lambda t: status(t.started) == 201),
    Case(
        "a start without an id", starting(lambda _: Said(200, b"{}")),
        lambda t: status(t.started) == 200 and only_started(t), MAY_BE + "it answered HTTP 200 without a usable session id",
    ),
    Case("200 with an error page", starting(lambda _: PAGE), lambda t: status(t.started) == 200 and only_started(t), MAY_BE),
    Case(
        "500 after a start", starting(lambda _: Said(500, b"oops")),
        lambda t: status(t.started) == 500 and only_started(t), MAY_BE + "it answered HTTP 500",
    ),
    Case("500 with an id", starting(lambda id_: Said(500, id_.encode())),
         lambda t: status(t.terminated) == 200 and t.event is None),
    Case("closed after a start", starting(lambda _: CLOSE), lambda t: failure(t.started) is Failure.CLOSED and only_started(t),
         MAY_BE),
    Case("no answer after a start", hanging("start"), lambda t: failure(t.started) is Failure.TIMEOUT and t.fetched is True,
         MAY_BE + ".* the document was fetched for it; look for http://.*scxml in the log of ORS_1"),
    Case("no HTTP after a start", starting(lambda _: Said(raw=b"hello\r\n\r\n")),
         lambda t: failure(t.started) is Failure.GARBLED, MAY_BE),
    Case("half an answer to a start",
         starting(lambda id_: Said(raw=f"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{id_}".encode())),
         lambda t: failure(t.started) is Failure.CLOSED and only_started(t), MAY_BE),
    Case("two megabytes for a start", starting(lambda _: Said(200, bytes(2**21))),
         lambda t: failure(t.started) is Failure.GARBLED, MAY_BE),
    Case("400 for a start", always("start", Said(400)), lambda t: status(t.started) == 400 and only_started(t)),
    Case("302 for a start", always("start", Said(302, headers={"Location": "http://127.0.0.1:1/"})),
         lambda t: status(t.started) == 302 and only_started(t)),
    Case("307 for a start, to itself", lambda first, _: {"start": lambda a: Said(307, headers={"Location": first.url + a.path})},
         lambda t: status(t.started) == 307 and only_started(t)),
    Case("an id of 31", always("start", Said(200, b'{"sessionid": "0123456789012345678901234567890"}')),
         lambda t: len(t.session) == 31 and not well_formed(t.session) and status(t.terminated) == 404),
    Case("an id of dots", always("start", Said(200, b'{"sessionid": ".."}')),
         lambda t: t.session == ".." and t.event is None and t.terminated is None, MAY_BE),
    Case("an id that is a command", both(always("start", Said(200, b'{"sessionid": "$(reboot)\'; rm -rf / \\u202e#"}')),
                                          both(always("terminate", Said(500)), always("query", Said(200)))),
         lambda t: status(t.terminated) == 500, END + r"%24%28reboot%29%27%3B%20rm%20-rf%20%2F%20%E2%80%AE%23/terminate \(its"),
    Case("a document that nobody fetches", starting(lambda id_: Said(200, id_.encode())),
         lambda t: t.fetched is False and worked(t)),
    Case("404 for the event", always("event", Said(404)), lambda t: status(t.event) == 404 and status(t.terminated) == 200),
    Case("no answer to the event", hanging("event"), lambda t: failure(t.event) is Failure.TIMEOUT and status(t.queried) == 200),
    Case("500 for the query", once("query", Said(500)), lambda t: status(t.queried) == 500 and status(t.terminated) == 200),
    Case("500 for the first end", once("terminate", Said(500)),
         lambda t: status(t.terminated) == 200 and status(t.queried_after) == 404),
    Case("closed at the first end", once("terminate", CLOSE), lambda t: status(t.terminated) == 200),
    Case("500 for every end", always("terminate", Said(500)),
         lambda t: status(t.terminated) == 500 and status(t.queried_after) == 200,
         r"it could not be ended \(HTTP 500\); " + END),
    Case("405 for every end", always("terminate", Said(405)), lambda t: status(t.terminated) == 405, END),
    Case("a redirect for every end", always("terminate", Said(307, headers={"Location": "http://u:secret@elsewhere/x"})),
         lambda t: status(t.terminated) == 307, r"\(HTTP 307 to http://elsewhere/x\); " + END),
    Case("ended, and closed", after_doing("terminate", CLOSE),
         lambda t: failure(t.terminated) is Failure.CLOSED and status(t.queried_after) == 404),
    Case("ended, and 404", after_doing("terminate", Said(404)),
         lambda t: status(t.terminated) == 404 and status(t.queried_after) == 404),
    Case("an end that ends nothing", always("terminate", Said(200)), lambda t: status(t.queried_after) == 200,
         "it was told to end, and is still answered for; " + END),
    Case("an end that is only a page, and the session stays", always("terminate", PAGE), lambda t: status(t.terminated) == 200,
         "still answered for"),
    Case("a body that never ends", both(starting(lambda id_: Said(200, id_.encode())),
                                         always("query", Said(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"))),
         lambda t: failure(t.queried) is Failure.CLOSED and status(t.terminated) == 200),
    Case("the other node serves the session too", lambda *_: {}, lambda t: [status(each.answer) for each in t.redirects] == [200],
         others=always("query", Said(200, b"{}"))),
    Case("the other node does not know it", lambda *_: {}, lambda t: [status(each.answer) for each in t.redirects] == [404],
         others=always("query", Said(404))),
    Case("the other node says 302", lambda *_: {}, lambda t: [status(each.answer) for each in t.redirects] == [302],
         others=always("query", Said(302, headers={"Location": "http://127.0.0.1:1/x"}))),
    Case("the other node redirects to itself", lambda *_: {},
         lambda t: [each.answer.location for each in t.redirects if isinstance(each.answer, Response)] == ["http://itself:7210/x"],
         others=always("query", Said(307, headers={"Location": "http://itself:7210/x"}))),
    Case("the other node redirects nowhere", lambda *_: {},
         lambda t: [(status(a.answer), a.answer.location) for a in t.redirects if isinstance(a.answer, Response)] == [(307, "")],
         others=always("query", Said(307))),
    Case("the other node closes", lambda *_: {}, lambda t: [failure(each.answer) for each in t.redirects] == [Failure.CLOSED],
         others=always("query", CLOSE)),
)  # fmt: skip


@pytest.fixture(autouse=True)
def _little_patience(monkeypatch):
    monkeypatch.setattr("orsgate.collection.trials.sessions.FETCHED_WITHIN", 0.3)
    monkeypatch.setattr("orsgate.collection.trials.ending.LINGERS", 0.5)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_lies(case, tmp_path):
    with two_nodes() as (first, second):
        first.lies = case.lies(first, second)
        second.lies = case.others(first, second)
        found = tried(served_by(first, second), tmp_path / "journal")
        trial = found.of("ORS_1")
        assert case.found(trial), trial
        if case.left:
            pattern = case.left if case.left.startswith(("it ", r"\(", END)) else case.left.replace("(ORS_1)", r"\(ORS_1\)")
            pattern = pattern.replace("TIME", "[-0-9T:]+Z").replace("URL", re.escape(first.url))
            assert re.search(pattern, trial.left_behind), trial.left_behind
        else:
            assert trial.left_behind == ""
        named = f"may have been started at {first.url} " in trial.left_behind
        for session in first.site.live:
            assert session in found.left_behind or (named and first.site.owners[session] is first), session
        assert [first.count("start"), second.count("start")] == [1, 1]
        assert sum(asked.call == "terminate" and asked.session == trial.session for asked in first.asked) <= 2
        assert "secret" not in repr(found)


def test_one_id_from_two_nodes_is_ended_on_both(tmp_path):
    with two_nodes() as (first, second):
        session = first.new_session()
        for node in (first, second):
            node.lies = {"start": lambda _asked: Said(200, session.encode()), "query": lambda _asked: Said(200)}
        found = tried(served_by(first, second), tmp_path / "journal")
        assert [each.session for each in found.trials] == [session, session]
        assert [status(each.answer) for trial in found.trials for each in trial.redirects] == [200, 200]
        assert first.count("terminate") >= 1
        assert second.count("terminate") >= 1
        assert "still answered for" in found.left_behind


def test_a_session_that_another_node_took_for_its_own_is_ended_there_too(tmp_path):
    with two_nodes() as (first, second):
        taken: set[str] = set()

        def query(asked: Asked) -> Said | None:
            taken.add(asked.session)
            return Said(200 if asked.session in taken else 404)

        def terminate(asked: Asked) -> Said | None:
            if asked.session in first.site.live and first.site.owners[asked.session] is second:
                return None
            taken.discard(asked.session)
            second.lies["query"] = lambda _asked: Said(404)
            return Said(200)

        second.lies = {"query": query, "terminate": terminate}
        found = tried(served_by(first, second), tmp_path / "journal")
        session = found.of("ORS_1").session
        assert session not in taken
        assert [each.session for each in second.asked if each.call == "terminate"].count(session) == 1
        assert found.of("ORS_1").left_behind == ""


def test_a_session_that_another_node_keeps_as_its_own_is_named_with_its_command(tmp_path):
    with two_nodes() as (first, second):
        second.lies = {call: lambda _asked: Said(200) for call in ("query", "terminate")}
        found = tried(served_by(first, second), tmp_path / "journal").of("ORS_1")
        command = f"curl -X POST {second.url}/scxml/session/{found.session}/terminate"
        assert "of ORS_2, which took it for its own: it was told to end, and is still answered for" in found.left_behind
        assert command in found.left_behind
        assert f"{first.url}/" not in found.left_behind


def test_sessions_that_a_failover_would_cost_are_ended_before_it_and_the_others_spared(tmp_path):
    with two_nodes() as (first, second), DocumentServer("127.0.0.1", 0) as server, Journal(tmp_path / "journal") as journal:
        client = OrsClient(LIMITS)
        with SessionTrials(estate(), served_by(first, second), client, server, journal, in_the_ring, LIMITS) as tests:
            tests.begin()
            one, other = (trial.session for trial in tests.trials)
            tests.end(spared={"ORS_2"})
            assert first.site.live == {other}
            assert [status(trial.terminated) for trial in tests.trials] == [200, 0]
        assert [status(trial.terminated) for trial in tests.trials] == [200, 200]
        assert one != other
        assert first.site.live == set()
        client.close()


@pytest.mark.parametrize("raises", [False, True])
def test_a_ring_that_does_not_tell(raises, tmp_path):
    unknown = Unknown("no node answers", "ring", Failure.REFUSED)

    def look_up(_session: str, _until: float) -> Unknown:
        if raises:
            raise probe_error(unknown.cause, unknown.failure).at(unknown.where)
        return unknown

    with two_nodes() as (first, second):
        found = tried(served_by(first, second), tmp_path / "journal", look_up=look_up)
        assert [each.row for each in found.trials] == [unknown, unknown]
        assert first.site.live == set()
