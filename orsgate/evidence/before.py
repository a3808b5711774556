# SPDX-License-Identifier: Apache-2.0
"""Reads an estate once with its real option values, and gives the redacted snapshot of the same read."""

from __future__ import annotations

from dataclasses import dataclass, replace

from orsgate.collection.collect import collect
from orsgate.collection.passwords import Ask
from orsgate.collection.unknowns import unknowns_of
from orsgate.discovery.environment import require_right_environment
from orsgate.estate.file import LoadedEstate
from orsgate.estate.inventory import Configuration
from orsgate.estate.items import Aspect, items_of
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.secret import Redactor, Revealer
from orsgate.estate.snapshot import PARTS, Snapshot
from orsgate.evidence.redacted import redacted
from orsgate.wire.observer import Observer, unobserved
from orsgate.wire.trouble import ProbeError

_NEEDED = frozenset({Aspect.OPTION, Aspect.SHARED, Aspect.ANNEX})
"""What counts as not read even where nobody said where it is: without it there is no way back."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Under which terms an estate is read.

    Attributes:
        ask: asks for a password that nothing else gives.
        observer: told about progress.
        timeout: seconds that reading may take; None for no end.
        allow_http: whether an account may be sent without TLS to another host.
        offline: open no socket.
    """

    ask: Ask
    observer: Observer = unobserved
    timeout: float | None = None
    allow_http: bool = False
    offline: bool = False


@dataclass(frozen=True, slots=True)
class Before:
    """What is there before anything changes.

    Attributes:
        snapshot: redacted.
        configuration: with real option values; it goes into files of its owner alone, and into no report.
        revealer: what it was read with; its digests tell whether a file is the one that was read.
        not_known: what could not be read, each in a sentence.
    """

    snapshot: Snapshot
    configuration: Configuration
    revealer: Revealer
    not_known: tuple[str, ...]

    def __repr__(self) -> str:
        return f"Before({self.configuration.source!r})"


def read_before(loaded: LoadedEstate, terms: Terms) -> Before:
    """Read configuration and ring.

    Args:
        loaded: the estate file.
        terms: under which it is read.

    Raises:
        InputError: a password cannot be had, or would be sent in the open; or this is another environment.
        ProbeError: nothing of the configuration can be read.
        KeyboardInterrupt: reading was interrupted.
    """
    revealer = Revealer()
    found = collect(
        loaded, PARTS, timeout=terms.timeout, offline=terms.offline, observer=terms.observer, ask=terms.ask,
        allow_http=terms.allow_http, redactor=revealer,
    )  # fmt: skip
    if found.interrupted:
        raise KeyboardInterrupt
    read = found.configuration
    if not isinstance(read, Configuration):
        raise ProbeError(read or Unknown("the configuration was not read", failure=Failure.NOT_ASKED))
    doubts = require_right_environment(loaded, read)
    snapshot = replace(found, configuration=redacted(read, Redactor()))
    return Before(snapshot, read, revealer, tuple(dict.fromkeys((*doubts, *_not_known(snapshot, read)))))


def _not_known(snapshot: Snapshot, read: Configuration) -> list[str]:
    items = items_of(read)
    found = [
        unknown.cause
        for (_, aspect), unknown in items.unknown.items()
        if unknown.failure is not Failure.NOT_GIVEN or aspect in _NEEDED
    ]
    found += [gap.cause for gap in read.gaps]
    return [*found, *unknowns_of(replace(snapshot, configuration=None))]
