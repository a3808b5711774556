# SPDX-License-Identifier: Apache-2.0
"""Reads an estate with real option values, from every source, for a fix; the Cassandra ring besides, where it may be asked."""

from __future__ import annotations

from dataclasses import dataclass, replace

from orsgate.estate.crosschecks import LIVE_SOURCES
from orsgate.estate.estate import Estate
from orsgate.estate.file import LoadedEstate
from orsgate.estate.mistakes import InputError
from orsgate.estate.secret import Revealer
from orsgate.evidence.before import Terms, read_before


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


def read_real(loaded: LoadedEstate, terms: Terms) -> RealEstate:
    """Read the configuration, and the ring where the estate keeps its sessions in one.

    Args:
        loaded: the estate file.
        terms: under which it is read.

    Raises:
        InputError: a password cannot be had, or the source reads another environment than the estate file says.
        ProbeError: nothing of the configuration can be read.
    """
    source = loaded.file.configuration.source
    if terms.offline and source in LIVE_SOURCES:
        where = loaded.where("configuration", "source")
        raise InputError(f'{where}: --offline leaves nothing to read with source = "{source}"; leave it out')
    found = read_before(loaded, terms)
    estate = Estate(replace(found.snapshot, configuration=found.configuration))
    stand_ins = (name for part in found.snapshot.parts if part.part == "configuration" for name in part.stand_ins)
    return RealEstate(estate, found.revealer, found.not_known, next(stand_ins, ""))
