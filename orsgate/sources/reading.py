# SPDX-License-Identifier: Apache-2.0
"""Objects of the configuration out of JSON, by the field names of GAX, GWS and mutagen alike.

Where the interfaces differ, or are not documented, each field is read in every shape that a public client or document shows;
what is in none of them is a failure to know.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from orsgate.estate.inventory import ORCHESTRATION_SERVER
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.mistakes import quoted
from orsgate.sources.fields import Fields, ShapeError, as_number, entries
from orsgate.sources.key_values import NO_KEY_VALUES, KeyValues, key_values
from orsgate.sources.literals import FLAG, REDUNDANCY, STATE, application_type, meaning, transaction_type
from orsgate.sources.objects import Named, RawApplication, RawTransaction, Reference

T = TypeVar("T")

_CONNECTIONS = ("conninfo", "cfgconninfo", "cfgconnectioninfo", "connectioninfo")
_PORTS = ("portinfo", "cfgportinfo")
_CONNECTION_FIELDS = ("appserverdbids", "appservers")
_BACKUP_FIELDS = ("backupserverdbid", "backupserver")
_IDS = ("id", "dbid", "tenant")
MOST_TROUBLES = 20
"""Objects that cannot be understood are named up to so many."""


class Understood:
    """Reads objects of one kind, and keeps what could not be understood.

    Args:
        place: the source, for the ``where`` of facts.
        kind: e.g. ``CfgApplication``.
    """

    def __init__(self, place: str, kind: str) -> None:
        self._place = place
        self._kind = kind
        self._not_understood = 0
        self.troubles: list[Unknown] = []

    def all(self, found: Iterable[Any], read: Callable[[Fields, str, str], T]) -> tuple[T, ...]:
        """Every object that ``read`` understands; the others become troubles."""
        return tuple(each for value in found for each in self._one(value, read))

    def _one(self, value: Any, read: Callable[[Fields, str, str], T]) -> Iterable[T]:
        if not isinstance(value, dict):
            self._trouble("", "it is no object")
            return ()
        fields = Fields(value)
        name = ""
        try:
            name = fields.text("name") or ""
            if not name.strip():
                self._trouble("", "it has no name")
                return ()
            return (read(fields, name, f"{self._place} {self._kind} {name}"),)
        except ShapeError as error:
            self._trouble(name, str(error))
            return ()
        except (ValueError, OverflowError):
            self._trouble(name, "a field holds a value that cannot be read")
            return ()

    def _trouble(self, name: str, why: str) -> None:
        self._not_understood += 1
        which = f"the {self._kind} {quoted(name)}" if name else f"a {self._kind}"
        if self._not_understood == MOST_TROUBLES:
            which, why = f"more than {MOST_TROUBLES} objects of the kind {self._kind}", "see those named before"
        if self._not_understood <= MOST_TROUBLES:
            cause = f"{which} of {self._place} is not understood: {why}"
            self.troubles.append(Unknown(cause, f"{self._place} {self._kind}", Failure.UNREADABLE))


def application(fields: Fields, name: str, where: str) -> RawApplication:
    """An Application object.

    Raises:
        ShapeError: what it is cannot be understood.
    """
    kind = application_type(_type_of_application(fields))
    server = fields.group("serverinfo", "cfgserverinfo", "cfgserver")
    is_ors = kind is None or kind == ORCHESTRATION_SERVER
    return RawApplication(
        name=name,
        dbid=fields.number("dbid"),
        type=kind,
        template=_name_or_none(fields.get("appprototype")),
        state=meaning(fields.get("state"), STATE, f"the state of {name}", where),
        primary=meaning(fields.get("isprimary"), FLAG, f"whether {name} is a Primary", where),
        version=fields.text("version"),
        host=_reference(server, f"the host of {name}", where, "hostdbid", "host"),
        backup=_reference(server, f"the Backup of {name}", where, *_BACKUP_FIELDS),
        redundancy=meaning(fields.get("redundancytype"), REDUNDANCY, f"the redundancy type of {name}", where),
        connections=_fact(f"the connections of {name}", where, lambda: _connections(fields)),
        tenants=_fact(f"the tenants of {name}", where, lambda: _tenants(fields)),
        ports=_fact(f"the listening ports of {name}", where, lambda: _ports(fields, server, name, where)),
        arguments="" if fields.get("commandlinearguments") == "" else fields.text("commandlinearguments"),
        options=_fact(f"the options of {name}", where, lambda: _key_values(fields, "options")) if is_ors else NO_KEY_VALUES,
        annex=_fact(f"the Annex of {name}", where, lambda: _key_values(fields, "userproperties")) if is_ors else NO_KEY_VALUES,
        not_told=frozenset(
            what
            for what, told in (
                ("connections", fields.has(*_CONNECTION_FIELDS)),
                ("Backup", server.has(*_BACKUP_FIELDS)),
            )
            if not told
        ),
    )


def transaction(fields: Fields, name: str, where: str) -> RawTransaction:
    """A Transaction object.

    Raises:
        ShapeError: what it is cannot be understood.
    """
    told = fields.get("subtype", "transactiontype")
    if told is None and str(fields.get("type")).casefold() != "cfgtransaction":
        told = fields.get("type")
    return RawTransaction(
        name=name,
        dbid=fields.number("dbid"),
        type=transaction_type(told, f"the type of the Transaction {name}", where),
        state=meaning(fields.get("state"), STATE, f"the state of {name}", where),
        tenant=_reference(fields, f"the tenant of {name}", where, "tenantdbid", "tenant"),
        annex=_fact(f"the Annex of {name}", where, lambda: _key_values(fields, "userproperties")),
    )


def named(fields: Fields, name: str, _where: str) -> Named:
    """A host or a tenant.

    Raises:
        ShapeError: it has no usable DBID.
    """
    return Named(name, fields.number("dbid"))


def template(fields: Fields, name: str, _where: str) -> Named:
    """An application template.

    Raises:
        ShapeError: it has no usable DBID, or its version is no text.
    """
    return Named(name, fields.number("dbid"), application_type(_type_of_application(fields)), fields.text("version"))


def _type_of_application(fields: Fields) -> object:
    """GAX tells the type of an application as ``subtype``; its ``type`` is that of the object."""
    told = fields.get("subtype")
    if told is None and str(fields.get("type")).casefold() not in {"cfgapplication", "cfgappprototype"}:
        told = fields.get("type")
    return told


def _fact(what: str, where: str, learn: Callable[[], T]) -> T | Unknown:
    try:
        return learn()
    except ShapeError as error:
        return Unknown(f"{what} cannot be understood: {error}", where, Failure.UNREADABLE)


def _reference(fields: Fields, what: str, where: str, by_dbid: str, by_name: str) -> Reference | Unknown | None:
    """What a field refers to; None where it refers to nothing (DBID 0)."""

    def learn() -> Reference | None:
        if (dbid := fields.number(by_dbid)) is not None:
            return dbid or None
        return _name_or_none(fields.get(by_name))

    return _fact(what, where, learn)


def _name_or_none(value: object) -> str | None:
    """A reference by name: the name alone, or an object that has one."""
    if isinstance(value, dict):
        value = Fields(value).get("name")
    return value if isinstance(value, str) and value else None


def _connections(fields: Fields) -> tuple[Reference, ...]:
    found: list[Reference] = []
    for each in entries(fields.get(*_CONNECTION_FIELDS), "connections", *_CONNECTIONS):
        if not isinstance(each, dict):
            found.append(as_number(each, "connections"))
            continue
        connection = Fields(each)
        dbid = connection.number("appserverdbid")
        name = None if dbid is not None else _name_or_none(connection.get("appserver"))
        if dbid is None and name is None:
            raise ShapeError("a connection names no server")
        if dbid != 0:
            found.append(dbid if dbid is not None else str(name))
    return tuple(found)


def _tenants(fields: Fields) -> tuple[Reference, ...]:
    found: list[Reference] = []
    by_name = fields.has("tenants") and not fields.has("tenantdbids")
    for each in entries(fields.get("tenantdbids", "tenants"), "tenants", *_IDS):
        if isinstance(each, dict) and each.keys() == {"mode"}:  # how GAX lists no tenant
            continue
        value = Fields(each).get("dbid", "id", "name") if isinstance(each, dict) else each
        if by_name and isinstance(value, str):
            found.append(value)
        elif (dbid := as_number(value, "tenants")) != 0:
            found.append(dbid)
    return tuple(found)


def _ports(fields: Fields, server: Fields, name: str, where: str) -> Mapping[str, int] | Unknown:
    found: dict[str, int] = {}
    for each in entries(fields.get("portinfos"), "listening ports", *_PORTS):
        if not isinstance(each, dict):
            raise ShapeError("a listening port is no structure")
        port = Fields(each)
        number, identity = port.number("port"), port.text("id")
        if identity is None:
            raise ShapeError("a listening port has no id")
        if number:
            found[identity] = number
    if default := server.number("port"):
        found.setdefault("default", default)
    return found or Unknown(f"the listening ports of {name} are not given", where, Failure.NOT_GIVEN)


def _key_values(fields: Fields, *names: str) -> KeyValues:
    return key_values(fields.get(*names), names[0])
