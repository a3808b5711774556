# SPDX-License-Identifier: Apache-2.0
"""The rings that the sandbox' own tests use."""

from fixtures.rings import cassandra_ring, own_cassandra_ring

__all__ = ["cassandra_ring", "own_cassandra_ring"]
