# SPDX-License-Identifier: Apache-2.0
"""Collect once: reads everything an estate file leads to, and freezes it in a snapshot."""

from __future__ import annotations

import getpass
import platform
import threading
import time
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from orsgate import __version__
from orsgate.collection.cassandra import applies, collect_ring, login, tls
from orsgate.collection.observer import Observer, unobserved
from orsgate.collection.passwords import Ask
from orsgate.estate.estate import Estate
from orsgate.estate.file import LoadedEstate
from orsgate.estate.inventory import Configuration
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.mistakes import InputError
from orsgate.estate.ring import Ring
from orsgate.estate.secret import Redactor
from orsgate.estate.snapshot import SCHEMA, Part, PartName, Snapshot
from orsgate.probes.login import Login
from orsgate.probes.tls import Tls
from orsgate.sources.files import read_files
from orsgate.wire.deadline import Limits

_TABLES = ("estate", "scope", "configuration", "cassandra", "policy")
"""The tables of the estate file of whose keys a report may name the line."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a ring is asked with.

    Attributes:
        login: the account; None where there is none, or the ring is not asked.
        tls: None where neither an authority nor a certificate is named, or the ring is not asked.
    """

    login: Login | None = None
    tls: Tls | None = None


def nobody_to_ask(what: str) -> str:
    """Raises InputError: the password of ``what`` is not given, and there is nobody to ask for it."""
    raise InputError(f"the password of the {what} is not given: set password_env or password_file")


def collect(
    loaded: LoadedEstate,
    parts: Collection[str],
    *,
    timeout: float | None = None,
    offline: bool = False,
    observer: Observer = unobserved,
    ask: Ask = nobody_to_ask,
) -> Snapshot:
    """Read the parts of an estate.

    An interruption by the user ends it early: what is missing is unknown, and the snapshot says that it was interrupted.

    Args:
        loaded: the estate file.
        parts: which of ``configuration`` and ``cassandra``.
        timeout: seconds the run may take from when no person is waited for any more; what is missing then is unknown.
        offline: open no socket.
        observer: told about progress.
        ask: asks for a password that nothing else gives.

    Raises:
        InputError: if the source is not one that can be read, or a password cannot be had.
    """
    credentials = credentials_for(loaded, parts, ask, offline=offline)
    return collect_until(deadline(timeout), loaded, parts, credentials, offline=offline, observer=observer)


def credentials_for(loaded: LoadedEstate, parts: Collection[str], ask: Ask, *, offline: bool) -> Credentials:
    """Everything that needs a person, or can be refused: it comes first, so that nothing is collected in vain.

    Raises:
        InputError: if the source is not one that can be read, or a password cannot be had.
    """
    _refuse_what_cannot_be_done(loaded)
    asks_ring = "cassandra" in parts and not offline
    return Credentials(login(loaded, ask), tls(loaded)) if asks_ring else Credentials()


def deadline(timeout: float | None) -> float | None:
    """The end of a run that may take ``timeout`` seconds from now, as ``time.monotonic`` counts; None for no end."""
    return time.monotonic() + timeout if timeout is not None else None


def collect_until(
    until: float | None,
    loaded: LoadedEstate,
    parts: Collection[str],
    credentials: Credentials,
    *,
    offline: bool = False,
    observer: Observer = unobserved,
) -> Snapshot:
    """Read the parts of an estate, as ``collect`` does.

    Args:
        until: when the run ends, as ``time.monotonic`` counts; None for no end.
        loaded: the estate file.
        parts: which of ``configuration`` and ``cassandra``.
        credentials: for the ring, where it is asked.
        offline: open no socket.
        observer: told about progress.
    """
    cancel = threading.Event()
    limits = Limits(call=loaded.file.cassandra.timeout, run_until=until, cancel=cancel)
    snapshot = _empty(loaded)
    try:
        observer("reading the configuration", 0, 1)
        configuration = read_files(loaded, Redactor())
        observer("reading the configuration", 1, 1)
        snapshot = replace(snapshot, configuration=configuration)
        estate = Estate(snapshot)
        if "configuration" in parts:
            snapshot = replace(snapshot, parts=(*snapshot.parts, part_of("configuration")))
        if "cassandra" in parts:
            ring: Ring | Unknown | None = None
            if "configuration" not in parts or applies(estate):
                ring = collect_ring(loaded, estate, credentials.login, credentials.tls, limits, observer, offline=offline)
            snapshot = replace(snapshot, cassandra=ring, parts=(*snapshot.parts, part_of("cassandra")))
    except KeyboardInterrupt:
        cancel.set()
        snapshot = _interrupted(snapshot, parts)
    if "configuration" not in parts:
        snapshot = replace(snapshot, configuration=None)
    return replace(snapshot, deadline_passed=until is not None and time.monotonic() >= until)


def _refuse_what_cannot_be_done(loaded: LoadedEstate) -> None:
    """What the estate file asks for and this version cannot do is refused, never ignored."""
    file = loaded.file
    if file.configuration.source != "files":
        where = loaded.where("configuration", "source")
        what = f'source = "{file.configuration.source}" cannot be read by this version'
        raise InputError(f'{where}: {what}; export the options and use source = "files"')


def _empty(loaded: LoadedEstate) -> Snapshot:
    lines = {}
    for table in _TABLES:
        for key in getattr(getattr(loaded.file, table), "model_fields_set", ()):
            if line := loaded.lines.line((table, key)):
                lines[f"{table}.{key}"] = line
    return Snapshot(
        schema=SCHEMA, tool=f"orsgate {__version__}", estate=loaded.file, estate_path=str(loaded.path), estate_lines=lines,
        started=datetime.now(UTC).replace(microsecond=0), parts=(), configuration=None, cassandra=None,
    )  # fmt: skip


def part_of(name: PartName) -> Part:
    """What is said of a part that is collected here and now: host, user and time."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError, ImportError):
        user = "unknown"
    return Part(name, platform.node(), user, datetime.now(UTC).replace(microsecond=0))


def _interrupted(snapshot: Snapshot, parts: Collection[str]) -> Snapshot:
    unknown = Unknown("the run was interrupted while facts were collected", failure=Failure.NOT_ASKED)
    there = {part.part for part in snapshot.parts}
    if "configuration" in parts and "configuration" not in there and not isinstance(snapshot.configuration, Configuration):
        snapshot = replace(snapshot, configuration=unknown, parts=(*snapshot.parts, part_of("configuration")))
    if "cassandra" in parts and "cassandra" not in there:
        snapshot = replace(snapshot, cassandra=unknown, parts=(*snapshot.parts, part_of("cassandra")))
    return replace(snapshot, interrupted=True)
