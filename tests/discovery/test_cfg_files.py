# SPDX-License-Identifier: Apache-2.0
"""A directory of exports: whole or not there, for its owner only, and everything that is missing is named."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orsgate.discovery import new_directory
from orsgate.discovery.cfg_files import Named, Written, write_exports
from orsgate.discovery.manifest import Provenance
from orsgate.estate.export import Export, Option, Section, parse
from orsgate.estate.knowledge import Unknown
from orsgate.estate.mistakes import InputError
from orsgate.estate.secret import Revealer
from orsgate.sources.manifests import check_manifest
from tests import make

READ = datetime(2026, 1, 30, 21, 0, tzinfo=timezone(timedelta(hours=1)))
FROM = Provenance("gax", "gax.example:443", "reader", READ, "orsgate stand-in for GAX", "orsgate 1.0")


def options(**values: str) -> Export:
    return Export(
        "gax", (Section("log", 0, enabled=True, options=tuple(Option(key, value, 0) for key, value in values.items())),)
    )


def write(directory: Path, *objects: Named) -> Written:
    return write_exports(directory, objects, FROM, "rollback")


def manifest(directory: Path) -> dict[str, object]:
    read = json.loads((directory / "manifest.json").read_bytes())
    assert isinstance(read, dict)
    return read


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "made" / "exports"


def nothing_is_left(target: Path) -> bool:
    return not target.exists() and not (target.parent.exists() and list(target.parent.iterdir()))


def test_each_object_has_a_file_and_all_stand_in_the_manifest(target: Path) -> None:
    written = write(target, Named("ORS_1", options(verbose="all", tls_key="hunter2")), Named("ORS_2", options(a="\n", b="é")))
    assert (target / "ORS_1.cfg").read_bytes() == b"[log]\nverbose=all\ntls_key=hunter2\n"
    assert sorted(file.name for file in target.iterdir()) == ["ORS_1.cfg", "ORS_2.cfg", "manifest.json"]
    assert [(name, lost.section, lost.option) for name, lost in written.left_out] == [("ORS_2", "log", "a")]
    assert manifest(target) == {
        "schema": "orsgate/exports/1",
        "kind": "rollback",
        "created": "2026-01-30T20:00:00Z",
        "source": "gax",
        "address": "gax.example:443",
        "account": "reader",
        "tool": "orsgate 1.0",
        "stand_in": "orsgate stand-in for GAX",
        "holds_secrets": True,
        "notice": manifest(target)["notice"],
        "files": [
            {
                "file": "ORS_1.cfg", "application": "ORS_1", "sha256": written.files[0].sha256, "bytes": 34, "options": 2,
                "left_out": [],
            },
            {
                "file": "ORS_2.cfg", "application": "ORS_2", "sha256": written.files[1].sha256, "bytes": 11, "options": 1,
                "left_out": [
                    {"section": "log", "option": "a", "why": "its value holds a line break or another control character"},
                ],
            },
        ],
        "not_exported": [],
    }  # fmt: skip
    assert "passwords included" in str(manifest(target)["notice"])
    assert check_manifest(target) == ()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_only_the_owner_can_read_anything_from_the_moment_it_exists(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    modes: list[int] = []
    real = os.open

    def opened(path: Path, flags: int, mode: int = 0o777, **rest: int) -> int:
        descriptor = real(path, flags, mode, **rest)
        if flags & os.O_CREAT:
            modes.extend((stat.S_IMODE(os.fstat(descriptor).st_mode), stat.S_IMODE(Path(path).parent.stat().st_mode)))
            assert flags & os.O_EXCL
            assert flags & os.O_NOFOLLOW
        return descriptor

    monkeypatch.setattr(os, "open", opened)
    before = os.umask(0)
    try:
        write(target, Named("ORS_1", options(a="1")))
    finally:
        os.umask(before)
    assert modes == [0o600, 0o700] * 2
    assert stat.S_IMODE(target.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in target.iterdir()} == {0o600}


def test_what_is_not_written_is_named_with_the_reason(target: Path) -> None:
    written = write(
        target,
        Named("ORS_1", options(a="1")),
        Named("ors_1", options(a="2")),
        Named("../../etc/passwd", options(a="3")),
        Named("ORS_2", Unknown("its options are not visible to this account")),
        Named("ORS_3", parse(b"rubbish", "ORS_3.cfg", Revealer())),
        Named("ORS_1", options(a="4")),
    )
    assert [(each.application, each.why) for each in written.not_written] == [
        ("ors_1", 'its file would be that of "ORS_1" where letter case does not count'),
        ("../../etc/passwd", "its name holds a character that no file name may have on Linux and Windows"),
        ("ORS_2", "its options are not visible to this account"),
        ("ORS_3", "its options are not fully known: ORS_3.cfg:1"),
        ("ORS_1", 'its file would be that of "ORS_1" where letter case does not count'),
    ]
    assert manifest(target)["not_exported"] == [asdict(each) for each in written.not_written]
    assert (target / "ORS_1.cfg").read_bytes() == b"[log]\na=1\n"
    assert not (target / "ors_1.cfg").exists() or (target / "ors_1.cfg").samefile(target / "ORS_1.cfg")


def test_an_application_without_options_has_an_empty_file(target: Path) -> None:
    write(target, Named("ORS_1", Export("gax", ())))
    assert (target / "ORS_1.cfg").read_bytes() == b""
    assert check_manifest(target) == ()


def test_nothing_is_ever_replaced(target: Path) -> None:
    target.mkdir(parents=True)
    (target / "mine").write_text("mine")
    with pytest.raises(InputError, match="exists already and is no empty directory"):
        write(target, Named("ORS_1", options(a="1")))
    assert [file.name for file in target.parent.iterdir()] == ["exports"]
    assert (target / "mine").read_text() == "mine"
    with pytest.raises(InputError, match="exists already"):
        write(target / "mine", Named("ORS_1", options(a="1")))
    with pytest.raises(InputError, match=r"cannot be written|exists already"):
        write(target / "mine" / "below", Named("ORS_1", options(a="1")))


def test_a_file_that_appears_meanwhile_is_not_replaced(target: Path) -> None:
    def appearing() -> Iterator[Named]:
        yield Named("ORS_1", options(a="1"))
        target.mkdir()
        (target / "mine").write_text("mine")

    with pytest.raises(InputError, match="exists already"):
        write_exports(target, appearing(), FROM, "current")  # type: ignore[arg-type]
    assert [file.name for file in target.parent.iterdir()] == ["exports"]
    assert [file.name for file in target.iterdir()] == ["mine"]


def test_an_empty_directory_is_used(target: Path) -> None:
    target.mkdir(parents=True)
    write(target, Named("ORS_1", options(a="1")))
    assert (target / "ORS_1.cfg").exists()


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "exports").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InputError, match="is a symbolic link"):
        write(tmp_path / "exports", Named("ORS_1", options(a="1")))
    assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.parametrize("name", [".", "..", "a/.."])
def test_a_directory_without_a_name_of_its_own_is_refused(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="no name for a new directory"):
        write(Path(name), Named("ORS_1", options(a="1")))


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt(), MemoryError()])
def test_a_run_that_breaks_leaves_nothing(target: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def breaks(_path: Path) -> None:
        raise error

    monkeypatch.setattr(new_directory, "_sync_file", breaks)
    expected = InputError if isinstance(error, OSError) else type(error)
    with pytest.raises(expected) as caught:
        write(target, Named("ORS_1", options(a="1")))
    assert isinstance(error, OSError) is ("No space left on device" in str(caught.value))
    assert nothing_is_left(target)


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "a\\b", "a\0b", "/a"])
def test_a_new_directory_takes_no_name_that_leads_elsewhere(target: Path, name: str) -> None:
    with pytest.raises(ValueError, match="is no file name"), new_directory.new_directory(target) as new:
        new.write(name, b"")
    assert nothing_is_left(target)


NAME = st.lists(
    st.sampled_from(["a", "A", "ORS_1", "/", "..", ".", "\\", "\0", "\n", "é", "e\u0301", "manifest", "con", "\ud800"]),
    max_size=4,
)


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.lists(NAME.map("".join), max_size=6))
def test_whatever_the_names_everything_is_written_or_named(tmp_path_factory: pytest.TempPathFactory, names: list[str]) -> None:
    above = tmp_path_factory.mktemp("hostile")
    target = above / "exports"
    written = write(target, *(Named(name, options(a=str(number))) for number, name in enumerate(names)))
    assert [file.name for file in above.iterdir()] == ["exports"]
    assert {file.name for file in target.iterdir()} == {file.file for file in written.files} | {"manifest.json"}
    assert sorted([file.application for file in written.files] + [each.application for each in written.not_written]) == sorted(
        names
    )
    assert check_manifest(target) == ()


def test_what_was_written_is_what_the_gate_reads(target: Path) -> None:
    whole = make.export()
    write(target, Named("ORS_1", whole))
    again = parse((target / "ORS_1.cfg").read_bytes(), "ORS_1.cfg", Revealer())
    assert (again.content(), again.problems, again.read_back) == (whole.content(), (), True)
