# SPDX-License-Identifier: Apache-2.0
"""The real Cassandra rings, for every test that asks for one, and no ring at all where nothing is to be created."""

import pytest

from fixtures.rings import NOTHING_BUILT, cassandra_ring, own_cassandra_ring, ring_builder
from orsgate.plugin import environment_of

__all__ = ["cassandra_ring", "own_cassandra_ring", "ring_builder"]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "embedded: `make test` does not run it in containers too, where another test is of its kind"
    )


def pytest_runtest_setup(item: pytest.Item) -> None:
    if environment_of(item.config) == "live" and item.get_closest_marker("ring"):
        pytest.skip(NOTHING_BUILT)
