# SPDX-License-Identifier: Apache-2.0
"""Objects as GAX gives them: all names lower case, all values strings, enumerations as their literals.

Source: the clients sapk/go-genesys and its container's start script; Genesys documents none of it.
"""

from __future__ import annotations

from typing import Any

from orsgate.sandbox.twins import literals
from orsgate.sandbox.twins.left_over import with_left_over
from orsgate.sandbox.twins.objects import Kind, Properties, TreeApplication, TreeHost, TreeObject, TreeTenant, TreeTransaction

OBJECT_TYPES: dict[str, Kind] = {
    "CfgApplication": "application",
    "CfgHost": "host",
    "CfgTenant": "tenant",
    "CfgTransaction": "transaction",
}
"""The object types that a twin serves, and the kind of each in the tree."""

_TYPES = {
    TreeApplication: "CfgApplication",
    TreeHost: "CfgHost",
    TreeTenant: "CfgTenant",
    TreeTransaction: "CfgTransaction",
}
_LONG_FIELDS = {f"longfield{number}": "0" for number in range(1, 5)}


def gax_object(one: TreeObject) -> dict[str, Any]:
    """One object, whole."""
    match one:
        case TreeApplication():
            return with_left_over(gax_application(one), one)
        case TreeTransaction():
            return with_left_over(gax_transaction(one), one)
        case TreeHost():
            return gax_host(one)
        case TreeTenant():
            return gax_tenant(one)


def gax_brief(one: TreeObject) -> dict[str, Any]:
    """What GAX gives of an object with ``brief=true``."""
    return {"dbid": str(one.dbid), "name": one.name, "type": _TYPES[type(one)]}


def gax_application(one: TreeApplication) -> dict[str, Any]:
    """A CfgApplication."""
    shape: dict[str, Any] = {
        "dbid": str(one.dbid),
        "name": one.name,
        "type": "CfgApplication",
        "subtype": literals.type_numbered(one.type).literal,
        "hostdbid": str(one.host),
        "backupserverdbid": str(one.backup),
        "isprimary": literals.flag(is_set=one.primary),
        "isserver": literals.flag(is_set=True),
        "redundancytype": literals.REDUNDANCY_LITERALS[one.redundancy],
        "state": literals.state(enabled=one.enabled),
        "appservers": {"conninfo": [_connection(dbid) for dbid in one.connections]},
        "portinfos": {"portinfo": [{"id": name, "port": str(port), **_LONG_FIELDS} for name, port in one.ports]},
        "options": {"property": _properties(one.options)},
        "userproperties": {"property": _properties(one.annex)},
        "tenantdbids": {"id": [{"dbid": str(dbid)} for dbid in one.tenants]},
        "resources": {"resource": []},
        "commandline": "./start",
        "commandlinearguments": one.arguments,
        "workdirectory": f"/opt/genesys/{one.name}",
        "appprototypedbid": "0",
        "componenttype": "CFGAppComponentUnknown",
        "startuptype": "CFGSUTAutomatic",
        "startuptimeout": "90",
        "shutdowntimeout": "90",
        "autorestart": literals.flag(is_set=False),
        "attempts": "1",
        "timeout": "10",
        "folderid": "102",
    }
    if one.version is not None:
        shape["version"] = one.version
    if one.default_port is not None:
        shape["port"] = str(one.default_port)
    return shape


def gax_host(one: TreeHost) -> dict[str, Any]:
    """A CfgHost."""
    return {
        "dbid": str(one.dbid),
        "name": one.name,
        "type": "CfgHost",
        "subtype": "CFGNetworkServer",
        "ipaddress": "",
        "ostype": "CFGRedHatLinux",
        "lcaport": "4999",
        "scsdbid": "0",
        "state": literals.state(enabled=True),
        "folderid": "103",
    }


def gax_tenant(one: TreeTenant) -> dict[str, Any]:
    """A CfgTenant."""
    return {"dbid": str(one.dbid), "name": one.name, "type": "CfgTenant", "state": literals.state(enabled=True)}


def gax_transaction(one: TreeTransaction) -> dict[str, Any]:
    """A CfgTransaction."""
    return {
        "dbid": str(one.dbid),
        "name": one.name,
        "type": "CfgTransaction",
        "subtype": literals.TRANSACTION_LITERALS[one.type],
        "alias": one.name,
        "recordperiod": "0",
        "tenantdbid": str(one.tenant),
        "state": literals.state(enabled=one.enabled),
        "userproperties": {"property": _properties(one.annex)},
        "folderid": "104",
    }


def _connection(dbid: int) -> dict[str, str]:
    return {
        "appserverdbid": str(dbid),
        "id": "default",
        "mode": "CFGTMNoTraceMode",
        "timoutlocal": "0",
        "timoutremote": "0",
        **_LONG_FIELDS,
    }


def _properties(properties: Properties) -> list[dict[str, str]]:
    """One entry for each option; a section without any cannot be told here."""
    return [{"section": section, "key": name, "value": value} for section, options in properties for name, value in options]
