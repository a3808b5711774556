# SPDX-License-Identifier: Apache-2.0
"""Planning the twin: release, data centers and nodes, from the ring as it is, as saved, as declared or as asked for."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orsgate.estate.estate import Estate
from orsgate.estate.knowledge import Basis, Failure, Unknown
from orsgate.estate.rehearsal import Twin
from orsgate.estate.ring import Place, SavedTopology
from orsgate.rehearsal.layout import PlanError
from orsgate.rehearsal.plan import TwinOptions, nearest, plan, scaled
from orsgate.rehearsal.rehearse import available_megabytes, places, releases_with_thrift
from orsgate.rules.keyspace_requests import keyspace_requests
from tests import make
from tests.rehearsals import twin

RELEASES = ("1.0.12", "1.1.10", "1.1.12", "1.2.19", "2.0.17", "2.1.22", "2.2.5", "3.9")
SIMPLE = make.HEALTHY_OPTIONS.replace("NetworkTopologyStrategy", "SimpleStrategy").replace("DC1:2;DC2:2", "replication_factor:2")
OFFLINE = Unknown("the Cassandra ring was not asked: --offline", failure=Failure.NOT_ASKED)


def planned(estate: Estate, options: TwinOptions | None = None, saved: SavedTopology | None = None) -> Twin:
    return plan(estate, keyspace_requests(estate), options or TwinOptions(), RELEASES, saved)


def layout(found: Twin) -> dict[str, tuple[int, int]]:
    return {each.name: (each.nodes, each.ring_nodes) for each in found.datacenters}


def test_the_twin_of_a_ring_that_was_read_is_as_that():
    found = planned(make.estate())
    assert (found.release, layout(found)) == ("1.1.12", {"DC1": (2, 2), "DC2": (2, 2)})
    assert (found.release_basis, found.layout_basis) == (Basis.OBSERVED, Basis.OBSERVED)
    assert not found.scaled
    assert not found.other_release
    assert str(found) == (
        "a twin of the ring on this machine: real Cassandra 1.1.12 (as 4 of 4 nodes of the ring report), 4 nodes"
        " (DC1 2, DC2 2; as the ring has them)"
    )


def test_the_release_is_that_of_most_nodes_and_the_others_are_named():
    nodes = [make.node(address) for address in make.NODE_PLACES]
    nodes[0] = replace(nodes[0], release="1.1.10")
    nodes[1] = replace(nodes[1], release=Unknown("it did not answer in time"))
    found = planned(make.estate(cassandra=make.ring(*nodes)))
    assert (found.release, found.ring_releases, found.release_from) == (
        "1.1.12",
        ("1.1.12", "1.1.10"),
        "as 2 of 4 nodes of the ring report",
    )
    assert "NOT the release of the ring, which reports 1.1.12, 1.1.10" in str(found)
    assert found.ring_silent == 1
    assert "the release of 1 node of the ring is not known" in str(found)


def test_another_release_than_the_rings_is_said():
    found = planned(make.estate(), TwinOptions(release="2.2.5"))
    assert (found.release_basis, found.other_release) == (Basis.DECLARED, True)
    assert "real Cassandra 2.2.5 (as --release says)" in str(found)
    assert str(found).endswith("NOT the release of the ring, which reports 1.1.12")


@pytest.mark.parametrize(
    ("cassandra", "options", "says"),
    [
        (OFFLINE, TwinOptions(), "which Cassandra release the twin is to have, and which data centers, is not known: the Cassan"),
        (OFFLINE, TwinOptions(), '--offline; say both, such as --release 1.1.12 --datacenters "DC1:2,DC2:2"'),
        (OFFLINE, TwinOptions(datacenters={"DC1": 2}), "was not asked: --offline; say which one with --release"),
        (OFFLINE, TwinOptions("2.2.8"), "choose the nearest with --release 2.2.5, and the report says that it is not the ring's"),
        (OFFLINE, TwinOptions("4.1.10"), "Cassandra 4.1.10 (as --release says) speaks no Thrift, by which ORS reaches Cassandra"),
        (
            OFFLINE,
            TwinOptions("1.1.12"),
            'ring are not known (the Cassandra ring was not asked: --offline); give them with --datacenters "DC1:2,DC2:2"',
        ),
    ],
)
def test_what_is_not_known_has_to_be_given(cassandra, options, says):
    with pytest.raises(PlanError, match=re.escape(says)):
        planned(make.estate(cassandra=cassandra), options)


def test_a_ring_whose_nodes_tell_no_data_center_needs_them_only_for_such_options():
    nodes = [make.node(address, places={}) for address in make.NODE_PLACES]
    with pytest.raises(PlanError, match=r"the data center of 10\.0\.0\.1, .* is not known: run `nodetool ring`"):
        planned(make.estate(cassandra=make.ring(*nodes)))
    found = planned(make.estate((make.ors("ORS_1", SIMPLE), *make.SERVERS), cassandra=make.ring(*nodes)))
    assert (layout(found), found.layout_from) == ({"datacenter1": (4, 4)}, "as many as the ring has members")
    assert places(found) == ()


def test_a_ring_that_was_not_read_is_as_it_was_saved():
    saved = SavedTopology({f"10.0.0.{n}": Place("DC1" if n < 4 else "DC2", "RAC1") for n in range(1, 6)}, "ring.txt")
    found = planned(make.estate(cassandra=OFFLINE), TwinOptions("1.1.12"), saved)
    assert (layout(found), found.layout_from) == ({"DC1": (3, 3), "DC2": (2, 2)}, "as saved in ring.txt")
    assert found.layout_basis is Basis.OBSERVED


def test_a_ring_that_was_not_read_is_as_it_was_declared():
    file = {"cassandra": {"datacenters": {"10.0.0.1": "DC1", "10.0.0.2": "DC2", "10.0.0.3": "DC1"}}}
    found = planned(make.estate(cassandra=OFFLINE, file=file), TwinOptions("1.1.12"))
    assert (layout(found), found.layout_basis) == ({"DC1": (2, 2), "DC2": (1, 1)}, Basis.DECLARED)


def test_for_simplestrategy_the_nodes_that_are_named_are_enough():
    applications = (make.ors("ORS_1", SIMPLE), *make.SERVERS)
    found = planned(make.estate(applications, cassandra=OFFLINE), TwinOptions("1.1.12"))
    assert (layout(found), found.layout_basis) == ({"datacenter1": (2, 2)}, Basis.DECLARED)
    file = {"cassandra": {"nodes": ["a:9160", "b", "c", "A"]}}
    found = planned(make.estate(applications, cassandra=OFFLINE, file=file), TwinOptions("1.1.12"))
    assert layout(found) == {"datacenter1": (3, 3)}


def test_a_planned_ring_goes_before_the_one_that_is_there():
    found = planned(make.estate(), TwinOptions(datacenters={"DC1": 9, "DC3": 1}, most_nodes=4))
    assert layout(found) == {"DC1": (3, 9), "DC3": (1, 1)}
    assert "4 nodes (DC1 3 of 9, DC3 1; as --datacenters says), at most 4 here while the ring has 10" in str(found)
    assert str(found).endswith("NOT the data centers of the ring, which has DC1 2, DC2 2")
    same = planned(make.estate(), TwinOptions(datacenters={"DC2": 2, "DC1": 2}))
    assert (dict(same.ring_layout), same.other_layout) == ({"DC1": 2, "DC2": 2}, False)


def test_a_ring_that_was_not_read_contradicts_nothing():
    found = planned(make.estate(cassandra=OFFLINE), TwinOptions("1.1.12", {"DC1": 1}))
    assert (dict(found.ring_layout), found.other_layout, found.ring_silent) == ({}, False, 0)


def test_it_is_said_where_the_data_centers_of_members_stand():
    nodes = [make.node(address, places={}) for address in make.NODE_PLACES]
    declared = {address: place.datacenter for address, place in make.NODE_PLACES.items()}
    ring = replace(make.ring(*nodes), declared_datacenters=declared)
    found = planned(make.estate(cassandra=ring))
    assert (layout(found), found.layout_basis) == ({"DC1": (2, 2), "DC2": (2, 2)}, Basis.DECLARED)
    assert re.fullmatch(r"members as the ring has them, their data centers as declared in \S+.*", found.layout_from)
    assert dict(found.ring_layout) == {}
    saved = replace(make.ring(*nodes), topology=SavedTopology(dict(make.NODE_PLACES), "ring.txt"))
    found = planned(make.estate(cassandra=saved))
    assert found.layout_from == "members as the ring has them, their data centers as saved in ring.txt"
    assert (found.layout_basis, dict(found.ring_layout)) == (Basis.OBSERVED, {})


@pytest.mark.parametrize("asked", ["3.9.0", "3.9", "3.9.0.0"])
def test_releases_are_compared_as_numbers(asked):
    nodes = [make.node(address, release="3.9.0") for address in make.NODE_PLACES]
    found = planned(make.estate(cassandra=make.ring(*nodes)), TwinOptions(asked))
    assert (found.release, found.ring_releases, found.release_basis, found.other_release) == (
        "3.9",
        ("3.9",),
        Basis.OBSERVED,
        False,
    )
    assert planned(make.estate(cassandra=make.ring(*nodes))).release == "3.9"
    with pytest.raises(PlanError, match="cannot be started"):
        planned(make.estate(), TwinOptions("3.9-rc1"))


def test_a_promise_that_is_no_number_of_replicas_takes_no_nodes():
    def asking(strategy_options: str) -> dict[str, tuple[int, int]]:
        options = make.HEALTHY_OPTIONS.replace("DC1:2;DC2:2", strategy_options)
        estate = make.estate((make.ors("ORS_1", options), *make.SERVERS))
        return layout(planned(estate, TwinOptions(datacenters={"DC1": 9, "DC2": 9}, most_nodes=4)))

    assert asking("DC1:2147483647;DC2:1") == {"DC1": (3, 9), "DC2": (1, 9)}
    assert asking("DC1:2147483648;DC2:1") == {"DC1": (2, 9), "DC2": (2, 9)}
    assert asking("DC1:many;DC2:3") == {"DC1": (1, 9), "DC2": (3, 9)}


def test_the_cap_leaves_nodes_where_replicas_are_promised():
    assert scaled({"DC1": 9, "DC2": 9, "DC3": 9}, {"DC1": 3, "DC2": 2}, 6) == {"DC1": 3, "DC2": 2, "DC3": 1}
    assert scaled({"DC1": 9, "DC2": 9}, {"DC2": 1}, 1) == {"DC1": 0, "DC2": 1}
    assert scaled({"DC1": 2, "DC2": 40}, {}, 6) == {"DC1": 2, "DC2": 4}


@given(
    st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 20), min_size=1),
    st.dictionaries(st.sampled_from("abcdefghi"), st.integers(0, 20)),
    st.integers(1, 12),
)
def test_a_twin_is_never_larger_than_its_ring_or_the_cap_and_never_smaller_than_it_has_to_be(ring, promised, most):
    found = scaled(ring, promised, most)
    assert found.keys() == ring.keys()
    assert all(found[name] <= ring[name] for name in ring)
    assert sum(found.values()) == min(most, sum(ring.values()))


@pytest.mark.parametrize(
    ("release", "near"), [("2.2.8", "2.2.5"), ("1.1.9", "1.1.10"), ("3.11.4", "3.9"), ("2.3", "2.2.5"), ("0.8", "1.0.12")]
)
def test_the_nearest_release_is_one_of_its_own_line(release, near):
    assert nearest(release, RELEASES) == near


def test_nodes_stand_in_data_centers_in_turn():
    assert places(twin({"DC1": 3, "DC2": 1, "DC3": 2})) == ("DC1", "DC2", "DC3", "DC1", "DC3", "DC1")
    assert places(twin({"datacenter1": 3})) == ()


def test_only_releases_with_thrift_are_rehearsed():
    assert set(RELEASES) <= set(releases_with_thrift())
    assert not [release for release in releases_with_thrift() if release.startswith("4")]


def test_the_memory_that_is_free_is_read(tmp_path):
    meminfo = tmp_path / "meminfo"
    assert available_megabytes(meminfo) is None
    meminfo.write_text("MemTotal: 9 kB\nMemAvailable:    2048000 kB\n", encoding="ascii")
    assert available_megabytes(meminfo) == 2000
