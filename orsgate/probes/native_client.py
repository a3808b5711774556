# SPDX-License-Identifier: Apache-2.0
"""Queries to one node over the native protocol: a process with the driver, which ends with the deadline."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from orsgate.probes.asking import AskingClient
from orsgate.probes.transport import connect
from orsgate.probes.trouble import NATIVE, closed, denied, garbled, not_allowed, rejected, server_timed_out, silent
from orsgate.wire.deadline import Deadline
from orsgate.wire.trouble import ProbeError, quote

LARGEST_ANSWER = 8 * 1024 * 1024
"""Characters of one answer that are read at most."""
_START = "the start of the native protocol"
_ENDED = ""

Row = Mapping[str, Any]
"""A row: column name -> text, sorted list of texts, or mapping of texts; a column without a value is left out."""


class NativeClient(AskingClient):
    """One node, asked one query after the other."""

    _worker: _Worker | None = None

    def close(self) -> None:
        """End the process, if there is one."""
        if self._worker is not None:
            self._worker.close()

    def open(self) -> None:
        """Connect and log in, unless that is done.

        Raises:
            ProbeError: that cannot be done.
        """
        self._fenced("the connection", self._connected)

    def select(self, table: str, columns: Sequence[str]) -> list[Row]:
        """The rows of a table, with those of ``columns`` that it has.

        Raises:
            ProbeError: it gave no answer. After a fatal one every further query raises the same trouble at once.
        """
        return self.query(table, f"SELECT * FROM {table}", columns)  # noqa: S608 - of our own

    def query(self, call: str, cql: str, columns: Sequence[str], *, quorum: bool = False) -> list[Row]:
        """The rows that a SELECT gives, with those of ``columns`` that they have.

        Args:
            call: what is asked, as a sentence names it.
            cql: a SELECT.
            columns: the wanted ones.
            quorum: whether most replicas have to agree; else one is enough.

        Raises:
            ProbeError: it gave no answer. After a fatal one every further query raises the same trouble at once.
        """

        def ask(deadline: Deadline) -> list[Row]:
            worker = self._connected(deadline)
            query = {"query": cql, "columns": list(columns), "seconds": _left(deadline), "quorum": quorum}
            rows: list[Row] = self._exchange(worker, call, query, deadline)["rows"]
            return rows

        return self._fenced(call, ask)

    def _connected(self, deadline: Deadline) -> _Worker:
        if self._worker is None:
            if self._gate is not None:
                self._gate.check()
            # A port that is closed, or a certificate that is wrong, costs no process and has the words it has with Thrift.
            tried = connect(self.target, self._resolver, deadline, NATIVE, self._tls)
            try:
                self.address = tried.address
                tried.greet_natively(_START, deadline)
            finally:
                tried.close()
            worker = _Worker()
            try:
                self._log_in(worker, deadline)
            except BaseException:
                worker.close()
                raise
            self._worker = worker
        return self._worker

    def _log_in(self, worker: _Worker, deadline: Deadline) -> None:
        account = self._gate.login if self._gate is not None else None
        opening = {
            "address": self.address,
            "port": self.target.port,
            "host": self.target.host,
            "seconds": _left(deadline),
            "username": account.username if account else None,
            "password": account.password if account else None,
            "tls": None if self._tls is None else self._tls.as_json(),
        }
        if self._gate is None:
            self._exchange(worker, _START, opening, deadline)
            return
        with self._gate.attempt(self._asked, deadline):
            self._exchange(worker, "the login", {**opening, "seconds": _left(deadline)}, deadline)

    def _exchange(self, worker: _Worker, call: str, message: Mapping[str, Any], deadline: Deadline) -> Mapping[str, Any]:
        line = worker.ask(json.dumps(message), deadline)
        if line is None:
            raise silent(self._asked, call, deadline.seconds)
        if not line.endswith("\n") or len(line) > LARGEST_ANSWER:
            raise self._garbled("it sends more than may be read, or what cannot be decoded")
        answer: Mapping[str, Any] = json.loads(line)
        if "trouble" in answer:
            raise self._understood(call, answer["trouble"], answer["why"], deadline)
        return answer

    def _garbled(self, why: str) -> ProbeError:
        return garbled(self._asked, why, NATIVE)

    def _understood(self, call: str, kind: str, why: str, deadline: Deadline) -> ProbeError:
        why = quote(why, self._gate.login.password if self._gate else "")
        if kind == "denied":
            return denied(self._asked, why)
        if kind == "timeout":
            return silent(self._asked, call, deadline.seconds)
        if kind == "closed":
            return closed(self._asked, call, NATIVE)
        if kind == "overloaded":
            return server_timed_out(self._asked, call)
        if kind == "not_allowed":
            return not_allowed(self._asked, call, why)
        return rejected(self._asked, call, why) if kind == "rejected" else self._garbled(why)


def _left(deadline: Deadline) -> float:
    return max(deadline.left(), 0.001)


class _Worker:
    """The process with the driver, and a thread that waits for its lines."""

    def __init__(self) -> None:
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "orsgate.probes.native_worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # what the driver says there, the answers say better
            text=True,
            encoding="utf-8",
            env={**os.environ, "MALLOC_ARENA_MAX": "1"},  # else each thread's arena counts against its memory
            start_new_session=True,  # Ctrl-C is for this process, which then ends that one
        )
        self._listener = threading.Thread(target=self._listen, name="native probe", daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        assert self._process.stdout is not None  # noqa: S101 - for the type checker
        while line := self._process.stdout.readline(LARGEST_ANSWER + 1):
            self._lines.put(line)
        self._lines.put(_ENDED)

    def ask(self, line: str, deadline: Deadline) -> str | None:
        """The line that answers; without its end where the process ended, None where the deadline passed."""
        assert self._process.stdin is not None  # noqa: S101 - for the type checker
        try:
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()
        except OSError:
            return _ENDED
        while True:
            try:
                return self._lines.get(timeout=max(deadline.slice(), 0.001))
            except queue.Empty:
                if deadline.passed():
                    return None

    def close(self) -> None:
        """Kill the process and wait until it is gone."""
        self._process.kill()
        self._process.wait()
        self._listener.join()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with suppress(BrokenPipeError):  # of a question that the process did not live to read
                    stream.close()
