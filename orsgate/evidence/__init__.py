# SPDX-License-Identifier: Apache-2.0
"""What stays after a run for a later one: baselines, readiness records and their signatures, attestations."""
