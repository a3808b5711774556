# SPDX-License-Identifier: Apache-2.0
"""Reads what goes into a bundle."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from orsgate.discovery.file_names import alike
from orsgate.estate.mistakes import InputError, quoted
from orsgate.evidence.bundle.archive import LARGEST, LARGEST_ARCHIVE
from orsgate.evidence.bundle.names import (
    ATTESTATIONS,
    CATALOGUE,
    FEATURES,
    RECORD,
    REPORT,
    RESULTS,
    SNAPSHOT,
    TEAM,
    unfit,
    waivers_name,
)  # fmt: skip
from orsgate.evidence.given_file import read_given
from orsgate.home import feature_files, harness_directory
from orsgate.rules.catalogue import catalogue_file


@dataclass(frozen=True, slots=True)
class Given:
    """What a person names; None where there is none.

    Attributes:
        results: what --json wrote.
        snapshot: what --snapshot wrote in the same run.
        report: what --html wrote in the same run.
        waivers: the files that the run was given.
        attestations: the directory in which they lie, with their evidence.
        features: the directory of a team's own requirements, where the run had any.
        record: the readiness record that the run was given.
    """

    results: Path
    snapshot: Path | None = None
    report: Path | None = None
    waivers: tuple[Path, ...] = ()
    attestations: Path | None = None
    features: Path | None = None
    record: Path | None = None

    def paths(self) -> Iterator[tuple[str, Path]]:
        """Name in the bundle, and path, of every file; those of the package too.

        Raises:
            InputError: a directory cannot be read, or holds nothing that goes into a bundle.
        """
        for name, path in ((RESULTS, self.results), (SNAPSHOT, self.snapshot), (REPORT, self.report), (RECORD, self.record)):
            if path is not None:
                yield name, path
        for number, path in enumerate(dict.fromkeys(self.waivers), 1):
            yield waivers_name(number), path
        for directory, prefix in ((harness_directory() / "features", FEATURES), (self.features, TEAM)):
            if directory is not None:
                yield from _some(directory, feature_files(directory), prefix, "feature file")
        if self.attestations is not None:
            try:
                found = sorted(self.attestations.iterdir())
            except OSError as error:
                raise InputError(f"{self.attestations}: cannot be read: {error.strerror or error}; name a directory") from None
            yield from _some(self.attestations, found, ATTESTATIONS, "attestation")


def _some(directory: Path, found: list[Path], prefix: str, what: str) -> Iterator[tuple[str, Path]]:
    if not found:
        raise InputError(f"{directory}: holds no {what}; name another directory")
    yield from ((f"{prefix}{path.name}", path) for path in found)


def read_contents(given: Given) -> dict[str, bytes]:
    """Name in the bundle -> content, by name.

    Raises:
        InputError: a file cannot be read, is none, or has a name that cannot be in a bundle.
    """
    found = {CATALOGUE: catalogue_file()}
    seen: dict[str, str] = {}
    left = LARGEST
    for name, path in given.paths():
        if why := unfit(name):
            raise InputError(f"{path}: cannot be in a bundle, since its name {why}; give it another")
        if other := seen.get(alike(name)):
            raise InputError(f"{path}: is one file with {quoted(other)} where letter case does not count; rename one of them")
        seen[alike(name)] = name
        found[name] = _bytes_of(path, left)
        left -= len(found[name])
    return dict(sorted(found.items()))


def read_bundle(path: Path) -> bytes:
    """The bytes of a bundle; whether it is one is still to be verified.

    One that is too large is given cut off, just too large still.

    Raises:
        InputError: it cannot be read.
    """
    return read_given(path, LARGEST_ARCHIVE)


def _bytes_of(path: Path, most: int) -> bytes:
    data = read_given(path, most)
    if len(data) > most:
        raise InputError(f"{path}: with it the files take more than {LARGEST // 2**20} MB, which no bundle holds; leave some out")
    return data
