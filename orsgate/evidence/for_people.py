# SPDX-License-Identifier: Apache-2.0
"""The files of a baseline that Configuration Manager imports: copies of exports, or exports of what was read live."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path

from orsgate.discovery.cfg_files import LeftOut, Named, NotExported, write_into
from orsgate.discovery.exported import annexes_to_write, cluster_annexes_to_write, options_to_write
from orsgate.discovery.file_names import alike, unfit_for_file
from orsgate.discovery.new_directory import NewDirectory
from orsgate.estate.export import Export
from orsgate.estate.file import LoadedEstate
from orsgate.estate.inventory import Configuration
from orsgate.estate.mistakes import InputError, quoted
from orsgate.evidence.before import Before
from orsgate.evidence.stored_files import StoredFile, stored_file
from orsgate.sources.export_files import LARGEST_EXPORT, SUFFIXES

EXPORTS, ANNEX, CLUSTERS = "exports", "annex", "clusters"


class ForPeople(ABC):
    """Writes them below the directory of a baseline.

    Attributes:
        files: what was written.
        not_exported: the objects without a file.
        left_out: name of an object, and what its file does not hold, since the format cannot.
    """

    def __init__(self) -> None:
        self.files: list[StoredFile] = []
        self.not_exported: list[NotExported] = []
        self.left_out: list[tuple[str, LeftOut]] = []

    @abstractmethod
    def write(self) -> None:
        """Write them.

        Raises:
            InputError: a file is not any more what was read.
        """


def for_people(new: NewDirectory, directory: Path, loaded: LoadedEstate, before: Before) -> ForPeople:
    """What writes them.

    Args:
        new: takes the files.
        directory: what they will lie in.
        loaded: the estate file.
        before: what was read.
    """
    if before.configuration.source == "files":
        return _Copies(new, loaded, before)
    return _Written(new, directory, before.configuration)


def changed(place: str) -> InputError:
    """A file was changed while the baseline was taken."""
    return InputError(f"{place}: was changed while the baseline was taken, and nothing was written; take it again")


class _Written(ForPeople):
    """Made of what a live source told."""

    def __init__(self, new: NewDirectory, directory: Path, read: Configuration) -> None:
        super().__init__()
        self._new = new
        self._directory = directory
        self._read = read

    def write(self) -> None:
        self._write(EXPORTS, options_to_write(self._read))
        self._write(ANNEX, annexes_to_write(self._read))
        self._write(CLUSTERS, cluster_annexes_to_write(self._read))

    def _write(self, name: str, objects: tuple[Named, ...]) -> None:
        if not objects:
            return
        written = write_into(self._new.inside(name), self._directory / name, objects)
        self.files += (StoredFile(f"{name}/{each.file}", each.sha256, each.bytes) for each in written.files)
        self.not_exported += written.not_written
        self.left_out += written.left_out


class _Copies(ForPeople):
    """Copied byte for byte from the files that the estate file names."""

    def __init__(self, new: NewDirectory, loaded: LoadedEstate, before: Before) -> None:
        super().__init__()
        self._new = new
        self._loaded = loaded
        self._before = before

    def write(self) -> None:
        digests = dict(_digests(self._before.configuration))
        for directory, named in _named(self._loaded):
            taken: dict[str, str] = {}
            for name, path in named:
                self._copy(directory, name, path, digests.get(str(path)), taken)

    def _copy(self, directory: str, name: str, path: Path, digest: str | None, taken: dict[str, str]) -> None:
        suffix = path.suffix if path.suffix.lower() in SUFFIXES else SUFFIXES[0]
        file = f"{name}{suffix}"
        if why := unfit_for_file(name):
            self.not_exported.append(NotExported(name, f"its name {why}"))
        elif other := taken.get(alike(file)):
            why = f"its file would be that of {quoted(other)} where letter case does not count"
            self.not_exported.append(NotExported(name, why))
        elif (data := _bytes_of(path)) is None:
            if digest is not None:
                raise changed(str(path))
            self.not_exported.append(NotExported(name, f"{path} cannot be read"))
        elif digest is not None and self._before.revealer.digest(data) != digest:
            raise changed(str(path))
        else:
            taken[alike(file)] = name
            self._new.inside(directory).write(file, data)
            self.files.append(stored_file(f"{directory}/{file}", data, str(path)))


def _named(loaded: LoadedEstate) -> Iterator[tuple[str, list[tuple[str, Path]]]]:
    """Directory of a baseline -> name of the object and file, of those that the estate file names."""
    entries, clusters = loaded.file.application, loaded.file.cluster
    yield EXPORTS, [(each.name, loaded.resolve(each.options)) for each in entries if each.options is not None]
    yield ANNEX, [(each.name, loaded.resolve(each.annex)) for each in entries if each.annex is not None]
    yield CLUSTERS, [(each.transaction, loaded.resolve(each.options)) for each in clusters if each.options is not None]


def _bytes_of(path: Path) -> bytes | None:
    """The bytes of a file that can be an export, understood or not; None where there is none."""
    try:
        if not path.is_file() or path.stat().st_size > LARGEST_EXPORT:
            return None
        return path.read_bytes()
    except (OSError, ValueError):
        return None


def _digests(read: Configuration) -> Iterator[tuple[str, str]]:
    """Place and digest of every file that was read."""
    of_applications = (each for one in read.applications for each in (one.options, one.annex))
    for found in (*of_applications, *(cluster.shared for cluster in read.clusters)):
        if isinstance(found, Export):
            yield found.place, found.digest
