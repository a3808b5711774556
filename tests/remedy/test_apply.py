# SPDX-License-Identifier: Apache-2.0
"""Changes are applied to GAX and GWS as planned and no further, and whatever goes wrong is known for what it is."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from typing import Any

import pytest

from orsgate.estate.journal import Journal, JournalError, read_journal
from orsgate.remedy.apply import apply
from orsgate.remedy.changes import ChangeList
from orsgate.remedy.results import Status
from orsgate.sandbox.twins import misbehaving_writes as wrong
from orsgate.sandbox.twins.misbehaviour import Hang
from orsgate.sandbox.twins.misbehaviour import Status as Answered
from orsgate.sandbox.twins.objects import Tree
from orsgate.sandbox.twins.server import DEFAULT_PASSWORD, Twin
from orsgate.wire.trouble import ProbeError
from tests.journals import unfinished
from tests.remedy.systems import (
    CHANGES,
    ESTATE,
    KINDS,
    SOURCES,
    TREE,
    after_all,
    applied,
    change,
    changes_of,
    ors,
    statuses,
    twin_of,
    undone,
    writer_to,
)

pytestmark = pytest.mark.slow

DONE, ALREADY, REFUSED = Status.DONE, Status.ALREADY, Status.REFUSED
ONE = ChangeList(changes_of("ORS_1"))


def options(twin: Twin, name: str = "ORS_1") -> dict[tuple[str, str], str]:
    (one,) = (each for each in twin.tree.applications if each.name == name)
    return {(section, option): value for section, held in one.options for option, value in held}


def with_option(tree: Tree, name: str, section: str, option: str, value: str | None) -> Tree:
    """The tree after somebody else set or deleted an option that is there, or added one to its section."""
    (one,) = (each for each in tree.applications if each.name == name)
    held = {found: dict(options) for found, options in one.options}
    held.setdefault(section, {})
    if value is None:
        held[section].pop(option)
    else:
        held[section][option] = value
    return tree.holding(replace(one, options=tuple((found, tuple(options.items())) for found, options in held.items())))


def journalled(path: Any) -> list[str]:
    """The outcomes in a journal; ``open`` for a write without an end."""
    entries = list(read_journal(path))
    return [entry.facts["outcome"] for entry in entries if entry.of] + ["open"] * len(unfinished(entries, "write"))


@pytest.mark.parametrize("source", SOURCES)
def test_exactly_what_is_planned_changes_and_undo_gives_everything_back(source, tmp_path):
    journal = tmp_path / "journal"
    with twin_of(source) as twin:
        found = applied(twin, source, journal)
        assert statuses(found) == [("ORS_1", DONE), ("ORS_Cluster", DONE), ("ORS_2", DONE)]
        assert found.is_whole
        assert twin.tree == after_all()
        assert os.name == "nt" or journal.stat().st_mode & 0o777 == 0o600
        writes = sum(each.method == "PUT" for each in twin.requests)
        assert statuses(applied(twin, source, journal)) == [("ORS_1", ALREADY), ("ORS_Cluster", ALREADY), ("ORS_2", ALREADY)]
        assert sum(each.method == "PUT" for each in twin.requests) == writes == 3
        assert statuses(undone(twin, source, journal)) == [("ORS_2", DONE), ("ORS_Cluster", DONE), ("ORS_1", DONE)]
        assert twin.tree == TREE
        assert undone(twin, source, journal).results == ()
        assert applied(twin, source, journal).is_whole
        assert twin.tree == after_all()
        assert undone(twin, source, journal).is_whole
        assert twin.tree == TREE


@pytest.mark.parametrize("source", SOURCES)
def test_what_changed_since_is_refused_and_the_others_go_on(source, tmp_path):
    with twin_of(source) as twin:
        twin.tree = changed = with_option(TREE, "ORS_1", "cluster", "name", "hunter2")
        found = applied(twin, source, tmp_path / "journal")
        assert statuses(found) == [("ORS_1", REFUSED), ("ORS_Cluster", DONE), ("ORS_2", DONE)]
        assert "cluster/name has another value" in found.results[0].why
        assert "hunter2" not in found.results[0].why
        assert twin.tree.applications[0] == changed.applications[0]
        assert not found.is_whole
        assert undone(twin, source, tmp_path / "journal").is_whole
        assert twin.tree == changed


@pytest.mark.parametrize("source", SOURCES)
def test_what_somebody_did_already_is_not_done_again_and_not_taken_back(source, tmp_path):
    with twin_of(source) as twin:
        twin.tree = begun = with_option(TREE, "ORS_1", "orchestration", "functions-by-urs", "true")
        assert statuses(applied(twin, source, tmp_path / "journal", ONE)) == [("ORS_1", DONE)]
        assert undone(twin, source, tmp_path / "journal").is_whole
        assert twin.tree == begun


@pytest.mark.parametrize("source", SOURCES)
def test_a_section_with_more_than_the_plan_deletes_is_refused(source, tmp_path):
    with twin_of(source) as twin:
        twin.tree = more = with_option(TREE, "ORS_1", "cluster", "other", "1")
        found = applied(twin, source, tmp_path / "journal", ONE)
        assert statuses(found) == [("ORS_1", REFUSED)]
        assert "the section cluster holds other, which the plan does not delete" in found.results[0].why
        assert twin.tree == more


@pytest.mark.parametrize("source", SOURCES)
def test_an_object_that_is_not_there_or_there_twice_is_refused(source, tmp_path):
    twice = replace(TREE, applications=(*TREE.applications, ors(103, "ORS_2")))
    with twin_of(source, twice) as twin:
        found = applied(twin, source, tmp_path / "journal", ChangeList((change("ORS_9", "a/b", None, "1"), *changes_of("ORS_2"))))
        assert [status for _, status in statuses(found)] == [REFUSED, REFUSED]
        assert "shows no CfgApplication with the name ORS_9" in found.results[0].why
        assert "shows 2 objects of the kind CfgApplication with the name ORS_2" in found.results[1].why
        assert twin.tree == twice


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("code", [401, 403, 404, 405, 409, 500, 302])
def test_a_write_that_is_refused(source, code, tmp_path):
    with twin_of(source) as twin:
        twin.misbehave_writes = Answered(code, {"Location": "/elsewhere"} if code == 302 else {})
        found = applied(twin, source, tmp_path / "journal", ONE)
        assert statuses(found) == [("ORS_1", REFUSED)]
        assert ("redirects" if code == 302 else f"HTTP {code}") in found.results[0].why
        assert twin.tree == TREE
        assert sum(each.method == "PUT" for each in twin.requests) == 1
        assert journalled(tmp_path / "journal") == ["not stored"]
        twin.misbehave_writes = None
        assert applied(twin, source, tmp_path / "journal", ONE).is_whole


@pytest.mark.parametrize("source", SOURCES)
def test_an_account_that_may_only_read(source, tmp_path):
    with KINDS[source](TREE) as twin:
        found = applied(twin, source, tmp_path / "journal", ONE)
        assert statuses(found) == [("ORS_1", REFUSED)]
        assert "give the account the right to change the object" in found.results[0].why


@pytest.mark.parametrize("source", SOURCES)
def test_a_write_that_is_accepted_and_not_stored(source, tmp_path):
    with twin_of(source) as twin:
        twin.misbehave_writes = wrong.NotStored()
        found = applied(twin, source, tmp_path / "journal", ONE)
        assert statuses(found) == [("ORS_1", Status.NOT_STORED)]
        assert journalled(tmp_path / "journal") == ["not stored"]
        assert undone(twin, source, tmp_path / "journal").results == ()


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("how", [wrong.StoredUnsaid(), wrong.StoredThen(500), wrong.StoredThen(504), wrong.StoredLate(0.9)])
def test_a_write_whose_answer_is_lost_or_wrong_is_known_by_reading_back(source, how, tmp_path):
    with twin_of(source) as twin:
        twin.misbehave_writes = how
        assert statuses(applied(twin, source, tmp_path / "journal", ONE)) == [("ORS_1", DONE)]
        assert sum(each.method == "PUT" for each in twin.requests) == 1
        twin.misbehave_writes = None
        assert undone(twin, source, tmp_path / "journal").is_whole
        assert twin.tree == TREE


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("how", [Hang(), Answered(502)])
def test_a_write_that_may_still_be_stored_stays_open_until_it_is_known(source, how, tmp_path):
    journal = tmp_path / "journal"
    with twin_of(source) as twin:
        twin.misbehave_writes = how
        found = applied(twin, source, journal, ONE)
        assert statuses(found) == [("ORS_1", Status.UNKNOWN)]
        assert "may still be stored" in found.results[0].why
        assert journalled(journal) == ["open"]
        twin.misbehave_writes = None
        assert undone(twin, source, journal).results == ()
        assert journalled(journal) == ["not stored"]
        assert applied(twin, source, journal, ONE).is_whole
        assert undone(twin, source, journal).is_whole
        assert twin.tree == TREE


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize(
    ("change_stored", "named"),
    [
        (wrong.trimmed, "orchestration/keep has another value"),
        (wrong.without_option("zz", "last"), "zz/last is not there"),
        (wrong.without_option("orchestration", "functions-by-urs"), "orchestration/functions-by-urs is not there"),
        (lambda fields: fields.pop("later"), "the field later"),
    ],
    ids=["trimmed", "another option dropped", "a new option dropped", "a field dropped"],
)
def test_what_is_stored_differently_is_named_and_can_be_taken_back(source, change_stored, named, tmp_path):
    with twin_of(source) as twin:
        twin.misbehave_writes = wrong.StoredOtherwise(change_stored)
        found = applied(twin, source, tmp_path / "journal", ONE)
        assert statuses(found) == [("ORS_1", Status.DIFFERS)]
        assert named in found.results[0].why
        twin.misbehave_writes = None
        undone(twin, source, tmp_path / "journal")
        expected = TREE if "field" not in named else TREE.holding(replace(TREE.applications[0], more=()))
        assert twin.tree == expected


@pytest.mark.parametrize("source", SOURCES)
def test_an_option_that_another_writer_changes_just_before_the_write_is_not_overwritten(source, tmp_path):
    with twin_of(source) as twin:

        def another() -> None:
            twin.tree = with_option(TREE, "ORS_1", "zz", "last", "theirs")

        twin.misbehave = {3: wrong.AnsweredThen(another)}  # a login, the DBID, the object
        found = applied(twin, source, tmp_path / "journal", ONE)
        assert statuses(found) == [("ORS_1", REFUSED)]
        assert "at this very moment" in found.results[0].why
        assert options(twin)["zz", "last"] == "theirs"
        assert journalled(tmp_path / "journal") == ["not stored"]
        assert applied(twin, source, tmp_path / "journal", ONE).is_whole
        assert options(twin)["zz", "last"] == "theirs"


@pytest.mark.parametrize("source", SOURCES)
def test_what_another_writer_changes_right_after_is_named(source, tmp_path):
    with twin_of(source) as twin:
        twin.misbehave_writes = wrong.AnsweredThen(
            lambda: setattr(twin, "tree", with_option(twin.tree, "ORS_1", "zz", "last", "theirs"))
        )
        found = applied(twin, source, tmp_path / "journal", ONE)
        assert statuses(found) == [("ORS_1", Status.DIFFERS)]
        assert "zz/last has another value" in found.results[0].why


def test_a_session_that_ends_before_a_write_is_opened_again_to_see_what_became_of_it(tmp_path):
    with twin_of("gax") as twin:
        twin.expires_at_request = 5  # login, DBID, object, object again, and then the write
        found = applied(twin, "gax", tmp_path / "journal")
        assert statuses(found) == [("ORS_1", REFUSED), ("ORS_Cluster", DONE), ("ORS_2", DONE)]
        assert "the session has ended" in found.results[0].why
        assert applied(twin, "gax", tmp_path / "journal").is_whole
        assert twin.tree == after_all()


@pytest.mark.parametrize("source", SOURCES)
def test_an_interruption_finishes_the_object_under_way_and_tries_no_other(source, tmp_path):
    with twin_of(source) as twin:
        found = applied(twin, source, tmp_path / "journal", stop=lambda: any(each.method == "PUT" for each in twin.requests))
        assert statuses(found) == [("ORS_1", DONE), ("ORS_Cluster", Status.NOT_TRIED), ("ORS_2", Status.NOT_TRIED)]
        assert found.interrupted
        assert applied(twin, source, tmp_path / "journal").is_whole


@pytest.mark.parametrize("source", SOURCES)
def test_a_journal_of_another_system_is_refused_before_anything_is_written(source, tmp_path):
    journal = tmp_path / "journal"
    with twin_of(source) as twin, twin_of(source) as other:
        applied(twin, source, journal, ONE)
        with pytest.raises(JournalError, match="that of another system: it names the address"):
            undone(other, source, journal)
        with (
            Journal(journal) as opened,
            writer_to(source, twin.url) as writer,
            pytest.raises(JournalError, match="it names the estate"),
        ):
            apply(CHANGES, writer, opened, estate=f"not {ESTATE}")
        assert other.tree == TREE


@pytest.mark.parametrize("source", SOURCES)
def test_nothing_is_written_that_the_journal_does_not_announce(source, tmp_path, monkeypatch):
    real = Journal.append

    def full(journal: Journal, step: str, of: int = 0, **facts: Any) -> Any:
        if step == "write":
            raise JournalError("the disk is full")
        return real(journal, step, of, **facts)

    with twin_of(source) as twin:
        monkeypatch.setattr(Journal, "append", full)
        with pytest.raises(JournalError):
            applied(twin, source, tmp_path / "journal", ONE)
        assert not any(each.method == "PUT" for each in twin.requests)
        assert twin.tree == TREE


@pytest.mark.parametrize("source", SOURCES)
def test_a_wrong_password_is_tried_once(source, tmp_path):
    with KINDS[source](TREE, password="another", writable=True) as twin:  # noqa: S106 - made up
        with pytest.raises(ProbeError, match="refused the login"):
            applied(twin, source, tmp_path / "journal", ONE)
        assert len([each for each in twin.requests if not each.path.endswith("logout")]) == 1


@pytest.mark.parametrize("source", SOURCES)
def test_an_account_that_is_locked_in_the_middle_is_not_tried_again_and_again(source, tmp_path):
    with twin_of(source) as twin:

        def lock() -> None:
            twin._password = "another"  # noqa: S105 - made up
            twin.expires_at_request = 1 + len(twin.requests)

        twin.misbehave_writes = wrong.AnsweredThen(lock)
        found = applied(twin, source, tmp_path / "journal")
        assert statuses(found) == [(name, Status.UNKNOWN) for name in ("ORS_1", "ORS_Cluster", "ORS_2")]
        refused = [each for each in twin.requests if each.number >= (twin.expires_at_request or 0)]
        assert len([each for each in refused if not each.path.endswith("logout")]) == (2 if source == "gax" else 1)
        assert journalled(tmp_path / "journal") == ["open"]
        twin._password, twin.misbehave_writes, twin.expires_at_request = DEFAULT_PASSWORD, None, None
        assert applied(twin, source, tmp_path / "journal").is_whole
        assert twin.tree == after_all()


@pytest.mark.parametrize("source", SOURCES)
def test_two_hundred_applications(source, tmp_path):
    names = [f"ORS_{number}" for number in range(200)]
    tree = Tree(tuple(ors(1000 + number, name) for number, name in enumerate(names)))
    changes = ChangeList(tuple(each for name in names for each in changes_of(name)))
    with twin_of(source, tree) as twin:
        began = time.monotonic()
        assert applied(twin, source, tmp_path / "journal", changes).is_whole
        middle = time.monotonic()
        assert undone(twin, source, tmp_path / "journal").is_whole
        print(f"{source}: 200 applications applied in {middle - began:.1f} s, undone in {time.monotonic() - middle:.1f} s")  # noqa: T201
        assert twin.tree == tree
