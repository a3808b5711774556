# SPDX-License-Identifier: Apache-2.0
"""Reads one Cassandra node by the protocol that it offers: Thrift, which ORS needs, or the native protocol."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal

from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.ring import Node
from orsgate.probes import tables, thrift_node
from orsgate.probes.client import Client
from orsgate.probes.facts import Facts
from orsgate.probes.native_client import NativeClient
from orsgate.probes.native_node import NativeReader
from orsgate.probes.thrift_node import ThriftReader
from orsgate.probes.transport import Target
from orsgate.probes.trouble import SpeaksNativeError, other_node, thrift_not_found
from orsgate.wire.trouble import ProbeError, attempt

Protocol = Literal["thrift", "native"]

ELSEWHERE = frozenset({Failure.REFUSED, Failure.TIMEOUT, Failure.CLOSED, Failure.GARBLED})
"""Failures after which the other protocol may answer. Not after a refused login: accounts get locked by repeated tries."""
NOBODY_THERE = frozenset({Failure.REFUSED, Failure.TIMEOUT, Failure.CLOSED, Failure.UNREACHABLE})
"""Failures of the second protocol that tell less than the failure of the first."""


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways to one node.

    Attributes:
        target: where it is asked first.
        first: what is spoken there.
        ports: usual port of each protocol, for the one that is not spoken there; None: only this port leads to the node.
        thrift: makes a client for a target.
        native: makes a client for a target.
        claim: whether nobody else asks at a target; whoever asks first has it.
    """

    target: Target
    first: Protocol
    ports: Mapping[Protocol, int] | None
    thrift: Callable[[Target], Client]
    native: Callable[[Target], NativeClient]
    claim: Callable[[Target], bool] = lambda _: True

    def elsewhere(self, protocol: Protocol) -> Target | None:
        """Where ``protocol`` may be spoken, other than at ``target``; None too where another node is asked there."""
        port = self.ports[protocol] if self.ports is not None else self.target.port
        found = Target(self.target.host, port)
        return found if port != self.target.port and self.claim(found) else None


class NodeReader:
    """One node: its facts so far, and the members of the ring that it has named so far."""

    def __init__(self, ways: Ways, *, listed: bool, learnt: Callable[[], None] = lambda: None) -> None:
        self.facts = Facts(learnt)
        self._ways = ways
        self._listed = listed
        self._thrift: Client | None = None
        self._native: NativeClient | None = None
        self._answered_natively = ""
        self._host_id: str | None = None
        self._trouble: Unknown | None = None

    def close(self) -> None:
        """Close whatever connection there is."""
        for client in (self._thrift, self._native):
            if client is not None:
                client.close()

    def node(self, missing: Unknown) -> Node:
        """The node with the facts learnt so far; the others are ``missing``."""
        asked = str(self._ways.target)
        thrift = str(self._thrift.target) if self._thrift is not None else asked
        facts = self.facts.all(self._trouble or missing)
        return Node(
            asked=asked,
            listed=self._listed,
            native=self._answered_natively,
            thrift_at="" if thrift == asked else thrift,
            **facts,
        )

    def read(self) -> None:
        """Ask for everything."""
        if self._ways.first == "native":
            self._read_native_first()
            return
        client = self._thrift = self._ways.thrift(self._ways.target)
        try:
            self.facts.keep("thrift", client.call("describe_version"))
        except SpeaksNativeError:
            self._read_native_first()
        except ProbeError as error:
            self.facts.keep("thrift", error.unknown)
            self._trouble = error.unknown
            native = self._ways.elsewhere("native")
            if error.unknown.failure in ELSEWHERE and native is not None:
                trouble = self._read_natively(native)
                self._trouble = error.unknown if trouble is None or trouble.failure in NOBODY_THERE else trouble
        else:
            ThriftReader(client, self.facts).read()

    def _read_native_first(self) -> None:
        trouble = self._trouble = self._read_natively(self._ways.target)
        # A port that closes on hearing the native protocol may be that of Thrift.
        foreign = trouble is not None and trouble.failure is Failure.CLOSED
        thrift = self._ways.elsewhere("thrift") or (self._ways.target if foreign else None)
        if thrift is None:
            self.facts.keep("thrift", trouble or thrift_not_found(str(self._ways.target)).unknown)
            return
        client = self._thrift = self._ways.thrift(thrift)
        answer = attempt(partial(client.call, "describe_version"))
        if trouble is None and not isinstance(answer, Unknown):
            answer = self._of_this_node(client, answer)
        self.facts.keep("thrift", answer)
        if isinstance(answer, Unknown):
            return
        if trouble is None:
            # What the native protocol does not tell: which members can be reached, and before 4.0 the snitch.
            self.facts.learn("schema_versions", partial(thrift_node.schema_versions, client, self.facts))
            self.facts.learn("snitch", partial(client.call, "describe_snitch"))
        elif trouble.failure in ELSEWHERE:
            ThriftReader(client, self.facts).read()

    def _of_this_node(self, client: Client, answer: str) -> str | Unknown:
        """``answer``, if it was given by the node that was read over the native protocol, and not by one beside it."""
        told = attempt(partial(tables.host_id, client))
        if isinstance(told, Unknown) and told.failure is not Failure.REJECTED:
            return told
        # Whoever speaks the native protocol has a host_id, and tells it over Thrift too.
        same = told == self._host_id and self._host_id is not None
        return answer if same else other_node(str(client.target), self._answered_natively).unknown

    def _read_natively(self, target: Target) -> Unknown | None:
        """Read everything over the native protocol; gives why nothing could be read."""
        client = self._native = self._ways.native(target)
        try:
            client.open()
        except ProbeError as error:
            return error.unknown
        self._answered_natively = str(target)
        reader = NativeReader(client, self.facts)
        reader.read()
        self._host_id = reader.host_id
        return None
