# SPDX-License-Identifier: Apache-2.0
"""Attestations: what a person states about an estate, in a file that is bound to the estate as it was then."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from orsgate.discovery.new_directory import OWNER_ONLY_FILE
from orsgate.estate.atomic import write_whole
from orsgate.estate.evidence_files import Attestation
from orsgate.estate.mistakes import InputError, quoted
from orsgate.evidence.canonical import DIGEST, NotIntactError, canonical, sealed, unsealed
from orsgate.evidence.given_file import read_given
from orsgate.evidence.private_file import write_private
from orsgate.reporting.text import utc
from orsgate.rules.attestations import ATTESTABLE
from orsgate.rules.catalogue import catalogue

SCHEMA = "orsgate/attestation/1"
DIRECTORY = "attestations"
"""Where they lie, beside the estate file."""
LARGEST_EVIDENCE = 64 * 2**20
"""Bytes of a file that belongs to a statement."""
LONGEST = timedelta(days=31)
"""For how long a statement can count."""
_INDENT = 1
_KEYS = {"schema", "requirement", "by", "statement", "at", "until", "estate", "fingerprint", "evidence", DIGEST}
_FITS_A_NAME = re.compile(r"[^\w.-]+")
_FOR_OTHERS = 0o044
"""A copy is for those others to read who can read the original, and for nobody to change."""
_NAME = re.compile(r"[A-Z][A-Z0-9]*-\d{4}-\d{8}T\d{6}Z-[0-9a-f]{6}\.json", re.ASCII)
_CLOCKS_APART = timedelta(minutes=5)
"""How far the clocks of two hosts may differ."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What is stated.

    Attributes:
        requirement: its id.
        by: who states it.
        evidence: a file that belongs to it.
        valid: how long it counts.
    """

    requirement: str
    by: str
    text: str
    evidence: Path | None
    valid: timedelta


def require_attestable(requirement: str) -> None:
    """Make sure that a statement about a requirement can count.

    Raises:
        InputError: there is no such requirement, or it is judged by facts alone.
    """
    if requirement in ATTESTABLE:
        return
    known = ", ".join(sorted(ATTESTABLE))
    if requirement in catalogue():
        raise InputError(f"{requirement} is judged by facts, which no statement replaces; a person can attest {known}")
    raise InputError(f"{quoted(requirement)} is no requirement; a person can attest {known}")


def write_attestation(directory: Path, statement: Statement, estate_name: str, fingerprint: str, at: datetime) -> Path:
    """Write an attestation, with a copy of the file that belongs to it.

    Args:
        directory: where attestations lie; it is made.
        statement: what is stated.
        estate_name: of the estate it is about.
        fingerprint: of its configuration as it is now.
        at: now, UTC.

    Returns:
        the file.

    Raises:
        InputError: the evidence cannot be read, or something cannot be written.
    """
    stem = f"{statement.requirement}-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
    document: dict[str, Any] = {
        "schema": SCHEMA,
        "requirement": statement.requirement,
        "by": statement.by,
        "statement": statement.text,
        "at": utc(at),
        "until": utc(at + statement.valid),
        "estate": estate_name,
        "fingerprint": fingerprint,
        "evidence": None,
    }
    path = directory / f"{stem}.json"
    try:
        if statement.evidence is not None:
            data = _evidence(statement.evidence)
            copy = f"{stem}-{_FITS_A_NAME.sub('_', statement.evidence.name)[-80:]}"
            directory.mkdir(parents=True, exist_ok=True)
            write_private(directory / copy, data)
            (directory / copy).chmod(statement.evidence.stat().st_mode & _FOR_OTHERS | OWNER_ONLY_FILE)
            document["evidence"] = {"file": copy, "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
        write_whole(path, canonical(sealed(document), _INDENT).encode("ascii"))
    except OSError as error:
        raise InputError(f"{directory}: the attestation cannot be written: {error.strerror or error}") from None
    return path


def _evidence(path: Path) -> bytes:
    data = read_given(path, LARGEST_EVIDENCE, "the evidence")
    if len(data) > LARGEST_EVIDENCE:
        raise InputError(f"{path}: the evidence is larger than {LARGEST_EVIDENCE // 2**20} MB; keep it elsewhere and say where")
    return data


def is_attestation(name: str) -> bool:
    """Whether a file is called as ``write_attestation`` calls what it writes."""
    return _NAME.fullmatch(name) is not None


def load_attestations(directory: Path) -> tuple[Attestation, ...]:
    """Every attestation in a directory, by name of its file; none where there is no directory.

    One that was changed, or whose evidence was, comes with the ``problem`` that keeps it from counting.

    Raises:
        InputError: the directory cannot be read.
    """
    try:
        if not directory.is_dir():
            return ()
        paths = sorted(path for path in directory.iterdir() if path.suffix == ".json" and path.is_file())
        return tuple(_read(path) for path in paths)
    except OSError as error:
        raise InputError(f"{directory}: the attestations cannot be read: {error.strerror or error}") from None


def attestation_in(data: bytes) -> dict[str, Any]:
    """What the file of an attestation says, exactly as it was written.

    Raises:
        NotIntactError: it was changed, or is no attestation; the message goes on after its name.
    """
    return unsealed(data, SCHEMA, _INDENT)


def _read(path: Path) -> Attestation:
    requirement = path.name[:8]
    try:
        return _attestation(attestation_in(path.read_bytes()), path)
    except NotIntactError as error:
        return _unusable(requirement, path, f"{path} {error}")
    except (KeyError, TypeError, ValueError):
        return _unusable(requirement, path, f"{path} is no attestation of the form {SCHEMA}")


def _unusable(requirement: str, path: Path, problem: str) -> Attestation:
    never = datetime.fromtimestamp(0, UTC)
    return Attestation(requirement, "", "", never, never, "", "", place=str(path), problem=problem)


def _attestation(document: dict[str, Any], path: Path) -> Attestation:
    """The attestation in a file.

    Raises:
        ValueError: it is not of the form in which ``write_attestation`` writes.
    """
    texts = [document[key] for key in ("requirement", "by", "statement", "estate", "fingerprint")]
    given = document["evidence"]
    if document.keys() != _KEYS or not all(isinstance(text, str) and text.strip() for text in texts):
        raise ValueError(SCHEMA)
    at, until = (datetime.strptime(document[key], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC) for key in ("at", "until"))
    problem, evidence = "", ""
    if given is not None:
        evidence = f"{given['file']} (SHA-256 {given['sha256']})"
        problem = _wrong_with(path.with_name(given["file"]), given["sha256"])
    if at > datetime.now(UTC) + _CLOCKS_APART:
        problem = problem or f"{path} is from the future; look at the clocks of the hosts"
    if until - at > LONGEST:
        problem = problem or f"{path} counts for more than {LONGEST.days} days, for which nobody can vouch"
    requirement, by, statement, estate, fingerprint = texts
    return Attestation(requirement, by, statement, at, until, estate, fingerprint, evidence, str(path), problem)


def _wrong_with(evidence: Path, sha256: str) -> str:
    try:
        if not evidence.is_file():  # a pipe would be waited for
            return f"its evidence {evidence} is not there, or is no file"
        with evidence.open("rb") as stream:
            data = stream.read(LARGEST_EVIDENCE + 1)
    except OSError as error:
        return f"its evidence {evidence} cannot be read: {error.strerror or error}"
    if hashlib.sha256(data).hexdigest() != sha256:
        return f"its evidence {evidence} was changed since it was attested"
    return ""
