# SPDX-License-Identifier: Apache-2.0
"""Judges a stored snapshot anew, to tell whether results say better of it than is so."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from orsgate.cli.harness import judge, vocabulary
from orsgate.cli.team import Team
from orsgate.estate.judgement import MET, Outcome
from orsgate.estate.mistakes import InputError
from orsgate.estate.snapshot import Snapshot
from orsgate.estate.wording import listed
from orsgate.evidence.bundle.told import Told
from orsgate.verdict.events import Event, RunFinished
from orsgate.verdict.run import Run
from orsgate.verdict.selection import Selection


class _Kept:
    """Keeps what became of each requirement, before waivers."""

    def __init__(self) -> None:
        self.outcomes: Mapping[str, Outcome] = {}

    def handle(self, event: Event) -> None:
        """Take one event."""
        if isinstance(event, RunFinished):
            self.outcomes = {result.id: result.original_outcome for result in event.results}


def require_not_better(said: Told, snapshot: Snapshot, features: Path | None, place: Path) -> None:
    """Make sure that results do not say better of a snapshot than judging it gives.

    What they say worse is let be: a run may have been interrupted, or a check may have broken.

    Args:
        said: the results.
        snapshot: what they say that they judged.
        features: a team's own requirements, where the run was given any.
        place: of the results, for the message.

    Raises:
        InputError: they do.
    """
    team = Team.read(features, vocabulary()) if features is not None else None
    kept = _Kept()
    run = Run(snapshot, said.phase, Selection(), [kept], strict=said.strict)
    judge(run, team)
    run.finish()
    wrong = [
        f"{result.id} is {result.original_outcome} there and {kept.outcomes.get(result.id, 'not judged')} when it is judged anew"
        for result in said.results
        if result.original_outcome in MET and kept.outcomes.get(result.id) is not result.original_outcome
    ]
    if wrong:
        raise InputError(
            f"nothing was packed: {place} says better than its snapshot holds: {listed(wrong, 3)}; bundle what --json wrote"
        )
