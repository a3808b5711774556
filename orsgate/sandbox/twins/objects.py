# SPDX-License-Identifier: Apache-2.0
"""The objects of a configuration tree as a Configuration Server holds them: by DBID, with real option values."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import reduce
from typing import Literal, TypeVar, assert_never

from orsgate.sandbox.errors import UsageError

Properties = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
"""Sections with the names and values of their options, in order; what is disabled has ``#`` before its name."""
Kind = Literal["application", "host", "tenant", "transaction"]
KINDS: tuple[Kind, ...] = ("application", "host", "tenant", "transaction")


@dataclass(frozen=True, slots=True)
class TreeHost:
    """A Host object."""

    dbid: int
    name: str


@dataclass(frozen=True, slots=True)
class TreeTenant:
    """A Tenant object."""

    dbid: int
    name: str


@dataclass(frozen=True, slots=True)
class TreeApplication:
    """An Application object.

    Attributes:
        type: number of its type (CfgAppType); see ``orsgate.sandbox.twins.literals``.
        version: None where nobody said it.
        host: DBID of its host, 0 for none.
        backup: DBID of its Backup, 0 for none; as every DBID here it may be one that no object has.
        connections: DBIDs of the applications on its Connections tab.
        tenants: DBIDs of its tenants.
        ports: listening port id and number, ``default`` among them where it listens at all.
        redundancy: 0 none, 1 cold, 2 warm, 3 hot standby (CfgHAType).
        primary: whether it is configured as a Primary.
        arguments: its command line arguments.
        options: its Options tab.
        annex: its Annex tab.
        more: see ``TreeTransaction``; so is the following.
    """

    dbid: int
    name: str
    type: int
    version: str | None = None
    host: int = 0
    backup: int = 0
    connections: tuple[int, ...] = ()
    tenants: tuple[int, ...] = ()
    ports: tuple[tuple[str, int], ...] = ()
    redundancy: int = 0
    primary: bool = True
    enabled: bool = True
    arguments: str = ""
    options: Properties = ()
    annex: Properties = ()
    more: tuple[tuple[str, str], ...] = ()
    less: tuple[str, ...] = ()

    @property
    def default_port(self) -> int | None:
        """The port with the id ``default``."""
        return dict(self.ports).get("default")


@dataclass(frozen=True, slots=True)
class TreeTransaction:
    """A Transaction object.

    Attributes:
        type: number of its type (CfgTransactionType); an ORS cluster is a List.
        tenant: DBID of the tenant it lies under, 0 where nobody said it.
        annex: its Annex tab; the members of an ORS cluster are its section ``cluster``.
        more: fields and their JSON that it holds besides, or otherwise than a new object, in the words of the interface that
            serves it; sorted.
        less: fields of a new object that it holds no more, since somebody wrote it without them; sorted.
    """

    dbid: int
    name: str
    type: int
    tenant: int = 0
    enabled: bool = True
    annex: Properties = ()
    more: tuple[tuple[str, str], ...] = ()
    less: tuple[str, ...] = ()


TreeObject = TreeApplication | TreeHost | TreeTenant | TreeTransaction
W = TypeVar("W", TreeApplication, TreeTransaction)


def _holding(objects: tuple[W, ...], one: W) -> tuple[W, ...]:
    kept: list[W] = [one if found.dbid == one.dbid else found for found in objects]
    if all(found.dbid != one.dbid for found in objects):
        kept.append(one)
    return tuple(kept)


@dataclass(frozen=True, slots=True)
class Tree:
    """What one Configuration Server holds.

    Attributes:
        server: that Configuration Server itself, ``host:port``.
    """

    applications: tuple[TreeApplication, ...] = ()
    hosts: tuple[TreeHost, ...] = ()
    tenants: tuple[TreeTenant, ...] = ()
    transactions: tuple[TreeTransaction, ...] = ()
    server: str = "cfg-1:2020"

    def objects(self, kind: Kind) -> tuple[TreeObject, ...]:
        """All objects of a kind."""
        match kind:
            case "application":
                return self.applications
            case "host":
                return self.hosts
            case "tenant":
                return self.tenants
            case "transaction":
                return self.transactions
            case _:
                assert_never(kind)

    def dbid(self, kind: Kind, name: str) -> int:
        """The DBID of the object of that kind and name.

        Raises:
            UsageError: there is none.
        """
        for found in self.objects(kind):
            if found.name == name:
                return found.dbid
        raise UsageError(f"the tree holds no {kind} {name}")

    def holding(self, one: TreeApplication | TreeTransaction) -> Tree:
        """The tree with that object in the place of the one of its kind and DBID; at the end where there was none."""
        if isinstance(one, TreeApplication):
            return replace(self, applications=_holding(self.applications, one))
        return replace(self, transactions=_holding(self.transactions, one))

    def without(self, kind: Kind, dbid: int) -> Tree:
        """The tree as an account sees it that may not read one object: the references to it stay.

        Raises:
            UsageError: there is no such object.
        """
        if dbid not in {found.dbid for found in self.objects(kind)}:
            raise UsageError(f"the tree holds no {kind} with the DBID {dbid}")
        match kind:
            case "application":
                return replace(self, applications=tuple(found for found in self.applications if found.dbid != dbid))
            case "host":
                return replace(self, hosts=tuple(found for found in self.hosts if found.dbid != dbid))
            case "tenant":
                return replace(self, tenants=tuple(found for found in self.tenants if found.dbid != dbid))
            case "transaction":
                return replace(self, transactions=tuple(found for found in self.transactions if found.dbid != dbid))
            case _:
                assert_never(kind)

    def without_all(self, hidden: Collection[tuple[Kind, int]]) -> Tree:
        """The tree without several objects; see ``without``."""
        return reduce(lambda tree, one: tree.without(*one), hidden, self)
