# SPDX-License-Identifier: Apache-2.0
"""Reading a running system: log in once, read every kind of object at the same time, log out whatever happens."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from orsgate.estate.inventory import Configuration
from orsgate.estate.knowledge import Unknown
from orsgate.sources import reading as shapes
from orsgate.sources.assembling import assembled
from orsgate.sources.http.client import AT_ONCE, HttpClient
from orsgate.sources.interface import Reading, Source
from orsgate.sources.objects import Named, Objects
from orsgate.sources.sessions import APPLICATIONS, HOSTS, KINDS, TENANTS, TRANSACTIONS, Account, Kind, LiveSession
from orsgate.sources.writing import Interface, Writer
from orsgate.wire.deadline import Limits
from orsgate.wire.http.address import Address
from orsgate.wire.trouble import ProbeError, attempt
from orsgate.wire.waiting import result_of

LAST_WORDS = 2.0
"""Seconds for the logout where reading ended early, by an error or an interruption."""


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
    interface: ClassVar[Interface]
    """How its objects are written."""

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

    def writer(self, limits: Limits) -> Writer:
        """What writes to the system, with the same account.

        Args:
            limits: of each answer.
        """
        client = HttpClient(self._address, limits, self._ca_file)
        return Writer(client, self.session(client, self._account), self.interface, self.name, limits)


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
