# SPDX-License-Identifier: Apache-2.0
"""What the twins have in common: an HTTP server on loopback, in a thread of its own, that records what it is asked."""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
import ssl
import threading
from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from concurrent.futures import Future
from functools import partial
from types import TracebackType
from typing import ClassVar, Self, TypedDict, Unpack

from aiohttp import web

from orsgate.sandbox.errors import SandboxError, UsageError
from orsgate.sandbox.twins.exchange import Answer, Asked, Exchange
from orsgate.sandbox.twins.holding import Holding
from orsgate.sandbox.twins.listener import Listener
from orsgate.sandbox.twins.misbehaviour import LOOP_PATH, Misbehaviour
from orsgate.sandbox.twins.objects import Kind, Tree

ADDRESS = "127.0.0.1"
SESSION_COOKIE = "JSESSIONID"

DEFAULT_USERNAME = "reader"
DEFAULT_PASSWORD = "reader password"  # noqa: S105 - of a stand-in on loopback, made up


class Details(TypedDict, total=False):
    """What a twin can be asked for besides its tree.

    Attributes:
        username: of the one account that it knows.
        password: of that account.
        delay: seconds that it takes for every answer.
        hidden: kinds and DBIDs of objects that the account may not read; the references to them stay.
        tls: speaks TLS with it.
        expires_at_request: from the request of that number on no session opened before is known any more.
        misbehave: number of a request -> how it is answered wrongly.
        misbehave_always: how all other requests but those for a login or logout are answered wrongly.
        port: where it listens; by default one that the system chooses.
        writable: whether the account may write applications and Transactions; by default it may only read.
        misbehave_writes: how a request that would write is answered wrongly.
    """

    username: str
    password: str
    delay: float
    hidden: Collection[tuple[Kind, int]]
    tls: ssl.SSLContext | None
    expires_at_request: int | None
    misbehave: Mapping[int, Misbehaviour]
    misbehave_always: Misbehaviour | None
    port: int
    writable: bool
    misbehave_writes: Misbehaviour | None


class Twin(ABC):
    """A stand-in for a server of Genesys: it listens after ``start`` or ``with``, and not any more after ``stop``.

    What it answers can be changed while it runs: ``tree``, ``writable``, ``delay``, ``expires_at_request``, ``misbehave``,
    ``misbehave_always``, ``misbehave_writes``.

    Args:
        tree: what it serves.
        details: see ``Details``.
    """

    name: ClassVar[str]
    """What it calls itself."""

    def __init__(self, tree: Tree, **details: Unpack[Details]) -> None:
        self.held = self._holding(tree.without_all(details.get("hidden", ())))
        self.username = details.get("username", DEFAULT_USERNAME)
        self.delay = details.get("delay", 0.0)
        self.expires_at_request = details.get("expires_at_request")
        self.misbehave = dict(details.get("misbehave", {}))
        self.misbehave_always = details.get("misbehave_always")
        self.misbehave_writes = details.get("misbehave_writes")
        self.writable = details.get("writable", False)
        self._password = details.get("password", DEFAULT_PASSWORD)
        self._tls = details.get("tls")
        self._port = details.get("port", 0)
        self._sessions: dict[str, int] = {}
        self._asked: list[Asked] = []
        self._lock = threading.Lock()
        self._listener: Listener | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        self._thread: threading.Thread | None = None

    @abstractmethod
    def _holding(self, tree: Tree) -> Holding:
        """What holds a tree and serves it in the shapes of the interface."""

    @property
    def tree(self) -> Tree:
        """What it serves; it may be set while it runs, as another client of the Configuration Server would write it."""
        return self.held.tree

    @tree.setter
    def tree(self, tree: Tree) -> None:
        self.held.tree = tree

    @abstractmethod
    def answer(self, asked: Asked, request: web.BaseRequest, body: bytes) -> Answer:
        """What is rightly answered."""

    @abstractmethod
    def is_session(self, asked: Asked) -> bool:
        """Whether a request is for a login or logout."""

    @property
    def banner(self) -> dict[str, str]:
        """The headers by which every answer says that it is a twin's."""
        return {"X-Orsgate-Twin": self.name, "Server": f"orsgate {self.name} (a stand-in, not Genesys software)"}

    @property
    def port(self) -> int:
        """Where it listens; 0 before it was started, where the system is to choose."""
        return self._port

    @property
    def url(self) -> str:
        """Its address, without a path and without a slash at the end."""
        return f"{'https' if self._tls else 'http'}://{ADDRESS}:{self._port}"

    @property
    def requests(self) -> list[Asked]:
        """Every request so far, in the order of arrival."""
        with self._lock:
            return list(self._asked)

    @property
    def is_running(self) -> bool:
        """Whether it was started and did not end."""
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> Self:
        """Listens from now on.

        Raises:
            UsageError: it was started before.
            SandboxError: it cannot listen there.
        """
        if self._thread is not None:
            raise UsageError(f"The {self.name} was started before")
        try:
            listening = socket.create_server((ADDRESS, self._port))
        except OSError as error:
            told = os.strerror(error.errno) if error.errno else error
            text = f"the {self.name} cannot listen at {ADDRESS}:{self._port}: {told}"
            raise (UsageError(f"{text}; name another port, or none") if self._port else SandboxError(text)) from error
        self._port = listening.getsockname()[1]
        ready: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, args=(listening, ready), name=self.name, daemon=True)
        self._thread.start()
        ready.result()
        return self

    def stop(self) -> None:
        """Ends every connection and gives the port back; does nothing the second time."""
        if self._thread is None or self._loop is None or self._stopping is None:
            return
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def open_session(self, asked: Asked) -> str:
        """Opens a session and gives its id."""
        session = secrets.token_hex(16).upper()
        self._sessions[session] = asked.number
        return session

    def has_session(self, asked: Asked, session: str | None) -> bool:
        """Whether that session is known to the request."""
        opened = self._sessions.get(session or "")
        if opened is None:
            return False
        return self.expires_at_request is None or not opened < self.expires_at_request <= asked.number

    def close_session(self, session: str | None) -> None:
        """Forgets a session."""
        self._sessions.pop(session or "", None)

    def is_account(self, username: object, password: object) -> bool:
        """Whether that is its account with the right password."""
        return (username, password) == (self.username, self._password)

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
        self._listener = Listener(self._handle, self.banner, self._tls)
        await self._listener.listen(listening)
        ready.set_result(None)
        await self._stopping.wait()
        await self._listener.close()

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        asked = self._note(request)
        try:
            body = await request.read()
        except web.HTTPRequestEntityTooLarge:
            return Exchange(request, self.banner, Answer, self._end).response(Answer(413))
        exchange = Exchange(
            request, self.banner, lambda: self.answer(asked, request, body), self._end, body, partial(self.answer, asked, request)
        )
        if self.delay:
            await asyncio.sleep(self.delay)
        if asked.path == LOOP_PATH:
            return exchange.response(Answer(302, headers={"Location": LOOP_PATH}))
        otherwise = None if self.is_session(asked) else self.misbehave_always
        if asked.method != "GET" and not self.is_session(asked):
            otherwise = self.misbehave_writes or otherwise
        if wrongly := self.misbehave.get(asked.number, otherwise):
            try:
                return await wrongly.act(exchange)
            except ConnectionError:  # the client went away, which some of them are for
                return exchange.aborted()
        return exchange.response(exchange.answer())

    def _note(self, request: web.BaseRequest) -> Asked:
        with self._lock:
            number = len(self._asked) + 1
            asked = Asked(number, request.method, request.path, dict(request.query), "Cookie" in request.headers)
            self._asked.append(asked)
        return asked

    async def _end(self) -> None:
        if self._listener is not None:
            await self._listener.end()
