# SPDX-License-Identifier: Apache-2.0
"""The configuration tree of an estate file: its applications, hosts, tenants and clusters as objects with DBIDs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from itertools import count
from typing import TypeVar

from orsgate.estate.export import Export
from orsgate.estate.field_types import split_node
from orsgate.estate.file import LoadedEstate
from orsgate.estate.inventory import Application, Cluster, Configuration
from orsgate.estate.knowledge import Unknown
from orsgate.estate.secret import Revealer
from orsgate.sandbox.errors import UsageError
from orsgate.sandbox.twins.literals import CONFIGURATION_SERVER, REDUNDANCIES, transaction_type_named, type_named
from orsgate.sandbox.twins.objects import (
    Properties,
    Tree,
    TreeApplication,
    TreeHost,
    TreeObject,
    TreeTenant,
    TreeTransaction,
)
from orsgate.sources.files import read_files

__all__ = [
    "SERVER",
    "Properties",
    "Tree",
    "TreeApplication",
    "TreeHost",
    "TreeObject",
    "TreeTenant",
    "TreeTransaction",
    "properties_of",
    "revealed",
    "tree_from",
    "tree_of",
]

SERVER = "cfg-1:2020"
"""The Configuration Server of a tree for which no other is named; 2020 is its usual port."""
_PORT = 2020
_FIRST = 100
_FIRST_DANGLING = 900_001
_ENVIRONMENT = "Environment"
_MEMBER_SECTION = "cluster"
_CONFSERV = "confserv"

T = TypeVar("T")


def tree_of(loaded: LoadedEstate, server: str = SERVER) -> Tree:
    """The tree that an estate file with its exports describes, real option values included.

    An export that cannot be read leaves its application without options; ``revealed`` tells which.

    Args:
        loaded: the estate file.
        server: ``host:port`` of the Configuration Server that is to hold the tree.
    """
    return tree_from(revealed(loaded), server)


def revealed(loaded: LoadedEstate) -> Configuration:
    """What an estate file describes, with real option values and real command lines."""
    read = read_files(loaded, Revealer())
    entries = loaded.file.application
    pairs = zip(read.applications, entries, strict=True)
    return replace(read, applications=tuple(replace(one, arguments=entry.arguments) for one, entry in pairs))


def tree_from(configuration: Configuration, server: str = SERVER) -> Tree:
    """The tree of a configuration; what is not known of an object is left at what a new object has.

    Raises:
        UsageError: ``server`` is no ``host:port``.
    """
    address = split_node(server)
    if address is None:
        raise UsageError(f'{server!r} is no Configuration Server; write it like "{SERVER}"')
    host, port = address[0], address[1] or _PORT
    applications = configuration.applications
    hosts = _numbered(_distinct([*(_known(one.host, "") for one in applications), host]), _FIRST)
    tenants = _numbered(_tenants(configuration), _FIRST, {_ENVIRONMENT: 1})
    dbids = _numbered((one.name for one in applications), _FIRST, _given_dbids(applications))
    dangling = _dangling(configuration, dbids)
    built = [_application(one, dbids | dangling, hosts, tenants) for one in applications]
    built.append(_configuration_server(host, port, hosts, dbids))
    return Tree(
        applications=tuple(built),
        hosts=tuple(TreeHost(dbid, name) for name, dbid in hosts.items()),
        tenants=tuple(TreeTenant(dbid, name) for name, dbid in tenants.items()),
        transactions=tuple(_transaction(dbid, one, tenants) for dbid, one in enumerate(configuration.clusters, _FIRST + 1)),
        server=f"{host}:{port}",
    )


def _application(one: Application, dbids: dict[str, int], hosts: dict[str, int], tenants: dict[str, int]) -> TreeApplication:
    host, backup = _known(one.host, ""), _known(one.backup, None)
    return TreeApplication(
        dbid=dbids[one.name],
        name=one.name,
        type=type_named(one.type).number,
        version=_known(one.version, None),
        host=hosts[host] if host else 0,
        backup=dbids[backup] if backup else 0,
        connections=tuple(dbids[name] for name in _known(one.connections, ())),
        tenants=tuple(tenants[name] for name in _known(one.tenants, ())),
        ports=tuple(_known(one.ports, {}).items()),
        redundancy=REDUNDANCIES.index(_known(one.redundancy, "none")),
        primary=_known(one.primary, True),
        enabled=_known(one.enabled, True),
        arguments=one.arguments or "",
        options=properties_of(one.options),
        annex=properties_of(one.annex),
    )


def _configuration_server(host: str, port: int, hosts: dict[str, int], dbids: dict[str, int]) -> TreeApplication:
    """The Configuration Server's own object, by which a tree tells whose it is."""
    names = (_CONFSERV, *(f"{_CONFSERV}_{number}" for number in range(2, len(dbids) + 3)))
    name = next(name for name in names if name not in dbids)
    dbid = next(_free(_FIRST, dbids.values()))
    ports = (("default", port),)
    return TreeApplication(dbid, name, CONFIGURATION_SERVER.number, host=hosts[host], ports=ports)


def _transaction(dbid: int, one: Cluster, tenants: dict[str, int]) -> TreeTransaction:
    members: Properties = ()
    if one.members is not None:
        listed = {f"{'' if member.enabled else '#'}{member.application}": member.datacenter for member in one.members}
        members = ((_MEMBER_SECTION, tuple(listed.items())),)
    tenant = _known(one.tenant, "")
    return TreeTransaction(
        dbid=dbid,
        name=one.transaction,
        type=transaction_type_named(_known(one.type, "")),
        tenant=tenants[tenant] if tenant else 0,
        enabled=_known(one.enabled, True),
        annex=members + properties_of(one.shared),
    )


def properties_of(export: Export | Unknown | None) -> Properties:
    """The sections of an export, as one list of lists can hold them: what stands there twice is there once, the last one."""
    if not isinstance(export, Export):
        return ()
    sections: dict[str, dict[str, str]] = {}
    for section in export.sections:
        options = sections.setdefault(section.name if section.enabled else f"#{section.name}", {})
        for option in section.options:
            disabled = section.enabled and not option.enabled
            options[f"#{option.name}" if disabled else option.name] = str(option.value)
    return tuple((name, tuple(options.items())) for name, options in sections.items())


def _tenants(configuration: Configuration) -> list[str]:
    of_applications = (name for one in configuration.applications for name in _known(one.tenants, ()))
    of_clusters = (_known(one.tenant, "") for one in configuration.clusters)
    return _distinct([_ENVIRONMENT, *of_applications, *of_clusters])


def _dangling(configuration: Configuration, dbids: dict[str, int]) -> dict[str, int]:
    """DBIDs that no application has, for the names that are referred to and are those of none."""
    backups = (_known(one.backup, None) or "" for one in configuration.applications)
    connections = (name for one in configuration.applications for name in _known(one.connections, ()))
    missing = [name for name in _distinct([*backups, *connections]) if name not in dbids]
    return dict(zip(missing, _free(_FIRST_DANGLING, dbids.values()), strict=False))


def _given_dbids(applications: Iterable[Application]) -> dict[str, int]:
    """Name -> DBID as the estate gives it; of two that are given the same one, the first has it."""
    owners: dict[int, str] = {}
    for one in applications:
        if one.dbid is not None:
            owners.setdefault(one.dbid, one.name)
    return {name: dbid for dbid, name in owners.items()}


def _numbered(names: Iterable[str], first: int, given: dict[str, int] | None = None) -> dict[str, int]:
    """Name -> DBID: the one given, else the next that is free from ``first`` on."""
    given = given or {}
    free = _free(first, given.values())
    return {name: given[name] if name in given else next(free) for name in names}


def _free(first: int, taken: Collection[int]) -> Iterator[int]:
    occupied = frozenset(taken)
    return (number for number in count(first) if number not in occupied)


def _distinct(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(name for name in names if name))


def _known(value: T | Unknown, otherwise: T) -> T:
    return otherwise if isinstance(value, Unknown) else value
