# SPDX-License-Identifier: Apache-2.0
"""The decoder: right values, and never another exception than the two that it announces."""

from __future__ import annotations

import tracemalloc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from thriftpy2.thrift import TApplicationException

from orsgate.probes.bounds import MalformedError, Walk
from orsgate.probes.codec import IDL, AnswerError, decode, encode
from tests.probes.fuzzed import ANSWERS as MADE
from tests.probes.fuzzed import CHANGES, changed, check_decoding
from tests.probes.samples import keyspace, rows, token_range
from tests.probes.scripted import reply

ANSWERS: dict[str, Any] = {
    "login": None,
    "describe_version": "19.33.0",
    "describe_schema_versions": {"59adb24e": ["10.0.0.1"], "UNREACHABLE": ["10.0.0.2"]},
    "describe_keyspaces": [keyspace("ors", "NetworkTopologyStrategy", DC1="2", DC2="1")],
    "describe_ring": [token_range(("10.0.0.1", "DC1", "R1"), ("10.0.0.2", "DC2", "R1"))],
    "describe_token_map": {"0": "10.0.0.1"},
    "execute_cql_query": rows((b"\xff", {b"a": b"\x00\xff", b"b": b""})),
    "execute_cql3_query": IDL.InvalidRequestException(why="no"),
    "set_keyspace": TApplicationException(6, "Internal error"),
}
GOOD = {call: reply(call, 3, answer) for call, answer in ANSWERS.items()}


def attempt(call: str, frame: bytes) -> Any:
    try:
        return decode(call, 3, bytearray(frame))
    except (MalformedError, AnswerError) as error:
        assert str(error)  # noqa: PT017 - each of them says something
        return error


@pytest.mark.parametrize("call", sorted(GOOD))
def test_answers_that_break_off_are_malformed(call: str) -> None:
    for end in range(len(GOOD[call])):
        assert isinstance(attempt(call, GOOD[call][:end]), MalformedError)


@pytest.mark.parametrize("call", [call for call, answer in ANSWERS.items() if not isinstance(answer, Exception)])
def test_good_answers_are_read(call: str) -> None:
    assert attempt(call, GOOD[call]) == ANSWERS[call]


@pytest.mark.parametrize(
    ("call", "kind", "why"),
    [
        ("execute_cql3_query", "InvalidRequestException", "no"),
        ("set_keyspace", "TApplicationException", "Internal error"),
    ],
)
def test_exceptions_are_told(call: str, kind: str, why: str) -> None:
    error = attempt(call, GOOD[call])
    assert (error.kind, error.why) == (kind, why)


def test_fields_that_the_idl_does_not_name_are_skipped() -> None:
    frame = GOOD["describe_version"][:-1] + b"\x0d\x00\x63\x0b\x08\x00\x00\x00\x01\x00\x00\x00\x01k\x00\x00\x00\x07\x00"
    assert attempt("describe_version", frame) == "19.33.0"


def test_a_call_names_its_method_type_and_sequence_id() -> None:
    walk = Walk(bytearray(encode("describe_ring", {"keyspace": "ors"}, 7)))
    assert walk.header() == ("describe_ring", 1, 7)


@given(st.sampled_from(sorted(GOOD)), st.binary(max_size=200))
def test_random_bytes(call: str, data: bytes) -> None:
    assert isinstance(attempt(call, data), MalformedError)


@given(st.sampled_from(sorted(GOOD)), st.binary(max_size=200))
def test_random_bytes_behind_a_good_head(call: str, data: bytes) -> None:
    attempt(call, reply(call, 3, None)[:-1] + data)


@given(st.sampled_from(sorted(GOOD)), st.data())
def test_good_answers_with_bytes_changed(call: str, data: st.DataObject) -> None:
    frame = bytearray(GOOD[call])
    for _ in range(data.draw(st.integers(1, 4))):
        frame[data.draw(st.integers(0, len(frame) - 1))] = data.draw(st.integers(0, 255))
    attempt(call, bytes(frame))


@given(st.sampled_from(sorted(GOOD)), st.data())
def test_good_answers_with_a_piece_cut_out_or_doubled(call: str, data: st.DataObject) -> None:
    frame = GOOD[call]
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(frame))] * 2)))
    attempt(call, frame[:start] + frame[end:])
    attempt(call, frame[:end] + frame[start:])


@given(MADE)
def test_made_answers_are_read_or_told(made: tuple[str, Any]) -> None:
    call, answer = made
    outcome = check_decoding(call, bytearray(reply(call, 3, answer)))
    if isinstance(answer, TApplicationException) or (isinstance(answer, Exception) and call.startswith(("execute", "set_"))):
        assert isinstance(outcome, AnswerError)
    elif not isinstance(answer, Exception):
        assert outcome == answer


@given(MADE, CHANGES)
def test_made_answers_with_bytes_changed(made: tuple[str, Any], changes: list[Any]) -> None:
    check_decoding(made[0], changed(*made, changes))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("call", "answer"),
    [
        ("describe_ring", [token_range(("10.0.0.1", "DC1", "R1"), ("10.0.0.2", "DC2", "R1"))] * 1000),
        ("describe_ring", [token_range()] * 1000),
        ("describe_keyspaces", [keyspace(f"ks{number}", DC1="2") for number in range(1000)]),
        ("describe_token_map", {str(number): "" for number in range(1000)}),
        ("describe_schema_versions", {str(number): [] for number in range(1000)}),
        ("execute_cql_query", rows(*[(b"k", {b"a": b"b"})] * 1000)),
        ("describe_cluster_name", "\U0001f600" + "x" * 1_000_000),
    ],
)
def test_the_memory_that_an_answer_takes_is_estimated_from_above(call: str, answer: Any) -> None:
    frame = bytearray(reply(call, 3, answer))
    walk = Walk(frame)
    walk.header()
    walk.whole(getattr(IDL.Cassandra, f"{call}_result"))
    tracemalloc.start()
    try:
        value = decode(call, 3, frame)
        taken = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert value is not None
    assert taken < walk.cost
