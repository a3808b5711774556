# SPDX-License-Identifier: Apache-2.0
"""Times and spans of time as reports show them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

CLOCK_TOLERANCE = timedelta(minutes=5)
"""How far the clocks of two hosts may differ before a time counts as one to come."""


def shown_time(moment: datetime) -> str:
    """A moment in UTC, such as ``2026-01-31T02:10:00Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def hours(age: timedelta) -> str:
    """A span of time in hours, such as ``24.5 hours``."""
    return f"{age.total_seconds() / 3600:.1f} hours"
