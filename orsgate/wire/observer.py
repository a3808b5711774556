# SPDX-License-Identifier: Apache-2.0
"""Who is told how far collecting has come."""

from __future__ import annotations

from collections.abc import Callable

Observer = Callable[[str, int, int], None]
"""Takes what is being read, how many of it are done, and how many there are."""


def unobserved(_what: str, _done: int, _total: int) -> None:
    """The observer that tells nobody."""
