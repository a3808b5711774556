# SPDX-License-Identifier: Apache-2.0
"""The parts of a snapshot as rules ask for them: each is there, or its absence says why."""

from __future__ import annotations

from functools import cached_property
from typing import Literal

from orsgate.estate.deployment import Deployment
from orsgate.estate.evidence_files import Baseline, ReadinessRecord
from orsgate.estate.inventory import Configuration
from orsgate.estate.knowledge import Basis, Failure, Unknown
from orsgate.estate.rehearsal import Rehearsal
from orsgate.estate.release import OrsRelease, parse_release
from orsgate.estate.ring import Ring
from orsgate.estate.snapshot import Snapshot

Phase = Literal["readiness", "deployment", "rehearsal"]


class FactUnknownError(Exception):
    """Raised where nothing at all can be judged without a fact that is not known."""

    def __init__(self, subject: str, unknown: Unknown) -> None:
        super().__init__(unknown.cause)
        self.subject = subject
        self.unknown = unknown


def _not_collected(what: str, part: str) -> Unknown:
    return Unknown(f"the {what} was not collected; collect the part {part}", failure=Failure.NOT_ASKED)


class Parts:
    """What a snapshot holds.

    Properties raise ``FactUnknownError`` where the part they need was not collected, or could not be.
    """

    def __init__(self, snapshot: Snapshot, phase: Phase = "readiness") -> None:
        self.snapshot = snapshot
        self.phase = phase

    @property
    def name(self) -> str:
        """The estate's name."""
        return self.snapshot.estate.estate.name

    @cached_property
    def configuration(self) -> Configuration:
        """The configuration part of the snapshot."""
        found = self.snapshot.configuration
        if isinstance(found, Configuration):
            return found
        raise FactUnknownError("configuration", found or _not_collected("configuration", "configuration"))

    @cached_property
    def ring(self) -> Ring:
        """The Cassandra part of the snapshot."""
        found = self.snapshot.cassandra
        if isinstance(found, Ring):
            return found
        raise FactUnknownError("Cassandra ring", found or _not_collected("Cassandra ring", "cassandra"))

    @cached_property
    def rehearsal(self) -> Rehearsal:
        """The rehearsal part of the snapshot."""
        found = self.snapshot.rehearsal
        if isinstance(found, Rehearsal):
            return found
        cause = "nothing was rehearsed: `orsgate rehearse` builds a twin of the ring and tries the options on it"
        raise FactUnknownError("twin of the ring", found or Unknown(cause, failure=Failure.NOT_ASKED))

    @cached_property
    def deployment(self) -> Deployment:
        """The part ``http`` of the snapshot."""
        found = self.snapshot.deployment
        if isinstance(found, Deployment):
            return found
        raise FactUnknownError("deployment", found or _not_collected("deployment", "http"))

    @cached_property
    def baseline(self) -> Baseline:
        """What was there before anything changed."""
        found = self.snapshot.baseline
        if isinstance(found, Baseline):
            return found
        cause = "no baseline was given: `orsgate baseline` stores one before anything changes, and --baseline names it"
        raise FactUnknownError("baseline", found or Unknown(cause, failure=Failure.NOT_GIVEN))

    @cached_property
    def record(self) -> ReadinessRecord:
        """The record of the audit before the installation."""
        found = self.snapshot.record
        if isinstance(found, ReadinessRecord):
            return found
        cause = "no readiness record was given: `orsgate audit --record FILE` writes one before step 9, and --record names it"
        raise FactUnknownError("readiness record", found or Unknown(cause, failure=Failure.NOT_GIVEN))

    @property
    def basis(self) -> Basis:
        """The basis of the inventory."""
        return self.configuration.basis

    @cached_property
    def target(self) -> OrsRelease:
        """The release to be installed."""
        return parse_release(self.snapshot.estate.estate.to_release)

    @cached_property
    def origin(self) -> OrsRelease:
        """The release the migration starts from."""
        return parse_release(self.snapshot.estate.estate.from_release)
