# SPDX-License-Identifier: Apache-2.0
"""Objects as the Platform Configuration API of GWS gives them: PSDK names, numbers as strings, options as nested objects.

Source: https://enu.docs.genesys.com/Documentation/GWS/latest/API/PlatformConfigAPI, whose example is an agent login; the
fields of the objects here are those of the PSDK.
"""

from __future__ import annotations

from typing import Any

from orsgate.sandbox.twins import literals
from orsgate.sandbox.twins.left_over import with_left_over
from orsgate.sandbox.twins.objects import Kind, Properties, TreeApplication, TreeHost, TreeObject, TreeTenant, TreeTransaction

COLLECTIONS: dict[str, Kind] = {
    "applications": "application",
    "hosts": "host",
    "tenants": "tenant",
    "transactions": "transaction",
}
"""The collections that a twin serves, and the kind of each in the tree."""

_LONG_FIELDS = {f"longField{number}": "0" for number in range(1, 5)}


def gws_object(one: TreeObject) -> dict[str, Any]:
    """One object, whole."""
    match one:
        case TreeApplication():
            return with_left_over(gws_application(one), one)
        case TreeTransaction():
            return with_left_over(gws_transaction(one), one)
        case TreeHost():
            return gws_host(one)
        case TreeTenant():
            return gws_tenant(one)


def gws_application(one: TreeApplication) -> dict[str, Any]:
    """An Application."""
    shape: dict[str, Any] = {
        "DBID": str(one.dbid),
        "name": one.name,
        "type": literals.type_numbered(one.type).value,
        "state": str(literals.state_number(enabled=one.enabled)),
        "isPrimary": str(literals.flag_number(is_set=one.primary)),
        "isServer": str(literals.flag_number(is_set=True)),
        "redundancyType": str(one.redundancy),
        "serverInfo": _server_info(one),
        "appServerDBIDs": [_connection(dbid) for dbid in one.connections],
        "tenantDBIDs": [str(dbid) for dbid in one.tenants],
        "portInfos": [{"id": name, "port": str(port), "connProtocol": "", **_LONG_FIELDS} for name, port in one.ports],
        "options": nested(one.options),
        "userProperties": nested(one.annex),
        "appPrototypeDBID": "0",
        "commandLine": "./start",
        "commandLineArguments": one.arguments,
        "workDirectory": f"/opt/genesys/{one.name}",
        "autoRestart": str(literals.flag_number(is_set=False)),
        "startupTimeout": "90",
        "shutdownTimeout": "90",
        "componentType": "0",
    }
    if one.version is not None:
        shape["version"] = one.version
    return shape


def gws_host(one: TreeHost) -> dict[str, Any]:
    """A Host."""
    return {
        "DBID": str(one.dbid),
        "name": one.name,
        "IPaddress": "",
        "LCAPort": "4999",
        "state": str(literals.state_number(enabled=True)),
        "userProperties": {},
    }


def gws_tenant(one: TreeTenant) -> dict[str, Any]:
    """A Tenant."""
    return {"DBID": str(one.dbid), "name": one.name, "state": str(literals.state_number(enabled=True)), "userProperties": {}}


def gws_transaction(one: TreeTransaction) -> dict[str, Any]:
    """A Transaction; its type is given as the literal, since no source tells how GWS writes it."""
    return {
        "DBID": str(one.dbid),
        "name": one.name,
        "type": literals.TRANSACTION_LITERALS[one.type],
        "alias": one.name,
        "recordPeriod": "0",
        "tenantDBID": str(one.tenant),
        "state": str(literals.state_number(enabled=one.enabled)),
        "userProperties": nested(one.annex),
    }


def nested(properties: Properties) -> dict[str, dict[str, str]]:
    """Section -> name -> value; a section without an option is an empty object."""
    return {section: dict(options) for section, options in properties}


def _server_info(one: TreeApplication) -> dict[str, str]:
    port = {} if one.default_port is None else {"port": str(one.default_port)}
    return {"hostDBID": str(one.host), **port, "backupServerDBID": str(one.backup), "timeout": "10", "attempts": "1"}


def _connection(dbid: int) -> dict[str, str]:
    return {
        "appServerDBID": str(dbid),
        "id": "default",
        "connProtocol": "",
        "mode": "0",
        "timoutLocal": "0",
        "timoutRemote": "0",
        "transportParams": "",
        "appParams": "",
        **_LONG_FIELDS,
    }
