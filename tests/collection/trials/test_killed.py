# SPDX-License-Identifier: Apache-2.0
"""kill -9 at every step of the journal: the next run ends or names every session that the servers still have."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from orsgate.estate.journal import read_journal
from tests.collection.trials.scripted import CLOSE, ScriptedOrs
from tests.collection.trials.trying import Tried, served_by, tried, two_nodes

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name == "nt", reason="SIGKILL is of POSIX")]

STEPS = 9
"""Of a run with two nodes: each announces and notes a start and an end, and then the run is accounted for."""


def killed(journal: Path, step: int, when: str, *nodes: ScriptedOrs) -> int:
    words = [sys.executable, "-m", "tests.collection.trials.victim", str(journal), str(step), when, *(each.url for each in nodes)]
    return subprocess.run(words, timeout=60, check=False).returncode


def is_named(session: str, owner: ScriptedOrs, found: Tried) -> bool:
    """Whether a person is told of it: by its id, or by the server at which one may have been started."""
    told = [*found.remarks, found.left_behind]
    return any(session in each or f"may have been started at {owner.url} " in each for each in told)


def test_a_run_has_as_many_steps_as_are_tried_here(tmp_path):
    with two_nodes() as nodes:
        assert killed(tmp_path / "journal", STEPS + 1, "before", *nodes) == 0
    assert len(list(read_journal(tmp_path / "journal"))) == STEPS


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", range(1, STEPS + 1))
def test_what_a_killed_run_left_is_ended_or_named_by_the_next(step, when, tmp_path):
    journal = tmp_path / "journal"
    with two_nodes() as (first, second):
        assert killed(journal, step, when, first, second) == -signal.SIGKILL
        for node in (first, second):
            node.wait_until_idle()
        left = dict(first.site.owners)
        known = {str(entry.facts.get("session", "")) for entry in read_journal(journal) if entry.of}
        found = tried(served_by(first, second), journal)
        still = first.site.live
        assert still.isdisjoint(known), "a session whose id was known was not ended"
        assert still <= set(left), "the second run left a session of its own"
        assert [session for session in still if not is_named(session, left[session], found)] == []
        assert [session for session in left if not is_named(session, left[session], found)] == []
        assert found.settled
        again = tried(served_by(first, second), journal)
        assert again.remarks == ()
        assert again.left_behind == ""


def test_what_cannot_be_ended_is_named_with_its_command_and_tried_again_by_the_next_run(tmp_path):
    journal = tmp_path / "journal"
    with two_nodes() as (first, second):
        assert killed(journal, 3, "after", first, second) == -signal.SIGKILL
        known = [entry.facts["session"] for entry in read_journal(journal) if entry.facts.get("outcome") == "started"]
        owners = {session: first.site.owners[session] for session in known}
        for node in (first, second):
            node.lies["terminate"] = lambda _: CLOSE
        found = tried(served_by(first, second), journal)
        assert not found.settled
        for session, owner in owners.items():
            assert f"curl -X POST {owner.url}/scxml/session/{session}/terminate" in "\n".join(found.remarks)
        for node in (first, second):
            node.lies.clear()
        before = first.site.live
        assert before
        again = tried(served_by(first, second), journal)
        assert again.settled
        ended = {session for session in before if any(session in each and "is over" in each for each in again.remarks)}
        assert before - first.site.live == ended
        assert first.site.live.isdisjoint(known)


def test_a_start_of_a_killed_run_is_not_repeated(tmp_path):
    """The next run starts sessions of its own; each start has a document of its own, by which a repeated one shows."""
    journal = tmp_path / "journal"
    with two_nodes() as (first, second):
        assert killed(journal, 3, "before", first, second) == -signal.SIGKILL
        for node in (first, second):
            node.wait_until_idle()
        killed_starts = documents_of(first, second)
        assert killed_starts, "the third step comes after the first start"
        tried(served_by(first, second), journal)
        starts = documents_of(first, second)
    assert len(starts) == len(killed_starts) + 2
    assert len(set(starts)) == len(starts)


def documents_of(*nodes: ScriptedOrs) -> list[str]:
    return [each.form["src"][0] for node in nodes for each in node.asked if each.call == "start"]
