# SPDX-License-Identifier: Apache-2.0
"""A journal outlives its writer, and says what was begun and not ended."""

from __future__ import annotations

import os

import pytest

from orsgate.estate.journal import Journal, JournalError, read_journal
from tests.journals import unfinished


def test_what_was_begun_is_known_to_the_next_run(tmp_path):
    path = tmp_path / "journal"
    with Journal(path) as journal:
        first = journal.append("write", object="ORS_1")
        journal.append("write", of=first.number)
        second = journal.append("write", object="ORS_2")
    with Journal(path) as again:
        assert unfinished(again.entries, "write") == [second]
    assert path.stat().st_mode & 0o777 == 0o600 or os.name == "nt"


def test_a_torn_last_line_was_not_begun(tmp_path):
    path = tmp_path / "journal"
    with Journal(path) as journal:
        journal.append("write", object="ORS_1")
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with Journal(path) as again:
            assert again.entries == []
            assert again.append("write").number == 1


@pytest.mark.parametrize(
    "text",
    [
        "[]\n",
        "{}\n",
        "no json\n",
        '{"number": 1, "step": "a", "of": 0, "facts": []}\n',
        "[" * 100_000 + "\n",
        '{"number": 1, "step": ["a"], "of": 0, "facts": {}}\n',
        '{"number": 2, "step": "a", "of": 0, "facts": {}}\n',
    ],
)
def test_what_is_no_journal_is_refused(text, tmp_path):
    path = tmp_path / "journal"
    path.write_text(text)
    with pytest.raises(JournalError, match=f"{path}:1: "):
        list(read_journal(path))


@pytest.mark.skipif(os.name == "nt", reason="nothing locks it there")
def test_two_runs_never_write_to_one_journal(tmp_path):
    path = tmp_path / "journal"
    with Journal(path) as journal:
        with pytest.raises(JournalError, match="another run is at work with this journal"):
            Journal(path)
        journal.append("write")
        assert [entry.step for entry in read_journal(path)] == ["write"]
    with Journal(path) as again:
        assert again.append("write").number == 2


@pytest.mark.parametrize("text", ["a password", '{"schema": "orsgate/record/1"}', '{"number": 2, "step": '])
def test_another_file_is_not_cut_short(text, tmp_path):
    """One line without an end is not taken for a journal with a torn end."""
    path = tmp_path / "password"
    path.write_text(text)
    with pytest.raises(JournalError, match="it is another file"):
        Journal(path)
    assert path.read_text() == text


def test_zeros_that_a_broken_disk_left_at_the_end_are_forgotten(tmp_path):
    path = tmp_path / "journal"
    path.write_bytes(b'{"number": 1, "st' + b"\0" * 100)
    with Journal(path) as journal:
        assert journal.append("write").number == 1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="has no named pipes")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(JournalError, match="this is no file"):
        Journal(tmp_path / "pipe")
