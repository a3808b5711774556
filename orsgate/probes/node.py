# SPDX-License-Identifier: Apache-2.0
"""Reads one Cassandra node by the protocol that it offers: Thrift, which ORS needs, or the native protocol."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal

from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.ring import Node
from orsgate.probes.client import Client
from orsgate.probes.facts import Facts
from orsgate.probes.native_client import NativeClient
from orsgate.probes.native_node import NativeReader
from orsgate.probes.thrift_node import ThriftReader
from orsgate.probes.transport import Target
from orsgate.probes.trouble import ProbeError, SpeaksNativeError, thrift_not_found

Protocol = Literal["thrift", "native"]

_ELSEWHERE = frozenset({Failure.REFUSED, Failure.TIMEOUT, Failure.CLOSED, Failure.GARBLED})
"""Failures after which the other protocol may answer. Not after a refused login: accounts get locked by repeated tries."""
_NOBODY_THERE = frozenset({Failure.REFUSED, Failure.TIMEOUT, Failure.CLOSED, Failure.UNREACHABLE})
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
    """

    target: Target
    first: Protocol
    ports: Mapping[Protocol, int] | None
    thrift: Callable[[Target], Client]
    native: Callable[[Target], NativeClient]

    def elsewhere(self, protocol: Protocol) -> Target | None:
        """Where ``protocol`` may be spoken, other than at ``target``."""
        port = self.ports[protocol] if self.ports is not None else self.target.port
        return None if port == self.target.port else Target(self.target.host, port)


class NodeReader:
    """One node: its facts so far, and the members of the ring that it has named so far."""

    def __init__(self, ways: Ways, *, listed: bool, learnt: Callable[[], None] = lambda: None) -> None:
        self.facts = Facts(learnt)
        self._ways = ways
        self._listed = listed
        self._thrift: Client | None = None
        self._native: NativeClient | None = None
        self._answered_natively = ""
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
            if error.unknown.failure in _ELSEWHERE and native is not None:
                trouble = self._read_natively(native)
                self._trouble = error.unknown if trouble is None or trouble.failure in _NOBODY_THERE else trouble
        else:
            ThriftReader(client, self.facts).read()

    def _read_native_first(self) -> None:
        trouble = self._trouble = self._read_natively(self._ways.target)
        thrift = self._ways.elsewhere("thrift")
        if thrift is None:
            self.facts.keep("thrift", thrift_not_found(str(self._ways.target)).unknown)
            return
        client = self._thrift = self._ways.thrift(thrift)
        answer = self.facts.learn("thrift", partial(client.call, "describe_version"))
        if isinstance(answer, Unknown):
            return
        if trouble is None:
            if self.facts.known("snitch") is None:
                self.facts.learn("snitch", partial(client.call, "describe_snitch"))
        elif trouble.failure in _ELSEWHERE:
            ThriftReader(client, self.facts).read()

    def _read_natively(self, target: Target) -> Unknown | None:
        """Read everything over the native protocol; gives why nothing could be read."""
        client = self._native = self._ways.native(target)
        try:
            client.open()
        except ProbeError as error:
            return error.unknown
        self._answered_natively = str(target)
        NativeReader(client, self.facts).read()
        return None
