# SPDX-License-Identifier: Apache-2.0
"""The twin of GWS (Genesys Web Services): its Platform Configuration API."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from typing import ClassVar, Unpack

from aiohttp import BasicAuth, web

from orsgate.sandbox.twins.exchange import Answer, Asked
from orsgate.sandbox.twins.gws_shapes import COLLECTIONS, gws_object
from orsgate.sandbox.twins.gws_written import gws_written
from orsgate.sandbox.twins.holding import Holding
from orsgate.sandbox.twins.objects import Tree
from orsgate.sandbox.twins.server import SESSION_COOKIE, Details, Twin
from orsgate.sandbox.twins.shelf import Encoded, Shelf, array
from orsgate.sandbox.twins.written import WrittenError

PAGE_SIZE = 500
CSRF_HEADER = "X-CSRF-TOKEN"

_API = "/api/v2"
_ME, _LOGOUT = f"{_API}/me", f"{_API}/logout"
_CONFIGURATION = f"{_API}/platform/configuration/"
_FILTERS = {"name", "dbid", "limit", "offset"}
_DIGITS = 9
_NO_TOKEN = f"the header {CSRF_HEADER} is missing or wrong"


class GwsTwin(Twin):
    """A stand-in for GWS, which is reached at ``url`` + ``/api/v2``.

    A request is let in with Basic credentials or with the cookie of a session, which ``GET /api/v2/me`` opens; one with the
    cookie of a session that is not known is refused, whatever else it has. A parameter that the twin does not know is an error.
    ``PUT`` of an object stores exactly what was sent, where the account may write; with a cookie it needs the token besides.

    Args:
        tree: what it serves.
        page_size: how many objects one answer holds at most, whatever ``limit`` asks for.
        details: see ``Twin``.
    """

    name: ClassVar[str] = "GWS twin"

    def __init__(self, tree: Tree, *, page_size: int = PAGE_SIZE, **details: Unpack[Details]) -> None:
        super().__init__(tree, **details)
        self.page_size = page_size
        self._tokens: dict[str, str] = {}

    def _holding(self, tree: Tree) -> Holding:
        return Holding(tree, COLLECTIONS, gws_object)

    def is_session(self, asked: Asked) -> bool:
        """Whether a request is for a login (``/me``) or logout."""
        return asked.path in {_ME, _LOGOUT}

    def answer(self, asked: Asked, request: web.BaseRequest, body: bytes) -> Answer:
        """What is rightly answered."""
        session = request.cookies.get(SESSION_COOKIE)
        if not (self.has_session(asked, session) if session is not None else self._is_let_in(request)):
            return _error(401, "authentication is required")
        if asked.path == _LOGOUT:
            return self._logout(asked, request, session)
        if asked.path == _ME:
            return self._me(asked, session) if asked.method == "GET" else _error(405, "this can only be read")
        collection, _, dbid = asked.path.removeprefix(_CONFIGURATION).partition("/")
        shelf = self.held.shelf(collection) if asked.path.startswith(_CONFIGURATION) else None
        if asked.method == "PUT" and dbid and shelf is not None:
            has_token = session is None or request.headers.get(CSRF_HEADER) == self._tokens.get(session)
            return self._write(collection, dbid, body) if has_token else _error(403, _NO_TOKEN)
        if asked.method != "GET":
            return _error(405, "an object can be read and put")
        return self._given(asked, collection, shelf, dbid)

    def _given(self, asked: Asked, collection: str, shelf: Shelf | None, dbid: str) -> Answer:
        if shelf is None:
            return _error(404, "there is nothing here")
        return self._item(collection, shelf, dbid) if dbid else self._page(collection, shelf, asked)

    def _is_let_in(self, request: web.BaseRequest) -> bool:
        try:
            given = BasicAuth.decode(request.headers.get("Authorization", ""), "utf-8")
        except ValueError:
            return False
        return self.is_account(given.login, given.password)

    def _me(self, asked: Asked, session: str | None) -> Answer:
        headers = {}
        if session is None:
            session = self.open_session(asked)
            self._tokens[session] = secrets.token_hex(16)
            secure = "; Secure" if self.url.startswith("https:") else ""
            headers["Set-Cookie"] = f"{SESSION_COOKIE}={session}; Path=/; HttpOnly{secure}"
        headers |= {"X-CSRF-HEADER": CSRF_HEADER, CSRF_HEADER: self._tokens[session]}
        return Answer.of({"statusCode": 0, "user": {"userName": self.username, "enabled": True}}, headers=headers)

    def _logout(self, asked: Asked, request: web.BaseRequest, session: str | None) -> Answer:
        if asked.method != "POST":
            return _error(405, "a logout is a POST")
        if session is None:
            return _error(401, "there is no session")
        if request.headers.get(CSRF_HEADER) != self._tokens.get(session):
            return _error(403, _NO_TOKEN)
        self.close_session(session)
        return Answer(204)

    def _page(self, collection: str, shelf: Shelf, asked: Asked) -> Answer:
        query = asked.query
        if unknown := query.keys() - _FILTERS:
            return _error(400, f"the twin knows no {', '.join(sorted(unknown))}")
        limit, offset = _number(query.get("limit", str(self.page_size))), _number(query.get("offset", "0"))
        if not limit or offset is None:
            return _error(400, "limit and offset are numbers, and a limit is not 0")
        found: Sequence[Encoded] = shelf.all
        if "name" in query:
            found = shelf.named(_unquoted(query["name"]))
        if "dbid" in query:
            found = [one for one in found if one.dbid == _unquoted(query["dbid"])]
        page = found[offset : offset + min(limit, self.page_size)]
        return _ok(collection, array(one.whole for one in page))

    def _item(self, collection: str, shelf: Shelf, dbid: str) -> Answer:
        found = shelf.with_dbid(dbid)
        return _ok(COLLECTIONS[collection], found.whole) if found else _error(404, "there is no such object")

    def _write(self, collection: str, dbid: str, body: bytes) -> Answer:
        """Stores an object, exactly as it was sent; how GWS wraps one that is sent is not documented, and the twin wants none."""
        if not self.writable:
            return _error(403, "the feature api-platform-configuration-write is missing")
        number = _number(dbid)
        try:
            written = json.loads(body)
            if not isinstance(written, dict):
                raise WrittenError("it is no object")
            if not self.held.writable(collection) or not number:
                return _error(404, "there is no such object that can be written")
            kind = COLLECTIONS[collection]
            if not self.held.replace(collection, number, lambda dbid: gws_written(kind, dbid, written)):
                return _error(404, "there is no such object")
        except (ValueError, RecursionError) as error:
            return _error(400, f"what was sent cannot be stored: {error}")
        return Answer.of({"statusCode": 0})


def _ok(name: str, value: bytes) -> Answer:
    return Answer(body=b'{"statusCode":0,' + json.dumps(name).encode() + b":" + value + b"}")


def _error(status: int, message: str) -> Answer:
    return Answer.of({"statusCode": 6, "statusMessage": f"GWS twin: {message}"}, status)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _DIGITS else None


def _unquoted(text: str) -> str:
    """A value without the quotes that make it a string."""
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text
