# SPDX-License-Identifier: Apache-2.0
"""The real Cassandra rings, for every test that asks for one."""

from fixtures.rings import cassandra_ring, own_cassandra_ring

__all__ = ["cassandra_ring", "own_cassandra_ring"]
