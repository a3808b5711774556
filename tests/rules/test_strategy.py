# SPDX-License-Identifier: Apache-2.0
"""Reading replication strategies from option values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orsgate.rules.strategy import FACTOR, LARGEST, NETWORK, SIMPLE, misfit, parse_strategy_options, replicas_in, strategy_class

NAMES = st.text(st.characters(exclude_characters=";,:=", exclude_categories=["Z", "C"]), min_size=1, max_size=12)
BLANKS = st.text(" \t", max_size=2)


@given(
    options=st.dictionaries(NAMES, st.integers(0, 999), min_size=1, max_size=5),
    between=st.sampled_from(";,"),
    assignment=st.sampled_from(":="),
    blank=BLANKS,
    end=st.sampled_from(["", ";", ", "]),
)
def test_what_was_written_is_read_with_either_separator_and_blanks(options, between, assignment, blank, end):
    text = between.join(f"{blank}{name}{blank}{assignment}{blank}{number}{blank}" for name, number in options.items())
    assert parse_strategy_options(text + end) == options


@given(st.text(max_size=60))
def test_any_text_gives_numbers_or_says_what_is_wrong(text):
    found = parse_strategy_options(text)
    assert found if isinstance(found, str) else all(number >= 0 for number in found.values())


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", "it is empty"),
        (" ; ", "it is empty"),
        ("DC1:2;;DC2:2", "an entry is empty"),
        (";DC1:2", "an entry is empty"),
        ("DC1:2;DC1:3", '"DC1" is named twice'),
        (":2", '":2" has no name before its number'),
        ("DC1", '"DC1" has no number (write DC1:2)'),
        ("DC1:two", 'the number of "DC1" is "two", which is no whole number'),
        ("DC1:", 'the number of "DC1" is "", which is no whole number'),
        ("DC1:-1", 'the number of "DC1" is "-1", which is negative'),
        ("DC1:2:3", 'the number of "DC1" is "2:3", which is no whole number'),
        ("DC1:\u0662", 'the number of "DC1" is "\u0662", which is no whole number'),
        ("DC1:2147483648", 'the number of "DC1" is "2147483648", which is too large'),
        ("DC1:" + "9" * 5000, f'the number of "DC1" is "{"9" * 5000}", which is too large'),
        ("DC1:x;DC2", 'the number of "DC1" is "x", which is no whole number; "DC2" has no number (write DC2:2)'),
    ],
)
def test_what_is_wrong_is_said(text, wrong):
    assert parse_strategy_options(text) == wrong


def test_leading_zeros_are_no_trouble_however_many():
    assert parse_strategy_options("DC1:" + "0" * 5000 + "2") == {"DC1": 2}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2", 2), (" 2 ", 2), ("0", 0), ("002", 2), ("00000000002", 2), (str(LARGEST), LARGEST), (str(LARGEST + 1), None),
        ("9" * 5000, None), ("", None), ("two", None), ("-1", None), ("2:3", None), ("\u0662", None),
    ],
)  # fmt: skip
def test_a_number_of_replicas_is_read_as_cassandra_reads_it(text, number):
    assert replicas_in(text) == number


@pytest.mark.parametrize("text", [SIMPLE, NETWORK, f"org.apache.cassandra.locator.{NETWORK}"])
def test_a_class_is_accepted_by_short_and_full_name(text):
    assert strategy_class(text) in {SIMPLE, NETWORK}


@pytest.mark.parametrize(
    "text", ["simplestrategy", "OldNetworkTopologyStrategy", "LocalStrategy", "", "locator.SimpleStrategy", f"{SIMPLE} "]
)
def test_other_classes_are_not(text):
    assert strategy_class(text) is None


@pytest.mark.parametrize(
    ("name", "options"),
    [(SIMPLE, {FACTOR: 1}), (NETWORK, {"DC1": 2, "DC2": 0}), (NETWORK, {"DC1": 1})],
)
def test_what_fits(name, options):
    assert misfit(name, options) == ""


@pytest.mark.parametrize(
    ("name", "options", "wrong"),
    [
        (SIMPLE, {"DC1": 2}, "needs replication_factor"),
        (SIMPLE, {FACTOR: 0}, "at least 1"),
        (SIMPLE, {FACTOR: 2, "DC1": 2}, "nothing else, not DC1"),
        (NETWORK, {FACTOR: 2}, "has no replication_factor"),
        (NETWORK, {"DC1": 2, FACTOR: 2}, "has no replication_factor"),
        (NETWORK, {"DC1": 0, "DC2": 0}, "no data center is given a replica"),
    ],
)
def test_what_does_not_fit(name, options, wrong):
    assert wrong in misfit(name, options)
