# SPDX-License-Identifier: Apache-2.0
"""Whether the files of a bundle are of one run, as far as their contents tell."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping

from orsgate.estate.evidence_files import Attestation, ReadinessRecord
from orsgate.estate.snapshot import load
from orsgate.evidence.bundle.accepted import problems_with_waivers
from orsgate.evidence.bundle.attested import problems_with_attestations
from orsgate.evidence.bundle.names import CATALOGUE, FEATURES, RECORD, REPORT, RESULTS, SNAPSHOT, TEAM, below
from orsgate.evidence.bundle.told import Told
from orsgate.home import digest_of_features
from orsgate.reporting.grouping import stage_of
from orsgate.verdict.coherence import contradiction


def mismatches(files: Mapping[str, bytes], said: Told) -> Iterator[str]:
    """What does not belong to the run that results.json tells of, one sentence each.

    Args:
        files: name -> content, without the envelope; results.json and the catalogue are there.
        said: what their results.json tells.

    Raises:
        InputError: the snapshot is none.
    """
    made_by = f"orsgate {said.tool.version}"
    if hashlib.sha256(files[CATALOGUE]).hexdigest() != said.tool.catalogue_sha256:
        yield f"{RESULTS} was made with another catalogue of requirements: bundle it with {made_by}, which made it"
    if _features(files) != said.tool.features_sha256:
        yield (
            f"{RESULTS} was made with other feature files: bundle it with {made_by}, and with --features DIR exactly where "
            "the run had a team's own"
        )
    if told := contradiction(said):
        yield f"{RESULTS} contradicts itself: {told}: bundle what --json wrote"
    used: tuple[Attestation, ...] = ()
    if SNAPSHOT in files:
        snapshot = load(files[SNAPSHOT], SNAPSHOT)
        used = snapshot.attestations
        if not said.snapshot_sha256:
            yield f"{RESULTS} does not tell which snapshot was judged: make it anew with orsgate judge"
        elif hashlib.sha256(files[SNAPSHOT]).hexdigest() != said.snapshot_sha256:
            yield f"{SNAPSHOT} is not the one that {RESULTS} was made of: give the one that --snapshot wrote in the same run"
        elif (said.plan or "", said.stage or "", [(part.part, part.stand_ins) for part in said.parts]) != (
            snapshot.plan, stage_of(snapshot, said.phase), [(part.part, part.stand_ins) for part in snapshot.parts],
        ):  # fmt: skip
            yield f"{RESULTS} tells of another plan, stage or stand-in than {SNAPSHOT}: bundle what --json wrote"
        read = snapshot.record
        if said.record is not None and isinstance(read, ReadinessRecord) and read.sha256 != said.record.sha256:
            yield f"{RESULTS} contradicts {SNAPSHOT} over the SHA-256 of the readiness record: bundle what --json wrote"
    yield from problems_with_waivers(files, said)
    yield from _other_record(files, said)
    if REPORT in files and not _is_of_run(files[REPORT], files[RESULTS], said):
        yield f"{REPORT} is the report of another run than {RESULTS}: give the one that --html wrote in the same run"
    yield from problems_with_attestations(files, said, used)


def _features(files: Mapping[str, bytes]) -> str:
    core, team = ([(name, data) for name, data in sorted(files.items()) if below(name, where)] for where in (FEATURES, TEAM))
    return digest_of_features((name.rpartition("/")[2], data) for name, data in (*core, *team))


def _other_record(files: Mapping[str, bytes], said: Told) -> Iterator[str]:
    """A readiness record that is not the one which the run read; a bundle may leave it out, since results.json has its digest."""
    if RECORD not in files:
        return
    if said.record is None:
        yield f"{RESULTS} tells of no readiness record that the run read whole: leave out --record"
    elif hashlib.sha256(files[RECORD]).hexdigest() != said.record.sha256:
        yield (
            f"the readiness record {said.record.file} is not as the run read it, its SHA-256 was {said.record.sha256}: "
            "give the file as it was then, with --record"
        )


def _is_of_run(report: bytes, results: bytes, said: Told) -> bool:
    """Whether an HTML report names the times and the digests that results.json tells, and the digest of results.json itself.

    Times alone are of whole seconds, in which one snapshot can be judged twice, with waivers and without.
    """
    told_of = (
        said.started, said.finished, said.collected, said.tool.catalogue_sha256, said.tool.features_sha256,
        hashlib.sha256(results).hexdigest(),
    )  # fmt: skip
    return all(text.encode() in report for text in told_of)
