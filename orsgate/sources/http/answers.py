# SPDX-License-Identifier: Apache-2.0
"""Answers: read no further than they may be, and understood as JSON that is neither endless nor deep."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests
from pydantic_core import from_json

from orsgate.sources.http.trouble import broken_json, no_json, too_deep, too_many_values
from orsgate.wire.http.bodies import whole_body

LARGEST_ANSWER = 128 * 2**20
"""Bytes; ten thousand applications of forty options take about 60 MB in GAX."""
MOST_VALUES = 4_000_000
"""Objects, lists and entries of one answer; ten thousand applications of forty options have about 2.2 million. It bounds the
memory that an answer takes, since a few bytes of JSON can become hundreds."""
_START = 256
"""Bytes by which JSON is told from a web page."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, read to its end.

    Attributes:
        call: what was asked, as sentences name it.
        headers: by name, in any letter case.
    """

    asked: str
    call: str
    status: int
    headers: Mapping[str, str]
    body: bytearray

    @property
    def start(self) -> bytes:
        """The first bytes of its text."""
        return bytes(self.body[:_START]).removeprefix(BOM_UTF8).lstrip()

    def json(self) -> Any:
        """What it says; the answer itself is not kept beside it, so that nothing is in memory twice.

        Raises:
            ProbeError: it is no JSON, or more than may be read.
        """
        content_type = self.headers.get("Content-Type", "")
        if not self.start.startswith((b"{", b"[")):
            raise no_json(self.asked, self.call, content_type, self.start)
        if sum(map(self.body.count, (b"{", b"[", b","))) > MOST_VALUES:
            raise too_many_values(self.asked, self.call, MOST_VALUES)
        try:
            found = parsed(self.body)
        except ValueError as error:
            why = str(error)
        else:
            self.body.clear()
            return found
        if "recursion" in why:
            raise too_deep(self.asked, self.call)
        raise broken_json(self.asked, self.call, ends=why.startswith("EOF"), size=len(self.body))


def parsed(body: bytes | bytearray) -> Any:
    """The JSON in ``body``: UTF-8, else Windows-1252, which some releases of GAX are known to send.

    Raises:
        ValueError: it is none.
    """
    if body.startswith(BOM_UTF8):  # else it would be copied
        body = body.removeprefix(BOM_UTF8)
    try:
        return from_json(body, cache_strings="keys")
    except ValueError:
        text = _in_windows_1252(body)
        if text is None:
            raise
    return from_json(text, cache_strings="keys")


def _in_windows_1252(body: bytes | bytearray) -> str | None:
    """``body`` as text, where it is no UTF-8."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return None
    try:
        return body.decode("cp1252")
    except UnicodeDecodeError:
        return None


def read(asked: str, call: str, response: requests.Response) -> Answer:
    """Read an answer to its end.

    Raises:
        ProbeError: it is larger than may be read, or compressed.
    """
    body = whole_body(asked, call, response, LARGEST_ANSWER)
    return Answer(asked, call, response.status_code, response.headers, body)
