# SPDX-License-Identifier: Apache-2.0
"""What applications ask Cassandra to create, read from their options as it stands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orsgate.estate.estate import Estate
from orsgate.estate.knowledge import Unknown
from orsgate.rules.keyspace_requests import KeyspaceRequest, application_requests, as_pairs, keyspace_requests
from orsgate.rules.strategy import parse_strategy_options
from tests import make

HEALTHY = KeyspaceRequest("Orchestration", "NetworkTopologyStrategy", (("DC1", "2"), ("DC2", "2")))


def of(options: str) -> Estate:
    return make.estate((make.ors("ORS_1", options), *make.SERVERS))


def test_applications_that_ask_for_the_same_ask_once():
    assert keyspace_requests(make.estate()) == (HEALTHY,)


def test_the_same_options_written_in_another_way_are_the_same_request():
    text = make.HEALTHY_OPTIONS.replace("DC1:2;DC2:2", "DC2=2, DC1 = 2;")
    assert keyspace_requests(of(text)) == (HEALTHY,)


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("replication_factor:9", {"replication_factor": "9"}),
        ("DC1:two;DC9:-1", {"DC1": "two", "DC9": "-1"}),
        ("DC1:", {"DC1": ""}),
        ("DC1:2:3", {"DC1": "2:3"}),
    ],
)
def test_what_makes_no_sense_is_left_to_the_server(text, pairs):
    assert as_pairs(text) == pairs


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("two", '"two" is not NAME:VALUE'),
        ("DC1:2;;DC2:2", '"" is not NAME:VALUE'),
        ("DC1:2;DC1:3", '"DC1" is named twice'),
        (" ", '"" is not NAME:VALUE'),
    ],
)
def test_what_is_no_pairs_cannot_be_handed_over(text, says):
    assert as_pairs(text) == says


@given(st.text(alphabet="DC12:=;, -x"))
def test_what_the_rules_can_read_the_server_is_given(text):
    known, pairs = parse_strategy_options(text), as_pairs(text)
    if isinstance(known, dict):
        assert isinstance(pairs, dict)
        assert {name: int(value) for name, value in pairs.items()} == known


@pytest.mark.parametrize("key", ["cassandra-keyspace-name", "cassandra-strategy-class", "cassandra-strategy-options"])
def test_an_option_that_is_not_set_is_a_fault(key):
    kept = "\n".join(line for line in make.HEALTHY_OPTIONS.splitlines() if not line.startswith(f"{key}="))
    (asked,) = application_requests(of(kept))
    assert (asked.request, asked.unknown) == (None, None)
    assert asked.fault is not None
    assert asked.fault.found == f"persistence/{key} is not set"
    (asked,) = application_requests(of(f"{kept}\n{key}=\n"))
    assert asked.fault is not None
    assert asked.fault.found == f"persistence/{key} is set to nothing"


def test_options_that_are_not_known_are_no_fault():
    (asked,) = application_requests(make.estate((make.ors("ORS_1", Unknown("it cannot be read")), *make.SERVERS)))
    assert (asked.request, asked.fault) == (None, None)
    assert asked.unknown is not None
    assert asked.unknown.cause == "it cannot be read"
