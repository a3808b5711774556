# SPDX-License-Identifier: Apache-2.0
"""Every Cassandra release of the sandbox, audited with the sample estate by each protocol that it offers.

``python -m tests.acceptance.matrix --markdown docs/cassandra.md`` runs it and writes what it found.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from orsgate.collection.collect import collect
from orsgate.estate.file import load_estate_file
from orsgate.estate.ring import NATIVE_PORT, THRIFT_PORT, Ring
from orsgate.estate.snapshot import Snapshot
from orsgate.sandbox.jars import locked_releases
from orsgate.sandbox.ring import Ring as SandboxRing
from orsgate.sandbox.samples import place_sample
from tests.faults.workshop import Judged, expect, judged

RELEASES = locked_releases()
BUILDS = ("8.1.400.27", "8.1.400.40", "8.1.400.51", "8.1.400.64", "8.1.401.10")
"""Target builds of ORS: the first of the sample, and those from which something else counts."""
DATACENTERS = ("DC1", "DC2")
_FAMILIES = ("Session", "SessionIDServerInfo")
_GOSSIP = 30.0
"""Seconds in which a schema version reaches every node by gossip; it takes one or two."""
_FROM_64 = expect(not_applicable="ORS-0409", passes="ORS-0405")

Protocol = Literal["thrift", "native"]


@dataclass(frozen=True)
class Fault:
    """An estate that differs from the healthy one, and what that changes on every release.

    Attributes:
        text: told to a person.
        options: strategy options of the applications, from the replicas that each data center can hold.
        keyspace: name of the keyspace in the options of the applications.
        expected: the outcomes that it changes.
    """

    text: str
    expected: Mapping[str, str]
    options: Callable[[int], str] = lambda each: f"DC1:{each};DC2:{each}"
    keyspace: str = "Orchestration"


HEALTHY = Fault("healthy", {})
FAULTS = (
    Fault("more replicas than nodes", expect(fail="ORS-0707 ORS-0708"), lambda each: f"DC1:{each + 1};DC2:{each}"),
    Fault("an unknown data center", expect(fail="ORS-0707 ORS-0708 ORS-0709"), lambda each: f"DC1:{each};DC9:{each}"),
    Fault("another keyspace", expect(not_applicable="ORS-0712"), keyspace="Elsewhere"),
    Fault("not what the ring has", expect(fail="ORS-0708 ORS-0709"), lambda each: f"DC1:{each};DC2:0"),
)


def prepared(ring: SandboxRing[Any]) -> None:
    """Make the keyspace that the healthy estate asks for."""
    each = len(ring.nodes) // len(DATACENTERS)
    replicas = dict.fromkeys(DATACENTERS, str(each))
    ring.create_keyspace("Orchestration", "NetworkTopologyStrategy", replicas, _FAMILIES)
    deadline = time.monotonic() + _GOSSIP
    while "native" in protocols(ring) and not _agree_by_gossip(ring):
        assert time.monotonic() < deadline, "the nodes have not heard of each other's schema"
        time.sleep(0.1)


def _agree_by_gossip(ring: SandboxRing[Any]) -> bool:
    """Whether ``system.peers`` of every node has heard of one schema version; that comes later than asking each node."""
    for node in ring.nodes:
        with node.native_client() as client:
            if len(client.schema_versions()) != 1:
                return False
    return True


def protocols(ring: SandboxRing[Any]) -> tuple[Protocol, ...]:
    """What the nodes of ``ring`` speak."""
    node = ring.nodes[0]
    spoken: dict[Protocol, int | None] = {"thrift": node.rpc_port, "native": node.native_port}
    return tuple(name for name, port in spoken.items() if port is not None)


def snapshot_of(ring: SandboxRing[Any], directory: Path, fault: Fault, protocol: Protocol) -> Snapshot:
    """The sample estate with ``fault`` on ``ring``, collected."""
    addresses = [node.address for node in ring.nodes]
    node = ring.nodes[0]
    ports = {"thrift": node.rpc_port or THRIFT_PORT, "native": node.native_port or NATIVE_PORT}
    path = place_sample("healthy", directory, addresses, ports[protocol])
    keys = f'protocol = "{protocol}"\nthrift_port = {ports["thrift"]}\nnative_port = {ports["native"]}'
    path.write_text(path.read_text("utf-8").replace("\n[cassandra]\n", f"\n[cassandra]\n{keys}\n"), "utf-8")
    told = {
        "nodes": ";".join(addresses),
        "listenport": str(ports["thrift"]),
        "keyspace-name": fault.keyspace,
        "strategy-options": fault.options(len(addresses) // len(DATACENTERS)),
    }
    for export in sorted((directory / "exports").glob("*.cfg")):
        lines = export.read_text("utf-8").splitlines()
        for position, line in enumerate(lines):
            name = line.partition("=")[0].removeprefix("cassandra-")
            if line.startswith("cassandra-") and name in told:
                lines[position] = f"cassandra-{name}={told[name]}"
        export.write_text("\n".join(lines) + "\n", "utf-8")
    return collect(load_estate_file(path), ("configuration", "cassandra"))


def for_build(snapshot: Snapshot, build: str) -> Snapshot:
    """The same estate on its way to another ORS build."""
    section = snapshot.estate.estate.model_copy(update={"to_release": build})
    return replace(snapshot, estate=snapshot.estate.model_copy(update={"estate": section}))


def differences(release: str, build: str, nodes: int, answered: Sequence[Protocol]) -> dict[str, str]:
    """What a healthy ring of ``release`` changes against the healthy sample, which is one of 1.1.12 with four nodes."""
    expected: dict[str, str] = {}
    if supported(release, build) == "unsupported":
        expected |= expect(fail="ORS-0501")
    if release.startswith("4."):
        expected |= expect(passes="ORS-0507")
    if "thrift" not in answered:
        expected |= expect(fail="ORS-0503", blocked="ORS-0504 ORS-0710")
    if nodes < 3:
        expected |= expect(fail="ORS-0709")
    if build in BUILDS[3:]:
        expected |= _FROM_64
    return expected


def supported(release: str, build: str) -> str:
    """What requirement ORS-0501 says in words, for the releases and builds here."""
    first = {"1.1.12": BUILDS[0], "2.2.5": "8.1.400.40", "3.9": "8.1.400.51"}.get(release)
    return "supported" if first is not None and BUILDS.index(build) >= BUILDS.index(first) else "unsupported"


@dataclass(frozen=True)
class Row:
    """What was found of one release.

    Attributes:
        thrift: version of its Thrift API, empty where it has none.
        native: whether it speaks the native protocol.
        judged: ORS build -> what ORS-0501 said.
    """

    release: str
    thrift: str
    native: bool
    judged: Mapping[str, str]


def row_of(ring: SandboxRing[Any], directory: Path) -> Row:
    """Audit ``ring`` for each build."""
    offered = protocols(ring)
    snapshot = snapshot_of(ring, directory, HEALTHY, offered[0])
    found = snapshot.cassandra
    assert isinstance(found, Ring)
    thrift = found.nodes[0].thrift
    said = {build: _said(judged(for_build(snapshot, build), "readiness")) for build in BUILDS}
    return Row(ring.release, thrift if isinstance(thrift, str) else "", "native" in offered, said)


def _said(found: Judged) -> str:
    result = found.results["ORS-0501"]
    if found.outcomes["ORS-0501"] == "pass":
        return "unlisted" if any("not listed" in note for note in result.judgement.notes) else "supported"
    return "unsupported" if found.outcomes["ORS-0501"] == "fail" else found.outcomes["ORS-0501"]


def markdown(rows: Sequence[Row]) -> str:
    """The table for the documentation."""
    head = ["Cassandra", "Thrift API", "native protocol", *(f"ORS {build}" for build in BUILDS)]
    lines = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    for row in rows:
        cells = [row.release, row.thrift or "none", "yes" if row.native else "no"]
        cells += [row.judged[build] for build in BUILDS]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def rows() -> Iterator[Row]:
    """Start a ring of two nodes in two data centers of each release, one after the other, and audit it."""
    from orsgate.sandbox.cassandra import CassandraRing

    for release in RELEASES:
        with tempfile.TemporaryDirectory() as directory, CassandraRing(release, nodes=2, datacenters=DATACENTERS) as ring:
            prepared(ring)
            yield row_of(ring, Path(directory))


BEGIN, END = "<!-- begin of the measured table -->\n", "<!-- end of the measured table -->\n"


def main() -> None:
    """Run it, and put the table into a document between its two marks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--markdown", type=Path, required=True)
    path: Path = parser.parse_args().markdown
    before, _, rest = path.read_text("utf-8").partition(BEGIN)
    _, mark, after = rest.partition(END)
    if not mark:
        sys.exit(f"{path} lacks the marks around the table")
    found = []
    for row in rows():
        found.append(row)
        sys.stdout.write(f"{row}\n")
        sys.stdout.flush()
    path.write_text(f"{before}{BEGIN}\n{markdown(found)}\n{END}{after}", "utf-8")


if __name__ == "__main__":
    main()
