# SPDX-License-Identifier: Apache-2.0
"""Every fault that options alone can mend is mended; nothing that is left goes unmentioned; files come back byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from orsgate.remedy.answers import Answers, parsed
from orsgate.remedy.planning import mechanical_ids, remedied_ids
from orsgate.remedy.undo_files import undo_files
from orsgate.rules.catalogue import catalogue
from tests.faults.test_faults import FAULTS, HARMLESS
from tests.faults.workshop import Fault, Judged, Workshop, open_workshop
from tests.remedy.mending import ANSWERS, fix, snapshot_of, take_over, write

READINESS = [item for item in FAULTS if item.phase == "readiness"]
FOLLOWING = frozenset({"ORS-0105", "ORS-0401", "ORS-0708", "ORS-0709", "ORS-0712"})
"""Requirements without a mechanical remedy that are met again once the options are what they should be."""
BY_HAND = {
    "no cluster at all": "the Transaction is to be created",
    "a member that names nothing": "it is taken out, or its application is missing",
    "a Primary in two clusters": "which of the two is meant only a person knows",
    "a member that is disabled as an application": "it is enabled, or taken out of the cluster",
    "a Primary that is disabled beside its Backup": "it is enabled, or taken out of the cluster",
    "the exported Annex lists a member as disabled": "the estate file and the Annex say different things",
    "Redis before it is supported": "another build, or another decision",
    "the data center of SimpleSnitch": "the ring is another one than was planned",
    "the second octet of RackInferringSnitch": "the ring is another one than was planned",
    "a declared data center that the ring contradicts": "the estate file is wrong",
    "a label that is no data center of the ring": "a label may be meant as it is",
    "an unknown data center, as the ring took it": "the keyspace of the ring has to be altered too",
    "a data center in another letter case": "the keyspace of the ring has to be altered too",
    "more replicas than nodes in a data center": "the keyspace of the ring has to be altered too",
    "more replicas than nodes with SimpleStrategy": "the keyspace of the ring has to be altered too",
    "SimpleStrategy on two data centers": "the keyspace of the ring has to be altered too",
    "no replica with SimpleStrategy": "the keyspace of the ring has to be altered too",
}
"""Faults of requirements with a mechanical remedy that options alone do not mend, and why."""
OTHER_ANSWERS = {
    "more replicas than nodes with SimpleStrategy": "*:persistence/cassandra-strategy-options=replication_factor:2",
    "no replica with SimpleStrategy": "*:persistence/cassandra-strategy-options=replication_factor:2",
    "the data center of SimpleSnitch": "*:persistence/cassandra-strategy-options=datacenter1:2",
    "the second octet of RackInferringSnitch": "*:persistence/cassandra-strategy-options=0:2",
}
"""What a person answers where the ring, or the strategy, is another one than in the healthy sample."""
TOLERATED = {"a pair that pulls without an Interaction Server": {"ORS-0805": "fail"}}
"""Warnings that come up instead: whether the pair is to pull is left to a person, as a task."""


def failing(outcomes: dict[str, str]) -> set[str]:
    return {name for name, outcome in outcomes.items() if outcome == "fail"}


def is_mechanical(item: Fault) -> bool:
    fails = failing(item.expected)
    return bool(fails & mechanical_ids()) and fails <= mechanical_ids() | FOLLOWING and item.name not in BY_HAND


MECHANICAL = [item for item in READINESS if is_mechanical(item)]
OTHERS = [item for item in READINESS if not is_mechanical(item)]


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Judged:
    return open_workshop(tmp_path_factory.mktemp("healthy")).judge()


def broken(item: Fault, directory: Path) -> Workshop:
    workshop = open_workshop(directory / "estate", item.phase)
    for change in item.changes:
        change(workshop)
    return workshop


def answers_for(item: Fault) -> Answers:
    other = OTHER_ANSWERS.get(item.name)
    return Answers((*ANSWERS.given, parsed(other))) if other else ANSWERS


def troubles(judged: Judged, healthy: Judged) -> dict[str, str]:
    """What is worse than in the healthy estate."""
    return {name: out for name, out in judged.changed(healthy).items() if out in {"fail", "blocked", "error", "manual"}}


@pytest.mark.slow
@pytest.mark.parametrize("item", MECHANICAL, ids=lambda item: item.name)
def test_a_mechanical_fault_is_mended(item: Fault, healthy: Judged, tmp_path: Path) -> None:
    workshop = broken(item, tmp_path)
    found = fix(workshop, answers_for(item))
    changed = {change.object for change in found.changes.changes}
    assert changed
    migrated = write(workshop, found, tmp_path / "fixed")
    undo_files(migrated, tmp_path / "back")
    for file in found.migrated.files:
        if file.original is not None:
            assert (tmp_path / "back" / file.file).read_bytes() == file.original
        if file.object not in changed:
            assert file.data == file.original
    take_over(workshop, found, migrated)
    judged = workshop.judge()
    assert judged.verdict == "go"
    assert troubles(judged, healthy) == TOLERATED.get(item.name, {})
    again = fix(workshop, answers_for(item))
    assert again.changes.changes == ()
    assert all(file.data == file.original for file in again.migrated.files)


@pytest.mark.slow
@pytest.mark.parametrize("item", OTHERS, ids=lambda item: item.name)
def test_what_options_do_not_mend_is_named(item: Fault, healthy: Judged, tmp_path: Path) -> None:
    workshop = broken(item, tmp_path)
    if snapshot_of(workshop) is None:
        pytest.skip("the fault hides the configuration, which the command itself cannot go without")
    found = fix(workshop, answers_for(item))
    take_over(workshop, found, write(workshop, found, tmp_path / "fixed"))
    left = failing(troubles(workshop.judge(), healthy)) & remedied_ids()
    named = {each for task in found.changes.tasks for each in task.requirements}
    assert left - named == set()
    if item.name in BY_HAND:
        assert left
    again = fix(workshop, answers_for(item))
    assert again.changes.changes == ()


@pytest.mark.slow
@pytest.mark.parametrize("item", [item for item in HARMLESS if item.phase == "readiness"], ids=lambda item: item.name)
def test_what_is_harmless_needs_no_value(item: Fault, tmp_path: Path) -> None:
    workshop = broken(item, tmp_path)
    found = fix(workshop)
    assert found.planned.open == ()
    assert {each for change in found.changes.changes for each in change.requirements} <= {"ORS-0713"}


def test_each_mechanical_remedy_mends_a_fault():
    mended = {name for item in MECHANICAL for name in failing(item.expected)}
    assert mechanical_ids() - mended == set()
    assert set(BY_HAND) <= {item.name for item in READINESS}


def test_the_share_of_requirements_with_a_remedy(capsys: pytest.CaptureFixture[str]):
    readiness = {name for name, each in catalogue().items() if "readiness" in each.phases}
    mechanical, any_remedy = readiness & mechanical_ids(), readiness & remedied_ids()
    assert mechanical_ids() <= readiness
    assert remedied_ids() <= readiness
    shares = [f"{len(part)} of {len(readiness)} ({100 * len(part) / len(readiness):.0f} %)" for part in (mechanical, any_remedy)]
    with capsys.disabled():
        print(f"\nreadiness requirements with a mechanical remedy: {shares[0]}; with any remedy: {shares[1]}")  # noqa: T201
        print(f"without: {', '.join(sorted(readiness - any_remedy))}; mechanical faults mended: {len(MECHANICAL)}")  # noqa: T201
    assert len(mechanical) >= 24
