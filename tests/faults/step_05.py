# SPDX-License-Identifier: Apache-2.0
"""Step 5: the Cassandra ring."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.ring import UNREACHABLE, Node, Place, Ring
from tests.faults.workshop import (
    ADDRESSES,
    PLACES,
    Change,
    Workshop,
    every_node,
    expect,
    fault,
    harmless,
    node,
    replaced,
    rewritten,
    ring,
    silent,
    snapshot,
)  # fmt: skip

_SILENT = Unknown("it did not answer in time", "127.0.1.4:9160", Failure.TIMEOUT)
_ALL_OF_ONE_NODE = "ORS-0501 ORS-0502 ORS-0504 ORS-0505 ORS-0506"
"""What cannot be judged while a node of the ring says nothing; that it answers at all is ORS-0503."""
_NEEDS_RING = (
    "ORS-0501 ORS-0502 ORS-0503 ORS-0504 ORS-0505 ORS-0506 ORS-0507 ORS-0508"
    " ORS-0707 ORS-0708 ORS-0709 ORS-0710 ORS-0712 ORS-0713"
)
_NOT_ASKED = Unknown("the ring was not asked", failure=Failure.NOT_ASKED)
_FROM_64 = expect(not_applicable="ORS-0409", passes="ORS-0405")
"""What is different from build 8.1.400.64 on: an option that has to agree exists, and the Transaction may have any name."""
_STRANGER = "127.0.1.9"
_LAST = ADDRESSES[3]
_MURMUR3 = "org.apache.cassandra.dht.Murmur3Partitioner"
_BYTES = "org.apache.cassandra.dht.ByteOrderedPartitioner"
_STOCK_FILE = dict.fromkeys(ADDRESSES, Place("DC1", "r1"))
"""What a node tells with the cassandra-topology.properties that Cassandra ships."""


def _release(release: str | Unknown) -> Change:
    return every_node(lambda found: replace(found, release=release))


def _target(release: str) -> Change:
    return replaced("estate.toml", 'to_release = "8.1.400.27"', f'to_release = "{release}"')


def _policy(*releases: str) -> Change:
    quoted = ", ".join(f'"{release}"' for release in releases)
    text = f'\n[policy]\ncassandra = [{quoted}]\nreason = "confirmed in a made-up ticket"\n'
    return replaced("estate.toml", "\n[cassandra]\n", f"{text}\n[cassandra]\n")


def _schema(**versions: tuple[str, ...]) -> Change:
    return every_node(lambda found: replace(found, schema_versions=versions))


def _unreachable(member: str, *indexes: int) -> tuple[Change, ...]:
    others = tuple(address for address in ADDRESSES if address != member)
    return tuple(node(index, schema_versions={"aaaa": others, UNREACHABLE: (member,)}) for index in indexes)


def _tokens(*tokens: int) -> Change:
    told = {address: (str(token),) for address, token in zip(ADDRESSES, tokens, strict=True)}
    return every_node(lambda found: replace(found, tokens=told))


def _without_fact(name: str) -> Change:
    unknown: dict[str, Any] = {name: _SILENT}
    return every_node(lambda found: replace(found, **unknown))


def _without(beginning: str) -> Callable[[str], str]:
    """Takes lines out of a text."""

    def alter(text: str) -> str:
        kept = [line for line in text.splitlines(keepends=True) if not line.startswith(beginning)]
        assert len(kept) < len(text.splitlines())
        return "".join(kept)

    return alter


def _less(ids: str, *left_out: str) -> str:
    return " ".join(name for name in ids.split() if name not in left_out)


def _only_first(workshop: Workshop) -> None:
    assert isinstance(workshop.ring, Ring)
    workshop.ring = replace(workshop.ring, nodes=workshop.ring.nodes[:1])


_MODERN = every_node(
    lambda found: replace(
        found, thrift="20.1.0", release="3.9", partitioner=_MURMUR3,
        tokens={address: (str(number * 2**62 - 2**63),) for number, address in enumerate(ADDRESSES)},
    )
)  # fmt: skip
"""A ring of 3.9 with the partitioner that is usual there."""


def _read_natively(found: Node) -> Node:
    """A node with its Thrift server off, read over the native protocol."""
    refused = Unknown(f"{found.asked} refused the connection", f"{found.asked} describe_version", Failure.REFUSED)
    return replace(found, thrift=refused, snitch=_SNITCH_UNTOLD, native=found.asked.replace("9160", "9042"))


def _one_natively(index: int) -> Change:
    def change(workshop: Workshop) -> None:
        assert isinstance(workshop.ring, Ring)
        nodes = list(workshop.ring.nodes)
        nodes[index] = _read_natively(nodes[index])
        workshop.ring = replace(workshop.ring, nodes=tuple(nodes))

    return change


_SNITCH_UNTOLD = Unknown("the native protocol does not tell it", failure=Failure.REJECTED)

FAULTS = (
    # ORS-0501, and ORS-0507 where it is no release whose end of life is known
    fault("a ring of 1.0.12", "ORS-0501", _release("1.0.12")),
    fault("a ring of 1.1.9, which as text comes after 1.1.12", "ORS-0501", _release("1.1.9")),
    fault("a ring of 1.1.11", "ORS-0501", _release("1.1.11")),
    fault("a ring of 1.2.19, though at least 1.1.12", "ORS-0501", _release("1.2.19")),
    fault("a ring of 2.0.17 with a new build", expect(fail="ORS-0501") | _FROM_64, _target("8.1.401.10"), _release("2.0.17")),
    fault("a ring of 2.1.22", expect(fail="ORS-0501") | _FROM_64, _target("8.1.400.64"), _release("2.1.22")),
    fault("a ring of 2.2.5 with the sample's build", "ORS-0501", _release("2.2.5")),
    fault("a ring of 2.2.5 one build too early", "ORS-0501", _target("8.1.400.39"), _release("2.2.5")),
    fault("a ring of 2.2.5 with build .9, which as text comes after .40", "ORS-0501", _target("8.1.400.9"), _release("2.2.5")),
    fault("a ring of 3.9 one build too early", "ORS-0501", _target("8.1.400.50"), _release("3.9")),
    fault("a ring of 4.1.10", expect(fail="ORS-0501", passes="ORS-0507"), _target("8.1.400.51"), _release("4.1.10")),
    fault("DataStax DSE", expect(fail="ORS-0501", blocked="ORS-0507"), _target("8.1.400.51"), _release("3.0.8.1293")),
    fault("a build from the sources", expect(fail="ORS-0501", blocked="ORS-0507"), _release("1.1.12-SNAPSHOT")),
    fault("no build number given", expect(blocked="ORS-0405 ORS-0409 ORS-0501"), _target("8.1.4")),
    fault(
        "no build number given, and too old for any", expect(fail="ORS-0501", blocked="ORS-0405 ORS-0409"),
        _target("8.1.4"), _release("1.1.10"),
    ),
    fault("a policy that leaves out what the ring runs", "ORS-0501", _policy("2.2.5", "3.9")),
    fault("a policy from another patch release on", "ORS-0501", _policy("1.1.13-1.1.x")),
    fault("no node tells its release", expect(blocked="ORS-0501 ORS-0502 ORS-0507"), _without_fact("release")),
    fault("one node does not tell its release", expect(blocked="ORS-0501 ORS-0502"), node(3, release=_SILENT)),
    fault("after the installation a ring of 2.2.5", "ORS-0501", _release("2.2.5"), phase="deployment"),
    # ORS-0502
    fault("one node still on 1.1.10", "ORS-0501 ORS-0502", node(2, release="1.1.10")),
    fault("one node ahead on 1.2.19", "ORS-0501 ORS-0502", node(0, release="1.2.19")),
    fault("a rolling upgrade from 1.1.12 to 1.1.13 half done", "ORS-0502", node(0, release="1.1.13"), node(1, release="1.1.13")),
    fault("3.9 and 3.11.4 mixed", "ORS-0502", _target("8.1.400.51"), _MODERN, node(1, release="3.11.4")),
    # ORS-0503
    fault(
        "a node is down", expect(fail="ORS-0503 ORS-0504", blocked="ORS-0501 ORS-0502 ORS-0505 ORS-0506"),
        silent(3, Failure.REFUSED), *_unreachable(_LAST, 0, 1, 2),
    ),
    fault("the Thrift server of a node is off", expect(fail="ORS-0503", blocked=_ALL_OF_ONE_NODE), silent(3, Failure.REFUSED)),
    fault(
        "all nodes refuse",
        expect(fail="ORS-0503", blocked=f"ORS-0404 {_less(_NEEDS_RING, 'ORS-0503', 'ORS-0508')}", not_applicable="ORS-0508"),
        *(silent(index, Failure.REFUSED) for index in range(4)),
    ),
    fault(
        "Thrift is off on one node of 3.9", expect(fail="ORS-0503", blocked="ORS-0504"), _target("8.1.400.51"), _MODERN,
        _one_natively(2),
    ),
    fault(
        "Thrift is off on every node of 3.9", expect(fail="ORS-0503", blocked="ORS-0504 ORS-0710"),
        _target("8.1.400.51"), _MODERN, every_node(_read_natively),
    ),
    fault(
        "a ring of 4.1.10, which has no Thrift", expect(fail="ORS-0501 ORS-0503", passes="ORS-0507", blocked="ORS-0504 ORS-0710"),
        _target("8.1.400.51"), _MODERN, _release("4.1.10"), every_node(_read_natively),
    ),
    fault("a node behind a firewall", expect(blocked=f"ORS-0503 {_ALL_OF_ONE_NODE}"), silent(3, Failure.TIMEOUT)),
    fault("a node without a route to it", expect(blocked=f"ORS-0503 {_ALL_OF_ONE_NODE}"), silent(0, Failure.UNREACHABLE)),
    fault("a node that closes the connection", expect(blocked=f"ORS-0503 {_ALL_OF_ONE_NODE}"), silent(2, Failure.CLOSED)),
    fault("something else answers on the port", expect(blocked=f"ORS-0503 {_ALL_OF_ONE_NODE}"), silent(1, Failure.GARBLED)),
    fault("members that nobody asked", expect(blocked=f"ORS-0503 {_ALL_OF_ONE_NODE}"), _only_first),
    fault(
        "one node off and one not reached", expect(fail="ORS-0503", blocked=_ALL_OF_ONE_NODE),
        silent(3, Failure.REFUSED), silent(2, Failure.TIMEOUT),
    ),
    fault("the ring cannot be asked", expect(blocked=_NEEDS_RING), ring(_NOT_ASKED)),
    fault(
        "no node is named anywhere", expect(blocked=_NEEDS_RING),
        rewritten("exports/*.cfg", _without("cassandra-nodes=")), rewritten("estate.toml", _without("nodes = ")),
    ),
    fault("the part cassandra is missing", expect(blocked=_NEEDS_RING), snapshot(lambda found: replace(found, cassandra=None))),
    fault(
        "after the installation the ring cannot be asked", expect(blocked=f"{_less(_NEEDS_RING, 'ORS-0507')} ORS-0711"),
        ring(_NOT_ASKED), phase="deployment",
    ),
    # ORS-0504
    fault("two schema versions", "ORS-0504", _schema(aaaa=ADDRESSES[:3], bbbb=ADDRESSES[3:])),
    fault("a node that sees another schema than all others see", "ORS-0504", node(3, schema_versions={"bbbb": ADDRESSES})),
    fault("a member that one node cannot reach", "ORS-0504", *_unreachable(_LAST, 0)),
    fault(
        "a member that left and was not removed",
        expect(fail="ORS-0504", blocked="ORS-0501 ORS-0502 ORS-0503 ORS-0505 ORS-0506 ORS-0709"),
        _schema(aaaa=ADDRESSES, UNREACHABLE=(_STRANGER,)),
    ),
    fault("one node does not tell schema versions", expect(blocked="ORS-0504"), node(1, schema_versions=_SILENT)),
    fault("no node tells who is a member", expect(blocked="ORS-0504 ORS-0709"), _without_fact("schema_versions")),
    # ORS-0505
    fault("another cluster name on one node", "ORS-0505", node(3, cluster_name="Test Cluster")),
    fault("another partitioner on one node", "ORS-0505", node(3, partitioner=_MURMUR3)),
    fault("another partitioner on the first node", "ORS-0505", node(0, partitioner=_BYTES)),
    fault("one node does not tell its cluster name", expect(blocked="ORS-0505"), node(2, cluster_name=_SILENT)),
    # ORS-0506
    fault("the topology file forgotten on one node", "ORS-0506", node(1, places=_STOCK_FILE)),
    fault("the topology file forgotten on the first node", "ORS-0506", node(0, places=_STOCK_FILE)),
    fault("one member in another data center on one node", "ORS-0506", node(2, places=PLACES | {_LAST: Place("DC1", "RAC1")})),
    fault("another rack on one node", "ORS-0506", node(3, places=PLACES | {ADDRESSES[0]: Place("DC1", "RAC2")})),
    fault("another letter case on one node", "ORS-0506", node(3, places=PLACES | {ADDRESSES[0]: Place("dc1", "RAC1")})),
    fault("one node does not tell places", expect(blocked="ORS-0506"), node(0, places=_SILENT)),
    # ORS-0508
    fault("tokens unevenly spread in one data center", "ORS-0508", _tokens(0, 2**125, 2**123, 3 * 2**125)),
    fault("a node that was added without moving the others", "ORS-0508", _tokens(0, 2**125, 2**126, 2**125 + 2**124)),
    fault("tokens just beyond twice", "ORS-0508", _tokens(0, 2**125, 2**127 // 3 - 2**110, 3 * 2**125)),
)  # fmt: skip

HARMLESS = (
    harmless("a ring of 1.1.13", _release("1.1.13")),
    harmless("2.2.5 from the first build that supports it", _target("8.1.400.40"), _release("2.2.5")),
    harmless("3.9 from the first build that supports it", _target("8.1.400.51"), _release("3.9")),
    harmless("2.2.19 at a sufficient build is only not listed", _target("8.1.400.51"), _release("2.2.19")),
    harmless("3.11.4 with a build of the next hundred", _target("8.1.401.3"), _release("3.11.4"), expected=_FROM_64),
    harmless("a policy that adds what Genesys confirmed", _policy("1.1.12-1.1.x", "1.2.19"), _release("1.2.19")),
    harmless("a policy as the procedure has it", _policy("1.1.12-1.1.x")),
    harmless("a node that cannot tell about a member", node(1, places={address: PLACES[address] for address in ADDRESSES[:3]})),
    harmless("a node that can tell nothing about places", node(3, places={})),
    harmless("one node owns exactly twice what another one owns", _tokens(0, 2**125, 2**127 // 3, 3 * 2**125)),
    harmless("uneven across data centers, even within each", _tokens(0, 1, 2**126, 2**126 + 1)),
    harmless("a 3.9 ring with Murmur3", _target("8.1.400.51"), _MODERN),
    harmless("no node tells tokens", _without_fact("tokens"), expected={"ORS-0508": "not_applicable"}),
    harmless("the nodes to ask are those of the options", rewritten("estate.toml", _without("nodes = "))),
    harmless("one seed listed, the others named by the ring", *(node(index, listed=False) for index in (1, 2, 3))),
)  # fmt: skip
