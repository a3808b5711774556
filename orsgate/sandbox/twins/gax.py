# SPDX-License-Identifier: Apache-2.0
"""The twin of GAX (Genesys Administrator Extension): its undocumented REST interface, as its clients know it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Unpack

from aiohttp import web

from orsgate.sandbox.twins.exchange import HTML, Answer, Asked
from orsgate.sandbox.twins.gax_shapes import OBJECT_TYPES, gax_brief, gax_object
from orsgate.sandbox.twins.gax_written import gax_written
from orsgate.sandbox.twins.holding import Holding
from orsgate.sandbox.twins.objects import Tree
from orsgate.sandbox.twins.server import SESSION_COOKIE, Details, Twin
from orsgate.sandbox.twins.shelf import Encoded, array
from orsgate.sandbox.twins.written import WrittenError

VERSION = "8.5.260.14 (twin)"

_API = "/gax/api"
_LOGIN, _LOGOUT = f"{_API}/session/login", f"{_API}/session/logout"
_OBJECTS = f"{_API}/cfg/objects"
_FILTERS = {"type", "brief", "name", "filters"}
_SUBTYPE = "subtype="
_DIGITS = 12
_NO_OBJECT = "there is no such object, or it may not be read"
_LOGIN_PAGE = b"<!doctype html><html><head><title>GAX twin: login</title></head><body>Please log in.</body></html>\n"


class GaxTwin(Twin):
    """A stand-in for GAX, which is reached at ``url`` + ``/gax``.

    ``GET /gax/api/cfg/objects`` gives whole objects with ``brief=false`` alone. A parameter that the twin does not know is an
    error, so that nobody takes an answer for a filtered one that is not. ``PUT`` of an object stores exactly what was sent, and
    ``POST`` a new one, where the account may write.
    """

    name: ClassVar[str] = "GAX twin"

    def __init__(self, tree: Tree, **details: Unpack[Details]) -> None:
        super().__init__(tree, **details)
        self._told: dict[str, Callable[[], Any]] = {
            f"{_API}/user/info": self._user,
            f"{_API}/version": lambda: {"version": VERSION},
            f"{_API}/system/settings/confserver": self._configuration_server,
        }

    def _holding(self, tree: Tree) -> Holding:
        return Holding(tree, OBJECT_TYPES, gax_object, gax_brief)

    def is_session(self, asked: Asked) -> bool:
        """Whether a request is for a login or logout."""
        return asked.path in {_LOGIN, _LOGOUT}

    def answer(self, asked: Asked, request: web.BaseRequest, body: bytes) -> Answer:
        """What is rightly answered."""
        if asked.path == _LOGIN:
            return self._login(asked, body) if asked.method == "POST" else _error(405, "a login is a POST")
        session = request.cookies.get(SESSION_COOKIE)
        if not self.has_session(asked, session):
            return Answer(401, _LOGIN_PAGE, HTML)
        if asked.path == _LOGOUT:
            self.close_session(session)
            return Answer(204)
        if asked.path == _OBJECTS or asked.path.startswith(f"{_OBJECTS}/"):
            return self._objects(asked, body)
        told = self._told.get(asked.path.rstrip("/"))
        if told is None:
            return _error(404, "there is nothing here")
        return Answer.of(told()) if asked.method == "GET" else _error(405, "this can only be read")

    def _login(self, asked: Asked, body: bytes) -> Answer:
        try:
            given = json.loads(body)
            username, password, encrypted = given["username"], given["password"], given["isPasswordEncrypted"]
        except (ValueError, TypeError, KeyError):
            return _error(400, "a login is JSON with username, password and isPasswordEncrypted")
        if encrypted is not False or not self.is_account(username, password):
            return _error(401, "invalid username or password")
        secure = "; Secure" if self.url.startswith("https:") else ""
        cookie = f"{SESSION_COOKIE}={self.open_session(asked)}; Path=/gax; HttpOnly{secure}"
        return Answer.of({"username": self.username, "isPasswordChangeRequired": False}, headers={"Set-Cookie": cookie})

    def _objects(self, asked: Asked, body: bytes) -> Answer:
        if asked.method != "GET":
            return self._write(asked, body)
        if asked.path != _OBJECTS:
            return self._object(asked.path.removeprefix(f"{_OBJECTS}/"))
        shelf = self.held.shelf(asked.query.get("type", ""))
        if shelf is None:
            return _error(400, f"type is none of {', '.join(OBJECT_TYPES)}")
        if unknown := asked.query.keys() - _FILTERS:
            return _error(400, f"the twin knows no {', '.join(sorted(unknown))}")
        found = shelf.named(asked.query["name"]) if "name" in asked.query else shelf.all
        if "filters" in asked.query:
            subtypes = _subtypes(asked.query["filters"])
            if subtypes is None:
                return _error(400, "the twin knows no filters but subtype=NAME OR subtype=NAME")
            found = [one for one in found if one.subtype in subtypes]
        return _listed(found, asked.query)

    def _object(self, place: str) -> Answer:
        kind, _, dbid = place.partition("/")
        shelf = self.held.shelf(kind)
        found = shelf.with_dbid(dbid) if shelf else None
        return Answer(body=found.whole) if found else _error(404, _NO_OBJECT)

    def _write(self, asked: Asked, body: bytes) -> Answer:
        """Stores an object, exactly as it was sent."""
        place = asked.path.removeprefix(_OBJECTS).removeprefix("/")
        if asked.method != ("PUT" if place else "POST"):
            return _error(405, "an object can be read and put, and a new one be posted")
        if not self.writable:
            return _error(403, "the account may only read")
        try:
            written = json.loads(body)
            if not isinstance(written, dict):
                raise WrittenError("it is no object")
            kind, _, dbid = place.partition("/")
            return self._replaced(kind, dbid, written) if place else self._added(written)
        except (ValueError, RecursionError) as error:
            return _error(400, f"what was sent cannot be stored: {error}")

    def _replaced(self, kind: str, dbid: str, written: dict[str, Any]) -> Answer:
        if not (self.held.writable(kind) and dbid.isascii() and dbid.isdecimal() and len(dbid) < _DIGITS):
            return _error(404, _NO_OBJECT)
        if not self.held.replace(kind, int(dbid), lambda number: gax_written(kind, number, written)):
            return _error(404, _NO_OBJECT)
        return self._object(f"{kind}/{dbid}")

    def _added(self, written: dict[str, Any]) -> Answer:
        kind = written.get("type")
        if not isinstance(kind, str) or not self.held.writable(kind):
            return _error(400, "type is none that can be made")
        dbid = self.held.add(kind, str(written.get("name", "")), lambda number: gax_written(kind, number, written))
        return _error(409, "there is an object of that name") if dbid is None else self._object(f"{kind}/{dbid}")

    def _user(self) -> dict[str, Any]:
        kind = {"userType": "CfgPerson", "isDefaultUser": False}
        return {"username": self.username, **kind, "sessionTimeout": 900, "writeDefault": False}

    def _configuration_server(self) -> dict[str, Any]:
        host, _, port = self.tree.server.rpartition(":")
        primary = {"primaryHost": host, "primaryHostPort": int(port)}
        return {**primary, "backupHost": "", "backupHostPort": int(port), "gaxApplication": "GAX"}


def _listed(found: Sequence[Encoded], query: Mapping[str, str]) -> Answer:
    whole = query.get("brief") == "false"
    return Answer(body=array(one.whole if whole else one.brief for one in found))


def _subtypes(filters: str) -> set[str] | None:
    """The literals of ``subtype=A OR subtype=B``; None for any other filter."""
    parts = filters.split(" OR ")
    if not all(part.startswith(_SUBTYPE) for part in parts):
        return None
    return {part.removeprefix(_SUBTYPE) for part in parts}


def _error(status: int, message: str) -> Answer:
    return Answer.of({"message": f"GAX twin: {message}"}, status)
