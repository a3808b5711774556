# SPDX-License-Identifier: Apache-2.0
"""Sources that leave out, mix up or hold back: what is not known is said."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from orsgate.estate.file import load_estate_file
from orsgate.estate.inventory import Configuration
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.mistakes import InputError
from orsgate.estate.secret import Redactor
from orsgate.sandbox.samples import place_sample
from orsgate.sandbox.twins.exchange import Answer, Asked
from orsgate.sandbox.twins.gws import GwsTwin
from orsgate.sandbox.twins.server import DEFAULT_PASSWORD
from orsgate.sources.export_files import read_rollback
from orsgate.sources.fields import Fields
from tests.acceptance.conftest import orsgate
from tests.faults.workshop import judged
from tests.sources.reading import TWINS, VARIABLE, collected, configuration, live_estate, mutagen_estate, password, tree
from tests.sources.test_same_estate import with_ring

pytestmark = pytest.mark.slow


class _OwnPages(GwsTwin):
    """GWS with pages of its own size, whatever ``limit`` says."""

    def answer(self, asked: Asked, request: Any, body: bytes) -> Answer:
        query = {key: value for key, value in asked.query.items() if key != "limit"}
        return super().answer(replace(asked, query=query), request, body)


class _WithoutPages(GwsTwin):
    """GWS that refuses what it does not know, and gives everything at once."""

    def answer(self, asked: Asked, request: Any, body: bytes) -> Answer:
        if {"limit", "offset"} & asked.query.keys():
            return Answer.of({"statusCode": 1}, 400)
        return super().answer(asked, request, body)


@pytest.fixture
def sample(tmp_path) -> Path:
    return place_sample("healthy", tmp_path / "sample")


def names(read: Configuration) -> set[str]:
    """Of all applications but the Configuration Server itself, which a file source does not list."""
    return {application.name for application in read.applications} - {"confserv"}


@pytest.mark.parametrize("size", [1, 3, 5])
def test_pages_that_are_larger_than_was_asked_for_are_all_read(size, sample, monkeypatch):
    monkeypatch.setattr("orsgate.sources.gws.PAGE", 2)
    expected = names(configuration(sample))
    with _OwnPages(tree(sample), page_size=size) as twin, password():
        read = configuration(live_estate(sample, "gws", twin.url))
    assert names(read) == expected
    assert not read.gaps


def test_a_server_that_refuses_to_be_asked_for_pages_is_asked_for_all(sample, monkeypatch):
    monkeypatch.setattr("orsgate.sources.gws.PAGE", 2)
    with _WithoutPages(tree(sample), page_size=1_000) as twin, password():
        assert names(configuration(live_estate(sample, "gws", twin.url))) == names(configuration(sample))


@pytest.mark.parametrize(("kind", "keys"), [("raw", ("CFGTransaction",)), ("json", ("transactions",))])
def test_an_export_without_transactions_is_not_one_without_clusters(kind, keys, sample):
    estate = mutagen_estate(sample, tree(sample), kind)
    path = sample.with_name(f"{kind}.json")
    document = json.loads(path.read_text())
    for key in keys:
        del document[key]
    path.write_text(json.dumps(document))
    found = collected(estate)
    assert isinstance(found.configuration, Unknown)
    assert found.configuration.failure is Failure.MISSING
    assert "no transactions" in found.configuration.cause
    assert judged(with_ring(found), "readiness").verdict == "inconclusive"


def test_exports_of_two_configuration_servers_are_not_one_environment(sample):
    estate = mutagen_estate(sample, tree(sample), "raw")
    path = sample.with_name("raw.json")
    document = json.loads(path.read_text())
    other = {"__metadata__": {**document["__metadata__"], "host": "lab-cfg"}, "CFGHost": document.pop("CFGHost")}
    path.write_text(json.dumps(document))
    sample.with_name("other.json").write_text(json.dumps(other))
    host = document["__metadata__"]["host"]
    text = estate.read_text().replace('files = ["raw.json"]', f'files = ["raw.json", "other.json"]\nserver = "{host}:2020"')
    estate.write_text(text)
    found = collected(estate)
    assert isinstance(found.configuration, Configuration)
    assert isinstance(found.configuration.server, Unknown)
    assert "more than one Configuration Server" in found.configuration.server.cause
    assert judged(with_ring(found), "readiness").outcomes["ORS-0106"] == "blocked"


@pytest.mark.parametrize(("source", "field"), [("gax", "appservers"), ("gws", "appServerDBIDs")])
def test_connections_that_no_application_tells_are_not_none(source, field, sample, monkeypatch):
    """A field that every object lacks is one that the interface does not give."""
    kept = Fields.__init__

    def without(self: Fields, entries: Any, *more: Any) -> None:
        kept(self, {key: value for key, value in entries.items() if key != field}, *more)

    monkeypatch.setattr(Fields, "__init__", without)
    with TWINS[source](tree(sample)) as twin, password():
        found = collected(live_estate(sample, source, twin.url))
    assert isinstance(found.configuration, Configuration)
    assert any("tells the connections of no application" in gap.cause for gap in found.configuration.gaps)
    assert judged(with_ring(found), "readiness").outcomes["ORS-0105"] == "blocked"


class _WithoutOffset(GwsTwin):
    """GWS that ignores ``offset``, and ``limit`` too where ``knows_limit`` is not set."""

    knows_limit = False

    def answer(self, asked: Asked, request: Any, body: bytes) -> Answer:
        ignored = {"offset"} if self.knows_limit else {"offset", "limit"}
        query = {key: value for key, value in asked.query.items() if key not in ignored}
        return super().answer(replace(asked, query=query), request, body)


def test_a_server_that_knows_no_paging_gives_everything_with_a_word(sample):
    with _WithoutOffset(tree(sample)) as twin, password():
        read = configuration(live_estate(sample, "gws", twin.url))
    assert names(read) == names(configuration(sample))
    assert any("whatever the offset is" in remark for remark in read.remarks)
    assert not read.gaps


@pytest.mark.parametrize("size", [4, 1_000])
def test_a_server_that_knows_a_limit_and_no_offset_is_not_proven_whole(size, sample):
    with _WithoutOffset(tree(sample), page_size=size) as twin, password():
        twin.knows_limit = True
        found = collected(live_estate(sample, "gws", twin.url))
    assert isinstance(found.configuration, Unknown)
    assert "gave only a part" in found.configuration.cause


@pytest.mark.parametrize("subtype", ["\u00b2", "9" * 5000, "CFGInteractonServer", "CFGNobodyKnows"])
def test_a_type_that_is_not_understood_is_a_failure_to_know(subtype, sample, monkeypatch):
    kept = Fields.__init__

    def changed(self: Fields, entries: Any, *more: Any) -> None:
        is_it = entries.get("name") == "IXN_A" and "subtype" in entries
        kept(self, {**entries, "subtype": subtype} if is_it else entries, *more)

    monkeypatch.setattr(Fields, "__init__", changed)
    with TWINS["gax"](tree(sample)) as twin, password():
        found = collected(live_estate(sample, "gax", twin.url))
    assert isinstance(found.configuration, Configuration)
    if subtype == "CFGNobodyKnows":
        assert any("is not known here" in gap.cause for gap in found.configuration.gaps)
    if subtype.startswith("CFG"):
        assert any("IXN_A" in gap.cause for gap in found.configuration.gaps)
        assert judged(with_ring(found), "readiness").outcomes["ORS-0105"] == "blocked"


def test_a_dbid_of_two_applications_is_a_gap_and_a_large_one_is_none(sample, monkeypatch):
    kept = Fields.__init__

    def changed(self: Fields, entries: Any, *more: Any) -> None:
        entries = {**entries, "dbid": str(2**40)} if entries.get("name") in {"ORS_A1", "ORS_A2"} else entries
        kept(self, entries, *more)

    monkeypatch.setattr(Fields, "__init__", changed)
    with TWINS["gax"](tree(sample)) as twin, password():
        read = configuration(live_estate(sample, "gax", twin.url))
    assert {"ORS_A1", "ORS_A2"} <= names(read)
    assert sum("DBID that another application has" in gap.cause for gap in read.gaps) == 2


@pytest.mark.parametrize("name", ["../outside", "/etc/hostname", "..", "nul\0"])
def test_a_name_from_a_server_leads_to_no_file_outside_the_rollback_directory(name, sample):
    sample.with_name("outside.cfg").write_text("[a]\nb=c\n")
    found = read_rollback(load_estate_file(sample), name, Redactor(), new=False)
    assert isinstance(found, Unknown)
    assert "no file can have the name" in found.cause


def test_a_pipe_in_place_of_an_authority_is_not_waited_for(sample):
    os.mkfifo(sample.with_name("pipe"))
    estate = live_estate(sample, "gax", "https://127.0.0.1:1", 'ca_file = "pipe"')
    with password(), pytest.raises(InputError, match="is not a file"):
        collected(estate)


def test_nothing_that_a_server_names_can_act_on_the_terminal(sample, tmp_path):
    """Names, values and Transactions reach the console as what they are: text of one line."""
    made = tree(sample)
    evil = "\x1b[2J\x1b]0;x\x07\nGO: everything fine\n\u202e"
    renamed = [replace(one, name=f"{one.name}{evil}") if one.name == "ORS_A1" else one for one in made.applications]
    with TWINS["gax"](replace(made, applications=tuple(renamed))) as twin:
        estate = live_estate(sample, "gax", twin.url)
        runs = [
            orsgate("audit", estate, "--verbose", "--timeout", "20", env={VARIABLE: DEFAULT_PASSWORD}),
            orsgate("export", estate, "--directory", tmp_path / "new", env={VARIABLE: DEFAULT_PASSWORD}),
            orsgate("discover", estate, "--directory", tmp_path / "found", env={VARIABLE: DEFAULT_PASSWORD}),
            orsgate("collect", estate, "--snapshot", tmp_path / "s.json", env={VARIABLE: DEFAULT_PASSWORD}),
        ]
    for ended in runs:
        assert "ORS_A1" in ended.said
        assert not set("\x1b\x07\u202e") & set(ended.said)
        assert "GO: everything fine" not in ended.said.splitlines()
