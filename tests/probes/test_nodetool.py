# SPDX-License-Identifier: Apache-2.0
"""Saved outputs of nodetool; those in ``data/`` were printed by the nodetool of the release in their name."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.ring import Place, SavedTopology
from orsgate.probes.nodetool import parse_topology, read_topology

DATA = Path(__file__).with_name("data")
THREE = {"127.77.1.1": ("DC1", "RAC1"), "127.77.1.2": ("DC1", "RAC2"), "127.77.1.3": ("DC2", "RAC3")}
VNODES = {"127.77.7.1": ("Frankfurt Main 1", "rack in the cellar"), "127.77.7.2": ("DC2", "RAC2")}
LONG = {
    "127.77.6.1": ("Frankfurt-Main-1", "RAC1"),
    "127.77.6.2": ("datacenter12", "RAC1"),
    "127.77.6.3": ("DC1", "rack-number-1234"),
}
RING = (DATA / "ring-1.1.12.txt").read_text()


def two(net: int) -> dict[str, tuple[str, str]]:
    return {f"127.77.{net}.1": ("DC1", "RAC1"), f"127.77.{net}.2": ("DC2", "RAC2")}


EXPECTED = {
    "ring-1.0.12.txt": two(2),
    "ring-1.1.12.txt": THREE,
    "ring-1.1.12-keyspace.txt": THREE,
    "ring-1.1.12-down.txt": THREE,
    "ring-1.1.12-long-names.txt": LONG,
    "ring-1.2.19.txt": two(3),
    "status-1.2.19.txt": two(3),
    "ring-2.2.5-vnodes.txt": VNODES,
    "status-2.2.5-vnodes.txt": VNODES,
    "ring-3.9.txt": two(5),
    "status-3.9.txt": two(5),
}


def cause(text: str) -> str:
    found = parse_topology(text, "ring.txt")
    assert isinstance(found, Unknown)
    assert found.failure is Failure.UNREADABLE
    return found.cause


def test_every_saved_output_is_tested() -> None:
    assert {path.name for path in DATA.iterdir()} == set(EXPECTED)


@pytest.mark.parametrize("name", sorted(EXPECTED))
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_genuine_outputs(name: str, encoding: str, newline: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes((DATA / name).read_text("utf-8").replace("\n", newline).encode(encoding))
    places = {member: Place(*place) for member, place in EXPECTED[name].items()}
    os.utime(path, (0, 0))
    assert read_topology(path, "ring.txt") == SavedTopology(places, "ring.txt", "1970-01-01T00:00:00Z")


def test_a_file_that_is_missing(tmp_path: Path) -> None:
    found = read_topology(tmp_path / "ring.txt", "ring.txt")
    assert found == Unknown("ring.txt does not exist (save the output of 'nodetool ring' there)", "ring.txt", Failure.MISSING)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    found = read_topology(tmp_path, "ring")
    assert isinstance(found, Unknown)
    assert (found.failure, found.cause.startswith("ring cannot be read (")) == (Failure.UNREADABLE, True)


def test_a_file_that_is_too_large(tmp_path: Path) -> None:
    path = tmp_path / "ring.txt"
    with path.open("wb") as file:
        file.truncate(16 * 1024 * 1024 + 1)
    found = read_topology(path)
    assert isinstance(found, Unknown)
    assert "too large" in found.cause


@pytest.mark.parametrize("text", ["", "Error connecting to remote JMX agent!\n", RING.split("127.77", maxsplit=1)[0], "\0\xff"])
def test_what_is_no_such_output(text: str) -> None:
    assert cause(text).startswith("ring.txt is no output of 'nodetool ring' or 'nodetool status' with a member in it (")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("127.77.1.3 ", "cass-3     ", "line 6: 'cass-3' is no IP address"),
        ("127.77.1.3      DC2  ", "127.77.1.2      DC2  ", "line 6: 127.77.1.2 has another data center or rack"),
        ("127.77.1.3      DC2         RAC3        Up", "127.77.1.3", "line 6: it is no row of the table"),
        ("DC2         RAC3        Up", "DC2-in-FrankfurtRack-3-in-cellarUp", "line 6: data center and rack are so long"),
        ("DC2         RAC3        Up", "            RAC3        Up", "line 6: it has no data center or no rack"),
        ("DC2         RAC3        Up", "DC2   RAC3  Up", "line 6: its columns are not those of the header"),
        ("127.77.1.3      DC2", "0:0:0:0:0:0:0:1DC2", "line 6"),
    ],
)
def test_a_line_that_is_not_understood_spoils_the_file(old: str, new: str, said: str) -> None:
    assert old in RING
    assert f"ring.txt is not understood in {said}" in cause(RING.replace(old, new))


def test_blanks_that_were_squeezed() -> None:
    text = "\n".join(" ".join(line.split()) for line in RING.splitlines() if not line.startswith(" "))
    found = parse_topology(text, "ring.txt")
    assert isinstance(found, SavedTopology)
    assert found.places == {member: Place(*place) for member, place in THREE.items()}


def test_squeezed_names_with_blanks_cannot_be_told_apart() -> None:
    row = "127.77.1.1 DC 1 RAC 1 Up Normal 6.72 KB 33.33% 0"
    assert "its columns cannot be told apart" in cause(f"Address DC Rack Status State Load Owns Token\n{row}")


@given(st.text(max_size=300))
def test_any_text(text: str) -> None:
    parse_topology(text, "ring.txt")


@given(st.sampled_from([name for name in EXPECTED if name.startswith("ring-1.1")]), st.data())
def test_lines_that_are_missing_change_no_place(name: str, data: st.DataObject) -> None:
    lines = (DATA / name).read_text("utf-8").splitlines()
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(lines))] * 2)))
    found = parse_topology("\n".join(lines[:start] + lines[end:]), "ring.txt")
    if isinstance(found, SavedTopology):
        assert found.places.items() <= {member: Place(*place) for member, place in EXPECTED[name].items()}.items()
