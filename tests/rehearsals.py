# SPDX-License-Identifier: Apache-2.0
"""Rehearsals in memory: what a twin answers, reckoned as Cassandra 1.1 does, and the means to change it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from orsgate.estate.knowledge import Basis
from orsgate.estate.rehearsal import (
    Answer,
    Attempt,
    CallResult,
    Definition,
    NodeDown,
    Rehearsal,
    TokenRange,
    Trial,
    Twin,
    TwinDatacenter,
)
from orsgate.estate.snapshot import Part, Snapshot
from tests import make

NETWORK, SIMPLE = "NetworkTopologyStrategy", "SimpleStrategy"
THREE_EACH = {"DC1": "3", "DC2": "3"}


def answer(result: CallResult = CallResult.DONE, said: str = "", call: str = "insert") -> Answer:
    """An answer of the first node."""
    return Answer(result, said, f"127.9.0.1:9160 {call}")


def twin(ring: Mapping[str, int] | None = None, nodes: Mapping[str, int] | None = None, **fields: Any) -> Twin:
    """A twin of a ring; without arguments of three nodes in each of two data centers."""
    ring = {"DC1": 3, "DC2": 3} if ring is None else ring
    given: dict[str, Any] = {
        "release": "1.1.12",
        "release_from": "as 6 of 6 nodes of the ring report",
        "release_basis": Basis.OBSERVED,
        "ring_releases": ("1.1.12",),
        "ring_silent": 0,
        "ring_layout": dict(ring),
        "datacenters": tuple(TwinDatacenter(name, (nodes or ring)[name], count) for name, count in ring.items()),
        "layout_from": "as the ring has them",
        "layout_basis": Basis.OBSERVED,
        "most_nodes": 6,
    }
    return Twin(**(given | fields))


class _Ring:
    """The nodes of a twin, and how many replicas of each range are up."""

    def __init__(self, of: Twin, strategy: str, options: Mapping[str, str]) -> None:
        self.nodes = [(f"127.9.0.{10 * d + n}", each.name) for d, each in enumerate(of.datacenters, 1) for n in range(each.nodes)]
        self.local = [dc for dc, number in options.items() if number != "0"] if strategy == NETWORK else []
        if strategy == NETWORK:
            self.promised = sum(map(int, options.values()))
            self.replicas = {address: dc for dc, number in options.items() for address, _ in self._of(dc)[: int(number)]}
        else:
            self.promised = int(options["replication_factor"])
            self.replicas = dict(self.nodes[: self.promised])
        self.factor = {dc: int(number) for dc, number in options.items()} if strategy == NETWORK else {}

    def _of(self, datacenter: str) -> list[tuple[str, str]]:
        return [node for node in self.nodes if node[1] == datacenter]

    def ranges(self) -> tuple[TokenRange, ...]:
        return tuple(TokenRange(str(number), self.replicas) for number in range(len(self.nodes)))

    def attempts(self, down: str = "") -> tuple[Attempt, ...]:
        up = [(address, dc) for address, dc in self.nodes if address != down]
        asked = [("QUORUM", dc) for dc in dict.fromkeys(dc for _, dc in up)] + [("LOCAL_QUORUM", dc) for dc in self.local]
        found = []
        for level, dc in asked if up else [("QUORUM", ""), *asked]:
            if dc not in {name for _, name in up}:
                found.append(Attempt(dc, "", level, "", Answer(CallResult.NO_COORDINATOR, "", ""), None))
                continue
            needed = (self.promised if level == "QUORUM" else self.factor[dc]) // 2 + 1
            alive = sum(a != down and (level == "QUORUM" or d == dc) for a, d in self.replicas.items())
            done = alive >= needed
            write, read = answer(CallResult.DONE if done else CallResult.UNAVAILABLE), answer(call="get_slice") if done else None
            found += [Attempt(dc, "127.9.0.1:9160", level, str(number), write, read) for number in range(len(self.nodes))]
        return tuple(found)

    def one_down(self) -> tuple[NodeDown, ...]:
        last = {dc: address for address, dc in self.replicas.items()}
        return tuple(NodeDown(address, dc, self.attempts(address)) for dc, address in last.items())


def trial(
    of: Twin | None = None, options: Mapping[str, str] | None = None, strategy: str = NETWORK, name: str = "Orchestration",
    **fields: Any,
) -> Trial:  # fmt: skip
    """A keyspace that was created; without arguments one with three replicas in each of two data centers."""
    options = THREE_EACH if options is None else options
    ring = _Ring(of or twin(), strategy, options)
    given: dict[str, Any] = {
        "created": answer(call="system_add_keyspace"),
        "definition": Definition(f"org.apache.cassandra.locator.{strategy}", dict(options), "127.9.0.1:9160 describe_keyspace"),
        "ranges": ring.ranges(),
        "all_up": ring.attempts(),
        "one_down": ring.one_down(),
        "seconds": 1.0,
    }
    return Trial(name, strategy, dict(options), **(given | fields))


def refused(result: CallResult, said: str = "", **given: Any) -> Trial:
    """A keyspace that was not created."""
    name, strategy = given.get("name", "Orchestration"), given.get("strategy", NETWORK)
    return Trial(name, strategy, given.get("options", THREE_EACH), answer(result, said, "system_add_keyspace"))


def rehearsal(*trials: Trial, of: Twin | None = None) -> Rehearsal:
    """A rehearsal; without arguments the healthy one."""
    return Rehearsal(of or twin(), trials or (trial(of),), 5.0, 12.0)


def held(snapshot: Snapshot, record: Any) -> Snapshot:
    """``snapshot`` with a rehearsal as a part of it."""
    stand_ins = (str(record.twin),) if isinstance(record, Rehearsal) else ()
    part = Part("rehearsal", "jump", "tester", make.NOW, stand_ins)
    return replace(snapshot, rehearsal=record, parts=(*snapshot.parts, part))
