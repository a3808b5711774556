# SPDX-License-Identifier: Apache-2.0
"""Facts of the configuration layer: applications, clusters, and where each was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from orsgate.estate.export import Export
from orsgate.estate.knowledge import Basis, Failure, Unknown

ORCHESTRATION_SERVER = "Orchestration Server"
INTERACTION_SERVER = "Interaction Server"
ROUTING_SERVER = "Universal Routing Server"
TELEPHONY_SERVERS = ("T-Server", "SIP Server")

_NOT_GIVEN = Unknown("it is not given", failure=Failure.NOT_GIVEN)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an object was read.

    Attributes:
        place: the estate file, or the endpoint of a live source.
        lines: field name -> line in that file; ``""`` is the line the object begins at. Empty for a live source.
    """

    place: str
    lines: Mapping[str, int] = field(default_factory=dict)

    def at(self, field_name: str = "") -> str:
        """``path:line`` of a field, or of the object where the field has no line of its own."""
        line = self.lines.get(field_name) or self.lines.get("")
        return f"{self.place}:{line}" if line else self.place


@dataclass(frozen=True, slots=True)
class Application:
    """An Application object.

    Attributes:
        type: e.g. ``Orchestration Server``; see the constants of this module for those with a meaning here.
        primary: whether it is configured as a Primary.
        new: made during this migration, so it has no rollback export.
        backup: the name of its Backup application, None where it names none.
        redundancy: ``none``, ``cold standby``, ``warm standby`` or ``hot standby``.
        connections: names of the servers on its Connections tab.
        ports: listening port id -> port number.
        dbid: DBID of the object; None where it was not given.
        http: base URL of its HTTP interface; None where it has none or none was given.
        options: its current options; None for applications whose options are not read (not an ORS).
        annex: its Annex; None where it holds nothing or was not given, and for applications that are no ORS.
        rollback: its rollback export of step 1; None where there is none to look for.
        exported: with a live source, the export that the estate file names besides.
    """

    name: str
    origin: Origin
    type: str = ORCHESTRATION_SERVER
    enabled: bool | Unknown = True
    primary: bool | Unknown = True
    new: bool = False
    version: str | Unknown = _NOT_GIVEN
    host: str | Unknown = _NOT_GIVEN
    backup: str | Unknown | None = None
    redundancy: str | Unknown = "none"
    connections: tuple[str, ...] | Unknown = ()
    tenants: tuple[str, ...] | Unknown = ()
    ports: Mapping[str, int] | Unknown = _NOT_GIVEN
    http: str | None = None
    arguments: str | None = None
    dbid: int | None = None
    options: Export | Unknown | None = None
    annex: Export | Unknown | None = None
    rollback: Export | Unknown | None = None
    exported: Export | Unknown | None = None

    @property
    def is_ors(self) -> bool:
        """Whether it is an Orchestration Server."""
        return self.type == ORCHESTRATION_SERVER

    @property
    def address(self) -> tuple[str, int] | None:
        """Host (letter case folded) and default port it listens on; None where either is not known."""
        if isinstance(self.host, Unknown) or isinstance(self.ports, Unknown) or "default" not in self.ports:
            return None
        return self.host.casefold(), self.ports["default"]


@dataclass(frozen=True, slots=True)
class Member:
    """An entry of the section ``cluster`` in the Annex of a cluster Transaction.

    Attributes:
        application: the option name: the name of a Primary ORS application.
        datacenter: the option value; empty for none.
        enabled: false where ``#`` stands before the name.
        line: where it was read; 0 where there are no lines.
        place: the exported Annex where it was read there; empty for the place of its cluster.
    """

    application: str
    datacenter: str
    enabled: bool
    line: int = 0
    place: str = ""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A Transaction object that lists the members of an ORS cluster.

    Attributes:
        transaction: its name.
        type: the Transaction type; an ORS cluster is a ``list``.
        tenant: the tenant it lies under, where known.
        members: None where its Annex has no section ``cluster``.
        annex_members: the members as the exported Annex lists them (observed); None where it has no section ``cluster``,
            or was not given or read.
        shared: options shared by all nodes (its Annex without the section ``cluster``); None where it holds none.
    """

    transaction: str
    origin: Origin
    type: str | Unknown = "list"
    enabled: bool | Unknown = True
    tenant: str | Unknown = _NOT_GIVEN
    members: tuple[Member, ...] | None = ()
    shared: Export | Unknown | None = None
    annex_members: tuple[Member, ...] | None = None

    @property
    def members_unknown(self) -> Unknown | None:
        """Why its members are not fully known; None where the estate file or a live source gives them."""
        if self.members is not None and self.members != self.annex_members:
            return None
        return self.annex_unknown

    @property
    def annex_unknown(self) -> Unknown | None:
        """Why its exported Annex is not fully known; None where it is, or where none is given."""
        if not isinstance(self.shared, Export):
            return self.shared
        if problem := self.shared.incomplete:
            where = self.shared.where(problem.line)
            return Unknown(f"the Annex of {self.transaction} has a line that is not understood: {where}", where)
        return None

    def where(self, member: Member) -> str:
        """Where a member was read."""
        return f"{member.place or self.origin.place}:{member.line}" if member.line else self.origin.at("members")


@dataclass(frozen=True, slots=True)
class Configuration:
    """The configuration as one source gave it.

    Attributes:
        source: ``files``, ``gax``, ``gws`` or ``mutagen``.
        live: whether it was read from a running system.
        basis: of the inventory (names, pairs, connections, clusters); options are observed with every source.
        account: with which account it was read; empty for files.
        address: of the source itself, ``host:port`` of GAX or GWS; empty for files.
        server: the Configuration Server that the source reads, as it says itself; None for files.
        gaps: what keeps the inventory from being known as a whole, beyond facts of single objects.
        remarks: what was seen of the source that a reader should know, such as a shape that nobody documents.
        rollback_directory: where the rollback exports were looked for; None where the estate file names none.
    """

    source: str
    live: bool
    basis: Basis
    applications: tuple[Application, ...]
    clusters: tuple[Cluster, ...]
    account: str = ""
    address: str = ""
    server: str | Unknown | None = None
    gaps: tuple[Unknown, ...] = ()
    remarks: tuple[str, ...] = ()
    rollback_directory: str | None = None

    @property
    def by_account(self) -> bool:
        """Whether it was read with an account, to which Configuration Server shows only what that account may see."""
        return self.source != "files"
