# SPDX-License-Identifier: Apache-2.0
"""Step 4: clusters, their members, data centers, storage and shared options."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from orsgate.estate.estate import Estate
from orsgate.estate.inventory import Application, Cluster
from orsgate.estate.judgement import Judgement, Outcome, Violation
from orsgate.estate.knowledge import Basis, Unknown
from orsgate.rules import builds, cluster, datacenters, shared_options, shared_storage
from orsgate.rules.references import Near
from orsgate.rules.subjects import named
from orsgate.verdict.case import Case
from tests import make

RULES: dict[str, Callable[[Estate], Judgement]] = {
    "0401": cluster.is_configured,
    "0402": cluster.members_are_primaries,
    "0403": datacenters.spelled_alike,
    "0404": shared_storage.same_storage,
    "0407": cluster.is_in_place,
    "0408": datacenters.all_or_none,
    "0409": lambda estate: cluster.is_named(estate, "ORS_Cluster"),
}
NOT_SEEN = Unknown("not seen")
COMPLETE = "orchestration/complete-assoc-on-target-node"


def healthy() -> tuple[Application, ...]:
    return (*make.pair("ORS_1"), *make.pair("ORS_2"), *make.SERVERS)


def clusters(**fields: Any) -> tuple[Cluster, ...]:
    return (replace(make.cluster(), **fields),)


def with_members(members: dict[str, str], **keys: Any) -> Estate:
    return make.estate(clusters=(make.cluster(members=members),), **keys)


def options_of(*names: str, old: str = "", new: str = "", extra: str = "") -> tuple[Application, ...]:
    """The healthy applications, where the options of ``names`` have ``new`` in place of ``old`` and ``extra`` behind."""
    applications = healthy()
    for name in names:
        text = make.HEALTHY_OPTIONS.replace(old, new) + extra
        applications = make.changed(applications, name, options=make.export(text, f"exports/{name}.cfg"))
    return applications


def only(judgement: Judgement) -> Violation:
    assert judgement.outcome is Outcome.FAIL
    [violation] = judgement.violations
    return violation


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_healthy_passes_on_declared_facts(rule):
    judgement = rule(make.estate())
    assert (judgement.outcome, judgement.basis, judgement.notes) == (Outcome.PASS, Basis.DECLARED, ())


@pytest.mark.parametrize("rule", ["0403", "0404", "0407", "0408", "0409"])
def test_without_a_cluster_nothing_applies(rule):
    assert RULES[rule](make.estate(clusters=())).outcome is Outcome.NOT_APPLICABLE


def test_no_cluster_at_all():
    assert only(cluster.is_configured(make.estate(clusters=()))).subject == "Made up"


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"type": "statistic"}, "is a Transaction of type statistic"),
        ({"members": None}, "its Annex has no section cluster"),
        ({"members": ()}, "its Annex section cluster is empty"),
        ({"members": make.cluster(members={"#ORS_1": ""}).members}, "all its members are disabled by #"),
    ],
)
def test_what_is_no_cluster(fields, found):
    assert only(cluster.is_configured(make.estate(clusters=clusters(**fields)))).found == found


def test_the_type_list_in_any_case_and_an_unknown_one():
    assert cluster.is_configured(make.estate(clusters=clusters(type="List"))).outcome is Outcome.PASS
    assert cluster.is_configured(make.estate(clusters=clusters(type=NOT_SEEN))).outcome is Outcome.BLOCKED


def test_a_cluster_that_only_the_scope_names():
    scope = {"scope": {"clusters": ["Other"]}}
    assert only(cluster.is_configured(make.estate(file=scope))).subject == "Other"
    assert cluster.is_configured(make.estate(file=scope, live=True)).outcome is Outcome.BLOCKED


def test_a_primary_that_is_no_member():
    violation = only(cluster.members_are_primaries(with_members({"ORS_1": ""})))
    assert (violation.subject, violation.found) == ("ORS_2", "is a member of no cluster")


def test_a_primary_that_is_only_a_disabled_member():
    violation = only(cluster.members_are_primaries(with_members({"ORS_1": "", "#ORS_2": ""})))
    assert (violation.found, violation.where) == ("is only a disabled member (#) of ORS_Cluster", "estate.toml:81")


def test_a_primary_in_two_clusters():
    both = (make.cluster(), make.cluster("ORS_Cluster_2", {"ORS_2": ""}))
    violation = only(cluster.members_are_primaries(make.estate(clusters=both)))
    assert violation.found == "is a member 2 times: ORS_Cluster (estate.toml:81), ORS_Cluster_2 (estate.toml:80)"
    scoped = make.estate(clusters=both, file={"scope": {"clusters": ["ORS_Cluster"]}})
    assert only(cluster.members_are_primaries(scoped)).subject == "ORS_2"


def test_members_of_a_cluster_out_of_scope_are_not_judged():
    both = (make.cluster(members={"ORS_1": ""}), make.cluster("Other", {"ORS_2": "", "NOBODY": ""}))
    estate = make.estate(clusters=both, file={"scope": {"clusters": ["ORS_Cluster"]}})
    assert cluster.members_are_primaries(estate).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("member", "found"),
    [
        ("ORS_9", 'the member "ORS_9" names no application'),
        ("ORS_1_B", "its member ORS_1_B is a Backup of ORS_1"),
        ("SIP_1", "its member SIP_1 is of type SIP Server"),
    ],
)
def test_a_member_that_is_no_primary(member, found):
    violation = only(cluster.members_are_primaries(with_members({"ORS_1": "", "ORS_2": "", member: ""})))
    assert (violation.subject, violation.found, violation.where) == ("ORS_Cluster", found, "estate.toml:82")


def test_a_disabled_member_may_name_anything():
    estate = with_members({"ORS_1": "", "ORS_2": "", "#ORS_9": "", "#SIP_1": ""})
    assert cluster.members_are_primaries(estate).outcome is Outcome.PASS


def test_a_member_that_is_a_disabled_application():
    estate = make.estate(make.changed(healthy(), "ORS_2", enabled=False))
    assert "its member ORS_2 is disabled" in {item.found for item in cluster.members_are_primaries(estate).violations}


def test_an_excluded_application_may_be_a_member():
    scope = {"scope": {"exclude": [{"application": "ORS_2*", "reason": "a laboratory"}]}}
    assert cluster.members_are_primaries(make.estate(file=scope)).outcome is Outcome.PASS


@pytest.mark.parametrize("live", [False, True])
def test_a_name_that_differs_only_in_case_or_blanks_is_named_as_such(live):
    judgement = cluster.members_are_primaries(with_members({"ORS_1": "", " ors_2": ""}, live=live))
    assert [(item.subject, "letter case or blanks" in item.found) for item in judgement.violations] == [
        ("ORS_2", True), ("ORS_Cluster", True),
    ]  # fmt: skip
    assert 'write "ORS_2"' in judgement.violations[0].fix


def test_a_member_that_a_live_source_does_not_show_blocks():
    estate = with_members({"ORS_1": "", "ORS_2": "", "HIDDEN": ""}, live=True)
    assert cluster.members_are_primaries(estate).outcome is Outcome.BLOCKED


def test_a_member_of_unknown_role_or_state_blocks():
    for fields in ({"primary": NOT_SEEN}, {"enabled": NOT_SEEN}):
        estate = make.estate(make.changed(healthy(), "ORS_2", **fields))
        assert cluster.members_are_primaries(estate).outcome is Outcome.BLOCKED


def test_near_names():
    near = Near(["ORS_1", "b"])
    assert (near.to("ors_1 "), near.to("ORS_1"), near.to("c")) == ("ORS_1", None, None)


@pytest.mark.parametrize("spelling", ["dc1", "DC 1", " DC1", "DC1\t"])
def test_data_centers_that_differ_in_case_or_blanks(spelling):
    two = (make.cluster(members={"ORS_1": "DC1", "ORS_3": "DC1"}), make.cluster("ORS_Cluster_2", {"ORS_2": spelling}))
    violation = only(datacenters.spelled_alike(make.estate(clusters=two)))
    assert (violation.subject, violation.where) == ("ORS_Cluster_2", "estate.toml:80")


def test_data_centers_that_differ_otherwise_and_disabled_members():
    assert datacenters.spelled_alike(with_members({"ORS_1": "DC1", "ORS_2": "DC-1", "#ORS_3": "dc1"})).outcome is Outcome.PASS


def test_no_data_center_named():
    estate = with_members({"ORS_1": "", "ORS_2": " "})
    assert datacenters.spelled_alike(estate).not_applicable == datacenters.NO_DATACENTER
    assert datacenters.all_or_none(estate).outcome is Outcome.PASS


def test_some_members_without_data_center():
    violation = only(datacenters.all_or_none(with_members({"ORS_1": "DC1", "ORS_2": ""})))
    assert violation.found == "no data center for ORS_2, but one for the others"
    assert datacenters.all_or_none(with_members({"ORS_1": "DC1", "#ORS_2": ""})).outcome is Outcome.PASS


def test_another_keyspace():
    estate = make.estate(options_of("ORS_2", old="name=Orchestration", new="name=orchestration"))
    violation = only(shared_storage.same_storage(estate))
    assert (violation.subject, violation.where) == ("ORS_2", "exports/ORS_2.cfg:7")
    unset = make.estate(options_of("ORS_2", old="cassandra-keyspace-name", new="#cassandra-keyspace-name"))
    assert only(shared_storage.same_storage(unset)).found == "persistence/cassandra-keyspace-name is not set"


def test_two_clusters_may_use_different_keyspaces():
    applications = options_of("ORS_2", "ORS_2_B", old="name=Orchestration", new="name=Other")
    two = (make.cluster(members={"ORS_1": ""}), make.cluster("ORS_Cluster_2", {"ORS_2": ""}))
    assert shared_storage.same_storage(make.estate(applications, two)).outcome is Outcome.PASS


def test_an_unknown_export_blocks():
    applications = make.changed(healthy(), "ORS_2", options=NOT_SEEN)
    assert shared_storage.same_storage(make.estate(applications)).causes == ("not seen",)


def nodes(listed: str) -> tuple[Application, ...]:
    return options_of("ORS_2", old="cassandra-nodes=10.0.0.1;10.0.0.2", new=f"cassandra-nodes={listed}")


@pytest.mark.parametrize("listed", ["10.0.0.2;10.0.0.9", "10.0.0.3,10.0.0.4:9160", "cass-3", "lost;10.0.0.4"])
def test_node_lists_that_lead_to_the_same_ring(listed):
    ring = make.ring(resolved={"cass-3": ("10.0.0.3",), "lost": NOT_SEEN})
    assert shared_storage.same_storage(make.estate(nodes(listed), cassandra=ring)).outcome is Outcome.PASS


def test_a_node_list_that_leads_elsewhere():
    violation = only(shared_storage.same_storage(make.estate(nodes("10.0.0.11;10.0.0.12"))))
    assert violation.subject == "ORS_2"
    assert violation.found.endswith("leads to no node of the audited ring")


def test_a_node_list_that_leads_to_another_ring_that_was_asked_too():
    other = make.node("10.1.0.1", schema_versions={"b": ("10.1.0.1",)}, places={}, tokens={})
    ring = make.ring(*(make.node(address) for address in make.NODE_PLACES), other)
    violation = only(shared_storage.same_storage(make.estate(nodes("10.1.0.1"), cassandra=ring)))
    assert violation.found.endswith("leads to another ring than the other members use")


def test_a_node_list_that_cannot_be_resolved_blocks():
    ring = make.ring(resolved={"lost": NOT_SEEN})
    assert shared_storage.same_storage(make.estate(nodes("lost"), cassandra=ring)).causes == ("not seen",)


def test_without_a_ring_lists_that_share_nothing_are_a_note():
    judgement = shared_storage.same_storage(make.estate(nodes("10.0.0.3"), cassandra=NOT_SEEN))
    assert judgement.outcome is Outcome.PASS
    assert "share no host" in judgement.notes[0]


def test_the_same_words_for_this_host_mean_different_hosts():
    applications = options_of("ORS_1", "ORS_2", old="=10.0.0.1;10.0.0.2", new="=localhost")
    assert len(shared_storage.same_storage(make.estate(applications, cassandra=NOT_SEEN)).notes) == 1
    on_one_machine = make.ring(make.node("127.0.0.1"), resolved={"localhost": ("127.0.0.1",)})
    assert shared_storage.same_storage(make.estate(applications, cassandra=on_one_machine)).outcome is Outcome.PASS


def test_a_member_without_a_node_list_beside_one_with_it_is_not_known():
    estate = make.estate(options_of("ORS_2", old="cassandra-nodes", new="#cassandra-nodes"))
    assert shared_storage.same_storage(estate).outcome is Outcome.BLOCKED
    everyone = ("ORS_1", "ORS_1_B", "ORS_2", "ORS_2_B")
    both = make.estate(options_of(*everyone, old="cassandra-nodes", new="#cassandra-nodes"))
    assert shared_storage.same_storage(both).outcome is Outcome.PASS


def test_options_that_must_be_the_same_on_all_nodes():
    applications = options_of("ORS_2_B", extra="[orchestration]\ncomplete-assoc-on-target-node=true\n")
    violation = only(shared_options.same_on_all_nodes(make.estate(applications, to_release="8.1.400.53")))
    assert (violation.subject, violation.expected) == ("ORS_2_B", f"{COMPLETE} = false, as on ORS_1 of ORS_Cluster")
    assert shared_options.same_on_all_nodes(make.estate(applications)).outcome is Outcome.NOT_APPLICABLE
    assert shared_options.same_on_all_nodes(make.estate(applications, to_release="8.1.4")).outcome is Outcome.BLOCKED


@pytest.mark.parametrize("value", ["FALSE", "false"])
def test_not_set_is_the_documented_default(value):
    applications = options_of("ORS_2", extra=f"[orchestration]\ncomplete-assoc-on-target-node={value}\n")
    assert shared_options.same_on_all_nodes(make.estate(applications, to_release="8.1.400.64")).outcome is Outcome.PASS


def test_an_option_of_a_team_on_all_nodes():
    rule = shared_options.same_on_all_nodes
    options = {"x/a": shared_options.NodeOption()}
    assert rule(make.estate(), options).outcome is Outcome.PASS
    assert (
        only(rule(make.estate(options_of("ORS_1", extra="[x]\na=1\n")), options)).expected
        == "x/a not set, as on ORS_1_B of ORS_Cluster"
    )
    assert rule(make.estate(make.changed(healthy(), "ORS_1", options=NOT_SEEN)), options).outcome is Outcome.BLOCKED


def test_an_option_of_a_team_that_no_node_sets():
    rule = shared_options.option_same_on_all_nodes
    judgement = rule(make.estate(), "x/a")
    assert (judgement.outcome, judgement.reason) == (Outcome.NOT_APPLICABLE, "no application in scope sets x/a")
    estate = make.estate(options_of("ORS_1", extra="[x]\na=1\n"))
    assert rule(estate, "x/a").outcome is Outcome.FAIL
    assert rule(estate, "x/a", named("ORS_1")).outcome is Outcome.PASS
    assert rule(estate, "x/a", named("ORS_2*")).outcome is Outcome.NOT_APPLICABLE
    assert rule(estate, "x/a", named("NOBODY*")).outcome is Outcome.ERROR


@pytest.mark.parametrize(("other", "outcome"), [("one", Outcome.PASS), ("two", Outcome.FAIL)])
def test_secrets_on_all_nodes_are_compared_by_their_digests(other, outcome):
    applications = options_of("ORS_1", "ORS_1_B", "ORS_2", extra="[x]\npassword=one\n")
    last = make.export(f"{make.HEALTHY_OPTIONS}[x]\npassword={other}\n", "exports/ORS_2_B.cfg")
    estate = make.estate(make.changed(applications, "ORS_2_B", options=last))
    judgement = shared_options.option_same_on_all_nodes(estate, "x/password")
    assert judgement.outcome is outcome
    assert [violation.subject for violation in judgement.violations] == ["ORS_2_B"] * (outcome is Outcome.FAIL)


def test_a_cluster_without_a_node_in_scope_is_not_judged_by_its_options():
    two = (make.cluster(), make.cluster("ORS_Cluster_2", {}))
    judgement = shared_options.same_on_all_nodes(make.estate(clusters=two, to_release="8.1.400.64"))
    assert judgement.outcome is Outcome.PASS
    alone = make.estate(clusters=two[1:], to_release="8.1.400.64")
    assert shared_options.same_on_all_nodes(alone).reason == shared_options.NO_NODE


def test_a_backup_in_another_keyspace_is_found():
    violation = only(shared_storage.same_storage(make.estate(options_of("ORS_2_B", old="name=Orch", new="name=Other"))))
    assert violation.subject == "ORS_2_B"


def sharing(text: str) -> tuple[Cluster, ...]:
    return clusters(shared=make.export(text, "exports/ORS_Cluster.cfg"))


def test_an_option_that_contradicts_the_shared_one():
    estate = make.estate(
        clusters=sharing("[orchestration]\nmcr-pull-limit=400\nfunctions-by-urs=TRUE\n"), to_release="8.1.400.64"
    )
    judgement = shared_options.no_conflict(estate)
    assert [violation.subject for violation in judgement.violations] == ["ORS_1", "ORS_1_B", "ORS_2", "ORS_2_B"]
    assert judgement.violations[0].where == "exports/ORS_1.cfg:4"


def test_the_same_value_in_both_places_is_fine():
    estate = make.estate(clusters=sharing("[orchestration]\nmcr-pull-limit=500\n#functions-by-urs=false\n"))
    assert shared_options.no_conflict(estate).outcome is Outcome.PASS


def test_shared_options_that_are_not_known():
    estate = make.estate(clusters=clusters(shared=NOT_SEEN))
    assert shared_options.no_conflict(estate).outcome is Outcome.BLOCKED
    assert shared_options.has_shared_options(estate).holds == NOT_SEEN
    known = make.estate(make.changed(healthy(), "ORS_1", options=NOT_SEEN), sharing("[x]\na=1\n"))
    assert shared_options.no_conflict(known).causes == ("not seen",)
    partly = make.estate(clusters=sharing("[orchestration]\nmcr-pull-limit=400\nrubbish\n"))
    assert shared_options.no_conflict(partly).outcome is Outcome.FAIL
    assert len(shared_options.no_conflict(partly).gaps) == 1


@pytest.mark.parametrize("found", [clusters(), sharing(""), sharing("[x]\n#a=1\n")])
def test_no_shared_options(found):
    assert shared_options.has_shared_options(make.estate(clusters=found)).holds is False
    assert shared_options.no_conflict(make.estate(clusters=found)).outcome is Outcome.NOT_APPLICABLE


def test_the_transaction_is_enabled_and_in_its_place():
    assert only(cluster.is_in_place(make.estate(clusters=clusters(enabled=False)))).found == "is disabled"
    assert only(cluster.is_in_place(make.estate(clusters=clusters(tenant="Sales")))).found == "lies under Sales"
    for tenant in ("Environment", "Resources"):
        assert cluster.is_in_place(make.estate(clusters=clusters(tenant=tenant))).outcome is Outcome.PASS
    assert cluster.is_in_place(make.estate(clusters=clusters(enabled=NOT_SEEN))).outcome is Outcome.BLOCKED
    assert "tenant not given" in cluster.is_in_place(make.estate()).evidence[0].text


@pytest.mark.parametrize(
    ("build", "outcome"),
    [("8.1.400.63", Outcome.FAIL), ("8.1.400.64", Outcome.NOT_APPLICABLE), ("8.1.4", Outcome.BLOCKED)],
)
def test_the_fixed_name_before_64(build, outcome):
    case = Case(make.estate(clusters=(make.cluster("ORS_Cluster_1"),), to_release=build))
    case.require(builds.target_before("8.1.400.64"))
    case.judge(cluster.is_named, "ORS_Cluster")
    assert case.judgements[0].outcome is outcome


@pytest.mark.parametrize(
    ("build", "outcome"),
    [("8.1.400.63", Outcome.NOT_APPLICABLE), ("8.1.401.10", Outcome.PASS), ("8.1.4", Outcome.BLOCKED)],
)
def test_shared_options_count_from_64_on(build, outcome):
    case = Case(make.estate(clusters=sharing("[x]\na=1\n"), to_release=build))
    case.require(shared_options.has_shared_options)
    case.require(builds.target_from("8.1.400.64"))
    case.judge(shared_options.no_conflict)
    assert case.judgements[0].outcome is outcome
