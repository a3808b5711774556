# SPDX-License-Identifier: Apache-2.0
"""A small server with the HTTP interface of ORS, whose every answer a test can replace."""

from __future__ import annotations

import itertools
import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote

from orsgate.estate.deployment import Response, Served


@dataclass
class Said:
    """An answer; ``raw`` is sent as it stands, None closes the connection without a word."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = b""


CLOSE = Said(raw=None)


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    call: str
    session: str
    form: dict[str, list[str]]


Lie = Callable[[Asked], Said | None]


@dataclass
class Site:
    """Nodes that know which of them owns a session."""

    owners: dict[str, ScriptedOrs] = field(default_factory=dict)
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def live(self) -> set[str]:
        with self.lock:
            return set(self.owners)


class ScriptedOrs:
    """Serves until it is closed.

    Attributes:
        lies: by call (``help``, ``start``, ``event``, ``query``, ``terminate``): what is answered instead, None is the truth.
        asked: everything that it was asked.
        fetches: whether a start fetches the document.
        held: an event that a hanging answer waits for.
    """

    def __init__(self, site: Site, host: str = "127.0.0.1", port: int = 0) -> None:
        self.site = site
        self.lies: dict[str, Lie] = {}
        self.asked: list[Asked] = []
        self.fetches = True
        self.held = threading.Event()
        self._busy = 0
        self._idle = threading.Condition()
        ors = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                ors._answer(self)

            def do_POST(self) -> None:
                ors._answer(self)

            def log_message(self, *_: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 64

            def process_request(self, request: Any, client_address: Any) -> None:
                with ors._idle:
                    ors._busy += 1
                super().process_request(request, client_address)

            def process_request_thread(self, request: Any, client_address: Any) -> None:
                super().process_request_thread(request, client_address)
                with ors._idle:
                    ors._busy -= 1
                    ors._idle.notify_all()

        self._server = Server((host, port), Handler)
        self.url = f"http://{host}:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        self.held.set()
        self._server.shutdown()
        self._server.server_close()

    def count(self, call: str) -> int:
        return sum(each.call == call for each in self.asked)

    def wait_until_idle(self) -> None:
        """Wait until everything that was sent so far is answered, also what the server has not accepted yet."""
        with socket.create_connection(("127.0.0.1", self._server.server_port), 10) as last:  # accepted after all that came before
            last.shutdown(socket.SHUT_WR)
            assert last.recv(1) == b""
        with self._idle:
            assert self._idle.wait_for(lambda: not self._busy, 10)

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        length = int(handler.headers.get("Content-Length", 0))
        body = handler.rfile.read(length)
        if len(body) < length:  # whoever asked was killed between head and body: this is no request
            return
        words = handler.path.partition("?")[0].strip("/").split("/")
        if words[:2] == ["scxml", "session"]:
            call, session = ("start", "") if words[2:] == ["start"] else (words[3] if len(words) > 3 else "", unquote(words[2]))
        else:
            call, session = ("help" if words == ["ors", "help"] else ""), ""
        asked = Asked(handler.command, handler.path, call, session, parse_qs(body.decode()))
        self.asked.append(asked)
        said = self.lies[call](asked) if call in self.lies else None
        if said is None:
            said = self.truth(asked)
        with suppress(OSError):
            self._say(handler, said)

    @staticmethod
    def _say(handler: BaseHTTPRequestHandler, said: Said) -> None:
        if said.raw is None:
            return
        if said.raw:
            handler.wfile.write(said.raw)
            return
        handler.send_response(said.status)
        for name, value in said.headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(said.body)))
        handler.end_headers()
        handler.wfile.write(said.body)

    def truth(self, asked: Asked) -> Said:  # noqa: PLR0911 - one for each answer
        if asked.call == "help":
            return Said(404, b"no such call")
        if asked.call == "start":
            if asked.method != "POST" or "src" not in asked.form:
                return Said(400)
            if self.fetches and not fetch(asked.form["src"][0]):
                return Said(500, b"the document cannot be fetched")
            return Said(200, f'{{"_sessionid": "{self.new_session()}"}}'.encode(), {"Content-Type": "application/json"})
        with self.site.lock:
            owner = self.site.owners.get(asked.session)
        if owner is None:
            return Said(404, b"no such session")
        if owner is not self:
            return Said(307, headers={"Location": owner.url + asked.path})
        if asked.call == "terminate":
            with self.site.lock:
                self.site.owners.pop(asked.session, None)
        return Said(200, b"{}")

    def new_session(self) -> str:
        with self.site.lock:
            session = f"{next(self.site.numbers):0>6}RSD91ER2RN2NR1397738000001"
            self.site.owners[session] = self
        return session

    def served(self, application: str) -> Served:
        return Served(application, self.url, Response("GET /ors/help", self.url, 404))


def fetch(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - of the document server
            return b"<scxml" in answer.read()
    except (urllib.error.URLError, OSError):
        return False
