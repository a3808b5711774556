# SPDX-License-Identifier: Apache-2.0
"""What was applied is taken back exactly, after a kill at any moment too, and nothing of what others did since."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from orsgate.estate.journal import Journal, JournalError, read_journal
from orsgate.remedy.apply import apply
from orsgate.remedy.changes import ChangeList
from orsgate.remedy.results import Status
from orsgate.remedy.writes import writes_in
from orsgate.sandbox.twins import misbehaving_writes as wrong
from orsgate.sandbox.twins.misbehaviour import Status as Answered
from orsgate.sandbox.twins.objects import Tree
from orsgate.sandbox.twins.server import Twin
from tests.journals import unfinished
from tests.remedy.killed import CHANGED, KILLED, Runner, runner
from tests.remedy.systems import (
    ESTATE,
    SOURCES,
    TREE,
    after_all,
    applied,
    change,
    changes_of,
    statuses,
    twin_of,
    undone,
    writer_to,
)
from tests.remedy.test_apply import options, with_option

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name == "nt", reason="processes are forked and killed")]

ONE = ChangeList(changes_of("ORS_1"))
DONE, REFUSED = Status.DONE, Status.REFUSED
MOMENTS = 19
"""A line that says who writes where, and for two objects a line, a write and another line; each line has three moments."""


@pytest.fixture(scope="module")
def killed() -> Iterator[Runner]:
    with runner() as running:
        yield running


def after_changed() -> Tree:
    """The tree after ``CHANGED``."""
    whole = after_all()
    return replace(whole, applications=(whole.applications[0], *TREE.applications[1:]))


def nothing_is_open(journal: Path) -> bool:
    return not unfinished(list(read_journal(journal)), "write")


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("then", ["apply", "undo"])
def test_a_kill_at_any_moment_of_applying(source, then, killed, tmp_path):
    ends = []
    for moment in count(1):
        journal = tmp_path / f"journal-{moment}"
        with twin_of(source) as twin:
            ends.append(killed("apply", source, twin.url, journal, moment))
            assert ends[-1] in {0, KILLED}
            if then == "apply":
                assert applied(twin, source, journal, CHANGED).is_whole
                assert twin.tree == after_changed()
                assert nothing_is_open(journal)
            assert undone(twin, source, journal).is_whole
            assert twin.tree == TREE
            assert nothing_is_open(journal)
        if not ends[-1]:
            break
    assert ends == [KILLED] * MOMENTS + [0]


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("then", ["apply", "undo"])
def test_a_kill_at_any_moment_of_undoing(source, then, killed, tmp_path):
    ends = []
    for moment in count(1):
        journal = tmp_path / f"journal-{moment}"
        with twin_of(source) as twin:
            assert applied(twin, source, journal, CHANGED).is_whole
            ends.append(killed("undo", source, twin.url, journal, moment))
            assert ends[-1] in {0, KILLED}
            if then == "apply":
                assert applied(twin, source, journal, CHANGED).is_whole
                assert twin.tree == after_changed()
                assert nothing_is_open(journal)
            assert undone(twin, source, journal).is_whole
            assert twin.tree == TREE
            assert nothing_is_open(journal)
        if not ends[-1]:
            break
    assert ends == [KILLED] * MOMENTS + [0]


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("then", ["apply", "undo"])
def test_a_kill_while_the_server_still_works_on_the_write(source, then, killed, tmp_path):
    journal = tmp_path / "journal"
    with twin_of(source) as twin:
        twin.misbehave_writes = wrong.StoredLate(0.4)
        assert killed("apply", source, twin.url, journal, 0, during=0.1) == KILLED
        assert twin.tree == TREE
        twin.misbehave_writes = None
        if then == "apply":
            found = applied(twin, source, journal, CHANGED)
            assert statuses(found) == [("ORS_1", DONE), ("ORS_Cluster", DONE)]
            assert "an earlier run wrote it" in found.results[0].why
            assert twin.tree == after_changed()
        assert undone(twin, source, journal).is_whole
        assert twin.tree == TREE
        assert nothing_is_open(journal)


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("then", [applied, undone])
def test_a_write_cut_short_whose_object_others_changed_is_named_and_left_alone(source, then, killed, tmp_path):
    journal = tmp_path / "journal"
    with twin_of(source) as twin:
        assert killed("apply", source, twin.url, journal, 8) == KILLED  # it was stored, and the journal does not say so
        twin.tree = theirs = with_option(twin.tree, "ORS_1", "made", "new", "theirs")
        for _ in range(2):
            found = then(twin, source, journal, *([ONE] if then is applied else []))
            assert statuses(found) == [("ORS_1", Status.UNKNOWN)]
            assert "neither as before nor as planned: made/new" in found.results[0].why
            assert not found.is_known
        assert twin.tree == theirs
        assert not nothing_is_open(journal)
        twin.tree = with_option(theirs, "ORS_1", "made", "new", "1")
        assert undone(twin, source, journal).is_whole
        assert twin.tree == TREE


@pytest.mark.parametrize("source", SOURCES)
def test_an_option_that_was_changed_since_is_named_and_keeps_its_object_from_being_taken_back(source, tmp_path):
    journal = tmp_path / "journal"
    with twin_of(source) as twin:
        applied(twin, source, journal)
        twin.tree = with_option(twin.tree, "ORS_1", "persistence", "cassandra-keyspace-name", "theirs")
        found = undone(twin, source, journal)
        assert statuses(found) == [("ORS_2", DONE), ("ORS_Cluster", DONE), ("ORS_1", REFUSED)]
        assert "changed since by somebody else: persistence/cassandra-keyspace-name" in found.results[-1].why
        assert options(twin)["persistence", "cassandra-keyspace-name"] == "theirs"
        assert options(twin)["made", "new"] == "1"
        assert twin.tree.applications[1:] == TREE.applications[1:]
        twin.tree = with_option(twin.tree, "ORS_1", "persistence", "cassandra-keyspace-name", "Orchestration")
        assert statuses(undone(twin, source, journal)) == [("ORS_1", DONE)]
        assert twin.tree == TREE


@pytest.mark.parametrize("source", SOURCES)
def test_other_options_that_others_changed_since_stay(source, tmp_path):
    journal = tmp_path / "journal"
    with twin_of(source) as twin:
        applied(twin, source, journal, ONE)
        twin.tree = with_option(twin.tree, "ORS_1", "zz", "last", "theirs")
        twin.tree = with_option(twin.tree, "ORS_1", "made", "besides", "theirs")
        twin.tree = twin.tree.holding(replace(twin.tree.applications[0], version="8.1.400.27"))
        assert undone(twin, source, journal).is_whole
        found = options(twin)
        assert (found["zz", "last"], found["made", "besides"]) == ("theirs", "theirs")
        assert ("made", "new") not in found
        assert twin.tree.applications[0].version == "8.1.400.27"
        assert {key: value for key, value in found.items() if value != "theirs"} == {
            (section, name): value for section, held in TREE.applications[0].options for name, value in held if section != "zz"
        }
        assert undone(twin, source, journal).is_whole


@pytest.mark.parametrize("source", SOURCES)
def test_what_was_taken_back_by_hand_is_left_so(source, tmp_path):
    journal = tmp_path / "journal"
    with twin_of(source) as twin:
        applied(twin, source, journal, ONE)
        twin.tree = TREE
        assert statuses(undone(twin, source, journal)) == [("ORS_1", Status.ALREADY)]
        assert twin.tree == TREE


@pytest.mark.parametrize("source", SOURCES)
def test_two_runs_over_one_object_are_taken_back_last_first(source, tmp_path):
    journal = tmp_path / "journal"
    again = ChangeList((change("ORS_1", "made/new", "1", "2"), change("ORS_1", "zz/last", "1", None)))
    with twin_of(source) as twin:
        assert applied(twin, source, journal, ONE).is_whole
        assert applied(twin, source, journal, again).is_whole
        assert statuses(undone(twin, source, journal)) == [("ORS_1", DONE), ("ORS_1", DONE)]
        assert twin.tree == TREE
        with Journal(journal) as opened:
            assert [write.undoes for write in writes_in(opened)] == [0, 0, 5, 2]


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("how", [Answered(403), Answered(500), wrong.NotStored()])
def test_an_undo_that_fails_can_be_repeated(source, how, tmp_path):
    journal = tmp_path / "journal"
    with twin_of(source) as twin:
        applied(twin, source, journal, ONE)
        after = twin.tree
        twin.misbehave_writes = how
        assert not undone(twin, source, journal).is_whole
        assert twin.tree == after
        twin.misbehave_writes = None
        assert undone(twin, source, journal).is_whole
        assert twin.tree == TREE


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("change_stored", [wrong.trimmed, wrong.without_option("cluster", "name")])
def test_an_undo_that_is_stored_differently_can_be_repeated(source, change_stored, tmp_path):
    journal = tmp_path / "journal"
    with twin_of(source) as twin:
        applied(twin, source, journal, ONE)
        twin.misbehave_writes = wrong.StoredOtherwise(change_stored)
        assert [status for _, status in statuses(undone(twin, source, journal))] == [Status.DIFFERS]
        twin.misbehave_writes = None
        assert undone(twin, source, journal).is_whole
        assert twin.tree == TREE


@pytest.mark.parametrize("source", SOURCES)
def test_an_object_that_is_gone_is_named(source, tmp_path):
    journal = tmp_path / "journal"
    with twin_of(source) as twin:
        applied(twin, source, journal)
        twin.tree = replace(twin.tree, transactions=())
        found = undone(twin, source, journal)
        assert statuses(found) == [("ORS_2", DONE), ("ORS_Cluster", REFUSED), ("ORS_1", DONE)]
        assert "shows no CfgTransaction with the DBID 101" in found.results[1].why


def test_a_journal_that_was_changed_is_refused(tmp_path):
    journal = tmp_path / "journal"
    with twin_of("gax") as twin:
        applied(twin, "gax", journal, ONE)
        text = journal.read_text()
        assert text.count('"dbid": 101') == 1
        for old, new in (('"edits"', '"edit"'), ('["options", ', '["options", "more", '), ('"undoes": 0', '"undone": 0')):
            journal.write_text(text.replace(old, new))
            with pytest.raises(JournalError, match=r"journal:2: this entry is not understood"):
                undone(twin, "gax", journal)
        journal.write_text('{"number": 1, "step": "start", "of": 0, "facts": {}}\n')
        with pytest.raises(JournalError, match="none of changes that were applied"):
            undone(twin, "gax", journal)


def test_the_undo_of_a_twin_takes_nothing_from_the_twin_of_another_shape(tmp_path):
    with twin_of("gax") as twin, twin_of("gws") as other:
        applied(twin, "gax", tmp_path / "journal", ONE)
        with pytest.raises(JournalError, match="it names the source 'gax', and this is 'gws'"):
            undone(other, "gws", tmp_path / "journal")
        assert isinstance(other, Twin)
        assert other.tree == TREE


def test_it_says_what_it_waits_for(killed, tmp_path):
    journal, told = tmp_path / "journal", []
    with twin_of("gax") as twin:
        assert killed("apply", "gax", twin.url, journal, 7) == KILLED  # it was announced, and not sent
        assert twin.tree == TREE
        with Journal(journal) as opened, writer_to("gax", twin.url) as writer:
            found = apply(CHANGED, writer, opened, lambda what, done, _: told.append((what, done)), estate=ESTATE)
        assert found.is_whole
    waiting = "waiting for a write to ORS_1 that was cut short and may still be stored"
    assert (told[0], (waiting, 1) in told) == ((waiting, 0), True)
