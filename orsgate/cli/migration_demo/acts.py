# SPDX-License-Identifier: Apache-2.0
"""The ten steps of the demo in their order, and the way back."""

from __future__ import annotations

import time
from collections.abc import Callable

from orsgate.cli.migration_demo import ahead, back, window
from orsgate.cli.migration_demo.world import StepError, World
from orsgate.estate.mistakes import InputError
from orsgate.sandbox.errors import SandboxError

Act = Callable[[World], None]
ACTS: tuple[tuple[str, Act], ...] = (
    ("An estate of 8.1.2 comes up", ahead.comes_up),
    ("Audit: what the migration still asks for", ahead.is_audited),
    ("Baseline and rollback exports, before anything changes", ahead.is_stored),
    ("Fix: migrated exports and the change list", ahead.is_planned),
    ("Rehearsal of the plan on a twin of the ring", ahead.is_rehearsed),
    ("Audit of the plan", ahead.plan_is_audited),
    ("In the window: old servers stopped, changes applied", window.is_changed),
    ("Audit with a signed readiness record", window.is_ready),
    ("Installation of 8.1.4, and attestations", window.is_installed),
    ("Deployment test; then an unplanned change is caught", window.is_verified),
)
WAY_BACK = ("The way back", back.is_taken_back)


def play(world: World) -> None:
    """All steps, one after the other.

    Raises:
        StepError: one did not come out as it must; its number is part of the sentence.
    """
    for number, (title, act) in enumerate(ACTS, 1):
        _play(world, number, title, act)
    _play(world, None, *WAY_BACK)


def _play(world: World, number: int | None, title: str, act: Act) -> None:
    began = time.monotonic()
    world.display.begin(number, title)
    named = f"step {number} ({title})" if number else f"after step 10 ({title})"
    try:
        act(world)
    except StepError as error:
        raise StepError(f"{named} did not come out as it must: {error}", error.log) from error
    except (SandboxError, InputError) as error:
        raise StepError(f"{named} did not come out as it must: {error}") from error
    world.display.end(number, time.monotonic() - began)
