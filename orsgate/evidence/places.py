# SPDX-License-Identifier: Apache-2.0
"""Says of a stored configuration where it is stored: the lines of a copied file are those of the file it was copied from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from orsgate.estate.export import Export
from orsgate.estate.inventory import Application, Cluster, Configuration, Member, Origin
from orsgate.estate.knowledge import Unknown

_Read = TypeVar("_Read", Export | Unknown, Export | Unknown | None)


def moved(configuration: Configuration, places: Mapping[str, str]) -> Configuration:
    """``configuration`` with every place that is a key of ``places`` replaced by the one that it leads to."""
    move = _Moving(places)
    return replace(
        configuration,
        applications=tuple(map(move.application, configuration.applications)),
        clusters=tuple(map(move.cluster, configuration.clusters)),
    )


class _Moving:
    def __init__(self, places: Mapping[str, str]) -> None:
        self._places = places

    def application(self, one: Application) -> Application:
        return replace(
            one, origin=self._origin(one.origin), options=self._export(one.options), annex=self._export(one.annex)
        )  # fmt: skip

    def cluster(self, one: Cluster) -> Cluster:
        members, annex = (None if each is None else tuple(map(self._member, each)) for each in (one.members, one.annex_members))
        return replace(
            one, origin=self._origin(one.origin), members=members, annex_members=annex, shared=self._export(one.shared)
        )  # fmt: skip

    def _member(self, one: Member) -> Member:
        return replace(one, place=self._place(one.place))

    def _origin(self, one: Origin) -> Origin:
        return replace(one, place=self._place(one.place))

    def _export(self, read: _Read) -> _Read:
        return replace(read, place=self._place(read.place)) if isinstance(read, Export) else read

    def _place(self, place: str) -> str:
        return self._places.get(place, place)
