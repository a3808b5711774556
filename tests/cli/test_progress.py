# SPDX-License-Identifier: Apache-2.0
"""What is shown of progress where standard error is no terminal."""

from __future__ import annotations

import pytest

from orsgate.cli.progress import progress


def shown(capsys: pytest.CaptureFixture[str], *, enabled: bool = True, lines: bool = True) -> list[str]:
    with progress(enabled=enabled, lines=lines) as observer:
        for what in ("starting", "starting", "trying"):
            observer(what, 0, 2)
            observer(what, 1, 2)
    out, err = capsys.readouterr()
    assert out == ""
    return err.splitlines()


def test_what_takes_long_is_told_once_when_it_begins(capsys: pytest.CaptureFixture[str]) -> None:
    assert shown(capsys) == ["starting", "trying"]


def test_nothing_is_told_where_it_is_not_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert shown(capsys, enabled=False) == []
    assert shown(capsys, lines=False) == []
