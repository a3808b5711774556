# SPDX-License-Identifier: Apache-2.0
"""Reads an estate with real option values, from every source, for a fix; the Cassandra ring besides, where it may be asked."""

from __future__ import annotations

from dataclasses import dataclass, replace

from orsgate.collection.passwords import Ask
from orsgate.estate.crosschecks import LIVE_SOURCES
from orsgate.estate.estate import Estate
from orsgate.estate.file import LoadedEstate
from orsgate.estate.mistakes import InputError
from orsgate.estate.secret import Revealer
from orsgate.evidence.before import read_before
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
    source = loaded.file.configuration.source
    if offline and source in LIVE_SOURCES:
        where = loaded.where("configuration", "source")
        raise InputError(f'{where}: --offline leaves nothing to read with source = "{source}"; leave it out')
    found = read_before(loaded, ask, observer, timeout=timeout, allow_http=allow_http, offline=offline)
    estate = Estate(replace(found.snapshot, configuration=found.configuration))
    stand_ins = (name for part in found.snapshot.parts if part.part == "configuration" for name in part.stand_ins)
    return RealEstate(estate, found.revealer, found.not_known, next(stand_ins, ""))
