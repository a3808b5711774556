# SPDX-License-Identifier: Apache-2.0
"""Baselines of what GAX, GWS and mutagen tell, as real servers and exports give it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from orsgate.estate.export import Export, parse
from orsgate.estate.secret import Redactor, Revealer
from orsgate.evidence.baseline import load_baseline
from orsgate.sandbox.samples import place_sample
from tests.cli.commands import Program, files, program
from tests.evidence.reading import without_digests
from tests.sources.reading import SOURCES, as_estate, configuration, password

__all__ = ["program"]
pytestmark = pytest.mark.slow
KEY = b"one key for all readings of a test"


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """The healthy sample, with a password among its options."""
    placed = place_sample("healthy", tmp_path / "sample")
    for name in ("ORS_A1", "ORS_A1_B"):
        path = placed.parent / "exports" / f"{name}.cfg"
        path.write_bytes(path.read_bytes() + b"\n[custom]\npassword=Geheim-4711\n")
    return placed


@pytest.mark.parametrize("source", SOURCES)
def test_it_gives_what_reading_live_again_would(program: Program, sample: Path, tmp_path: Path, source: str) -> None:
    with as_estate(sample, source) as estate:
        code, said = program("baseline", estate, "--directory", tmp_path / "baseline")
        again = configuration(estate, Redactor(KEY))
    assert code == 0, said
    assert "Geheim-4711" not in said
    found = load_baseline(tmp_path / "baseline", Redactor(KEY))
    assert without_digests(found.configuration) == without_digests(again)
    assert found.cassandra is not None
    assert "twin" in found.stand_ins[0]
    export = (tmp_path / "baseline" / "exports" / "ORS_A1.cfg").read_bytes()
    assert b"password=Geheim-4711" in export
    written = parse(export, "", Revealer())
    first = next(each for each in again.applications if each.name == "ORS_A1")
    assert isinstance(first.options, Export)
    assert written.content().keys() == first.options.content().keys()
    assert (tmp_path / "baseline" / "clusters" / "ORS_Cluster.cfg").read_bytes().startswith(b"[cluster]\n")
    manifest = json.loads((tmp_path / "baseline" / "manifest.json").read_bytes())
    assert manifest["source"] == ("mutagen" if source in {"raw", "json"} else source)


def test_of_another_environment_nothing_is_stored(program: Program, sample: Path, tmp_path: Path) -> None:
    with as_estate(sample, "gax") as estate:
        estate.write_text(estate.read_text().replace("[configuration]\n", '[configuration]\nserver = "elsewhere:2020"\n'))
        code, said = program("baseline", estate, "--directory", tmp_path / "baseline")
    assert (code, "another environment, and nothing was written" in said) == (2, True)
    assert not (tmp_path / "baseline").exists()


def test_a_login_that_is_refused_stores_nothing(program: Program, sample: Path, tmp_path: Path) -> None:
    with as_estate(sample, "gax") as estate, password("wrong"):
        code, said = program("baseline", estate, "--directory", tmp_path / "baseline")
    assert code == 3, said
    assert not (tmp_path / "baseline").exists()
    assert not {name for name in files(tmp_path) if name.startswith(".orsgate")}
