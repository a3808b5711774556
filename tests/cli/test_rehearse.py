# SPDX-License-Identifier: Apache-2.0
"""One deadline for reading and rehearsing, which begins when no person is waited for any more."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from orsgate.cli import prompt
from orsgate.cli.judging import Collecting
from orsgate.cli.rehearse import _rehearsed
from orsgate.collection import collect as collecting
from orsgate.estate.file import load_estate_file
from orsgate.rehearsal import rehearse as rehearsing
from orsgate.rehearsal.plan import TwinOptions
from tests.faults.workshop import open_workshop


@pytest.mark.parametrize("timeout", [5.0, None])
def test_one_deadline_begins_after_the_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, timeout: float | None) -> None:
    workshop = open_workshop(tmp_path / "estate")
    closed = '[cassandra]\nusername = "reader"'
    workshop.write("estate.toml", workshop.read("estate.toml").replace("[cassandra]", closed, 1))
    typed: list[float] = []
    deadlines: list[float | None] = []

    def ask(_what: str) -> str:
        time.sleep(0.05)
        typed.append(time.monotonic())
        return "geheim"

    def collect_until(until: float | None, *_: Any, **__: Any) -> str:
        deadlines.append(until)
        return "snapshot"

    def rehearse(snapshot: str, *_: Any, until: float | None, **__: Any) -> str:
        deadlines.append(until)
        return f"rehearsed {snapshot}"

    monkeypatch.setattr(prompt, "ask", ask)
    monkeypatch.setattr(collecting, "collect_until", collect_until)
    monkeypatch.setattr(rehearsing, "rehearse", rehearse)
    loaded = load_estate_file(str(workshop.path("estate.toml")))
    found: Any = _rehearsed(loaded, TwinOptions(), Collecting(timeout), quiet=True)
    assert found == "rehearsed snapshot"
    (at,) = typed
    collected, rehearsed = deadlines
    assert collected == rehearsed
    assert (collected is None) if timeout is None else (collected is not None and collected >= at + timeout)
