# SPDX-License-Identifier: Apache-2.0
"""Opening what writes to the system that ``[configuration]`` names, by the account that stands there."""

from __future__ import annotations

from orsgate.collection.configuration import source_of
from orsgate.collection.passwords import Ask
from orsgate.estate.file import LoadedEstate
from orsgate.estate.mistakes import InputError
from orsgate.sources.live import LiveSource
from orsgate.sources.writing import Writer
from orsgate.wire.deadline import Limits


def require_writable_source(loaded: LoadedEstate) -> None:
    """Make sure that the estate file names a system that can be written to.

    Raises:
        InputError: it names files, or exports of mutagen.
    """
    source = loaded.file.configuration.source
    if source not in {"gax", "gws"}:
        where = loaded.where("configuration", "source")
        told = f'source = "{source}" cannot be written to; changes are applied through "gax" or "gws"'
        raise InputError(f"{where}: {told}, or by hand from the change list")


def writer_of(loaded: LoadedEstate, ask: Ask, *, allow_http: bool) -> Writer:
    """What writes to GAX or GWS; nothing is sent before it is entered.

    Args:
        loaded: the estate file.
        ask: asks for a password that nothing else gives.
        allow_http: whether the account may be sent without TLS to another host.

    Raises:
        InputError: the estate file names no such system, or the password cannot be had, or would be sent in the open.
    """
    require_writable_source(loaded)
    source = source_of(loaded, ask, allow_http=allow_http)
    if not isinstance(source, LiveSource):
        raise TypeError(source)
    return source.writer(Limits(call=loaded.file.configuration.timeout))
