# SPDX-License-Identifier: Apache-2.0
"""Throwaway servers on this machine: real Cassandra rings on loopback addresses, without Docker or system Java."""
