# SPDX-License-Identifier: Apache-2.0
"""Objects that a client wrote to the GWS twin: the whole object counts, and what was not sent is lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orsgate.sandbox.twins import literals
from orsgate.sandbox.twins.gws_shapes import gws_application, gws_transaction
from orsgate.sandbox.twins.left_over import keeping_left_over
from orsgate.sandbox.twins.objects import TreeApplication, TreeTransaction
from orsgate.sandbox.twins.written import Written, WrittenError

_TYPES = {kind.value: kind.number for kind in literals.APPLICATION_TYPES}
_TRANSACTION_NUMBERS = {literal: number for number, literal in literals.TRANSACTION_LITERALS.items()}
_HIGHEST = {"state": 2, "isPrimary": 2, "redundancyType": len(literals.REDUNDANCIES) - 1}
_PARSED = ("options", "userProperties")


def gws_written(kind: str, dbid: int, written: Mapping[str, Any]) -> TreeApplication | TreeTransaction:
    """The object that was written.

    Args:
        kind: ``application`` or ``transaction``.
        dbid: under which it is stored.
        written: the whole of it.

    Raises:
        WrittenError: it is none.
    """
    fields = Written(written)
    if fields.text("DBID", str(dbid)) != str(dbid):
        raise WrittenError("its DBID is another than that of the address")
    if not fields.text("name"):
        raise WrittenError("it has no name")
    written = {**written, "DBID": str(dbid)}
    if kind == "application":
        application = _application(dbid, fields)
        return keeping_left_over(application, written, gws_application(application), _PARSED)
    transaction = _transaction(dbid, fields)
    return keeping_left_over(transaction, written, gws_transaction(transaction), _PARSED)


def _application(dbid: int, fields: Written) -> TreeApplication:
    told = fields.text("type", literals.GENERIC.value)
    if told not in _TYPES:
        raise WrittenError("type is none that the twin knows")
    server = fields.group("serverInfo")
    return TreeApplication(
        dbid=dbid,
        name=fields.text("name"),
        type=_TYPES[told],
        version=fields.text("version") or None,
        host=server.number("hostDBID"),
        backup=server.number("backupServerDBID"),
        connections=tuple(Written(each).number("appServerDBID") for each in fields.objects("appServerDBIDs")),
        tenants=tuple(int(each) for each in fields.texts("tenantDBIDs") if each.isdecimal()),
        ports=tuple((Written(each).text("id"), Written(each).number("port")) for each in fields.objects("portInfos")),
        redundancy=_up_to_highest(fields, "redundancyType"),
        primary=_up_to_highest(fields, "isPrimary") == literals.flag_number(is_set=True),
        enabled=_up_to_highest(fields, "state") != literals.state_number(enabled=False),
        arguments=fields.text("commandLineArguments"),
        options=fields.nested("options"),
        annex=fields.nested("userProperties"),
    )


def _transaction(dbid: int, fields: Written) -> TreeTransaction:
    told = fields.text("type", literals.TRANSACTION_LITERALS[0])
    if told not in _TRANSACTION_NUMBERS:
        raise WrittenError(f"type is none of {', '.join(_TRANSACTION_NUMBERS)}")
    return TreeTransaction(
        dbid=dbid,
        name=fields.text("name"),
        type=_TRANSACTION_NUMBERS[told],
        tenant=fields.number("tenantDBID"),
        enabled=_up_to_highest(fields, "state") != literals.state_number(enabled=False),
        annex=fields.nested("userProperties"),
    )


def _up_to_highest(fields: Written, name: str) -> int:
    number = fields.number(name)
    if number > _HIGHEST[name]:
        raise WrittenError(f"{name} is none of 0 to {_HIGHEST[name]}")
    return number
