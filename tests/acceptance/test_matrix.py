# SPDX-License-Identifier: Apache-2.0
"""Healthy and faulty estates on every Cassandra release, read by each protocol that it offers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from fixtures.rings import RingFactory
from orsgate.estate.release import parse_release
from orsgate.estate.ring import Node, Ring
from orsgate.rules.policy import built_in
from orsgate.sandbox.ring import Ring as SandboxRing
from tests.acceptance import matrix
from tests.acceptance.conftest import ROOT
from tests.faults.workshop import Judged, expect, judged, open_workshop

DOCUMENT = ROOT / "docs" / "cassandra.md"
_HOW_ASKED = {"asked", "listed", "native", "thrift_at"}
_BLOCKERS = ("ORS-0501", "ORS-0503", "ORS-0707", "ORS-0708")


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Judged:
    return open_workshop(tmp_path_factory.mktemp("healthy")).judge()


@pytest.mark.ring
@pytest.mark.parametrize("release", ["1.2.19", "3.9", "4.1.10"])
def test_a_small_ring(release: str, own_cassandra_ring: RingFactory, tmp_path: Path, healthy: Judged) -> None:
    examine(own_cassandra_ring(release, nodes=2, datacenters=matrix.DATACENTERS), tmp_path, healthy)


@pytest.mark.ring
@pytest.mark.soak
@pytest.mark.parametrize("release", matrix.RELEASES)
def test_a_ring_of_four_nodes(release: str, own_cassandra_ring: RingFactory, tmp_path: Path, healthy: Judged) -> None:
    ring = own_cassandra_ring(release, nodes=4, datacenters=matrix.DATACENTERS)
    examine(ring, tmp_path, healthy)
    ring.nodes[3].kill()
    ring.wait_until_agreed()
    for protocol in matrix.protocols(ring):
        found = judged(matrix.snapshot_of(ring, tmp_path / f"killed {protocol}", matrix.HEALTHY, protocol), "readiness")
        # Over the native protocol alone a node tells who belongs to the ring, and not who can be reached.
        told = "thrift" in matrix.protocols(ring)
        broken = expect(fail="ORS-0503 ORS-0504") if told else expect(fail="ORS-0503", blocked="ORS-0504")
        unknown = expect(blocked="ORS-0501 ORS-0502 ORS-0505 ORS-0506")
        if release.startswith("4."):  # end of life for the others, whatever the one that is down has
            unknown |= expect(blocked="ORS-0507")
        differences = matrix.differences(release, matrix.BUILDS[0], 4, matrix.protocols(ring))
        assert found.changed(healthy) == _stronger(differences, unknown | broken), reasons(found, healthy)
        assert found.verdict == "no_go"


def _stronger(known: dict[str, str], broken: dict[str, str]) -> dict[str, str]:
    """Both; a violation that is known counts more than what is not known besides."""
    return known | {name: outcome for name, outcome in broken.items() if known.get(name) != "fail"}


def examine(ring: SandboxRing[Any], directory: Path, healthy: Judged) -> None:
    matrix.prepared(ring)
    answered = matrix.protocols(ring)
    rings = []
    for protocol in answered:
        for fault in (matrix.HEALTHY, *matrix.FAULTS):
            snapshot = matrix.snapshot_of(ring, directory / f"{protocol} {fault.text}", fault, protocol)
            for build in matrix.BUILDS if fault is matrix.HEALTHY else matrix.BUILDS[:1]:
                found = judged(matrix.for_build(snapshot, build), "readiness")
                expected = matrix.differences(ring.release, build, len(ring.nodes), answered) | dict(fault.expected)
                assert found.changed(healthy) == expected, (protocol, fault.text, build, reasons(found, healthy))
                failed = any(expected.get(name) == "fail" for name in _BLOCKERS)
                assert found.verdict == ("no_go" if failed else "go"), (protocol, fault.text, build)
            if fault is matrix.HEALTHY:
                assert isinstance(snapshot.cassandra, Ring)
                rings.append(sorted(told(snapshot.cassandra), key=str))
    assert all(each == rings[0] for each in rings)


def told(ring: Ring) -> Iterator[dict[str, Any]]:
    """What each node told, without how it was asked."""
    for node in ring.nodes:
        yield {each.name: getattr(node, each.name) for each in fields(Node) if each.name not in _HOW_ASKED}


def reasons(found: Judged, healthy: Judged) -> dict[str, str]:
    return {name: found.results[name].reason for name in found.changed(healthy)}


def test_the_documented_table_is_what_the_policy_says() -> None:
    text = DOCUMENT.read_text("utf-8")
    lines = text.partition(matrix.BEGIN)[2].partition(matrix.END)[0].strip().splitlines()
    head, _, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    builds = [cell.removeprefix("ORS ") for cell in head[3:]]
    assert tuple(builds) == matrix.BUILDS
    assert tuple(row[0] for row in rows) == matrix.RELEASES
    for release, _thrift, _native, *said in rows:
        for build, status in zip(builds, said, strict=True):
            line = built_in().line_for(release, parse_release(build))
            assert line is not None
            assert (release, build, status) == (release, build, line.status.value)


def test_the_table_is_made_of_what_was_judged() -> None:
    row = matrix.Row("3.9", "20.1.0", native=True, judged=dict.fromkeys(matrix.BUILDS, "supported"))
    other = replace(row, release="4.1.10", thrift="", judged=dict.fromkeys(matrix.BUILDS, "unsupported"))
    table = matrix.markdown([row, other]).splitlines()
    assert table[2] == "| 3.9 | 20.1.0 | yes | supported | supported | supported | supported | supported |"
    assert table[3].startswith("| 4.1.10 | none | yes | unsupported |")
