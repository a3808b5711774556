# SPDX-License-Identifier: Apache-2.0
"""Calls to a node of the twin, so that whatever it does is a fact and no exception."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import md5

from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.rehearsal import Answer, Attempt, CallResult, Definition, TokenRange
from orsgate.sandbox.client import Client, NoAnswer, Refused
from orsgate.sandbox.errors import UsageError
from orsgate.sandbox.node import Node

FAMILY = "Rehearsal"
"""The column family that holds the rows of a rehearsal."""
_COLUMN = b"written"
_REFUSALS = {"UnavailableException": CallResult.UNAVAILABLE, "TimedOutException": CallResult.TIMED_OUT}
"""The Thrift exceptions that have a meaning of their own."""
_TRIES = 3
"""A row is tried so often while the coordinator waits in vain: on a busy machine that proves nothing."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the rehearsal.

    Attributes:
        key: hashed by RandomPartitioner it falls into the token range.
        range_end: the last token of that range.
    """

    key: bytes
    range_end: str


def rows_for(tokens: list[int]) -> tuple[Row, ...]:
    """One row for each token range of a ring of RandomPartitioner with ``tokens``."""
    ends = sorted(tokens)
    found: dict[int, bytes] = {}
    number = 0
    while len(found) < len(ends):
        key = b"rehearsal %d" % number
        token = abs(int.from_bytes(md5(key, usedforsecurity=False).digest(), signed=True))
        found.setdefault(next((end for end in ends if token <= end), ends[0]), key)
        number += 1
    return tuple(Row(found[end], str(end)) for end in ends)


def create(node: Node, name: str, strategy_class: str, options: Mapping[str, str]) -> Answer | Unknown:
    """Create a keyspace with a column family."""
    where = f"{node.seed} system_add_keyspace"

    def call() -> None:
        with _thrift(node) as client:
            client.add_keyspace(name, strategy_class, options, (FAMILY,))

    answer = _answer(call, where)
    if answer.result in {CallResult.DONE, CallResult.REFUSED, CallResult.CLOSED}:
        return answer
    return Unknown(f"the twin did not say in time whether it creates keyspace {name}", where, Failure.TIMEOUT)


def definition(node: Node, keyspace: str) -> Definition | Unknown:
    """The keyspace as ``node`` gives it back."""
    where = f"{node.seed} describe_keyspace"
    try:
        with _thrift(node) as client:
            name, options = client.definition(keyspace)
            return Definition(name, options, where)
    except (NoAnswer, Refused) as error:
        return Unknown(f"the twin does not give keyspace {keyspace} back: {_said(error)}", where, Failure.REJECTED)


def ranges(node: Node, keyspace: str) -> tuple[TokenRange, ...] | Unknown:
    """Who holds which token range of a keyspace, as ``node`` computes it."""
    where = f"{node.seed} describe_ring"
    try:
        with _thrift(node) as client:
            return tuple(TokenRange(end, holders) for end, holders in client.ranges(keyspace))
    except (NoAnswer, Refused) as error:
        return Unknown(f"the twin does not tell who holds keyspace {keyspace}: {_said(error)}", where, Failure.REJECTED)


def write_and_read(node: Node, keyspace: str, row: Row, level: str, value: bytes) -> Attempt:
    """Write a row through ``node`` at a consistency level, and read it back the same way."""

    def write() -> None:
        with _thrift(node) as client:
            client.insert(keyspace, FAMILY, row.key, {_COLUMN: value}, level)

    columns: dict[bytes, bytes] = {}

    def read() -> None:
        columns.clear()
        with _thrift(node) as client:
            columns.update(client.get(keyspace, FAMILY, row.key, level))

    written = _patiently(write, f"{node.seed} insert")
    seen = _patiently(read, f"{node.seed} get_slice") if written.result is CallResult.DONE else None
    if seen is not None and seen.result is CallResult.DONE and columns.get(_COLUMN) != value:
        seen = Answer(CallResult.LOST, "", seen.where)
    return Attempt(node.datacenter, node.seed, level, row.range_end, written, seen)


def nobody(datacenter: str, level: str) -> Attempt:
    """The attempt that nobody in ``datacenter`` can be asked for."""
    return Attempt(datacenter, "", level, "", Answer(CallResult.NO_COORDINATOR, "", ""), None)


@contextmanager
def _thrift(node: Node) -> Iterator[Client]:
    """A connection to a node by the protocol by which ORS reaches Cassandra."""
    with node.client() as client:
        if not isinstance(client, Client):
            raise UsageError(f"Cassandra {node.release} speaks no Thrift, by which ORS reaches Cassandra")
        yield client


def _patiently(call: Callable[[], None], where: str) -> Answer:
    answer = _answer(call, where)
    for _ in range(_TRIES - 1):
        if answer.result is not CallResult.TIMED_OUT:
            break
        answer = _answer(call, where)
    return answer


def _answer(call: Callable[[], None], where: str) -> Answer:
    """What became of a call."""
    from thriftpy2.thrift import TApplicationException  # noqa: PLC0415  # heavy

    try:
        call()
    except TApplicationException as error:
        return Answer(CallResult.REFUSED, error.message or "an internal error of the server", where)
    except Refused as error:
        kind = type(error.__cause__).__name__
        result = _REFUSALS.get(kind, CallResult.REFUSED)
        return Answer(result, _said(error) if result is CallResult.REFUSED else "", where)
    except NoAnswer as error:
        return Answer(CallResult.CLOSED if _closed(error) else CallResult.TIMED_OUT, "", where)
    return Answer(CallResult.DONE, "", where)


def _closed(error: NoAnswer) -> bool:
    """Whether the server ended the connection, rather than to keep us waiting."""
    from thriftpy2.transport import TTransportException  # noqa: PLC0415  # heavy

    cause = error.__cause__
    return isinstance(cause, ConnectionError) or (
        isinstance(cause, TTransportException) and cause.type == TTransportException.END_OF_FILE
    )


def _said(error: NoAnswer | Refused) -> str:
    """The server's own sentence where it gave one, else ours."""
    why = getattr(error.__cause__, "why", None) or str(error)
    return " ".join(why.split())
