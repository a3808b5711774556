# SPDX-License-Identifier: Apache-2.0
"""The waivers in a bundle: whether their files are those that results.json says the run was given, and hold those waivers."""

from __future__ import annotations

import hashlib
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from orsgate.estate.mistakes import quoted
from orsgate.evidence.bundle.names import RESULTS, holds_waivers
from orsgate.evidence.bundle.told import FileTold, Told
from orsgate.reporting.text import utc

_FIELDS = ("requirement", "outcome", "subject", "reason", "approver", "risk", "ticket", "from", "until")
"""All that a waiver is; in results.json its state and the like stand besides."""
_GIVE = "give the file that the run was given, with --waivers; each of several"
_AS_IT_WAS = "give the file as it was then, with --waivers"


def problems_with_waivers(files: Mapping[str, bytes], said: Told) -> Iterator[str]:
    """What does not belong together, one sentence each.

    The files are not read as a run reads them: a later version of orsgate may know other requirements.

    Args:
        files: of the bundle.
        said: what results.json tells.
    """
    held = {name: data for name, data in sorted(files.items()) if holds_waivers(name)}
    if said.waiver_files is not None:
        digests = {name: hashlib.sha256(data).hexdigest() for name, data in held.items()}
        yield from _other_files(digests, said.waiver_files)
    given = Counter(map(_identity, said.waivers))
    if not held:
        if given and not said.waiver_files:
            yield f"{RESULTS} tells of waivers, and their file is not there: {_GIVE}"
        return
    found: Counter[tuple[str, ...]] = Counter()
    for name, data in held.items():
        if (entries := _waivers(data)) is None:
            yield f"{name} is no TOML with waivers: {_GIVE}"
            return
        found += entries
    names = " and ".join(held)
    if missing := next(iter(given - found), None):
        yield f"{RESULTS} tells of a waiver of {quoted(missing[0])} that is not in {names} as it was then: {_GIVE}"
    if other := next(iter(found - given), None):
        yield f"a waiver of {quoted(other[0])} is in {names}, and {RESULTS} does not tell of it: {_GIVE}"


def _other_files(digests: Mapping[str, str], told: Iterable[FileTold]) -> Iterator[str]:
    """Which file is not one that the run was given, and which of those is not there.

    Args:
        digests: name in the bundle -> SHA-256 of each file of waivers.
        told: those that the run was given.
    """
    missing = [each for each in told if each.sha256 not in digests.values()]
    known = {each.sha256 for each in told}
    others = [name for name, digest in digests.items() if digest not in known]
    for name, was in zip(others, missing, strict=False):
        other = f"its SHA-256 was {was.sha256}, and that of {name} in the bundle is {digests[name]}"
        yield f"the waiver file {was.file} is not as the run was given it, {other}: {_AS_IT_WAS}"
    for was in missing[len(others) :]:
        yield f"{RESULTS} rests on the waiver file {was.file} of SHA-256 {was.sha256}, which is not there: {_GIVE}"
    for name in others[len(missing) :]:
        yield f"{name} in the bundle is no waiver file that the run was given: leave it out"


def _waivers(data: bytes) -> Counter[tuple[str, ...]] | None:
    """The waivers in a file, each with how often it stands there; None where it is no file of waivers."""
    try:
        entries = tomllib.loads(data.decode("utf-8-sig")).get("waiver", [])
    except (ValueError, RecursionError):
        return None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        return None
    return Counter(map(_identity, entries))


def _identity(entry: Mapping[str, Any]) -> tuple[str, ...]:
    """What tells a waiver from others, in the words of results.json."""
    return tuple(_text(entry.get(field)) for field in _FIELDS)


def _text(value: object) -> str:
    if isinstance(value, datetime) and value.tzinfo is not None:
        try:
            return utc(value)
        except OverflowError:
            return str(value)
    return str(value)
