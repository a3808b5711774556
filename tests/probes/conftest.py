# SPDX-License-Identifier: Apache-2.0
"""What tests of probes share: a client for a scripted server, and an eye on the native protocol's processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from orsgate.probes.client import Client
from orsgate.probes.login import Login, LoginGate
from orsgate.probes.transport import Target
from orsgate.wire.deadline import Limits
from orsgate.wire.resolve import Resolver
from tests.probes.native_probe import Watch

CALL = 0.4
"""Seconds that a call may take in these tests."""

MakeClient = Callable[..., Client]


@pytest.fixture
def client() -> Iterator[MakeClient]:
    """Makes clients, and closes them after the test."""
    made: list[Client] = []

    def make(target: Target, call: float = CALL, login: Login | None = None) -> Client:
        made.append(
            Client(target, Resolver(), Limits(call=call, connect=min(call, 3.0)), None if login is None else LoginGate(login))
        )
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Iterator[Watch]:
    """What is seen of the native protocol; after the test, no process is left and no question took too long."""
    seen = Watch()
    seen.install(monkeypatch)
    yield seen
    seen.check()
