# SPDX-License-Identifier: Apache-2.0
"""Merging parts of a snapshot that were collected on different hosts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from orsgate.estate.export import parse
from orsgate.estate.inventory import Configuration, Origin
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.merge import merge
from orsgate.estate.ring import Ring
from orsgate.estate.secret import Redactor
from orsgate.estate.snapshot import PARTS, Part, Snapshot, SnapshotError, dump, load
from tests import make, rehearsals

SECRET = make.HEALTHY_OPTIONS + "password=made up\n"


def whole(**keys: Any) -> Snapshot:
    return make.estate(**keys).snapshot


def only(*parts: str, of: Snapshot | None = None, later: timedelta = timedelta()) -> Snapshot:
    """The snapshot that collecting only ``parts`` gives."""
    snapshot = of or whole()
    kept: dict[str, Any] = {name: getattr(snapshot, name) if name in parts else None for name in PARTS}
    collected = tuple(Part(name, name, "tester", make.NOW + later) for name in PARTS if name in parts)
    return replace(snapshot, parts=collected, started=make.NOW + later, **kept)


def read_again(text: str = make.HEALTHY_OPTIONS, place: str = "/elsewhere/ORS_1.cfg") -> Snapshot:
    """A configuration with one application, as another run on another host reads it."""
    export = parse(text.encode(), place, Redactor(), "2026-01-31T00:00:00Z")
    application = make.ors("ORS_1", export, rollback=None, origin=Origin(f"{place}.toml", {"": 10}))
    return only("configuration", of=whole(applications=(application,), clusters=()))


def test_two_parts_are_what_one_run_collects():
    found = merge([("c.json", only("cassandra")), ("a.json", only("configuration", later=timedelta(hours=1)))])
    assert (found.configuration, found.cassandra) == (whole().configuration, whole().cassandra)
    assert {part.part: part.host for part in found.parts} == {"cassandra": "cassandra", "configuration": "configuration"}
    assert found.errors == ()
    assert found.started == make.NOW


def test_a_rehearsal_is_a_part_like_any_other():
    rehearsed = rehearsals.held(only(), rehearsals.rehearsal())
    found = merge([("a", only("configuration")), ("c", only("cassandra")), ("r", rehearsed)])
    assert found.rehearsal == rehearsals.rehearsal()
    assert [part.part for part in found.parts] == ["configuration", "cassandra", "rehearsal"]
    assert load(dump(found), "s.json") == found
    other = rehearsals.held(only(), rehearsals.rehearsal(of=rehearsals.twin(release="2.2.5")))
    with pytest.raises(SnapshotError, match="both hold the part rehearsal, and differ in it"):
        merge([("a", rehearsed), ("b", other)])


def test_one_snapshot_stays_as_it_is():
    assert merge([("a.json", whole())]) == whole()
    with pytest.raises(SnapshotError, match="there is no snapshot"):
        merge([])


@pytest.mark.parametrize(("hours", "apart"), [(4, False), (4.1, True)])
def test_parts_more_than_four_hours_apart_are_an_error_of_the_run(hours, apart):
    late = only("cassandra", later=timedelta(hours=hours))
    for named in ([("a", only("configuration")), ("b", late)], [("b", late), ("a", only("configuration"))]):
        assert [error.message.split(";")[0] for error in merge(named).errors] == (
            [f"the parts were collected {hours} hours apart"] if apart else []
        )


def test_parts_of_different_estate_files():
    other = only("cassandra", of=whole(to_release="8.1.400.40"))
    with pytest.raises(SnapshotError, match=r"a\.json and b\.json were collected with different estate files"):
        merge([("a.json", only("configuration")), ("b.json", other)])


def test_parts_that_contradict_each_other():
    slow = Unknown("10.0.0.1:9160 did not answer", failure=Failure.TIMEOUT)
    shorter = make.ring(*(make.node(address) for address in list(make.NODE_PLACES)[:3]))
    for cassandra in (slow, shorter, make.ring(make.node("10.0.0.1", release=slow))):
        other = only("cassandra", of=whole(cassandra=cassandra))
        with pytest.raises(SnapshotError, match=r"a\.json and b\.json both hold the part cassandra, and differ in it"):
            merge([("a.json", whole()), ("b.json", other)])


def test_the_same_part_twice():
    assert merge([("a.json", whole()), ("b.json", only("cassandra"))]) == whole()


def test_digests_and_places_are_those_of_one_run():
    again = read_again(place="there/ORS_1.cfg")
    found = merge([("a.json", read_again()), ("b.json", load(dump(again), "b.json"))])
    assert found.errors == ()
    assert isinstance(found.configuration, Configuration)
    assert found.configuration.applications[0].origin.place == "/elsewhere/ORS_1.cfg.toml"


@pytest.mark.parametrize("text", [make.HEALTHY_OPTIONS + "x=1\n", make.HEALTHY_OPTIONS.replace("500", "501"), SECRET])
def test_options_that_differ(text):
    with pytest.raises(SnapshotError, match="both hold the part configuration, and differ in it"):
        merge([("a.json", read_again()), ("b.json", read_again(text))])


def test_what_neither_run_could_read_is_no_contradiction():
    def lost(directory: str) -> Snapshot:
        unknown = Unknown(f"cannot be read: {directory}/ORS_1.cfg", f"{directory}/ORS_1.cfg", Failure.MISSING)
        application = make.ors("ORS_1", unknown, rollback=None)
        return only("configuration", of=whole(applications=(application,), clusters=()))

    assert merge([("a.json", lost("a")), ("b.json", lost("b"))]).errors == ()
    with pytest.raises(SnapshotError, match="differ in it"):
        merge([("a.json", lost("a")), ("b.json", read_again())])


def test_secrets_of_two_runs_cannot_be_compared():
    one = read_again(SECRET)
    [error] = merge([("a.json", one), ("b.json", read_again(SECRET.replace("made up", "another")))]).errors
    assert error.message.startswith("a.json and b.json both hold the part configuration: the secrets in it cannot be compared")
    assert merge([("a.json", one), ("b.json", load(dump(one), "b.json"))]).errors == ()


def test_errors_and_interruptions_are_kept():
    broken = replace(only("cassandra"), interrupted=True, deadline_passed=True)
    found = merge([("a.json", only("configuration")), ("b.json", broken)])
    assert (found.interrupted, found.deadline_passed) == (True, True)
    assert isinstance(found.cassandra, Ring)


def test_what_belongs_to_the_configuration_comes_with_it():
    baseline = Unknown("it was changed", "baseline")
    planned = replace(only("configuration"), plan="plan", baseline=baseline)
    found = merge([("c.json", only("cassandra")), ("a.json", planned)])
    assert (found.plan, found.baseline) == ("plan", baseline)
    assert merge([("c.json", replace(only("cassandra"), plan="none")), ("a.json", only("configuration"))]).plan == ""
