# SPDX-License-Identifier: Apache-2.0
"""Which Transactions are taken for ORS clusters."""

from __future__ import annotations

import pytest

from orsgate.estate.knowledge import Unknown
from orsgate.estate.secret import Redactor
from orsgate.sources.clusters import FoundClusters, clusters_among
from orsgate.sources.key_values import KeyValues, key_values
from orsgate.sources.objects import Named, RawTransaction
from orsgate.sources.resolving import Names

SERVERS = ("ORS_1", "ORS_2")


def transaction(name: str, annex: object = None, kind: str | Unknown = "list", state: str = "enabled") -> RawTransaction:
    found = annex if isinstance(annex, Unknown | KeyValues) else key_values(annex, "userproperties")
    return RawTransaction(name, 1, kind, state, 1, found)


def among(*transactions: RawTransaction, asked_for: tuple[str, ...] = ()) -> FoundClusters:
    tenants = Names("tenant", (Named("Environment", 1),))
    return clusters_among(transactions, SERVERS, asked_for, tenants, "gax:1", Redactor())


def taken(found: FoundClusters) -> list[str]:
    return [cluster.transaction for cluster in found.clusters]


def test_the_fixed_name_and_any_list_that_names_applications():
    found = among(
        transaction("ORS_Cluster", {"cluster": {"ORS_1": "DC1"}}),
        transaction("Other", {"cluster": {"ORS_2": "", "#ORS_1": ""}, "log": {"all": "x"}}),
        transaction("Unrelated", {"cluster": {"x": "y"}}),
        transaction("Nothing", {"other": {"ORS_1": "x"}}),
    )
    assert taken(found) == ["ORS_Cluster", "Other"]
    assert found.clusters[0].tenant == "Environment"
    assert [(member.application, member.enabled) for member in found.clusters[1].members or ()] == [
        ("ORS_2", True),
        ("ORS_1", False),
    ]
    assert any("Unrelated" in remark and "none of its keys" in remark for remark in found.remarks)
    assert any(
        "Other was taken for an ORS cluster: its Annex section cluster names 2 ORS applications" in each for each in found.remarks
    )


def test_names_that_are_nearly_those_of_applications():
    assert taken(among(transaction("T", {"cluster": {"ors_1 ": "DC1"}}))) == ["T"]


def test_another_type_is_taken_where_there_is_no_list():
    macro = transaction("M", {"cluster": {"ORS_1": "DC1"}}, "macro")
    assert taken(among(macro)) == ["M"]
    found = among(macro, transaction("L", {"cluster": {"ORS_1": "DC1"}}))
    assert taken(found) == ["L"]
    assert any("M was not taken" in remark and "macro" in remark for remark in found.remarks)


@pytest.mark.parametrize("kind", ["macro", "list", Unknown("its type is not known")])
def test_the_fixed_name_is_always_judged(kind):
    [cluster] = among(transaction("ORS_Cluster", {}, kind)).clusters
    assert cluster.type == kind
    assert cluster.members is None


def test_what_the_estate_file_asks_for():
    assert taken(among(transaction("Mine", {"cluster": {"x": ""}}), asked_for=("Mine",))) == ["Mine"]


def test_an_annex_that_is_not_known():
    unknown = Unknown("broken")
    [cluster] = among(transaction("ORS_Cluster", unknown)).clusters
    assert cluster.shared is unknown
    assert cluster.members is None
    assert taken(among(transaction("Other", unknown))) == []
