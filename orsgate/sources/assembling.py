# SPDX-License-Identifier: Apache-2.0
"""The configuration out of what a source gave, with what the estate file adds to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from orsgate.estate.export import Export
from orsgate.estate.inventory import ORCHESTRATION_SERVER, Application, Cluster, Configuration, Origin
from orsgate.estate.knowledge import Basis, Failure, Unknown, not_visible
from orsgate.estate.mistakes import quoted
from orsgate.estate.schema import ApplicationEntry
from orsgate.estate.secret import Redactor, redacted_line
from orsgate.sources.clusters import clusters_among
from orsgate.sources.export_files import read_export, read_rollback
from orsgate.sources.interface import Reading
from orsgate.sources.key_values import KeyValues, as_export
from orsgate.sources.literals import is_known_type
from orsgate.sources.objects import Objects, RawApplication
from orsgate.sources.resolving import Names

DELETED = "deleted"
MOST_REMARKS = 10
"""Differences between the estate file and the source that are told one by one."""


def assembled(objects: Objects, source: str, reading: Reading) -> Configuration:
    """The configuration that ``objects`` are.

    Args:
        objects: what the source gave.
        source: its name in the estate file.
        reading: with what it was read.
    """
    return _Assembly(objects, source, reading).configuration()


class _Assembly:
    def __init__(self, objects: Objects, source: str, reading: Reading) -> None:
        self._objects = objects
        self._source = source
        self._loaded = reading.loaded
        self._redactor = reading.redactor
        present = [each for each in objects.applications if each.state != DELETED]
        self._raw = present
        self._applications = Names("application", present)
        self._hosts = Names("host", objects.hosts)
        self._tenants = Names("tenant", objects.tenants)
        self._templates = {each.name: each for each in objects.templates or ()}
        self._entries = {entry.name: entry for entry in self._loaded.file.application}
        self._gaps: list[Unknown] = list(objects.troubles)
        self._remarks: list[str] = list(objects.remarks)

    def configuration(self) -> Configuration:
        """Everything, resolved."""
        applications = tuple(self._all_applications())
        self._unknown_types(applications)
        clusters = self._clusters(applications)
        self._what_the_file_says(applications)
        for names in (self._hosts, self._tenants):
            self._gaps.extend(names.missing.values())
        objects, rollback = self._objects, self._loaded.file.estate.rollback
        return Configuration(
            source=self._source,
            live=objects.live,
            basis=Basis.OBSERVED,
            applications=applications,
            clusters=clusters,
            account=objects.account,
            address=objects.address,
            server=objects.server,
            gaps=tuple(dict.fromkeys(self._gaps)),
            remarks=tuple(dict.fromkeys(self._remarks)),
            rollback_directory=str(self._loaded.resolve(rollback)) if rollback else None,
        )

    def _all_applications(self) -> Iterator[Application]:
        seen: set[str] = set()
        for fact in ("connections", "Backup"):
            if self._objects.live and self._raw and all(fact in raw.not_told for raw in self._raw):
                cause = f"{self._objects.address} tells the {fact} of no application, so whether they have any is not known"
                self._gaps.append(Unknown(cause, self._objects.address, Failure.REJECTED))
        twice = {dbid for dbid, count in Counter(raw.dbid for raw in self._raw).items() if dbid and count > 1}
        for raw in self._raw:
            if raw.dbid in twice:
                cause = f"{self._objects.address} gives {quoted(raw.name)} a DBID that another application has too: {raw.dbid}"
                self._gaps.append(Unknown(cause, self._where(raw.name)))
            if raw.name in seen:
                where = self._where(raw.name)
                self._gaps.append(Unknown(f"{self._objects.address} shows two applications named {quoted(raw.name)}", where))
                continue
            seen.add(raw.name)
            application = self._application(raw)
            if application is not None:
                yield application

    def _unknown_types(self, applications: tuple[Application, ...]) -> None:
        """Servers of a type that nobody knows: whether ORS works with multimedia depends on what it is connected to."""
        by_name = {application.name: application for application in applications}
        connected = (
            name for each in applications if each.is_ors and isinstance(each.connections, tuple) for name in each.connections
        )
        for name in dict.fromkeys(connected):
            server = by_name.get(name)
            if server is not None and not is_known_type(server.type):
                cause = f"the type {quoted(server.type)} of {quoted(name)}, to which an ORS is connected, is not known here"
                self._gaps.append(Unknown(cause, server.origin.place, Failure.UNREADABLE))

    def _where(self, name: str) -> str:
        return f"{self._objects.address} CfgApplication {name}"

    def _application(self, raw: RawApplication) -> Application | None:
        name, where = raw.name, self._where(raw.name)
        entry = self._entries.get(name)
        template = self._templates.get(raw.template or "")
        kind = raw.type or (template.type if template else None) or self._declared_type(raw, entry)
        if kind is None:
            cause = f"{self._objects.address} tells no type of the application {quoted(name)} that is known{_by_template(raw)}"
            self._gaps.append(Unknown(cause, where, Failure.UNREADABLE))
            return None
        version = raw.version or (template.version if template else None) or (entry.version if entry else None)
        application = Application(
            name=name,
            origin=Origin(where),
            type=kind,
            enabled=raw.state if isinstance(raw.state, Unknown) else raw.state == "enabled",
            primary=raw.primary,
            new=entry.new if entry else False,
            version=version or Unknown(f"the version of {name} is not given", where, Failure.NOT_GIVEN),
            host=self._hosts.one(raw.host, f"the host of {name}", where),
            backup=raw.backup if isinstance(raw.backup, Unknown) or raw.backup is None else self._applications.called(raw.backup),
            redundancy=raw.redundancy,
            connections=raw.connections
            if isinstance(raw.connections, Unknown)
            else tuple(dict.fromkeys(map(self._applications.called, raw.connections))),
            tenants=self._tenants.several(raw.tenants, where),
            ports=raw.ports,
            http=(entry.http or None) if entry else None,
            arguments=None if raw.arguments is None else redacted_line(raw.arguments),
            dbid=raw.dbid,
        )
        return self._with_options(application, raw, entry) if kind == ORCHESTRATION_SERVER else application

    def _declared_type(self, raw: RawApplication, entry: ApplicationEntry | None) -> str | None:
        """The type that the estate file gives, where the source has none to give."""
        if entry is None:
            return None
        self._remarks.append(f"the type of {raw.name} is not told by the source; taken from the estate file: {entry.type}")
        return entry.type

    def _with_options(self, application: Application, raw: RawApplication, entry: ApplicationEntry | None) -> Application:
        name, where = application.name, application.origin.place
        annex = _export(raw.annex, where, self._redactor)
        if isinstance(raw.options, KeyValues) and raw.options.inexact:
            shown = ", ".join(raw.options.inexact[:MOST_REMARKS])
            self._remarks.append(f"{name}: the export holds decimal numbers that may have been written otherwise: {shown}")
        exported = None
        if entry is not None and entry.options is not None:
            exported = read_export(self._loaded.resolve(entry.options), f"the export of {name}", self._redactor)
        return replace(
            application,
            options=_export(raw.options, where, self._redactor),
            annex=annex if isinstance(annex, Unknown) or annex.sections or annex.problems else None,
            exported=exported,
            rollback=read_rollback(self._loaded, name, self._redactor, new=application.new),
        )

    def _clusters(self, applications: tuple[Application, ...]) -> tuple[Cluster, ...]:
        scope = self._loaded.file.scope.clusters or ()
        declared = {entry.transaction for entry in self._loaded.file.cluster}
        servers = [application.name for application in applications if application.is_ors]
        found = clusters_among(
            [each for each in self._objects.transactions if each.state != DELETED],
            servers,
            frozenset((*scope, *declared)),
            self._tenants,
            self._objects.address,
            self._redactor,
        )
        self._remarks.extend(found.remarks)
        names = {cluster.transaction for cluster in found.clusters}
        for number, entry in enumerate(self._loaded.file.cluster):
            if entry.transaction not in names:
                where = self._loaded.where("cluster", number)
                self._gaps.append(not_visible("cluster Transaction", f'"{entry.transaction}" of the estate file', where))
        return found.clusters

    def _what_the_file_says(self, applications: tuple[Application, ...]) -> None:
        """Applications that only the estate file knows, and facts in which it contradicts the source."""
        by_name = {application.name: application for application in applications}
        differences: list[str] = []
        for number, (name, entry) in enumerate(self._entries.items()):
            found = by_name.get(name)
            if found is None:
                where = self._loaded.where("application", number)
                self._gaps.append(not_visible("application", f'"{name}" of the estate file', where))
            else:
                differences.extend(_differences(entry, found))
        self._remarks.extend(differences[:MOST_REMARKS])
        if (more := len(differences) - MOST_REMARKS) > 0:
            self._remarks.append(f"{more} more facts of the estate file differ from those of the source, which count")


def _by_template(raw: RawApplication) -> str:
    return f": its template {quoted(raw.template)} is not in the export" if raw.template else ""


def _export(found: KeyValues | Unknown, where: str, redactor: Redactor) -> Export | Unknown:
    return found if isinstance(found, Unknown) else as_export(found, where, redactor)


_COMPARED = (
    "type", "dbid", "version", "host", "backup", "redundancy", "primary", "enabled", "connections", "tenants", "ports",
)  # fmt: skip
"""Keys of an ``[[application]]`` that a source tells as well."""
_IN_ANY_ORDER = frozenset({"connections", "tenants"})


def _differences(entry: ApplicationEntry, found: Application) -> Iterator[str]:
    """What is typed otherwise than the source says; the source counts."""
    for key in _COMPARED:
        typed, read = getattr(entry, key), getattr(found, key)
        if key not in entry.model_fields_set or typed is None or isinstance(read, Unknown):
            continue
        if key in _IN_ANY_ORDER and set(typed) == set(read):
            continue
        same_server = key == "type" and {typed, read} == {"SIP Server", "T-Server"}
        if typed != read and not same_server:
            yield f"{entry.name}: the estate file says {key} = {_shown(typed)}, the source {_shown(read)}, which counts"


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_shown, value)) + "]"
    return quoted(value) if isinstance(value, str) else "nothing" if value is None else str(value)
