# SPDX-License-Identifier: Apache-2.0
"""The migrated ``.cfg`` files: the bytes that there were, with the planned changes and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from orsgate.discovery.cfg_text import cfg_text
from orsgate.discovery.clusters import clusters_of, whole_annex
from orsgate.discovery.file_names import alike, unfit_for_file
from orsgate.estate.estate import Estate
from orsgate.estate.export import Export, parse
from orsgate.estate.file import LoadedEstate
from orsgate.estate.inventory import Configuration
from orsgate.estate.mistakes import InputError
from orsgate.estate.secret import Redactor, Revealer
from orsgate.remedy.answers import unfit
from orsgate.remedy.applied import changed
from orsgate.remedy.backups import options_of
from orsgate.remedy.cfg_edit import DISABLED, Edit, edited
from orsgate.remedy.changes import OptionChange
from orsgate.remedy.planning import Planned
from orsgate.sources.option_edits import ObjectKind, Tab

CLUSTERS = "clusters"
"""The directory of the Annexes, below that of the applications."""


@dataclass(frozen=True, slots=True)
class Original:
    """The options of one object as bytes.

    Attributes:
        file: what its migrated file is called, with ``/``.
        place: where the bytes were read.
    """

    object: str
    kind: ObjectKind
    tab: Tab
    file: str
    data: bytes
    place: str


@dataclass(frozen=True, slots=True)
class MigratedFile:
    """One migrated file.

    Attributes:
        file: its name, with ``/``.
        original: None for an Application that is still to be created.
        data: its bytes.
        edits: how ``data`` differs from the original.
        not_held: changes of values that no ``.cfg`` file can hold.
    """

    file: str
    object: str
    kind: ObjectKind
    tab: Tab
    original: bytes | None
    data: bytes
    edits: tuple[Edit, ...] = ()
    not_held: tuple[OptionChange, ...] = ()


def originals(loaded: LoadedEstate, estate: Estate, redactor: Redactor) -> tuple[Original, ...]:
    """The options of every application in scope, and every Annex that was read, as bytes.

    Those of files are the bytes of the file; those of a live source the text that ``orsgate export`` would write.

    Args:
        loaded: the estate file.
        estate: with real option values.
        redactor: with which the files were read.

    Raises:
        InputError: a file changed since it was read.
    """
    if estate.configuration.source == "files":
        return tuple(_of_files(loaded, estate, redactor))
    return tuple(_of_source(estate))


def _of_files(loaded: LoadedEstate, estate: Estate, redactor: Redactor) -> Iterable[Original]:
    entries = {entry.name: entry for entry in loaded.file.application}
    for application in estate.in_scope:
        named = entries[application.name].options
        if isinstance(application.options, Export) and named is not None:
            data = _read(loaded.resolve(named), application.options, redactor)
            yield Original(application.name, "application", "options", application.name + _suffix(named), data, str(named))
    clusters = {cluster.transaction: cluster for cluster in estate.clusters}
    for entry in loaded.file.cluster:
        cluster = clusters.get(entry.transaction)
        if entry.options is not None and cluster and isinstance(cluster.shared, Export):
            data = _read(loaded.resolve(entry.options), cluster.shared, redactor)
            file = f"{CLUSTERS}/{entry.transaction}{_suffix(entry.options)}"
            yield Original(entry.transaction, "transaction", "annex", file, data, str(entry.options))


def _suffix(path: str) -> str:
    return ".conf" if path.lower().endswith(".conf") else ".cfg"


def _read(path: Path, export: Export, redactor: Redactor) -> bytes:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from None
    if redactor.digest(data) != export.digest:
        raise InputError(f"{path}: changed while it was read; run orsgate fix again")
    return data


def _of_source(estate: Estate) -> Iterable[Original]:
    for application in estate.in_scope:
        if isinstance(application.options, Export):
            data = cfg_text(application.options).text.encode()
            file = f"{application.name}.cfg"
            yield Original(application.name, "application", "options", file, data, application.options.place)
    in_scope = {cluster.transaction for cluster in estate.clusters}
    for cluster in clusters_of(estate.configuration):
        annex = whole_annex(cluster)
        if cluster.transaction in in_scope and isinstance(annex, Export):
            file = f"{CLUSTERS}/{cluster.transaction}.cfg"
            yield Original(cluster.transaction, "transaction", "annex", file, cfg_text(annex).text.encode(), annex.place)


@dataclass(frozen=True, slots=True)
class Migrated:
    """All migrated files, and the objects that have none, with the reason."""

    files: tuple[MigratedFile, ...]
    without: Mapping[str, str]


def migrate(found: Iterable[Original], planned: Planned) -> Migrated:
    """The migrated file of each object, those without a change too, and of each Backup that is to be created.

    Raises:
        InputError: a file cannot hold what it is to hold.
    """
    of: dict[tuple[str, str], list[OptionChange]] = {}
    for change in planned.changes.changes:
        of.setdefault((change.kind, change.object), []).append(change)
    files: dict[str, MigratedFile] = {}
    taken: dict[str, str] = {}
    without = {name: f"it is not touched: {why}" for name, why in planned.refused.items()}
    for original in found:
        if original.object in planned.refused:
            continue
        if why := _no_file(original.object, original.file, taken):
            without[original.object] = why
            continue
        files[original.file] = _migrated(original, of.get((original.kind, original.object), []))
    primaries = {each.name: each for each in planned.after.applications}
    of_primary = {each.object: each for each in files.values() if each.kind == "application"}
    for backup in planned.backups:
        base = of_primary.get(backup.primary)
        name = f"{backup.name}.cfg"
        if base is None or _no_file(backup.name, name, taken):
            continue
        made = edited(base.data, options_of(primaries[backup.primary], backup), name)
        files[name] = MigratedFile(name, backup.name, "application", "options", None, made.data)
    return Migrated(tuple(files.values()), without)


def _no_file(name: str, file: str, taken: dict[str, str]) -> str:
    """Why an object has no file; empty where it gets one, whose name is then taken."""
    if why := unfit_for_file(name):
        return f"its name {why}"
    if other := taken.get(alike(file)):
        return f'its file would be that of "{other}" where letter case does not count'
    taken[alike(file)] = name
    return ""


def _migrated(original: Original, changes: list[OptionChange]) -> MigratedFile:
    held = [change for change in changes if not _unfit(change)]
    made = edited(original.data, held, original.place)
    _require_as_planned(original, made.data, held)
    return MigratedFile(
        original.file, original.object, original.kind, original.tab, original.data, made.data, made.edits,
        tuple(change for change in changes if _unfit(change)),
    )  # fmt: skip


def _unfit(change: OptionChange) -> str:
    """Why a file cannot hold what a change sets."""
    name = change.option.removeprefix(DISABLED)
    return unfit(change.section, name, change.after) if change.option and change.after is not None else ""


def _require_as_planned(original: Original, data: bytes, changes: list[OptionChange]) -> None:
    """Read the file back: it must hold what was planned, and nothing else may have changed."""
    before, after = (parse(each, original.place, Revealer()) for each in (original.data, data))
    if changed(before, changes).content() != after.content() or after.incomplete:
        told = "with its changes it would be read back as something else, most likely for its encoding"
        raise InputError(f"{original.place}: {told}; save it as UTF-8 and run orsgate fix again")


def as_migrated(configuration: Configuration, migrated: Migrated, redactor: Redactor) -> Configuration:
    """The configuration as the migrated files give it, with their lines, secrets redacted."""
    read = {
        file.object: parse(file.data, file.file, redactor)
        for file in migrated.files
        if file.kind == "application" and file.original is not None
    }
    applications = tuple(replace(each, options=read.get(each.name, each.options)) for each in configuration.applications)
    return replace(configuration, applications=applications)
