# SPDX-License-Identifier: Apache-2.0
"""SCXML documents as an ORS twin takes them: fetched by HTTP, and understood as far as a deployment test needs.

Of SCXML the twin knows states, transitions by the name of an event, and final states. That a document asks for persistence with
``_persist="true"`` on ``<scxml>`` is unconfirmed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

LARGEST = 2**20
"""Bytes of a document."""


class DocumentError(Exception):
    """A document that is not there, or is none; the message says why."""


@dataclass(frozen=True, slots=True)
class Document:
    """An SCXML document.

    Attributes:
        persists: whether it asks for persistence.
        initial: the state it begins in; empty where it has none, so that a session of it idles.
        transitions: state -> event -> the state it leads to.
        finals: the states in which a session ends.
    """

    persists: bool = False
    initial: str = ""
    transitions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    finals: frozenset[str] = frozenset()

    def after(self, state: str, event: str) -> str:
        """The state that follows an event; the same where nothing waits for that event."""
        return self.transitions.get(state, {}).get(event, state)


def fetch(url: str, timeout: float) -> bytes:
    """Fetches a document by HTTP GET.

    Raises:
        DocumentError: it cannot be had.
    """
    import requests  # noqa: PLC0415  # heavy

    session = requests.Session()
    session.trust_env = False
    try:
        with session, session.get(url, timeout=timeout, stream=True) as response:
            if response.status_code != 200:
                raise DocumentError(f"fetching {url} was answered {response.status_code}")
            data = response.raw.read(LARGEST + 1, decode_content=True)
    except (requests.RequestException, OSError, ValueError) as error:
        raise DocumentError(f"{url} cannot be fetched: {type(error).__name__}") from error
    if len(data) > LARGEST:
        raise DocumentError(f"{url} is larger than {LARGEST} bytes")
    return bytes(data)


def parse_document(data: bytes) -> Document:
    """Understands a document.

    Raises:
        DocumentError: it is no SCXML.
    """
    reader = _Reader()
    try:
        reader.parser.Parse(data, True)
    except expat.ExpatError as error:
        raise DocumentError(f"the document is no XML: {error}") from error
    return Document(
        persists=reader.persists,
        initial=reader.initial or reader.first,
        transitions=reader.transitions,
        finals=frozenset(reader.finals),
    )


class _Reader:
    """Takes the elements of a document one by one."""

    def __init__(self) -> None:
        self.persists = False
        self.initial = self.first = ""
        self.transitions: dict[str, dict[str, str]] = {}
        self.finals: set[str] = set()
        self._open: list[tuple[str, str]] = []
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end
        self.parser.EntityDeclHandler = self._entity

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if not self._open:
            if local != "scxml":
                raise DocumentError(f"the document is no SCXML: it begins with <{local}>")
            self.persists = attributes.get("_persist", "").strip().lower() == "true"
            self.initial = attributes.get("initial", "").strip()
        elif local in {"state", "parallel", "final"}:
            state = attributes.get("id", "")
            self.first = self.first or state
            if local == "final":
                self.finals.add(state)
        elif local == "transition" and attributes.get("event") and attributes.get("target"):
            state = self._open[-1][1]
            for event in attributes["event"].split():
                self.transitions.setdefault(state, {}).setdefault(event, attributes["target"])
        self._open.append((local, attributes.get("id", "")))

    def _end(self, _name: str) -> None:
        self._open.pop()

    def _entity(self, *_: object) -> None:
        raise DocumentError("the document declares entities, which the twin refuses")
