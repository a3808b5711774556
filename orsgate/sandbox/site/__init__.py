# SPDX-License-Identifier: Apache-2.0
"""A whole estate on this machine: a real Cassandra ring, a GAX twin, and an ORS twin for each Orchestration Server."""
