# SPDX-License-Identifier: Apache-2.0
"""Reading a configuration with real option values, for the commands that write them to files of their owner alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from orsgate.collection.collect import deadline
from orsgate.collection.configuration import source_of
from orsgate.collection.passwords import Ask
from orsgate.estate.file import LoadedEstate
from orsgate.estate.inventory import Configuration
from orsgate.estate.mistakes import InputError
from orsgate.estate.secret import Revealer
from orsgate.sources.interface import Reading
from orsgate.wire.deadline import Limits
from orsgate.wire.observer import Observer


@dataclass(frozen=True, slots=True)
class Revealed:
    """A configuration whose option values are real: it goes into export files, and into no snapshot or report.

    Attributes:
        read: when reading it ended, UTC.
        stand_in: what stood in for the system itself; empty where nothing did.
    """

    configuration: Configuration
    read: datetime
    stand_in: str

    def __repr__(self) -> str:
        return f"Revealed({self.configuration.source!r})"


def require_source(loaded: LoadedEstate) -> None:
    """Make sure that there is something to read.

    Raises:
        InputError: the source is files.
    """
    if loaded.file.configuration.source == "files":
        where = loaded.where("configuration", "source")
        told = 'source = "files" has nothing to read but exports that are there already'
        raise InputError(f'{where}: {told}; name a source with "gax", "gws" or "mutagen"')


def read_revealed(
    loaded: LoadedEstate, ask: Ask, observer: Observer, *, timeout: float | None = None, allow_http: bool = False
) -> Revealed:
    """Read the configuration of a source that is not files alone.

    Args:
        loaded: the estate file.
        ask: asks for a password that nothing else gives.
        observer: told about progress.
        timeout: seconds that reading may take.
        allow_http: whether an account may be sent without TLS to another host.

    Raises:
        InputError: the source is files, or a password cannot be had, or would be sent in the open.
        ProbeError: nothing of it can be read.
    """
    require_source(loaded)
    section = loaded.file.configuration
    source = source_of(loaded, ask, allow_http=allow_http)
    limits = Limits(call=section.timeout, run_until=deadline(timeout))
    found = source.read(Reading(loaded, Revealer(), limits, observer, ask_server=True))
    return Revealed(found, datetime.now(UTC).replace(microsecond=0), source.stand_in)
