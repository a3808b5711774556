# SPDX-License-Identifier: Apache-2.0
"""Reading a running system: log in once, read every kind of object at the same time, log out whatever happens."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any, ClassVar

from orsgate.estate.inventory import Configuration
from orsgate.estate.knowledge import Unknown
from orsgate.sources import reading as shapes
from orsgate.sources.assembling import assembled
from orsgate.sources.fields import Fields
from orsgate.sources.http.address import Address
from orsgate.sources.http.answers import Answer
from orsgate.sources.http.client import AT_ONCE, HttpClient
from orsgate.sources.http.trouble import SessionEndedError, StatusError, no_cookie, session_ended
from orsgate.sources.interface import Reading, Source
from orsgate.sources.objects import Named, Objects
from orsgate.sources.stand_ins import shown
from orsgate.wire.trouble import ProbeError, attempt
from orsgate.wire.waiting import result_of

LAST_WORDS = 2.0
"""Seconds for the logout where reading ended early, by an error or an interruption."""
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


class LiveSource(Source):
    """A running system that is asked over HTTP.

    Args:
        address: of the system.
        account: to log in with.
        ca_file: authorities to trust; None: those that this host trusts.
    """

    name: ClassVar[str]
    """As the estate file calls it."""
    session: ClassVar[type[LiveSession]]
    """A session with it."""

    def __init__(self, address: Address, account: Account, ca_file: Path | None = None) -> None:
        self._address = address
        self._account = account
        self._ca_file = ca_file
        in_the_open = ", over http without TLS" if address.scheme == "http" else ""
        self.described = f"{self.name.upper()} {address} with the account {account.name}{in_the_open}"

    def read(self, reading: Reading) -> Configuration:
        """The configuration.

        Raises:
            ProbeError: nothing of it can be had.
        """
        client = HttpClient(self._address, reading.limits, self._ca_file)
        session = self.session(client, self._account)
        try:
            return assembled(read_live(client, session, reading), self.name, reading)
        finally:
            self.stand_in = session.stand_in


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


def read_live(client: HttpClient, session: LiveSession, how: Reading) -> Objects:
    """Everything that the account is shown.

    Raises:
        ProbeError: the applications or the Transactions cannot be had, without which nothing can be judged.
    """
    login: Future[None] | None = None
    try:
        with _threads(client) as pool:
            login = pool.submit(session.log_in)
            result_of(login)
            found = _collected(client, session, pool, how)
    except BaseException:
        if login is not None and login.done() and not login.cancelled() and login.exception() is None:
            client.last_words(LAST_WORDS)
            with suppress(ProbeError):  # it ends by its own time limit then
                session.log_out()
        client.close()
        raise
    remarks = (*session.remarks, *_logged_out(session))
    client.close()
    return replace(found, remarks=remarks)


def _logged_out(session: LiveSession) -> tuple[str, ...]:
    """End the session; that it could not be ended is worth a remark, and nothing more: everything was read."""
    try:
        session.log_out()
    except ProbeError as error:
        return (f"the session could not be ended, and ends by its own time limit: {error.unknown.cause}",)
    return ()


@contextmanager
def _threads(client: HttpClient) -> Iterator[ThreadPoolExecutor]:
    """Threads to ask in, whose waits end at once where the block does not end well."""
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="source") as pool:
        try:
            yield pool
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            client.stop()
            raise


class _Progress:
    """Tells how many kinds of object were read."""

    def __init__(self, how: Reading, address: str) -> None:
        self._observer = how.observer
        self._what = f"reading the configuration from {address}"
        self._done = 0
        self._observer(self._what, 0, len(KINDS))

    def one_more(self, _: object) -> None:
        self._done += 1
        self._observer(self._what, self._done, len(KINDS))


def _collected(client: HttpClient, session: LiveSession, pool: ThreadPoolExecutor, how: Reading) -> Objects:
    progress = _Progress(how, str(client.address))
    place = str(client.address)
    found: dict[str, Future[tuple[tuple[Any, ...], list[Unknown]]]] = {}
    for kind in KINDS:
        found[kind.name] = pool.submit(_read_kind, session, kind, place)
        found[kind.name].add_done_callback(progress.one_more)
    server = pool.submit(session.server) if how.ask_server else None
    applications, not_understood = result_of(found[APPLICATIONS.name])
    transactions, more = result_of(found[TRANSACTIONS.name])
    hosts, tenants = (attempt(partial(result_of, found[kind.name])) for kind in (HOSTS, TENANTS))
    troubles = [*not_understood, *more]
    for each in (hosts, tenants):
        troubles += [each] if isinstance(each, Unknown) else each[1]
    return Objects(
        applications=applications,
        transactions=transactions,
        hosts=_named(hosts),
        tenants=_named(tenants),
        account=session.account.name,
        address=place,
        live=True,
        server=result_of(server) if server else None,
        troubles=tuple(troubles),
    )


def _named(found: tuple[tuple[Any, ...], list[Unknown]] | Unknown) -> tuple[Named, ...] | Unknown:
    return found if isinstance(found, Unknown) else found[0]


def _read_kind(session: LiveSession, kind: Kind, place: str) -> tuple[tuple[Any, ...], list[Unknown]]:
    """The objects of a kind, each page made into facts before the next is kept, and what was not understood."""
    understood = shapes.Understood(place, kind.name)
    found: list[Any] = []
    for page in session.objects(kind):
        found.extend(understood.all(page, kind.read))
        page.clear()
    return tuple(found), understood.troubles
