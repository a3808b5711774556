# SPDX-License-Identifier: Apache-2.0
"""Watches probes of the native protocol: their worker processes, how long each question takes, and the memory it costs."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from orsgate.estate.knowledge import Unknown
from orsgate.estate.ring import FACTS, Node
from orsgate.probes import native_client
from orsgate.probes.cassandra import Access, Limits, Login, Seed, Target, Tls, read_ring
from orsgate.probes.native_client import NativeClient
from tests.probes.scripted import Script, Server

MEGABYTE = 1024 * 1024
SLACK = 0.15
"""Seconds beyond the deadline and its tenth that a question may take on a busy machine."""


@dataclass
class Watch:
    """What was seen of the probes of one test."""

    workers: list[Any] = field(default_factory=list)
    asked: list[tuple[str, float, float]] = field(default_factory=list)

    def install(self, patch: Any) -> None:
        """Look at every worker process that is started and at every question that is asked."""
        start, fenced = native_client._Worker.__init__, NativeClient._fenced

        def started(worker: Any) -> None:
            start(worker)
            self.workers.append(worker)

        def timed(client: NativeClient, call: str, ask: Callable[..., Any]) -> Any:
            began = time.monotonic()
            try:
                return fenced(client, call, ask)
            finally:
                self.asked.append((call, time.monotonic() - began, client._limits.call))

        patch.setattr(native_client._Worker, "__init__", started)
        patch.setattr(NativeClient, "_fenced", timed)

    def check(self) -> None:
        """No process is left, and no question took longer than it may."""
        for worker in self.workers:
            assert worker._process.returncode is not None
            assert not Path(f"/proc/{worker._process.pid}").exists()
            assert not worker._listener.is_alive()
        for call, took, limit in self.asked:
            assert took <= limit * 1.1 + SLACK, call


def read_natively(
    target: Target, call: float, login: Login | None = None, tls: Tls | None = None, members: tuple[str, ...] = ()
) -> Node:
    """The node at ``target``, to which nothing but that port leads."""
    ports: Any = {"thrift": target.port, "native": target.port}
    addresses = dict.fromkeys(members, str(target))
    access = Access(first="native", ports=ports, addresses=addresses, limits=Limits(call=call), login=login, tls=tls)
    return read_ring([Seed(target)], access).nodes[0]


def unknowns(node: Node) -> dict[str, Unknown]:
    """The facts that are not known, but for ``thrift``, to which no way is known."""
    return {name: fact for name in FACTS if name != "thrift" and isinstance(fact := getattr(node, name), Unknown)}


def nothing_learnt(script: Script, call: float, login: Login | None = None) -> Unknown:
    """Why every fact of the node is unknown; this process takes little memory for it."""
    with Server(script) as server:
        tracemalloc.start()
        try:
            node = read_natively(server.target, call, login)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert peak < 50 * MEGABYTE
    missing = unknowns(node)
    assert set(missing) == set(FACTS) - {"thrift"}
    causes = {(unknown.cause, unknown.failure) for unknown in missing.values()}
    assert len(causes) == 1
    for unknown in missing.values():
        one_sentence(unknown, login.password if login else "")
    assert isinstance(node.thrift, Unknown)
    return missing["release"]


def one_sentence(unknown: Unknown, secret: str = "") -> None:
    """It is one line for a person, says where, and keeps the secret."""
    for text in (unknown.cause, unknown.where, repr(unknown)):
        assert text.isprintable()
        assert "Traceback" not in text
        assert not secret or secret not in text
    assert unknown.cause
    assert len(unknown.cause) < 500
    assert unknown.where


@dataclass(frozen=True)
class Cost:
    """What one probe took in a process of its own.

    Attributes:
        rows: of the answer; -1: there was none.
        failure: kind of failure, empty where there was none.
        seconds: of the longest question.
        peak: bytes of Python objects.
        worker: bytes that its worker process had in memory at most.
    """

    rows: int
    failure: str
    seconds: float
    peak: int
    worker: int


_PROBE = """
import json, resource, sys, time, tracemalloc
from orsgate.wire.deadline import Limits
from orsgate.probes.native_client import NativeClient
from orsgate.wire.resolve import Resolver
from orsgate.probes.transport import Target
from orsgate.wire.trouble import ProbeError

client = NativeClient(Target("127.0.0.1", int(sys.argv[1])), Resolver(), Limits(call=float(sys.argv[2])))
tracemalloc.start()
rows, failure, began = -1, "", time.monotonic()
try:
    client.open()
    began = time.monotonic()
    rows = len(client.select("system.local", ["peer"]))
except ProbeError as error:
    failure = error.unknown.failure
seconds = time.monotonic() - began
client.close()
worker = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
print(json.dumps([rows, failure, seconds, tracemalloc.get_traced_memory()[1], worker]))
"""


def cost(script: Script, call: float) -> Cost:
    """What asking ``script`` for column ``peer`` of ``system.local`` takes."""
    with Server(script) as server:
        arguments = [sys.executable, "-c", _PROBE, str(server.target.port), str(call)]
        done = subprocess.run(arguments, check=True, capture_output=True, text=True, timeout=60)
    return Cost(*json.loads(done.stdout))
