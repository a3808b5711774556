# SPDX-License-Identifier: Apache-2.0
"""Checking a directory of exports against its manifest: every change is named, and nothing in it leads elsewhere."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from orsgate.discovery.cfg_files import Named, write_exports
from orsgate.estate.mistakes import InputError
from orsgate.sources.manifests import check_manifest
from tests.discovery.test_cfg_files import FROM, options


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    directory = tmp_path / "exports"
    write_exports(directory, [Named(name, options(a=name)) for name in ("ORS_1", "ORS_2", "ORS_3", "ORS_4")], FROM, "current")
    return directory


def test_every_change_is_named(exports: Path) -> None:
    (exports / "ORS_1.cfg").write_text("[log]\na=ORS_X\n")
    (exports / "ORS_2.cfg").unlink()
    (exports / "ORS_3.cfg").rename(exports / "elsewhere")
    (exports / "ORS_3.cfg").symlink_to("elsewhere")
    (exports / "sub").mkdir()
    assert check_manifest(exports) == (
        '"ORS_2.cfg" was removed',
        '"ORS_1.cfg" was changed',
        '"ORS_3.cfg" was changed: it is no regular file',
    )


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes in directories")
def test_a_pipe_in_the_place_of_a_file_holds_nobody_up(exports: Path) -> None:
    (exports / "ORS_1.cfg").unlink()
    os.mkfifo(exports / "ORS_1.cfg")
    assert check_manifest(exports) == ('"ORS_1.cfg" was changed: it is no regular file',)


@pytest.mark.parametrize("name", ["../secret", "/etc/hostname", "a/b", "a\\b", "", "manifest.json", "a\0b"])
def test_a_manifest_cannot_make_other_files_be_read(exports: Path, name: str) -> None:
    (exports.parent / "secret").write_text("x")
    document = json.loads((exports / "manifest.json").read_bytes())
    document["files"].append({"file": name, "sha256": "0" * 64})
    document["files"].append(document["files"][0])
    (exports / "manifest.json").write_text(json.dumps(document))
    first, second = check_manifest(exports)
    assert "is no name of an export in this directory" in first
    assert second == '"ORS_1.cfg" is in the manifest twice'


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'{"schema": "orsgate/exports/2", "files": []}', b'{"schema": "orsgate/exports/1"}', b"[" * 10**5, b"\xff",
     b'{"schema": "orsgate/exports/1", "files": [1]}', b'{"schema": "orsgate/exports/1", "files": [{"file": "a", "sha256": 1}]}'],
)  # fmt: skip
def test_what_is_no_manifest_is_refused(exports: Path, content: bytes) -> None:
    (exports / "manifest.json").write_bytes(content)
    with pytest.raises(InputError, match="is no manifest of exports"):
        check_manifest(exports)


def test_a_directory_without_a_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        check_manifest(tmp_path)
