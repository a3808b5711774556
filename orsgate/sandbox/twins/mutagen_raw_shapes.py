# SPDX-License-Identifier: Apache-2.0
"""A tree as the RAW export of nuecho/mutagen holds it: the XML of the PSDK, turned into JSON.

That conversion (org.json 20180130) knows no lists of one: a single entry is an object. Text that looks like a number, a
boolean or ``null`` becomes one, whatever it stands for; so ``8.1`` is a number there and ``8.1.200.50`` is text.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any, TypeVar

from orsgate.sandbox.twins import literals
from orsgate.sandbox.twins.mutagen_shapes import metadata
from orsgate.sandbox.twins.objects import Properties, Tree, TreeApplication, TreeTransaction

_INTEGER = re.compile(r"0|-?[1-9][0-9]*")
_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]+)?")
_LONGS = range(-(2**63), 2**63)
_WORDS = {"true": True, "false": False, "null": None}

T = TypeVar("T")


def mutagen_raw(tree: Tree) -> dict[str, Any]:
    """The export of a tree in the format RAW."""
    return {
        "__metadata__": metadata(tree, "RAW"),
        "CFGApplication": [_application(one) for one in sorted(tree.applications, key=lambda one: one.dbid)],
        "CFGHost": [
            {"DBID": one.dbid, "name": converted(one.name), "state": 1, "type": 1, "LCAPort": 4999} for one in tree.hosts
        ],
        "CFGTenant": [{"DBID": one.dbid, "name": converted(one.name), "state": 1} for one in tree.tenants],
        "CFGTransaction": [_transaction(one) for one in tree.transactions],
    }


def converted(text: str) -> str | float | bool | None:
    """What the conversion from XML makes of the text of an attribute."""
    if text.casefold() in _WORDS:
        return _WORDS[text.casefold()]
    if _INTEGER.fullmatch(text):
        return int(text) if int(text) in _LONGS else text
    if ("." in text or "e" in text.casefold()) and _DECIMAL.fullmatch(text) and math.isfinite(number := float(text)):
        return int(number) if number.is_integer() and abs(number) < 2**53 else number
    return text


def _application(one: TreeApplication) -> dict[str, Any]:
    server = {"hostDBID": one.host, "backupServerDBID": one.backup, "timeout": 10, "attempts": 1}
    if one.default_port is not None:
        server["port"] = one.default_port
    return {
        "DBID": one.dbid,
        "name": converted(one.name),
        "type": converted(literals.type_numbered(one.type).value),
        **({} if one.version is None else {"version": converted(one.version)}),
        "state": literals.state_number(enabled=one.enabled),
        "isServer": literals.flag_number(is_set=True),
        "isPrimary": literals.flag_number(is_set=one.primary),
        "redundancyType": one.redundancy,
        "serverInfo": server,
        "commandLineArguments": converted(one.arguments),
        **_listed("appServerDBIDs", "CfgConnectionInfo", [{"appServerDBID": dbid, "id": "default"} for dbid in one.connections]),
        **_listed("tenantDBIDs", "DBID", one.tenants),
        **_listed("portInfos", "CfgPortInfo", [{"id": converted(name), "port": port} for name, port in one.ports]),
        **_properties("options", one.options),
        **_properties("userProperties", one.annex),
    }


def _transaction(one: TreeTransaction) -> dict[str, Any]:
    return {
        "DBID": one.dbid,
        "name": converted(one.name),
        "alias": converted(one.name),
        "type": one.type,
        "tenantDBID": one.tenant,
        "state": literals.state_number(enabled=one.enabled),
        "recordPeriod": 0,
        **_properties("userProperties", one.annex),
    }


def _properties(name: str, properties: Properties) -> dict[str, Any]:
    sections = [{"key": converted(section), **_pairs(options)} for section, options in properties]
    return _listed(name, "list_pair", sections)


def _pairs(options: Sequence[tuple[str, str]]) -> dict[str, Any]:
    pairs = [{"key": converted(name), "value": converted(value)} for name, value in options]
    return {"str_pair": _alone_or_list(pairs)} if pairs else {}


def _listed(name: str, entry: str, entries: Sequence[Any]) -> dict[str, Any]:
    """An element with one element for each entry; nothing where there is none."""
    return {name: {entry: _alone_or_list(entries)}} if entries else {}


def _alone_or_list(entries: Sequence[T]) -> T | list[T]:
    return entries[0] if len(entries) == 1 else list(entries)
