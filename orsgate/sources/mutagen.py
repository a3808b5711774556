# SPDX-License-Identifier: Apache-2.0
"""The source ``mutagen``: exports that nuecho/mutagen made, in its RAW format or with one JSON object for each object.

In the second format an application has neither type nor version: both stand in its template (``appPrototypes``). Both formats
hold what the account that made them was shown, and say when, and which host they were read from.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from orsgate.estate.inventory import Configuration
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.mistakes import quoted
from orsgate.sources import reading as shapes
from orsgate.sources.assembling import assembled
from orsgate.sources.fields import Fields
from orsgate.sources.http.answers import parsed
from orsgate.sources.interface import Reading, Source
from orsgate.sources.objects import Named, Objects
from orsgate.sources.stand_ins import shown
from orsgate.wire.trouble import ProbeError, probe_error

LARGEST_FILE = 512 * 2**20
"""Bytes."""
MOST_VALUES = 16_000_000
"""Objects, lists and entries of one file."""
_LONGEST = 80
_STAND_IN = "stand-in"
"""A user of that name did not make the export with mutagen; the sandbox says so of what it makes."""


class Mutagen(Source):
    """Reads the configuration from export files."""

    described = "exports of mutagen"

    def read(self, reading: Reading) -> Configuration:
        """The configuration.

        Raises:
            ProbeError: a file cannot be read or understood.
        """
        loaded = reading.loaded
        paths = [loaded.resolve(name) for name in loaded.file.configuration.files or ()]
        what = "reading the exports of mutagen"
        documents = []
        for number, path in enumerate(paths):
            reading.observer(what, number, len(paths))
            documents.append((str(path), _document(path)))
        reading.observer(what, len(paths), len(paths))
        objects = _Documents(documents).objects()
        self.described = f"exports of mutagen ({', '.join(path.name for path in paths)}), made by {objects.account}"
        self.stand_in = shown(objects.account) if _STAND_IN in objects.account else ""
        return assembled(objects, "mutagen", reading)


class _Documents:
    """What one or more exports hold."""

    def __init__(self, documents: list[tuple[str, dict[str, Any]]]) -> None:
        self._documents = [(place, Fields(document)) for place, document in documents]
        self._metadata = [Fields(found) for _, each in self._documents if isinstance(found := each.get("__metadata__"), dict)]
        self._troubles: list[Unknown] = []

    def objects(self) -> Objects:
        """Everything in them."""
        place = ", ".join(place for place, _ in self._documents)
        applications = self._needed(place, "applications", "CfgApplication", shapes.application)
        transactions = self._needed(place, "transactions", "CfgTransaction", shapes.transaction)
        return Objects(
            applications=applications,
            transactions=transactions,
            hosts=self._listed("CfgHost", "cfghost", "hosts"),
            tenants=self._listed("CfgTenant", "cfgtenant", "tenants"),
            templates=self._all("CfgAppPrototype", shapes.template, "cfgappprototype", "appprototypes"),
            account=self._told("user") or "unknown",
            address=place,
            live=False,
            server=self._server(place),
            troubles=tuple(self._troubles),
            remarks=tuple(self._remarks()),
        )

    def _all(self, kind: str, read: Callable[[Fields, str, str], Any], *keys: str) -> tuple[Any, ...] | None:
        """The objects of a kind in all files; None where no file lists that kind."""
        lists = [(place, found) for place, each in self._documents if isinstance(found := each.get(*keys), list)]
        made: list[Any] = []
        for place, found in lists:
            understood = shapes.Understood(place, kind)
            made.extend(understood.all(found, read))
            self._troubles.extend(understood.troubles)
        return tuple(made) if lists else None

    def _needed(self, place: str, what: str, kind: str, read: Callable[[Fields, str, str], Any]) -> tuple[Any, ...]:
        """The objects of a kind without which nothing can be judged.

        Raises:
            ProbeError: no file lists that kind.
        """
        found = self._all(kind, read, kind.lower(), what)
        if found is None:
            as_raw = kind.replace("Cfg", "CFG")
            cause = f"the export of mutagen holds no {what}: {place} (export {as_raw}, or {what}, too)"
            raise probe_error(cause, Failure.MISSING).at(place)
        return found

    def _server(self, place: str) -> str | Unknown:
        """The one Configuration Server that all files say they were made from."""
        told = self._told("host")
        if told is None:
            return Unknown("the export of mutagen does not say which Configuration Server it was made from", place)
        if "," in told:
            return Unknown(f"the exports of mutagen were made from more than one Configuration Server: {told}", place)
        return told

    def _listed(self, kind: str, *keys: str) -> tuple[Named, ...] | Unknown | None:
        """Hosts or tenants: where the file has none of them, its references by name are taken as they are."""
        return self._all(kind, shapes.named, *keys)

    def _told(self, key: str) -> str | None:
        """What the files say of how they were made; separated by commas where they do not agree."""
        told = {str(value) for each in self._metadata if isinstance(value := each.get(key), str) and value}
        return ", ".join(sorted(told))[:_LONGEST] or None

    def _remarks(self) -> Iterable[str]:
        if date := self._told("date"):
            yield f"mutagen says that it made the export {quoted(date)}, without a time zone"
        if not self._metadata:
            yield "the export of mutagen does not say how it was made (__metadata__)"


def _document(path: Path) -> dict[str, Any]:
    """The JSON object in a file.

    Raises:
        ProbeError: there is none.
    """
    place = str(path)

    def trouble(why: str, failure: Failure = Failure.UNREADABLE) -> ProbeError:
        return probe_error(f"the export of mutagen {why}: {place}", failure).at(place)

    try:
        if not path.exists():
            raise trouble("is not there", Failure.MISSING)
        if not path.is_file():
            raise trouble("is not a file")
        if path.stat().st_size > LARGEST_FILE:
            raise trouble(f"is larger than {LARGEST_FILE // 2**20} MB")
        data = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    except (OSError, ValueError) as error:
        raise trouble(f"cannot be read ({getattr(error, 'strerror', None) or type(error).__name__})") from None
    if sum(map(data.count, (b"{", b"[", b","))) > MOST_VALUES:
        raise trouble(f"holds more than {MOST_VALUES:,} values")
    try:
        found = parsed(data)
    except ValueError as error:
        place_in_it = re.search(r"line \d+ column \d+", str(error))
        raise trouble("is no JSON that can be read" + (f" ({place_in_it[0]})" if place_in_it else "")) from None
    if not isinstance(found, dict):
        raise trouble("is no JSON object with lists of objects in it")
    return found
