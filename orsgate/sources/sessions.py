# SPDX-License-Identifier: Apache-2.0
"""A session with a running system: logging in and out, and asking for the objects of a kind."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any, ClassVar

from orsgate.estate.knowledge import Unknown
from orsgate.sources import reading as shapes
from orsgate.sources.fields import Fields
from orsgate.sources.http.answers import Answer
from orsgate.sources.http.client import HttpClient
from orsgate.sources.http.trouble import SessionEndedError, no_cookie, session_ended
from orsgate.sources.stand_ins import shown
from orsgate.wire.http.trouble import StatusError

TWIN = "X-Orsgate-Twin"
"""The header by which what stands in for GAX or GWS says so."""


@dataclass(frozen=True, slots=True)
class Account:
    """With whom a system is read; its password is in no text that is made of it."""

    name: str
    password: str

    def __repr__(self) -> str:
        return f"Account({self.name!r})"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of object.

    Attributes:
        name: as GAX calls it, e.g. ``CfgApplication``.
        collection: as GWS calls it, e.g. ``applications``.
        read: makes an object of its fields.
    """

    name: str
    collection: str
    read: Callable[[Fields, str, str], Any]


APPLICATIONS = Kind("CfgApplication", "applications", shapes.application)
TRANSACTIONS = Kind("CfgTransaction", "transactions", shapes.transaction)
HOSTS = Kind("CfgHost", "hosts", shapes.named)
TENANTS = Kind("CfgTenant", "tenants", shapes.named)
KINDS = (APPLICATIONS, TRANSACTIONS, HOSTS, TENANTS)


class LiveSession(ABC):
    """A session with a running system.

    Args:
        client: asks it.
        account: to log in with.

    Attributes:
        stand_in: what it says that it stands in for; empty where it is the system itself.
        remarks: what was seen of it that a reader should know.
    """

    by_cookie: ClassVar[bool]
    """Whether a cookie alone lets the account in after the login."""

    def __init__(self, client: HttpClient, account: Account) -> None:
        self.client = client
        self.account = account
        self.stand_in = ""
        self.remarks: list[str] = []

    @abstractmethod
    def log_in(self) -> None:
        """Log in; this is done once.

        Raises:
            ProbeError: it was not accepted.
        """

    @abstractmethod
    def log_out(self) -> None:
        """End the session.

        Raises:
            ProbeError: it could not be ended.
        """

    @abstractmethod
    def objects(self, kind: Kind) -> Iterator[list[object]]:
        """The objects of a kind, page by page.

        Raises:
            ProbeError: they cannot be had.
        """

    @abstractmethod
    def place(self, kind: Kind, dbid: int | None = None) -> str:
        """The path of all objects of a kind, or of one of them."""

    @property
    def write_headers(self) -> Mapping[str, str]:
        """Headers that the system wants with what writes, by what it said so far."""
        return {}

    @abstractmethod
    def server(self) -> str | Unknown:
        """The Configuration Server that the system says it reads."""

    def look_at(self, answer: Answer) -> None:
        """Notice whether a twin answers."""
        if (told := answer.headers.get(TWIN)) is not None:
            self.stand_in = shown(told)

    def got(self, path: str, query: Mapping[str, str] | None = None) -> Answer:
        """A successful answer within the session.

        Raises:
            ProbeError: there is none.
        """
        try:
            answer = self.client.get(path, query)
        except StatusError as error:
            if error.status == HTTPStatus.UNAUTHORIZED:
                asked = str(self.client.address)
                lost = no_cookie if self.by_cookie and not self.client.has_session else session_ended
                trouble = lost(asked, self.account.name, f"GET {path}", error.status)
                raise SessionEndedError(replace(trouble.unknown, where=error.unknown.where), error.status) from None
            raise
        self.look_at(answer)
        return answer
