# SPDX-License-Identifier: Apache-2.0
"""The attestations in a bundle: whether they are whole, with their evidence, and those that the run rested on."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from orsgate.estate.evidence_files import Attestation
from orsgate.estate.mistakes import quoted
from orsgate.evidence.attestations import attestation_in, is_attestation
from orsgate.evidence.bundle.names import ATTESTATIONS, SNAPSHOT, below
from orsgate.evidence.bundle.told import Told
from orsgate.evidence.canonical import NotIntactError
from orsgate.reporting.text import utc

_SUFFIX = ".json"
_NOT_THERE = "which is not there as it was then: give the directory that it lies in with --attestations"
_SEPARATORS = re.compile(r"[/\\]")


def problems_with_attestations(files: Mapping[str, bytes], said: Told, used: Iterable[Attestation]) -> Iterator[str]:
    """What does not belong together, one sentence each.

    Args:
        files: of the bundle.
        said: what results.json tells.
        used: the attestations of the snapshot that was judged.
    """
    found = dict(_attestations(files))
    yield from _evidence(files, found)
    for result in said.results:
        rests_on = {name for seen in result.evidence if is_attestation(name := _own_name(seen.where))}
        missing = sorted(name for name in rests_on if f"{ATTESTATIONS}{name}" not in found)
        yield from (f"{result.id} rests on the attestation {quoted(name)}, {_NOT_THERE}" for name in missing)
    for attestation in used:
        if not attestation.problem and not _is_there(attestation, found):
            yield f"{SNAPSHOT} holds the attestation {quoted(_own_name(attestation.place))}, {_NOT_THERE}"


def _evidence(files: Mapping[str, bytes], found: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    needed: set[str] = set()
    for name, document in found.items():
        evidence = document.get("evidence")
        if not isinstance(evidence, dict):
            continue
        needed.add(own := f"{ATTESTATIONS}{evidence.get('file')}")
        if own not in files:
            yield f"the evidence {quoted(own)}, which {quoted(name)} names, is missing"
        elif hashlib.sha256(files[own]).hexdigest() != evidence.get("sha256"):
            yield f"the evidence {quoted(own)} was changed since {quoted(name)} was attested"
    for name in files:
        if name.startswith(ATTESTATIONS) and name not in found and name not in needed:
            yield f"{quoted(name)} is no attestation that is whole, and none names it as its evidence"


def _attestations(files: Mapping[str, bytes]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, data in files.items():
        if below(name, ATTESTATIONS) and name.endswith(_SUFFIX):
            try:
                yield name, attestation_in(data)
            except NotIntactError:
                continue  # evidence may be JSON too; what is neither is named by the caller


def _own_name(place: str) -> str:
    """The name of a file without its directory, whatever system wrote the path."""
    return _SEPARATORS.split(place)[-1]


def _is_there(used: Attestation, found: Mapping[str, Mapping[str, Any]]) -> bool:
    document = found.get(f"{ATTESTATIONS}{_own_name(used.place)}")
    if document is None:
        return False
    said = [document.get(key) for key in ("requirement", "by", "statement", "at", "until", "estate", "fingerprint")]
    return said == [
        used.requirement, used.by, used.statement, utc(used.at), utc(used.until), used.estate_name, used.fingerprint,
    ]  # fmt: skip
