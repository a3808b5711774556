# SPDX-License-Identifier: Apache-2.0
"""Trying keyspaces on a twin that runs: create, read back, write and read, and again with one node down."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import count

from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.rehearsal import Answer, Attempt, CallResult, NodeDown, Trial
from orsgate.estate.ring import UNREACHABLE
from orsgate.rehearsal import calls
from orsgate.rules.keyspace_requests import KeyspaceRequest
from orsgate.rules.strategy import replicas_in
from orsgate.sandbox.client import NoAnswer, Refused
from orsgate.sandbox.errors import SandboxError
from orsgate.sandbox.local_node import LocalNode
from orsgate.sandbox.ring import Ring

PENDING = Unknown("this was not rehearsed yet", failure=Failure.NOT_ASKED)
"""Stands for every fact until it is there."""
_NOTICES_AT_ONCE = 1.5
"""Seconds within which a node tells the schema versions if it waits for no dead member; else it waits 10."""
_NOTICED_WITHIN = 60.0
"""Seconds a node may take to notice that another is down: 1.0.12 takes 17 on an idle machine, and machines are busy."""
_ANSWERS_WITHIN = 20.0
"""Seconds a node that created nothing may take to answer again: twice the 10 that it waits for a member that is silent."""
_ASKED_AGAIN_AFTER = 0.05
"""Seconds between two questions whether a node has noticed: little beside what noticing takes, and enough not to load it."""

Stage = Callable[[str], None]
"""Told what is being done."""


def pending(request: KeyspaceRequest) -> Trial:
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


class TrialRunner:
    """Tries keyspaces on rings, and keeps every fact as soon as it is there.

    Args:
        requests: what is to be tried.

    Attributes:
        trials: of each request what is known so far.
    """

    def __init__(self, requests: Sequence[KeyspaceRequest]) -> None:
        self.trials: dict[KeyspaceRequest, Trial] = {request: pending(request) for request in requests}
        self._values = count(1)

    def run(self, ring: Ring[LocalNode], requests: Sequence[KeyspaceRequest], stage: Stage) -> None:
        """Try those ``requests`` that have not been tried, on a ring where their names do not clash.

        A server that closes the connection may have got into trouble: what is left then needs another ring.

        Raises:
            SandboxError: the ring broke.
        """
        created = list(self._created(ring, requests, stage))
        rows = calls.rows_for([node.token for node in ring.nodes])
        for request in created:
            stage(f"writing and reading rows of {request.keyspace}")
            began = time.monotonic()
            attempts = self._attempts(ring, request, rows)
            self._keep(request, replace(self.trials[request], all_up=attempts), began)
        self._one_down(ring, created, rows, stage)

    def _created(self, ring: Ring[LocalNode], requests: Sequence[KeyspaceRequest], stage: Stage) -> Iterator[KeyspaceRequest]:
        node = ring.nodes[0]
        for request in requests:
            stage(f"creating {request.keyspace}")
            began = time.monotonic()
            answer = calls.create(node, request.keyspace, request.strategy_class, dict(request.options))
            trial = self.trials[request]
            if isinstance(answer, Answer) and answer.result is CallResult.DONE:
                ring.wait_until_agreed()
                found = calls.definition(ring.nodes[-1], request.keyspace)
                ranges = calls.ranges(ring.nodes[-1], request.keyspace)
                self._keep(request, replace(trial, created=answer, definition=found, ranges=ranges), began)
                yield request
                continue
            node.wait_until_answering(_ANSWERS_WITHIN)  # one that died has not refused anything
            nothing = answer if isinstance(answer, Unknown) else None
            trial = replace(trial, created=answer, definition=nothing, ranges=nothing, all_up=nothing, one_down=nothing)
            self._keep(request, trial, began)
            if not isinstance(answer, Answer) or answer.result is CallResult.CLOSED:
                return

    def _one_down(
        self, ring: Ring[LocalNode], requests: Sequence[KeyspaceRequest], rows: Sequence[calls.Row], stage: Stage
    ) -> None:  # fmt: skip
        victims = list(self._victims(ring, requests))
        for request in requests:  # so that those which are never taken down do not go missing
            down = tuple(NodeDown(victim.address, victim.datacenter, PENDING) for victim in victims)
            self.trials[request] = replace(self.trials[request], one_down=down)
        for number, victim in enumerate(victims, 1):
            stage(f"one node of {victim.datacenter} down")
            victim.stop()
            wait_until_noticed(ring, victim)
            for request in requests:
                began = time.monotonic()
                attempts = self._attempts(ring, request, rows)
                trial = self.trials[request]
                before = trial.one_down if isinstance(trial.one_down, tuple) else ()
                found = tuple(replace(each, attempts=attempts) if each.node == victim.address else each for each in before)
                self._keep(request, replace(trial, one_down=found), began)
            if number < len(victims):
                victim.start()
                ring.wait_until_agreed()

    def _victims(self, ring: Ring[LocalNode], requests: Sequence[KeyspaceRequest]) -> Iterator[LocalNode]:
        """Of each data center the last node that holds replicas."""
        holding: set[str] = set()
        for request in requests:
            ranges = self.trials[request].ranges
            if isinstance(ranges, tuple):
                holding.update(address for each in ranges for address in each.replicas)
        last = {node.datacenter: node for node in ring.nodes if node.address in holding}
        yield from last.values()

    def _attempts(self, ring: Ring[LocalNode], request: KeyspaceRequest, rows: Sequence[calls.Row]) -> tuple[Attempt, ...]:
        """Every row at QUORUM through each data center, and at LOCAL_QUORUM through each that is to hold replicas.

        What failed is tried again while all nodes that should be up are known to be: on a busy machine a node can be taken
        for dead for a while.

        Nobody can be asked in a data center whose nodes were all stopped, or that the twin never had; a node that ended by
        itself is still asked, so that nothing is claimed of a twin that broke.

        Raises:
            SandboxError: a node ended by itself, or the nodes do not agree.
        """
        coordinators: dict[str, LocalNode] = {}
        for node in ring.nodes:
            node.require_running()
            if node.expected:
                coordinators.setdefault(node.datacenter, node)
        if not coordinators:
            return (calls.nobody("", "QUORUM"),)
        local = [name for name, number in request.options if replicas_in(number) != 0] if request.by_datacenter else []
        asked = [("QUORUM", name) for name in coordinators] + [("LOCAL_QUORUM", name) for name in local]
        found: list[Attempt] = []
        for level, datacenter in asked:
            coordinator = coordinators.get(datacenter)
            if coordinator is None:
                found.append(calls.nobody(datacenter, level))
                continue
            attempts = [self._write_and_read(coordinator, request, row, level) for row in rows]
            if any(attempt.failed for attempt in attempts):
                ring.wait_until_agreed()
                again = zip(attempts, rows, strict=True)
                attempts = [self._write_and_read(coordinator, request, row, level) if old.failed else old for old, row in again]
                ring.wait_until_agreed()
            found += attempts
        return tuple(found)

    def _write_and_read(self, node: LocalNode, request: KeyspaceRequest, row: calls.Row, level: str) -> Attempt:
        return calls.write_and_read(node, request.keyspace, row, level, b"%d" % next(self._values))

    def _keep(self, request: KeyspaceRequest, trial: Trial, began: float) -> None:
        """Keep what is known of a request by now, with the time that was spent on it since ``began``."""
        self.trials[request] = replace(trial, seconds=round(trial.seconds + time.monotonic() - began, 3))


def wait_until_noticed(ring: Ring[LocalNode], down: LocalNode) -> None:
    """Wait until every running node knows that ``down`` is: it then asks it no more, and answers for it at once.

    Raises:
        SandboxError: they do not notice.
    """
    deadline = time.monotonic() + _NOTICED_WITHIN
    for node in ring.nodes:
        while node.running and not _has_noticed(node, down):
            node.require_running()
            if time.monotonic() > deadline:
                raise SandboxError(f"{node.address} has not noticed after {_NOTICED_WITHIN:.0f} s that {down.address} is down")
            time.sleep(_ASKED_AGAIN_AFTER)


def _has_noticed(node: LocalNode, down: LocalNode) -> bool:
    try:
        with node.client(_NOTICES_AT_ONCE) as client:
            return down.address in client.schema_versions().get(UNREACHABLE, ())
    except (NoAnswer, Refused):
        return False


def batches(requests: Sequence[KeyspaceRequest]) -> list[list[KeyspaceRequest]]:
    """Requests in groups in which no two names clash: Cassandra takes names that differ only in letter case for the same."""
    found: list[dict[str, KeyspaceRequest]] = []
    for request in requests:
        name = request.keyspace.casefold()
        group = next((group for group in found if name not in group), None)
        if group is None:
            found.append(group := {})
        group[name] = request
    return [list(group.values()) for group in found]
