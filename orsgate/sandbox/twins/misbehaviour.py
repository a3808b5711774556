# SPDX-License-Identifier: Apache-2.0
"""What a twin can do wrong on purpose, so that readers of GAX and GWS can be tried against it.

Each is a frozen value that a twin is told by the number of the request it answers so; everything it sends still says that it
comes from a twin.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from aiohttp import web

from orsgate.sandbox.twins.exchange import HTML, Answer, Exchange

LOOP_PATH = "/redirect-loop"
"""Where a redirection that leads to itself leads to."""

_PIECE = 64 * 1024


class Misbehaviour(ABC):
    """One way to answer a request wrongly."""

    @abstractmethod
    async def act(self, exchange: Exchange) -> web.StreamResponse:
        """Answers it so."""


@dataclass(frozen=True, slots=True)
class Close(Misbehaviour):
    """Aborts the connection without an answer."""

    async def act(self, exchange: Exchange) -> web.StreamResponse:
        """Aborts it."""
        return exchange.aborted()


@dataclass(frozen=True, slots=True)
class Status(Misbehaviour):
    """Another answer than the real one.

    Attributes:
        code: its HTTP status.
        headers: in addition to those that every answer of a twin has.
        body: sent as it is.
        content_type: of the body.
    """

    code: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    content_type: str = "text/plain"

    async def act(self, exchange: Exchange) -> web.StreamResponse:
        """Sends it."""
        return exchange.response(Answer(self.code, self.body, self.content_type, self.headers))


@dataclass(frozen=True, slots=True)
class HtmlError(Misbehaviour):
    """An error page as the web container in front of an application makes one."""

    code: int = 500

    async def act(self, exchange: Exchange) -> web.StreamResponse:
        """Sends it."""
        title = f"HTTP Status {self.code} - {HTTPStatus(self.code).phrase}"
        page = f"<!doctype html><html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>\n"
        return exchange.response(Answer(self.code, page.encode(), HTML))


@dataclass(frozen=True, slots=True)
class Truncated(Misbehaviour):
    """The real answer, of which the second half never comes: its whole length was promised, and the connection ends."""

    async def act(self, exchange: Exchange) -> web.StreamResponse:
        """Sends the first half."""
        answer = exchange.answer()
        begun = await exchange.begun(answer, len(answer.body))
        await begun.write(answer.body[: len(answer.body) // 2] or b"\0")
        begun.force_close()
        return begun


@dataclass(frozen=True, slots=True)
class CutJson(Misbehaviour):
    """An answer that is whole as HTTP goes, of the first half of the real JSON."""

    async def act(self, exchange: Exchange) -> web.StreamResponse:
        """Sends it."""
        answer = exchange.answer()
        return exchange.response(answer.with_body(answer.body[: len(answer.body) // 2]))


@dataclass(frozen=True, slots=True)
class Deep(Misbehaviour):
    """JSON of arrays in arrays, ``depth`` of them."""

    depth: int = 100_000

    async def act(self, exchange: Exchange) -> web.StreamResponse:
        """Sends it."""
        return exchange.response(Answer(200, b"[" * self.depth + b"]" * self.depth))


@dataclass(frozen=True, slots=True)
class Huge(Misbehaviour):
    """JSON of one string: that many bytes, promised and sent as long as somebody reads them."""

    size: int = 2**30

    async def act(self, exchange: Exchange) -> web.StreamResponse:
        """Sends it piece by piece."""
        begun = await exchange.begun(Answer(), self.size)
        await begun.write(b'["')
        left = self.size - len(b'[""]')
        while left > 0:
            await begun.write(b"x" * min(left, _PIECE))
            left -= _PIECE
        await begun.write(b'"]')
        return begun


@dataclass(frozen=True, slots=True)
class Endless(Misbehaviour):
    """A JSON array that never ends, without a length, until the client goes away."""

    async def act(self, exchange: Exchange) -> web.StreamResponse:
        """Sends it piece by piece."""
        begun = await exchange.begun(Answer(), None)
        await begun.write(b"[")
        piece = b'"and another",' * (_PIECE // 14)
        while True:
            await begun.write(piece)


@dataclass(frozen=True, slots=True)
class Trickle(Misbehaviour):
    """The real answer a byte at a time.

    Attributes:
        seconds: between two bytes.
    """

    seconds: float = 0.1

    async def act(self, exchange: Exchange) -> web.StreamResponse:
        """Sends it byte by byte."""
        answer = exchange.answer()
        begun = await exchange.begun(answer, len(answer.body))
        for byte in answer.body:
            await begun.write(bytes([byte]))
            await asyncio.sleep(self.seconds)
        return begun


@dataclass(frozen=True, slots=True)
class Hang(Misbehaviour):
    """No answer at all, on a connection that stays open."""

    async def act(self, exchange: Exchange) -> web.StreamResponse:  # noqa: ARG002 - nothing is done with it
        """Waits until the client goes away or the twin stops."""
        return await _forever()


@dataclass(frozen=True, slots=True)
class HangInBody(Misbehaviour):
    """The first half of the real answer, and nothing more on a connection that stays open."""

    async def act(self, exchange: Exchange) -> web.StreamResponse:
        """Sends the first half and waits."""
        answer = exchange.answer()
        begun = await exchange.begun(answer, len(answer.body))
        await begun.write(answer.body[: len(answer.body) // 2] or b"\0")
        return await _forever()


@dataclass(frozen=True, slots=True)
class RedirectLoop(Misbehaviour):
    """A redirection to a path that redirects to itself."""

    async def act(self, exchange: Exchange) -> web.StreamResponse:
        """Sends it."""
        return exchange.response(Answer(302, headers={"Location": LOOP_PATH}))


@dataclass(frozen=True, slots=True)
class RedirectTo(Misbehaviour):
    """A redirection to another address."""

    url: str

    async def act(self, exchange: Exchange) -> web.StreamResponse:
        """Sends it."""
        return exchange.response(Answer(302, headers={"Location": self.url}))


@dataclass(frozen=True, slots=True)
class Gone(Misbehaviour):
    """The server dies: every connection is aborted, and from now on its port refuses new ones."""

    async def act(self, exchange: Exchange) -> web.StreamResponse:
        """Ends it."""
        await exchange.end()
        return exchange.aborted()


async def _forever() -> web.StreamResponse:
    await asyncio.Event().wait()
    raise AssertionError("nobody sets it")
