# SPDX-License-Identifier: Apache-2.0
"""The head of an ORS log: whose log it is, which build writes it, and when that was started.

``Application name``, ``Application type``, ``Host name`` and ``Start time (UTC)`` are what ssydoruk/logbrowser reads in
it (FileInfo.java). How the build stands there is not confirmed.
"""

from __future__ import annotations

import re

from orsgate.collection.trials.foreign import harmless
from orsgate.estate.inventory import ORCHESTRATION_SERVER
from orsgate.estate.knowledge import Failure, Unknown

_FIELD = re.compile(
    r"\s*(?P<name>application name|application type|start time \(utc\))\s*:\s*(?P<value>\S.*?)\s*$", re.IGNORECASE
)
_NAME, _TYPE, _START = "application name", "application type", "start time (utc)"
_BEGINS = re.compile(rb"\s*application name\s*:", re.IGNORECASE)
_RELEASE = r"(?<![\w.-])v?(?P<release>\d{1,2}\.\d{1,2}\.\d{1,3}(?:\.\d{1,3})?)(?![\w.])"

BUILDS: tuple[tuple[str, str], ...] = (
    (
        "a line of its own",
        (
            r"\s*(?:application|product|server|component|orchestration ?server)?\s*(?:version|release|build)(?: number)?"
            rf"\s*[:=]\s*{_RELEASE}\s*$"
        ),
    ),
    ("the product and its version", rf".*\borchestration ?server\b.*\b(?:version|release|build|ver\.?)\W{{0,3}}{_RELEASE}"),
)
"""How a head tells the build, the surest first; unconfirmed.

Taken of whole lines alone: a head also tells the versions of libraries, of the operating system and of other servers.
"""
_BUILDS = tuple(re.compile(pattern, re.IGNORECASE) for _, pattern in BUILDS)


class Head:
    """What the head of a log has told so far.

    Args:
        place: the log.
    """

    def __init__(self, place: str) -> None:
        self._place = place
        self._fields: dict[str, str] = {}
        self._builds: tuple[set[str], ...] = tuple(set() for _ in _BUILDS)
        self._started = ""

    @staticmethod
    def begins_in(line: bytes) -> bool:
        """Whether a head begins with this line: that of a log, or of another start in it."""
        return _BEGINS.match(line) is not None

    def take(self, line: str) -> bool:
        """Take in a line; whether it tells that another start begins than the one before."""
        for found, pattern in zip(self._builds, _BUILDS, strict=True):
            if match := pattern.match(line):
                found.add(match["release"])
        field = _FIELD.match(line)
        if field is None:
            return False
        name = field["name"].lower()
        if name == _NAME and _NAME in self._fields:
            self._fields = {}
            self._builds = tuple(set() for _ in _BUILDS)
        self._fields.setdefault(name, harmless(field["value"]))
        if name != _START:
            return False
        another = bool(self._started) and self._started != self._fields[_START]
        self._started = self._fields[_START]
        return another

    def facts(self) -> tuple[str | Unknown, str | Unknown, str]:
        """Application name, build and start time; an empty start time where the head tells none."""
        return self._told(_NAME, "Application name"), self._build(), self._fields.get(_START, "")

    def _told(self, name: str, called: str) -> str | Unknown:
        return self._fields.get(name) or self._missing(f"no line {called!r}")

    def _build(self) -> str | Unknown:
        kind = self._fields.get(_TYPE, "")
        if kind and ORCHESTRATION_SERVER.replace(" ", "").lower() not in kind.replace(" ", "").lower():
            return self._unknown(f"is the log of another type of application: {kind}")
        for found in self._builds:
            if len(found) > 1:
                return self._unknown(f"names more than one release in its head: {', '.join(sorted(found))}")
            if found:
                return min(found)
        return self._missing("no line with a version that is that of ORS")

    def _missing(self, what: str) -> Unknown:
        return self._unknown(f"has {what} in its head (is it the beginning of a log of ORS?)", Failure.NOT_GIVEN)

    def _unknown(self, why: str, failure: Failure = Failure.UNREADABLE) -> Unknown:
        return Unknown(f"{self._place} {why}", self._place, failure)
