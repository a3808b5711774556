# SPDX-License-Identifier: Apache-2.0
"""Reads an estate with real option values, from every source, for a fix; the Cassandra ring besides, where it may be asked."""

from __future__ import annotations

from dataclasses import dataclass, replace

from orsgate.collection.beginning import empty_snapshot
from orsgate.collection.cassandra import applies, collect_ring, login, reached, tls
from orsgate.collection.collect import deadline
from orsgate.collection.configuration import source_of
from orsgate.collection.passwords import Ask
from orsgate.discovery.environment import require_right_environment
from orsgate.estate.crosschecks import LIVE_SOURCES
from orsgate.estate.estate import Estate
from orsgate.estate.file import LoadedEstate
from orsgate.estate.knowledge import Unknown
from orsgate.estate.mistakes import InputError
from orsgate.estate.secret import Revealer
from orsgate.sources.interface import Reading
from orsgate.wire.deadline import Limits
from orsgate.wire.observer import Observer


@dataclass(frozen=True, slots=True)
class RealEstate:
    """An estate whose option values are real: it goes into files of their owner alone, and into no snapshot or report.

    Attributes:
        redactor: with which its files were read.
        unknown: what keeps it from being known as a whole.
        stand_in: what stood in for the system itself; empty where nothing did.
    """

    estate: Estate
    redactor: Revealer
    unknown: tuple[str, ...]
    stand_in: str

    def __repr__(self) -> str:
        return f"RealEstate({self.estate.name!r})"


def read_real(
    loaded: LoadedEstate,
    ask: Ask,
    observer: Observer,
    *,
    timeout: float | None = None,
    allow_http: bool = False,
    offline: bool = False,
) -> RealEstate:
    """Read the configuration, and the ring where the estate keeps its sessions in one.

    Args:
        loaded: the estate file.
        ask: asks for a password that nothing else gives.
        observer: told about progress.
        timeout: seconds that reading may take.
        allow_http: whether an account may be sent without TLS to another host.
        offline: open no socket.

    Raises:
        InputError: a password cannot be had, or the source reads another environment than the estate file says.
        ProbeError: nothing of the configuration can be read.
    """
    section = loaded.file.configuration
    if offline and section.source in LIVE_SOURCES:
        where = loaded.where("configuration", "source")
        raise InputError(f'{where}: --offline leaves nothing to read with source = "{section.source}"; leave it out')
    source = source_of(loaded, ask, allow_http=allow_http)
    account, security = (None, None) if offline else (login(loaded, ask), tls(loaded))
    limits = Limits(call=section.timeout, run_until=deadline(timeout))
    redactor = Revealer()
    read = source.read(Reading(loaded, redactor, limits, observer, ask_server=True))
    unknown = (*require_right_environment(loaded, read), *(gap.cause for gap in read.gaps))
    estate = Estate(replace(empty_snapshot(loaded), configuration=read))
    if applies(estate):
        of_ring = replace(limits, call=loaded.file.cassandra.timeout)
        ring = collect_ring(loaded, reached(loaded, estate, account, security, of_ring), observer, offline=offline)
        if isinstance(ring, Unknown):
            unknown = (*unknown, ring.cause)
        estate = Estate(replace(estate.snapshot, cassandra=ring))
    return RealEstate(estate, redactor, unknown, source.stand_in)
