# SPDX-License-Identifier: Apache-2.0
"""A journal goes on after an append that was interrupted, or that found the disk full."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from orsgate.estate.journal import Journal, JournalError, read_journal


@pytest.mark.parametrize("trouble", [KeyboardInterrupt(), OSError(28, "No space left on device")])
def test_an_entry_that_was_not_made_gives_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: BaseException) -> None:
    path = tmp_path / "journal.jsonl"

    def broken(_: int) -> None:
        raise trouble

    with Journal(path) as journal:
        journal.append("first")
        with monkeypatch.context() as patched:
            patched.setattr(os, "fsync", broken)
            with pytest.raises((KeyboardInterrupt, JournalError)):
                journal.append("second", text="long" * 100)
        journal.append("third", 1)
    assert [(entry.number, entry.step, entry.of) for entry in read_journal(path)] == [(1, "first", 0), (2, "third", 1)]


def test_a_torn_end_gives_way(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    with Journal(path) as journal:
        journal.append("first")
    with path.open("ab") as stream:
        stream.write(b'{"number": 2, "st')
    with Journal(path) as journal:
        journal.append("second")
        journal.append("third")
    assert [entry.step for entry in read_journal(path)] == ["first", "second", "third"]
