# SPDX-License-Identifier: Apache-2.0
"""What the journal of the active test says was left behind."""

from __future__ import annotations

from dataclasses import replace

from orsgate.collection.trials.trail import CLOSED, Left, Trail, left_by
from orsgate.estate.journal import Entry, Journal

SESSION = Left("ORS_1", "ORS_1_B", "http://b:7210", "http://a:7210", "http://me:8080/x.scxml", 900)


def test_what_was_started_comes_back_whole(tmp_path):
    with Journal(tmp_path / "journal") as journal:
        trail = Trail(journal)
        announced = trail.start(SESSION)
        assert trail.left() == (announced,)
        trail.started(replace(announced, session="abc"), "started")
    with Journal(tmp_path / "journal") as journal:
        [left] = Trail(journal).left()
        assert (left.session, left.number, left.lives_for, left.partner_url) == ("abc", 1, 900, "http://a:7210")
        assert left.at.endswith("Z")


def test_a_run_is_closed_when_everything_is_accounted_for(tmp_path):
    with Journal(tmp_path / "journal") as journal:
        trail = Trail(journal)
        assert trail.settle()
        assert journal.entries == []
        left = trail.start(SESSION)
        trail.started(left, "not started")
        left = trail.start(SESSION)
        assert trail.settle()
        assert [entry.step for entry in journal.entries][-2:] == ["session named", CLOSED]
        assert trail.left() == ()
        assert trail.settle()
        assert [entry.step for entry in journal.entries].count(CLOSED) == 1


def test_a_session_that_is_not_over_keeps_it_open_until_it_is(tmp_path):
    with Journal(tmp_path / "journal") as journal:
        trail = Trail(journal)
        left = trail.start(SESSION)
        known = replace(left, session="abc")
        trail.started(known, "started")
        trail.ended(trail.end(known, known.url), known, over=False)
        assert not trail.settle()
        assert trail.left() == (known,)
        trail.ended(trail.end(known, known.partner_url), known, over=True)
        assert trail.settle()


def test_other_tests_may_write_into_the_same_journal(tmp_path):
    with Journal(tmp_path / "journal") as journal:
        trail = Trail(journal)
        stopping = journal.append("stop", application="ORS_1")
        left = trail.start(SESSION)
        journal.append("stop", of=stopping.number, code=0)
        trail.started(left, "not started")
        assert trail.settle()
        begun = journal.append("start", application="ORS_1")
        assert trail.settle()
        assert journal.entries[-1] == begun


def test_a_journal_that_was_written_by_hand_breaks_nothing():
    entries = [
        Entry(1, "start session", 0, {"node": 7, "lives_for": "x"}),
        Entry(2, "start session", 99, {"outcome": "started"}),
        Entry(3, "end session", 1, {"over": "yes", "start": 1}),
        Entry(4, "session named", 77, {}),
        Entry(5, "end session", 3, {"over": True}),
        Entry(6, "end session", 0, {"over": True, "start": 1}),
    ]
    [left] = left_by(entries)
    assert (left.number, left.node, left.lives_for, left.session) == (1, "7", 0, "")
