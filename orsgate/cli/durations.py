# SPDX-License-Identifier: Apache-2.0
"""Times and spans of time as a person types them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import click

_DURATION = re.compile(r"([0-9]{1,4})\s*([mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def span(value: str) -> timedelta:
    """A span of time, such as ``90m``, ``24h`` or ``7d``.

    Raises:
        BadParameter: it is none, or nothing at all.
    """
    match = _DURATION.fullmatch(value.strip())
    if match is None or not int(match[1]):
        raise click.BadParameter(f'"{value}" is no time; write it like 90m, 24h or 7d')
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def instant(value: str) -> datetime:
    """A moment in UTC, in whole seconds.

    Raises:
        BadParameter: it is none, or says no time zone.
    """
    try:
        found = datetime.fromisoformat(value.strip())
        moment = found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise click.BadParameter(f'"{value}" is no moment; write it like 2026-01-31T02:10:00Z') from None
    if found.utcoffset() is None:
        raise click.BadParameter(f'"{value}" says no time zone; write it in UTC, like 2026-01-31T02:10:00Z')
    if moment.microsecond:
        raise click.BadParameter(f'"{value}" is no whole second; write it like 2026-01-31T02:10:00Z')
    return moment
