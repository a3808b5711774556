# SPDX-License-Identifier: Apache-2.0
"""Trying keyspaces on a twin that runs: create, read back, write and read, and again with one node down."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import count

from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.rehearsal import Answer, Attempt, Did, OneDown, Trial
from orsgate.rehearsal import asking
from orsgate.rules.keyspace_requests import Request
from orsgate.rules.rehearsal import number_of
from orsgate.sandbox.agreement import UNREACHABLE
from orsgate.sandbox.client import NoAnswer, Refused
from orsgate.sandbox.errors import SandboxError
from orsgate.sandbox.local_node import LocalNode
from orsgate.sandbox.ring import Ring

PENDING = Unknown("this was not rehearsed yet", failure=Failure.NOT_ASKED)
"""Stands for every fact until it is there."""
_NOTICES_AT_ONCE = 1.5
"""Seconds within which a node tells the schema versions if it waits for no dead member; else it waits 10."""
_NOTICING = 60.0
_ANSWERING = 20.0
_PAUSE = 0.05

Stage = Callable[[str], None]
"""Told what is being done."""


def pending(request: Request) -> Trial:
    """The trial of a request before anything was done."""
    return Trial(
        request.keyspace, request.strategy_class, dict(request.options), PENDING, PENDING, PENDING, PENDING, PENDING
    )  # fmt: skip


def given_up(trial: Trial, why: Unknown) -> Trial:
    """A trial whose facts that are not there will never be."""

    def instead(fact: object) -> bool:
        return fact is PENDING

    one_down = trial.one_down
    if isinstance(one_down, tuple):
        one_down = tuple(replace(each, attempts=why) if instead(each.attempts) else each for each in one_down)
    return replace(
        trial,
        created=why if instead(trial.created) else trial.created,
        definition=why if instead(trial.definition) else trial.definition,
        ranges=why if instead(trial.ranges) else trial.ranges,
        all_up=why if instead(trial.all_up) else trial.all_up,
        one_down=why if instead(one_down) else one_down,
    )


class Trials:
    """Tries keyspaces, and keeps every fact as soon as it is there.

    Args:
        requests: what is to be tried.
    """

    def __init__(self, requests: Sequence[Request]) -> None:
        self.facts: dict[Request, Trial] = {request: pending(request) for request in requests}
        self._values = count(1)

    def on(self, ring: Ring[LocalNode], requests: Sequence[Request], stage: Stage) -> None:
        """Try those ``requests`` that have not been tried, on a ring where their names do not clash.

        A server that closes the connection may have got into trouble: what is left then needs another ring.

        Raises:
            SandboxError: the ring broke.
        """
        created = list(self._created(ring, requests, stage))
        rows = asking.rows_for([node.token for node in ring.nodes])
        for request in created:
            stage(f"writing and reading rows of {request.keyspace}")
            began = time.monotonic()
            self._set(request, all_up=self._attempts(ring, request, rows))
            self._spent(request, began)
        self._one_down(ring, created, rows, stage)

    def _created(self, ring: Ring[LocalNode], requests: Sequence[Request], stage: Stage) -> Iterator[Request]:
        node = ring.nodes[0]
        for request in requests:
            stage(f"creating {request.keyspace}")
            began = time.monotonic()
            answer = asking.create(node, request.keyspace, request.strategy_class, dict(request.options))
            done = isinstance(answer, Answer) and answer.did is Did.DONE
            if done:
                ring.wait_until_agreed()
                found = asking.definition(ring.nodes[-1], request.keyspace)
                ranges = asking.ranges(ring.nodes[-1], request.keyspace)
                self._set(request, created=answer, definition=found, ranges=ranges)
            else:
                node.wait_until_answering(_ANSWERING)  # one that died has not refused anything
                nothing = answer if isinstance(answer, Unknown) else None
                self._set(request, created=answer, definition=nothing, ranges=nothing, all_up=nothing, one_down=nothing)
            self._spent(request, began)
            if done:
                yield request
            elif not isinstance(answer, Answer) or answer.did is Did.CLOSED:
                return

    def _one_down(
        self, ring: Ring[LocalNode], requests: Sequence[Request], rows: Sequence[asking.Row], stage: Stage
    ) -> None:  # fmt: skip
        victims = list(self._victims(ring, requests))
        for number, victim in enumerate(victims, 1):
            stage(f"one node of {victim.datacenter} down")
            victim.stop()
            wait_until_noticed(ring, victim)
            for request in requests:
                began = time.monotonic()
                found = OneDown(victim.address, victim.datacenter, self._attempts(ring, request, rows))
                before = self.facts[request].one_down
                self._set(request, one_down=(*(before if isinstance(before, tuple) else ()), found))
                self._spent(request, began)
            if number < len(victims):
                victim.start()
                ring.wait_until_agreed()

    def _victims(self, ring: Ring[LocalNode], requests: Sequence[Request]) -> Iterator[LocalNode]:
        """Of each data center the last node that holds replicas."""
        holding: set[str] = set()
        for request in requests:
            ranges = self.facts[request].ranges
            if isinstance(ranges, tuple):
                holding.update(address for each in ranges for address in each.replicas)
        last = {node.datacenter: node for node in ring.nodes if node.address in holding}
        yield from last.values()

    def _attempts(self, ring: Ring[LocalNode], request: Request, rows: Sequence[asking.Row]) -> tuple[Attempt, ...]:
        """Every row at QUORUM through each data center, and at LOCAL_QUORUM through each that is to hold replicas.

        What failed is tried again while all nodes that should be up are known to be: on a busy machine a node can be taken
        for dead for a while.

        Raises:
            SandboxError: a node ended by itself, or the nodes do not agree.
        """
        coordinators: dict[str, LocalNode] = {}
        for node in ring.nodes:
            if node.running:
                coordinators.setdefault(node.datacenter, node)
        if not coordinators:
            return (asking.nobody("", "QUORUM"),)
        local = [name for name, number in request.options if number_of(number)] if request.by_datacenter else []
        asked = [("QUORUM", name) for name in coordinators] + [("LOCAL_QUORUM", name) for name in local]
        found: list[Attempt] = []
        for level, datacenter in asked:
            coordinator = coordinators.get(datacenter)
            if coordinator is None:
                found.append(asking.nobody(datacenter, level))
                continue
            tried = [self._attempt(coordinator, request, row, level) for row in rows]
            if any(attempt.failed for attempt in tried):
                ring.wait_until_agreed()
                again = zip(tried, rows, strict=True)
                tried = [self._attempt(coordinator, request, row, level) if old.failed else old for old, row in again]
                ring.wait_until_agreed()
            found += tried
        return tuple(found)

    def _attempt(self, node: LocalNode, request: Request, row: asking.Row, level: str) -> Attempt:
        return asking.attempt(node, request.keyspace, row, level, b"%d" % next(self._values))

    def _set(self, request: Request, **facts: object) -> None:
        self.facts[request] = replace(self.facts[request], **facts)  # type: ignore[arg-type]  # fields by name

    def _spent(self, request: Request, began: float) -> None:
        trial = self.facts[request]
        self._set(request, seconds=round(trial.seconds + time.monotonic() - began, 3))


def wait_until_noticed(ring: Ring[LocalNode], down: LocalNode) -> None:
    """Wait until every running node knows that ``down`` is: it then asks it no more, and answers for it at once.

    Raises:
        SandboxError: they do not notice.
    """
    deadline = time.monotonic() + _NOTICING
    for node in ring.nodes:
        while node.running and not _has_noticed(node, down):
            node.require_running()
            if time.monotonic() > deadline:
                raise SandboxError(f"{node.address} has not noticed after {_NOTICING:.0f} s that {down.address} is down")
            time.sleep(_PAUSE)


def _has_noticed(node: LocalNode, down: LocalNode) -> bool:
    try:
        with node.client(_NOTICES_AT_ONCE) as client:
            return down.address in client.schema_versions().get(UNREACHABLE, ())
    except (NoAnswer, Refused):
        return False


def batches(requests: Sequence[Request]) -> list[list[Request]]:
    """Requests in groups in which no two names clash: Cassandra takes names that differ only in letter case for the same."""
    found: list[dict[str, Request]] = []
    for request in requests:
        name = request.keyspace.casefold()
        group = next((group for group in found if name not in group), None)
        if group is None:
            found.append(group := {})
        group[name] = request
    return [list(group.values()) for group in found]
