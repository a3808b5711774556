# SPDX-License-Identifier: Apache-2.0
"""Mends a workshop with ``orsgate fix``, as a person does: write the fix, take the files over, type the members."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path
from unittest import mock

from orsgate.collection import cassandra
from orsgate.collection.collect import nobody_to_ask
from orsgate.estate.estate import Estate
from orsgate.estate.file import load_estate_file
from orsgate.estate.inventory import Configuration
from orsgate.estate.knowledge import Unknown
from orsgate.estate.ring import Ring
from orsgate.estate.snapshot import Snapshot
from orsgate.evidence.before import Terms
from orsgate.remedy.answers import Answer, Answers, parsed
from orsgate.remedy.fixing import Fix, fixed, write_fix
from orsgate.remedy.reading import RealEstate, read_real
from tests.faults.workshop import Workshop

ANSWERS = Answers(
    tuple(
        map(
            parsed,
            (
                "*:orchestration/mcr-pull-limit=500",
                "ORS_A*:orchestration/functions-by-urs=true",
                "ORS_B*:orchestration/functions-by-urs=false",
                "*:orchestration/complete-assoc-on-target-node=false",
                "*:persistence/cassandra-keyspace-name=Orchestration",
                "*:persistence/cassandra-schema-version=ORS8140000",
                "*:persistence/cassandra-strategy-class=NetworkTopologyStrategy",
                "*:persistence/cassandra-strategy-options=DC1:2;DC2:2",
                "ORS_A*:persistence/cassandra-nodes=127.0.1.1;127.0.1.3",
                "ORS_B*:persistence/cassandra-nodes=127.0.1.2;127.0.1.4",
                "*:scxml/max-pending-events=100",
                "ORS_Cluster*:cluster/ORS_A1=DC1",
                "ORS_Cluster*:cluster/ORS_A2=DC1",
                "ORS_Cluster*:cluster/ORS_B1=DC2",
            ),
        )
    )
)
"""What only a person can know, as the healthy sample has it."""


def snapshot_of(workshop: Workshop) -> tuple[Snapshot, RealEstate] | None:
    """What the command reads of a workshop, with real values and its ring; None where a fault hides the configuration."""
    loaded = load_estate_file(workshop.path("estate.toml"))

    def found(*_: object, **__: object) -> Ring:
        return workshop.ring if isinstance(workshop.ring, Ring) else Ring(())

    with mock.patch.object(cassandra, "read_from", found):
        read = read_real(loaded, Terms(nobody_to_ask))
    snapshot = read.estate.snapshot
    if isinstance(workshop.ring, Unknown):
        snapshot = replace(snapshot, cassandra=workshop.ring)
    snapshot = workshop.alter(snapshot)
    return (snapshot, read) if isinstance(snapshot.configuration, Configuration) else None


def real(workshop: Workshop) -> RealEstate:
    """The estate of a workshop with real values and its ring, read as the command reads it."""
    found = snapshot_of(workshop)
    assert found is not None
    return replace(found[1], estate=Estate(found[0]))


def fix(workshop: Workshop, answers: Answers = ANSWERS, also: tuple[Answer, ...] = ()) -> Fix:
    """What ``orsgate fix`` plans for a workshop; of ``answers`` those for objects that are there, and ``also`` besides."""
    found = real(workshop)
    known = {each.name for each in found.estate.configuration.applications}
    known |= {each.transaction for each in found.estate.configuration.clusters}
    given = Answers(tuple(each for each in answers.given if any(fnmatchcase(name, each.object) for name in known)) + also)
    return fixed(load_estate_file(workshop.path("estate.toml")), found, given, {})


def write(workshop: Workshop, found: Fix, directory: Path) -> Path:
    """The fix in a directory."""
    write_fix(directory, load_estate_file(workshop.path("estate.toml")), found)
    return directory


def take_over(workshop: Workshop, found: Fix, directory: Path) -> None:
    """Put the migrated files in the place of the exports, and type the members that the Annex has now."""
    loaded = load_estate_file(workshop.path("estate.toml"))
    places = {entry.name: entry.options for entry in loaded.file.application}
    places |= {entry.transaction: entry.options for entry in loaded.file.cluster}
    for file in found.migrated.files:
        place = places.get(file.object)
        if place is not None and file.original is not None:
            workshop.write(place, (directory / file.file).read_bytes())
    _type_members(
        workshop, found.planned.after, {change.object for change in found.changes.changes if change.section == "cluster"}
    )


def _type_members(workshop: Workshop, after: Configuration, changed: Iterable[str]) -> None:
    text = workshop.read("estate.toml")
    for cluster in after.clusters:
        if cluster.transaction not in changed:
            continue
        members = ", ".join(
            f'"{"" if member.enabled else "#"}{member.application}" = "{member.datacenter}"' for member in cluster.members or ()
        )
        head, table, rest = text.partition(f'transaction = "{cluster.transaction}"\n')
        rest = re.sub(r"^members = \{.*\}$", f"members = {{ {members} }}", rest, count=1, flags=re.MULTILINE)
        text = head + table + rest
    workshop.write("estate.toml", text)
