# SPDX-License-Identifier: Apache-2.0
"""Writing to GAX or GWS: one whole object at a time, sent once, with an account that may write.

Nothing is repeated and no redirect is followed. Whether something was stored is for the reader of this to find out, by reading
the object again: an answer can get lost, and a server can say that all is well and store something else.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import suppress
from http import HTTPStatus
from types import TracebackType
from typing import Any, ClassVar, Self

from orsgate.estate.knowledge import Failure, Unknown
from orsgate.sources.fields import Fields, ShapeError
from orsgate.sources.http.answers import Answer
from orsgate.sources.http.client import HttpClient
from orsgate.sources.http.trouble import SessionEndedError
from orsgate.sources.option_edits import ObjectKind, Style
from orsgate.sources.sessions import APPLICATIONS, TRANSACTIONS, Kind, LiveSession
from orsgate.wire.deadline import Limits
from orsgate.wire.http.trouble import StatusError
from orsgate.wire.trouble import ProbeError, probe_error, quote

KINDS: Mapping[str, Kind] = {"application": APPLICATIONS, "transaction": TRANSACTIONS}
_LAST_WORDS = 2.0
"""Seconds for the logout."""
_BEHIND = frozenset(
    {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT}
)
"""What a proxy answers for a server that may still be at work."""
_LOST = frozenset({Failure.TIMEOUT, Failure.CLOSED, Failure.GARBLED, Failure.NOT_ASKED})
"""How an answer fails to come though what was sent may have arrived."""


class NoSuchObjectError(ProbeError):
    """There is no such object, or more than one, as far as the account can see."""


class WriteError(ProbeError):
    """An object was not, or may not have been, stored.

    Attributes:
        may_come: whether it may be stored all the same, now or later.
    """

    def __init__(self, unknown: Unknown, *, may_come: bool) -> None:
        super().__init__(unknown)
        self.may_come = may_come


class Interface(ABC):
    """How single objects are found, read and written by one of the interfaces."""

    style: ClassVar[Style]

    @abstractmethod
    def named(self, kind: Kind, name: str) -> Mapping[str, str]:
        """The query for the objects of that name."""

    @abstractmethod
    def listed(self, answer: Answer, kind: Kind) -> list[Any]:
        """The objects in the answer to such a query.

        Raises:
            ProbeError: it holds none.
        """

    @abstractmethod
    def one(self, answer: Answer, kind: Kind) -> Any:
        """The object in an answer.

        Raises:
            ProbeError: it holds none.
        """

    @abstractmethod
    def said_no(self, answer: Answer) -> str:
        """What says in a successful answer that it is none; empty where nothing does."""


class Writer:
    """Reads and writes single objects of a running system, within ``with``.

    Args:
        client: asks it.
        session: with it.
        interface: how its objects are written.
        source: ``gax`` or ``gws``.
        limits: of each answer.

    Attributes:
        address: ``host:port`` of the system.
        account: that writes.
        seconds: that one answer may take, and that what was sent may take to be seen.
    """

    def __init__(self, client: HttpClient, session: LiveSession, interface: Interface, source: str, limits: Limits) -> None:
        self._client = client
        self._session = session
        self._interface = interface
        self._dbids: dict[tuple[str, str], int] = {}
        self._shut: ProbeError | None = None
        self.source = source
        self.address = str(client.address)
        self.account = session.account.name
        self.style = interface.style
        self.seconds = limits.call

    def __enter__(self) -> Self:
        try:
            self._session.log_in()
        except BaseException:
            self._client.close()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._client.last_words(_LAST_WORDS)
        with suppress(ProbeError):  # it ends by its own time limit then
            self._session.log_out()
        self._client.close()

    @property
    def stand_in(self) -> str:
        """What the system says that it stands in for; empty where it is the system itself."""
        return self._session.stand_in

    def server(self) -> str | Unknown:
        """The Configuration Server that the system says it reads."""
        return self._session.server()

    def find(self, kind: ObjectKind, name: str) -> int:
        """The DBID of the object of that name.

        Raises:
            NoSuchObjectError: there is none, or more than one.
            ProbeError: it cannot be learnt.
        """
        if (known := self._dbids.get((kind, name))) is not None:
            return known
        asked = KINDS[kind]
        answer = self._got(self._session.place(asked), self._interface.named(asked, name))
        found = {dbid for each in self._interface.listed(answer, asked) if (dbid := _dbid_of(each, name)) is not None}
        if len(found) != 1:
            which = f"no {asked.name}" if not found else f"{len(found)} objects of the kind {asked.name}"
            cause = f"{self.address} shows {which} with the name {quote(name)} to the account {quote(self.account)}"
            raise NoSuchObjectError(Unknown(cause, self.address, Failure.MISSING))
        self._dbids[kind, name] = found.pop()
        return self._dbids[kind, name]

    def read(self, kind: ObjectKind, dbid: int) -> dict[str, Any]:
        """An object, whole and as it is.

        Raises:
            NoSuchObjectError: there is none.
            ProbeError: it cannot be read.
        """
        asked = KINDS[kind]
        try:
            answer = self._got(self._session.place(asked, dbid))
        except StatusError as error:
            if error.status == HTTPStatus.NOT_FOUND:
                cause = f"{self.address} shows no {asked.name} with the DBID {dbid} to the account {quote(self.account)}"
                raise NoSuchObjectError(Unknown(cause, error.unknown.where, Failure.MISSING)) from None
            raise
        found: dict[str, Any] = self._interface.one(answer, asked)
        if Fields(found).text("dbid") not in {None, str(dbid)}:
            cause = f"{self.address} answered {answer.call} with another object than the one that was asked for"
            raise probe_error(cause, Failure.GARBLED)
        return found

    def write(self, kind: ObjectKind, dbid: int, whole: Mapping[str, Any]) -> None:
        """Send an object, once.

        Raises:
            WriteError: it was not stored, or that is not known.
        """
        path = self._session.place(KINDS[kind], dbid)
        try:
            answer = self._client.ask("PUT", path, body=whole, headers=self._session.write_headers)
        except ProbeError as error:
            raise WriteError(error.unknown, may_come=error.unknown.failure in _LOST) from None
        self._session.look_at(answer)
        where = f"{answer.asked} {answer.call}"
        if not HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
            cause = f"{answer.asked} did not accept {answer.call}: {_told(answer.status)}"
            raise WriteError(Unknown(cause, where, Failure.REJECTED), may_come=answer.status in _BEHIND)
        if said := self._interface.said_no(answer):
            cause = f"{answer.asked} did not accept {answer.call}: {said} (may the account write? see its log)"
            raise WriteError(Unknown(cause, where, Failure.REJECTED), may_come=False)

    def _got(self, path: str, query: Mapping[str, str] | None = None) -> Answer:
        """An answer; where the session has ended meanwhile, a new one is opened once for it.

        Raises:
            ProbeError: there is none; an account that was refused is not tried again.
        """
        if self._shut is not None:
            raise self._shut
        try:
            return self._session.got(path, query)
        except SessionEndedError as error:
            if not self._session.by_cookie:
                self._shut = error
                raise
        try:
            self._session.log_in()
        except ProbeError as error:
            self._shut = error
            raise
        return self._session.got(path, query)


def _dbid_of(each: Any, name: str) -> int | None:
    """The DBID of an object that is called so; a server may take a name for a part of one."""
    fields = Fields(each if isinstance(each, dict) else {})
    try:
        return fields.number("dbid") if fields.get("name") == name else None
    except ShapeError:
        return None


def _told(status: int) -> str:
    """A status in words, and what to do."""
    hints = {
        HTTPStatus.UNAUTHORIZED: "the session has ended; run it again",
        HTTPStatus.FORBIDDEN: "give the account the right to change the object",
        HTTPStatus.NOT_FOUND: "the object is gone, or the interface cannot write",
        HTTPStatus.METHOD_NOT_ALLOWED: "the interface cannot write",
        HTTPStatus.CONFLICT: "somebody else is changing the object",
    }
    known = {each.value: each.phrase for each in HTTPStatus}
    phrase = f" {known[status]}" if status in known else ""
    return f"HTTP {status}{phrase} ({hints.get(HTTPStatus(status), 'see its log') if status in known else 'see its log'})"
