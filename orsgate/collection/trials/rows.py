# SPDX-License-Identifier: Apache-2.0
"""Where the row of a session is looked for: the ring that the estate file or the options lead to, and the keyspace there."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from orsgate.collection.cassandra import Reached
from orsgate.estate.deployment import RowSeen
from orsgate.estate.estate import Estate
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.rules.strategy import KEYSPACE_NAME

LookUp = Callable[[str, float], RowSeen | Unknown]
"""Looks for the row of a session, until a time on the clock of ``time.monotonic``; called by several threads.

It gives up at once where ``cancel`` of the limits of the run is set."""


def row_finder(estate: Estate, nodes: Reached | Unknown) -> LookUp | Unknown:
    """What looks for sessions in the ring of an estate; ``Unknown`` where no node or no keyspace is named.

    Where applications name several keyspaces, each is asked: a session is in one of them.

    Args:
        estate: the configuration, whose options name the keyspace.
        nodes: of the ring; a look-up gives up at once where their limits are cancelled.
    """
    from orsgate.probes.rows import look_up  # noqa: PLC0415 - thriftpy2 is slow to import

    if isinstance(nodes, Unknown):
        return nodes
    readings = [estate.effective(application, KEYSPACE_NAME) for application in estate.in_scope]
    keyspaces = tuple(dict.fromkeys(reading.setting.text for reading in readings if reading.setting is not None))
    if not keyspaces:
        unknown = next((reading.unknown for reading in readings if reading.unknown), None)
        return unknown or Unknown(
            f"no application names the keyspace of its sessions ({KEYSPACE_NAME})", failure=Failure.NOT_GIVEN
        )

    def find(session: str, until: float) -> RowSeen | Unknown:
        ask = partial(look_up, nodes.targets, nodes.access, session=session, seconds=max(until - time.monotonic(), 0.001))
        if len(keyspaces) == 1:
            return ask(keyspaces[0])
        with ThreadPoolExecutor(len(keyspaces), thread_name_prefix="row") as pool:
            return _taken_together(list(pool.map(ask, keyspaces)))

    return find


def _taken_together(answers: list[RowSeen | Unknown]) -> RowSeen | Unknown:
    """The answer that found the row; else a failure to know; else that it is absent."""
    unknown = [answer for answer in answers if isinstance(answer, Unknown)]
    seen = [answer for answer in answers if isinstance(answer, RowSeen)]
    return next((answer for answer in seen if answer.found), None) or next(iter(unknown), None) or seen[0]
