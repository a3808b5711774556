# SPDX-License-Identifier: Apache-2.0
"""What applications ask Cassandra to create, read from their options as it stands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orsgate.estate.estate import Estate
from orsgate.estate.knowledge import Unknown
from orsgate.rules.keyspace_requests import Request, as_pairs, askings, requests
from orsgate.rules.strategy import parse_strategy_options
from tests import make

HEALTHY = Request("Orchestration", "NetworkTopologyStrategy", (("DC1", "2"), ("DC2", "2")))


def of(options: str) -> Estate:
    return make.estate((make.ors("ORS_1", options), *make.SERVERS))


def test_applications_that_ask_for_the_same_ask_once():
    assert requests(make.estate()) == {HEALTHY: ("ORS_1", "ORS_1_B", "ORS_2", "ORS_2_B")}


def test_the_same_options_written_in_another_way_are_the_same_request():
    text = make.HEALTHY_OPTIONS.replace("DC1:2;DC2:2", "DC2=2, DC1 = 2;")
    assert list(requests(of(text))) == [HEALTHY]


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
        ("two", '"two" is no name with a value'),
        ("DC1:2;;DC2:2", '"" is no name with a value'),
        ("DC1:2;DC1:3", '"DC1" stands twice'),
        (" ", '"" is no name with a value'),
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
    (asking,) = askings(of(kept))
    assert (asking.request, asking.unknown) == (None, None)
    assert asking.fault is not None
    assert asking.fault.found == f"persistence/{key} is not set"
    (asking,) = askings(of(f"{kept}\n{key}=\n"))
    assert asking.fault is not None
    assert asking.fault.found == f"persistence/{key} is set to nothing"


def test_options_that_are_not_known_are_no_fault():
    (asking,) = askings(make.estate((make.ors("ORS_1", Unknown("it cannot be read")), *make.SERVERS)))
    assert (asking.request, asking.fault) == (None, None)
    assert asking.unknown is not None
    assert asking.unknown.cause == "it cannot be read"
