# SPDX-License-Identifier: Apache-2.0
"""Arbitrary configurations, from few names, so that two of them have much in common."""

from __future__ import annotations

from hypothesis import strategies as st

from orsgate.estate.export import Export, Option, Section
from orsgate.estate.inventory import Application, Cluster, Configuration, Member, Origin
from orsgate.estate.knowledge import Basis, Failure, Unknown
from orsgate.estate.secret import Secret

ORIGIN = Origin("estate.toml", {"": 1})
NAMES = st.sampled_from(["ORS_1", "ors_1", "ORS_1_B", "ORS_2", "ORS_2_B", "ORS 3"])
SERVERS = {"SIP_1": "SIP Server", "URS_1": "Universal Routing Server", "IXN_1": "Interaction Server"}
SECTIONS = ["orchestration", "persistence", "cluster", "Cluster", "scxml", "log", "a/b"]
OPTIONS = [
    "mcr-pull-by-msn-only", "mcr_pull_by_msn_only", "get-list-item-by-urs", "functions-by-urs", "mcr-pull-by-this-node",
    "mcr-pull-limit", "cassandra-keyspace-name", "cassandra-schema-version", "cassandra-strategy-class",
    "cassandra-strategy-options", "cassandra-nodes", "name", "super_node", "x", "/",
]  # fmt: skip
VALUES = st.sampled_from(
    ["", "true", "TRUE", "false", "-5", "500", "SimpleStrategy", "NetworkTopologyStrategy", "replication_factor:2", "DC1:2;DC2:2",
     "ORS8120000", "ORS8140000", "http://ORS_1:7210", "Orchestration", Secret("aa"), Secret("bb")]
)  # fmt: skip
UNKNOWN = st.sampled_from([Unknown("it was not said", "", Failure.NOT_GIVEN), Unknown("it cannot be read", "x.cfg")])


def _or_unknown(facts: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.one_of(facts, facts, facts, facts, UNKNOWN)


_SECTION = st.builds(
    lambda name, enabled, options: Section(name, 1, enabled, tuple(Option(*each) for each in options)),
    st.sampled_from(SECTIONS), st.booleans(),
    st.lists(st.tuples(st.sampled_from(OPTIONS), VALUES, st.just(2), st.sampled_from([True, True, False])), max_size=5),
)  # fmt: skip
EXPORTS = st.builds(lambda sections: Export("x.cfg", tuple(sections)), st.lists(_SECTION, max_size=4))
_MEMBERS = st.lists(
    st.builds(Member, NAMES, st.sampled_from(["", "DC1", "dc1", "DC2"]), st.sampled_from([True, True, False])), max_size=4
).map(tuple)
APPLICATIONS = st.builds(
    Application,
    name=NAMES,
    origin=st.just(ORIGIN),
    enabled=_or_unknown(st.booleans()),
    primary=_or_unknown(st.booleans()),
    version=_or_unknown(st.sampled_from(["8.1.200.50", "8.1.400.27"])),
    host=_or_unknown(st.sampled_from(["host-1", "host-2"])),
    backup=_or_unknown(st.one_of(st.none(), NAMES)),
    redundancy=_or_unknown(st.sampled_from(["none", "warm standby", "cold standby"])),
    connections=_or_unknown(st.lists(st.sampled_from([*SERVERS, "GONE"]), unique=True, max_size=3).map(tuple)),
    tenants=_or_unknown(st.lists(st.sampled_from(["Environment", "Sales"]), unique=True).map(tuple)),
    ports=_or_unknown(st.dictionaries(st.sampled_from(["default", "http"]), st.integers(1, 9))),
    arguments=st.sampled_from([None, "-app ORS_1"]),
    options=_or_unknown(EXPORTS),
    annex=st.one_of(st.none(), EXPORTS),
)
CLUSTERS = st.builds(
    Cluster,
    transaction=st.sampled_from(["ORS_Cluster", "Cluster_2"]),
    origin=st.just(ORIGIN),
    type=st.sampled_from(["list", "statistic"]),
    enabled=_or_unknown(st.booleans()),
    tenant=st.just("Environment"),
    members=st.one_of(st.none(), _MEMBERS),
    shared=st.one_of(st.none(), EXPORTS),
)


def _configuration(applications: list[Application], clusters: list[Cluster], source: str) -> Configuration:
    servers = tuple(Application(name, ORIGIN, type=kind) for name, kind in SERVERS.items())
    live = source == "gax"
    return Configuration(source, live, Basis.OBSERVED, (*applications, *servers), tuple(clusters))


CONFIGURATIONS = st.builds(
    _configuration,
    st.lists(APPLICATIONS, max_size=4, unique_by=lambda each: each.name),
    st.lists(CLUSTERS, max_size=2, unique_by=lambda each: each.transaction),
    st.sampled_from(["files", "files", "gax"]),
)
