# SPDX-License-Identifier: Apache-2.0
"""The source ``files``: the inventory is typed in the estate file, the options are exports that Configuration Manager made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from orsgate.estate.export import Export
from orsgate.estate.file import LoadedEstate
from orsgate.estate.inventory import Application, Cluster, Configuration, Member, Origin
from orsgate.estate.knowledge import Basis, Failure, Unknown
from orsgate.estate.schema import ApplicationEntry, ClusterEntry
from orsgate.estate.secret import Redactor, redacted_line
from orsgate.sources.clusters import members_in, without_members
from orsgate.sources.export_files import read_export, read_rollback
from orsgate.sources.interface import Reading, Source
from orsgate.sources.stand_ins import stand_in_of_exports

T = TypeVar("T")


class Files(Source):
    """Reads the configuration that the estate file describes."""

    def read(self, reading: Reading) -> Configuration:
        """The configuration."""
        what = "reading the configuration"
        reading.observer(what, 0, 1)
        loaded = reading.loaded
        found = read_files(loaded, reading.redactor)
        exports = [entry.options for entry in loaded.file.application] + [entry.options for entry in loaded.file.cluster]
        self.stand_in = stand_in_of_exports(loaded.resolve(export) for export in exports if export is not None)
        reading.observer(what, 1, 1)
        return found


def read_files(loaded: LoadedEstate, redactor: Redactor) -> Configuration:
    """Read the configuration that an estate file describes, with every export it names.

    Args:
        loaded: the estate file.
        redactor: replaces secrets in the exports.
    """
    entries = loaded.file.application
    backups = Counter(entry.backup for entry in entries if entry.backup and entry.backup != entry.name)
    rollback = loaded.file.estate.rollback
    return Configuration(
        source="files",
        live=False,
        basis=Basis.DECLARED,
        applications=tuple(_application(loaded, number, entry, backups, redactor) for number, entry in enumerate(entries)),
        clusters=tuple(_cluster(loaded, number, entry, redactor) for number, entry in enumerate(loaded.file.cluster)),
        rollback_directory=str(loaded.resolve(rollback)) if rollback else None,
    )


def _application(
    loaded: LoadedEstate, number: int, entry: ApplicationEntry, backups: Counter[str], redactor: Redactor
) -> Application:
    origin = _origin(loaded, ("application", number), entry.model_fields_set)
    application = Application(
        name=entry.name,
        origin=origin,
        type=entry.type,
        enabled=entry.enabled,
        primary=entry.primary if entry.primary is not None else not backups[entry.name],
        new=entry.new,
        version=_given(entry.version, f"the version of {entry.name}", origin),
        host=_given(entry.host, f"the host of {entry.name}", origin),
        backup=entry.backup,
        redundancy=entry.redundancy,
        connections=entry.connections,
        tenants=entry.tenants,
        ports=_given(entry.ports, f"the listening ports of {entry.name}", origin),
        http=entry.http or None,
        arguments=None if entry.arguments is None else redacted_line(entry.arguments),
        dbid=entry.dbid,
    )
    if not application.is_ors:
        return application
    return replace(
        application,
        options=_options(loaded, entry, origin, redactor),
        annex=_own_annex(loaded, entry, redactor),
        rollback=read_rollback(loaded, entry.name, redactor, new=entry.new),
    )


def _options(loaded: LoadedEstate, entry: ApplicationEntry, origin: Origin, redactor: Redactor) -> Export | Unknown:
    whose = f"the current export of {entry.name}"
    if entry.options is None:
        return Unknown(f"{whose} is not given: name it as options in its [[application]]", origin.at(), Failure.NOT_GIVEN)
    return read_export(loaded.resolve(entry.options), whose, redactor)


def _own_annex(loaded: LoadedEstate, entry: ApplicationEntry, redactor: Redactor) -> Export | Unknown | None:
    return None if entry.annex is None else read_export(loaded.resolve(entry.annex), f"the Annex of {entry.name}", redactor)


def _given(value: T | None, what: str, origin: Origin) -> T | Unknown:
    return Unknown(f"{what} is not given", origin.at(), Failure.NOT_GIVEN) if value is None else value


def _origin(loaded: LoadedEstate, table: tuple[str, int], given: Iterable[str]) -> Origin:
    start = loaded.lines.line(table)
    lines = {"": start} if start else {}
    for key in given:
        line = loaded.lines.line((*table, key))
        if line:
            lines[key] = line
    return Origin(str(loaded.path), lines)


def _cluster(loaded: LoadedEstate, number: int, entry: ClusterEntry, redactor: Redactor) -> Cluster:
    origin = _origin(loaded, ("cluster", number), entry.model_fields_set)
    members = None
    if "members" in entry.model_fields_set:
        members = tuple(
            Member(
                key.removeprefix("#"), datacenter, not key.startswith("#"),
                loaded.lines.line(("cluster", number, "members", key)) or 0,
            )
            for key, datacenter in entry.members.items()
        )  # fmt: skip
    shared, listed = _annex(loaded, entry, redactor)
    return Cluster(
        transaction=entry.transaction,
        origin=origin,
        type=entry.type.casefold(),
        enabled=entry.enabled,
        tenant=_given(entry.tenant, f"the tenant of {entry.transaction}", origin),
        members=listed if members is None else members,
        shared=shared,
        annex_members=listed,
    )


def _annex(
    loaded: LoadedEstate, entry: ClusterEntry, redactor: Redactor
) -> tuple[Export | Unknown | None, tuple[Member, ...] | None]:
    """The Annex of a cluster without its section ``cluster``, and the members that this section lists, if it is there."""
    if entry.options is None:
        return None, None
    found = read_export(loaded.resolve(entry.options), f"the Annex of {entry.transaction}", redactor)
    if isinstance(found, Unknown):
        return found, None
    return without_members(found), members_in(found)
