# SPDX-License-Identifier: Apache-2.0
"""Runs the active test against scripted servers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from orsgate.collection.trials.document import Documents
from orsgate.collection.trials.serving import DocumentServer
from orsgate.collection.trials.sessions import LookUp, SessionTrials
from orsgate.estate.deployment import RowSeen, Served, SessionTrial
from orsgate.estate.estate import Estate
from orsgate.estate.journal import Journal
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.probes.ors.client import OrsClient
from orsgate.wire.deadline import Limits
from tests.collection.trials.scripted import ScriptedOrs, Site
from tests.make import estate

LIMITS = Limits(call=2.0, connect=1.0)
SILENT = Unknown("it refused the connection", failure=Failure.REFUSED)


def in_the_ring(session: str, until: float) -> RowSeen | Unknown:
    return RowSeen("Session", ("Session", "SessionIDServerInfo"), f"ring {session} {until:.0f}"[:4], 0.0)


@dataclass
class Tried:
    trials: tuple[SessionTrial, ...]
    remarks: tuple[str, ...]
    settled: bool

    def of(self, node: str) -> SessionTrial:
        return next(each for each in self.trials if each.node == node)

    @property
    def left_behind(self) -> str:
        return "\n".join(each.left_behind for each in self.trials if each.left_behind)


@contextmanager
def two_nodes(site: Site | None = None) -> Iterator[tuple[ScriptedOrs, ScriptedOrs]]:
    """Two nodes of the healthy estate, whose Primaries serve."""
    site = site or Site()
    nodes = ScriptedOrs(site), ScriptedOrs(site)
    try:
        yield nodes
    finally:
        for node in nodes:
            node.close()


def served_by(first: ScriptedOrs, second: ScriptedOrs) -> tuple[Served, ...]:
    return (
        first.served("ORS_1"), Served("ORS_1_B", "http://127.0.0.1:1", SILENT),
        second.served("ORS_2"), Served("ORS_2_B", "http://127.0.0.1:1", SILENT),
    )  # fmt: skip


def tried(
    served: tuple[Served, ...],
    journal: Path,
    documents: Documents | None = None,
    look_up: LookUp | None = in_the_ring,
    limits: Limits = LIMITS,
    of: Estate | None = None,
) -> Tried:
    """The active test from its beginning to its end."""
    client = OrsClient(limits)
    with DocumentServer("127.0.0.1", 0) as server, Journal(journal) as written:
        tests = SessionTrials(of or estate(), served, client, documents or server, written, look_up, limits)
        with tests:
            tests.begin()
        client.close()
        return Tried(tests.trials, tests.remarks, tests.settle())
