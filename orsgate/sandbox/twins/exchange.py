# SPDX-License-Identifier: Apache-2.0
"""One request to a twin and what is answered: every way to answer goes through here, so that each says that it is a twin's."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from aiohttp import web

JSON = "application/json;charset=UTF-8"
HTML = "text/html;charset=UTF-8"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a twin answers.

    Attributes:
        status: the HTTP status.
        body: sent as it is.
        content_type: of the body.
        headers: in addition to those that every answer of a twin has.
    """

    status: int = 200
    body: bytes = b""
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
        """An answer whose body is JSON."""
        return cls(status, json.dumps(value, ensure_ascii=False).encode(), headers=headers or {})

    def with_body(self, body: bytes) -> Answer:
        """The same with another body."""
        return replace(self, body=body)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that a twin was sent.

    Attributes:
        number: from 1, in the order of arrival.
        method: such as ``GET``.
        path: decoded, without the query.
        query: the last value of each name.
        has_cookie: whether a cookie came with it.
    """

    number: int
    method: str
    path: str
    query: Mapping[str, str]
    has_cookie: bool


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request that is to be answered, rightly or wrongly.

    Attributes:
        request: as it came.
        banner: the headers by which an answer says that it is a twin's.
        answer: what the real answer is.
        end: ends the server.
        body: what was sent.
        answer_to: what the real answer would be had another body been sent.
    """

    request: web.BaseRequest
    banner: Mapping[str, str]
    answer: Callable[[], Answer]
    end: Callable[[], Awaitable[None]]
    body: bytes = b""
    answer_to: Callable[[bytes], Answer] = lambda _: Answer()

    def response(self, answer: Answer) -> web.Response:
        """The response that gives an answer whole."""
        headers = {**self.banner, **answer.headers}
        if answer.body:
            headers["Content-Type"] = answer.content_type
        return web.Response(status=answer.status, body=answer.body or None, headers=headers)

    async def begun(self, answer: Answer, length: int | None) -> web.StreamResponse:
        """A response that has begun; its body is still to be written.

        Args:
            answer: whose status and headers it has.
            length: of the body, as it is promised; None promises none and sends chunks.
        """
        headers = {**self.banner, **answer.headers, "Content-Type": answer.content_type}
        begun = web.StreamResponse(status=answer.status, headers=headers)
        if length is None:
            begun.enable_chunked_encoding()
        else:
            begun.content_length = length
        await begun.prepare(self.request)
        return begun

    def aborted(self) -> web.Response:
        """What is left to return where the connection is aborted instead of an answer."""
        if self.request.transport is not None:
            self.request.transport.abort()
        return web.Response(headers=self.banner)
