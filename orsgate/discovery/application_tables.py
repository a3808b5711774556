# SPDX-License-Identifier: Apache-2.0
"""The tables ``[[application]]`` of an estate file that was written from a configuration."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from orsgate.discovery.exported import Exported, ExportedFiles
from orsgate.discovery.file_names import file_name
from orsgate.discovery.found import unique
from orsgate.discovery.toml_table import Value, assigned, comment, commented, fitted
from orsgate.estate.crosschecks import near_miss_of_type
from orsgate.estate.export import Export
from orsgate.estate.field_types import is_release, usable_name
from orsgate.estate.inventory import Application, Configuration
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.mistakes import quoted
from orsgate.estate.schema_objects import ApplicationEntry
from orsgate.estate.secret import HIDDEN, redacted_line

_CLAIMED = {
    "enabled": "enabled", "primary": "what its Backup says of it", "backup": "without a Backup", "redundancy": "none",
    "connections": "without connections", "tenants": "without tenants",
}  # fmt: skip
"""What the estate file claims of an application where it does not give a key."""


def duplicates(configuration: Configuration) -> Iterator[str]:
    """Comments on applications that cannot stand in an estate file since another one has their name."""
    times = Counter(application.name for application in configuration.applications)
    for name, number in times.items():
        if number > 1:
            yield from comment(f"CHECK: {number} applications have the name {quoted(name)}; only the first of them stands here")


@dataclass(frozen=True, slots=True)
class LiveTables:
    """Writes what a live source cannot tell as comments, one table for each Orchestration Server."""

    files: ExportedFiles

    def lines(self, application: Application) -> Iterator[str]:
        """The table of one application."""
        if not usable_name(application.name):
            yield from comment(f"CHECK: {quoted(application.name)} cannot stand in an estate file; nothing can be added to it")
            return
        yield "[[application]]"
        yield assigned("name", application.name, _summary(application))
        for key, value in (*_facts(application), ("options", application.options), ("annex", application.annex)):
            if isinstance(value, Unknown):
                yield from _unknown(key, value)
        if application.new:
            yield assigned("new", value=True)
        elif application.primary is not True:
            yield commented("new", value=True, remark="if this Backup was made during this migration: it has no rollback export")
        if application.http is None:
            yield commented("http", _http(application), "or false, where it serves no HTTP")
        else:
            yield from _fitting(application, {"http": application.http})
        yield commented("log", f"logs/{file_name(application.name, '.log') or 'ORS.log'}", "its newest log file")
        export = self.files.options.get(application.name) or Exported(f"exports/{file_name(application.name) or 'ORS.cfg'}")
        yield commented("options", export.path, "beside a live source it is compared with it (ORS-0104)")


class FileTables:
    """Writes everything that is known of the applications; what they are read back as is what they were."""

    def __init__(self, shown: Sequence[Application], configuration: Configuration, files: ExportedFiles) -> None:
        """Takes the applications that get a table, in order."""
        self._files = files
        self._found = {application.name for application in unique(configuration)}
        self._backups = Counter(
            application.backup for application in shown
            if isinstance(application.backup, str) and application.backup != application.name and _why_no_table(application) == ""
        )  # fmt: skip

    def lines(self, application: Application) -> Iterator[str]:
        """The table of one application, or a comment that says why it has none."""
        if why := _why_no_table(application):
            yield from comment(f"CHECK: the application {quoted(application.name)} has no table here: {why}")
            return
        yield "[[application]]"
        yield assigned("name", application.name)
        yield from self._remarks(application)
        yield from _fitting(application, self._values(application))

    def _values(self, application: Application) -> dict[str, Value]:
        """Every key but the name that must be given, in the order of the schema."""
        options = self._files.options.get(application.name)
        annex = self._files.annexes.get(application.name)
        given: dict[str, Value | Unknown | None] = {
            "type": None if application.is_ors else application.type,
            "dbid": application.dbid,
            "version": None if _strange_version(application) else application.version,
            "host": application.host,
            "enabled": False if application.enabled is False else None,
            "primary": self._primary(application),
            "new": application.new or None,
            "backup": application.backup,
            "redundancy": None if application.redundancy == "none" else application.redundancy,
            "options": options.path if options else None,
            "annex": annex.path if annex else None,
            "connections": application.connections or None,
            "tenants": application.tenants or None,
            "ports": application.ports if isinstance(application.ports, Unknown) else dict(application.ports),
            "http": application.http,
            "arguments": None if _holds_secret(application) else application.arguments,
        }
        return {key: value for key, value in given.items() if value is not None and not isinstance(value, Unknown)}

    def _primary(self, application: Application) -> bool | None:
        """Whether it is a Primary, where the estate file must say it."""
        if isinstance(application.primary, Unknown):
            return None
        said = not self._backups[application.name]
        return None if application.primary is said else application.primary

    def _remarks(self, application: Application) -> Iterator[str]:
        """Comments on what is not known, cannot be written, or was not found."""
        for key, value in _facts(application):
            if isinstance(value, Unknown):
                yield from _unknown(key, value, claimed=_CLAIMED.get(key, ""))
        if application.is_ors:
            yield from self._exports(application)
        if version := _strange_version(application):
            yield from comment(f"version: {quoted(version)} is no release of 3 or 4 numbers")
        if _holds_secret(application):
            yield from comment("arguments: they hold a secret, so they are not written here")
        for kind, name in _references(application):
            if name not in self._found:
                yield from comment(f"the {kind} {quoted(name)} was not found: it is deleted, or not visible to the account")

    def _exports(self, application: Application) -> Iterator[str]:
        for key, export, files in (
            ("options", application.options, self._files.options),
            ("annex", application.annex, self._files.annexes),
        ):
            written = files.get(application.name)
            if isinstance(export, Unknown):
                yield from _unknown(key, export)
            elif isinstance(export, Export) and written is None:
                yield from comment(f"CHECK: {key}: no export of them was written (manifest.json says why)")
            elif written is not None and written.left_out:
                yield from comment(f"{key}: the export does not hold {written.left_out} of them (manifest.json names them)")
        if application.options is None:
            yield commented("options", f"exports/{file_name(application.name) or 'ORS.cfg'}", "they were not read")


def _why_no_table(application: Application) -> str:
    """Why an application cannot stand in an estate file; empty where it can."""
    if not usable_name(application.name):
        return "its name is blank, or holds what an estate file cannot hold"
    if application.is_ors:
        return ""
    if not usable_name(application.type):
        return f"its type is {quoted(application.type)}"
    if meant := near_miss_of_type(application.type):
        return f"its type is {quoted(application.type)}, and only {quoted(meant)} would be understood"
    return ""


def _facts(application: Application) -> Iterator[tuple[str, object]]:
    """Key and fact, of those that can be unknown."""
    for key in ("version", "host", "enabled", "primary", "backup", "redundancy", "connections", "tenants", "ports"):
        fact = getattr(application, key)
        if application.is_ors or not isinstance(fact, Unknown) or fact.failure is not Failure.NOT_GIVEN:
            yield key, fact


def _unknown(key: str, unknown: Unknown, claimed: str = "") -> Iterator[str]:
    where = f" ({unknown.where})" if unknown.where else ""
    says = f"CHECK: {key} is not known, and without it this file says {claimed}" if claimed else f"{key} is not known"
    yield from comment(f"{says}: {unknown.cause}{where}")


def _fitting(application: Application, values: dict[str, Value]) -> Iterator[str]:
    fits = fitted(ApplicationEntry, values)
    yield from fits.comments(quoted(application.name))
    yield from (assigned(key, value) for key, value in fits.kept.items())


def _strange_version(application: Application) -> str:
    """The version of an Orchestration Server that is no release, which an estate file refuses; else empty."""
    version = application.version
    return version if application.is_ors and isinstance(version, str) and not is_release(version) else ""


def _holds_secret(application: Application) -> bool:
    arguments = application.arguments
    return arguments is not None and (HIDDEN in arguments or redacted_line(arguments) != arguments)


def _references(application: Application) -> Iterator[tuple[str, str]]:
    if isinstance(application.backup, str):
        yield "Backup", application.backup
    if isinstance(application.connections, tuple):
        yield from (("connection", name) for name in application.connections)


def _summary(application: Application) -> str:
    """What a reader wants to see behind a name: role, Backup, host, version."""
    role = {True: "Primary", False: "Backup"}[application.primary] if isinstance(application.primary, bool) else ""
    backup = f"Backup {application.backup}" if isinstance(application.backup, str) else ""
    facts = [role, backup, *(fact for fact in (application.host, application.version) if isinstance(fact, str))]
    return ", ".join(filter(None, [*facts, "disabled" if application.enabled is False else ""]))


def _http(application: Application) -> str:
    """The address at which it probably serves HTTP, as an example."""
    host = application.host if isinstance(application.host, str) else "host"
    port = application.ports.get("http", 7210) if not isinstance(application.ports, Unknown) else 7210
    address = f"http://{host}:{port}"
    return address if fitted(ApplicationEntry, {"http": address}).kept else "http://host:7210"
