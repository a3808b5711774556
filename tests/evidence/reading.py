# SPDX-License-Identifier: Apache-2.0
"""Takes baselines in tests, of files and of what a live source told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from unittest import mock

from orsgate.collection import cassandra
from orsgate.collection.collect import nobody_to_ask
from orsgate.estate.export import Export
from orsgate.estate.file import LoadedEstate, load_estate_file
from orsgate.estate.inventory import Configuration
from orsgate.estate.ring import Ring
from orsgate.estate.secret import Redactor, Revealer
from orsgate.evidence.baseline import StoredBaseline, store_baseline
from orsgate.evidence.before import Before, Terms, read_before
from orsgate.evidence.redacted import redacted
from tests.faults.workshop import healthy_ring


def before(estate: Path) -> tuple[LoadedEstate, Before]:
    """What is there, with the healthy ring."""
    loaded = load_estate_file(estate)

    def found(*_: object, **__: object) -> Ring:
        return healthy_ring()

    with mock.patch.object(cassandra, "read_from", found):
        return loaded, read_before(loaded, Terms(nobody_to_ask))


def stored(estate: Path, directory: Path) -> StoredBaseline:
    """A baseline of an estate whose source is files."""
    return store_baseline(directory, *before(estate))


def stored_live(estate: Path, directory: Path, read: Configuration) -> StoredBaseline:
    """A baseline of an estate of which a live source told ``read``."""
    loaded, found = before(estate)
    snapshot = replace(found.snapshot, configuration=redacted(read, Redactor()))
    return store_baseline(directory, loaded, Before(snapshot, read, Revealer(), ()))


def without_digests(configuration: Configuration) -> Configuration:
    """``configuration`` without the digests of its files, whose key lives for one reading."""

    def bare(read: object) -> object:
        return replace(read, digest="") if isinstance(read, Export) else read

    applications = tuple(
        replace(each, **{name: bare(getattr(each, name)) for name in ("options", "annex", "rollback", "exported")})  # type: ignore[arg-type]
        for each in configuration.applications
    )
    clusters = tuple(replace(each, shared=bare(each.shared)) for each in configuration.clusters)  # type: ignore[arg-type]
    return replace(configuration, applications=applications, clusters=clusters)
