# SPDX-License-Identifier: Apache-2.0
"""What a twin can do wrong on purpose with what is written to it, so that who writes to GAX and GWS can be tried against it.

What is refused is a ``Status``, and what is never answered a ``Hang``, of ``misbehaviour``: neither stores anything.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from orsgate.sandbox.twins.exchange import Answer, Exchange
from orsgate.sandbox.twins.misbehaviour import Misbehaviour


@dataclass(frozen=True, slots=True)
class NotStored(Misbehaviour):
    """It says that all is well, and stores nothing."""

    async def act(self, exchange: Exchange) -> web.StreamResponse:
        """Says so."""
        return exchange.response(Answer.of({"statusCode": 0}))


@dataclass(frozen=True, slots=True)
class StoredUnsaid(Misbehaviour):
    """It stores, and closes the connection in place of an answer."""

    async def act(self, exchange: Exchange) -> web.StreamResponse:
        """Stores and closes."""
        exchange.answer()
        return exchange.aborted()


@dataclass(frozen=True, slots=True)
class StoredThen(Misbehaviour):
    """It stores, and answers with another status.

    Attributes:
        code: the HTTP status.
    """

    code: int

    async def act(self, exchange: Exchange) -> web.StreamResponse:
        """Stores and says otherwise."""
        exchange.answer()
        return exchange.response(Answer(self.code))


@dataclass(frozen=True, slots=True)
class StoredLate(Misbehaviour):
    """It stores after a while, whether anybody still waits for the answer or not.

    Attributes:
        seconds: until it stores.
    """

    seconds: float

    async def act(self, exchange: Exchange) -> web.StreamResponse:
        """Waits, stores, and answers."""

        async def store() -> Answer:
            await asyncio.sleep(self.seconds)
            return exchange.answer()

        return exchange.response(await asyncio.shield(asyncio.ensure_future(store())))


@dataclass(frozen=True, slots=True)
class StoredOtherwise(Misbehaviour):
    """It stores something else than what was sent, and says that all is well.

    Attributes:
        change: makes what is stored of the fields that were sent, by changing them.
    """

    change: Callable[[dict[str, Any]], None]

    async def act(self, exchange: Exchange) -> web.StreamResponse:
        """Stores it."""
        fields = json.loads(exchange.body)
        self.change(fields)
        return exchange.response(exchange.answer_to(json.dumps(fields).encode()))


@dataclass(frozen=True, slots=True)
class AnsweredThen(Misbehaviour):
    """It answers rightly, and then something happens: another client writes, say.

    Attributes:
        happens: called when the answer was made and before it is sent.
    """

    happens: Callable[[], None]

    async def act(self, exchange: Exchange) -> web.StreamResponse:
        """Makes the answer, lets it happen, and sends the answer."""
        answer = exchange.answer()
        self.happens()
        return exchange.response(answer)


def trimmed(fields: dict[str, Any]) -> None:
    """Take the blanks off both ends of every option value (for ``StoredOtherwise``)."""
    _each_option(fields, lambda _section, _name, value: value.strip())


def without_option(section: str, name: str) -> Callable[[dict[str, Any]], None]:
    """Lose one option (for ``StoredOtherwise``)."""

    def lose(fields: dict[str, Any]) -> None:
        _each_option(fields, lambda found, called, value: None if (found, called) == (section, name) else value)

    return lose


def _each_option(fields: dict[str, Any], change: Callable[[str, str, str], str | None]) -> None:
    """Change the value of each option and Annex entry, in the shape of GAX or of GWS; None takes it away."""
    for field in ("options", "userproperties", "userProperties"):
        found = fields.get(field, {})
        if isinstance(found.get("property"), list):
            kept = []
            for each in found["property"]:
                value = change(each["section"], each["key"], each["value"])
                if value is not None:
                    kept.append({**each, "value": value})
            found["property"] = kept
            continue
        for section, options in found.items():
            changed = {name: change(section, name, value) for name, value in options.items()}
            found[section] = {name: value for name, value in changed.items() if value is not None}
