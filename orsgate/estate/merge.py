# SPDX-License-Identifier: Apache-2.0
"""Merging parts of a snapshot that were collected on different hosts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import chain

from orsgate.estate.snapshot import CollectError, Part, PartName, Snapshot, SnapshotError

APART = timedelta(hours=4)
"""Parts further apart than this were not collected in one go."""


def merge(named: Sequence[tuple[str, Snapshot]]) -> Snapshot:
    """Merge snapshots of one estate into one.

    A part that is in several must be the same in all; parts more than 4 hours apart become an error of the run.

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
    for part_name, found in holders.items():
        path, snapshot, _ = found[0]
        for other_path, other, _ in found[1:]:
            if getattr(snapshot, part_name) != getattr(other, part_name):
                raise SnapshotError(
                    f"{path} and {other_path} both hold the part {part_name}, and differ in it; judge one of them"
                )
    parts = tuple(found[0][2] for found in holders.values())
    errors = tuple(dict.fromkeys(chain.from_iterable(snapshot.errors for _, snapshot in named)))
    times = [part.collected for part in parts]
    if times and max(times) - min(times) > APART:
        hours = (max(times) - min(times)).total_seconds() / 3600
        errors = (
            *errors,
            CollectError("parts", f"the parts were collected {hours:.1f} hours apart; at most 4 hours count as one state"),
        )
    return replace(
        first,
        started=min(snapshot.started for _, snapshot in named),
        parts=parts,
        configuration=next((found[0][1].configuration for name, found in holders.items() if name == "configuration"), None),
        cassandra=next((found[0][1].cassandra for name, found in holders.items() if name == "cassandra"), None),
        errors=errors,
        interrupted=any(snapshot.interrupted for _, snapshot in named),
        deadline_passed=any(snapshot.deadline_passed for _, snapshot in named),
    )
