# SPDX-License-Identifier: Apache-2.0
"""The control endpoint of a site: an HTTP server on loopback that starts, stops and asks for its applications."""

from __future__ import annotations

import asyncio
import json
import secrets
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import get_args
from urllib.parse import unquote

from aiohttp import web

from orsgate.sandbox.errors import SandboxError
from orsgate.sandbox.twins.ors_landscape import Landscape
from orsgate.sandbox.twins.ors_lie import Command
from orsgate.sandbox.twins.serving import Serving, banner_of

_CLIENT = Path(__file__).with_name("control.py")
_NAME = "sandbox site"


class ControlEndpoint:
    """Listens after ``start``; its address holds a word that nobody guesses, so that it does what its owner says alone.

    Args:
        landscape: whose twins it starts and stops.
    """

    def __init__(self, landscape: Landscape) -> None:
        self._landscape = landscape
        self._word = secrets.token_urlsafe(12)
        self._serving = Serving(_NAME, self._handle, banner_of(_NAME))
        self._pool = ThreadPoolExecutor(16, thread_name_prefix=_NAME)

    @property
    def url(self) -> str:
        """Its address, without a slash at the end."""
        return f"{self._serving.url}/{self._word}"

    def command(self, action: Command, application: str) -> tuple[str, ...]:
        """The argument list that does something with an application."""
        return (sys.executable, "-I", str(_CLIENT), self.url, action, application)

    def start(self) -> None:
        """Listens from now on."""
        self._serving.start()

    def stop(self) -> None:
        """Listens no more."""
        self._serving.stop()
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        _, word, *rest = request.raw_path.partition("?")[0].split("/")
        if not secrets.compare_digest(word.encode(), self._word.encode()):
            return self._told(404, done=False, told="there is nothing here")
        if rest in ([], [""]):
            return _json(200, {name: twin.mode for name, twin in self._landscape.twins.items()})
        if len(rest) != 2 or rest[0] not in get_args(Command) or request.method != "POST":
            return self._told(404, done=False, told="POST /start/APPLICATION, /stop/APPLICATION or /status/APPLICATION")
        action: Command = rest[0]  # type: ignore[assignment]  # looked at above
        application = unquote(rest[1])
        try:
            twin = self._landscape.twin(application)
            end = twin.lies.command(action)
            if end == "hangs":
                await asyncio.Event().wait()
            if end is not None:
                return self._told(200, done=end == "done", told=f"{application}: {action} {end}")
            done, told = await asyncio.get_running_loop().run_in_executor(self._pool, self._do, action, application)
        except SandboxError as error:
            done, told = False, str(error)
        return self._told(200, done=done, told=told)

    def _do(self, action: Command, application: str) -> tuple[bool, str]:
        twin = self._landscape.twin(application)
        match action:
            case "start":
                if not twin.is_running:
                    twin.start()
            case "stop":
                twin.stop()
                return True, f"{application} is stopped"
            case _:
                pass
        return twin.is_running, f"{application}: {twin.mode}"

    @staticmethod
    def _told(status: int, *, done: bool, told: str) -> web.Response:
        return _json(status, {"done": done, "told": told})


def _json(status: int, value: Mapping[str, object]) -> web.Response:
    return web.Response(status=status, body=json.dumps(value).encode(), content_type="application/json", headers=banner_of(_NAME))
