# SPDX-License-Identifier: Apache-2.0
"""Deployments whose sessions are rows of a real Cassandra ring: through the library, and through the program itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from fixtures.rings import Builder
from orsgate.estate.deployment import RowSeen
from orsgate.estate.file import load_estate_file
from orsgate.sandbox.ring import Ring
from orsgate.sandbox.twins.ors_lies import calls, redirects, servers, sessions
from orsgate.sandbox.twins.ors_stores import SERVER_INFO, SESSION
from tests.acceptance.conftest import Ended, orsgate
from tests.acceptance.deployments.case import HEALTHY, Case, outcomes
from tests.acceptance.deployments.checks import check
from tests.acceptance.deployments.serving_lies import BACKUP, NO_SESSION, ONE
from tests.acceptance.deployments.workplace import Workplace, little_patience

pytestmark = pytest.mark.ring

KEYSPACE = "Orchestration"
CASES = (
    Case("a session is not in the ring", outcomes(fail="1005 1006"), {ONE: [sessions.NotPersisted()]}),
    Case(
        "a session is in the ring under another key", outcomes(fail="1005 1006"), {ONE: [sessions.PersistedUnderOtherKey()]}
    ),
    Case("a session comes into the ring too late", outcomes(fail="1005 1006"), {ONE: [sessions.PersistedLate()]}),
    Case("a session is in the ring for another node", outcomes(fail="1006"), {ONE: [sessions.PersistedForOtherNode()]}),
    Case(
        "the takeover loses a session that is in the ring", outcomes(fail="1007", blocked="1004 1012"),
        {BACKUP: [servers.TakeoverLosesSessions()]}, disruptive=True,
    ),
    Case("every session is taken for an own one", outcomes(fail="1006"), {ONE: [servers.OwnsEverySession()]}),
)  # fmt: skip
BY_THE_PROGRAM = (
    Case("honest", disruptive=True),
    Case("HTTP on the Backup", outcomes(fail="1002", blocked="1007"), {BACKUP: [servers.HttpInStandby()]}, disruptive=True),
    Case("302", outcomes(fail="1006"), {ONE: [redirects.ForeignOtherStatus()]}, disruptive=True),
    Case("no session id", outcomes(fail="1003", blocked=NO_SESSION), {ONE: [sessions.NoId()]}, disruptive=True),
    Case("500 for an event", outcomes(fail="1004"), {ONE: [calls.EventError()]}, disruptive=True),
    Case(
        "the takeover loses the session", outcomes(fail="1007", blocked="1004 1012"),
        {BACKUP: [servers.TakeoverLosesSessions()]}, disruptive=True,
    ),
)  # fmt: skip
EXIT = {"go": 0, "no_go": 1, "inconclusive": 3}


@pytest.fixture(scope="module")
def ring(ring_builder: Builder) -> Iterator[Ring[Any]]:
    with ExitStack() as stack:
        yield ring_builder.started("1.1.12", {"nodes": 4, "datacenters": ("DC1", "DC2")}, stack)


@pytest.fixture(scope="module")
def on_a_ring(ring: Ring[Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workplace]:
    with little_patience():
        yield Workplace(tmp_path_factory.mktemp("ring"), ring)


def test_the_honest_deployment_is_go_and_leaves_no_row(on_a_ring: Workplace, ring: Ring[Any]):
    found = on_a_ring.verified(Case("honest", disruptive=True))
    assert found.judged.verdict == "go", found.reasons
    trials = found.seen.sessions
    assert isinstance(trials, tuple)
    for trial in trials:
        assert isinstance(trial.row, RowSeen)
        assert trial.row.found == SESSION
        for family in (SESSION, SERVER_INFO):
            assert ring.get(KEYSPACE, family, trial.session.encode()) == {}
    assert found.left == {}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_wrong_with_the_rows_is_found_by_exactly_what_should_find_it(case, on_a_ring: Workplace):
    check(case, on_a_ring)


@pytest.mark.parametrize("case", BY_THE_PROGRAM, ids=lambda case: case.name)
def test_the_program_finds_the_same(case, on_a_ring: Workplace, tmp_path: Path):
    with on_a_ring.site(case) as site:
        ended = verify(on_a_ring, site.estate_file, tmp_path / "results.json")
    results = ended.report(tmp_path / "results.json")
    honest = on_a_ring.honest(case.disruptive)
    changed = {each["id"]: each["outcome"] for each in results["results"] if each["outcome"] != honest.outcomes[each["id"]]}
    assert changed == case.expected
    assert (results["verdict"], ended.code) == (case.verdict, EXIT[case.verdict]), ended.said
    assert "ORS twin" in ended.out  # every report says what stood in for ORS


def verify(workplace: Workplace, estate_file: Path, results: Path) -> Ended:
    before = workplace.before(HEALTHY)
    name = load_estate_file(estate_file).file.estate.name
    return orsgate(
        "verify", estate_file, "--baseline", before.baseline, "--record", before.record, "--attestations", before.attestations,
        "--active", "--serve", "127.0.0.1:0", "--disruptive", "--confirm", name, "--json", results,
    )  # fmt: skip
