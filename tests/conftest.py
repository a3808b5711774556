# SPDX-License-Identifier: Apache-2.0
"""Where tests find servers: real Cassandra rings, none where nothing is to be created, and an address where nobody is."""

import signal
import socket
from collections.abc import Iterator

import pytest
from hypothesis import settings

from fixtures.rings import NOTHING_BUILT, cassandra_ring, own_cassandra_ring, ring_builder
from orsgate.plugin import environment_of
from orsgate.probes.transport import Target
from tests.browser.chromium import browser

__all__ = ["browser", "cassandra_ring", "nowhere", "own_cassandra_ring", "ring_builder"]

settings.register_profile("orsgate", deadline=None)  # how long an example takes says more of the machine than of the code
settings.load_profile("orsgate")

# A shell that runs the tests in the background lets them, and whatever they start, ignore Ctrl-C, which many of them send.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def nowhere() -> Iterator[Target]:
    """An address that refuses, and that nobody can open meanwhile: bound, and not listened at."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield Target(*bound.getsockname())


def pytest_runtest_setup(item: pytest.Item) -> None:
    if environment_of(item.config) == "live" and item.get_closest_marker("ring"):
        pytest.skip(NOTHING_BUILT)
