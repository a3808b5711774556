# SPDX-License-Identifier: Apache-2.0
"""A configuration as single items, each an option, a connection, a member ...: what is compared, recorded and fingerprinted."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from orsgate.estate.export import Export
from orsgate.estate.inventory import Application, Cluster, Configuration
from orsgate.estate.knowledge import Unknown
from orsgate.estate.options import certainty
from orsgate.estate.secret import HIDDEN, Secret


class Aspect(StrEnum):
    """What of an object an item is."""

    APPLICATION = "application"
    """That an application is there; its value is its type."""
    OPTION = "option"
    ANNEX = "annex"
    CONNECTION = "connection"
    TENANT = "tenant"
    BACKUP = "backup"
    REDUNDANCY = "redundancy"
    TRANSACTION = "transaction"
    """That a cluster Transaction is there; its value is its type, with its state."""
    MEMBER = "member"
    """A member of a cluster; its value is the data center."""
    SHARED = "shared option"
    """An option in the Annex of a cluster."""
    VERSION = "version"
    ENABLED = "state"
    PRIMARY = "primary"
    HOST = "host"
    PORT = "port"
    ARGUMENTS = "arguments"


FINGERPRINTED = frozenset(
    {
        Aspect.OPTION, Aspect.ANNEX, Aspect.CONNECTION, Aspect.TENANT, Aspect.BACKUP, Aspect.REDUNDANCY, Aspect.TRANSACTION,
        Aspect.MEMBER, Aspect.SHARED,
    }
)  # fmt: skip
"""What must stay as it is between the readiness record and the installation (ORS-0901)."""


class Key(NamedTuple):
    """Names an item.

    Attributes:
        object: name of the application or Transaction.
        name: ``section/option`` (``#`` before what is disabled), the name of a server, tenant, member or port; else empty.
    """

    object: str
    aspect: Aspect
    name: str = ""


@dataclass(frozen=True, slots=True)
class Value:
    """What an item holds, and where it was read."""

    value: str | Secret
    where: str = ""

    @property
    def text(self) -> str:
        """As reports show it."""
        return str(self.value)


@dataclass(frozen=True, slots=True)
class Items:
    """The items of a configuration.

    Attributes:
        values: in the order read.
        unknown: what of which object is not fully known: then an item that is not here may be there.
    """

    values: Mapping[Key, Value] = field(default_factory=dict)
    unknown: Mapping[tuple[str, Aspect], Unknown] = field(default_factory=dict)

    def only(self, objects: Collection[str]) -> Items:
        """Those of some objects."""
        values = {key: value for key, value in self.values.items() if key.object in objects}
        return Items(values, {key: unknown for key, unknown in self.unknown.items() if key[0] in objects})


def items_of(configuration: Configuration) -> Items:
    """The items of every Orchestration Server and every cluster Transaction."""
    made = _Maker()
    for application in configuration.applications:
        if application.is_ors:
            made.application(application)
    for cluster in configuration.clusters:
        made.cluster(cluster)
    return Items(made.values, made.unknown)


def fingerprint(items: Items) -> str:
    """SHA-256 (hexadecimal) of what must stay as it is: options, Annex, connections, tenants, redundancy and cluster.

    Of a secret it covers that it is set, not to what; what is not known stands in it as not known.
    """
    rows = [
        (*key, HIDDEN if isinstance(value.value, Secret) else value.value)
        for key, value in items.values.items()
        if key.aspect in FINGERPRINTED
    ]
    rows += [(name, aspect, "", "(not known)") for name, aspect in items.unknown if aspect in FINGERPRINTED]
    text = json.dumps(sorted(rows), ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


class _Maker:
    def __init__(self) -> None:
        self.values: dict[Key, Value] = {}
        self.unknown: dict[tuple[str, Aspect], Unknown] = {}

    def application(self, one: Application) -> None:
        name = one.name
        self._fact(name, Aspect.APPLICATION, one.type, one.origin.at())
        self._fact(name, Aspect.VERSION, one.version, one.origin.at("version"))
        self._fact(name, Aspect.HOST, one.host, one.origin.at("host"))
        self._fact(name, Aspect.ENABLED, _enabled(one.enabled), one.origin.at("enabled"))
        primary = one.primary if isinstance(one.primary, Unknown) else ("Primary" if one.primary else "Backup")
        self._fact(name, Aspect.PRIMARY, primary, one.origin.at("primary"))
        self._fact(name, Aspect.BACKUP, one.backup, one.origin.at("backup"))
        self._fact(name, Aspect.REDUNDANCY, one.redundancy, one.origin.at("redundancy"))
        self._fact(name, Aspect.ARGUMENTS, one.arguments or None, one.origin.at("arguments"))
        self._names(name, Aspect.CONNECTION, one.connections, one.origin.at("connections"))
        self._names(name, Aspect.TENANT, one.tenants, one.origin.at("tenants"))
        if isinstance(one.ports, Unknown):
            self.unknown[name, Aspect.PORT] = one.ports
        else:
            for port_id, port in one.ports.items():
                self.values[Key(name, Aspect.PORT, port_id)] = Value(str(port), one.origin.at("ports"))
        self._options(name, Aspect.OPTION, one.options, certainty(one.options, f"the current export of {name}"))
        if one.annex is not None:
            self._options(name, Aspect.ANNEX, one.annex, _trouble(one.annex))

    def cluster(self, one: Cluster) -> None:
        name = one.transaction
        known = isinstance(one.type, str) and isinstance(one.enabled, bool)
        state = (
            f"{one.type}, {_enabled(one.enabled)}"
            if known
            else next(fact for fact in (one.type, one.enabled) if isinstance(fact, Unknown))
        )
        self._fact(name, Aspect.TRANSACTION, state, one.origin.at())
        if unknown := one.members_unknown:
            self.unknown[name, Aspect.MEMBER] = unknown
        for member in one.members or ():
            key = Key(name, Aspect.MEMBER, f"{'' if member.enabled else '#'}{member.application}")
            self.values[key] = Value(member.datacenter, one.where(member))
        if one.shared is not None:
            self._options(name, Aspect.SHARED, one.shared, _trouble(one.shared))

    def _fact(self, name: str, aspect: Aspect, fact: str | Unknown | None, where: str) -> None:
        if isinstance(fact, Unknown):
            self.unknown[name, aspect] = fact
        elif fact is not None:
            self.values[Key(name, aspect)] = Value(fact, where)

    def _names(self, name: str, aspect: Aspect, names: tuple[str, ...] | Unknown, where: str) -> None:
        if isinstance(names, Unknown):
            self.unknown[name, aspect] = names
            return
        for each in names:
            self.values[Key(name, aspect, each)] = Value("", where)

    def _options(self, name: str, aspect: Aspect, read: Export | Unknown | None, unknown: Unknown | None) -> None:
        if unknown is not None:
            self.unknown[name, aspect] = unknown
        if isinstance(read, Export):
            self.values |= {Key(name, aspect, key): value for key, value in option_values(read)}


def option_values(export: Export) -> Iterator[tuple[str, Value]]:
    """``section/option`` and value of every option, with ``#`` before what is disabled; of a duplicate the last one wins."""
    for section in export.sections:
        for option in section.options:
            disabled = "" if option.enabled else "#"
            yield f"{disabled}{section.name}/{option.name}", Value(option.value, export.where(option.line))


def _enabled(state: bool | Unknown) -> str | Unknown:  # noqa: FBT001 - a fact, no switch
    if isinstance(state, Unknown):
        return state
    return "enabled" if state else "disabled"


def _trouble(read: Export | Unknown) -> Unknown | None:
    if isinstance(read, Unknown):
        return read
    if problem := read.incomplete:
        where = read.where(problem.line)
        return Unknown(f"{read.place} has a line that is not understood: {where}", where)
    return None
