# SPDX-License-Identifier: Apache-2.0
"""An HTTP server on loopback in a thread of its own: what every twin listens with."""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
import threading
from collections.abc import Mapping
from concurrent.futures import Future

from orsgate.sandbox.errors import SandboxError, UsageError
from orsgate.sandbox.twins.listener import Handler, Listener

ADDRESS = "127.0.0.1"


def banner_of(name: str) -> dict[str, str]:
    """The headers by which every answer says that it is a twin's."""
    return {"X-Orsgate-Twin": name, "Server": f"orsgate {name} (a stand-in, not Genesys software)"}


class Serving:
    """Listens after ``start``, once, and not any more after ``stop``.

    Args:
        name: whose server it is.
        handler: answers a request.
        banner: headers of what the HTTP server answers by itself, where a request is none.
        tls: speaks TLS with it.
        port: where it listens; 0 for one that the system chooses.
        address: where it listens, of this machine.
    """

    def __init__(
        self,
        name: str,
        handler: Handler,
        banner: Mapping[str, str],
        *,
        tls: ssl.SSLContext | None = None,
        port: int = 0,
        address: str = ADDRESS,
    ) -> None:
        self.name = name
        self.address = address
        self.port = port
        self._handler = handler
        self._banner = banner
        self._tls = tls
        self._listener: Listener | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Its address, without a path and without a slash at the end."""
        return f"{'https' if self._tls else 'http'}://{self.address}:{self.port}"

    @property
    def is_running(self) -> bool:
        """Whether it was started and did not end."""
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> None:
        """Listens from now on.

        Raises:
            UsageError: it was started before, or cannot listen at the port that was named.
            SandboxError: it cannot listen.
        """
        if self._thread is not None:
            raise UsageError(f"The {self.name} was started before")
        try:
            listening = socket.create_server((self.address, self.port))
        except OSError as error:
            told = os.strerror(error.errno) if error.errno else error
            text = f"the {self.name} cannot listen at {self.address}:{self.port}: {told}"
            raise (UsageError(f"{text}; name another port, or none") if self.port else SandboxError(text)) from error
        self.port = listening.getsockname()[1]
        ready: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, args=(listening, ready), name=self.name, daemon=True)
        self._thread.start()
        ready.result()

    def stop(self) -> None:
        """Ends every connection and gives the port back; does nothing the second time."""
        if self._thread is None or self._loop is None or self._stopping is None:
            return
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join()

    async def end(self) -> None:
        """Accepts no more connections, and aborts those that there are; for its own handler."""
        if self._listener is not None:
            await self._listener.end()

    def _run(self, listening: socket.socket, ready: Future[None]) -> None:
        try:
            asyncio.run(self._serve(listening, ready))
        except BaseException as error:
            if ready.done():
                raise
            listening.close()
            ready.set_exception(error)

    async def _serve(self, listening: socket.socket, ready: Future[None]) -> None:
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        self._listener = Listener(self._handler, self._banner, self._tls)
        await self._listener.listen(listening)
        ready.set_result(None)
        await self._stopping.wait()
        await self._listener.close()
