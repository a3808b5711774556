# SPDX-License-Identifier: Apache-2.0
"""The twin of ORS (Orchestration Server): one Application that is started and stopped, in Primary or Backup mode.

A Backup does not serve HTTP, so its port is closed (Genesys, "High Availability", ORS 8.1.3). What a twin does is told in
``ors_desk``, who of a pair serves in ``ors_node``.
"""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar, Literal

from aiohttp import web

from orsgate.sandbox.errors import SandboxError, UsageError
from orsgate.sandbox.twins.exchange import Answer, Asked, Exchange
from orsgate.sandbox.twins.ors_application import CASSANDRA_OPTIONAL_FROM, HA_FROM, OrsApplication
from orsgate.sandbox.twins.ors_calls import call_of
from orsgate.sandbox.twins.ors_desk import OrsDesk
from orsgate.sandbox.twins.ors_keeping import Keeping
from orsgate.sandbox.twins.ors_lies_together import Lies
from orsgate.sandbox.twins.ors_log import Head, OrsLog, log_path
from orsgate.sandbox.twins.ors_sessions import Session
from orsgate.sandbox.twins.serving import Serving, banner_of

if TYPE_CHECKING:
    from orsgate.sandbox.twins.ors_landscape import Landscape

Mode = Literal["stopped", "primary", "backup"]
_AT_ONCE = 16
"""Calls that are worked on at the same time."""


class OrsTwin:
    """A stand-in for one Orchestration Server; made by a ``Landscape``, and started and stopped as often as one likes.

    Args:
        application: name of its Application object, which is read at each start.
        address: of this machine, its own alone.
        landscape: what knows the others.
        lies: what it does otherwise.
    """

    name: ClassVar[str] = "ORS twin"
    """What it calls itself."""

    def __init__(self, application: str, address: str, landscape: Landscape, lies: Lies) -> None:
        self.application = application
        self.lies = lies
        self._address = address
        self._landscape = landscape
        self._lock = threading.RLock()
        self._asked: list[Asked] = []
        self._configured: OrsApplication | None = None
        self._serving: Serving | None = None
        self._pool: ThreadPoolExecutor | None = None
        self._desk: OrsDesk | None = None
        self._keeping: Keeping | None = None
        self._log: OrsLog | None = None
        self._mode: Mode = "stopped"

    @property
    def mode(self) -> Mode:
        """What it does now."""
        return self._mode

    @property
    def is_running(self) -> bool:
        """Whether it was started and not stopped, in whatever mode."""
        return self._mode != "stopped"

    @property
    def listens(self) -> bool:
        """Whether it serves HTTP now."""
        return self._serving is not None and self._serving.is_running

    @property
    def url(self) -> str:
        """Where it serves HTTP, or would; without a path and without a slash at the end."""
        port = (self._configured or self._landscape.application(self.application)).port
        return f"{'https' if self._landscape.tls else 'http'}://{self._address}:{port}"

    @property
    def log_file(self) -> str:
        """Its newest log file."""
        return str(log_path(self._landscape.logs, self.application))

    @property
    def requests(self) -> list[Asked]:
        """Every request so far, in the order of arrival."""
        with self._lock:
            return list(self._asked)

    @property
    def sessions(self) -> dict[str, Session]:
        """Id -> the sessions in its memory."""
        return self._desk.sessions if self._desk else {}

    @property
    def is_primary(self) -> bool:
        """Whether it is configured as the Primary of its node."""
        return self._configured is None or self._configured.primary

    @property
    def takes_over_after(self) -> float | None:
        """Seconds until it takes over from one that stopped; None where it does not, since it is not configured so."""
        if self._configured is None:
            return None
        standby = self._configured.warm_standby and self._configured.has(HA_FROM)
        return self.lies.takeover_after(self._landscape.takeover_after) if standby or self._configured.primary else None

    def start(self) -> None:
        """Starts it, as its Application object says now.

        Raises:
            UsageError: it runs, or the configuration holds it no more.
            SandboxError: it cannot listen, or is of a release that does not start without Cassandra.
        """
        configured = self._landscape.application(self.application)
        node = self._landscape.node(configured.node)
        with node.lock:
            if self.is_running:
                raise UsageError(f"{self.application} was started before, and runs")
            self._configured = configured
            self._log = self._new_log(configured) if self.lies.has_log else None
            store = self._landscape.store(configured)
            self._keeping = Keeping(store, configured.node, configured.name, self.lies, self._log)
            obstacle = self._keeping.prepare()
            if obstacle is not None and not configured.has(CASSANDRA_OPTIONAL_FROM):
                self._tell("Stopped: this release does not run without Cassandra")
                raise SandboxError(f"{self.application} did not start: {configured.build} needs Cassandra, and {obstacle}")
            self._desk = OrsDesk(configured, self.url, self._landscape, self.lies, self._log, self._keeping)
            self._mode = "backup"
            self._tell("Application started")
            try:
                node.joined(self)
                if self.lies.serves_in_standby:
                    self._listen()
            except BaseException:
                self._end()
                node.left(self)
                raise

    def stop(self) -> None:
        """Stops it; returns when it listens no more. Does nothing where it does not run."""
        if self._configured is None:
            return
        node = self._landscape.node(self._configured.node)
        with node.lock:
            if self.is_running:
                self._tell("Application stopped")
                self._end()
                node.left(self)

    def serve(self, why: str) -> None:
        """Goes into Primary mode.

        Raises:
            SandboxError: it cannot listen.
        """
        self._listen()
        self._mode = "primary"
        self._tell(f"Primary mode: {why}")

    def trouble(self, told: str) -> None:
        """Takes down what went wrong, in its log."""
        if self._log is not None:
            self._log.error(told)

    def _listen(self) -> None:
        if self._serving is not None or self._configured is None or self.lies.never_listens:
            return
        tls = self._landscape.tls(self._address) if self._landscape.tls else None
        serving = Serving(
            f"{self.name} {self.application}",
            self._handle,
            banner_of(self.name),
            tls=tls,
            port=self._configured.port,
            address=self._address,
        )
        self._pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix=self.application)
        self._serving = serving
        try:
            serving.start()
        except BaseException:
            self._serving = None
            raise
        self._tell(f"HTTP is served at {serving.url}")

    def _end(self) -> None:
        if self._serving is not None:
            self._serving.stop()
            self._serving = None
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None
        if self._keeping is not None:
            self._keeping.close()
        self._desk = None
        self._mode = "stopped"

    def _new_log(self, configured: OrsApplication) -> OrsLog:
        started, build, name = datetime.now(UTC), configured.build, configured.name
        for lie in self.lies:
            started, build, name = lie.logged_start(started), lie.logged_build(build), lie.logged_name(name)
        remark = f"Remark:                   {self.name} of orsgate: a stand-in, not Genesys software"
        log = OrsLog(log_path(self._landscape.logs, self.application), Head(name, build, configured.host, started, (remark,)))
        for lie in self.lies:
            log.lines(lie.logged_lines())
        return log

    def _tell(self, text: str) -> None:
        if self._log is not None:
            self._log.trace(text)

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        self._note(request)
        serving, pool, desk = self._serving, self._pool, self._desk
        if serving is None or pool is None or desk is None:  # it just ends
            return web.Response(status=503, headers=banner_of(self.name))
        banner = banner_of(self.name)
        try:
            body = await request.read()
        except web.HTTPRequestEntityTooLarge:
            return Exchange(request, banner, Answer, serving.end).response(Answer(413))
        call = call_of(request.method, request.raw_path, request.headers, body)
        try:
            if wrongly := self.lies.instead(call):
                return await wrongly.act(Exchange(request, banner, Answer, serving.end))
            right = await asyncio.get_running_loop().run_in_executor(pool, desk.answer, call)
            answer = self.lies.answered(call, right)
            exchange = Exchange(request, banner, lambda: answer, serving.end)
            if wrongly := self.lies.afterwards(call):
                return await wrongly.act(exchange)
            return exchange.response(answer)
        except ConnectionError:  # the client went away, which some lies are for
            return Exchange(request, banner, Answer, serving.end).aborted()

    def _note(self, request: web.BaseRequest) -> None:
        with self._lock:
            number = len(self._asked) + 1
            asked = Asked(number, request.method, request.path, dict(request.query), "Cookie" in request.headers)
            self._asked.append(asked)
