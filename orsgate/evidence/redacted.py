# SPDX-License-Identifier: Apache-2.0
"""A configuration with real option values as it would be had it been read with a redactor."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from orsgate.estate.export import Export, Option, Section
from orsgate.estate.inventory import Application, Cluster, Configuration, Member
from orsgate.estate.knowledge import Unknown
from orsgate.estate.secret import Redactor
from orsgate.sources.clusters import MEMBER_SECTION

_Read = TypeVar("_Read", Export | Unknown, Export | Unknown | None)


def redacted(configuration: Configuration, redactor: Redactor) -> Configuration:
    """``configuration`` with every secret option value replaced by its digest; what is a digest already stays one.

    The digests of whole exports stay as they are, under the key that they were made with.

    Args:
        configuration: with real option values.
        redactor: that of the run in which it is to be compared.
    """
    hide = _Hiding(redactor)
    return replace(
        configuration,
        applications=tuple(map(hide.application, configuration.applications)),
        clusters=tuple(map(hide.cluster, configuration.clusters)),
    )


class _Hiding:
    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor

    def application(self, one: Application) -> Application:
        return replace(
            one,
            options=self._export(one.options),
            annex=self._export(one.annex),
            rollback=self._export(one.rollback),
            exported=self._export(one.exported),
        )

    def cluster(self, one: Cluster) -> Cluster:
        """Members come from the Annex, where they are options as others are, unless the estate file types them."""
        from_annex = one.members == one.annex_members
        annex = None if one.annex_members is None else tuple(map(self._member, one.annex_members))
        return replace(one, members=annex if from_annex else one.members, annex_members=annex, shared=self._export(one.shared))

    def _member(self, one: Member) -> Member:
        return replace(one, datacenter=str(self._redactor.value(MEMBER_SECTION, one.application, one.datacenter)))

    def _export(self, read: _Read) -> _Read:
        if not isinstance(read, Export):
            return read
        return replace(read, sections=tuple(map(self._section, read.sections)))

    def _section(self, section: Section) -> Section:
        return replace(section, options=tuple(self._option(section, option) for option in section.options))

    def _option(self, section: Section, option: Option) -> Option:
        if not isinstance(option.value, str):
            return option
        value = self._redactor.value(section.name, option.name, option.value)
        return option if value is option.value else replace(option, value=value)
