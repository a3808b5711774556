# SPDX-License-Identifier: Apache-2.0
"""Thrift calls to Cassandra as bytes, and bytes as answers: thriftpy2's binary protocol behind a check of bounds."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import thriftpy2
from thriftpy2.protocol.binary import TBinaryProtocol
from thriftpy2.thrift import TApplicationException, TMessageType

from orsgate.probes.bounds import MalformedError, Walk

IDL: Any = thriftpy2.load(str(Path(__file__).with_name("cassandra.thrift")), module_name="orsgate_cassandra_thrift")
"""The types of ``cassandra.thrift``."""


_Protocol: Any = TBinaryProtocol  # thriftpy2 ships a py.typed mark and untyped functions


class AnswerError(Exception):
    """The server answered a call with an exception.

    Attributes:
        kind: name of the Thrift exception.
        why: what the server says.
    """

    def __init__(self, kind: str, why: str) -> None:
        super().__init__(f"{kind}: {why}")
        self.kind = kind
        self.why = why


class _Out:
    """What thriftpy2 writes to."""

    def __init__(self) -> None:
        self.data = bytearray()

    def write(self, data: bytes) -> None:
        self.data += data


class _In:
    """What thriftpy2 reads from: a view of the frame, so that nothing is copied but the values."""

    def __init__(self, frame: bytearray, at: int) -> None:
        self._frame = memoryview(frame)
        self._at = at

    def read(self, count: int) -> bytes:
        """The next ``count`` bytes; the walk before has made sure that they are there."""
        start, self._at = self._at, self._at + count
        return bytes(self._frame[start : self._at])


def encode(call: str, arguments: Mapping[str, Any], seqid: int) -> bytes:
    """The message that makes ``call``."""
    payload = getattr(IDL.Cassandra, f"{call}_args")(**arguments)
    out = _Out()
    protocol = _Protocol(out)
    protocol.write_message_begin(call, TMessageType.CALL, seqid)
    payload.write(protocol)
    return bytes(out.data)


def decode(call: str, seqid: int, frame: bytearray) -> Any:
    """The answer to ``call``, None for a call without a result.

    Raises:
        MalformedError: the frame holds no proper answer to this call.
        AnswerError: the server answered with an exception.
    """
    walk = Walk(frame)
    name, kind, answered = walk.header()
    if name != call:
        raise MalformedError(f"it answers {name!r} instead of {call!r}")
    if answered != seqid:
        raise MalformedError(f"it has the sequence id {answered} instead of {seqid}")
    if kind == TMessageType.EXCEPTION:
        trouble = _read(TApplicationException, walk)
        raise AnswerError("TApplicationException", trouble.message or f"application error {trouble.type}")
    if kind != TMessageType.REPLY:
        raise MalformedError(f"it is a message of type {kind}, not a reply")
    return _outcome(_read(getattr(IDL.Cassandra, f"{call}_result"), walk))


def _read(payload: type, walk: Walk) -> Any:
    start = walk.at
    walk.whole(payload)
    value = payload()
    try:
        _Protocol(_In(walk.frame, start), strict_decode=True).read_struct(value)
    except UnicodeDecodeError as error:
        raise MalformedError("it has a text that is not UTF-8") from error
    return value


def _outcome(result: Any) -> Any:
    for field, spec in result.thrift_spec.items():
        value = getattr(result, spec[1], None)
        if field and value is not None:
            raise AnswerError(type(value).__name__, getattr(value, "why", None) or "no reason given")
    if 0 not in result.thrift_spec:
        return None
    if result.success is None:
        raise MalformedError("it has no result")
    return result.success
