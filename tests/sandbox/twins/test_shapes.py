# SPDX-License-Identifier: Apache-2.0
"""Each source has its own shape of the same objects."""

from typing import Any

import pytest

from orsgate.sandbox.twins.gax_shapes import gax_application, gax_brief, gax_host, gax_object, gax_tenant, gax_transaction
from orsgate.sandbox.twins.gws_shapes import gws_application, gws_object, gws_transaction
from orsgate.sandbox.twins.literals import APPLICATION_TYPES, type_named
from orsgate.sandbox.twins.mutagen_raw_shapes import converted, mutagen_raw
from orsgate.sandbox.twins.mutagen_shapes import mutagen_json
from orsgate.sandbox.twins.objects import KINDS, Tree, TreeApplication
from tests.sandbox.twins.made import BACKUP, CLUSTER, PRIMARY, SIP, TREE

GAX_LONG = {f"longfield{number}": "0" for number in range(1, 5)}


def texts(value: Any) -> bool:
    """Whether every leaf is text."""
    if isinstance(value, dict):
        return all(texts(one) for one in value.values())
    return all(texts(one) for one in value) if isinstance(value, list) else isinstance(value, str)


@pytest.mark.parametrize("shape", [gax_object, gws_object])
def test_gax_and_gws_write_every_value_as_text(shape: Any) -> None:
    assert all(texts(shape(one)) for kind in KINDS for one in TREE.objects(kind))


def test_gax_names_are_lower_case() -> None:
    for kind in KINDS:
        for one in TREE.objects(kind):
            assert all(name == name.lower() for name in gax_object(one))


def test_an_application_as_gax_gives_it() -> None:
    shape = gax_application(PRIMARY)
    told = {
        "dbid": "101", "name": "ORS_1", "type": "CfgApplication", "subtype": "CFGOrchestrationServer", "version": "8.1.200.50",
        "hostdbid": "100", "port": "7200", "backupserverdbid": "102", "isprimary": "CFGTrue", "isserver": "CFGTrue",
        "redundancytype": "CFGHTWarmStanby", "state": "CFGEnabled", "commandlinearguments": "-app ORS_1",
    }  # fmt: skip
    assert {name: shape[name] for name in told} == told
    assert [one["appserverdbid"] for one in shape["appservers"]["conninfo"]] == ["103", "900001"]
    assert shape["portinfos"]["portinfo"][1] == {"id": "http", "port": "7210", **GAX_LONG}
    assert shape["tenantdbids"] == {"id": [{"dbid": "1"}, {"dbid": "101"}]}
    assert shape["options"]["property"] == [
        {"section": "orchestration", "key": "functions-by-urs", "value": "true"},
        {"section": "orchestration", "key": "#off", "value": "1"},
        {"section": "persistence", "key": "password", "value": "s3cret"},
    ]
    assert shape["userproperties"]["property"] == [{"section": "own", "key": "note", "value": "1.50"}]


def test_what_an_application_lacks_as_gax_gives_it() -> None:
    shape = gax_application(SIP)
    assert (shape["subtype"], shape["hostdbid"], shape["backupserverdbid"]) == ("CFGTServer", "0", "0")
    assert not {"version", "port"} & shape.keys()
    assert (gax_application(BACKUP)["isprimary"], gax_application(BACKUP)["state"]) == ("CFGFalse", "CFGDisabled")


def test_other_objects_as_gax_gives_them() -> None:
    assert (gax_host(TREE.hosts[0])["name"], gax_host(TREE.hosts[0])["type"]) == ("ors-1", "CfgHost")
    assert gax_tenant(TREE.tenants[0]) == {"dbid": "1", "name": "Environment", "type": "CfgTenant", "state": "CFGEnabled"}
    shape = gax_transaction(CLUSTER)
    assert (shape["subtype"], shape["tenantdbid"], shape["alias"]) == ("CFGTRTList", "1", "ORS_Cluster")
    assert shape["userproperties"]["property"][1] == {"section": "cluster", "key": "#ORS_9", "value": "DC2"}
    assert gax_brief(CLUSTER) == {"dbid": "101", "name": "ORS_Cluster", "type": "CfgTransaction"}


def test_an_application_as_gws_gives_it() -> None:
    shape = gws_application(PRIMARY)
    told = {"DBID": "101", "type": "161", "version": "8.1.200.50", "state": "1", "isPrimary": "2", "redundancyType": "2"}
    assert {name: shape[name] for name in told} == told
    assert shape["serverInfo"] == {
        "hostDBID": "100", "port": "7200", "backupServerDBID": "102", "timeout": "10", "attempts": "1",
    }  # fmt: skip
    assert [one["appServerDBID"] for one in shape["appServerDBIDs"]] == ["103", "900001"]
    assert shape["tenantDBIDs"] == ["1", "101"]
    assert [(one["id"], one["port"]) for one in shape["portInfos"]] == [("default", "7200"), ("http", "7210")]
    assert shape["options"]["orchestration"] == {"functions-by-urs": "true", "#off": "1"}
    assert shape["options"]["empty"] == {}
    assert shape["userProperties"] == {"own": {"note": "1.50"}}
    assert (gws_application(BACKUP)["isPrimary"], gws_application(BACKUP)["state"]) == ("1", "2")
    assert "port" not in gws_application(SIP)["serverInfo"]


def test_a_transaction_as_gws_gives_it() -> None:
    shape = gws_transaction(CLUSTER)
    assert (shape["type"], shape["tenantDBID"]) == ("CFGTRTList", "1")
    assert shape["userProperties"] == {"cluster": {"ORS_1": "DC1", "#ORS_9": "DC2"}}


def test_every_type_has_a_literal_and_a_name_of_its_own() -> None:
    assert len({kind.number for kind in APPLICATION_TYPES}) == len({kind.literal for kind in APPLICATION_TYPES})
    assert all(type_named(name) is kind for kind in APPLICATION_TYPES for name in kind.names)
    assert type_named("Nobody's Server").literal == "CFGGenericServer"
    administrator = TreeApplication(1, "GAX", type_named("Genesys Administrator Extension").number)
    assert gws_application(administrator)["type"] == "CFGGenesysAdministratorServer"  # no source tells its number


def test_an_export_of_mutagen_refers_by_name_and_has_types_in_templates() -> None:
    export = mutagen_json(TREE)
    assert export["__metadata__"]["formatName"] == "JSON"
    first = export["applications"][0]
    assert not {"type", "version"} & first.keys()
    assert first["serverInfo"] == {"attempts": 1, "timeout": 10, "host": "ors-1", "backupServer": "ORS_1_B"}
    assert [one["appServer"] for one in first["appServers"]] == ["SIP_1", "application 900001 (no such object)"]
    assert (first["tenants"], first["redundancyType"], first["isPrimary"]) == (["Environment", "Sales"], "htwarmstanby", True)
    assert first["portInfos"] == [{"id": "default", "port": "7200"}, {"id": "http", "port": "7210"}]
    assert first["options"]["persistence"] == {"password": "s3cret"}
    templates = {one["name"]: one for one in export["appPrototypes"]}
    assert len(templates) == len(export["appPrototypes"]) == 3
    assert {templates[one["appPrototype"]]["type"] for one in export["applications"]} == {"orchestrationserver", "tserver"}
    assert templates[first["appPrototype"]]["version"] == "8.1.200.50"
    (cluster,) = export["transactions"]
    assert (cluster["type"], cluster["tenant"], cluster["state"]) == ("list", "Environment", "enabled")
    assert [one["name"] for one in export["hosts"]] == ["ors-1"]


def test_a_raw_export_of_mutagen_is_converted_xml() -> None:
    export = mutagen_raw(TREE)
    first, backup, _ = export["CFGApplication"]
    assert (first["DBID"], first["type"], first["state"], first["isPrimary"], first["redundancyType"]) == (101, 161, 1, 2, 2)
    assert first["serverInfo"]["backupServerDBID"] == 102
    assert [one["appServerDBID"] for one in first["appServerDBIDs"]["CfgConnectionInfo"]] == [103, 900001]
    assert first["tenantDBIDs"] == {"DBID": [1, 101]}
    orchestration, persistence, empty = first["options"]["list_pair"]
    assert orchestration["str_pair"] == [{"key": "functions-by-urs", "value": True}, {"key": "#off", "value": 1}]
    assert persistence["str_pair"] == {"key": "password", "value": "s3cret"}
    assert empty == {"key": "empty"}
    assert first["userProperties"] == {"list_pair": {"key": "own", "str_pair": {"key": "note", "value": 1.5}}}
    assert not {"options", "tenantDBIDs", "appServerDBIDs", "portInfos"} & backup.keys()
    assert (first["version"], backup["version"]) == ("8.1.200.50", 8.1)
    assert export["CFGTransaction"][0]["type"] == 21


def test_one_entry_is_no_list_in_a_raw_export() -> None:
    one = TreeApplication(100, "ORS", 161, tenants=(1,), connections=(7,), ports=(("default", 1),))
    (shape,) = mutagen_raw(Tree((one,)))["CFGApplication"]
    assert shape["tenantDBIDs"] == {"DBID": 1}
    assert shape["appServerDBIDs"] == {"CfgConnectionInfo": {"appServerDBID": 7, "id": "default"}}
    assert shape["portInfos"] == {"CfgPortInfo": {"id": "default", "port": 1}}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0), ("-5", -5), ("007", "007"), ("+5", "+5"), ("-0", "-0"), ("", ""), (" 1", " 1"), ("1_0", "1_0"),
        ("\u0661", "\u0661"),
        ("9223372036854775808", "9223372036854775808"), ("TRUE", True), ("False", False), ("null", None), ("1.50", 1.5),
        ("10.0", 10), ("1e3", 1000), ("1e999", "1e999"), ("8.1.2", "8.1.2"), ("inf", "inf"),
    ],
)  # fmt: skip
def test_text_that_looks_like_something_else_becomes_it_in_a_raw_export(text: str, value: object) -> None:
    assert converted(text) == value
    assert type(converted(text)) is type(value)
