# SPDX-License-Identifier: Apache-2.0
"""Serves the SCXML test document: every session gets an address that nobody can guess, so that it is known who fetched it."""

from __future__ import annotations

import os
import secrets
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from types import TracebackType
from typing import Any, Self

from orsgate.collection.trials.document import LIVES_FOR, document
from orsgate.estate.mistakes import InputError

AT_ONCE = 32
"""Connections at the most; further ones are closed."""
LONGEST = 10.0
"""Seconds that a connection may take."""
_SLICE = 0.1
_ANY = frozenset({"", "0.0.0.0", "::", "*"})  # noqa: S104 - to refuse them


class DocumentServer:
    """Serves the document until it is closed; may be used by several threads.

    Args:
        host: this host, as ORS reaches it; a name or an address of this host.
        port: 0 for a free one.

    Raises:
        InputError: nothing can be served there.
    """

    lives_for: int | None = LIVES_FOR

    def __init__(self, host: str, port: int) -> None:
        if host.strip("[]") in _ANY:
            raise InputError(
                "--serve: write the name or the address by which ORS reaches this host, such as --serve 10.0.0.7:8080"
            )
        self._host = host.strip("[]")
        self._fetched: dict[str, threading.Event] = {}
        try:
            family, _, _, _, address = socket.getaddrinfo(self._host, port, type=socket.SOCK_STREAM)[0]
            self._server = _server(family, (address[0], port), self._fetch)
        except (OSError, OverflowError, UnicodeError) as error:
            why = getattr(error, "strerror", None) or str(error)
            cause = f"--serve: the test document cannot be served at {host}:{port}: {why}"
            raise InputError(f"{cause}; write an address of this host and a port that is free") from None
        self._thread = threading.Thread(target=self._server.serve_forever, args=(_SLICE,), name="document", daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        """Where it serves; the document itself is at addresses of ``one`` alone."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._server.server_address[1]}/"

    def one(self) -> str:
        """The address of the document for one more session."""
        path = f"/{secrets.token_urlsafe(24)}.scxml"
        self._fetched[path] = threading.Event()
        return self.address + path[1:]

    def fetched(self, address: str, seconds: float, closing: threading.Event) -> bool:
        """Whether the document was fetched at ``address``; waits so long for it, or until ``closing`` is set."""
        fetched = self._fetched[address.removeprefix(self.address[:-1])]
        for _ in range(int(seconds / _SLICE)):
            if closing.is_set() or fetched.wait(_SLICE):
                break
        return fetched.is_set()

    def close(self) -> None:
        """Serve no more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _fetch(self, path: str, *, whole: bool) -> bytes | None:
        fetched = self._fetched.get(path)
        if fetched is None:
            return None
        if whole:
            fetched.set()
        return document()


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    server_version = "orsgate"
    sys_version = ""
    timeout = LONGEST

    def setup(self) -> None:
        super().setup()
        self._end = threading.Timer(LONGEST, self._shut)  # the time limit of the base class is for each byte
        self._end.daemon = True
        self._end.start()

    def finish(self) -> None:
        self._end.cancel()
        with suppress(OSError):
            super().finish()

    def _shut(self) -> None:
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def do_GET(self) -> None:
        self._answer(whole=True)

    def do_HEAD(self) -> None:
        self._answer(whole=False)

    def _answer(self, *, whole: bool) -> None:
        found = self.server.fetch(self.path.partition("?")[0], whole=whole)
        body = found or b"not here\n"
        self.send_response(HTTPStatus.OK if found else HTTPStatus.NOT_FOUND)
        self.send_header("Content-Type", "application/xml; charset=utf-8" if found else "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        if whole:
            self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Nothing: the addresses are known to nobody else."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = AT_ONCE
    allow_reuse_address = os.name != "nt"  # there it would let others serve at the same port
    fetch: Callable[..., bytes | None]
    turns: threading.BoundedSemaphore

    def server_bind(self) -> None:
        TCPServer.server_bind(self)  # the base class asks the name service for a name that nobody needs
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def process_request(self, request: Any, client_address: Any) -> None:
        if self.turns.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.turns.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing: whoever asked closed the connection."""


def _server(family: int, address: tuple[Any, int], fetch: Callable[..., bytes | None]) -> _Server:
    kind = type("_Serving", (_Server,), {"address_family": family, "fetch": staticmethod(fetch)})
    server: _Server = kind(address, _Handler, bind_and_activate=False)
    server.turns = threading.BoundedSemaphore(AT_ONCE)
    try:
        server.server_bind()
        server.server_activate()
    except BaseException:
        server.server_close()
        raise
    return server
