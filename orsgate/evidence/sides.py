# SPDX-License-Identifier: Apache-2.0
"""The sides of a comparison: a baseline, a snapshot, a directory of exports, or an estate file whose source is read now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from orsgate.collection.beginning import empty_snapshot
from orsgate.collection.collect import collect, credentials_for, deadline
from orsgate.collection.passwords import Ask
from orsgate.estate.evidence_files import Baseline
from orsgate.estate.file import LoadedEstate, load_estate_file
from orsgate.estate.inventory import Application, Configuration, Origin
from orsgate.estate.items import Aspect
from orsgate.estate.knowledge import Basis, Failure, Unknown
from orsgate.estate.mistakes import InputError
from orsgate.estate.ring import Ring
from orsgate.estate.secret import Redactor
from orsgate.estate.snapshot import Snapshot, load
from orsgate.evidence.stored_baseline import is_baseline, stored_baseline
from orsgate.rules.compared import EXPORTS
from orsgate.sources.export_files import SUFFIXES, read_export
from orsgate.sources.files import read_files
from orsgate.sources.interface import Reading
from orsgate.wire.deadline import Limits
from orsgate.wire.observer import Observer, unobserved

OPTIONS_ONLY = frozenset({Aspect.OPTION})
"""What a directory of exports can tell."""
LARGEST_SNAPSHOT = 2 * 2**30


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison.

    Attributes:
        called: how reports call it.
        read: when it was read, UTC; None where nothing says it.
        ring: None where it is not known.
        key: equal for sides whose secrets were digested with one key.
        aspects: what it can tell; None for everything.
        facts: the snapshot, or a snapshot without facts that holds the estate file; None where no estate file belongs to it.
        stand_ins: what stood in for the system itself.
    """

    called: str
    configuration: Configuration
    read: datetime | None = None
    ring: Ring | None = None
    key: object = None
    aspects: frozenset[Aspect] | None = None
    facts: Snapshot | None = None
    stand_ins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class How:
    """How sides are read.

    Attributes:
        redactor: one for all sides that are read now, so that their secrets can be compared.
        ask: asks for a password that nothing else gives.
        timeout: seconds that reading may take.
        allow_http: whether an account may be sent without TLS to another host.
        with_ring: whether the Cassandra ring of an estate file is read too.
        names: the estate file that says which applications a directory of exports is of.
    """

    ask: Ask
    redactor: Redactor = field(default_factory=Redactor)
    observer: Observer = unobserved
    timeout: float | None = None
    allow_http: bool = False
    with_ring: bool = False
    names: LoadedEstate | None = None


def read_side(named: str, how: How) -> Side:
    """Read what a person named.

    Raises:
        InputError: it is nothing that can be compared, or was changed.
        ProbeError: its source cannot be read.
    """
    path = Path(named)
    if "\0" in named or not path.exists():
        raise InputError(f"{named}: there is nothing of that name; name a baseline, a snapshot, exports or an estate file")
    if path.is_dir():
        return _baseline(path, how) if is_baseline(path) else _exports(path, how)
    return _snapshot(path) if _holds_json(path) else of_estate(load_estate_file(path), how)


def of_baseline(read: Baseline, redactor: Redactor) -> Side:
    """A baseline as a side."""
    ring = read.cassandra if isinstance(read.cassandra, Ring) else None
    called = f"the baseline {read.place}"
    return Side(called, read.configuration, read.created, ring, redactor, stand_ins=read.stand_ins)


def _baseline(path: Path, how: How) -> Side:
    return of_baseline(stored_baseline(path, how.redactor), how.redactor)


def _holds_json(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            return stream.read(4096).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from None


def _snapshot(path: Path) -> Side:
    try:
        if path.stat().st_size > LARGEST_SNAPSHOT:
            raise InputError(f"{path} is larger than {LARGEST_SNAPSHOT // 2**30} GB, which no snapshot is")
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from None
    snapshot = load(data, str(path))
    read = snapshot.configuration
    if not isinstance(read, Configuration):
        why = f": {read.cause}" if isinstance(read, Unknown) else ""
        raise InputError(f"{path} holds no configuration to compare{why}")
    part = next((part for part in snapshot.parts if part.part == "configuration"), None)
    ring = snapshot.cassandra if isinstance(snapshot.cassandra, Ring) else None
    when = part.collected if part else snapshot.started
    stand_ins = part.stand_ins if part else ()
    return Side(f"the snapshot {path}", read, when, ring, object(), facts=snapshot, stand_ins=stand_ins)


def of_estate(loaded: LoadedEstate, how: How) -> Side:
    """An estate file as a side: its source is read now.

    Raises:
        InputError: a password cannot be had, or would be sent in the open.
        ProbeError: the source cannot be read.
    """
    until = deadline(how.timeout)
    source = credentials_for(loaded, ("configuration",), how.ask, offline=False, allow_http=how.allow_http).source
    if source is None:
        raise InputError(f"{loaded.path} names no source that can be read")
    limits = Limits(call=loaded.file.configuration.timeout, run_until=until)
    read = source.read(Reading(loaded, how.redactor, limits, how.observer))
    ring: Ring | None = None
    if how.with_ring:
        found = collect(
            loaded, ("cassandra",), timeout=how.timeout, observer=how.observer, ask=how.ask, allow_http=how.allow_http
        ).cassandra  # fmt: skip
        ring = found if isinstance(found, Ring) else None
    stand_ins = (source.stand_in,) if source.stand_in else ()
    now = datetime.now(UTC).replace(microsecond=0)
    called = f"the estate {loaded.path}" + (f" ({source.described})" if source.described else "")
    return Side(called, read, now, ring, how.redactor, facts=empty_snapshot(loaded), stand_ins=stand_ins)


def _exports(directory: Path, how: How) -> Side:
    """A directory of exports, each called like its application; the estate file tells everything but their options."""
    told = read_files(how.names, how.redactor) if how.names else None
    known = {each.name: each for each in told.applications} if told else {}
    exported = tuple(_exported(directory, how, known))
    if not exported:
        raise InputError(f"{directory} is no baseline, and holds no export ({' or '.join(SUFFIXES)}) to compare")
    others = tuple(each for each in known.values() if not each.is_ors)
    clusters = told.clusters if told else ()
    configuration = Configuration(EXPORTS, False, Basis.OBSERVED, (*exported, *others), clusters, address=str(directory))
    facts = empty_snapshot(how.names) if how.names else None
    return Side(f"the exports in {directory}", configuration, None, None, how.redactor, OPTIONS_ONLY, facts)


def _exported(directory: Path, how: How, known: Mapping[str, Application]) -> Iterator[Application]:
    try:
        files = sorted(path for path in directory.iterdir() if path.suffix.lower() in SUFFIXES and path.is_file())
    except OSError as error:
        raise InputError(f"{directory} cannot be read: {error.strerror}") from None
    seen: dict[str, Path] = {}
    for path in files:
        name = path.stem
        if name in seen:
            raise InputError(f"{seen[name]} and {path} are both exports of {name}; keep one")
        seen[name] = path
        read = read_export(path, f"the export of {name}", how.redactor)
        if not known:
            untold = Unknown(f"an export does not tell it: {path}", str(path), Failure.NOT_GIVEN)
            yield Application(
                name, Origin(str(path)), backup=untold, redundancy=untold, connections=untold, tenants=untold, options=read
            )  # fmt: skip
        elif name in known and known[name].is_ors:
            yield replace(known[name], options=read)
