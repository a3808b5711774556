# SPDX-License-Identifier: Apache-2.0
"""How sentences say numbers of things and lists of names."""

from __future__ import annotations

from collections.abc import Sequence


def several(number: int, noun: str) -> str:
    """``1 violation``, ``2 violations``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def listed(names: Sequence[str], most: int = 10) -> str:
    """``names`` for a sentence: all of a few, else the first of them and how many more there are."""
    more = len(names) - most
    return f"{', '.join(names[:most])} and {more:,} more" if more > 0 else ", ".join(names)
