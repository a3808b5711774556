# SPDX-License-Identifier: Apache-2.0
"""The disruptive test: stops the application of a pair that serves, sees the other one take over, and starts it again.

One pair at a time, each step in the journal before it is taken. Usually the Primary serves and its Backup has to take
over. Where a pair is switched over, its Backup serves: then that is stopped, and the Primary has to take over, since the
ORS that has to prove itself is the one that stands by. ``Failover.primary`` and ``backup`` are the roles by configuration;
``stop.application`` says which one was stopped.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace

from orsgate.collection.trials import takeover
from orsgate.collection.trials.asking import HttpClient, Side
from orsgate.collection.trials.commands import Command, command_of
from orsgate.collection.trials.served import address_of
from orsgate.collection.trials.stopped import announce_stop, run_start, run_stop, why_not
from orsgate.collection.trials.takeover import Plan
from orsgate.estate.deployment import CommandRun, Failover, Response
from orsgate.estate.estate import Estate, Pair
from orsgate.estate.file import LoadedEstate
from orsgate.estate.journal import Journal
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.schema_objects import ApplicationEntry
from orsgate.wire.deadline import Limits
from orsgate.wire.observer import Observer, unobserved
from orsgate.wire.trouble import attempt, interrupted

Confirm = Callable[[str], bool]
"""Shows the text to a person at a terminal and says whether it was agreed to."""

TAKEOVER = 60.0
"""Seconds that a takeover may take where ``[active] takeover_within`` says nothing."""
SETTLES = 10.0
"""Seconds to wait at the end until one of the pair serves and the other one does not."""


def try_failovers(
    estate: Estate,
    loaded: LoadedEstate,
    client: HttpClient,
    sessions: Mapping[str, str],
    journal: Journal,
    limits: Limits,
    confirm: Confirm,
    observer: Observer = unobserved,
    *,
    done: Callable[[Failover], None] = lambda _: None,
) -> tuple[Failover, ...]:
    """Try the failover of each pair in scope whose Backup is in scope, one after the other.

    A pair is tried where one side serves HTTP, the other one refuses it, and the estate file gives the side that serves
    both a stop and a start command. Without commands ``stop`` is None: a person does it. Where something else is in the
    way ``stop.code`` is an ``Unknown`` that says what, and nothing was run. The start is tried whatever happened after the
    stop was announced, also where the stop failed, and after an interruption, which goes on then.

    To be called while the sessions live; none is ended here.

    Args:
        estate: the pairs, their addresses and roles.
        loaded: the estate file, with the commands as they were written.
        client: asks ORS; a request takes the seconds that it is given at the most.
        sessions: name of the Primary of a node -> the session that is proved persisted there, and lives.
        journal: of this estate; ``stopped.start_stopped`` tells the next run what this one could not put right.
        limits: of the run. When it is over nothing more is stopped, and what is stopped is started again.
        confirm: asked once, with everything that will be stopped and by which command; not where there is nothing.
        observer: told how many pairs are done.
        done: takes each result as soon as it is there, the one of an interrupted pair too.

    Returns:
        One for each pair, in inventory order.

    Raises:
        JournalError: a stop cannot be announced; nothing is stopped then.
        KeyboardInterrupt: after the start was tried.
    """
    names = {application.name for application in estate.in_scope}
    entries = {entry.name: entry for entry in loaded.file.application}
    trials = [_Trial(loaded, entries, client, sessions, pair) for pair in estate.pairs if pair.backup.name in names]
    plans = [(trial, trial.plan()) for trial in trials]
    texts = [_told(plan, trial.allowed) for trial, plan in plans if isinstance(plan, Plan)]
    agreed = bool(texts) and confirm("\n".join((_HEADING, *texts)))
    found = []
    for number, (trial, plan) in enumerate(plans):
        observer("trying the failover of each pair", number, len(plans))
        if isinstance(plan, Failover):
            failover = plan
        elif not agreed:
            failover = trial.not_tried(plan.stop, Unknown("nothing was stopped: it was not agreed to", failure=Failure.NOT_ASKED))
        else:
            failover = trial.run(plan, journal, limits, done)
            found.append(failover)
            continue
        done(failover)
        found.append(failover)
    if plans:
        observer("trying the failover of each pair", len(plans), len(plans))
    return tuple(found)


_HEADING = "These applications serve now. Each is stopped, the other one of its pair has to take over, and it is started again:"


def _told(plan: Plan, allowed: float) -> str:
    return f"  {plan.stop.application}, then {plan.standby.name} serves within {allowed:g} s: {plan.stop.shown}"


class _Trial:
    """The failover of one pair."""

    def __init__(
        self,
        loaded: LoadedEstate,
        entries: Mapping[str, ApplicationEntry],
        client: HttpClient,
        sessions: Mapping[str, str],
        pair: Pair,
    ) -> None:
        self._pair = pair
        self._commands = {
            application.name: {
                action: command_of(loaded, entries.get(application.name), action) for action in ("stop", "start", "status")
            }
            for application in (pair.primary, pair.backup)
        }  # fmt: skip
        self._primary, self._backup = (
            Side(each.name, address_of(each, has_none=each.name in entries and entries[each.name].http is False), client)
            for each in (pair.primary, pair.backup)
        )
        self.allowed = loaded.file.active.takeover_within or TAKEOVER
        self._blank = Failover(pair.primary.name, pair.backup.name, self.allowed, sessions.get(pair.primary.name, ""))

    def plan(self) -> Plan | Failover:
        """Who is to be stopped; the result where that cannot be."""
        primary, backup = self._primary.answer(takeover.ANSWER), self._backup.answer(takeover.ANSWER)
        serving = self._serving(primary, backup)
        switched = isinstance(backup, Response) and not isinstance(primary, Response)
        stopped, standby = (self._backup, self._primary) if switched else (self._primary, self._backup)
        commands = self._commands[stopped.name]
        stop, start = commands["stop"], commands["start"]
        if stop is None or start is None:
            return replace(self._blank, serving=serving)
        if isinstance(serving, Unknown):
            return self.not_tried(stop, serving)
        if not serving or len(serving) > 1:
            both = "both serve HTTP" if serving else "neither serves HTTP"
            cause = f"the failover of {self._pair.name} was not tried: {both} before anything was stopped"
            return self.not_tried(stop, Unknown(cause, failure=Failure.NOT_ASKED), serving)
        return Plan(stop, start, commands["status"], stopped, standby)

    def not_tried(self, stop: Command, why: Unknown, serving: tuple[str, ...] | Unknown | None = None) -> Failover:
        """The result where nothing was stopped."""
        if serving is None:
            serving = self._serving(self._primary.answer(takeover.ANSWER), self._backup.answer(takeover.ANSWER))
        return replace(self._blank, stop=stop.not_run(why), serving=serving)

    def run(self, plan: Plan, journal: Journal, limits: Limits, done: Callable[[Failover], None]) -> Failover:
        """Stop, see, and start again."""
        again = self.plan()  # other pairs were tried meanwhile
        if again != plan:
            result = again
            if isinstance(again, Plan):
                cause = f"the failover of {self._pair.name} was not tried: it was switched over since it was agreed to"
                result = self.not_tried(plan.stop, Unknown(cause, failure=Failure.NOT_ASKED))
            assert isinstance(result, Failover)  # noqa: S101 - for the type checker
            done(result)
            return result
        if over := attempt(limits.check_run):
            result = self.not_tried(plan.stop, over)
            done(result)
            return result
        announced = announce_stop(journal, plan.stop, plan.start)
        result = replace(self._blank, stop=plan.stop.not_run(interrupted().unknown))
        try:
            stop = run_stop(journal, announced, plan.stop, limits)
            result = replace(result, stop=stop)
            result = self._taken_over(result, plan, stop, limits)
        except BaseException:
            done(self._put_back(result, plan, journal, done, wait=False))
            raise
        result = self._put_back(result, plan, journal, done, wait=True)
        done(result)
        return result

    def _taken_over(self, result: Failover, plan: Plan, stop: CommandRun, limits: Limits) -> Failover:
        serves_after = takeover.seconds_until_it_serves(plan, self.allowed, stop, limits)
        if isinstance(serves_after, Unknown) or not result.session:
            return replace(result, serves_after=serves_after)
        return replace(result, serves_after=serves_after, kept=takeover.kept(plan.standby, result.session, limits))

    def _put_back(
        self, result: Failover, plan: Plan, journal: Journal, done: Callable[[Failover], None], *, wait: bool
    ) -> Failover:
        """The result with the start, which is tried once more where the first interruption comes during it."""
        try:
            return self._started(result, plan, journal, wait=wait)
        except BaseException:
            if wait:
                done(self._put_back(result, plan, journal, done, wait=False))
            else:
                cut_short = plan.start.not_run(interrupted().unknown)
                done(replace(result, start=cut_short, serving=interrupted().unknown, left_behind=(_left(plan, cut_short),)))
            raise

    def _started(self, result: Failover, plan: Plan, journal: Journal, *, wait: bool) -> Failover:
        """The result with the start, and with who serves then; after an interruption nothing is waited for."""

        def runs(run: CommandRun) -> bool:
            if plan.status is None:
                return run.succeeded or isinstance(plan.serving.answer(takeover.ANSWER), Response)
            return (run.succeeded and not wait) or takeover.running(plan.status, takeover.RUNS_WITHIN if run.succeeded else 0.0)

        start, running = run_start(journal, plan.start, runs)
        left = () if running else (_left(plan, start),)
        serving = self._settled() if wait else interrupted().unknown
        return replace(result, start=start, left_behind=left, serving=serving)

    def _settled(self) -> tuple[str, ...] | Unknown:
        """Who serves, once that is one of the two, or after a while."""
        until = time.monotonic() + SETTLES
        while True:
            serving = self._serving(self._primary.answer(takeover.ANSWER), self._backup.answer(takeover.ANSWER))
            over = isinstance(serving, Unknown) and serving.failure is Failure.NOT_ASKED
            if over or (isinstance(serving, tuple) and len(serving) == 1) or time.monotonic() >= until:
                return serving
            threading.Event().wait(takeover.EVERY)

    def _serving(self, primary: Response | Unknown, backup: Response | Unknown) -> tuple[str, ...] | Unknown:
        """Who serves; unknown where one of the two gives neither an answer nor a refusal."""
        for answer in (primary, backup):
            if isinstance(answer, Unknown) and answer.failure is not Failure.REFUSED:
                return answer
        answers = ((self._primary, primary), (self._backup, backup))
        return tuple(side.name for side, answer in answers if isinstance(answer, Response))


def _left(plan: Plan, start: CommandRun) -> str:
    why = "its status command does not say that it runs" if start.succeeded else why_not(start)
    return f"{plan.serving.name} was stopped, and could not be started again ({why}): {plan.start.shown}"
