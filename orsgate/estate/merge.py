# SPDX-License-Identifier: Apache-2.0
"""Merging parts of a snapshot that were collected on different hosts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import timedelta
from itertools import chain
from typing import Any

from orsgate.estate.export import Export
from orsgate.estate.inventory import Origin
from orsgate.estate.knowledge import Unknown
from orsgate.estate.ring import SavedTopology
from orsgate.estate.secret import Secret
from orsgate.estate.snapshot import CollectError, Part, PartName, Snapshot, SnapshotError

APART = timedelta(hours=4)
"""Parts further apart than this were not collected in one go."""
_OF_ONE_RUN: Mapping[type, frozenset[str]] = {
    Export: frozenset({"digest", "modified", "place"}),
    Origin: frozenset({"place"}),
    SavedTopology: frozenset({"modified", "where"}),
    Secret: frozenset({"digest"}),
    Unknown: frozenset({"cause", "where"}),
}
"""What differs between two runs though the facts are the same: digests have a key of each run, files lie elsewhere."""


def merge(named: Sequence[tuple[str, Snapshot]]) -> Snapshot:
    """Merge snapshots of one estate into one.

    A part that is in several must be the same in all; secrets of different runs cannot be compared, which becomes an
    error of the run. So do parts that were collected more than 4 hours apart.

    Args:
        named: path and snapshot.

    Raises:
        SnapshotError: if there is none, or they contradict each other.
    """
    if not named:
        raise SnapshotError("there is no snapshot to judge")
    first_path, first = named[0]
    for path, other in named[1:]:
        if other.estate != first.estate:
            raise SnapshotError(
                f"{first_path} and {path} were collected with different estate files; collect both again with one"
            )
    holders: dict[PartName, list[tuple[str, Snapshot, Part]]] = {}
    for path, snapshot in named:
        for part in snapshot.parts:
            holders.setdefault(part.part, []).append((path, snapshot, part))
    errors = tuple(dict.fromkeys(chain.from_iterable(snapshot.errors for _, snapshot in named)))
    for part_name, found in holders.items():
        path, snapshot, _ = found[0]
        for other_path, other, _ in found[1:]:
            errors += tuple(_compare(part_name, (path, snapshot), (other_path, other)))
    parts = tuple(found[0][2] for found in holders.values())
    times = [part.collected for part in parts]
    if times and max(times) - min(times) > APART:
        hours = (max(times) - min(times)).total_seconds() / 3600
        errors = (
            *errors,
            CollectError("parts", f"the parts were collected {hours:.1f} hours apart; at most 4 hours count as one state"),
        )
    # What belongs to the configuration has its secrets under the same key as that.
    of_configuration = holders["configuration"][0][1] if "configuration" in holders else first
    return replace(
        first,
        baseline=of_configuration.baseline,
        record=of_configuration.record,
        plan=of_configuration.plan,
        started=min(snapshot.started for _, snapshot in named),
        parts=parts,
        configuration=next((found[0][1].configuration for name, found in holders.items() if name == "configuration"), None),
        cassandra=next((found[0][1].cassandra for name, found in holders.items() if name == "cassandra"), None),
        rehearsal=next((found[0][1].rehearsal for name, found in holders.items() if name == "rehearsal"), None),
        deployment=next((found[0][1].deployment for name, found in holders.items() if name == "http"), None),
        errors=errors,
        interrupted=any(snapshot.interrupted for _, snapshot in named),
        deadline_passed=any(snapshot.deadline_passed for _, snapshot in named),
    )


def _compare(part: PartName, one: tuple[str, Snapshot], other: tuple[str, Snapshot]) -> Iterator[CollectError]:
    """Give what could not be compared in a part that two snapshots hold.

    Raises:
        SnapshotError: if they differ in it.
    """
    field = "deployment" if part == "http" else part
    facts, others = getattr(one[1], field), getattr(other[1], field)
    if facts == others:
        return
    both = f"{one[0]} and {other[0]} both hold the part {part}"
    if _comparable(facts) != _comparable(others):
        raise SnapshotError(f"{both}, and differ in it; judge one of them")
    if any(mine != theirs for mine, theirs in zip(_secrets(facts), _secrets(others), strict=True)):
        message = "the secrets in it cannot be compared, since each run keeps digests with a key of its own; judge one of them"
        yield CollectError("parts", f"{both}: {message}")


def _comparable(fact: Any) -> Any:
    """``fact`` without what is different in each run."""
    if is_dataclass(fact) and not isinstance(fact, type):
        kept = (each.name for each in fields(fact) if each.name not in _OF_ONE_RUN.get(type(fact), ()))
        return type(fact), {name: _comparable(getattr(fact, name)) for name in kept}
    if isinstance(fact, Mapping):
        return {key: _comparable(value) for key, value in fact.items()}
    if isinstance(fact, tuple):
        return tuple(map(_comparable, fact))
    return fact


def _secrets(fact: Any) -> Iterator[Secret]:
    """Every secret in ``fact``, in order."""
    if isinstance(fact, Secret):
        yield fact
    elif is_dataclass(fact) and not isinstance(fact, type):
        for each in fields(fact):
            yield from _secrets(getattr(fact, each.name))
    elif isinstance(fact, Mapping | tuple):
        for each_fact in fact.values() if isinstance(fact, Mapping) else fact:
            yield from _secrets(each_fact)
