# SPDX-License-Identifier: Apache-2.0
"""What came of changing objects of a running system, object by object."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from orsgate.sources.option_edits import Edit, ObjectKind


class Status(StrEnum):
    """What became of an object."""

    DONE = "done"
    """Written, and read back as it should be."""
    ALREADY = "already so"
    """There was nothing to write."""
    REFUSED = "refused"
    """Nothing was written, since the object is not as it was planned for, or the system did not let it be written."""
    NOT_STORED = "not stored"
    """The system said that it was written, and it was not."""
    DIFFERS = "stored differently"
    """Something else was stored than what was written, or was changed besides."""
    UNKNOWN = "not known"
    """What became of it cannot be told; the journal keeps it open."""
    NOT_TRIED = "not tried"
    """The run ended before."""


@dataclass(frozen=True, slots=True)
class ObjectResult:
    """What became of one object.

    Attributes:
        edits: the options that were written, or were to be.
        why: one sentence; empty where there is nothing to say.
        entry: number of the write in the journal; 0 where nothing was announced.
    """

    kind: ObjectKind
    object: str
    status: Status
    edits: tuple[Edit, ...] = ()
    why: str = ""
    entry: int = 0


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of all objects.

    Attributes:
        results: in the order in which they were dealt with.
        interrupted: whether the run was ended before all were.
    """

    results: tuple[ObjectResult, ...]
    interrupted: bool = False

    @property
    def is_known(self) -> bool:
        """Whether it is known what became of every object."""
        return all(result.status is not Status.UNKNOWN for result in self.results)

    @property
    def is_whole(self) -> bool:
        """Whether every object is as it should be."""
        return all(result.status in {Status.DONE, Status.ALREADY} for result in self.results)
