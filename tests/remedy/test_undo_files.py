# SPDX-License-Identifier: Apache-2.0
"""The originals come back from what ``fix`` wrote, or nothing does."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from orsgate.estate.mistakes import InputError
from orsgate.evidence.canonical import canonical, sealed
from orsgate.remedy.changes_file import has_changes_file, read_changes
from orsgate.remedy.undo_files import undo_files
from tests.faults.workshop import appended, open_workshop, replaced, rewritten, written
from tests.remedy.mending import fix, write


@pytest.fixture
def written_fix(tmp_path: Path) -> Path:
    """A fix of files in several encodings, with an Annex, one of them with a byte that UTF-8 has not."""
    workshop = open_workshop(tmp_path / "estate")
    for change in (
        rewritten("exports/ORS_A1*.cfg", lambda text: f"{text}\n[custom]\nsite=K\u00f6ln\n".encode("cp1252")),
        rewritten("exports/ORS_B1*.cfg", lambda text: b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()),
        replaced("estate.toml", "8.1.400.27", "8.1.400.64"),
        replaced("estate.toml", 'transaction = "ORS_Cluster"\n', 'transaction = "ORS_Cluster"\noptions = "annex.conf"\n'),
        written("annex.conf", "[orchestration]\nmcr-pull-by-msn-only=true"),
    ):
        change(workshop)
    for path in workshop.directory.glob("exports/*.cfg"):
        path.write_bytes(path.read_bytes() + b"\n[cluster]\nname=Old")
    return write(workshop, fix(workshop), tmp_path / "fixed")


def originals(written_fix: Path) -> dict[str, bytes]:
    exports = written_fix.parent / "estate" / "exports"
    found = {path.name: path.read_bytes() for path in exports.iterdir()}
    return found | {"clusters/ORS_Cluster.conf": (written_fix.parent / "estate" / "annex.conf").read_bytes()}


def test_every_original_comes_back(written_fix: Path, tmp_path: Path) -> None:
    assert has_changes_file(written_fix)
    restored = undo_files(written_fix, tmp_path / "back")
    assert {name: (tmp_path / "back" / name).read_bytes() for name in restored.files} == originals(written_fix)
    assert restored.new == ()
    for name, data in originals(written_fix).items():
        assert (written_fix / name).read_bytes() != data


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_only_the_owner_can_read_what_was_written(written_fix: Path, tmp_path: Path) -> None:
    undo_files(written_fix, tmp_path / "back")
    for directory in (written_fix, tmp_path / "back"):
        for path in (directory, *directory.rglob("*")):
            assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)


@pytest.mark.parametrize("name", ["ORS_A1.cfg", "clusters/ORS_Cluster.conf"])
def test_a_file_that_was_changed_since_is_refused(written_fix: Path, tmp_path: Path, name: str) -> None:
    (written_fix / name).write_bytes((written_fix / name).read_bytes() + b"\n")
    with pytest.raises(InputError, match="was changed since"):
        undo_files(written_fix, tmp_path / "back")
    assert not (tmp_path / "back").exists()


def _tampered(written_fix: Path, **fields: object) -> None:
    """Alter the first file's entry, with a digest made anew over it all."""
    path = written_fix / "changes.json"
    document = json.loads(path.read_bytes())
    document["files"][0] |= fields
    path.write_text(canonical(sealed(document), indent=1), encoding="ascii")


def test_one_changed_byte_is_refused(written_fix: Path, tmp_path: Path) -> None:
    path = written_fix / "changes.json"
    path.write_bytes(path.read_bytes().replace(b'"made": "2', b'"made": "1'))
    for reading in (
        lambda: undo_files(written_fix, tmp_path / "back"),
        lambda: read_changes(written_fix, "Sample, migrated (made up)"),
    ):
        with pytest.raises(InputError, match=r"changes\.json: was changed after it was written: its SHA-256"):
            reading()
    assert not (tmp_path / "back").exists()


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"original_sha256": "0" * 64}, "does not give back the original"),
        ({"edits": []}, "does not give back the original"),
        ({"edits": [{"line": 1, "at": 0, "removed": "x", "added": "y"}]}, "is not what orsgate fix wrote"),
        ({"edits": 7}, "is not what orsgate fix wrote"),
        ({"file": "../estate/exports/ORS_A1.cfg"}, "is no file of that directory"),
        ({"file": "ORS_X.cfg"}, "cannot be read"),
    ],
    ids=["digest", "no edits", "other edits", "no list", "another directory", "no file"],
)
def test_a_changes_file_that_was_altered_is_refused(
    written_fix: Path, tmp_path: Path, fields: dict[str, object], told: str
) -> None:
    _tampered(written_fix, **fields)
    with pytest.raises(InputError, match=told):
        undo_files(written_fix, tmp_path / "back")
    assert not (tmp_path / "back").exists()


@pytest.mark.parametrize("text", ["", "[]", '{"schema": "orsgate/changes/2", "files": []}', '{"schema": "orsgate/changes/1"}'])
def test_what_is_no_changes_file_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "changes.json").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"changes\.json: (is|was changed)"):
        undo_files(tmp_path, tmp_path / "back")


def test_nothing_is_replaced(written_fix: Path, tmp_path: Path) -> None:
    (tmp_path / "back").mkdir()
    (tmp_path / "back" / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="nothing is replaced"):
        undo_files(written_fix, tmp_path / "back")


def test_a_new_backup_has_no_original(tmp_path: Path) -> None:
    workshop = open_workshop(tmp_path / "estate", sample="exported-8.1.2")
    appended("exports/ORS_A1.cfg", "; end\n")(workshop)
    directory = write(workshop, fix(workshop), tmp_path / "fixed")
    restored = undo_files(directory, tmp_path / "back")
    assert restored.new == ("ORS_A1_B.cfg", "ORS_A2_B.cfg", "ORS_B1_B.cfg")
    assert sorted(restored.files) == sorted(path.name for path in (tmp_path / "back").iterdir())
