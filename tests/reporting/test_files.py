# SPDX-License-Identifier: Apache-2.0
"""Files are written whole, and what cannot be written is said in one sentence."""

from __future__ import annotations

import errno
import io
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from orsgate.reporting.files import ReportError, write, write_whole
from orsgate.reporting.results_json import JsonReporter
from tests.reporting import runs

posix = pytest.mark.skipif(sys.platform == "win32", reason="means something else on Windows")


def test_parents_are_made_and_nothing_else_is_left(tmp_path: Path):
    target = tmp_path / "a" / "b" / "results.json"
    write_whole(target, ["{", "}", "\n"])
    assert target.read_bytes() == b"{}\n"
    assert list(target.parent.iterdir()) == [target]


def test_the_old_file_stays_when_a_piece_breaks(tmp_path: Path):
    target = tmp_path / "results.json"
    target.write_text("old")

    def pieces() -> Iterator[str]:
        yield "new" * 100_000
        raise RuntimeError("made to break")

    with pytest.raises(RuntimeError, match="made to break"):
        write_whole(target, pieces())
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_directory_in_the_way(tmp_path: Path):
    with pytest.raises(ReportError, match=r"^cannot write the report .*: it is a directory; name a file$"):
        write_whole(tmp_path, ["x"])


def test_a_file_among_the_parents(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ReportError, match=r"a part of the path is a file, not a directory$"):
        write_whole(tmp_path / "file" / "results.json", ["x"])


def test_a_path_with_a_null_character():
    with pytest.raises(ReportError, match="null character"):
        write_whole(Path("a\0b"), ["x"])


@pytest.mark.parametrize(
    ("number", "sentence"),
    [(errno.ENOSPC, "the disk is full"), (errno.EACCES, "no permission to write there"), (errno.EIO, "input/output error")],
)
def test_what_the_system_refuses_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number, sentence):
    def refuse(*_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(ReportError, match=sentence):
        write_whole(tmp_path / "results.json", ["x"])
    assert list(tmp_path.iterdir()) == []


@posix
def test_a_device_is_written_to_and_not_replaced():
    write_whole(Path(os.devnull), ["x"])
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)


@posix
def test_a_link_is_followed(tmp_path: Path):
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to("real")
    write_whole(tmp_path / "link", ["new"])
    assert (tmp_path / "real").read_text() == "new"


def test_a_stream_is_written_to_and_left_open():
    stream = io.StringIO()
    write(stream, ["a", "b"])
    stream.write("c")
    assert stream.getvalue() == "abc"


def test_a_stream_that_nobody_reads_is_one_sentence():
    class Closed(io.StringIO):
        def flush(self):
            raise BrokenPipeError(errno.EPIPE, "Broken pipe")

    with pytest.raises(ReportError, match="nobody reads the stream any more"):
        write(Closed(), ["a"])


def test_a_reporter_writes_once_at_the_end(tmp_path: Path):
    started, finished = runs.run({})
    reporter = JsonReporter(tmp_path / "results.json")
    reporter.handle(started)
    assert list(tmp_path.iterdir()) == []
    reporter.handle(finished)
    assert (tmp_path / "results.json").read_text("ascii").startswith('{\n "schema": "orsgate/report/1"')


def test_an_end_without_a_beginning_is_a_mistake_of_the_caller():
    with pytest.raises(RuntimeError, match="had not begun"):
        JsonReporter(io.StringIO()).handle(runs.run({})[1])
