# SPDX-License-Identifier: Apache-2.0
"""Objects that a client wrote to the GAX twin: the whole object counts, and what was not sent is lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orsgate.sandbox.twins import literals
from orsgate.sandbox.twins.gax_shapes import gax_application, gax_transaction
from orsgate.sandbox.twins.left_over import keeping_left_over
from orsgate.sandbox.twins.objects import TreeApplication, TreeTransaction
from orsgate.sandbox.twins.written import Written, WrittenError

_APPLICATION_LITERALS = tuple(kind.literal for kind in literals.APPLICATION_TYPES)
_GENERIC = literals.APPLICATION_TYPES.index(literals.GENERIC)
_FLAGS = (literals.flag(is_set=False), literals.flag(is_set=True))
_STATES = (literals.state(enabled=False), literals.state(enabled=True))
_TRANSACTION_NUMBERS = {literal: number for number, literal in literals.TRANSACTION_LITERALS.items()}
_PARSED = ("options", "userproperties")


def gax_written(kind: str, dbid: int, written: Mapping[str, Any]) -> TreeApplication | TreeTransaction:
    """The object that was written.

    Args:
        kind: ``CfgApplication`` or ``CfgTransaction``.
        dbid: under which it is stored.
        written: the whole of it.

    Raises:
        WrittenError: it is none.
    """
    fields = Written(written)
    if fields.text("type", kind) != kind:
        raise WrittenError(f"it is no {kind}")
    if fields.text("dbid", str(dbid)) not in {str(dbid), "", "0"}:
        raise WrittenError("its dbid is another than that of the address")
    if not fields.text("name"):
        raise WrittenError("it has no name")
    written = {**written, "dbid": str(dbid)}
    if kind == "CfgApplication":
        application = _application(dbid, fields)
        return keeping_left_over(application, written, gax_application(application), _PARSED)
    transaction = _transaction(dbid, fields)
    return keeping_left_over(transaction, written, gax_transaction(transaction), _PARSED)


def _application(dbid: int, fields: Written) -> TreeApplication:
    subtype = fields.one_of("subtype", _APPLICATION_LITERALS, _GENERIC)
    return TreeApplication(
        dbid=dbid,
        name=fields.text("name"),
        type=literals.APPLICATION_TYPES[subtype].number,
        version=fields.text("version") or None,
        host=fields.number("hostdbid"),
        backup=fields.number("backupserverdbid"),
        connections=tuple(Written(each).number("appserverdbid") for each in fields.objects("appservers", "conninfo")),
        tenants=tuple(Written(each).number("dbid") for each in fields.objects("tenantdbids", "id")),
        ports=tuple((Written(each).text("id"), Written(each).number("port")) for each in fields.objects("portinfos", "portinfo")),
        redundancy=fields.one_of("redundancytype", literals.REDUNDANCY_LITERALS, 0),
        primary=bool(fields.one_of("isprimary", _FLAGS, 0)),
        enabled=bool(fields.one_of("state", _STATES, 1)),
        arguments=fields.text("commandlinearguments"),
        options=fields.properties("options"),
        annex=fields.properties("userproperties"),
    )


def _transaction(dbid: int, fields: Written) -> TreeTransaction:
    subtype = fields.text("subtype", literals.TRANSACTION_LITERALS[0])
    if subtype not in _TRANSACTION_NUMBERS:
        raise WrittenError(f"subtype is none of {', '.join(_TRANSACTION_NUMBERS)}")
    return TreeTransaction(
        dbid=dbid,
        name=fields.text("name"),
        type=_TRANSACTION_NUMBERS[subtype],
        tenant=fields.number("tenantdbid"),
        enabled=bool(fields.one_of("state", _STATES, 1)),
        annex=fields.properties("userproperties"),
    )
