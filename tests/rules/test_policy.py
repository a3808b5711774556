# SPDX-License-Identifier: Apache-2.0
"""Which Cassandra releases are supported (ORS-0501)."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from orsgate.estate.judgement import Outcome
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.release import parse_release
from orsgate.rules.policy import Releases, Status, built_in, end_of_life, policy_table
from orsgate.rules.ring import release_supported
from tests import make

PARTS = st.integers(0, 60)


def ring_of(release: str | Unknown):
    return make.ring(*(make.node(address, release=release) for address in make.NODE_PLACES))


def judged(release: str | Unknown, to_release: str = "8.1.400.27", **file):
    return release_supported(make.estate(cassandra=ring_of(release), to_release=to_release, file=file))


def status(release: str, build: str) -> Status | None:
    line = built_in().line_for(release, parse_release(build))
    return line.status if line else None


@pytest.mark.parametrize(
    ("release", "build", "expected"),
    [
        ("1.1.12", "8.1.400.10", "supported"),
        ("1.1.13", "8.1.400.10", "supported"),
        ("1.1.100", "8.1.400.10", "supported"),
        ("1.1.11", "8.1.400.60", "unsupported"),
        ("1.1.2", "8.1.400.60", "unsupported"),
        ("1.1.0", "8.1.400.60", "unsupported"),
        ("1.0.12", "8.1.400.60", "unsupported"),
        ("0.8.10", "8.1.400.60", "unsupported"),
        ("1.2.0", "8.1.400.60", "unsupported"),
        ("1.2.19", "8.1.400.60", "unsupported"),
        ("2.0.17", "8.1.400.60", "unsupported"),
        ("2.1.22", "8.1.400.60", "unsupported"),
        ("2.2.5", "8.1.400.39", "unsupported"),
        ("2.2.5", "8.1.400.40", "supported"),
        ("2.2.5", "8.1.401.10", "supported"),
        ("2.3.0", "8.1.401.10", "unsupported"),
        ("2.2.50", "8.1.400.40", "unlisted"),
        ("2.2.4", "8.1.400.40", "unlisted"),
        ("3.9", "8.1.400.50", "unsupported"),
        ("3.9", "8.1.400.51", "supported"),
        ("3.9.0", "8.1.400.51", "supported"),
        ("3.11.4", "8.1.400.51", "unlisted"),
        ("3.0.8", "8.1.400.51", "unlisted"),
        ("4.0", "8.1.401.10", "unsupported"),
        ("4.1.10", "8.1.401.10", "unsupported"),
        ("10.0.1", "8.1.401.10", "unsupported"),
        ("3.0.8.1293", "8.1.401.10", "unsupported"),
        ("1.1.12-SNAPSHOT", "8.1.400.27", "unsupported"),
        ("1.1.12-dse", "8.1.400.27", "unsupported"),
        ("2.2.5-rc1", "8.1.400.60", "unsupported"),
        ("", "8.1.400.27", "unsupported"),
        ("1.1.12", "8.1.4", None),
        ("2.2.5", "8.1.4", None),
        ("3.11.4", "8.1.4", None),
        ("1.1.11", "8.1.4", "unsupported"),
        ("2.0.17", "8.1.4", "unsupported"),
        ("4.0.1", "8.1.4", "unsupported"),
        ("3.0.8.1293", "8.1.4", "unsupported"),
    ],
)
def test_the_built_in_policy(release, build, expected):
    assert status(release, build) == expected


@given(PARTS, PARTS, PARTS, st.integers(0, 99))
def test_every_release_has_a_line_for_every_build(major, minor, patch, build):
    assume(not (major == 2 and minor > 2))  # there never was such a release
    release = f"{major}.{minor}.{patch}"
    line = built_in().line_for(release, parse_release(f"8.1.400.{build}"))
    assert line is not None
    assert line is not built_in().not_apache


def test_every_line_has_a_source_and_the_table_shows_them():
    rows = policy_table()
    assert all(row.source for row in rows)
    assert ("2.2.5", "from 8.1.400.40", "supported") in {(row.releases, row.ors_builds, row.status) for row in rows}
    assert rows[0].releases == "up to 1.0.x"


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("1.1.12-1.1.x", ["1.1.12", "1.1.99"], ["1.1.11", "1.2.0"]),
        ("2.2.5", ["2.2.5"], ["2.2.50", "2.2.4", "2.2.5.1"]),
        ("3.9", ["3.9", "3.9.0"], ["3.9.1", "3.90"]),
        ("3.x", ["3.0", "3.11.4"], ["2.9", "4.0", "30.1", "3.0.8.1293"]),
        ("3.0.8.1293", ["3.0.8.1293"], ["3.0.8", "3.0.8.1294"]),
        ("1.1.12 - 2.2", ["2.1.1", "2.2.0"], ["2.2.1"]),
    ],
)
def test_ranges_compare_part_by_part(text, inside, outside):
    releases = Releases.parse(text)

    def holds(release: str) -> bool:
        return tuple(map(int, release.split("."))) in releases

    assert [release for release in inside if not holds(release)] == []
    assert [release for release in outside if holds(release)] == []


def test_a_supported_release_passes_with_evidence_for_every_node():
    judgement = judged("1.1.12")
    assert judgement.outcome is Outcome.PASS
    assert {evidence.subject for evidence in judgement.evidence} == set(make.NODE_PLACES)
    assert judgement.evidence[0].where == "10.0.0.1:9160 system.Versions"


def test_an_unsupported_release_fails_on_every_node():
    judgement = judged("2.0.17", "8.1.400.60")
    assert [violation.subject for violation in judgement.violations] == list(make.NODE_PLACES)
    assert judgement.violations[0].found == "Cassandra 2.0.17"
    assert "1.1.12-1.1.x, 2.2.5 (with ORS from 8.1.400.40)" in judgement.violations[0].expected
    assert judgement.violations[0].where == "10.0.0.1:9160 system.local"


def test_an_unlisted_release_passes_with_a_note():
    judgement = judged("3.11.4", "8.1.400.51")
    assert judgement.outcome is Outcome.PASS
    assert "confirm with Genesys' Supported Operating Environment" in judgement.notes[0]


def test_without_a_build_the_question_is_open_even_for_the_release_of_the_procedure():
    judgement = judged("1.1.12", "8.1.4")
    assert judgement.outcome is Outcome.BLOCKED
    assert judgement.causes == (make.estate(to_release="8.1.4").build_unknown.cause,)


def test_without_a_build_what_no_build_supports_fails():
    assert judged("1.2.19", "8.1.4").outcome is Outcome.FAIL


def test_a_node_whose_release_is_unknown_blocks_with_its_own_cause():
    judgement = judged(Unknown("10.0.0.1:9160 did not answer", failure=Failure.TIMEOUT))
    assert judgement.outcome is Outcome.BLOCKED
    assert judgement.causes == ("10.0.0.1:9160 did not answer",)


@pytest.mark.parametrize("to_release", ["8.1.400.27", "8.1.4"])
def test_a_policy_of_the_estate_file_counts_for_every_build_and_is_shown(to_release):
    policy = {"cassandra": ["2.1.x", "3.0.8.1293"], "reason": "agreed in case 4711"}
    for release in ("2.1.22", "3.0.8.1293"):
        judgement = judged(release, to_release, policy=policy)
        assert judgement.outcome is Outcome.PASS
        assert "agreed in case 4711" in judgement.notes[0]


@pytest.mark.parametrize("release", ["1.1.12", "2.1.22-dse", "3.0.8"])
def test_a_policy_of_the_estate_file_is_the_whole_policy(release):
    policy = {"cassandra": ["2.1.x", "3.0.8.1293"], "reason": "agreed in case 4711"}
    judgement = judged(release, policy=policy)
    assert judgement.outcome is Outcome.FAIL
    assert "agreed in case 4711" in judgement.violations[0].expected


def test_a_policy_with_a_reason_only_changes_nothing():
    assert judged("1.1.12", policy={"reason": "none needed"}).notes == ()


@pytest.mark.parametrize(("release", "over"), [("1.0.0", True), ("3.11.19", True), ("4.0.1", False), ("1.1.12-dse", None)])
def test_end_of_life(release, over):
    assert end_of_life(release) is over
