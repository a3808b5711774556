# SPDX-License-Identifier: Apache-2.0
"""Verifies a bundle: whether it is, byte for byte, what the holder of a key signed, and if not, what was changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from orsgate.discovery.file_names import alike
from orsgate.estate.key_id import key_id
from orsgate.estate.mistakes import InputError, quoted
from orsgate.evidence.bundle.archive import Entry, pack, unpack
from orsgate.evidence.bundle.belonging import mismatches
from orsgate.evidence.bundle.dsse import PAYLOAD_TYPE, Envelope, opened, pae
from orsgate.evidence.bundle.names import CATALOGUE, ENVELOPE, RESULTS, unfit
from orsgate.evidence.bundle.statement import statement, subjects
from orsgate.evidence.bundle.told import Told, told
from orsgate.evidence.canonical import NotIntactError
from orsgate.evidence.keys import is_signature
from orsgate.reporting.results_json import run_id

_LARGEST_UNSIGNED = 16 * 2**20
"""Bytes of a results.json that is parsed although nobody vouches for it, only to tell what was changed."""


@dataclass(frozen=True, slots=True)
class Intact:
    """A bundle that is what was signed.

    Attributes:
        keyid: of the key that signed it.
        run: what tells its run from others.
        told: what its results.json tells.
        subjects: name of each file -> its SHA-256, hexadecimal.
        files: name -> content, without the envelope.
        envelope: the signed statement, as it lies in the bundle.
    """

    keyid: str
    run: str
    told: Told
    subjects: Mapping[str, str]
    files: Mapping[str, bytes]
    envelope: bytes


@dataclass(frozen=True, slots=True)
class NotIntact:
    """A bundle that must not be relied on.

    Attributes:
        findings: what was changed, one sentence each; at least one.
    """

    findings: tuple[str, ...]


class _ChangedError(Exception):
    """What was found to be changed, one sentence each; with it nothing more can be looked at."""

    def __init__(self, findings: Iterable[str]) -> None:
        super().__init__()
        self.findings = tuple(findings)


def verified(data: bytes, public_key: str) -> Intact | NotIntact:
    """Verify a bundle; nothing but its bytes and the key is looked at, and nothing is written.

    Args:
        data: the whole of it.
        public_key: of who must have signed it, raw, hexadecimal.
    """
    try:
        found, listed, envelope, files = _signed(data, public_key)
        # From here on all is what was signed by the key, and may be read.
        said = _told(files)
        _require_none(_with_content(files, said, found.payload))
    except _ChangedError as error:
        return NotIntact(error.findings)
    return Intact(found.keyid, run_id(listed[RESULTS]), said, listed, files, envelope)


def _signed(data: bytes, public_key: str) -> tuple[Envelope, dict[str, str], bytes, dict[str, bytes]]:
    """The envelope, what it says of which file, its bytes, and the files: all that was signed, byte for byte."""
    try:
        entries = unpack(data)
    except NotIntactError as error:
        raise _ChangedError([f"the archive {error}"]) from None
    findings = list(_with_entries(entries))
    files = {entry.name: entry.data for entry in reversed(entries) if not entry.trouble}
    envelope = files.pop(ENVELOPE, None)
    if envelope is None:
        there = any(entry.name == ENVELOPE for entry in entries)
        raise _ChangedError(findings if there else [*findings, f"{quoted(ENVELOPE)} was removed"])
    try:
        found = opened(envelope)
        listed = subjects(found.payload)
    except NotIntactError as error:
        raise _ChangedError([*findings, f"{quoted(ENVELOPE)} {error}"]) from None
    _require_none([*findings, *_with_files(listed, entries, files), *_with_signature(found, public_key, files)])
    if pack(envelope, files) != data:
        raise _ChangedError(["the archive was changed around its files: times, modes, compression, or bytes between them"])
    return found, listed, envelope, files


def _require_none(findings: Iterable[str]) -> None:
    if found := tuple(findings):
        raise _ChangedError(found)


def _told(files: Mapping[str, bytes]) -> Told:
    if missing := [name for name in (RESULTS, CATALOGUE) if name not in files]:
        raise _ChangedError([f"it was signed without {quoted(missing[0])}, and is none of orsgate"])
    try:
        return told(files[RESULTS], RESULTS)
    except InputError as error:
        raise _ChangedError([f"it was signed, and is none of orsgate: {error}"]) from None


def _with_entries(entries: Iterable[Entry]) -> Iterator[str]:
    """What is wrong with the archive as such."""
    seen: dict[str, str] = {}
    for entry in entries:
        name = quoted(entry.name)
        if why := unfit(entry.name):
            yield f"{name} was added: {f'it {entry.trouble}' if entry.trouble else f'no bundle holds it, since its name {why}'}"
            continue
        other = seen.get(alike(entry.name))
        if other == entry.name:
            yield f"{name} stands twice"
        elif other is not None:
            yield f"{name} and {quoted(other)} are one file where letter case does not count"
        seen.setdefault(alike(entry.name), entry.name)
        if entry.trouble:
            yield f"{name} was changed: it {entry.trouble}"


def _with_files(listed: Mapping[str, str], entries: Iterable[Entry], files: Mapping[str, bytes]) -> Iterator[str]:
    """What is wrong with the files, by what the statement says of them."""
    names = dict.fromkeys(entry.name for entry in entries)
    known = {ENVELOPE, *listed}
    for name, digest in listed.items():
        if name in files and hashlib.sha256(files[name]).hexdigest() != digest:
            yield f"{quoted(name)} was changed"
        elif name not in names:
            yield f"{quoted(name)} was removed"
    yield from (f"{quoted(name)} was added" for name in names if name not in known and not unfit(name))
    expected = [name for name in (ENVELOPE, *listed) if name in names]
    found = [name for name in names if name in known]
    if first := next((name for name, right in zip(found, expected, strict=True) if name != right), None):
        yield f"the files were put into another order: {quoted(first)} is not in its place"


def _with_signature(found: Envelope, public_key: str, files: Mapping[str, bytes]) -> Iterator[str]:
    """What is wrong with who signed what."""
    where, wanted = quoted(ENVELOPE), key_id(public_key)
    if found.payload_type != PAYLOAD_TYPE:
        yield f"{where}: its field payloadType was changed: it is {quoted(found.payload_type)}, not {quoted(PAYLOAD_TYPE)}"
    if is_signature(public_key, found.signature, pae(PAYLOAD_TYPE, found.payload)):
        if found.keyid != wanted:
            yield f"{where}: its field keyid was changed: the signature is that of the key {wanted}"
    elif found.keyid != wanted:
        yield f"it was signed by another key, or its field keyid was changed: it names {quoted(found.keyid)}, not {wanted}"
    elif (unchanged := _is_about(found.payload, files)) is None:
        yield f"{where}: its field payload or sig was changed: the signature is not that of the statement"
    else:
        yield f"{where}: its field {'sig' if unchanged else 'payload'} was changed: the signature is not that of the statement"


def _is_about(payload: bytes, files: Mapping[str, bytes]) -> bool | None:
    """Whether a statement says of the files what orsgate says of them; None where that cannot be told."""
    if RESULTS not in files or len(files[RESULTS]) > _LARGEST_UNSIGNED:
        return None
    try:
        return statement(files, told(files[RESULTS], RESULTS)) == payload
    except InputError:
        return None


def _with_content(files: Mapping[str, bytes], said: Told, payload: bytes) -> Iterator[str]:
    """What is wrong with a bundle whose signature and files are right: another program than orsgate made it."""
    try:
        if statement(files, said) != payload:
            yield f"{quoted(ENVELOPE)} was signed, and says other things of the run than {quoted(RESULTS)}"
        for problem in mismatches(files, said):
            yield f"it was signed, and its files are not of one run: {problem}"
    except InputError as error:
        yield f"it was signed, and is none of orsgate: {error}"
