# SPDX-License-Identifier: Apache-2.0
"""A cluster of two pairs for tests of the ORS twin, sessions with it, and a server of documents."""

import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import requests
from aiohttp import web

from orsgate.sandbox.twins.objects import Properties, Tree, TreeApplication, TreeHost, TreeTransaction
from orsgate.sandbox.twins.ors import OrsTwin
from orsgate.sandbox.twins.ors_landscape import Landscape
from orsgate.sandbox.twins.ors_lie import Lie
from orsgate.sandbox.twins.ors_stores import MemoryStore
from orsgate.sandbox.twins.serving import Serving

TIMEOUT = 5.0
BUILD = "8.1.400.60"
PERSISTENCE = ("persistence", (("cassandra-keyspace-name", "Orchestration"), ("cassandra-nodes", "192.0.2.1;192.0.2.2")))
IDLE = b"""<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" initial="idle" _persist="true">
  <state id="idle"><transition event="go" target="gone"/><transition event="on" target="working"/></state>
  <state id="working"/>
  <final id="gone"/>
</scxml>"""


def ors(dbid: int, name: str, *, backup: int = 0, options: Properties = (PERSISTENCE,), **other: Any) -> TreeApplication:
    facts: dict[str, Any] = {"version": BUILD, "redundancy": 2 if backup else 0, "ports": (("http", 7210),), "host": 100, **other}
    return TreeApplication(dbid=dbid, name=name, type=161, backup=backup, options=options, **facts)


TREE = Tree(
    applications=(
        ors(101, "ORS_1", backup=102),
        ors(102, "ORS_1_B", primary=False),
        ors(
            103, "ORS_2", backup=104, options=(PERSISTENCE, ("orchestration", (("external-url", "https://lb.example.com/ors/"),)))
        ),
        ors(104, "ORS_2_B", primary=False),
    ),
    hosts=(TreeHost(100, "ors-1"),),
    transactions=(TreeTransaction(101, "ORS_Cluster", 21, annex=(("cluster", (("ORS_1", "DC1"), ("ORS_2", "DC2"))),)),),
)


@contextmanager
def landscape(
    directory: Path,
    lies: Mapping[str, Sequence[Lie]] | None = None,
    *,
    tree: Tree = TREE,
    store: MemoryStore | None = None,
    **details: Any,
) -> Iterator[Landscape]:
    """The twins of a tree, started."""
    details = {"takeover_after": 0.1, "store": (store or MemoryStore()).of, "lies": lies, **details}
    with Landscape(lambda: tree, directory, **details) as made:
        made.start()
        yield made


class Documents:
    """Serves one SCXML document, and counts how often it was fetched."""

    def __init__(self, body: bytes, status: int = 200) -> None:
        self.fetched = 0
        self._body, self._status = body, status
        self._serving = Serving("document server", self._handle, {})

    @property
    def url(self) -> str:
        return f"{self._serving.url}/test.scxml"

    def __enter__(self) -> Self:
        self._serving.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._serving.stop()

    async def _handle(self, _request: web.BaseRequest) -> web.StreamResponse:
        self.fetched += 1
        return web.Response(status=self._status, body=self._body, content_type="application/xml")


def ask(twin: OrsTwin, path: str, method: str = "GET", timeout: float = TIMEOUT, **given: Any) -> requests.Response:
    """One call that follows no redirect."""
    return requests.request(method, twin.url + path, timeout=timeout, allow_redirects=False, **given)


def start(twin: OrsTwin, src: str, **given: Any) -> requests.Response:
    """Starts a session."""
    return ask(twin, "/scxml/session/start", "POST", data={"src": src}, **given)


def session_of(twin: OrsTwin, src: str) -> str:
    """Starts a session and gives its id."""
    response = start(twin, src)
    assert response.status_code == 200, response.text
    session = response.json()["_sessionid"]
    assert isinstance(session, str)
    return session


def query(twin: OrsTwin, session: str) -> requests.Response:
    return ask(twin, f"/scxml/session/{session}/query")


def refuses(twin: OrsTwin) -> bool:
    """Whether nobody listens where the twin would."""
    host, _, port = twin.url.partition("://")[2].rpartition(":")
    try:
        socket.create_connection((host, int(port)), TIMEOUT).close()
    except ConnectionRefusedError:
        return True
    return False
