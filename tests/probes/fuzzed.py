# SPDX-License-Identifier: Apache-2.0
"""What any bytes in place of an answer of Thrift must come to: a value, or one of two errors, in little time and memory."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import strategies as st
from thriftpy2.thrift import TApplicationException

from orsgate.probes.bounds import COSTLIEST, MalformedError, Walk
from orsgate.probes.codec import IDL, AnswerError, decode
from tests.probes.samples import keyspace, rows, token_range
from tests.probes.scripted import reply

SEQID = 3
SLOWEST = 2.0
"""Seconds of processor time that an answer of a few kilobytes may take: how busy the machine is does not count."""

_texts = st.text(max_size=12)
_bytes = st.binary(max_size=12)
_lists = st.lists(_texts, max_size=4)
_places = st.tuples(_texts, _texts, _texts)
_columns = st.dictionaries(_bytes, _bytes, max_size=4)
_troubles = st.one_of(
    st.builds(lambda why: IDL.InvalidRequestException(why=why), _texts),
    st.builds(TApplicationException, st.integers(0, 12), _texts),
)
_values: Mapping[str, st.SearchStrategy[Any]] = {
    "login": st.none(),
    "set_keyspace": st.none(),
    "describe_version": _texts,
    "describe_cluster_name": _texts,
    "describe_schema_versions": st.dictionaries(_texts, _lists, max_size=4),
    "describe_token_map": st.dictionaries(_texts, _texts, max_size=4),
    "describe_keyspaces": st.lists(
        st.builds(keyspace, _texts, _texts, **dict.fromkeys(["DC1", "replication_factor"], _texts)), max_size=3
    ),
    "describe_ring": st.lists(
        st.builds(lambda members, rpc: token_range(*members, rpc=rpc), st.lists(_places, max_size=3), _lists), max_size=3
    ),
    "execute_cql_query": st.builds(lambda found: rows(*found), st.lists(st.tuples(_bytes, _columns), max_size=3)),
    "execute_cql3_query": st.builds(lambda found: rows(*found), st.lists(st.tuples(_bytes, _columns), max_size=3)),
}
ANSWERS = st.sampled_from(sorted(_values)).flatmap(
    lambda call: st.tuples(
        st.just(call), _values[call] if call == "login" else st.one_of(_values[call], _values[call], _troubles)
    )
)
"""A call, and what a node may answer to it."""


def _flip(frame: bytearray, at: int, piece: bytes) -> bytearray:
    frame[at] ^= piece[0] or 1
    return frame


def _cut(frame: bytearray, at: int, _: bytes) -> bytearray:
    return frame[:at]


def _without(frame: bytearray, at: int, piece: bytes) -> bytearray:
    return frame[:at] + frame[at + len(piece) :]


def _insert(frame: bytearray, at: int, piece: bytes) -> bytearray:
    return frame[:at] + piece + frame[at:]


def _double(frame: bytearray, at: int, piece: bytes) -> bytearray:
    return frame[:at] + frame[at : at + 4 * len(piece)] + frame[at:]


def _length(frame: bytearray, at: int, piece: bytes) -> bytearray:
    """Four bytes become a length: huge, negative, or a little off."""
    choices = (
        2**31 - 1,
        10_000_000,
        -1,
        -(2**31),
        0,
        1,
        len(frame),
        len(frame) - at,
        int.from_bytes(frame[at : at + 4], "big") + 1,
    )
    number = choices[piece[0] % len(choices)] % 2**32
    frame[at : at + 4] = number.to_bytes(4, "big")
    return frame


_CHANGES: tuple[Callable[[bytearray, int, bytes], bytearray], ...] = (_flip, _cut, _without, _insert, _double, _length)
CHANGES = st.lists(
    st.tuples(st.sampled_from(_CHANGES), st.integers(0, 1 << 16), st.binary(min_size=1, max_size=8)), min_size=1, max_size=6
)
"""What becomes of the bytes of an answer on their way."""


def changed(call: str, answer: Any, changes: list[tuple[Callable[..., bytearray], int, bytes]]) -> bytearray:
    """The bytes of ``answer`` after ``changes``; an exception that the call does not declare makes an empty result."""
    frame = bytearray(reply(call, SEQID, answer))
    for change, at, piece in changes:
        if frame:
            frame = change(frame, at % len(frame), piece)
    return frame


def check_decoding(call: str, frame: bytearray) -> Any:
    """The value or the error that comes of ``frame``; nothing else may come of it."""
    before, started = bytes(frame), time.thread_time()
    outcome: Any
    try:
        outcome = decode(call, SEQID, frame)
    except (MalformedError, AnswerError) as error:
        assert str(error)  # noqa: PT017 - each of them says something
        outcome = error
    assert time.thread_time() - started < SLOWEST
    assert bytes(frame) == before
    walk = Walk(frame)
    try:
        walk.header()
        walk.whole(getattr(IDL.Cassandra, f"{call}_result"))
    except MalformedError:
        assert isinstance(outcome, MalformedError | AnswerError)  # what is not walked to its end is not decoded
    assert walk.cost <= COSTLIEST * 2
    return outcome
