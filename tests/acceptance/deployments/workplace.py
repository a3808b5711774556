# SPDX-License-Identifier: Apache-2.0
"""Builds deployments, and verifies them as ``orsgate verify`` does."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest

from orsgate.collection.collect import collect
from orsgate.collection.deployment import Asked, DeploymentTest
from orsgate.collection.trials.document import LIVES_FOR, Documents
from orsgate.collection.trials.rows import LookUp
from orsgate.collection.trials.serving import DocumentServer
from orsgate.estate.deployment import Deployment, RowSeen
from orsgate.estate.file import load_estate_file
from orsgate.estate.journal import Journal
from orsgate.estate.knowledge import Unknown
from orsgate.estate.snapshot import DEPLOYMENT_PARTS, dump, load
from orsgate.evidence.attestations import load_attestations
from orsgate.evidence.baseline import baseline_or_unknown
from orsgate.evidence.record import load_record, redactor_of
from orsgate.sandbox.ring import Ring
from orsgate.sandbox.site.site import Site, Source
from orsgate.sandbox.twins.ors_stores import SERVER_INFO, SESSION, MemoryStore
from tests.acceptance.deployments.before import Before, prepared, ring_of_paper, store_of
from tests.acceptance.deployments.case import Case, Sample
from tests.faults.workshop import Judged, judged

TAKEOVER_AFTER = 0.2
PATIENCE = {
    "sessions.ROW_WITHIN": 1.5,
    "sessions.FETCHED_WITHIN": 1.0,
    "ending.LINGERS": 0.5,
    "takeover.ANSWER": 1.0,
    "takeover.RUNS_WITHIN": 1.5,
    "takeover.RECOVERS": 1.0,
    "failover.SETTLES": 1.5,
}
"""Shorter waits of the trials than those of a run in the field."""


@dataclass(frozen=True)
class Verified:
    """A deployment that was verified.

    Attributes:
        judged: the outcomes.
        seen: the trace of what was tried.
        left: id -> application, of the sessions that twins hold at the end.
    """

    judged: Judged
    seen: Deployment
    left: dict[str, str]

    @property
    def notes(self) -> str:
        """The notes of all requirements, one a line."""
        return "\n".join(note for result in self.judged.results.values() for note in result.judgement.notes)

    @property
    def reasons(self) -> str:
        """What was found, of every requirement that did not pass."""
        return "\n".join(
            f"{name}: {result.reason} {[each.found for each in result.judgement.violations]}"
            for name, result in self.judged.results.items()
            if result.reason
        )

    @property
    def unnamed(self) -> dict[str, str]:
        """The sessions that twins hold and of which no note tells, neither by their id nor as one that may have been started."""
        told = self.notes
        return {
            session: application
            for session, application in self.left.items()
            if session not in told and not re.search(rf"may have been started at \S+ \({application}\)", told)
        }


class OutOfReach:
    """Documents at an address where nobody serves."""

    address = "http://127.0.0.1:9/"
    lives_for: int | None = LIVES_FOR

    def one(self) -> str:
        """The same for every session."""
        return f"{self.address}test.scxml"

    def fetched(self, address: str, seconds: float, closing: threading.Event) -> bool | Unknown:  # noqa: ARG002
        """Never."""
        return False


def rows_in(store: MemoryStore) -> LookUp:
    """Looks for rows in the memory of the twins, as they are looked for in a ring."""
    families = (SESSION, SERVER_INFO)

    def look_up(session: str, until: float) -> RowSeen:
        began = time.monotonic()
        while (found := session in store.rows) is False and time.monotonic() < until:
            threading.Event().wait(0.05)
        return RowSeen(SESSION if found else "", families, store.name, time.monotonic() - began)

    return look_up


class Workplace:
    """Builds sites and verifies them; what cases have in common is made once.

    Args:
        directory: an empty one.
        ring: the ring of all sites; None: sessions are persisted in memory, and the facts of the ring are of paper.
    """

    def __init__(self, directory: Path, ring: Ring[Any] | None = None) -> None:
        self._directory = directory
        self._ring = ring
        self._number = 0
        self.before: Callable[[Sample], Before] = cache(lambda sample: prepared(sample, self.new_directory(sample.name), ring))
        self.honest: Callable[[bool], Judged] = cache(self._honest)

    def new_directory(self, name: str) -> Path:
        """A path where nothing is yet."""
        self._number += 1
        return self._directory / f"{self._number}-{''.join(letter if letter.isalnum() else '-' for letter in name)}"

    def verified(self, case: Case) -> Verified:
        """The deployment of a case, verified as a whole."""
        store = MemoryStore()
        with self.site(case, store) as site, ring_of_paper(self._ring):
            case.happens(site)
            return self.verify(site, case, None if self._ring else rows_in(store))

    @contextmanager
    def site(self, case: Case, memory: MemoryStore | None = None) -> Iterator[Site]:
        """The site of a case; everything runs."""
        before, sample = self.before(case.sample), case.sample
        source, store = cast("Source", sample.source), store_of(self._ring, memory)
        with Site(
            str(before.estate), self.new_directory(case.name), ring=self._ring, store=store, source=source,
            lies=case.lies, takeover_after=TAKEOVER_AFTER, https=sample.https,
        ) as site:  # fmt: skip
            site.installed(datetime.now(UTC) + timedelta(seconds=1))  # the record may be of this very second
            if site.ca_file:
                trust(site)
            yield site

    def verify(self, site: Site, case: Case, look_up: LookUp | None) -> Verified:
        """What ``orsgate verify --active`` finds."""
        before, loaded = self.before(case.sample), load_estate_file(site.estate_file)
        redactor = redactor_of(before.record)
        assert not isinstance(redactor, Unknown), redactor
        ca_file = loaded.file.active.ca_file
        with ExitStack() as stack:
            documents: Documents = OutOfReach() if case.unreachable else stack.enter_context(DocumentServer("127.0.0.1", 0))
            journal = stack.enter_context(Journal(site.directory / "verify.journal"))
            confirm = (lambda _: True) if case.disruptive else None
            authority = loaded.resolve(ca_file) if ca_file else None
            test = DeploymentTest(Asked(documents, journal, confirm, ca_file=authority, look_up=look_up))
            snapshot = replace(
                collect(loaded, DEPLOYMENT_PARTS, redactor=redactor, deployment=test),
                baseline=baseline_or_unknown(before.baseline, redactor), record=load_record(before.record),
                attestations=load_attestations(before.attestations),
            )  # fmt: skip
            found = judged(load(dump(snapshot), "the snapshot"), "deployment")
            test.settle()
        left = {session: twin.application for twin in site.twins.values() for session in twin.sessions}
        return Verified(found, test.found, left)

    def _honest(self, disruptive: bool) -> Judged:  # noqa: FBT001
        """The honest deployment of the healthy estate."""
        found = self.verified(Case("honest", disruptive=disruptive)).judged
        assert (found.verdict == "go") is disruptive, found.outcomes
        return found


def trust(site: Site) -> None:
    """Write the authority of a site into its estate file."""
    text = site.estate_file.read_text(encoding="utf-8")
    assert text.count("[active]\n") == 1
    site.estate_file.write_text(text.replace("[active]\n", f'[active]\nca_file = "{site.ca_file}"\n'), encoding="utf-8")


@contextmanager
def little_patience() -> Iterator[None]:
    """Shorter waits."""
    with pytest.MonkeyPatch.context() as patch:
        for name, seconds in PATIENCE.items():
            patch.setattr(f"orsgate.collection.trials.{name}", seconds)
        yield


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workplace]:
    """A workplace with little patience."""
    with little_patience():
        yield Workplace(tmp_path_factory.mktemp("deployments"))
