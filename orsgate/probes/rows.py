# SPDX-License-Identifier: Apache-2.0
"""Looks for the row of a session by its exact key, in the column families in which ORS keeps sessions; never scans one."""

from __future__ import annotations

import math
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from orsgate.estate.deployment import RowSeen
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.probes.access import Access
from orsgate.probes.client import Client
from orsgate.probes.login import LoginGate
from orsgate.probes.native_client import NativeClient
from orsgate.probes.node import ELSEWHERE, NOBODY_THERE, Protocol
from orsgate.probes.row_readers import NativeRowReader, RowReader, ThriftRowReader
from orsgate.probes.transport import Target
from orsgate.probes.trouble import SpeaksNativeError
from orsgate.wire.deadline import Deadline, Limits
from orsgate.wire.resolve import Resolver
from orsgate.wire.trouble import ProbeError, attempt

FAMILIES = ("Session", "SessionIDServerInfo")
"""Where ORS keeps sessions (Genesys, "Sizing Guidance", ORS 8.1.4: one column a row in the first, two in the second)."""
WITHIN = 30.0
"""Seconds within which the row of a session that went idle is expected (ORS-1005)."""
_EVERY = 0.25


@dataclass(frozen=True, slots=True)
class _Until(Limits):
    """Limits whose calls end when the look-up does.

    Attributes:
        until: the end of the look-up on the clock of ``time.monotonic``.
    """

    until: float = math.inf

    def deadline(self, seconds: float | None = None) -> Deadline:
        """The deadline of a call that begins now."""
        left = self.until - time.monotonic()
        return Limits.deadline(self, max(min(self.call if seconds is None else seconds, left), 0.001))


def look_up(nodes: Sequence[Target], access: Access, keyspace: str, session: str, seconds: float = WITHIN) -> RowSeen | Unknown:
    """Look for the row of a session until it is there or the time is up.

    Those of ``FAMILIES`` that the keyspace has are asked for the row whose key is the session id, as the bytes of its text
    (unconfirmed). Most replicas have to agree (QUORUM); where too few of them answer, one is asked (ONE): a row that one
    replica has counts as found, one that it lacks does not count as absent.

    Args:
        nodes: of the ring; asked one after the other until one of them answers.
        access: how they are reached.
        keyspace: that of the application, ``persistence/cassandra-keyspace-name``.
        session: the session id.
        seconds: the whole look-up may take.

    Returns:
        Where the row is, or that it is in none of the column families asked; ``Unknown`` where no node could tell, the
        keyspace is not there, or it has none of ``FAMILIES``.
    """
    return _Search(access, keyspace, session, seconds).ask(tuple(dict.fromkeys(nodes)))


class _Search:
    """One look-up."""

    def __init__(self, access: Access, keyspace: str, session: str, seconds: float) -> None:
        limits = access.limits
        self._access = access
        self._keyspace = keyspace
        self._session = session
        self._began = time.monotonic()
        self._limits = _Until(
            call=min(limits.call, seconds / 2),  # a node that hangs leaves time for another one
            connect=limits.connect,
            run_until=limits.run_until,
            cancel=limits.cancel,
            until=self._began + seconds,
        )
        self._resolver = Resolver()
        self._gate = LoginGate(access.login) if access.login is not None else None
        self._shared: frozenset[str] = frozenset()

    def ask(self, nodes: tuple[Target, ...]) -> RowSeen | Unknown:
        """Ask the nodes, one after the other."""
        targets = Counter(target.host for target in nodes)
        # Behind a host that forwards several ports nothing tells where the other protocol of one node is reached.
        self._shared = frozenset(host for host, count in targets.items() if count > 1)
        told: Unknown | None = None
        for node in nodes:
            answer = self._ask(node)
            if not isinstance(answer, Unknown) or answer.failure in {Failure.MISSING, Failure.NOT_ASKED}:
                return answer
            if told is None or told.failure in NOBODY_THERE:
                told = answer
            if time.monotonic() >= self._limits.until:
                break
        return told or Unknown("no node of the Cassandra ring is known, to be asked for a session", failure=Failure.NOT_GIVEN)

    def _ask(self, node: Target) -> RowSeen | Unknown:
        """What a node tells, by the protocol that it offers."""
        first = self._access.first
        try:
            return self._over(first, node)
        except SpeaksNativeError:
            return attempt(partial(self._over, "native", node))
        except ProbeError as error:
            trouble = error.unknown
        other: Protocol = "native" if first == "thrift" else "thrift"
        port = self._access.ports[other]
        if trouble.failure in ELSEWHERE and node.host not in self._shared and port != node.port:
            answer = attempt(partial(self._over, other, Target(node.host, port)))
            if not isinstance(answer, Unknown) or answer.failure not in NOBODY_THERE:
                return answer
        return trouble

    def _over(self, protocol: Protocol, target: Target) -> RowSeen | Unknown:
        """What a node tells.

        Raises:
            ProbeError: nothing, by this protocol.
        """
        client: Client | NativeClient
        reader: RowReader
        if protocol == "thrift":
            client = Client(target, self._resolver, self._limits, self._gate, self._access.tls)
            reader = ThriftRowReader(client, self._keyspace)
        else:
            client = NativeClient(target, self._resolver, self._limits, self._gate, self._access.tls)
            reader = NativeRowReader(client, self._keyspace)
        try:
            return self._poll(reader)
        finally:
            client.close()

    def _poll(self, reader: RowReader) -> RowSeen | Unknown:
        there = reader.families()
        families = tuple(name for name in FAMILIES if name in there)
        if not families:
            cause = (
                f"the keyspace {self._keyspace} has none of the column families in which ORS keeps sessions,"
                f" {' and '.join(FAMILIES)}, but: {', '.join(sorted(there)) or 'none'}"
            )
            return Unknown(cause, reader.where, Failure.MISSING)
        absent: RowSeen | Unknown | None = None
        while True:
            try:
                found, weak = self._round(reader, families)
            except ProbeError as error:
                # What was cut short by the end of the look-up takes nothing back from the round before.
                if absent is not None and error.unknown.failure is Failure.TIMEOUT and time.monotonic() >= self._limits.until:
                    return absent
                raise
            now = time.monotonic()
            seen = RowSeen(found, families, reader.where, now - self._began)
            if found:
                return seen
            absent = replace(weak, where=reader.where) if weak is not None else seen
            if now + _EVERY >= self._limits.until:
                return absent
            (self._limits.cancel or threading.Event()).wait(_EVERY)
            self._limits.check_run()

    def _round(self, reader: RowReader, families: tuple[str, ...]) -> tuple[str, Unknown | None]:
        """The column family that holds the row, or why it is not known that none does.

        Raises:
            ProbeError: the node answers no more.
        """
        weak: Unknown | None = None
        for family in families:
            try:
                found = reader.holds(family, self._session, quorum=True)
            except ProbeError as error:
                if error.fatal:
                    raise
                weak = weak or _only_one(error.unknown)
                found = self._held_by_one(reader, family)
            if found:
                return family, None
        return "", weak

    def _held_by_one(self, reader: RowReader, family: str) -> bool:
        try:
            return reader.holds(family, self._session, quorum=False)
        except ProbeError as error:
            if error.fatal:
                raise
            return False


def _only_one(refusal: Unknown) -> Unknown:
    cause = f"that no replica holds the session is not known, since most of them could not be asked: {refusal.cause}"
    return replace(refusal, cause=cause)
