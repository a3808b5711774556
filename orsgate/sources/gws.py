# SPDX-License-Identifier: Apache-2.0
"""The source ``gws``: the Platform Configuration API of Genesys Web Services.

Source: Genesys, "Platform Configuration API", GWS 8.5. How lists are paged is not in it: pages are asked for by ``limit`` and
``offset``, and a server that knows neither is noticed by its answers.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from http import HTTPStatus
from typing import Any

from orsgate.estate.knowledge import Failure, Unknown
from orsgate.sources.fields import Fields
from orsgate.sources.gws_pages import NotWholeError, Page, PagesRead, again
from orsgate.sources.gws_writing import GWS_WRITING
from orsgate.sources.http.answers import Answer
from orsgate.sources.http.client import HttpClient
from orsgate.sources.http.trouble import SessionEndedError, bad_status, login_refused, not_whole, other_shape
from orsgate.sources.live import LiveSource
from orsgate.sources.sessions import TENANTS, Account, Kind, LiveSession
from orsgate.wire.http.trouble import StatusError
from orsgate.wire.trouble import ProbeError, probe_error

_TOKEN = re.compile(r"[A-Za-z0-9_.-]{1,200}")
_TOKEN_HEADER = re.compile(r"X-[A-Za-z-]{0,40}CSRF[A-Za-z-]{0,40}", re.IGNORECASE)
_ROOT = "/api/v2/platform/configuration"
PAGE = 500
"""Objects that are asked for at once."""
AHEAD = 3
"""Pages that are asked for at the same time."""
MOST_PAGES = 2_000
_DIGITS = 12


def _raise(error: ProbeError) -> Page:
    raise error


class _Session(LiveSession):
    """A session with GWS, which takes the account with every request."""

    by_cookie = False

    def __init__(self, client: HttpClient, account: Account) -> None:
        super().__init__(client, account)
        self._objects = client.address.ending(_ROOT)
        self._root = self._objects.removesuffix("/platform/configuration")
        self._first: Callable[[], Page] | None = None
        self._token: dict[str, str] = {}
        self._whole: set[str] = set()

    def log_in(self) -> None:
        """Ask for the tenants alone, so that an account that is not accepted is tried once.

        Raises:
            ProbeError: it was not accepted, or nothing answers.
        """
        self.client.sign(self.account.name, self.account.password)
        path = f"{self._objects}/{TENANTS.collection}"
        try:
            page = self._page(path, TENANTS, 0)
        except SessionEndedError as error:
            asked = str(self.client.address)
            raise login_refused(asked, self.account.name, error.status, "GWS").at(error.unknown.where) from None
        except StatusError as error:
            if not error.status:  # nothing answered
                raise
            self._first = partial(_raise, error)
        else:
            self._first = lambda: page

    def look_at(self, answer: Answer) -> None:
        """Notice besides which token GWS wants with what is no GET: the logout, and what writes."""
        super().look_at(answer)
        header, token = answer.headers.get("X-CSRF-HEADER", ""), answer.headers.get("X-CSRF-TOKEN", "")
        if _TOKEN_HEADER.fullmatch(header) and _TOKEN.fullmatch(token):
            self._token = {header: token}

    def log_out(self) -> None:
        """End the session, where GWS made one.

        Raises:
            ProbeError: it could not be ended.
        """
        if self.client.has_session:
            answer = self.client.ask("POST", f"{self._root}/logout", body={}, headers=self._token)
            if not HTTPStatus.OK <= answer.status < HTTPStatus.BAD_REQUEST:
                raise bad_status(answer.asked, answer.call, answer.status)

    def objects(self, kind: Kind) -> Iterator[list[object]]:
        """The objects of a kind, page by page.

        Every page after the first begins with the last object of the one before: what comes or goes meanwhile is noticed.

        Raises:
            ProbeError: they cannot be had, or not all of them, or they changed meanwhile.
        """
        path = self.place(kind)
        read = PagesRead(kind.collection, PAGE)
        pages = self._pages(path, kind)
        try:
            for found, total in pages:
                yield read.fresh(found, total)
                if read.is_complete:
                    break
        except NotWholeError as error:
            raise self._not_whole(path, str(error)) from None
        finally:
            pages.close()
        if why := read.why_not_whole:
            raise self._not_whole(path, why)
        if read.remark:
            if len(self._page(path, kind, 0, limit=1)[0]) == 1:
                raise self._not_whole(path, "it knows a limit and no offset")
            self.remarks.append(read.remark)

    def _pages(self, path: str, kind: Kind) -> Generator[Page]:
        """Page after page until the caller has enough; some are asked for ahead once the server is seen to give full ones.

        Raises:
            ProbeError: one cannot be had.
        """
        found, total = self._first_page(path, kind)
        size = len(found)
        yield found, total
        if not size or path in self._whole:
            return
        overlap = again(size)
        offset = size - overlap
        ahead = AHEAD if size == PAGE else 1
        waiting: deque[Future[Page]] = deque()
        with ThreadPoolExecutor(AHEAD, thread_name_prefix="page") as pool:
            try:
                for _ in range(MOST_PAGES):
                    while len(waiting) < ahead:
                        waiting.append(pool.submit(self._page, path, kind, offset + (size - overlap) * len(waiting)))
                    found, total = waiting.popleft().result()
                    count = len(found)  # whoever reads a page empties it
                    yield found, total
                    offset += max(count - overlap, 0)
                    if count == size:
                        ahead = AHEAD
                    else:  # those that were asked for ahead begin elsewhere
                        _cancel(waiting)
                raise self._not_whole(path, f"{MOST_PAGES} pages")
            finally:
                _cancel(waiting)

    def _not_whole(self, path: str, how: str) -> ProbeError:
        asked = str(self.client.address)
        return not_whole(asked, f"GET {path}", how).at(f"{asked} GET {path}")

    def _first_page(self, path: str, kind: Kind) -> Page:
        """The first page; that of the tenants was asked for as the login, and what came of it stays so."""
        first = self._first if kind is TENANTS else None
        return first() if first else self._page(path, kind, 0)

    def _page(self, path: str, kind: Kind, offset: int, limit: int | None = None) -> Page:
        """The objects from ``offset`` on, and how many there are in all where GWS says so.

        Raises:
            ProbeError: they cannot be had.
        """
        try:
            answer = self.got(path, {"limit": str(limit or PAGE), "offset": str(offset)})
        except StatusError as error:
            if error.status != HTTPStatus.BAD_REQUEST or offset:
                raise
            answer = self.got(path)  # it knows no pages
            self._whole.add(path)
        return _objects(answer, kind)

    def place(self, kind: Kind, dbid: int | None = None) -> str:
        """The path of all objects of a kind, or of one."""
        return f"{self._objects}/{kind.collection}" + ("" if dbid is None else f"/{dbid}")

    @property
    def write_headers(self) -> Mapping[str, str]:
        """The token that GWS wants beside the cookie of a session, where it gave one."""
        return self._token

    def server(self) -> str | Unknown:
        """GWS has no documented way to say which Configuration Server it reads."""
        where = f"{self.client.address} {self._objects}"
        cause = "GWS does not say which Configuration Server it reads; set [configuration] server to the address of GWS itself"
        return Unknown(cause, where, Failure.REJECTED)


def _objects(answer: Answer, kind: Kind) -> Page:
    where = f"{answer.asked} {answer.call}"
    found = answer.json()
    if isinstance(found, list):
        return found, None
    fields = Fields(found) if isinstance(found, dict) else Fields({})
    code = fields.get("statuscode")
    if code not in {None, 0, "0"}:
        number = code if isinstance(code, int) else "that is not 0"
        cause = f"{answer.asked} failed to answer {answer.call}: statusCode {number} (may the account read {kind.collection}?)"
        raise probe_error(cause, Failure.REJECTED).at(where)
    objects = fields.get(kind.collection, kind.collection.removesuffix("s"))
    if not isinstance(objects, list):
        raise other_shape(answer.asked, answer.call, f"an object with the list {kind.collection}").at(where)
    total = fields.get("total", "totalcount", "totalsize")
    return objects, _as_total(total)


def _cancel(waiting: deque[Future[Any]]) -> None:
    for each in waiting:
        each.cancel()
    waiting.clear()


def _as_total(value: object) -> int | None:
    """How many there are in all, as a number or as text."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    text = str(value).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else None


class Gws(LiveSource):
    """Reads the configuration from GWS."""

    name = "gws"
    session = _Session
    interface = GWS_WRITING
