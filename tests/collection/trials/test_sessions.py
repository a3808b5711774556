# SPDX-License-Identifier: Apache-2.0
"""The active test on servers that tell the truth."""

from __future__ import annotations

import pytest

from orsgate.collection.trials.document import EVENT, ForeignDocument
from orsgate.estate.deployment import Response, Served, well_formed
from orsgate.estate.knowledge import Unknown
from tests.collection.trials.scripted import ScriptedOrs, Site
from tests.collection.trials.trying import SILENT, served_by, tried, two_nodes

pytestmark = pytest.mark.slow


def status(said) -> int:
    assert isinstance(said, Response), said
    return said.status


def test_a_session_from_its_start_to_its_end_on_each_node(tmp_path):
    with two_nodes() as (first, second):
        found = tried(served_by(first, second), tmp_path / "journal")
        assert first.site.live == set()
        for node, other, name in ((first, second, "ORS_1"), (second, first, "ORS_2")):
            trial = found.of(name)
            assert (trial.application, trial.url) == (name, node.url)
            assert well_formed(trial.session)
            assert trial.fetched is True
            assert [status(each) for each in (trial.started, trial.event, trial.queried, trial.terminated)] == [200] * 4
            assert status(trial.queried_after) == 404
            assert trial.row is not None
            assert not isinstance(trial.row, Unknown)
            assert trial.row.found == "Session"
            [redirect] = trial.redirects
            assert redirect.application == {"ORS_1": "ORS_2", "ORS_2": "ORS_1"}[name]
            assert status(redirect.answer) == 307
            assert isinstance(redirect.answer, Response)
            assert redirect.answer.location.startswith(node.url + "/scxml/session/")
            assert trial.left_behind == ""
            own = [each for each in node.asked if each.session in {"", trial.session}]
            assert [(each.method, each.call) for each in own] == [
                ("POST", "start"), ("POST", "event"), ("GET", "query"), ("POST", "terminate"), ("GET", "query"),
            ]  # fmt: skip
            assert own[1].path.endswith(f"/event/{EVENT}")
            assert [each.call for each in other.asked if each.session == trial.session] == ["query"]
    assert found.remarks == ()
    assert found.settled
    assert "accounted for" in (tmp_path / "journal").read_text().splitlines()[-1]


def test_each_session_has_a_document_of_its_own(tmp_path):
    with two_nodes() as (first, second):
        tried(served_by(first, second), tmp_path / "journal")
        documents = [each.form["src"][0] for node in (first, second) for each in node.asked if each.call == "start"]
    assert len(set(documents)) == 2
    assert all(len(each.rsplit("/", 1)[1]) > 30 for each in documents)


def test_a_pair_that_switched_over_is_tried_on_its_backup(tmp_path):
    with two_nodes() as (first, second):
        served = (Served("ORS_1", "http://127.0.0.1:1", SILENT), first.served("ORS_1_B"), second.served("ORS_2"))
        trial = tried(served, tmp_path / "journal").of("ORS_1")
    assert (trial.application, trial.url, trial.left_behind) == ("ORS_1_B", first.url, "")


def test_a_node_that_does_not_serve_says_why_and_is_asked_nothing(tmp_path):
    with two_nodes() as (first, second):
        served = (Served("ORS_1", "", SILENT), Served("ORS_1_B", "", SILENT), second.served("ORS_2"))
        found = tried(served, tmp_path / "journal")
        assert first.asked == []
    assert found.of("ORS_1").started == SILENT
    assert found.of("ORS_2").redirects == ()


def test_without_a_ring_no_row_is_looked_for(tmp_path):
    with two_nodes() as (first, second):
        found = tried(served_by(first, second), tmp_path / "journal", look_up=None)
    assert [each.row for each in found.trials] == [None, None]


def test_who_fetches_the_document_of_somebody_else_is_not_known(tmp_path):
    with two_nodes() as (first, second):
        first.fetches = second.fetches = False
        found = tried(served_by(first, second), tmp_path / "journal", ForeignDocument("http://docs.example/test.scxml"))
        assert {each.form["src"][0] for each in first.asked if each.call == "start"} == {"http://docs.example/test.scxml"}
    assert all(isinstance(each.fetched, Unknown) for each in found.trials)


def test_a_session_that_went_to_the_backup_is_ended_there(tmp_path):
    """As after a failover: the Primary refuses, and the Backup owns its sessions."""
    from orsgate.collection.trials.serving import DocumentServer
    from orsgate.collection.trials.sessions import SessionTrials
    from orsgate.estate.journal import Journal
    from orsgate.probes.ors.client import OrsClient
    from tests.collection.trials.trying import LIMITS
    from tests.make import estate

    with two_nodes() as (first, second):
        backup = ScriptedOrs(first.site)
        served = (first.served("ORS_1"), Served("ORS_1_B", backup.url, SILENT), second.served("ORS_2"))
        with DocumentServer("127.0.0.1", 0) as server, Journal(tmp_path / "journal") as journal:
            tests = SessionTrials(estate(), served, OrsClient(LIMITS), server, journal, None, LIMITS)
            with tests:
                tests.begin()
                [trial] = [each for each in tests.trials if each.node == "ORS_1"]
                first.site.owners[trial.session] = backup
                first.close()
            [trial] = [each for each in tests.trials if each.node == "ORS_1"]
        assert first.site.live == set()
        assert status(trial.terminated) == 200
        assert isinstance(trial.terminated, Response)
        assert trial.terminated.where.startswith(backup.url.removeprefix("http://"))
        assert trial.left_behind == ""
        backup.close()


@pytest.mark.parametrize("number", [1, 40])
def test_many_nodes_are_tried_at_a_bounded_number_at_a_time(number, tmp_path):
    from orsgate.probes.ors.client import AT_ONCE
    from tests.make import estate, ors

    site, at_once, most = Site(), [0], [0]
    node = ScriptedOrs(site)
    applications = tuple(ors(f"ORS_{each}") for each in range(1, number + 1))

    def counted(_asked):
        with site.lock:
            at_once[0] += 1
            most[0] = max(most[0], at_once[0])
        node.held.wait(0.05)
        with site.lock:
            at_once[0] -= 1

    node.lies["start"] = counted
    found = tried(
        tuple(node.served(each.name) for each in applications), tmp_path / "journal", of=estate(applications, ())
    )  # fmt: skip
    node.close()
    assert len(found.trials) == number
    assert [each for each in found.trials if not isinstance(each.started, Response) or each.left_behind or each.redirects] == []
    assert most[0] <= AT_ONCE
    assert site.live == set()
