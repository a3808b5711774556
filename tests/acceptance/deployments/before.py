# SPDX-License-Identifier: Apache-2.0
"""What is there before a deployment is verified: an estate, its baseline, its readiness record, and what is attested."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast
from unittest import mock

from orsgate.cli.harness import judge
from orsgate.collection import cassandra
from orsgate.collection.collect import collect, nobody_to_ask
from orsgate.estate.estate import Estate
from orsgate.estate.file import load_estate_file
from orsgate.estate.secret import LastingRedactor
from orsgate.estate.snapshot import PARTS
from orsgate.evidence.attestations import Statement, write_attestation
from orsgate.evidence.baseline import store_baseline
from orsgate.evidence.before import Terms, read_before
from orsgate.evidence.record import RecordReporter, new_salt
from orsgate.rules.attestations import estate_fingerprint
from orsgate.sandbox.ring import Ring
from orsgate.sandbox.samples import place_sample
from orsgate.sandbox.site.site import Site, Source
from orsgate.sandbox.twins.ors_stores import CassandraStore, MemoryStore, StoreOf
from orsgate.verdict.run import Run
from orsgate.verdict.selection import Selection
from tests.acceptance.deployments.case import Sample
from tests.faults.workshop import healthy_ring

OLD, NEW = "8.1.200.50", "8.1.400.27"
"""The releases of the sample."""
ACTIVE = "\n[active]\ntimeout = 3.0\ntakeover_within = 2.0\n"
"""Little patience: a server that hangs costs 3 seconds."""


@dataclass(frozen=True)
class Before:
    """What there is before the deployment is verified.

    Attributes:
        estate: of which a site with the new release is made.
    """

    estate: Path
    baseline: Path
    record: Path
    attestations: Path


@contextmanager
def ring_of_paper(real: Ring[Any] | None = None) -> Iterator[None]:
    """The facts of a healthy ring, in place of one that is asked; does nothing where there is a real one."""
    if real is not None:
        yield
        return
    with mock.patch.object(cassandra, "read_from", return_value=healthy_ring()):
        yield


def store_of(ring: Ring[Any] | None, memory: MemoryStore | None = None) -> StoreOf:
    """Where twins persist sessions: in a ring, or in memory where there is none."""
    return CassandraStore.of if ring is not None else (memory or MemoryStore()).of


def prepared(sample: Sample, directory: Path, ring: Ring[Any] | None = None) -> Before:
    """Take the baseline and the record of an estate, as it is before the installation; without a ring that is of paper."""
    old, new = (_placed(sample, directory / name, name == "new") for name in ("old", "new"))
    source = cast("Source", sample.source)
    with (
        Site(str(old), directory / "site", ring=ring, store=store_of(ring), source=source) as site,
        ring_of_paper(ring),
    ):
        loaded = load_estate_file(site.estate_file)
        store_baseline(directory / "baseline", loaded, read_before(loaded, Terms(nobody_to_ask)))
        salt = new_salt()
        snapshot = collect(loaded, PARTS, redactor=LastingRedactor(salt))
        run = Run(snapshot, "readiness", Selection(), [RecordReporter(directory / "record.json", salt)])
        judge(run)
        verdict = run.finish()
        assert verdict.name.value == "go", verdict.sentence
        attest(directory / "attestations", Estate(snapshot), sample.attested)
    return Before(new, directory / "baseline", directory / "record.json", directory / "attestations")


def attest(directory: Path, estate: Estate, requirements: tuple[str, ...]) -> None:
    """State that a person saw what requirements ask for."""
    for requirement in requirements:
        statement = Statement(requirement, "tester (made up)", "seen", None, timedelta(hours=1))
        write_attestation(directory, statement, estate.name, estate_fingerprint(estate), datetime.now(UTC))


def _placed(sample: Sample, directory: Path, upgraded: bool) -> Path:  # noqa: FBT001
    """The estate of a sample, in the old release or in the new one."""
    path = place_sample("healthy", directory)
    text = sample.estate(path.read_text(encoding="utf-8") + ACTIVE).replace(NEW, sample.build)
    if upgraded:
        text = text.replace(f'version = "{OLD}"', f'version = "{sample.build}"')
    path.write_text(text, encoding="utf-8")
    for export in (directory / "exports").iterdir():
        export.write_text(sample.exports(export.read_text(encoding="utf-8")), encoding="utf-8")
    return path
