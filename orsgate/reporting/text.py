# SPDX-License-Identifier: Apache-2.0
"""Text from foreign systems, made fit for a report: nothing invisible, times in one form."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from orsgate.estate.wording import several

_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 without tab and line feed, delete, C1
    "\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff0-\ufffb"  # width zero, or
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"  # turning the direction
    "\u00a0\u115f\u1160\u17b4\u17b5\u2000-\u200a\u202f\u205f\u2800\u3164\uffa0"  # looking like a blank, and none
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"  # half a character, and none at all
)
_COMMAND = re.compile(r"(^\s*:(?=:)|#(?=#\w*\[))")
_PICTURES = 0x2400
_LINE_FEED, _TAB = "\u240a", "\u2409"
_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_DELETE, _DELETE_PICTURE = "\x7f", "\u2421"


def visible(text: str) -> str:
    """``text`` with everything replaced that cannot be seen, or that XML does not allow.

    Control characters become their pictures (U+2400 and on), the rest its number: ``[U+202E]``. Two names that differ
    only by such a character look different then, and none can turn the direction of what stands beside it.
    """
    return _INVISIBLE.sub(_shown, text)


def in_one_line(text: str) -> str:
    """``text`` made visible, line feeds and tabs too, so that nothing in it can look like a line of its own."""
    return visible(text).replace("\n", _LINE_FEED).replace("\t", _TAB)


def no_command(line: str) -> str:
    """A line with a blank in what a build server would take for a command in its log, and obey.

    GitHub Actions obeys what begins with ``::``, after blanks too, and ``##[`` wherever it stands; Azure Pipelines obeys
    ``##vso[`` and ``##[``, TeamCity ``##teamcity[``. One of them makes all annotations that follow be ignored.
    """
    return _COMMAND.sub(r"\1 ", line)


def _shown(match: re.Match[str]) -> str:
    character = match[0]
    if character == _DELETE:
        return _DELETE_PICTURE
    return chr(_PICTURES + ord(character)) if character < " " else f"[U+{ord(character):04X}]"


def beginning(text: str, most: int) -> str:
    """``text`` where it has at most so many characters, else its beginning and how much is missing."""
    return text if len(text) <= most else f"{text[:most]} [and {len(text) - most:,} more characters]"


def utc(time: datetime) -> str:
    """A time as every report gives it: ``YYYY-MM-DDTHH:MM:SSZ``."""
    return time.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def readable(time: datetime) -> str:
    """The same time as a person reads it: ``2026-01-31 02:00:00 UTC``."""
    return utc(time).replace("T", " ").replace("Z", " UTC")


def how_long(time: timedelta) -> str:
    """A span of time as people say it, in at most two units: ``3 days 4 h``, ``12 min``; ten days and more in days."""
    seconds = max(0, int(time.total_seconds()))
    if seconds >= _DAY:
        hours = seconds % _DAY // _HOUR
        return several(seconds // _DAY, "day") + (f" {hours} h" if hours and seconds < 10 * _DAY else "")
    if seconds >= _HOUR:
        minutes = seconds % _HOUR // _MINUTE
        return f"{seconds // _HOUR} h" + (f" {minutes} min" if minutes else "")
    return f"{seconds // _MINUTE} min" if seconds >= _MINUTE else f"{seconds} s"
