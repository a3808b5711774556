# SPDX-License-Identifier: Apache-2.0
"""A run that starts and stops nothing still names what earlier ones left behind."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from orsgate.collection.trials.commands import Command
from orsgate.collection.trials.left import named_by
from orsgate.collection.trials.stopped import announce_stop
from orsgate.collection.trials.trail import Left, Trail
from orsgate.estate.journal import Journal

SESSION = "KL8938QSD91ER2RN2NR1397738000001"
LEFT = Left("ORS_1", "ORS_1", "http://ors-1:7210", "http://ors-1-b:7210", "http://jump:8080/x.scxml", 900)


def test_a_session_that_is_open(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal") as journal:
        trail = Trail(journal)
        left = trail.start(LEFT)
        trail.started(replace(left, session=SESSION), "started")
        (told,) = named_by(journal.entries)
    assert SESSION in told
    assert f"curl -X POST http://ors-1:7210/scxml/session/{SESSION}/terminate" in told
    assert "verify --active ends it" in told


def test_a_start_that_nobody_answered(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal") as journal:
        Trail(journal).start(LEFT)
        (told,) = named_by(journal.entries)
    assert told.startswith("a session may have been started at http://ors-1:7210 (ORS_1)")


def test_an_application_that_is_stopped(tmp_path: Path) -> None:
    stop, start = (Command("ORS_1", action, ("ssh", "ors-1", action), tmp_path, 5.0) for action in ("stop", "start"))
    with Journal(tmp_path / "journal") as journal:
        announce_stop(journal, stop, start)
        (told,) = named_by(journal.entries)
    assert "an earlier run stopped ORS_1 at " in told
    assert told.endswith("do it with: ssh ors-1 start")


def test_nothing_is_left(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal") as journal:
        trail = Trail(journal)
        left = replace(trail.start(LEFT), session=SESSION)
        trail.started(left, "started")
        trail.ended(trail.end(left, left.url), left, over=True)
        assert named_by(journal.entries) == ()
