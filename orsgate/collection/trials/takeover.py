# SPDX-License-Identifier: Apache-2.0
"""The waits of a failover: until the other one of a pair serves and knows the session, and until the stopped one runs."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from orsgate.collection.trials.asking import Side
from orsgate.collection.trials.commands import Command, run_command
from orsgate.collection.trials.stopped import why_not
from orsgate.estate.deployment import CommandRun, Response
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.wire.deadline import Limits
from orsgate.wire.trouble import attempt

EVERY = 0.25
"""Seconds between two questions."""
ANSWER = 5.0
"""Seconds that one answer may take while a takeover is waited for; a question that hangs must leave time for another."""
RUNS_WITHIN = 60.0
"""Seconds within which the status command must see an application run that was started again."""
RECOVERS = 5.0
"""Seconds after it took over within which the other one must know the session."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be stopped, and who has to take over."""

    stop: Command
    start: Command
    status: Command | None
    serving: Side
    standby: Side


def seconds_until_it_serves(plan: Plan, allowed: float, stop: CommandRun, limits: Limits) -> float | Unknown:
    """Seconds from the end of the stop command until the other one answered."""
    began = time.monotonic()
    until = began + allowed
    if not stop.succeeded and isinstance(plan.serving.answer(ANSWER), Response):
        return _still_serves(plan, f"its stop command failed ({why_not(stop)})")
    while True:
        answer = plan.standby.answer(max(min(ANSWER, until - time.monotonic()), EVERY))
        now = time.monotonic()
        if isinstance(answer, Response):
            return now - began
        if now + EVERY >= until:
            break
        if over := _pause(limits):
            return over
    if isinstance(plan.serving.answer(ANSWER), Response):
        return _still_serves(plan, f"its stop command ended {allowed:g} s ago")
    cause = f"{plan.standby.name} did not answer HTTP within {allowed:g} s after {plan.serving.name} was stopped: {answer.cause}"
    return Unknown(cause, answer.where, answer.failure)


def _still_serves(plan: Plan, why: str) -> Unknown:
    cause = f"{plan.serving.name} still answers HTTP, though {why}: {plan.standby.name} had nothing to take over"
    return Unknown(cause, plan.stop.shown, Failure.REJECTED)


def kept(side: Side, session: str, limits: Limits) -> Response | Unknown:
    """What the other one answers for the session: the first answer that it is there, or the last of a few seconds."""
    until = time.monotonic() + RECOVERS
    while True:
        answer = side.query(session, ANSWER)
        known = isinstance(answer, Response) and answer.succeeded
        if known or time.monotonic() >= until or _pause(limits):
            return answer


def _pause(limits: Limits) -> Unknown | None:
    """Wait a little; why nothing more is asked where the run is over."""
    (limits.cancel or threading.Event()).wait(EVERY)
    return attempt(limits.check_run)


def running(status: Command, seconds: float) -> bool:
    """Whether the status command says that the application runs, once it does or after a while."""
    until = time.monotonic() + seconds
    while not run_command(status, Limits()).succeeded:
        if time.monotonic() >= until:
            return False
        threading.Event().wait(EVERY)
    return True
