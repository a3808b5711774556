# SPDX-License-Identifier: Apache-2.0
"""Step 7: Cassandra options, and the keyspace and replication they ask for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from orsgate.estate.estate import Estate
from orsgate.estate.inventory import Application
from orsgate.estate.judgement import Judgement, Outcome
from orsgate.estate.knowledge import Basis, Failure, Unknown
from orsgate.estate.ring import Keyspace, Place, Ring, SavedTopology
from orsgate.rules import audited_ring, keyspace, replication, subjects
from orsgate.rules import persistence_options as cassandra_options
from orsgate.rules.options import set_to
from tests import make

ADDRESSES = tuple(make.NODE_PLACES)
LOST = Unknown("cannot be read: exports/ORS_1.cfg")
SILENT = Unknown("10.0.0.1:9160 did not answer", failure=Failure.TIMEOUT)
ALL = subjects.every_application


def options(**changes: str | None) -> str:
    """The healthy options with some of ``[persistence]`` changed (``_`` for ``-``), or left out by None."""
    lines = []
    for line in make.HEALTHY_OPTIONS.splitlines():
        name = line.partition("=")[0].replace("-", "_")
        value = changes.get(name, line.partition("=")[2])
        if not line or line.startswith("["):
            lines.append(line)
        elif value is not None:
            lines.append(f"{line.partition('=')[0]}={value}")
    return "\n".join(lines) + "\n"


def estate(cassandra: Ring | Unknown | None = None, *, only: str = "", **changes: str | None):
    """The healthy estate with options changed on every application, or on the one named ``only``."""
    changed = options(**changes)
    applications: tuple[Application, ...] = (*make.pair("ORS_1", changed), *make.pair("ORS_2", changed), *make.SERVERS)
    if only:
        healthy = (*make.pair("ORS_1"), *make.pair("ORS_2"), *make.SERVERS)
        applications = make.changed(healthy, only, options=make.export(changed, f"exports/{only}.cfg"))
    return make.estate(applications, cassandra=cassandra)


def simple(cassandra: Ring | None = None, factor: int = 2):
    return estate(cassandra, cassandra_strategy_class="SimpleStrategy", cassandra_strategy_options=f"replication_factor:{factor}")


def lost() -> Estate:
    applications = (*make.pair("ORS_1"), *make.pair("ORS_2"), *make.SERVERS)
    return make.estate(make.changed(applications, "ORS_1", options=LOST))


def everywhere(**fields) -> Ring:
    ring_fields = {name: fields.pop(name) for name in ("topology", "declared_datacenters", "resolved") if name in fields}
    return make.ring(*(make.node(address, **fields) for address in ADDRESSES), **ring_fields)


def with_keyspace(*found: Keyspace) -> Ring:
    return everywhere(keyspaces=(Keyspace("system", "LocalStrategy", {}, ()), *found))


def one_data_center() -> Ring:
    return everywhere(places={address: Place("DC1", "RAC1") for address in ADDRESSES})


def schema_version(which: Estate) -> Judgement:
    return cassandra_options.schema_version_set(which, ALL)


def options_fit(which: Estate) -> Judgement:
    return cassandra_options.strategy_options_fit(which, ALL)


RULES = (
    schema_version, options_fit, cassandra_options.same_in_cluster, replication.fits_data_centers, replication.can_be_met,
    keyspace.agrees_with_options, replication.recommended, audited_ring.contacts_lead_to_ring, keyspace.exists,
    keyspace.is_whole, replication.labels_exist,
)  # fmt: skip


@pytest.mark.parametrize("rule", RULES)
def test_the_healthy_estate_passes_with_evidence(rule):
    assert rule(make.estate()).outcome is Outcome.PASS


@pytest.mark.parametrize("rule", RULES[:-1])
def test_an_export_that_cannot_be_read_blocks(rule):
    judgement = rule(lost())
    assert judgement.outcome is Outcome.BLOCKED
    assert judgement.causes == (LOST.cause,)


# ORS-0701: keyspace name


@pytest.mark.parametrize("name", ["Orchestration", "1ors", "o" * 48, "a_b"])
def test_a_keyspace_name_that_cassandra_accepts(name):
    assert cassandra_options.to_keyspace_name().met(name)


@pytest.mark.parametrize("name", ["", "_ors", "o" * 49, "ors-1", "ors 1", "\u00f6rs", "system", "System_Auth", "opscenter"])
def test_a_keyspace_name_that_it_does_not(name):
    assert not cassandra_options.to_keyspace_name().met(name)


def test_a_system_keyspace_is_a_violation_with_its_line():
    wrong = estate(only="ORS_2_B", cassandra_keyspace_name="system")
    judgement = set_to(wrong, ALL, "persistence/cassandra-keyspace-name", cassandra_options.to_keyspace_name())
    [violation] = judgement.violations
    assert (violation.subject, violation.where) == ("ORS_2_B", "exports/ORS_2_B.cfg:7")


# ORS-0702: schema version


def test_another_form_of_the_schema_version_is_a_note():
    judgement = schema_version(estate(only="ORS_1", cassandra_schema_version="8.1.4"))
    assert judgement.outcome is Outcome.PASS
    assert "unconfirmed" in judgement.notes[0]
    assert schema_version(make.estate()).notes == ()


def test_no_schema_version_is_a_violation():
    assert schema_version(estate(only="ORS_1", cassandra_schema_version=None)).outcome is Outcome.FAIL


# ORS-0703 and ORS-0704: strategy class and options


def test_the_strategy_class_is_one_of_two():
    met = cassandra_options.to_strategy_class().met
    assert met("org.apache.cassandra.locator.SimpleStrategy")
    assert not met("networktopologystrategy")


@pytest.mark.parametrize("value", ["DC1=2,DC2=2;", "DC1 : 2 ; DC2 : 0"])
def test_options_that_fit(value):
    judgement = options_fit(estate(cassandra_strategy_options=value))
    assert judgement.outcome is Outcome.PASS
    assert len(judgement.notes) == 1


@pytest.mark.parametrize("value", ["replication_factor:2", "DC1:two", "DC1:0;DC2:0", "", None])
def test_options_that_do_not(value):
    judgement = options_fit(estate(only="ORS_1", cassandra_strategy_options=value))
    assert [violation.subject for violation in judgement.violations] == ["ORS_1"]


@pytest.mark.parametrize(("value", "state"), [("simple", "is not valid"), (None, "is not set")])
def test_without_a_valid_class_the_options_cannot_be_judged(value, state):
    judgement = options_fit(estate(only="ORS_1", cassandra_strategy_class=value))
    assert judgement.outcome is Outcome.BLOCKED
    cause = f"persistence/cassandra-strategy-class of ORS_1 {state}, so its strategy options cannot be judged"
    assert judgement.causes == (cause,)


def test_options_that_cannot_be_read_are_a_violation_whatever_the_class_is():
    wrong = estate(only="ORS_1", cassandra_strategy_class=None, cassandra_strategy_options="DC1")
    assert options_fit(wrong).outcome is Outcome.FAIL


# ORS-0705: the same in a cluster


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("cassandra_keyspace_name", "orchestration"),
        ("cassandra_schema_version", None),
        ("cassandra_strategy_class", "SimpleStrategy"),
        ("cassandra_strategy_options", "DC1:2;DC2:1"),
    ],
)
def test_a_member_that_differs_is_named(option, value):
    [violation] = cassandra_options.same_in_cluster(estate(only="ORS_2", **{option: value})).violations
    assert violation.subject == "ORS_Cluster"
    assert violation.found.endswith(f"is {value or 'not set'} on ORS_2")
    assert violation.expected.endswith("on ORS_1")
    assert violation.where.startswith("exports/ORS_2.cfg")


def test_values_are_compared_by_what_they_mean():
    other = estate(
        only="ORS_2",
        cassandra_strategy_class="org.apache.cassandra.locator.NetworkTopologyStrategy",
        cassandra_strategy_options="DC2=2, DC1=2",
    )
    judgement = cassandra_options.same_in_cluster(other)
    assert judgement.outcome is Outcome.PASS
    assert judgement.basis is Basis.DECLARED


def test_one_member_has_nobody_to_differ_from_and_no_cluster_nothing_to_judge():
    alone = make.estate(clusters=(make.cluster(members={"ORS_1": "DC1"}),))
    assert cassandra_options.same_in_cluster(alone).outcome is Outcome.PASS
    for none in ((), (make.cluster(members={}),), (make.cluster(members={"#ORS_1": "DC1"}),)):
        assert cassandra_options.same_in_cluster(make.estate(clusters=none)).outcome is Outcome.NOT_APPLICABLE


# ORS-0706: SimpleStrategy and data centers


def test_simple_strategy_on_two_data_centers():
    judgement = replication.fits_data_centers(simple())
    assert {violation.subject for violation in judgement.violations} == {"ORS_1", "ORS_1_B", "ORS_2", "ORS_2_B"}
    assert "DC1 (2 nodes), DC2 (2 nodes)" in judgement.violations[0].found


def test_simple_strategy_on_one():
    assert replication.fits_data_centers(simple(one_data_center())).outcome is Outcome.PASS


def test_one_data_center_seen_is_not_one_data_center():
    some = everywhere(places={ADDRESSES[0]: Place("DC1", "RAC1")})
    judgement = replication.fits_data_centers(simple(some))
    assert judgement.outcome is Outcome.BLOCKED
    assert "nodetool ring" in judgement.causes[0]


def test_two_known_data_centers_suffice_for_a_violation():
    some = everywhere(places={address: make.NODE_PLACES[address] for address in ADDRESSES[:2]})
    assert replication.fits_data_centers(simple(some)).outcome is Outcome.FAIL


@pytest.mark.parametrize("cassandra", [everywhere(places={}), SILENT])
def test_network_topology_strategy_fits_whatever_the_ring_is(cassandra):
    assert replication.fits_data_centers(estate(cassandra)).outcome is Outcome.PASS
    assert replication.fits_data_centers(simple(cassandra)).outcome is Outcome.BLOCKED


def test_the_basis_is_declared_only_where_a_declared_data_center_is_used():
    declared = everywhere(places={}, declared_datacenters=dict.fromkeys(ADDRESSES, "DC1"))
    saved = everywhere(places={}, topology=SavedTopology(dict.fromkeys(ADDRESSES, Place("DC1", "RAC1")), "ring.txt"))
    bases = [replication.fits_data_centers(simple(ring)).basis for ring in (declared, saved)]
    assert bases == [Basis.DECLARED, Basis.OBSERVED]


# ORS-0707: the factor can be met


def test_a_data_center_in_another_spelling_is_named():
    judgement = replication.can_be_met(estate(only="ORS_1", cassandra_strategy_options="dc1:2;DC2:2"))
    [violation] = judgement.violations
    assert (violation.subject, violation.where) == ("ORS_1", "exports/ORS_1.cfg:10")
    assert 'the ring has no data center dc1; "DC1" differs only in letter case or blanks' in violation.found


def test_a_data_center_without_replicas_need_not_exist():
    assert replication.can_be_met(estate(cassandra_strategy_options="DC1:2;DC9:0")).outcome is Outcome.PASS


@pytest.mark.parametrize(("value", "outcome"), [("DC1:2", Outcome.PASS), ("DC1:3", Outcome.FAIL)])
def test_not_more_replicas_than_nodes_in_a_data_center(value, outcome):
    assert replication.can_be_met(estate(cassandra_strategy_options=value)).outcome is outcome


@pytest.mark.parametrize("places", [make.NODE_PLACES, {}, SILENT])
@pytest.mark.parametrize(("factor", "outcome"), [(4, Outcome.PASS), (5, Outcome.FAIL)])
def test_the_factor_of_simple_strategy_needs_no_data_centers(places, factor, outcome):
    assert replication.can_be_met(simple(everywhere(places=places), factor)).outcome is outcome


def test_members_of_unknown_data_centers_could_make_up_for_it():
    places = {address: make.NODE_PLACES[address] for address in ADDRESSES[:2]}
    outcomes = [
        replication.can_be_met(estate(everywhere(places=places), cassandra_strategy_options=value)).outcome
        for value in ("DC1:1", "DC1:2", "DC9:1", "DC1:4")
    ]
    assert outcomes == [Outcome.PASS, Outcome.BLOCKED, Outcome.BLOCKED, Outcome.FAIL]


def test_a_ring_of_which_the_members_are_not_known_blocks():
    unknown = make.ring(make.node("10.0.0.1", places={}, tokens={}, schema_versions=SILENT))
    judgement = replication.can_be_met(simple(unknown))
    assert judgement.outcome is Outcome.BLOCKED
    assert judgement.causes == (SILENT.cause,)


def test_a_declared_data_center_that_the_ring_contradicts_is_a_violation():
    [violation] = replication.can_be_met(estate(everywhere(declared_datacenters={"10.0.0.1": "DC2"}))).violations
    assert (violation.subject, violation.found) == ("10.0.0.1", '[cassandra] datacenters says "DC2"')


@pytest.mark.parametrize("rule", [replication.fits_data_centers, replication.can_be_met, keyspace.agrees_with_options])
def test_a_class_that_is_not_valid_is_a_gap_of_one_cause(rule):
    judgement = rule(estate(only="ORS_1", cassandra_strategy_class="simple"))
    cause = "persistence/cassandra-strategy-class of ORS_1 is not valid, so its strategy options cannot be judged"
    assert judgement.causes == (cause,)
    assert judgement.outcome is Outcome.BLOCKED


# ORS-0708, ORS-0711, ORS-0712: the keyspace in the ring


@pytest.mark.parametrize(
    "found",
    [
        {"strategy_options": {"DC1": "2", "DC2": "1"}},
        {"strategy_options": {"DC1": "2"}},
        {"strategy_class": "org.apache.cassandra.locator.SimpleStrategy", "strategy_options": {"replication_factor": "2"}},
    ],
)
def test_a_keyspace_that_is_replicated_otherwise(found):
    judgement = keyspace.agrees_with_options(estate(with_keyspace(replace(make.KEYSPACE, **found))))
    assert len(judgement.violations) == 4
    assert judgement.violations[0].where == "10.0.0.1:9160 describe_keyspaces"
    assert judgement.violations[0].expected.startswith("NetworkTopologyStrategy {DC1: 2, DC2: 2}")


def test_short_names_and_numbers_are_compared_by_what_they_mean():
    same = replace(make.KEYSPACE, strategy_class="NetworkTopologyStrategy", strategy_options={"DC2": "02", "DC1": "2"})
    assert keyspace.agrees_with_options(estate(with_keyspace(same))).outcome is Outcome.PASS


def test_a_data_center_without_replicas_is_as_good_as_one_that_is_not_named():
    same = replace(make.KEYSPACE, strategy_options={"DC1": "2", "DC2": "2", "DC3": "0"})
    assert keyspace.agrees_with_options(estate(with_keyspace(same))).outcome is Outcome.PASS
    zero = estate(cassandra_strategy_options="DC1:2;DC2:2;DC9:0")
    assert keyspace.agrees_with_options(zero).outcome is Outcome.PASS


def test_a_keyspace_that_is_not_there_yet_is_to_be_created():
    judgement = keyspace.agrees_with_options(estate(with_keyspace(replace(make.KEYSPACE, name="Other"))))
    assert judgement.outcome is Outcome.PASS
    assert judgement.notes == ("keyspace Orchestration is to be created",)
    assert judgement.evidence[0].text == "keyspace Orchestration is not in the ring; seen: Other"


@pytest.mark.parametrize("rule", [keyspace.agrees_with_options, keyspace.exists, keyspace.is_whole])
def test_keyspaces_that_no_node_tells_block(rule):
    assert rule(estate(everywhere(keyspaces=SILENT))).causes == (SILENT.cause,)
    one = make.ring(make.node("10.0.0.1"), *(make.node(address, keyspaces=SILENT) for address in ADDRESSES[1:]))
    assert rule(estate(one)).outcome is Outcome.PASS


def test_after_the_installation_the_keyspace_exists():
    [violation] = keyspace.exists(estate(with_keyspace(replace(make.KEYSPACE, name="orchestration")))).violations
    assert violation.subject == "Orchestration"
    assert "orchestration differs only in letter case" in violation.found


def test_column_families_that_are_missing():
    bare = replace(make.KEYSPACE, column_families=("Session", "sessionidserverinfo"))
    [violation] = keyspace.is_whole(estate(with_keyspace(bare))).violations
    assert violation.found == "no column family SessionIDServerInfo; it has Session, sessionidserverinfo"


def test_column_families_that_are_missing_on_a_later_node():
    bare = replace(make.KEYSPACE, column_families=("Session",))
    late = make.ring(*(make.node(address) for address in ADDRESSES[:-1]), make.node(ADDRESSES[-1], keyspaces=(bare,)))
    [violation] = keyspace.is_whole(estate(late)).violations
    assert violation.where == f"{ADDRESSES[-1]}:9160 describe_keyspaces"


def test_a_double_of_the_keyspace_is_a_violation_beside_it_and_instead_of_it():
    double = replace(make.KEYSPACE, name="ORCHESTRATION")
    for found in ([make.KEYSPACE, double], [double]):
        [violation] = keyspace.is_whole(estate(with_keyspace(*found))).violations
        assert '"ORCHESTRATION"' in violation.found


def test_no_keyspace_yet_is_nothing_to_judge():
    judgement = keyspace.is_whole(estate(with_keyspace()))
    assert judgement.outcome is Outcome.NOT_APPLICABLE
    assert judgement.reason == "the keyspace Orchestration does not exist yet"


def test_of_two_keyspaces_the_one_that_exists_is_judged():
    judgement = keyspace.is_whole(estate(only="ORS_2", cassandra_keyspace_name="Later"))
    assert judgement.outcome is Outcome.PASS
    assert {evidence.subject for evidence in judgement.evidence} == {"Orchestration", "Later"}


# ORS-0709: recommendations


def test_one_replica_is_few():
    judgement = replication.recommended(estate(only="ORS_1", cassandra_strategy_options="DC1:2;DC2:1"))
    assert [violation.found for violation in judgement.violations] == ["DC2: 1"]
    assert replication.recommended(simple(factor=1)).outcome is Outcome.FAIL
    assert replication.recommended(simple()).outcome is Outcome.PASS


def test_a_data_center_without_replicas_is_named():
    [violation] = replication.recommended(estate(only="ORS_1", cassandra_strategy_options="DC1:2")).violations
    assert violation.found == "data center DC2 of the ring holds no replica"


def test_two_nodes_are_few():
    places = {address: make.NODE_PLACES[address] for address in ADDRESSES[:2]}
    pair = make.ring(*(make.node(each, places=places, tokens={}, schema_versions={"a": tuple(places)}) for each in ADDRESSES[:2]))
    assert [violation.subject for violation in replication.recommended(estate(pair)).violations] == ["Cassandra ring ORS"]


def test_an_unknown_data_center_may_hold_no_replica():
    assert replication.recommended(estate(everywhere(places={}))).outcome is Outcome.BLOCKED
    new = everywhere(schema_versions={"a": (*ADDRESSES, "10.0.0.5")})
    assert replication.recommended(estate(new)).outcome is Outcome.BLOCKED
    assert replication.recommended(simple(everywhere(places={}))).outcome is Outcome.PASS


# ORS-0710: the audited ring


def test_a_host_of_another_ring():
    [violation] = audited_ring.contacts_lead_to_ring(estate(only="ORS_1", cassandra_nodes="10.0.0.1;10.9.9.9")).violations
    assert (violation.subject, violation.where) == ("ORS_1", "exports/ORS_1.cfg:11")
    assert "10.9.9.9" in violation.found


def test_a_name_that_does_not_resolve_blocks_and_one_that_does_leads_there():
    trouble = Unknown("cass-1 does not resolve on this host", failure=Failure.UNREACHABLE)
    for answer, outcome in ((trouble, Outcome.BLOCKED), (("10.0.0.1",), Outcome.PASS), (("10.9.9.9",), Outcome.FAIL)):
        ring = everywhere(resolved={"cass-1": answer})
        assert audited_ring.contacts_lead_to_ring(estate(ring, cassandra_nodes="cass-1")).outcome is outcome


def test_localhost_is_the_host_of_the_application():
    ring = everywhere(resolved={"host-ors_1": ("10.0.0.1",), "localhost": ("127.0.0.1",)})
    assert audited_ring.contacts_lead_to_ring(estate(ring, only="ORS_1", cassandra_nodes="localhost")).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"cassandra_listenport": "9161"}, Outcome.FAIL),
        ({"cassandra_listenport": "x"}, Outcome.FAIL),
        ({"cassandra_listenport": None}, Outcome.PASS),
        ({"cassandra_nodes": "10.0.0.1:9160", "cassandra_listenport": "9161"}, Outcome.PASS),
        ({"cassandra_nodes": "10.0.0.1:9161"}, Outcome.FAIL),
        ({"cassandra_nodes": " ; "}, Outcome.FAIL),
    ],
)
def test_the_port_is_the_one_on_which_the_ring_answered(changes, outcome):
    assert audited_ring.contacts_lead_to_ring(estate(**changes)).outcome is outcome


def test_ports_are_not_compared_where_members_are_reached_elsewhere():
    mapped = make.estate(
        (*make.pair("ORS_1", options(cassandra_listenport="9161")), *make.SERVERS),
        file={"cassandra": {"addresses": {"10.0.0.1": "gw:19160"}}},
    )
    assert audited_ring.contacts_lead_to_ring(mapped).outcome is Outcome.PASS


def test_without_a_node_list_there_is_one_note():
    judgement = audited_ring.contacts_lead_to_ring(estate(cassandra_nodes=None))
    assert judgement.outcome is Outcome.PASS
    assert len(judgement.notes) == 1


# ORS-0713: labels of members


def test_a_label_that_is_no_data_center_of_the_ring():
    labelled = make.estate(clusters=(make.cluster(members={"ORS_1": "dc1", "ORS_2": "DC2", "#ORS_2_B": "X"}),))
    [violation] = replication.labels_exist(labelled).violations
    assert (violation.subject, violation.where) == ("ORS_1", "estate.toml:80")
    assert '"DC1" differs only in letter case' in violation.found


def test_labels_are_not_judged_where_there_are_none_or_the_ring_cannot_tell():
    unlabelled = (make.cluster(members={"ORS_1": "", "ORS_2": ""}),)
    assert replication.labels_exist(make.estate(clusters=unlabelled, cassandra=SILENT)).outcome is Outcome.NOT_APPLICABLE
    unknown = replication.labels_exist(make.estate(cassandra=everywhere(places={})))
    assert unknown.outcome is Outcome.BLOCKED
    assert "nodetool ring" in unknown.causes[0]


# all of them


@pytest.mark.slow
def test_ten_thousand_applications_are_judged():
    names = [f"ORS_{number}" for number in range(10_000)]
    exported = make.export()
    applications = tuple(make.ors(name, exported, rollback=None) for name in names)
    many = make.estate(applications, (make.cluster(members=dict.fromkeys(names, "DC1")),))
    for rule in RULES:
        assert rule(many).outcome is Outcome.PASS
