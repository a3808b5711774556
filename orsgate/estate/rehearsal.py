# SPDX-License-Identifier: Apache-2.0
"""Facts of a rehearsal: what a twin of the ring on this machine did with what the application options ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from orsgate.estate.knowledge import Basis, Unknown


@dataclass(frozen=True, slots=True)
class TwinDatacenter:
    """A data center of the twin.

    Attributes:
        name: as the ring spells it; ``datacenter1`` where the estate knows no data centers.
        nodes: how many nodes the twin has there; none where the cap leaves no room.
        ring_nodes: how many the ring has, or is planned to have.
    """

    name: str
    nodes: int
    ring_nodes: int


@dataclass(frozen=True, slots=True)
class Twin:
    """The ring that stands in for that of the estate.

    Attributes:
        release: its Cassandra release.
        release_from: where that was taken from, in words.
        release_basis: of the release.
        ring_releases: what the nodes of the ring report, most common first; empty where none was asked or told.
        ring_silent: how many members of the ring did not tell their release, where the ring was asked.
        ring_layout: data center -> nodes of the ring as it was read in the same run; empty where that is not known.
        datacenters: in the order of the ring's.
        layout_from: where data centers and numbers of nodes were taken from.
        layout_basis: of these.
        most_nodes: the cap on its nodes.
    """

    release: str
    release_from: str
    release_basis: Basis
    ring_releases: tuple[str, ...]
    ring_silent: int
    ring_layout: Mapping[str, int]
    datacenters: tuple[TwinDatacenter, ...]
    layout_from: str
    layout_basis: Basis
    most_nodes: int

    @property
    def nodes(self) -> int:
        """How many nodes it has."""
        return sum(each.nodes for each in self.datacenters)

    @property
    def ring_nodes(self) -> int:
        """How many nodes the ring has."""
        return sum(each.ring_nodes for each in self.datacenters)

    @property
    def scaled(self) -> bool:
        """Whether it has fewer nodes than the ring."""
        return self.nodes < self.ring_nodes

    @property
    def other_release(self) -> bool:
        """Whether some node of the ring is known to run another release."""
        return any(release != self.release for release in self.ring_releases)

    @property
    def other_layout(self) -> bool:
        """Whether the ring is known to have other data centers, or other numbers of nodes in them."""
        return bool(self.ring_layout) and dict(self.ring_layout) != {each.name: each.ring_nodes for each in self.datacenters}

    @property
    def ring_shown(self) -> str:
        """The data centers that the ring was seen to have: ``DC1 2, DC2 2``."""
        return ", ".join(f"{name} {nodes}" for name, nodes in self.ring_layout.items())

    def datacenter(self, name: str) -> TwinDatacenter:
        """The data center of that name; one without nodes where neither ring nor twin has it."""
        return next((each for each in self.datacenters if each.name == name), TwinDatacenter(name, 0, 0))

    def __str__(self) -> str:
        """What stands in for what, in one line, with every way in which it is not the ring."""
        shown = ", ".join(
            f"{each.name} {each.nodes}" + (f" of {each.ring_nodes}" if each.nodes < each.ring_nodes else "")
            for each in self.datacenters
        )
        text = f"a twin of the ring on this machine: real Cassandra {self.release} ({self.release_from})"
        text += f", {counted(self.nodes)} ({shown}; {self.layout_from})"
        if self.scaled:
            text += f", at most {self.most_nodes} here while the ring has {self.ring_nodes}"
        if self.other_release:
            text += f"; NOT the release of the ring, which reports {', '.join(self.ring_releases)}"
        if self.ring_silent:
            text += f"; the release of {counted(self.ring_silent)} of the ring is not known"
        if self.other_layout:
            text += f"; NOT the data centers of the ring, which has {self.ring_shown}"
        return text


def counted(nodes: int) -> str:
    """``1 node``, ``2 nodes``."""
    return f"{nodes} node{'s' * (nodes != 1)}"


class CallResult(StrEnum):
    """How a call to the twin ended."""

    DONE = "done"
    UNAVAILABLE = "unavailable"
    """The coordinator knows that too few replicas are up, or that there are too few at all."""
    TIMED_OUT = "timed_out"
    """The coordinator waited in vain for replicas that it took to be up."""
    REFUSED = "refused"
    """The server understood, and said why it will not."""
    CLOSED = "closed"
    """The server closed the connection without an answer."""
    LOST = "lost"
    """A row that was written is read back as something else, or not at all."""
    NO_COORDINATOR = "no_coordinator"
    """No node that could be asked is up in that data center."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the twin answered.

    Attributes:
        result: how the call ended.
        said: the server's own sentence, where it gave one.
        where: ``host:port call``.
    """

    result: CallResult
    said: str
    where: str


@dataclass(frozen=True, slots=True)
class Definition:
    """A keyspace as the twin gives it back."""

    strategy_class: str
    strategy_options: Mapping[str, str]
    where: str


@dataclass(frozen=True, slots=True)
class TokenRange:
    """A token range and who holds it.

    Attributes:
        end: its last token, a decimal string; it begins after the end of the range before.
        replicas: address -> data center.
    """

    end: str
    replicas: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Attempt:
    """A row written, and read back where that went well.

    Attributes:
        datacenter: that of the coordinator.
        coordinator: ``host:port`` that was asked; empty where there was none to ask.
        level: the consistency level.
        range_end: the token range of the row, by its last token.
        write: how the write ended.
        read: how the read ended; None where nothing was written.
    """

    datacenter: str
    coordinator: str
    level: str
    range_end: str
    write: Answer
    read: Answer | None

    @property
    def failed(self) -> tuple[str, Answer] | None:
        """``write`` or ``read`` and how it ended; None where both went well."""
        if self.write.result is not CallResult.DONE:
            return "write", self.write
        if self.read is None or self.read.result is not CallResult.DONE:
            return "read", self.read or self.write
        return None


@dataclass(frozen=True, slots=True)
class NodeDown:
    """What was done while one node was down and all others had noticed it.

    Attributes:
        node: its address.
        datacenter: its data center.
    """

    node: str
    datacenter: str
    attempts: tuple[Attempt, ...] | Unknown


@dataclass(frozen=True, slots=True)
class Trial:
    """One keyspace, rehearsed.

    Attributes:
        keyspace: its name, as the options hold it.
        strategy_class: as the options hold it.
        strategy_options: as they were handed to the server.
        created: the answer to creating it.
        definition: what the twin gives back; None where it was not created.
        ranges: who holds which token range; None where it was not created.
        all_up: rows of every token range with all nodes up; None where it was not created.
        one_down: the same with one node down, a node of each data center in turn; None where it was not created.
        seconds: what it took, start of the twin not counted.
    """

    keyspace: str
    strategy_class: str
    strategy_options: Mapping[str, str]
    created: Answer | Unknown
    definition: Definition | Unknown | None = None
    ranges: tuple[TokenRange, ...] | Unknown | None = None
    all_up: tuple[Attempt, ...] | Unknown | None = None
    one_down: tuple[NodeDown, ...] | Unknown | None = None
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What was rehearsed.

    Attributes:
        trials: one for each distinct keyspace that the applications in scope ask for.
        started_in: seconds until the twin answered and agreed; None where it never did.
        seconds: of the whole rehearsal.
    """

    twin: Twin
    trials: tuple[Trial, ...]
    started_in: float | None
    seconds: float

    @property
    def contradiction(self) -> str:
        """Why this cannot be what one twin did, in words; empty where it can."""
        if not self.twin.nodes:
            return "its twin has no node"
        asked = [(trial.keyspace, trial.strategy_class, dict(trial.strategy_options)) for trial in self.trials]
        for number, (trial, what) in enumerate(zip(self.trials, asked, strict=True)):
            if what in asked[:number]:
                return f"it holds keyspace {trial.keyspace} twice with the same class and options"
            if self.started_in is None and isinstance(trial.created, Answer):
                return f"keyspace {trial.keyspace} was tried on a twin that never started"
            if isinstance(trial.ranges, tuple) and len(trial.ranges) != self.twin.nodes:
                ranges = f"{len(trial.ranges)} token range{'s' * (len(trial.ranges) != 1)}"
                return f"keyspace {trial.keyspace} has {ranges} on a twin of {counted(self.twin.nodes)}, which has one for each"
        return ""
