# SPDX-License-Identifier: Apache-2.0
"""Attestations: a person's statement makes a requirement pass that only a person can answer, and nothing else."""

from __future__ import annotations

from dataclasses import replace

from orsgate.estate.estate import Estate, FactUnknownError
from orsgate.estate.evidence_files import Attestation
from orsgate.estate.judgement import Evidence, Judgement, Outcome
from orsgate.estate.knowledge import Basis, weakest
from orsgate.rules.catalogue import catalogue
from orsgate.rules.times import CLOCK_TOLERANCE, shown_time

ATTESTABLE = frozenset(
    {
        "ORS-0109", "ORS-0902", "ORS-0906", "ORS-0907", "ORS-1007", "ORS-1008", "ORS-1009", "ORS-1010", "ORS-1011",
    }
)  # fmt: skip
"""The requirements that can be left to a person; all others are judged by facts alone."""


def estate_fingerprint(estate: Estate) -> str:
    """What a readiness record and an attestation are bound to: see ``orsgate.estate.items.fingerprint``.

    Raises:
        FactUnknownError: if the configuration is not known.
    """
    return estate.fingerprint


def with_attestations(estate: Estate, requirement_id: str, judgement: Judgement) -> Judgement:
    """``judgement`` as it is after the attestations for its requirement.

    Only one that is ``manual`` changes: where a valid attestation is there it passes, on the basis ``attested``; one that
    does not count is named in a note.
    """
    if judgement.outcome is not Outcome.MANUAL or (requirement_id in catalogue() and requirement_id not in ATTESTABLE):
        return judgement
    evidence: list[Evidence] = []
    notes: list[str] = []
    for attestation in estate.snapshot.attestations:
        if attestation.requirement != requirement_id:
            continue
        if why := why_not(estate, attestation):
            notes.append(f"the attestation {attestation.place or 'given'} of {attestation.by} does not count: {why}")
        else:
            text = _told(attestation)
            evidence += [Evidence(subject, text, attestation.place) for subject in judgement.subjects]
    judgement = replace(judgement, notes=(*judgement.notes, *notes))
    if not evidence:
        return judgement
    basis = weakest({judgement.basis, Basis.ATTESTED})
    return replace(judgement, manual="", evidence=(*judgement.evidence, *evidence), basis=basis)


def _told(attestation: Attestation) -> str:
    belongs = f" (evidence: {attestation.evidence})" if attestation.evidence else ""
    return f'attested by {attestation.by} at {shown_time(attestation.at)}: "{attestation.statement}"{belongs}'


def why_not(estate: Estate, attestation: Attestation) -> str:
    """Why an attestation does not count for an estate; empty where it does."""
    began = estate.snapshot.started
    if attestation.problem:
        return attestation.problem
    if attestation.estate_name != estate.name:
        return f'it was made for the estate "{attestation.estate_name}"'
    if attestation.at > began + CLOCK_TOLERANCE:
        return f"it was made at {shown_time(attestation.at)}, after this run began"
    if attestation.until < began:
        return f"it expired at {shown_time(attestation.until)}"
    try:
        same = attestation.fingerprint == estate_fingerprint(estate)
    except FactUnknownError as error:
        return f"whether the configuration is the one it was made for is not known: {error.unknown.cause}"
    return "" if same else "options, Annex, connections, tenants, redundancy or cluster changed since it was made"
