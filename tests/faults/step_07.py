# SPDX-License-Identifier: Apache-2.0
"""Step 7: Cassandra options, alone and against the ring."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.ring import Keyspace, Node, Place, Ring
from orsgate.home import harness_directory
from tests import make
from tests.faults.workshop import (
    ADDRESSES,
    PLACES,
    Change,
    Workshop,
    every_node,
    expect,
    fault,
    harmless,
    keyspace,
    keyspaces,
    node,
    replaced,
    written,
)

_ALL = "exports/*.cfg"
_PAIR = "exports/ORS_A1*.cfg"
_BACKUP = "exports/ORS_A1_B.cfg"
_NAME = "cassandra-keyspace-name=Orchestration\n"
_SCHEMA = "cassandra-schema-version=ORS8140000\n"
_CLASS = "cassandra-strategy-class=NetworkTopologyStrategy\n"
_OPTIONS = "cassandra-strategy-options=DC1:2;DC2:2\n"
_NETWORK = "org.apache.cassandra.locator.NetworkTopologyStrategy"
_SIMPLE = "org.apache.cassandra.locator.SimpleStrategy"
_LOCAL_NODES = {"A": "127.0.1.1;127.0.1.3", "B": "127.0.1.2;127.0.1.4"}
_SAVED_RING = (harness_directory() / "fixtures" / "estates" / "no-keyspace" / "ring.txt").read_bytes()
_SILENT = Unknown("it did not answer in time", "127.0.1.4:9160", Failure.TIMEOUT)
_NOT_NAMED = "ORS-0708 ORS-0712"
"""What cannot be judged without the name of the keyspace."""
_NO_STRATEGY = "ORS-0707 ORS-0708 ORS-0709"
"""What cannot be judged without strategy options that are valid."""
_NO_CLASS = f"ORS-0704 ORS-0706 {_NO_STRATEGY}"
"""What cannot be judged without a strategy class that is valid."""


def _name(name: str, where: str = _ALL) -> Change:
    return replaced(where, _NAME, f"cassandra-keyspace-name={name}\n")


def _class(name: str, where: str = _ALL) -> Change:
    return replaced(where, _CLASS, f"cassandra-strategy-class={name}\n")


def _options(text: str, where: str = _ALL) -> Change:
    return replaced(where, _OPTIONS, f"cassandra-strategy-options={text}\n")


def _without(line: str, where: str = _ALL) -> Change:
    return replaced(where, line, "")


def _disabled(line: str, where: str = _ALL) -> Change:
    return replaced(where, line, f"#{line}")


def _simple(factor: int | str = 2, where: str = _ALL) -> tuple[Change, ...]:
    return _class("SimpleStrategy", where), _options(f"replication_factor:{factor}", where)


def _replicated(**replicas: int) -> Change:
    return keyspace(strategy_options={datacenter: str(count) for datacenter, count in replicas.items()})


def _replicated_simply(factor: int) -> Change:
    return keyspace(strategy_class=_SIMPLE, strategy_options={"replication_factor": str(factor)})


def _datacenters(*names: str) -> Change:
    places = {address: Place(name, "RAC1") for address, name in zip(ADDRESSES, names, strict=True)}
    return every_node(lambda found: replace(found, places=places))


_ONE_DATACENTER = (
    _datacenters("DC1", "DC1", "DC1", "DC1"),
    replaced("estate.toml", 'ORS_B1 = "DC2"', 'ORS_B1 = "DC1"'),
)
"""A ring with a single data center, and a cluster that says so."""
_NOTHING_TELLS = every_node(lambda found: replace(found, places={}))
"""A fresh ring: no keyspace tells data centers."""
_NO_KEYSPACE = (keyspaces(), _NOTHING_TELLS)
_UNKNOWN_DATACENTERS = expect(blocked="ORS-0707 ORS-0709 ORS-0713", not_applicable="ORS-0508 ORS-0712")


def _cassandra(text: str) -> Change:
    return replaced("estate.toml", "\n[cassandra]\n", f"\n[cassandra]\n{text}\n")


_DECLARED = _cassandra('datacenters = { "127.0.1.1" = "DC1", "127.0.1.2" = "DC2", "127.0.1.3" = "DC1", "127.0.1.4" = "DC2" }')


def _members(first: str) -> Change:
    return replaced("estate.toml", 'ORS_A1 = "DC1"', f'ORS_A1 = "{first}"')


def _resolved(**hosts: tuple[str, ...] | Unknown) -> Change:
    def change(workshop: Workshop) -> None:
        assert isinstance(workshop.ring, Ring)
        workshop.ring = replace(workshop.ring, resolved={**workshop.ring.resolved, **hosts})

    return change


def _only_keyspace(name: str) -> Change:
    return keyspaces(replace(make.KEYSPACE, name=name))


def _nodes(text: str) -> Change:
    return replaced(_PAIR, f"cassandra-nodes={_LOCAL_NODES['A']}\n", f"cassandra-nodes={text}\n")


def _every_list(alter: Callable[[str], str]) -> tuple[Change, ...]:
    """Alter the line of every application that lists its local nodes."""
    lines = {f"exports/ORS_{site}*.cfg": f"cassandra-nodes={nodes}\n" for site, nodes in _LOCAL_NODES.items()}
    return tuple(replaced(name, line, alter(line)) for name, line in lines.items())


def _double(found: Node) -> Node:
    assert isinstance(found.keyspaces, tuple)
    return replace(found, keyspaces=(*found.keyspaces, replace(make.KEYSPACE, name="ORCHESTRATION")))


_TWO_NODES = (
    lambda workshop: setattr(workshop, "ring", replace(workshop.ring, nodes=workshop.ring.nodes[:2])),
    every_node(
        lambda found: replace(
            found,
            places={address: PLACES[address] for address in ADDRESSES[:2]},
            tokens={ADDRESSES[0]: ("0",), ADDRESSES[1]: (str(2**126),)},
            schema_versions={"aaaa": ADDRESSES[:2]},
        )
    ),
    *_every_list(lambda line: f"{line.partition(';')[0]}\n"),
)
"""A ring of one node in each data center."""

_SHARED = (
    *(_without(line) for line in (_NAME, _SCHEMA, _CLASS, _OPTIONS)),
    written("exports/Annex.conf", f"[persistence]\n{_NAME}{_SCHEMA}{_CLASS}{_OPTIONS}"),
    replaced("estate.toml", "\nmembers =", '\noptions = "exports/Annex.conf"\nmembers ='),
)
"""The options of step 7 moved to the Annex of the cluster Transaction."""

FAULTS = (
    fault(
        "shared options before the build that reads them",
        expect(fail="ORS-0701 ORS-0702 ORS-0703 ORS-0704", blocked=f"ORS-0706 {_NO_STRATEGY} ORS-0712"), *_SHARED,
    ),
    # ORS-0701
    fault("no keyspace is named", expect(fail="ORS-0701", blocked=_NOT_NAMED), _without(_NAME)),
    fault("the name of the keyspace is empty", expect(fail="ORS-0701", blocked=_NOT_NAMED), _name("")),
    fault(
        "step 7 done on the Primary alone", expect(fail="ORS-0305 ORS-0404 ORS-0701", blocked=_NOT_NAMED),
        _without(_NAME, _BACKUP),
    ),
    fault("disabled on one pair", expect(fail="ORS-0404 ORS-0701 ORS-0705", blocked=_NOT_NAMED), _disabled(_NAME, _PAIR)),
    fault("a name with a hyphen", expect(fail="ORS-0701", not_applicable="ORS-0712"), _name("ors-sessions")),
    fault("a name that begins with an underscore", expect(fail="ORS-0701", not_applicable="ORS-0712"), _name("_ors")),
    fault("a name of 49 characters", expect(fail="ORS-0701", not_applicable="ORS-0712"), _name("o" * 49)),
    fault("a system keyspace", "ORS-0701 ORS-0708 ORS-0712", _name("system")),
    fault(
        "the section with a capital letter",
        expect(fail="ORS-0602 ORS-0701 ORS-0702 ORS-0703 ORS-0704", blocked=f"ORS-0706 {_NO_STRATEGY} ORS-0712"),
        replaced(_ALL, "[persistence]", "[Persistence]"),
    ),
    # ORS-0702
    fault("no schema version", "ORS-0702", _without(_SCHEMA)),
    fault("an empty schema version on one pair", "ORS-0702 ORS-0705", replaced(_PAIR, _SCHEMA, "cassandra-schema-version=\n")),
    fault("the schema version is disabled on a Backup", "ORS-0305 ORS-0702", _disabled(_SCHEMA, _BACKUP)),
    # ORS-0703
    fault("no strategy class", expect(fail="ORS-0703", blocked=_NO_CLASS), _without(_CLASS)),
    fault("a mistyped strategy class", expect(fail="ORS-0703", blocked=_NO_CLASS), _class("NetworkTopologyStratgy")),
    fault("a strategy class in lower case", expect(fail="ORS-0703", blocked=_NO_CLASS), _class("networktopologystrategy")),
    fault(
        "the old class for data centers on one pair", expect(fail="ORS-0703 ORS-0705", blocked=_NO_CLASS),
        _class("OldNetworkTopologyStrategy", _PAIR),
    ),
    # ORS-0704
    fault("no strategy options", expect(fail="ORS-0704", blocked=_NO_STRATEGY), _without(_OPTIONS)),
    fault("a factor with data centers", expect(fail="ORS-0704", blocked=_NO_STRATEGY), _options("replication_factor:2")),
    fault("data centers for SimpleStrategy", expect(fail="ORS-0704 ORS-0706", blocked=_NO_STRATEGY), _class("SimpleStrategy")),
    fault("a number as a word", expect(fail="ORS-0704", blocked=_NO_STRATEGY), _options("DC1:two;DC2:2")),
    fault("a number that is no integer", expect(fail="ORS-0704", blocked=_NO_STRATEGY), _options("DC1:1.5;DC2:2")),
    fault("a negative number", expect(fail="ORS-0704", blocked=_NO_STRATEGY), _options("DC1:-1;DC2:2")),
    fault("no replica anywhere", expect(fail="ORS-0704", blocked=_NO_STRATEGY), _options("DC1:0;DC2:0")),
    fault("a data center twice", expect(fail="ORS-0704", blocked=_NO_STRATEGY), _options("DC1:2;DC1:2")),
    fault(
        "no replica with SimpleStrategy", expect(fail="ORS-0704", blocked=_NO_STRATEGY),
        *_simple(0), *_ONE_DATACENTER, _replicated_simply(1),
    ),
    fault("no numbers on a Backup", expect(fail="ORS-0305 ORS-0704", blocked=_NO_STRATEGY), _options("DC1;DC2", _BACKUP)),
    # ORS-0705
    fault("a member with another keyspace", "ORS-0404 ORS-0705", _name("Orchestration2", _PAIR)),
    fault("a member with another schema version", "ORS-0705", replaced(_PAIR, _SCHEMA, "cassandra-schema-version=ORS8130000\n")),
    fault("a member with fewer replicas", "ORS-0705 ORS-0708 ORS-0709", _options("DC1:2;DC2:1", _PAIR)),
    fault("a member with SimpleStrategy", "ORS-0705 ORS-0706 ORS-0708", *_simple(2, _PAIR)),
    # ORS-0706
    fault("SimpleStrategy on two data centers", "ORS-0706", *_simple(), _replicated_simply(2)),
    fault("SimpleStrategy on two data centers, keyspace as it should be", "ORS-0706 ORS-0708", *_simple()),
    fault(
        "SimpleStrategy on two data centers that are declared", expect(fail="ORS-0706", not_applicable="ORS-0712"),
        *_simple(), *_NO_KEYSPACE, _DECLARED,
    ),
    fault(
        "SimpleStrategy where nothing tells data centers",
        expect(blocked="ORS-0706 ORS-0713", not_applicable="ORS-0508 ORS-0712"), *_simple(), *_NO_KEYSPACE,
    ),
    # ORS-0707
    fault("a data center that does not exist", "ORS-0707 ORS-0708 ORS-0709", _options("DC1:2;DC9:2")),
    fault("an unknown data center, as the ring took it", "ORS-0707 ORS-0709", _options("DC1:2;DC9:2"), _replicated(DC1=2, DC9=2)),
    fault("a data center in another letter case", "ORS-0707 ORS-0709", _options("dc1:2;DC2:2"), _replicated(dc1=2, DC2=2)),
    fault("more replicas than nodes in a data center", "ORS-0707", _options("DC1:3;DC2:2"), _replicated(DC1=3, DC2=2)),
    fault("more replicas than nodes with SimpleStrategy", "ORS-0707", *_simple(5), *_ONE_DATACENTER, _replicated_simply(5)),
    fault("the data center of SimpleSnitch", "ORS-0707 ORS-0709 ORS-0713", _datacenters(*["datacenter1"] * 4)),
    fault("the second octet of RackInferringSnitch", "ORS-0707 ORS-0709 ORS-0713", _datacenters("0", "0", "0", "0")),
    fault("no keyspace and no saved ring", _UNKNOWN_DATACENTERS, *_NO_KEYSPACE),
    fault("a saved ring that is not there", _UNKNOWN_DATACENTERS, *_NO_KEYSPACE, _cassandra('topology = "ring.txt"')),
    fault(
        "a saved ring that is no output of nodetool", _UNKNOWN_DATACENTERS,
        *_NO_KEYSPACE, _cassandra('topology = "ring.txt"'), written("ring.txt", "command not found\n"),
    ),
    fault("a declared data center that the ring contradicts", "ORS-0707", _cassandra('datacenters = { "127.0.1.1" = "DC2" }')),
    fault(
        "only one data center declared", _UNKNOWN_DATACENTERS,
        *_NO_KEYSPACE, _cassandra('datacenters = { "127.0.1.1" = "DC1" }'),
    ),
    # ORS-0708
    fault("a keyspace with fewer replicas", "ORS-0708", _replicated(DC1=1, DC2=2)),
    fault("a keyspace in one data center only", "ORS-0708", _replicated(DC1=2)),
    fault("a keyspace with SimpleStrategy", "ORS-0708", _replicated_simply(2)),
    fault("one node has it otherwise", "ORS-0708", node(2, keyspaces=(replace(make.KEYSPACE, strategy_options={"DC1": "2"}),))),
    fault("no node tells keyspaces", expect(blocked=_NOT_NAMED), every_node(lambda found: replace(found, keyspaces=_SILENT))),
    # ORS-0709
    fault("one replica in each data center", "ORS-0709", _options("DC1:1;DC2:1"), _replicated(DC1=1, DC2=1)),
    fault("replicas in one data center only", "ORS-0709", _options("DC1:2"), _replicated(DC1=2)),
    fault("a ring of two nodes", "ORS-0709", *_TWO_NODES, _options("DC1:1;DC2:1"), _replicated(DC1=1, DC2=1)),
    fault("one replica with SimpleStrategy", "ORS-0709", *_simple(1), *_ONE_DATACENTER, _replicated_simply(1)),
    # ORS-0710
    fault("a node of another ring", "ORS-0710", _nodes("127.0.1.1;10.9.9.9")),
    fault("a pair that is led to another ring", "ORS-0404 ORS-0710", _nodes("10.9.9.8;10.9.9.9")),
    fault("a name that leads elsewhere", "ORS-0710", _nodes("127.0.1.1;cass"), _resolved(cass=("10.9.9.9",))),
    fault("a name that does not resolve", expect(blocked="ORS-0710"), _nodes("127.0.1.1;cass"), _resolved(cass=_SILENT)),
    fault("the port of the native protocol", "ORS-0710", replaced(_ALL, "-listenport=9160\n", "-listenport=9042\n")),
    fault("another port in the list of nodes", "ORS-0710", _nodes("127.0.1.1:9042;127.0.1.3")),
    # ORS-0711, after the installation
    fault("ORS made no keyspace", expect(fail="ORS-0711", not_applicable="ORS-0712"), keyspaces(), phase="deployment"),
    fault(
        "a keyspace of another name", expect(fail="ORS-0711", not_applicable="ORS-0712"),
        _only_keyspace("Sessions"), phase="deployment",
    ),
    fault("a keyspace in another letter case", "ORS-0711 ORS-0712", _only_keyspace("orchestration"), phase="deployment"),
    fault(
        "after the installation no node tells keyspaces", expect(blocked=f"ORS-0711 {_NOT_NAMED}"),
        every_node(lambda found: replace(found, keyspaces=_SILENT)), phase="deployment",
    ),
    # ORS-0712
    fault("no column family Session", "ORS-0712", keyspace(column_families=("SessionIDServerInfo",))),
    fault("no column family SessionIDServerInfo", "ORS-0712", keyspace(column_families=("Session", "ActionInfo"))),
    fault("a keyspace without column families", "ORS-0712", keyspace(column_families=())),
    fault("a second keyspace of nearly the same name", "ORS-0712", every_node(_double)),
    # ORS-0713
    fault("a label that is no data center of the ring", "ORS-0713", _members("Frankfurt")),
    fault("labels in another letter case", "ORS-0713", replaced("estate.toml", '"DC1"', '"dc1"')),
)  # fmt: skip

HARMLESS = (
    harmless("strategy options with = and ,", _options("DC1=2,DC2=2")),
    harmless("strategy options with blanks and an end", _options(" DC2 : 2 ; DC1 : 2 ; ")),
    harmless("strategy options written otherwise on one pair", _options("DC2=2,DC1=2", _PAIR)),
    harmless("the full name of the class", _class(_NETWORK)),
    harmless("the full name of the class on one pair", _class(_NETWORK, _PAIR)),
    harmless("a keyspace with the short name of its class", keyspace(strategy_class="NetworkTopologyStrategy")),
    harmless("a data center that is given no replica", _options("DC1:2;DC2:2;DC9:0")),
    harmless("an unconfirmed form of the schema version", replaced(_ALL, _SCHEMA, "cassandra-schema-version=8.1.4\n")),
    harmless("a name of 48 characters that begins with a digit", _name("8" + "o" * 47), expected={"ORS-0712": "not_applicable"}),
    harmless("SimpleStrategy on a single data center", *_simple(), *_ONE_DATACENTER, _replicated_simply(2)),
    harmless("NetworkTopologyStrategy on a single data center", _options("DC1:3"), *_ONE_DATACENTER, _replicated(DC1=3)),
    harmless("no keyspace yet", keyspaces(), expected={"ORS-0712": "not_applicable"}),
    harmless(
        "no keyspace yet, with a saved ring", *_NO_KEYSPACE, _cassandra('topology = "ring.txt"'),
        written("ring.txt", _SAVED_RING), expected={"ORS-0712": "not_applicable"},
    ),
    harmless(
        "no keyspace yet, with data centers declared", *_NO_KEYSPACE, _DECLARED,
        expected={"ORS-0712": "not_applicable"},
    ),
    harmless("local nodes first on one pair, all nodes on another", _nodes("127.0.1.3;127.0.1.1;127.0.1.2;127.0.1.4")),
    harmless("node lists with commas, blanks and ports", _nodes("127.0.1.1:9160, 127.0.1.3:9160")),
    harmless("node lists with names", _nodes("cass-1;cass-3"), _resolved(**{"cass-1": ("127.0.1.1",), "cass-3": ("127.0.1.3",)})),
    harmless("no node lists", *_every_list(lambda _: "")),
    harmless("the default port", _without("cassandra-listenport=9160\n")),
    harmless(
        "members without data centers", replaced("estate.toml", '"DC1"', '""'), replaced("estate.toml", '"DC2"', '""'),
        expected=expect(not_applicable="ORS-0403 ORS-0713"),
    ),
    harmless("a disabled member with a wrong label", replaced("estate.toml", '"DC2" }', '"DC2", "#ORS_OLD" = "Frankfurt" }')),
    harmless("more column families", keyspace(column_families=("ActionInfo", "Session", "SessionIDServerInfo"))),
    harmless("another keyspace", keyspaces(make.KEYSPACE, Keyspace("Sessions", _SIMPLE, {"replication_factor": "1"}, ()))),
    harmless(
        "shared options in the Annex of the cluster", *_SHARED, replaced("estate.toml", "8.1.400.27", "8.1.400.64"),
        expected=expect(passes="ORS-0405 ORS-0406", not_applicable="ORS-0409"),
    ),
    harmless("the keyspace is there after the installation", _options("DC2:2,DC1:2"), phase="deployment"),
)  # fmt: skip
