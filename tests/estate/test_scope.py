# SPDX-License-Identifier: Apache-2.0
"""Scope: what is judged, and what is left out and why."""

from __future__ import annotations

from typing import Any

from orsgate.estate.inventory import Application
from orsgate.estate.knowledge import Unknown
from orsgate.estate.scope import Scope
from tests import make


def scope(applications: tuple[Application, ...] | None = None, **section: Any) -> Scope:
    return make.estate(applications, file={"scope": section}).scope


def names(found: Scope) -> list[str]:
    return [application.name for application in found.applications]


def healthy(**fields: Any) -> tuple[Application, ...]:
    return make.changed((*make.pair("ORS_1"), *make.pair("ORS_2"), *make.SERVERS), "ORS_2", **fields)


TWO_CLUSTERS = (make.cluster("A", {"ORS_1": ""}), make.cluster("B", {"ORS_2": ""}))


def test_every_ors_is_in_scope_in_the_order_of_the_inventory_and_nothing_else() -> None:
    found = scope()
    assert names(found) == ["ORS_1", "ORS_1_B", "ORS_2", "ORS_2_B"]
    assert (found.excluded, found.disabled) == ((), ())


def test_an_exclusion_is_a_pattern_with_a_reason_and_case_counts() -> None:
    found = scope(exclude=[{"application": "ORS_2*", "reason": "lab"}, {"application": "ors_1", "reason": "no"}])
    assert names(found) == ["ORS_1", "ORS_1_B"]
    assert [(left.name, left.reason) for left in found.excluded] == [("ORS_2", "lab"), ("ORS_2_B", "lab")]


def test_a_disabled_application_is_listed_and_one_whose_state_is_unknown_is_judged() -> None:
    assert scope(healthy(enabled=False)).disabled == ("ORS_2",)
    assert "ORS_2" in names(scope(healthy(enabled=Unknown("not visible"))))


def test_what_is_excluded_is_not_listed_as_disabled() -> None:
    found = scope(healthy(enabled=False), exclude=[{"application": "ORS_2", "reason": "lab"}])
    assert found.disabled == ()


def test_a_choice_of_clusters_takes_the_members_with_their_backups() -> None:
    found = make.estate(None, TWO_CLUSTERS, file={"scope": {"clusters": ["A"]}}).scope
    assert names(found) == ["ORS_1", "ORS_1_B"]
    assert [cluster.transaction for cluster in found.clusters] == ["A"]
    assert {left.name for left in found.excluded} == {"ORS_2", "ORS_2_B"}


def test_an_application_in_no_cluster_stays_in_scope_so_that_it_is_noticed() -> None:
    estate = make.estate(None, (TWO_CLUSTERS[0],), file={"scope": {"clusters": ["A"]}})
    assert "ORS_2" in names(estate.scope)


def test_a_member_of_two_clusters_is_judged_if_one_of_them_is() -> None:
    clusters = (make.cluster("A", {"ORS_1": "", "ORS_2": ""}), TWO_CLUSTERS[1])
    estate = make.estate(None, clusters, file={"scope": {"clusters": ["A"]}})
    assert "ORS_2" in names(estate.scope)


def test_a_disabled_member_is_no_member() -> None:
    clusters = (TWO_CLUSTERS[0], make.cluster("B", {"#ORS_2": ""}))
    estate = make.estate(None, clusters, file={"scope": {"clusters": ["A"]}})
    assert "ORS_2" in names(estate.scope)


def test_members_of_a_cluster_are_the_enabled_ones_in_scope() -> None:
    cluster = make.cluster(members={"ORS_1": "DC1", "#ORS_2": "DC2", "ORS_9": ""})
    estate = make.estate(None, (cluster,))
    assert [application.name for _, application in estate.members(cluster)] == ["ORS_1"]


def test_a_backup_belongs_to_the_cluster_of_its_primary() -> None:
    estate = make.estate(None, TWO_CLUSTERS)
    assert estate.cluster_of(estate.applications["ORS_2_B"]) == TWO_CLUSTERS[1]
