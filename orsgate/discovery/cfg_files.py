# SPDX-License-Identifier: Apache-2.0
"""Writes the options of many objects as a directory of ``.cfg`` files with a manifest, for their owner only."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from orsgate.discovery.cfg_text import CfgText, LeftOut, beside_sections, cfg_text
from orsgate.discovery.file_names import alike, file_name, unfit_for_file
from orsgate.discovery.manifest import ExportFile, Kind, NotExported, Provenance, manifest_bytes
from orsgate.discovery.new_directory import NewDirectory, new_directory
from orsgate.estate.export import Export
from orsgate.estate.knowledge import Unknown
from orsgate.estate.mistakes import quoted
from orsgate.sources.manifests import MANIFEST

__all__ = [
    "CfgText", "ExportFile", "LeftOut", "Named", "NotExported", "Provenance", "Written", "cfg_text", "file_name", "write_exports",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Named:
    """An object with the options that are to be written, or why they are not known."""

    name: str
    export: Export | Unknown


@dataclass(frozen=True, slots=True)
class Written:
    """A directory of exports.

    Attributes:
        files: what was written, in the order of the objects.
        not_written: the objects without a file.
    """

    directory: Path
    files: tuple[ExportFile, ...]
    not_written: tuple[NotExported, ...]

    @property
    def left_out(self) -> tuple[tuple[str, LeftOut], ...]:
        """Name of the object and what its file does not hold, for everything that the format could not hold."""
        return tuple((file.application, lost) for file in self.files for lost in file.left_out)


def write_exports(directory: Path, objects: Sequence[Named], provenance: Provenance, kind: Kind) -> Written:
    """Writes one ``.cfg`` for each object, and a manifest, into a new directory that only its owner can enter.

    The directory is there with all files in it, or not at all. An object whose options are not fully known, whose name
    cannot be a file name, or whose file would be that of another one where letter case does not count, has no file.

    Raises:
        InputError: if ``directory`` exists and is not empty, or cannot be written.
    """
    with new_directory(directory) as new:
        written = write_into(new, directory, objects)
        new.write(MANIFEST, manifest_bytes(kind, provenance, written.files, written.not_written))
    return written


def write_into(new: NewDirectory, directory: Path, objects: Sequence[Named]) -> Written:
    """Writes one ``.cfg`` for each object, as ``write_exports`` does, without a manifest.

    Args:
        new: takes the files.
        directory: what they will lie in.
        objects: with the options that are to be written.
    """
    files: list[ExportFile] = []
    not_written: list[NotExported] = []
    taken = {alike(MANIFEST): MANIFEST}
    for item in objects:
        why = _why_not(item, taken)
        if not why and isinstance(item.export, Export):
            taken[alike(f"{item.name}.cfg")] = item.name
            files.append(_write(new, item.name, item.export))
        else:
            not_written.append(NotExported(item.name, why))
    return Written(directory, tuple(files), tuple(not_written))


def _why_not(item: Named, taken: dict[str, str]) -> str:
    """Why an object has no file, empty where it gets one."""
    if why := unfit_for_file(item.name):
        return f"its name {why}"
    if other := taken.get(alike(f"{item.name}.cfg")):
        return f"its file would be that of {quoted(other)} where letter case does not count"
    if isinstance(item.export, Unknown):
        return item.export.cause
    lost = (problem for problem in item.export.problems if problem.kind.loses_content and not beside_sections(problem))
    if problem := next(lost, None):
        return f"its options are not fully known: {item.export.where(problem.line)}"
    return ""


def _write(new: NewDirectory, name: str, export: Export) -> ExportFile:
    content = cfg_text(export)
    data = content.text.encode()
    file = f"{name}.cfg"
    new.write(file, data)
    return ExportFile(file, name, hashlib.sha256(data).hexdigest(), len(data), content.options, content.left_out)
