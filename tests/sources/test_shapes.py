# SPDX-License-Identifier: Apache-2.0
"""Objects are read in every shape that a source is known to give, and what is in none of them is a failure to know."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.secret import Redactor, Revealer, Secret
from orsgate.sources import literals, reading
from orsgate.sources.fields import Fields, ShapeError, as_number
from orsgate.sources.key_values import KeyValues, as_export, key_values
from orsgate.sources.literals import FLAG, REDUNDANCY, STATE, application_type, meaning, transaction_type
from orsgate.sources.objects import Named, RawApplication
from orsgate.sources.resolving import Names


def application(**fields: Any) -> RawApplication:
    return reading.application(Fields({"name": "A", "type": "161", **fields}), "A", "gax:1 CfgApplication A")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("CFGHTWarmStanby", "warm standby"), ("cfghtwarmstanby", "warm standby"), ("htwarmstanby", "warm standby"),
        ("2", "warm standby"), (2, "warm standby"), (" 2 ", "warm standby"), ("CFGHTNoHAType", "none"), (0, "none"),
        ("CFGHTHotStanby", "hot standby"), ("CFGHTColdStanby", "cold standby"),
    ],
)  # fmt: skip
def test_redundancy_by_name_and_number(value, expected):
    assert application(redundancyType=value).redundancy == expected


@pytest.mark.parametrize(
    "value", ["CFGHTWarmStandby", "warm standby", "4", "", None, [], {"a": 1}, 2.5, True, "CFGHTNotSpecified"]
)
@pytest.mark.parametrize("field", ["redundancytype", "state", "isprimary"])
def test_an_unknown_value_is_a_failure_to_know(field, value):
    if value is True and field == "isprimary":
        return
    found = application(**{field: value})
    fact = {"redundancytype": found.redundancy, "state": found.state, "isprimary": found.primary}[field]
    assert isinstance(fact, Unknown)


@pytest.mark.parametrize(("value", "expected"), [("CFGTrue", True), (2, True), (True, True), ("1", False), ("CFGFalse", False)])
def test_flags(value, expected):
    assert application(isPrimary=value).primary is expected


def test_no_flag_says_neither():
    assert isinstance(application(isPrimary="CFGNoFlag").primary, Unknown)
    assert isinstance(application(isPrimary=0).primary, Unknown)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("CFGOrchestrationServer", "Orchestration Server"), (161, "Orchestration Server"), ("161", "Orchestration Server"),
        ("orchestrationserver", "Orchestration Server"), ("CFGTServer", "T-Server"), ("15", "Universal Routing Server"),
        ("CFGInteractionServer", "Interaction Server"), ("CFGFancyServer", "CFGFancyServer"), ("999", "application type 999"),
        (None, None), ("", None), ([], None), (True, None),
    ],
)  # fmt: skip
def test_application_types(value, expected):
    assert application_type(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [("CFGTRTList", "list"), ("list", "list"), (21, "list"), ("21", "list"), ("22", "macro"), ("x", "x")]
)
def test_transaction_types(value, expected):
    assert transaction_type(value, "it", "here") == expected


def test_a_transaction_type_that_is_not_known():
    assert isinstance(transaction_type("99", "it", "here"), Unknown)
    assert isinstance(transaction_type(None, "it", "here"), Unknown)


CONNECTED = (101, 102)


@pytest.mark.parametrize(
    "value",
    [
        {"conninfo": [{"appserverdbid": "101"}, {"appserverdbid": "102"}]},
        [{"appServerDBID": "101"}, {"appServerDBID": 102}],
        {"CfgConnectionInfo": [{"appServerDBID": 101}, {"appServerDBID": 102}]},
        {"CfgConnInfo": [{"appServerDBID": 101, "id": "x"}, {"appServerDBID": 102}, {"appServerDBID": "0"}]},
        ["101", 102],
    ],
)
def test_connections(value):
    assert application(appServerDBIDs=value).connections == CONNECTED
    assert application(appservers=value).connections == CONNECTED


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"CfgConnectionInfo": {"appServerDBID": 101}}, (101,)), ({"conninfo": []}, ()), ({}, ()), ([], ()), ("", ()), (None, ()),
        ([{"appServer": "SIP"}], ("SIP",)), ([{"appServer": {"name": "SIP"}}], ("SIP",)),
    ],
)  # fmt: skip
def test_few_connections(value, expected):
    assert application(appServers=value).connections == expected


@pytest.mark.parametrize("value", [{"other": [1]}, "abc", [{"id": "x"}], [None], [-1], [{"appserverdbid": "9" * 20}], 1.5, [[1]]])
def test_connections_that_are_not_understood(value):
    found = application(appservers=value).connections
    assert isinstance(found, Unknown)
    assert found.failure is Failure.UNREADABLE


@pytest.mark.parametrize(
    "value",
    ["1", 1, ["1"], [1], {"id": [{"dbid": "1"}]}, {"id": ["1"], "mode": "x"}, {"DBID": 1}, {"DBID": [1]}, [{"DBID": "1"}]],
)
def test_tenants(value):
    assert application(tenantDBIDs=value).tenants == (1,)


def test_tenants_by_name():
    assert application(tenants=["Environment", "1"]).tenants == ("Environment", "1")


@pytest.mark.parametrize(
    "value",
    [
        {"portinfo": [{"id": "default", "port": "7000"}, {"id": "http", "port": "7010"}]},
        [{"id": "default", "port": 7000}, {"id": "http", "port": "7010"}, {"id": "idle", "port": "0"}],
        {"CfgPortInfo": [{"id": "http", "port": 7010}, {"id": "default", "port": 7000}]},
    ],
)
def test_ports(value):
    assert application(portInfos=value).ports == {"default": 7000, "http": 7010}


def test_the_default_port_stands_in_the_server_too():
    assert application(serverInfo={"port": "7000", "hostDBID": "5"}).ports == {"default": 7000}
    assert application(port="7000", portinfos={"portinfo": [{"id": "http", "port": "1"}]}).ports == {"default": 7000, "http": 1}


@pytest.mark.parametrize(
    ("fields", "host", "backup"),
    [
        ({"hostdbid": "5", "backupserverdbid": "0"}, 5, None),
        ({"serverInfo": {"hostDBID": "5", "backupServerDBID": "7"}}, 5, 7),
        ({"serverInfo": {"CfgServerInfo": {"hostDBID": 5, "backupServerDBID": 7}}}, 5, 7),
        ({"serverInfo": {"host": "h", "backupServer": "B"}}, "h", "B"),
        ({"serverInfo": {}}, None, None),
        ({}, None, None),
    ],
)
def test_host_and_backup(fields, host, backup):
    found = application(**fields)
    assert (found.host, found.backup) == (host, backup)


def test_a_server_that_is_not_understood():
    values: list[Any] = [[{}, {}], ["x"], "x"]
    for value in values:
        with pytest.raises(ShapeError):
            application(serverInfo=value)


WANTED = (("log", "all", "stdout", "string"), ("log", "verbose", "true", "string"))


@pytest.mark.parametrize(
    "value",
    [
        {
            "property": [
                {"section": "log", "key": "all", "value": "stdout"},
                {"section": "log", "key": "verbose", "value": "true"},
            ]
        },
        {"log": {"all": "stdout", "verbose": "true"}},
        {"list_pair": {"key": "log", "str_pair": [{"key": "all", "value": "stdout"}, {"key": "verbose", "value": True}]}},
        {"list_pair": [{"key": "log", "str_pair": [{"key": "all", "value": "stdout"}, {"key": "verbose", "value": True}]}]},
    ],
)
def test_options(value):
    assert key_values(value, "options").pairs == WANTED


@pytest.mark.parametrize("value", [None, "", [], {}, {"property": []}])
def test_no_options(value):
    assert key_values(value, "options").pairs == ()


@pytest.mark.parametrize(
    "value", [1, "abc", [1], {"property": [{"key": "x"}]}, {"list_pair": [{"str_pair": []}]}, [{"section": 1, "key": "a"}]]
)
def test_options_that_are_not_understood(value):
    with pytest.raises(ShapeError):
        key_values(value, "options")


def test_types_of_options():
    found = key_values({"a": {"n": 5, "s": "5", "l": {"x": "y"}, "none": None}}, "options")
    assert found.pairs == (
        ("a", "n", "5", "integer"),
        ("a", "s", "5", "string"),
        ("a", "l", "", "list"),
        ("a", "none", "", "string"),
    )


def test_decimal_numbers_of_the_raw_format_are_named():
    found = key_values({"list_pair": {"key": "a", "str_pair": {"key": "n", "value": 1.1}}}, "options")
    assert found.inexact == ("a/n",)


def test_what_stands_beside_the_sections_makes_options_incomplete():
    export = as_export(key_values({"a": {"b": "c"}, "lonely": "x"}, "options"), "here", Redactor())
    assert export.incomplete is not None


def test_disabled_options_keep_their_values_and_secrets_do_not():
    value = {"#old": {"a": "b"}, "log": {"#all": "x", "password": "hunter2", "url": "http://u:hunter2@h/", "#": "odd"}}
    export = as_export(key_values(value, "options"), "here", Redactor())
    old, log = export.sections
    assert (old.name, old.enabled, old.options[0].enabled) == ("old", False, False)
    assert [(option.name, option.enabled) for option in log.options] == [
        ("all", False), ("password", True), ("url", True), ("#", True),
    ]  # fmt: skip
    assert isinstance(log.options[1].value, Secret)
    assert isinstance(log.options[2].value, Secret)
    assert "hunter2" not in repr(export)
    revealed = as_export(key_values(value, "options"), "here", Revealer())
    assert revealed.sections[1].options[1].value == "hunter2"


_KEYS = st.sampled_from(["id", "dbid", "port", "key", "section", "x"])
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=3),
    max_leaves=6,
)
_FIELDS = [
    "DBID", "type", "subtype", "state", "isPrimary", "serverInfo", "appServerDBIDs", "tenantDBIDs", "portInfos", "options",
    "userProperties", "redundancyType", "version", "commandLineArguments", "appPrototype", "hostdbid",
]  # fmt: skip


@pytest.mark.slow
@given(st.dictionaries(st.sampled_from(_FIELDS), _JSON))
def test_any_object_is_read_or_named(fields):
    understood = reading.Understood("gax:1", "CfgApplication")
    found = understood.all([{"name": "A", **fields}], reading.application)
    assert bool(found) != bool(understood.troubles)
    understood = reading.Understood("gax:1", "CfgTransaction")
    transactions = understood.all([{"name": "T", **fields}], reading.transaction)
    assert bool(transactions) != bool(understood.troubles)


@pytest.mark.slow
@given(st.lists(_JSON, max_size=40))
def test_what_is_no_object_is_named_and_bounded(values):
    understood = reading.Understood("gax:1", "CfgHost")
    found = understood.all(values, reading.named)
    assert len(understood.troubles) <= reading.MOST_TROUBLES
    assert bool(understood.troubles) == (len(found) < len(values))


@pytest.mark.parametrize("value", ["", " ", "x", "1.5", "-1", "1e3", "9" * 20, "٣", None, True, 1.0, [], {}])
def test_no_number(value):
    with pytest.raises(ShapeError):
        as_number(value, "dbid")


def test_references():
    names = Names("host", (Named("h", 5),))
    assert names.one(5, "the host", "here") == "h"
    assert names.one("h", "the host", "here") == "h"
    gone = names.one(6, "the host", "here")
    assert isinstance(gone, Unknown)
    assert gone.cause == "the host with DBID 6 is not visible to this account, or deleted"
    assert names.one("x", "the host", "here") == "x"
    assert list(names.missing) == ["x"]
    none = names.one(None, "the host", "here")
    assert isinstance(none, Unknown)
    assert none.failure is Failure.NOT_GIVEN
    assert names.called(5) == "h"
    assert names.called(6) == "(DBID 6)"


def test_references_where_nothing_could_be_read():
    unread = Unknown("it broke")
    names = Names("host", unread)
    assert names.one(5, "the host", "here") is unread
    assert names.several((5,), "here") is unread
    assert Names("host", None).one("h", "the host", "here") == "h"


def test_enumerations_are_those_that_the_sources_give():
    assert set(REDUNDANCY.values()) == {"none", "cold standby", "warm standby", "hot standby"}
    assert set(FLAG.values()) == {True, False}
    assert set(STATE.values()) == {"enabled", "disabled", "deleted"}
    assert meaning("CFGEnabled", STATE, "it", "here") == "enabled"
    assert literals.literal(object()) is None
    assert KeyValues().pairs == ()
