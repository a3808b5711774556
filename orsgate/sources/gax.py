# SPDX-License-Identifier: Apache-2.0
"""The source ``gax``: the REST interface of Genesys Administrator Extension.

It is not documented; paths and shapes are those that public clients use. What nobody documents (what GAX says of itself, the end
of a session) is asked for and may fail without harm.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from http import HTTPStatus

from orsgate.estate.knowledge import Unknown
from orsgate.sources.fields import Fields
from orsgate.sources.gax_writing import GAX_WRITING
from orsgate.sources.http.answers import Answer
from orsgate.sources.http.client import HttpClient
from orsgate.sources.http.trouble import bad_status, login_refused, not_whole, other_shape
from orsgate.sources.live import LiveSource
from orsgate.sources.sessions import Account, Kind, LiveSession
from orsgate.wire.trouble import ProbeError

_ROOT = "/gax/api"
_DIGITS = 12
_NO_LOGIN = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})


class _Session(LiveSession):
    """A session with GAX."""

    by_cookie = True

    def __init__(self, client: HttpClient, account: Account) -> None:
        super().__init__(client, account)
        self._root = client.address.ending(_ROOT)

    def log_in(self) -> None:
        """Log in; this is done once.

        Raises:
            ProbeError: it was not accepted.
        """
        name, password = self.account.name, self.account.password
        given = {"username": name, "password": password, "isPasswordEncrypted": False}
        answer = self.client.ask("POST", f"{self._root}/session/login", body=given)
        self.look_at(answer)
        where = f"{answer.asked} {answer.call}"
        if answer.status in _NO_LOGIN:
            raise login_refused(answer.asked, name, answer.status, "GAX").at(where)
        if not HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
            raise bad_status(answer.asked, answer.call, answer.status).at(where)
        if answer.start.startswith((b"<", b"{", b"[")):  # what it says is not documented; a web page is no login
            answer.json()

    def log_out(self) -> None:
        """End the session.

        Raises:
            ProbeError: it could not be ended.
        """
        answer = self.client.ask("POST", f"{self._root}/session/logout", body={})
        if not HTTPStatus.OK <= answer.status < HTTPStatus.BAD_REQUEST:
            raise bad_status(answer.asked, answer.call, answer.status)

    def objects(self, kind: Kind) -> Iterator[list[object]]:
        """Every object of a kind, in one answer.

        Raises:
            ProbeError: they cannot be had.
        """
        answer = self.got(self.place(kind), {"brief": "false", "type": kind.name})
        yield _whole_list(answer)

    def place(self, kind: Kind, dbid: int | None = None) -> str:
        """The path of all objects, or of one."""
        return f"{self._root}/cfg/objects" + ("" if dbid is None else f"/{kind.name}/{dbid}")

    def server(self) -> str | Unknown:
        """The Configuration Server that GAX says it is set to, primary and backup."""
        path = f"{self._root}/system/settings/confserver"
        where = f"{self.client.address} GET {path}"
        try:
            found = self.got(path).json()
        except ProbeError as error:
            cause = f"which Configuration Server GAX reads is not known: {error.unknown.cause}"
            return Unknown(cause, where, error.unknown.failure)
        servers = list(_servers(found)) if isinstance(found, dict) else []
        return ", ".join(servers) or Unknown(
            f"{self.client.address} says which Configuration Server it reads in a way that is not understood", where
        )


def _whole_list(answer: Answer) -> list[object]:
    """The objects in an answer.

    Raises:
        ProbeError: it is no list, or says that it is only a part of one.
    """
    where = f"{answer.asked} {answer.call}"
    headers = answer.headers
    found = answer.json()
    if not isinstance(found, list):
        raise other_shape(answer.asked, answer.call, "a list of objects").at(where)
    if 'rel="next"' in headers.get("Link", "").replace(" ", ""):
        raise not_whole(answer.asked, answer.call, "it links to a next page").at(where)
    total = headers.get("X-Total-Count", "").strip()
    if total.isascii() and total.isdigit() and len(total) <= _DIGITS and int(total) > len(found):
        raise not_whole(answer.asked, answer.call, f"{len(found)} of {int(total)} objects").at(where)
    return found


def _servers(found: Mapping[str, object]) -> Iterator[str]:
    """``host:port`` of the Configuration Servers in the settings of GAX; the shape is that of a public set-up script."""
    fields = Fields(found)
    for host_key, port_key in (("primaryhost", "primaryhostport"), ("backuphost", "backuphostport"), ("host", "port")):
        host, port = fields.get(host_key), fields.get(port_key)
        if isinstance(host, str) and host.strip():
            yield f"{host.strip()}:{port}" if isinstance(port, int | str) and str(port).isdigit() else host.strip()


class Gax(LiveSource):
    """Reads the configuration from GAX."""

    name = "gax"
    session = _Session
    interface = GAX_WRITING
