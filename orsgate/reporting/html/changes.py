# SPDX-License-Identifier: Apache-2.0
"""What changed since an earlier run, as the report takes it: whoever compares two runs fills this in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Change:
    """A requirement, or one subject of it, that is another than in the earlier run, or still in trouble.

    Attributes:
        requirement: its id.
        title: its title.
        text: what is fixed, new, still so or changed, in words.
        subject: of which application, pair, cluster or node; empty for the requirement as a whole.
    """

    requirement: str
    title: str
    text: str
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Changes:
    """What an earlier run found and this one does not, and so on.

    Attributes:
        previous: what the earlier run is called: its file, and when it was judged.
        fixed: in trouble then, and not any more.
        new: in trouble now, and not then.
        still: in trouble then and now.
        changed: the same outcome on other evidence.
    """

    previous: str
    fixed: tuple[Change, ...] = ()
    new: tuple[Change, ...] = ()
    still: tuple[Change, ...] = ()
    changed: tuple[Change, ...] = ()

    @property
    def groups(self) -> Iterator[tuple[str, str, str, tuple[Change, ...]]]:
        """Each group with its symbol, its name and the name of its colour, in the order of a reader in a hurry."""
        yield "✗", "new", "fail", self.new
        yield "▲", "still there", "warn", self.still
        yield "✓", "fixed", "pass", self.fixed
        yield "≈", "changed evidence", "open", self.changed
