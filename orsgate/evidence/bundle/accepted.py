# SPDX-License-Identifier: Apache-2.0
"""The waivers in a bundle: whether their file holds exactly those that results.json says the run was given."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from orsgate.estate.mistakes import quoted
from orsgate.evidence.bundle.names import RESULTS, WAIVERS
from orsgate.reporting.text import utc

_FIELDS = ("requirement", "outcome", "subject", "reason", "approver", "risk", "ticket", "from", "until")
"""All that a waiver is; in results.json its state and the like stand besides."""
_GIVE = "give the file that the run was given, with --waivers; of several, their contents one after the other in one file"


def problems_with_waivers(files: Mapping[str, bytes], told: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """What does not belong together, one sentence each.

    The file is not read as a run reads it: a later version of orsgate may know other requirements.

    Args:
        files: of the bundle.
        told: the waivers of results.json.
    """
    given = Counter(map(_identity, told))
    if WAIVERS not in files:
        if given:
            yield f"{RESULTS} tells of waivers, and their file is not there: {_GIVE}"
        return
    found = _waivers(files[WAIVERS])
    if found is None:
        yield f"{WAIVERS} is no TOML with waivers: {_GIVE}"
        return
    if missing := next(iter(given - found), None):
        yield f"{RESULTS} tells of a waiver of {quoted(missing[0])} that {WAIVERS} does not hold as it was then: {_GIVE}"
    if other := next(iter(found - given), None):
        yield f"{WAIVERS} holds a waiver of {quoted(other[0])} that {RESULTS} does not tell of: {_GIVE}"


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
