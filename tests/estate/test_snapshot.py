# SPDX-License-Identifier: Apache-2.0
"""The stored snapshot: what is written is read again, in whatever layout it comes back."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from orsgate.cli import judging
from orsgate.estate.inventory import Configuration
from orsgate.estate.knowledge import Unknown
from orsgate.estate.snapshot import PARTS, SnapshotError, dump, load
from tests import make

ODD_OPTIONS = "[db]\npassword=hidden\n[orchestration]\nname=[\n]\n"
NOTHING = make.estate(()).snapshot
HEALTHY = make.estate().snapshot
ODD = make.estate((*make.pair("ORS_1", ODD_OPTIONS), make.ors('"applications": [', Unknown("not there")), *make.SERVERS)).snapshot

STAGED = make.estate(file={"stage": [{"name": "none", "applications": []}, {"name": "one", "applications": ["ORS_1"]}]}).snapshot


@pytest.mark.parametrize("snapshot", [HEALTHY, ODD, NOTHING, STAGED], ids=["healthy", "odd", "no application", "stages"])
@pytest.mark.parametrize("indent", [None, 0, 1, 2])
def test_any_layout_of_the_same_document_is_the_same_snapshot(snapshot, indent):
    written = dump(snapshot)
    assert load(written, "snapshot.json") == snapshot
    assert load(json.dumps(json.loads(written), indent=indent).encode(), "snapshot.json") == snapshot


def test_the_applications_stand_in_the_configuration_and_nowhere_else():
    document = json.loads(dump(STAGED))
    assert [each["name"] for each in document["configuration"]["applications"]][:2] == ["ORS_1", "ORS_1_B"]
    assert [each["applications"] for each in document["estate"]["stage"]] == [[], ["ORS_1"]]


def test_an_application_has_a_line_of_its_own():
    lines = [line for line in dump(HEALTHY).splitlines() if line.startswith(b'{"name":')]
    assert isinstance(HEALTHY.configuration, Configuration)
    assert len(lines) == len(HEALTHY.configuration.applications)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        (b'"name":"ORS_2"', b'"name":7', "configuration"),
        (b'\n{"name":"ORS_2"', b'\nnull,\n{"name":"ORS_2"', "configuration"),
        (b'\n{"name":"ORS_2"', b'\n,{"name":"ORS_2"', "JSON"),
        (b"}\n]", b"},\n]", "JSON"),
        (b'"applications": [\n', b'"applications": [\n]\n', "JSON"),
        (b'"orsgate/snapshot/1"', b'"orsgate/snapshot/0"', "schema"),
    ],
)
def test_a_damaged_one_is_refused_and_the_place_named(old, new, named):
    written = dump(HEALTHY)
    assert old in written
    with pytest.raises(SnapshotError, match=named):
        load(written.replace(old, new, 1), "snapshot.json")


def test_the_command_line_offers_the_parts_there_are():
    assert judging._PARTS == PARTS


@pytest.mark.parametrize("applications", [(make.ors("ORS_1", host="a\udcff"),), ()], ids=["in an application", "beside them"])
def test_half_a_character_is_written_as_its_number(applications):
    """A path that is no UTF-8 holds such halves."""
    estate = make.estate(applications)
    again = load(
        dump(replace(estate.snapshot, estate_path="caf\udce9.toml", plan="\ud83d\ude00 whole: \U0001f600")), "snapshot.json"
    )
    assert again.estate_path == "caf[U+DCE9].toml"
    assert again.plan == "[U+D83D][U+DE00] whole: \U0001f600"
    assert isinstance(again.configuration, Configuration)
    assert [each.host for each in again.configuration.applications] == ["a[U+DCFF]" for _ in applications]
    assert replace(again, estate_path="", plan="", configuration=None) == replace(
        estate.snapshot, estate_path="", plan="", configuration=None
    )
