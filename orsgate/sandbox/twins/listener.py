# SPDX-License-Identifier: Apache-2.0
"""An HTTP server on a socket: its own errors carry a banner too, and it ends without waiting for anybody."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress

from aiohttp import web

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]

_GRACE = 0.05
"""Seconds that a request may still take when the server is closed."""


class Listener:
    """Listens with one handler for every request; it belongs to the event loop in which it was made.

    Args:
        handler: answers a request; it is cancelled when the client goes away.
        banner: headers of what the HTTP server answers by itself, where a request is none.
        tls: speaks TLS with it.
    """

    def __init__(self, handler: Handler, banner: Mapping[str, str], tls: ssl.SSLContext | None) -> None:
        self._server = _Server(handler, banner)
        self._tls = tls
        self._listening: asyncio.Server | None = None

    async def listen(self, listening: socket.socket) -> None:
        """Accepts connections from now on; the socket is the listener's then."""
        loop = asyncio.get_running_loop()
        self._listening = await loop.create_server(self._server, sock=listening, ssl=self._tls, backlog=128)

    async def close(self) -> None:
        """Accepts no more connections, and ends those that there are."""
        self._refuse()
        await asyncio.sleep(0)  # what was just accepted is known then
        transports = self._transports()
        self._server.pre_shutdown()
        await self._server.shutdown(_GRACE)
        for transport in transports:
            with suppress(AttributeError):  # of asyncio, where the last byte was just sent and the transport is closed already
                transport.abort()  # what was sent and nobody read would keep it open
        await asyncio.sleep(0)  # they are closed then

    async def end(self) -> None:
        """Accepts no more connections, and aborts those that there are."""
        self._server.ended = True  # a connection that was just accepted is none of those that there are
        self._refuse()
        for transport in self._transports():
            transport.abort()

    def _transports(self) -> list[asyncio.Transport]:
        return [connection.transport for connection in self._server.connections if connection.transport is not None]

    def _refuse(self) -> None:
        if self._listening is not None:
            self._listening.close()
            self._listening = None


class _Protocol(web.RequestHandler):
    def __init__(self, manager: _Server, banner: Mapping[str, str]) -> None:
        super().__init__(manager, loop=asyncio.get_running_loop())
        self._banner = banner
        self.access_logger = None
        self._logging_enabled = False
        self._accepted_by = manager

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        if self._accepted_by.ended and isinstance(transport, asyncio.Transport):
            transport.abort()

    def handle_error(
        self, request: web.BaseRequest, status: int = 500, exc: BaseException | None = None, message: str | None = None
    ) -> web.StreamResponse:
        response = super().handle_error(request, status, exc, message)
        response.headers.update(self._banner)
        return response


class _Server(web.Server):
    def __init__(self, handler: Handler, banner: Mapping[str, str]) -> None:
        super().__init__(handler, handler_cancellation=True)
        self.ended = False
        self._banner = banner

    def __call__(self) -> web.RequestHandler:
        return _Protocol(self, self._banner)
