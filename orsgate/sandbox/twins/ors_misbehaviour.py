# SPDX-License-Identifier: Apache-2.0
"""What an ORS twin can do wrong, or otherwise, with the answer it sends, besides what every twin can."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web

from orsgate.sandbox.twins.exchange import HTML, Answer, Exchange
from orsgate.sandbox.twins.misbehaviour import Misbehaviour


@dataclass(frozen=True, slots=True)
class SlowStart(Misbehaviour):
    """The real answer, after a while.

    Attributes:
        seconds: until its first byte.
    """

    seconds: float = 60.0

    async def act(self, exchange: Exchange) -> web.StreamResponse:
        """Waits, and sends it."""
        await asyncio.sleep(self.seconds)
        return exchange.response(exchange.answer())


@dataclass(frozen=True, slots=True)
class SuccessPage(Misbehaviour):
    """An error page of a portal in front of the server, with the status of success."""

    async def act(self, exchange: Exchange) -> web.StreamResponse:
        """Sends it."""
        page = b"<!doctype html><html><head><title>Error</title></head><body>ORS twin: something went wrong.</body></html>\n"
        return exchange.response(Answer(200, page, HTML))


@dataclass(frozen=True, slots=True)
class NoHttp(Misbehaviour):
    """Bytes that are no HTTP."""

    async def act(self, exchange: Exchange) -> web.StreamResponse:
        """Sends them and closes the connection."""
        return _raw(exchange, b"\x15\x03\x01 this is an ORS twin of orsgate (a stand-in), and no HTTP\r\n\r\n")


@dataclass(frozen=True, slots=True)
class LargeHeaders(Misbehaviour):
    """The real answer, with a header of that many bytes.

    Attributes:
        size: of the header.
    """

    size: int = 2**22

    async def act(self, exchange: Exchange) -> web.StreamResponse:
        """Sends it and closes the connection."""
        return _raw(exchange, _whole(exchange, extra=f"X-Large: {'x' * self.size}\r\n"))


@dataclass(frozen=True, slots=True)
class LowerCaseNames(Misbehaviour):
    """The real answer with the names of its headers in lower case, as HTTP allows."""

    async def act(self, exchange: Exchange) -> web.StreamResponse:
        """Sends it and closes the connection."""
        return _raw(exchange, _whole(exchange, lower=True))


@dataclass(frozen=True, slots=True)
class Chunked(Misbehaviour):
    """The real answer in chunks of a few bytes, without a length, as HTTP allows."""

    async def act(self, exchange: Exchange) -> web.StreamResponse:
        """Sends it."""
        answer = exchange.answer()
        begun = await exchange.begun(answer, None)
        for at in range(0, len(answer.body), 7):
            await begun.write(answer.body[at : at + 7])
        return begun


@dataclass(frozen=True, slots=True)
class ClosesAfter(Misbehaviour):
    """The real answer, and the connection is closed after it, as HTTP allows."""

    async def act(self, exchange: Exchange) -> web.StreamResponse:
        """Sends it."""
        response = exchange.response(exchange.answer())
        response.force_close()
        return response


def _whole(exchange: Exchange, *, extra: str = "", lower: bool = False) -> bytes:
    answer = exchange.answer()
    headers = {
        **exchange.banner,
        **answer.headers,
        "Content-Type": answer.content_type,
        "Content-Length": str(len(answer.body)),
        "Connection": "close",
    }
    lines = "".join(f"{name.lower() if lower else name}: {value}\r\n" for name, value in headers.items())
    status = f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}\r\n"
    return f"{status}{lines}{extra}\r\n".encode() + answer.body


def _raw(exchange: Exchange, data: bytes) -> web.StreamResponse:
    """Sends bytes as they are, and closes the connection when they are sent."""
    transport = exchange.request.transport
    if isinstance(transport, asyncio.WriteTransport):
        transport.write(data)
        transport.close()
    return web.Response(headers=exchange.banner)
