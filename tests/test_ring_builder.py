# SPDX-License-Identifier: Apache-2.0
"""A ring that does not come up is tried once more, and then the test that needs it fails."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

import pytest

from fixtures import rings
from orsgate.sandbox.errors import SandboxError


class Broken:
    """A ring of which the first ``broken`` do not come up."""

    broken = 0
    started = 0
    closed = 0

    def __init__(self, release: str, **options: Any) -> None:
        self.told = release, options

    def start(self) -> None:
        type(self).started += 1
        if self.started <= self.broken:
            raise SandboxError(f"ring {self.started} does not agree")

    def close(self) -> None:
        type(self).closed += 1


def made(monkeypatch: pytest.MonkeyPatch, broken: int) -> type[Broken]:
    kind = type("Made", (Broken,), {"broken": broken})
    monkeypatch.setattr(rings, "CassandraRing", kind)
    return kind


@pytest.mark.parametrize("broken", [0, 1])
def test_a_second_ring_is_made_where_the_first_does_not_come_up(monkeypatch: pytest.MonkeyPatch, broken: int) -> None:
    kind = made(monkeypatch, broken)
    with ExitStack() as stack:
        ring: Any = rings.Builder("embedded").started("3.9", {"nodes": 2}, stack)
        assert isinstance(ring, kind)
        assert ring.told == ("3.9", {"nodes": 2})
        assert (kind.started, kind.closed) == (broken + 1, 0)
    assert kind.closed == 1


def test_a_second_failure_fails_and_tells_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    kind = made(monkeypatch, 2)
    with ExitStack() as stack, pytest.raises(pytest.fail.Exception, match="A Cassandra ring is needed: ring 1 does not agree"):
        rings.Builder("embedded").started("3.9", {}, stack)
    assert (kind.started, kind.closed) == (2, 0)
