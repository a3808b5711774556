# SPDX-License-Identifier: Apache-2.0
"""Makes the estates that are measured: the healthy sample, and as many pairs like its own as are wanted.

It is run in a process of its own (``python -m benchmarks.estates DIRECTORY APPLICATIONS``), because the peak memory that
Linux reports of a child begins with that of its parent.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from orsgate.collection.collect import collect
from orsgate.estate.file import load_estate_file
from orsgate.estate.ring import Keyspace, Node, Place, Ring
from orsgate.estate.snapshot import PARTS, dump
from orsgate.home import harness_directory
from orsgate.sandbox.samples import place_sample

ESTATE = "estate.toml"
SNAPSHOT = "snapshot.json"
PAIRS = ("ORS_A1", "ORS_A2", "ORS_B1")
"""The Primaries of the healthy sample."""
FURTHER_OPTIONS = 22
"""Options added to the 20 of each export of the sample, so that an application has about forty."""

_ADDRESSES = tuple(f"127.0.1.{number}" for number in range(1, 5))


def healthy_ring() -> Ring:
    """The facts of a healthy 1.1.12 ring of four nodes in two data centers that holds the keyspace."""
    places = {address: Place(f"DC{1 + index % 2}", "RAC1") for index, address in enumerate(_ADDRESSES)}
    tokens = {address: (str(index * 2**125),) for index, address in enumerate(_ADDRESSES)}
    replicas = {"DC1": "2", "DC2": "2"}
    keyspaces = (
        Keyspace("system", "LocalStrategy", {}, ("Versions",)),
        Keyspace("Orchestration", "NetworkTopologyStrategy", replicas, ("Session", "SessionIDServerInfo")),
    )
    nodes = tuple(
        Node(
            asked=f"{address}:9160", listed=True, address=address, thrift="19.33.0", release="1.1.12", cluster_name="ORS",
            partitioner="org.apache.cassandra.dht.RandomPartitioner",
            snitch="org.apache.cassandra.locator.PropertyFileSnitch",
            schema_versions={"aaaa": _ADDRESSES}, keyspaces=keyspaces, places=places, tokens=tokens,
        )
        for address in _ADDRESSES
    )  # fmt: skip
    return Ring(nodes, resolved={address: (address,) for address in _ADDRESSES})


def write_snapshot(estate: Path, snapshot: Path) -> None:
    """Collect an estate from its files and store it with the facts of the healthy ring."""
    found = collect(load_estate_file(estate), PARTS, offline=True)
    snapshot.write_bytes(dump(replace(found, cassandra=healthy_ring())))


def write_large_estate(directory: Path, applications: int) -> None:
    """Write an estate of ``applications`` ORS applications in one cluster, made after the pairs of the healthy sample."""
    sample = harness_directory() / "fixtures" / "estates" / "healthy"
    head, *tables = (sample / ESTATE).read_text(encoding="utf-8").split("[[")
    of = {table.split('name = "')[1].split('"')[0]: table for table in tables if table.startswith("application")}
    servers = [table for name, table in of.items() if not name.startswith("ORS_")]
    ring = tables[-1][tables[-1].index("[cassandra]") :]
    for name in ("exports", "rollback"):
        (directory / name).mkdir(parents=True)
    entries, members = [], []
    for number in range(applications // 2):
        primary = PAIRS[number % len(PAIRS)]
        new = f"{primary}_{number:05}"
        members.append(f'{new} = "{"DC2" if primary == "ORS_B1" else "DC1"}"')
        for name in (primary, f"{primary}_B"):
            entries.append(_renamed(of[name], primary, new, number))
            for kind in ("exports", "rollback"):
                source = sample / kind / f"{name}.cfg"
                if source.is_file():
                    text = _renamed(source.read_text(encoding="utf-8"), primary, new, number) + _further_options()
                    (directory / kind / f"{name.replace(primary, new)}.cfg").write_text(text, encoding="utf-8")
    head = head.replace("expected_applications = 6", f"expected_applications = {applications // 2 * 2}")
    cluster = 'cluster]]\ntransaction = "ORS_Cluster"\ntenant = "Environment"\n'
    cluster += f"members = {{ {', '.join(members)} }}\n\n"
    (directory / ESTATE).write_text("[[".join([head, *entries, *servers, cluster]) + ring, encoding="utf-8")


def _renamed(text: str, name: str, new: str, number: int) -> str:
    host = name.removeprefix("ORS_").lower()
    lines = [line for line in text.replace(name, new).split("\n") if not line.startswith("dbid")]
    return "\n".join(lines).replace(f"ors-{host}", f"ors-{host}-{number:05}")


def _further_options() -> str:
    return "\n[benchmark]\n" + "".join(f"option-{number:02}=value {number}\n" for number in range(FURTHER_OPTIONS))


def main() -> None:
    """Make an estate and its snapshot; 0 applications are the healthy sample as it is."""
    directory, applications = Path(sys.argv[1]), int(sys.argv[2])
    if applications:
        write_large_estate(directory, applications)
    else:
        place_sample("healthy", directory)
    write_snapshot(directory / ESTATE, directory / SNAPSHOT)


if __name__ == "__main__":
    main()
