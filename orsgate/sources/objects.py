# SPDX-License-Identifier: Apache-2.0
"""Objects of the configuration as a source gave them, with references that are not resolved yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from orsgate.estate.knowledge import Unknown
from orsgate.sources.key_values import KeyValues

Reference = int | str
"""A DBID, or the name in formats that refer by name."""


@dataclass(frozen=True, slots=True)
class Named:
    """A host, a tenant or an application template.

    Attributes:
        dbid: None in formats that do not tell it.
        type: of the applications made from a template; None for others.
        version: likewise.
    """

    name: str
    dbid: int | None = None
    type: str | None = None
    version: str | None = None


@dataclass(frozen=True, slots=True)
class RawTransaction:
    """A Transaction object."""

    name: str
    dbid: int | None
    type: str | Unknown
    state: str | Unknown
    tenant: Reference | Unknown | None
    annex: KeyValues | Unknown


@dataclass(frozen=True, slots=True)
class RawApplication:
    """An Application object.

    Attributes:
        type: as Configuration Manager shows it; None where the object does not tell it.
        template: its application template, where the object refers to it by name.
        state: ``enabled``, ``disabled`` or ``deleted``.
        options: None for applications that are no ORS, whose options nobody asks for.
        not_told: facts of which the object does not speak at all, such as ``connections``; they read as none.
    """

    name: str
    dbid: int | None
    type: str | None
    template: str | None
    state: str | Unknown
    primary: bool | Unknown
    version: str | None
    host: Reference | Unknown | None
    backup: Reference | Unknown | None
    redundancy: str | Unknown
    connections: tuple[Reference, ...] | Unknown
    tenants: tuple[Reference, ...] | Unknown
    ports: Mapping[str, int] | Unknown
    arguments: str | None
    options: KeyValues | Unknown
    annex: KeyValues | Unknown
    not_told: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Objects:
    """Everything that was read from a source.

    Attributes:
        hosts: an Unknown where they could not be read; None where the source does not list them.
        tenants: likewise.
        troubles: objects that could not be understood, and why.
        account: with which they were read.
        address: of the source.
        server: the Configuration Server that the source says it reads.
        live: whether the source is a running system.
        remarks: what was seen of the source that a reader should know.
    """

    applications: tuple[RawApplication, ...]
    transactions: tuple[RawTransaction, ...]
    hosts: tuple[Named, ...] | Unknown | None
    tenants: tuple[Named, ...] | Unknown | None
    account: str
    address: str
    live: bool
    server: str | Unknown | None = None
    templates: tuple[Named, ...] | None = None
    troubles: tuple[Unknown, ...] = ()
    remarks: tuple[str, ...] = ()
