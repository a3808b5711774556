# SPDX-License-Identifier: Apache-2.0
"""A tree as the JSON export of nuecho/mutagen holds it: objects refer to each other by name, enumerations are short literals.

An Application has neither type nor version there: both stand in its template, to which it refers.
"""

from __future__ import annotations

from typing import Any

from orsgate.sandbox.twins import literals
from orsgate.sandbox.twins.gws_shapes import nested
from orsgate.sandbox.twins.objects import Kind, Tree, TreeApplication, TreeTransaction

EXPORTED_AT = "2026-01-30T20:00:00"


def mutagen_json(tree: Tree) -> dict[str, Any]:
    """The export of a tree in the format JSON; a reference to what the tree does not hold has a made-up name."""
    names = _Names(tree)
    templates = {(one.type, one.version): _template(one) for one in tree.applications}
    return {
        "__metadata__": metadata(tree, "JSON"),
        "applications": [_application(one, names) for one in tree.applications],
        "appPrototypes": list(templates.values()),
        "hosts": [{"name": one.name, "lcaPort": "4999", "state": "enabled", "type": "networkserver"} for one in tree.hosts],
        "tenants": [{"name": one.name, "state": "enabled"} for one in tree.tenants],
        "transactions": [_transaction(one, names) for one in tree.transactions],
    }


def metadata(tree: Tree, format_name: str) -> dict[str, str]:
    """What mutagen writes about an export: the format, when and by whom it was made, and from which host."""
    return {
        "date": EXPORTED_AT,
        "formatName": format_name,
        "formatVersion": "1.1.1",
        "host": tree.server.rpartition(":")[0],
        "mutagenVersion": "2.2.2",
        "user": "orsgate twin (a stand-in, not mutagen)",
    }


class _Names:
    """The names of a tree's objects by DBID."""

    def __init__(self, tree: Tree) -> None:
        self._names = {(kind, one.dbid): one.name for kind in _REFERRED for one in tree.objects(kind)}

    def of(self, kind: Kind, dbid: int) -> str:
        return self._names.get((kind, dbid), f"{kind} {dbid} (no such object)")


_REFERRED: tuple[Kind, ...] = ("application", "host", "tenant")


def _short(literal: str) -> str:
    return literal.removeprefix("CFG").removeprefix("TRT").casefold()


def _template_name(one: TreeApplication) -> str:
    kind = literals.type_numbered(one.type)
    return kind.names[0] if one.version is None else f"{kind.names[0]} {one.version}"


def _template(one: TreeApplication) -> dict[str, Any]:
    version = {} if one.version is None else {"version": one.version}
    kind = _short(literals.type_numbered(one.type).literal)
    return {"name": _template_name(one), "type": kind, **version, "state": "enabled", "options": {}}


def _application(one: TreeApplication, names: _Names) -> dict[str, Any]:
    server: dict[str, Any] = {"attempts": 1, "timeout": 10}
    if one.host:
        server["host"] = names.of("host", one.host)
    if one.backup:
        server["backupServer"] = names.of("application", one.backup)
    return {
        "name": one.name,
        "appPrototype": _template_name(one),
        "appServers": [
            {"appServer": names.of("application", dbid), "id": "default", "mode": "tmnone", "timeoutLocal": 0, "timeoutRemote": 0}
            for dbid in one.connections
        ],
        "autoRestart": False,
        "commandLine": "./start",
        "commandLineArguments": one.arguments,
        "componentType": "appcomponentunknown",
        "isPrimary": one.primary,
        "options": nested(one.options),
        "portInfos": [{"id": name, "port": str(port)} for name, port in one.ports],
        "redundancyType": _short(literals.REDUNDANCY_LITERALS[one.redundancy]),
        "serverInfo": server,
        "state": _short(literals.state(enabled=one.enabled)),
        "tenants": [names.of("tenant", dbid) for dbid in one.tenants],
        "userProperties": nested(one.annex),
        "workDirectory": f"/opt/genesys/{one.name}",
    }


def _transaction(one: TreeTransaction, names: _Names) -> dict[str, Any]:
    tenant = {"tenant": names.of("tenant", one.tenant)} if one.tenant else {}
    return {
        "name": one.name,
        "alias": one.name,
        "type": _short(literals.TRANSACTION_LITERALS[one.type]),
        **tenant,
        "recordPeriod": 0,
        "state": _short(literals.state(enabled=one.enabled)),
        "userProperties": nested(one.annex),
    }
