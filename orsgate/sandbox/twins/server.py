# SPDX-License-Identifier: Apache-2.0
"""What the twins have in common: an HTTP server on loopback, in a thread of its own, that records what it is asked."""

from __future__ import annotations

import asyncio
import secrets
import ssl
import threading
from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from functools import partial
from types import TracebackType
from typing import ClassVar, Self, TypedDict, Unpack

from aiohttp import web

from orsgate.sandbox.twins.exchange import Answer, Asked, Exchange
from orsgate.sandbox.twins.holding import Holding
from orsgate.sandbox.twins.misbehaviour import LOOP_PATH, Misbehaviour
from orsgate.sandbox.twins.objects import Kind, Tree
from orsgate.sandbox.twins.serving import Serving, banner_of

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
        self._serving = Serving(self.name, self._handle, self.banner, tls=details.get("tls"), port=details.get("port", 0))
        self._sessions: dict[str, int] = {}
        self._asked: list[Asked] = []
        self._lock = threading.Lock()

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
        return banner_of(self.name)

    @property
    def port(self) -> int:
        """Where it listens; 0 before it was started, where the system is to choose."""
        return self._serving.port

    @property
    def url(self) -> str:
        """Its address, without a path and without a slash at the end."""
        return self._serving.url

    @property
    def requests(self) -> list[Asked]:
        """Every request so far, in the order of arrival."""
        with self._lock:
            return list(self._asked)

    @property
    def is_running(self) -> bool:
        """Whether it was started and did not end."""
        return self._serving.is_running

    def start(self) -> Self:
        """Listens from now on.

        Raises:
            UsageError: it was started before.
            SandboxError: it cannot listen there.
        """
        self._serving.start()
        return self

    def stop(self) -> None:
        """Ends every connection and gives the port back; does nothing the second time."""
        self._serving.stop()

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

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        asked = self._note(request)
        try:
            body = await request.read()
        except web.HTTPRequestEntityTooLarge:
            return Exchange(request, self.banner, Answer, self._serving.end).response(Answer(413))
        exchange = Exchange(
            request, self.banner, lambda: self.answer(asked, request, body), self._serving.end, body,
            partial(self.answer, asked, request),
        )  # fmt: skip
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
