# SPDX-License-Identifier: Apache-2.0
"""orsgate: readiness gate and deployment test for migrating Genesys ORS to 8.1.4."""

__version__ = "0.1.0"
