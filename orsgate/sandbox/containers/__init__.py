# SPDX-License-Identifier: Apache-2.0
"""Rings of real Cassandra nodes in containers, each node with an address of its own on a Docker network."""
