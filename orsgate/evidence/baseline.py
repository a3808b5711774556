# SPDX-License-Identifier: Apache-2.0
"""The baseline: what was there before anything changed, stored with real option values for its owner only."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from orsgate import __version__
from orsgate.discovery.cfg_files import LeftOut, NotExported
from orsgate.discovery.new_directory import new_directory
from orsgate.estate.evidence_files import Baseline
from orsgate.estate.file import LoadedEstate, loaded_from
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.mistakes import InputError
from orsgate.estate.secret import Redactor
from orsgate.estate.snapshot import dump, load
from orsgate.evidence.before import Before
from orsgate.evidence.configuration_json import dump_configuration, load_configuration
from orsgate.evidence.for_people import ForPeople, changed, for_people
from orsgate.evidence.places import moved
from orsgate.evidence.redacted import redacted
from orsgate.evidence.stored_files import MANIFEST, StoredFile, manifest_bytes, read_stored, stored_file
from orsgate.reporting.text import utc

SCHEMA = "orsgate/baseline/1"
CONFIGURATION, SNAPSHOT, ESTATE = "configuration.json", "snapshot.json", "estate.toml"

_THE_BASELINE = "the baseline"
_HOLDS_SECRETS = "The files hold the real values of all options, passwords included; "
_PROTECTED = "they are readable by their owner only. Keep it so, and delete them when they are not needed any more."
_NOT_PROTECTED = "who can read them is decided by the directory that they lie in. Delete them when they are not needed any more."
NOT_IN_IT = "the old binaries, and a snapshot of the keyspaces in Cassandra"
"""What a way back needs and a program that may only read cannot store."""


@dataclass(frozen=True, slots=True)
class StoredBaseline:
    """A baseline that was written.

    Attributes:
        exports: how many files for people are in it.
        not_exported: objects without such a file; ``configuration.json`` holds what is known of them.
        left_out: name of the object, and what its file does not hold; ``configuration.json`` holds it.
        not_known: what could not be read, and so is in none of its files.
    """

    directory: Path
    created: datetime
    exports: int
    not_exported: tuple[NotExported, ...]
    left_out: tuple[tuple[str, LeftOut], ...]
    not_known: tuple[str, ...]


def store_baseline(directory: Path, loaded: LoadedEstate, before: Before) -> StoredBaseline:
    """Write a baseline into a new directory that only its owner can enter; it is there as a whole or not at all.

    Args:
        directory: must not be there yet, or be empty.
        loaded: the estate file.
        before: what was read.

    Raises:
        InputError: there is something already, it cannot be written, or a file was changed while it was read.
    """
    configuration = before.configuration
    files: list[StoredFile] = []
    with new_directory(directory) as new:
        for name, data in (
            (CONFIGURATION, dump_configuration(configuration)), (SNAPSHOT, dump(before.snapshot)),
        ):  # fmt: skip
            new.write(name, data)
            files.append(stored_file(name, data))
        data = _estate_file(loaded)
        new.write(ESTATE, data)
        files.append(stored_file(ESTATE, data, str(loaded.path)))
        people = for_people(new, directory, loaded, before)
        people.write()
        files += people.files
        created = next(part.collected for part in before.snapshot.parts if part.part == "configuration")
        new.write(MANIFEST, manifest_bytes(_document(before, created, people), files))
    return StoredBaseline(
        directory, created, len(people.files), tuple(people.not_exported), tuple(people.left_out), before.not_known
    )  # fmt: skip


def load_baseline(directory: Path, redactor: Redactor) -> Baseline:
    """Read a baseline whose every file is what it was when it was stored.

    Args:
        directory: of the baseline.
        redactor: of this run, so that its secrets can be compared with those that this run read.

    Raises:
        InputError: there is none, or one of its files was added, removed or changed.
    """
    stored = read_stored(directory, SCHEMA, _THE_BASELINE, (CONFIGURATION, SNAPSHOT))
    said = stored.manifest
    path = directory / MANIFEST
    try:
        created = datetime.strptime(str(said.get("created")), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise InputError(f"{path}: does not say when the baseline was stored; another version of orsgate wrote it") from None
    name, stand_ins = said.get("estate"), said.get("stand_ins")
    if not isinstance(name, str) or not isinstance(stand_ins, list):
        raise InputError(f"{path}: does not say what the baseline is of; another version of orsgate wrote it")
    configuration = load_configuration(stored.kept[CONFIGURATION], str(directory / CONFIGURATION))
    places = {each.copy_of: str(directory / each.file) for each in stored.files.values() if each.copy_of}
    return Baseline(
        place=str(directory),
        created=created,
        estate_name=name,
        configuration=moved(redacted(configuration, redactor), places),
        cassandra=load(stored.kept[SNAPSHOT], str(directory / SNAPSHOT)).cassandra,
        stand_ins=tuple(map(str, stand_ins)),
    )


def baseline_or_unknown(directory: Path, redactor: Redactor) -> Baseline | Unknown:
    """The baseline, or why the one that is there cannot be relied on, for a run that is to say so in its report.

    Raises:
        InputError: there is none.
    """
    try:
        return load_baseline(directory, redactor)
    except InputError as error:
        if not (directory / MANIFEST).exists():
            raise
        return Unknown(str(error), str(directory), Failure.UNREADABLE)


def _estate_file(loaded: LoadedEstate) -> bytes:
    """The bytes of the estate file, which still says what was read."""
    try:
        data = loaded.path.read_bytes()
        same = loaded_from(loaded.path, data.removeprefix(b"\xef\xbb\xbf")).file == loaded.file
    except (OSError, InputError):
        same = False
    if not same:
        raise changed(str(loaded.path))
    return data


def _document(before: Before, created: datetime, people: ForPeople) -> dict[str, Any]:
    read, estate = before.configuration, before.snapshot.estate.estate
    return {
        "schema": SCHEMA,
        "created": utc(created),
        "tool": f"orsgate {__version__}",
        "estate": estate.name,
        "from_release": estate.from_release,
        "to_release": estate.to_release,
        "source": read.source,
        "address": read.address,
        "account": read.account,
        "stand_ins": list(dict.fromkeys(name for part in before.snapshot.parts for name in part.stand_ins)),
        "holds_secrets": True,
        "notice": _HOLDS_SECRETS + (_NOT_PROTECTED if os.name == "nt" else _PROTECTED),
        "not_in_it": NOT_IN_IT,
        "not_known": list(before.not_known),
        "not_exported": [{"object": each.application, "why": each.why} for each in people.not_exported],
        "left_out": [
            {"object": name, "section": lost.section, "option": lost.option, "why": lost.why} for name, lost in people.left_out
        ],
    }
