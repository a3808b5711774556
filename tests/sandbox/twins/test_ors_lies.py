# SPDX-License-Identifier: Apache-2.0
"""Every lie of an ORS twin shows, and every other twin still says what it is."""

import re
from contextlib import suppress
from pathlib import Path

import pytest
import requests

from orsgate.sandbox.twins.ors_landscape import Landscape
from orsgate.sandbox.twins.ors_lies import BROKEN, HARMLESS, Lie, calls, meaning, redirects, servers, transport, variants
from orsgate.sandbox.twins.ors_stores import MemoryStore
from tests.sandbox.twins.ors_made import IDLE, TREE, Documents, ask, landscape, query, refuses, session_of, start
from tests.sandbox.twins.ors_seen import Seen, seen_with
from tests.sandbox.waiting import until

pytestmark = pytest.mark.slow

EVERYBODY = ("ORS_1", "ORS_1_B", "ORS_2", "ORS_2_B")
TO_THE_BACKUP = (
    servers.HttpInStandby, servers.SecondPrimary, servers.NeverStarted, servers.TakeoverTooSlow, servers.TakeoverNever,
    servers.TakeoverLosesSessions,
)  # fmt: skip
UNSEEN = (
    variants.CalmLog, variants.ClosesConnections, variants.AnswersSlowly, variants.LowerCaseHeaders, variants.ChunkedBodies,
    variants.EndedGone, variants.EndedBadRequest, variants.PersistedSoon,
)  # fmt: skip
"""Harmless ones that differ in what the observer does not look at; each has a test of its own."""


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    return seen_with(tmp_path_factory.mktemp("honest"), {})


def told(lie: Lie) -> dict[str, list[Lie]]:
    """To whom a lie is told."""
    return {"ORS_1_B": [lie]} if isinstance(lie, TO_THE_BACKUP) else {name: [lie] for name in EVERYBODY}


def named(lie: Lie) -> str:
    return type(lie).__name__


def test_there_are_enough_and_each_says_what_it_breaks() -> None:
    assert len(BROKEN) >= 50
    assert len(HARMLESS) >= 20
    assert len({*BROKEN, *HARMLESS}) == len(BROKEN) + len(HARMLESS)
    for lie in BROKEN:
        assert re.fullmatch(r"Breaks [^.]+: .+\.", meaning(lie)), lie
    for lie in HARMLESS:
        assert meaning(lie).endswith("."), lie


def test_what_is_seen_of_an_honest_cluster_is_the_same_each_time(honest: Seen, tmp_path: Path) -> None:
    assert honest == seen_with(tmp_path, {})
    assert honest["modes"] == ["primary", "backup"]
    assert honest["refused"] == [False, True]
    assert (honest["fetched"], honest["took over"]) == (1, True)
    assert honest["at another node"][0] == 307
    assert honest["query after"][0] == 404
    assert honest["kept"][0][0] == 200


@pytest.mark.parametrize("lie", BROKEN, ids=named)
def test_every_lie_is_seen(lie: Lie, honest: Seen, tmp_path: Path) -> None:
    assert seen_with(tmp_path, told(lie)) != honest


@pytest.mark.parametrize("lie", [lie for lie in HARMLESS if not isinstance(lie, UNSEEN)], ids=named)
def test_every_variant_is_seen_and_works(lie: Lie, honest: Seen, tmp_path: Path) -> None:
    seen = seen_with(tmp_path, told(lie))
    assert seen != honest
    for alike in ("modes", "refused", "fetched", "left behind", "took over"):
        assert seen[alike] == honest[alike]
    assert seen["start"][0] in {200, 201}
    assert seen["at another node"][0] == 307


def test_answers_in_other_ways_hold_the_same(tmp_path: Path) -> None:
    ways: list[Lie] = [
        variants.LowerCaseHeaders(), variants.ChunkedBodies(), variants.ClosesConnections(), variants.AnswersSlowly(0.01),
    ]  # fmt: skip
    for lie in ways:
        with Documents(IDLE) as documents, landscape(tmp_path, {"ORS_1": [lie]}) as made:
            twin = made.twin("ORS_1")
            session = session_of(twin, documents.url)
            answer = query(twin, session)
            assert (answer.status_code, answer.json()["state"]) == (200, "idle"), lie
            assert answer.headers["x-orsgate-twin"] == "ORS twin"


def test_an_ended_session_can_be_answered_in_other_ways(tmp_path: Path) -> None:
    for lie, status in ((variants.EndedGone(), 410), (variants.EndedBadRequest(), 400)):
        with landscape(tmp_path, {"ORS_1": [lie]}) as made:
            assert query(made.twin("ORS_1"), "A" * 32).status_code == status


def test_a_row_can_be_written_later(tmp_path: Path) -> None:
    store = MemoryStore()
    with Documents(IDLE) as documents, landscape(tmp_path, {"ORS_1": [variants.PersistedSoon(0.1)]}, store=store) as made:
        session = session_of(made.twin("ORS_1"), documents.url)
        assert not store.rows
        until(lambda: session in store.rows, "the row")


def test_two_primaries_both_serve_a_session_that_is_not_even_persisted(tmp_path: Path) -> None:
    document = IDLE.replace(b' _persist="true"', b"")
    with Documents(document) as documents, landscape(tmp_path, {"ORS_1_B": [servers.SecondPrimary()]}) as made:
        one, other = made.twin("ORS_1"), made.twin("ORS_1_B")
        session = session_of(one, documents.url)
        assert (one.mode, other.mode) == ("primary", "backup")
        assert [query(twin, session).status_code for twin in (one, other)] == [200, 200]
        assert query(other, session_of(other, documents.url)).status_code == 200


def test_a_start_that_answers_an_error_leaves_its_session(tmp_path: Path) -> None:
    with Documents(IDLE) as documents, landscape(tmp_path, {"ORS_1": [calls.StartLeavesSession()]}) as made:
        twin = made.twin("ORS_1")
        response = start(twin, documents.url)
        assert (response.status_code, "Set-Cookie" in response.headers) == (500, False)
        (left,) = twin.sessions
        assert query(twin, left).status_code == 200


def test_lies_are_joined_in_their_order(tmp_path: Path) -> None:
    joined = [redirects.RedirectToOtherHost(), variants.LocationWithQuery(), redirects.ForeignOtherStatus(302)]
    with Documents(IDLE) as documents, landscape(tmp_path, {"ORS_2": joined}) as made:
        session = session_of(made.twin("ORS_1"), documents.url)
        answer = query(made.twin("ORS_2"), session)
        assert answer.status_code == 302
        assert answer.headers["Location"].endswith("/query?redirected=true")
        other = [variants.IdWithNode(3), transport.Trickles(seconds=0.001, calls=frozenset({"query"}))]
    with Documents(IDLE) as documents, landscape(tmp_path, {"ORS_1": other}) as made:
        twin = made.twin("ORS_1")
        session = session_of(twin, documents.url)
        assert session.startswith("~3~")
        assert query(twin, session).json()["_sessionid"] == session


def test_a_backup_that_was_never_started_can_still_be_started(tmp_path: Path) -> None:
    with Landscape(lambda: TREE, tmp_path, store=MemoryStore().of, lies={"ORS_1_B": [servers.NeverStarted()]}) as made:
        made.start()
        backup = made.twin("ORS_1_B")
        assert (backup.mode, refuses(backup)) == ("stopped", True)
        backup.start()
        assert backup.mode == "backup"


@pytest.mark.parametrize(
    "lie", [transport.Silent(), transport.EndlessBody(), transport.SlowFirstByte(), transport.HangsInBody()], ids=named
)
def test_a_twin_stops_whatever_it_does(lie: Lie, tmp_path: Path) -> None:
    with landscape(tmp_path, {"ORS_1": [lie]}) as made:
        twin = made.twin("ORS_1")
        with suppress(requests.RequestException), ask(twin, "/ors/help", timeout=0.1, stream=True) as response:
            next(response.iter_content(2**22))
        twin.stop()
        assert refuses(twin)


def test_what_a_twin_does_otherwise_is_still_a_twins(tmp_path: Path) -> None:
    for lie in (calls.StartPage(), calls.StartError(), calls.StartAccepted(), transport.HugeHeaders()):
        with landscape(tmp_path, {"ORS_1": [lie]}) as made:
            twin = made.twin("ORS_1")
            try:
                answer = start(twin, "http://127.0.0.1:1/")
            except requests.RequestException:
                assert lie == transport.HugeHeaders()
            else:
                assert answer.headers["X-Orsgate-Twin"] == "ORS twin"
