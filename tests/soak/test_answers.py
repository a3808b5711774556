# SPDX-License-Identifier: Apache-2.0
"""Made and mutated answers of nodes in great numbers; ORSGATE_SOAK_SECONDS says for how long in all."""

from __future__ import annotations

import os
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.probes.fuzzed import ANSWERS, CHANGES, SEQID, changed, check_decoding
from tests.probes.native_samples import node_1_2, node_2_1, node_3, node_4
from tests.probes.scripted import reply
from tests.probes.test_native_node import TABLES, check_any_tables

pytestmark = [pytest.mark.soak, pytest.mark.slow, pytest.mark.timeout(0)]

SECONDS = float(os.environ.get("ORSGATE_SOAK_SECONDS", "600"))
ROUND = 500
"""Examples between two looks at the clock."""
EVERY = 10
"""One round in so many is watched for its memory, which makes it several times slower."""
MOST_MEMORY = 10 * 1024 * 1024
"""Bytes that an answer of a few kilobytes may take."""
CALLS = ANSWERS.map(lambda answer: answer[0])


def soak(share: float, run: Callable[..., None], *strategies: st.SearchStrategy[Any]) -> None:
    """Give ``run`` other examples of ``strategies`` for its share of the time; this process takes little memory."""
    until, rounds, most = time.monotonic() + share * SECONDS, 0, 0

    def measured(drawn: tuple[Any, ...]) -> None:
        nonlocal most
        if not tracemalloc.is_tracing():
            run(*drawn)
            return
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        run(*drawn)
        most = max(most, tracemalloc.get_traced_memory()[1] - before)

    again = settings(max_examples=ROUND, deadline=None, database=None, suppress_health_check=list(HealthCheck))(
        given(st.tuples(*strategies))(measured)
    )
    while rounds == 0 or time.monotonic() < until:
        if rounds % EVERY == 0:
            tracemalloc.start()
        try:
            again()
        finally:
            tracemalloc.stop()
        rounds += 1
    print(f"{rounds * ROUND} examples, at most {most / 2**20:.2f} MB for one")  # noqa: T201 - shown with -s
    assert 0 < most < MOST_MEMORY


def test_mutated_answers_of_thrift() -> None:
    def run(made: tuple[str, Any], changes: list[Any]) -> None:
        check_decoding(made[0], changed(*made, changes))

    soak(0.5, run, ANSWERS, CHANGES)


def test_raw_bytes_for_answers_of_thrift() -> None:
    def run(call: str, begins: int, data: bytes) -> None:
        check_decoding(call, bytearray(reply(call, SEQID, None)[:begins] + data))

    soak(0.2, run, CALLS, st.sampled_from([0, 4, 8, -1]), st.binary(max_size=4000))


def test_any_rows_of_the_native_protocol() -> None:
    soak(0.3, check_any_tables, TABLES, st.sampled_from([{}, node_1_2(), node_2_1(), node_3(), node_4()]))
