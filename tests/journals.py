# SPDX-License-Identifier: Apache-2.0
"""What a journal leaves open, told from its entries alone, without what reads them in the product."""

from __future__ import annotations

from orsgate.estate.journal import Entry


def unfinished(entries: list[Entry], step: str) -> list[Entry]:
    """The entries that began ``step`` and that no later entry ends."""
    ended = {entry.of for entry in entries if entry.of}
    return [entry for entry in entries if entry.step == step and not entry.of and entry.number not in ended]
