# SPDX-License-Identifier: Apache-2.0
"""Names of data centers that are not ASCII, as a real node reads them from its file and gives them back."""

from __future__ import annotations

import pytest

from fixtures.rings import RingFactory
from orsgate.probes.cassandra import Seed, Target, read_ring

pytestmark = pytest.mark.ring


def test_a_data_center_has_the_name_that_it_was_given(own_cassandra_ring: RingFactory) -> None:
    ring = own_cassandra_ring("1.1.12", nodes=2, datacenters=("Zürich", "東京"))
    ring.create_keyspace("Names", "NetworkTopologyStrategy", {"Zürich": "1", "東京": "1"})
    (first, _) = read_ring([Seed(Target.parse(ring.seeds[0], 9160))]).nodes
    assert isinstance(first.places, dict)
    assert {place.datacenter for place in first.places.values()} == {"Zürich", "東京"}
