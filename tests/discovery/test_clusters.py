# SPDX-License-Identifier: Apache-2.0
"""Clusters in an estate file: which were taken and why, and what is doubtful of them."""

from __future__ import annotations

import pytest

from orsgate.discovery.clusters import whole_annex
from orsgate.discovery.estate_text import Reader
from orsgate.estate.inventory import Cluster, Member
from orsgate.estate.knowledge import Unknown
from tests import make
from tests.discovery import configurations as made
from tests.discovery.test_estate_text import text_of

TAKEN = "the Transaction ORS_Cluster was taken for an ORS cluster: it has the fixed name ORS_Cluster"
PASSED = "the Transaction Holidays has an Annex section cluster and was not taken for an ORS cluster: none of its keys fits"


def text(*clusters: Cluster, reader: Reader = "files", remarks: tuple[str, ...] = ()) -> str:
    return text_of(made.configuration(clusters=clusters, remarks=remarks), reader).replace("\n#   ", " ")


@pytest.mark.parametrize("reader", ["live", "files"])
def test_what_the_source_says_of_transactions_stands_with_the_clusters(reader: Reader) -> None:
    told = text(make.cluster(), reader=reader, remarks=(TAKEN, PASSED, "another remark"))
    clusters = told.partition("# The ORS clusters")[2]
    assert f"# {TAKEN}\n# {PASSED}\n" in clusters
    assert told.count(TAKEN) == 1
    assert "# Remark: another remark\n" in told.partition("# The ORS clusters")[0]


@pytest.mark.parametrize("reader", ["live", "files"])
def test_the_reason_is_told_where_the_source_says_none(reader: Reader) -> None:
    told = text(make.cluster(), make.cluster("ORS_Cluster_2", {"ORS_1": "", "ORS_99": ""}), reader=reader)
    assert '# the Transaction "ORS_Cluster" was taken for an ORS cluster: it has the fixed name ORS_Cluster\n' in told
    assert '"ORS_Cluster_2" was taken for an ORS cluster: 1 of 2 options in the section cluster name an ORS application\n' in told


@pytest.mark.parametrize("reader", ["live", "files"])
@pytest.mark.parametrize(
    ("cluster", "doubt"),
    [
        (make.cluster(type="statistic"), 'its type is "statistic", and an ORS cluster is of type list'),
        (make.cluster(members={"ORS_9": ""}), "no option in the section cluster of its Annex names an Orchestration Server"),
        (make.cluster(members={}), "no option in the section cluster of its Annex names an Orchestration Server"),
        (Cluster("ORS_Cluster", make.cluster().origin, members=None), "its Annex has no section cluster"),
    ],
)
def test_what_is_unusual_is_marked(reader: Reader, cluster: Cluster, doubt: str) -> None:
    marked = [line for line in text(cluster, reader=reader).splitlines() if doubt in line]
    assert len(marked) == 1
    assert marked[0].startswith("# CHECK: ")


def test_a_healthy_cluster_is_not_marked() -> None:
    assert "CHECK" not in text(make.cluster(tenant="Environment")).partition("# The ORS clusters")[2]


@pytest.mark.parametrize("reader", ["live", "files"])
def test_no_cluster_is_said(reader: Reader) -> None:
    assert "# CHECK: no Transaction object that was found is an ORS cluster" in text(reader=reader)


def test_what_is_not_known_of_a_cluster_is_said() -> None:
    told = text(Cluster("ORS_Cluster", make.cluster().origin, made.HIDDEN, made.HIDDEN, made.HIDDEN, None, made.HIDDEN))
    for beginning in ("CHECK: type is not known, and is taken as list", "CHECK: enabled is not known", "tenant is not known"):
        assert f"# {beginning}" in told
    assert "# options (its Annex) is not known: the object with DBID 7" in told
    assert "[cluster.members]" not in told


def test_members_that_cannot_stand_there_are_said() -> None:
    members = make.cluster(members={"ORS_1": "DC1", "##ORS_2": ""}).members or ()
    twice = (*members, members[0], Member("#ORS_3", "", enabled=True), Member("a\0b", "", enabled=True))
    told = text(make.cluster(shared=None), Cluster("X", make.cluster().origin, members=twice))
    assert 'ORS_1 = "DC1"\n"##ORS_2" = ""\n' in told
    assert '# CHECK: the member "ORS_1" stands in the Annex a second time\n' in told
    assert '# CHECK: the member "#ORS_3" cannot stand here: # before a name says that it is disabled\n' in told
    assert '# CHECK: members "a\\u0000b" of the cluster cannot stand in an estate file; it was left out\n' in told


def test_two_transactions_with_one_name_are_said_and_one_is_written() -> None:
    told = text(make.cluster(tenant="A"), make.cluster(tenant="B"))
    assert told.count("[[cluster]]\n") == 1
    assert 'CHECK: 2 Transactions have the name "ORS_Cluster"; only the first of them stands here' in told


def test_an_annex_is_whole_with_its_members() -> None:
    shared = make.export("[log]\nverbose=all\n")
    whole = whole_annex(make.cluster(shared=shared))
    assert made.content(whole) == [
        ("cluster", True, [("ORS_1", "DC1", True), ("ORS_2", "DC2", True)]), ("log", True, [("verbose", "all", True)]),
    ]  # fmt: skip
    assert whole_annex(make.cluster(shared=Unknown("not visible"))) == Unknown("not visible")
    assert whole_annex(Cluster("X", make.cluster().origin, members=None)) is None
