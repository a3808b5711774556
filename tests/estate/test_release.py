# SPDX-License-Identifier: Apache-2.0
"""Releases of Orchestration Server: families, builds, and which one is later."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orsgate.estate.release import parse_release

BUILD = st.tuples(st.integers(7, 9), st.integers(0, 5), st.integers(100, 999), st.integers(0, 99))


def text(build: tuple[int, ...]) -> str:
    return ".".join(map(str, build))


@pytest.mark.parametrize(
    ("release", "family", "build"),
    [
        ("8.1.4", (8, 1, 4), None),
        ("8.1.400.27", (8, 1, 4), (8, 1, 400, 27)),
        ("8.1.401.10", (8, 1, 4), (8, 1, 401, 10)),
        ("8.1.200.50", (8, 1, 2), (8, 1, 200, 50)),
        ("8.1.400", (8, 1, 4), None),
        ("8.1.4.27", (8, 1, 4), None),
        ("8.1.300.00", (8, 1, 3), (8, 1, 300, 0)),
    ],
)
def test_short_and_long_forms_are_of_the_same_family(
    release: str, family: tuple[int, int, int], build: tuple[int, ...] | None
) -> None:
    parsed = parse_release(release)
    assert (parsed.family, parsed.build, str(parsed)) == (family, build, release)


@pytest.mark.parametrize("wrong", ["", "8", "8.1", "8.1.400.27.1", "8.1.x", " 8.1.4", "8.1.4 ", "v8.1.4", "8..1.4", "8.1.-4"])
def test_what_is_no_release(wrong: str) -> None:
    with pytest.raises(ValueError, match="is not a release"):
        parse_release(wrong)


@given(BUILD, BUILD)
def test_builds_compare_as_numbers(one: tuple[int, ...], other: tuple[int, ...]) -> None:
    assert parse_release(text(one)).at_least(text(other)) is (one >= other)


@pytest.mark.parametrize(
    ("release", "build", "expected"),
    [
        ("8.1.400.9", "8.1.400.64", False),
        ("8.1.400.064", "8.1.400.64", True),
        ("8.1.401.2", "8.1.400.64", True),
        ("8.1.4", "8.1.400.64", None),
        ("8.1.4.70", "8.1.400.64", None),
        ("8.1.3", "8.1.400.64", False),
        ("8.1.5", "8.1.400.64", True),
        ("9.0.000.01", "8.1.400.64", True),
    ],
)
def test_without_a_build_number_only_another_family_can_tell(release: str, build: str, *, expected: bool | None) -> None:
    assert parse_release(release).at_least(build) is expected


def test_the_family_as_people_write_it() -> None:
    assert parse_release("8.1.400.27").family_text == "8.1.4"
