# SPDX-License-Identifier: Apache-2.0
"""Lists of Cassandra nodes, and the ring they lead to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.ring import Node, SavedTopology
from orsgate.rules.node_lists import ListedNode, RingIndex, leads_to_ring, parse_node_list
from tests import make

SILENT = Unknown("10.0.0.9:9160 did not answer", failure=Failure.TIMEOUT)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        (" ; , ", []),
        ("a;b,c", [("a", None), ("b", None), ("c", None)]),
        ("a:9160; b :1", [("a", 9160), ("b :1", None)]),
        ("[2001:db8::1]:9160;2001:db8::2", [("2001:db8::1", 9160), ("2001:db8::2", None)]),
        ("a:port;a:99999", [("a:port", None), ("a:99999", None)]),
    ],
)
def test_lists(text, found):
    assert parse_node_list(text) == tuple(ListedNode(*entry) for entry in found)


@given(st.text(max_size=40))
def test_any_text_can_be_read(text):
    for node in parse_node_list(text):
        assert node.host
        assert node.port is None or 1 <= node.port <= 65535


def silent(host: str) -> Node:
    unknown: dict[str, Any] = dict.fromkeys(("address", "thrift", "schema_versions", "places", "tokens"), SILENT)
    return replace(make.node(host), **unknown)


@pytest.mark.parametrize("host", ["10.0.0.1", "cass-3", "CASS-3.", "gateway", "10.9.9.9"])
def test_hosts_that_lead_to_the_ring(host):
    ring = make.ring(
        make.node("10.0.0.1"),
        make.node("10.0.0.2", asked="gateway:19160"),
        resolved={"cass-3": ("10.0.0.3",), "gateway": ("10.9.9.9",)},
    )
    assert leads_to_ring(ring, host) is True


def test_hosts_that_lead_elsewhere():
    ring = make.ring(resolved={"other": ("10.0.0.99",)})
    assert leads_to_ring(ring, "10.0.0.11") is False
    assert leads_to_ring(ring, "other") is False


def test_hosts_that_are_not_known_to_lead_anywhere():
    ring = make.ring(resolved={"lost": Unknown("lost does not resolve")})
    assert leads_to_ring(ring, "lost") == Unknown("lost does not resolve")
    assert isinstance(leads_to_ring(ring, "never-looked-up"), Unknown)


def test_a_node_that_was_asked_in_vain_is_known_only_where_another_names_it():
    assert leads_to_ring(make.ring(make.node("10.0.0.1"), silent("10.0.0.9")), "10.0.0.9") == SILENT
    assert leads_to_ring(make.ring(make.node("10.0.0.1"), silent("10.0.0.2")), "10.0.0.2") is True


def test_nodes_that_are_known_by_their_address_only_are_not_known_to_be_different_rings():
    mapped = [replace(silent(host), address=host) for host in ("10.0.0.1", "10.0.0.2")]
    index = RingIndex(make.ring(*mapped))
    assert index.rings_of_list(["10.0.0.1", "10.0.0.2"]) == (frozenset(), SILENT)
    answering = [replace(node, thrift="19.33.0") for node in mapped]
    assert RingIndex(make.ring(*answering)).leads("10.0.0.2") == SILENT
    alone = make.node("10.0.0.1", schema_versions=SILENT, places={}, tokens={"10.0.0.1": ("0",)})
    assert leads_to_ring(make.ring(alone), "10.0.0.1") is True


def test_without_the_whole_list_of_members_nothing_is_known_to_lead_elsewhere():
    ring = make.ring(make.node("10.0.0.1", schema_versions=SILENT))
    assert leads_to_ring(ring, "10.0.0.1") is True
    assert leads_to_ring(ring, "10.0.0.11") == SILENT
    assert isinstance(leads_to_ring(make.ring(silent("10.0.0.9")), "10.0.0.1"), Unknown)


def test_two_rings_are_told_apart():
    other = make.node("10.1.0.1", schema_versions={"b": ("10.1.0.1", "10.1.0.2")}, places={}, tokens={})
    index = RingIndex(make.ring(make.node("10.0.0.1"), other))
    assert index.rings("10.0.0.1") == index.rings("10.0.0.4") != index.rings("10.1.0.2")
    assert len(index.rings_of_list(["10.0.0.1", "10.1.0.1"])[0]) == 2


def test_a_saved_topology_makes_nobody_a_member():
    ring = make.ring(
        make.node("10.0.0.1"), topology=SavedTopology(make.NODE_PLACES | {"10.0.0.5": make.NODE_PLACES["10.0.0.1"]}, "f")
    )
    assert leads_to_ring(ring, "10.0.0.5") is False
