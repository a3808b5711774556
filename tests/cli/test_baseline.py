# SPDX-License-Identifier: Apache-2.0
"""``orsgate baseline`` stores what is there, says what it could not, and leaves nothing half."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from orsgate.collection import cassandra
from orsgate.estate.secret import Redactor
from orsgate.evidence import baseline as storing
from orsgate.evidence.baseline import load_baseline
from orsgate.sandbox.samples import place_sample
from tests.cli.commands import Program, files, program

__all__ = ["program"]


@pytest.fixture
def estate(tmp_path: Path) -> Path:
    return place_sample("healthy", tmp_path / "estate")


def test_everything_could_be_read(program: Program, estate: Path, tmp_path: Path) -> None:
    code, said = program("baseline", estate, "--directory", tmp_path / "deep" / "baseline")
    assert code == 0
    assert "6 files for import" in said
    assert "real option values" in said
    assert load_baseline(tmp_path / "deep" / "baseline", Redactor()).estate_name == "Sample, migrated (made up)"


def test_what_could_not_be_read_is_said_and_the_rest_is_stored(program: Program, estate: Path, tmp_path: Path) -> None:
    (estate.parent / "exports" / "ORS_A1.cfg").unlink()
    code, said = program("baseline", estate, "--directory", tmp_path / "baseline", "--offline")
    assert code == 3
    assert "not known, so not stored: the current export of ORS_A1 is not there" in said
    assert "not known, so not stored: the Cassandra ring was not asked" in said
    not_known = json.loads((tmp_path / "baseline" / "manifest.json").read_bytes())["not_known"]
    assert len(not_known) == 2


def test_without_a_configuration_nothing_is_written(program: Program, estate: Path, tmp_path: Path) -> None:
    text = estate.read_text().replace('source = "files"', 'source = "gax"\nurl = "https://127.0.0.1:9/"\nusername = "reader"')
    estate.write_text(text)
    code, said = program("baseline", estate, "--directory", tmp_path / "baseline", "--offline")
    assert code == 3
    assert "the configuration was not read from GAX: --offline" in said
    assert not (tmp_path / "baseline").exists()


def test_nothing_is_replaced(program: Program, estate: Path, tmp_path: Path) -> None:
    assert program("baseline", estate, "--directory", tmp_path / "baseline")[0] == 0
    before = {path: path.read_bytes() for path in (tmp_path / "baseline").rglob("*") if path.is_file()}
    code, said = program("baseline", estate, "--directory", tmp_path / "baseline")
    assert code == 2
    assert "nothing is replaced" in said
    assert {path: path.read_bytes() for path in (tmp_path / "baseline").rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("interrupt", ["reading", "writing"])
def test_interrupted(program: Program, estate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, interrupt: str) -> None:
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    if interrupt == "reading":
        monkeypatch.setattr(cassandra, "read_from", stopped)
    else:
        monkeypatch.setattr(storing, "manifest_bytes", stopped)
    assert program("baseline", estate, "--directory", tmp_path / "baseline")[0] == 130
    assert {name for name in files(tmp_path) if not name.startswith("estate")} == set()


def test_it_needs_a_directory(program: Program, estate: Path) -> None:
    code, said = program("baseline", estate)
    assert code == 2
    assert "--directory" in said
