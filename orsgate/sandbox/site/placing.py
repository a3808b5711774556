# SPDX-License-Identifier: Apache-2.0
"""Puts an estate, with its exports, into a directory of its own, where the options lead to the ring of the sandbox."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from orsgate.estate.export import decode
from orsgate.estate.file import LoadedEstate, load_estate_file
from orsgate.estate.mistakes import InputError
from orsgate.sandbox.errors import UsageError
from orsgate.sandbox.samples import place_sample, sample_names
from orsgate.sandbox.site.estate_text import Tables, tables_of, toml_of

ESTATE = "estate.toml"
_SAMPLE_NODES = 254
_SECTION = re.compile(r"\s*\[\s*([^\[\]]+?)\s*\]\s*")
_OPTION = re.compile(r"(\s*(cassandra-nodes|cassandra-listenport)\s*=).*")
_EXPORTS = (".cfg", ".conf")


@dataclass(frozen=True, slots=True)
class RingPlace:
    """Where a ring is reached.

    Attributes:
        addresses: of its nodes.
        port: of Thrift, the same on each.
    """

    addresses: tuple[str, ...]
    port: int


def new_directory(directory: Path) -> None:
    """Makes the directory of a site, for its owner alone.

    Raises:
        UsageError: there is something in it, or it cannot be made.
    """
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        empty = not any(directory.iterdir())
    except OSError as error:
        raise UsageError(f"{directory} cannot be made: {error.strerror or error}; name another directory") from error
    if not empty:
        raise UsageError(f"{directory} is not empty; name a directory that is, or that is not there")


def is_sample(estate: str) -> bool:
    """Whether that is the name of a made-up sample, and not a file."""
    return estate in sample_names()


def datacenters_of(loaded: LoadedEstate) -> tuple[str, ...]:
    """The data centers that the clusters of an estate name."""
    named = (name for cluster in loaded.file.cluster for name in cluster.members.values() if name)
    return tuple(dict.fromkeys(named))


def original(estate: str) -> LoadedEstate:
    """An estate file of which a site can be made.

    Raises:
        InputError: there is no such file, or it reads its configuration from a live source.
    """
    try:
        loaded = load_estate_file(estate)
    except InputError as error:
        raise InputError(f"{error} (the samples are {', '.join(sample_names())})") from error
    if loaded.file.configuration.source != "files":
        told = f"{loaded.path} reads its configuration from {loaded.file.configuration.source}"
        raise UsageError(f'{told}; a site is made of an estate file with source = "files"')
    return loaded


def place(estate: str, directory: Path, ring: RingPlace | None) -> LoadedEstate:
    """Puts an estate into an empty directory.

    Args:
        estate: the name of a sample, or an estate file with ``source = "files"``.
        directory: where to.
        ring: to which the options lead afterwards; None leaves them as they are.

    Raises:
        InputError: there is no such estate, or it reads its configuration from a live source.
    """
    if is_sample(estate):
        addresses = ring.addresses if ring else ()
        padded = [addresses[number % len(addresses)] for number in range(_SAMPLE_NODES)] if addresses else []
        return load_estate_file(place_sample(estate, directory, padded, *([ring.port] if ring else [])))
    tables = _Copier(original(estate), directory, ring).tables()
    path = directory / ESTATE
    write_private(path, toml_of(tables).encode())
    return load_estate_file(path)


def write_private(path: Path, data: bytes) -> None:
    """Writes a file that only its owner can read, whole."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
    new.replace(path)


class _Copier:
    """Copies the files that an estate file names, and gives its tables with the places of the copies."""

    def __init__(self, loaded: LoadedEstate, directory: Path, ring: RingPlace | None) -> None:
        self._loaded = loaded
        self._directory = directory
        self._ring = ring

    def tables(self) -> Tables:
        """The tables, after everything was copied."""
        tables = tables_of(self._loaded.file)
        for kind in ("application", "cluster"):
            for number, table in enumerate(tables.get(kind, ())):
                for key in ("options", "annex"):
                    if key in table:
                        suffix = Path(table[key]).suffix or ".cfg"
                        table[key] = self._copied(table[key], f"exports/{kind}-{number + 1}-{key}{suffix}")
        if rollback := tables["estate"].get("rollback"):
            tables["estate"]["rollback"] = self._directory_copied(rollback)
        if topology := tables.get("cassandra", {}).get("topology"):
            tables["cassandra"]["topology"] = self._copied(topology, "ring.txt")
        return tables

    def _copied(self, source: str, target: str) -> str:
        path = self._loaded.resolve(source)
        if path.is_file():
            write_private(self._directory / target, self._led(path.read_bytes(), path))
        return target

    def _directory_copied(self, source: str) -> str:
        directory = self._loaded.resolve(source)
        if directory.is_dir():
            for path in sorted(directory.iterdir()):
                if path.is_file() and path.suffix in _EXPORTS:
                    write_private(self._directory / "rollback" / path.name, self._led(path.read_bytes(), path))
        return "rollback"

    def _led(self, data: bytes, path: Path) -> bytes:
        if self._ring is None or path.suffix not in _EXPORTS:
            return data
        text, encoding, problems = decode(data)
        return data if problems else led_to(text, self._ring).encode(encoding)


def led_to(text: str, ring: RingPlace) -> str:
    """An export whose section ``persistence`` names a ring, where it names any."""
    values = {"cassandra-nodes": ";".join(ring.addresses), "cassandra-listenport": str(ring.port)}
    lines, section = text.splitlines(keepends=True), ""
    for number, line in enumerate(lines):
        body = line.rstrip("\r\n")
        if found := _SECTION.fullmatch(body):
            section = found[1]
        elif section == "persistence" and (option := _OPTION.fullmatch(body)):
            lines[number] = f"{option[1]}{values[option[2]]}{line[len(body) :]}"
    return "".join(lines)


def addresses_of(seeds: Sequence[str]) -> RingPlace | None:
    """Where a ring is reached whose seeds are ``host:port``; None for none."""
    pairs = [seed.rpartition(":") for seed in seeds]
    return RingPlace(tuple(host for host, _, _ in pairs), int(pairs[0][2])) if pairs else None
