# SPDX-License-Identifier: Apache-2.0
"""Asks the nodes of a ring, many at a time, and goes on to the members that they name; each member once."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.ring import FACTS, Node
from orsgate.probes.access import Access
from orsgate.probes.client import Client
from orsgate.probes.facts import settled
from orsgate.probes.login import LoginGate
from orsgate.probes.members import Members
from orsgate.probes.native_client import NativeClient
from orsgate.probes.node import NodeReader, Ways
from orsgate.probes.transport import Target
from orsgate.probes.trouble import another_member, not_understood
from orsgate.wire.resolve import Resolver
from orsgate.wire.trouble import ProbeError, attempt, interrupted

MOST_AT_ONCE = 16
"""Nodes that are asked at the same time."""
MOST_NODES = 512
"""Nodes that are asked at all: whatever answers on a port must not make this host call on a whole network."""
_POLL = 0.05


@dataclass(frozen=True, slots=True)
class Seed:
    """A node to begin with.

    Attributes:
        target: where it is asked.
        listed: whether the estate file or the application options name it.
    """

    target: Target
    listed: bool = True


@dataclass(frozen=True, slots=True)
class Progress:
    """Something happened to one node.

    Attributes:
        asked: ``host:port``.
        node: None when it begins to be asked; what was learnt when that is over.
    """

    asked: str
    node: Node | None = None


class _Probe:
    """One node being asked, in a thread of its own (a ``members.Contact``)."""

    def __init__(self, seed: Seed, member: str | None, crawl: Crawl) -> None:
        self.target = seed.target
        self.member = member
        self.done = threading.Event()
        self.same_as_another = False
        self._crawl = crawl
        self._seed = seed
        self._reader = NodeReader(crawl.ways(seed.target), listed=seed.listed, learnt=crawl.wake.set)
        self._broken: Unknown | None = None

    @property
    def addresses(self) -> tuple[str, ...]:
        return self._crawl.resolver.known(self.target.host)

    @property
    def told(self) -> str | None:
        return self._reader.facts.address

    @property
    def named(self) -> Mapping[str, Iterable[str]]:
        """The members that it has named so far."""
        return self._reader.facts.members

    def start(self) -> None:
        # A daemon thread: a server that hangs must not keep the process from ending.
        threading.Thread(target=self._read, name=f"probe {self.target}", daemon=True).start()

    def _read(self) -> None:
        try:
            addresses = self._crawl.resolver.addresses(self.target.host, self._crawl.limits.deadline())
            self.same_as_another = not self._crawl.claim(addresses[0], self.target.port)
            if not self.same_as_another:
                self._reader.read()
        except ProbeError as error:
            self._broken = error.unknown
        except Exception as error:  # noqa: BLE001 - it is reported: as what could not be learnt of this node
            self._broken = not_understood(str(self.target), error).unknown
        finally:
            self._reader.close()
            self.done.set()
            self._crawl.wake.set()

    def node(self, unasked: Unknown) -> Node:
        """What was learnt; ``unasked`` stands for what was not asked yet."""
        told, where = self.told, str(self.target)
        if self.member is not None and told not in {None, self.member}:
            return _blank(self._seed, another_member(where, self.member, str(told)).unknown, self.member)
        node = self._reader.node(replace(self._broken or unasked, where=where))
        address = self._crawl.members.identify(self)
        return settled(replace(node, address=address) if isinstance(node.address, Unknown) and address else node)


class Crawl:
    """One reading of a ring; all but ``claim`` belongs to the thread that called it."""

    def __init__(self, access: Access, seeds: Iterable[Target]) -> None:
        self.limits = access.limits
        self.resolver = Resolver()
        self.wake = threading.Event()
        self.members = Members(access.reached, access.default_port, self.resolver)
        self._access = access
        self._gate = LoginGate(access.login) if access.login is not None else None
        # Behind a host that forwards several ports nothing tells where the other protocol of one node is reached.
        hosts = Counter(target.host for target in {*access.reached.values(), *seeds})
        self._forwarding = {host for host, targets in hosts.items() if targets > 1}
        self._probes: list[_Probe] = []
        self._waiting: list[_Probe] = []
        self._running: list[_Probe] = []
        self._lock = threading.Lock()
        self._claimed: set[tuple[str, int]] = set()

    def ways(self, target: Target) -> Ways:
        """The ways to the node at ``target``."""

        def thrift(where: Target) -> Client:
            return Client(where, self.resolver, self.limits, self._gate, self._access.tls)

        def native(where: Target) -> NativeClient:
            return NativeClient(where, self.resolver, self.limits, self._gate, self._access.tls)

        ports = None if target.host in self._forwarding else self._access.ports
        return Ways(target, self._access.first, ports, thrift, native, self._claims)

    def _claims(self, target: Target) -> bool:
        addresses = self.resolver.known(target.host)
        return self.claim(addresses[0] if addresses else target.host, target.port)

    def claim(self, address: str, port: int) -> bool:
        """Whether nobody else asks there: two names of one node are one node."""
        with self._lock:
            fresh = (address, port) not in self._claimed
            self._claimed.add((address, port))
            return fresh

    def add(self, seed: Seed, member: str | None = None) -> None:
        """Queue a node."""
        probe = _Probe(seed, member, self)
        self._probes.append(probe)
        self._waiting.append(probe)

    def read(self, report: Callable[[Progress], None]) -> Unknown:
        """Ask every node there is; gives why what is missing then was not asked."""
        over = None
        while over is None and (self._waiting or self._running):
            self._launch(report)
            self.wake.wait(_POLL)
            self.wake.clear()
            self._discover()
            self._finish(report)
            over = attempt(self.limits.check_run)
        return over or interrupted().unknown

    def nodes(self, unasked: Unknown) -> Iterator[Node]:
        """Every node once, in the order in which they became known."""
        found: list[Node] = []
        answered: dict[str, int] = {}
        for probe in self._probes:
            node = probe.node(unasked)
            if probe.same_as_another:
                continue
            if node.silence is None:
                known = answered.setdefault(node.name, len(found))
                if known < len(found) and _says_the_same(node, found[known]):
                    if isinstance(found[known].thrift, Unknown):  # one node by two ports: Thrift is what ORS needs
                        found[known] = replace(node, listed=node.listed or found[known].listed)
                    continue
            found.append(node)
        yield from found
        rest = self._unasked()
        for member in rest[:MOST_NODES]:
            yield _blank(Seed(self.members.target(member), listed=False), unasked, member)
        if len(rest) > MOST_NODES:
            cause = f"the ring names {len(rest)} members more than the {MOST_NODES} that are asked"
            yield _blank(Seed(Target("further members", 1), listed=False), Unknown(cause, "", Failure.NOT_ASKED), "")

    def _launch(self, report: Callable[[Progress], None]) -> None:
        while self._waiting and len(self._running) < MOST_AT_ONCE:
            probe = self._waiting.pop(0)
            self._running.append(probe)
            report(Progress(str(probe.target)))
            probe.start()

    def _discover(self) -> None:
        for probe in self._probes:
            self.members.learn(probe.named)
        # A seed of which it is not known yet who it is may be the very member that would be asked once more.
        if all(probe.done.is_set() or self.members.identify(probe) for probe in self._probes):
            for member in self._unasked()[: max(MOST_NODES - len(self._probes), 0)]:
                self.add(Seed(self.members.target(member), listed=False), member)

    def _finish(self, report: Callable[[Progress], None]) -> None:
        for probe in [each for each in self._running if each.done.is_set()]:
            self._running.remove(probe)
            if not probe.same_as_another:
                report(Progress(str(probe.target), probe.node(interrupted().unknown)))

    def _unasked(self) -> list[str]:
        """Members of the ring that no probe leads to."""
        asked = {self.members.identify(probe) for probe in self._probes}
        return [member for member in self.members if member not in asked]


def _blank(seed: Seed, unknown: Unknown, address: str) -> Node:
    """A node of which nothing is known but its address."""
    unknown = replace(unknown, where=str(seed.target))
    facts: dict[str, Any] = {**dict.fromkeys(FACTS, unknown), "address": address}
    return Node(asked=str(seed.target), listed=seed.listed, **facts)


def _says_the_same(node: Node, other: Node) -> bool:
    """Whether two that give the same address are one node asked twice, and not two that share it behind a map or NAT."""
    facts = (
        (node.release, other.release),
        (node.cluster_name, other.cluster_name),
        (node.schema_versions, other.schema_versions),
    )
    return all(isinstance(one, Unknown) or isinstance(two, Unknown) or one == two for one, two in facts)
