# SPDX-License-Identifier: Apache-2.0
"""The same estate read through each of the four sources gives the same facts and the same verdict."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from orsgate.estate.knowledge import Basis
from orsgate.estate.secret import Redactor
from orsgate.estate.snapshot import Part, Snapshot
from orsgate.sandbox.samples import place_sample
from tests.faults.workshop import Judged, healthy_ring, judged
from tests.sources.generated import estates, facts, write
from tests.sources.reading import SOURCES, TWINS, as_estate, collected, configuration

SOURCE_DEPENDENT = {"ORS-0104", "ORS-0106", "ORS-0107", "ORS-0108"}
"""What files cannot say of themselves (0106), what only they need (0107, 0108), and what compares both (0104)."""
REDACTOR = Redactor(b"one key for all readings of a test")


@pytest.mark.slow
@pytest.mark.parametrize(
    "source", [source if source not in TWINS else pytest.param(source, marks=pytest.mark.slow) for source in SOURCES]
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(files=estates())
def test_the_facts_are_the_same(source, files):
    with tempfile.TemporaryDirectory() as directory:
        estate = write(files, Path(directory))
        expected = facts(configuration(estate, REDACTOR), with_dbids=source != "json")
        with as_estate(estate, source) as other:
            found = configuration(other, REDACTOR)
        assert facts(found, with_dbids=source != "json") == expected
        assert found.basis is Basis.OBSERVED
        assert found.source == ("mutagen" if source in {"raw", "json"} else source)


def with_ring(snapshot: Snapshot) -> Snapshot:
    """A snapshot with the facts of a healthy ring."""
    assert {part.part for part in snapshot.parts} == {"configuration"}
    part = replace(snapshot.parts[0], part="cassandra", source="", stand_ins=())
    assert isinstance(part, Part)
    return replace(snapshot, cassandra=healthy_ring(), parts=(*snapshot.parts, part))


def judge(estate: Path) -> Judged:
    """Judge an estate on a healthy ring."""
    return judged(with_ring(collected(estate, REDACTOR)), "readiness")


def comparable(found: Judged) -> dict[str, str]:
    """Its outcomes, without those that depend on the source."""
    return {name: outcome for name, outcome in found.outcomes.items() if name not in SOURCE_DEPENDENT}


@pytest.mark.slow
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(files=estates())
def test_the_verdict_is_the_same(files):
    with tempfile.TemporaryDirectory() as directory:
        estate = write(files, Path(directory))
        expected = judge(estate)
        for source in SOURCES:
            with as_estate(estate, source) as other:
                found = judge(other)
            assert comparable(found) == comparable(expected), source
            assert found.verdict == expected.verdict, source


@pytest.mark.slow
@pytest.mark.parametrize("sample", ["healthy", "exported-8.1.2"])
@pytest.mark.parametrize("source", SOURCES)
def test_the_samples_keep_their_verdict(sample, source, tmp_path):
    estate = place_sample(sample, tmp_path)
    expected = judge(estate)
    with as_estate(estate, source) as other:
        found = judge(other)
    assert comparable(found) == comparable(expected)
    assert found.verdict == expected.verdict == {"healthy": "go", "exported-8.1.2": "no_go"}[sample]
