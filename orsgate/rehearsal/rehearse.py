# SPDX-License-Identifier: Apache-2.0
"""A whole rehearsal: the twin is planned, built and taken down, and what it did becomes a part of the snapshot."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from itertools import cycle
from pathlib import Path

from orsgate.collection.beginning import part_of
from orsgate.estate.decisions import persistence
from orsgate.estate.estate import Estate, FactUnknownError
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.rehearsal import Rehearsal, Twin, counted
from orsgate.estate.ring import SavedTopology
from orsgate.estate.snapshot import Snapshot
from orsgate.rehearsal.fence import DeadlinePassedError, fence
from orsgate.rehearsal.plan import TwinOptions, plan
from orsgate.rehearsal.trials import PENDING, TrialRunner, batches, given_up
from orsgate.rules.keyspace_requests import KeyspaceRequest, keyspace_requests
from orsgate.rules.topology import SIMPLE_SNITCH_DATACENTER
from orsgate.sandbox.cassandra import CassandraRing
from orsgate.sandbox.errors import SandboxError, UsageError
from orsgate.sandbox.jars import Artifact, JarStore, default_cache, locked_releases
from orsgate.sandbox.lines import line_of
from orsgate.wire.observer import Observer, unobserved

INTERRUPTED = "the run was interrupted while it was rehearsed on the twin"
DEADLINE = "the deadline of the run passed while it was rehearsed on the twin"
_MEGABYTES = {1: 140, 2: 300, 3: 350}
"""What a node takes, by the first number of its release (measured, resident: 1.1.12 112, 1.2.19 131, 2.2.5 285, 3.9 333)."""
_MEMINFO = Path("/proc/meminfo")


def rehearse(
    snapshot: Snapshot,
    options: TwinOptions,
    *,
    saved: SavedTopology | Unknown | None = None,
    until: float | None = None,
    offline: bool = False,
    observer: Observer = unobserved,
) -> Snapshot:
    """Rehearse what the options of an estate ask for, and add what happened to its snapshot.

    An interruption, the deadline and whatever goes wrong with the twin end it early: what is missing is unknown.

    Args:
        snapshot: configuration and, where it could be read, the ring.
        options: of the user.
        saved: the saved ``nodetool ring``, where the ring itself was not read.
        until: the deadline of the run, as ``time.monotonic`` counts.
        offline: download nothing.
        observer: told about progress.

    Raises:
        PlanError: if the twin cannot be planned from what is known.
        UsageError: if a twin cannot be started with what was asked for.
    """
    estate = Estate(snapshot, "rehearsal")
    if snapshot.interrupted or snapshot.deadline_passed:
        what = "was interrupted" if snapshot.interrupted else "was over its deadline"
        return _with(snapshot, Unknown(f"the run {what} before anything was rehearsed", failure=Failure.NOT_ASKED))
    try:
        if persistence(estate).value != "cassandra":  # the precondition of all four says so
            return snapshot
        wanted = keyspace_requests(estate)
    except FactUnknownError as error:
        return _with(snapshot, error.unknown)
    if not wanted:
        return _with(snapshot, Unknown("no application holds a keyspace that could be tried", failure=Failure.NOT_GIVEN))
    twin = plan(estate, wanted, options, releases_with_thrift(), saved)
    return _Rehearsing(twin, wanted, until, observer, offline=offline).run(snapshot)


def releases_with_thrift() -> tuple[str, ...]:
    """The Cassandra releases that can be rehearsed: those which speak Thrift, by which ORS reaches Cassandra."""
    return tuple(release for release in locked_releases() if line_of(release).thrift)


class _Rehearsing:
    """One rehearsal, from its plan to its facts."""

    def __init__(
        self, twin: Twin, wanted: Sequence[KeyspaceRequest], until: float | None, observer: Observer, *, offline: bool
    ) -> None:  # fmt: skip
        self._twin = twin
        self._wanted = wanted
        self._until = until
        self._observer = observer
        self._offline = offline
        self._runner = TrialRunner(wanted)
        self._started_in: float | None = None
        self._stage_before = ""

    def run(self, snapshot: Snapshot) -> Snapshot:
        began = time.monotonic()
        why = PENDING
        try:
            self._require_memory()
            for batch in batches(self._wanted):
                while left := [request for request in batch if self._runner.trials[request].created is PENDING]:
                    self._on_a_ring(left)
        except KeyboardInterrupt:
            why = Unknown(INTERRUPTED, failure=Failure.NOT_ASKED)
            snapshot = replace(snapshot, interrupted=True)
        except DeadlinePassedError:
            why = Unknown(DEADLINE, failure=Failure.NOT_ASKED)
            snapshot = replace(snapshot, deadline_passed=True)
        except UsageError:
            raise
        except (SandboxError, OSError) as error:
            what = "the twin of the ring on this machine broke"
            if self._started_in is None:
                what = "a twin of the ring could not be run on this machine"
            why = Unknown(f"{what}: {_sentence(error)}", failure=Failure.UNREADABLE)
        trials = tuple(given_up(trial, why) for trial in self._runner.trials.values())
        return _with(snapshot, Rehearsal(self._twin, trials, self._started_in, round(time.monotonic() - began, 3)))

    def _on_a_ring(self, batch: Sequence[KeyspaceRequest]) -> None:
        """Try what is left on a ring of its own; the ring is taken down outside of the deadline."""
        with ExitStack() as stack, fence(self._until):
            self._stage(f"starting a twin of the ring: {counted(self._twin.nodes)}, Cassandra {self._twin.release}")
            began = time.monotonic()
            ring = CassandraRing(
                self._twin.release, nodes=self._twin.nodes, datacenters=places(self._twin), store=self._store(),
                progress=self._downloaded,
            )  # fmt: skip
            stack.callback(ring.close)
            ring.start()
            self._started_in = self._started_in or round(time.monotonic() - began, 3)
            self._runner.run(ring, batch, self._stage)
            self._stage("")

    def _store(self) -> JarStore | None:
        if not self._offline:
            return None

        def refuse(artifact: Artifact, *_: object) -> Path:
            raise SandboxError(
                f"{artifact.file_name} of Cassandra {self._twin.release} is not in the cache, and --offline downloads nothing:"
                f" run it once without --offline, or copy {default_cache()} from a machine where it ran"
            )

        return JarStore(fetch=refuse)

    def _require_memory(self) -> None:
        needed = self._twin.nodes * _MEGABYTES[int(self._twin.release.partition(".")[0])]
        free = available_megabytes()
        if free is not None and free < needed:
            raise SandboxError(
                f"{counted(self._twin.nodes)} need{'s' * (self._twin.nodes == 1)} about {needed} MB of memory and {free} MB are"
                f" free; free some{', or take fewer nodes with --most-nodes' * (self._twin.nodes > 1)}"
            )

    def _stage(self, what: str) -> None:
        """Say that the stage before is done, and that another begins; none where ``what`` is empty."""
        if self._stage_before:
            self._observer(self._stage_before, 1, 1)
        if what:
            self._observer(what, 0, 1)
        self._stage_before = what

    def _downloaded(self, done: int, total: int) -> None:
        self._observer(f"fetching Cassandra {self._twin.release} (kB)", done // 1000, total // 1000)


def places(twin: Twin) -> tuple[str, ...]:
    """The data center of each node of a twin, in turn as far as they go; none for a ring that knows no data centers."""
    if [each.name for each in twin.datacenters] == [SIMPLE_SNITCH_DATACENTER]:
        return ()
    left = {each.name: each.nodes for each in twin.datacenters}
    found: list[str] = []
    for name in cycle(left):
        if not any(left.values()):
            break
        if left[name]:
            left[name] -= 1
            found.append(name)
    return tuple(found)


def available_megabytes(meminfo: Path = _MEMINFO) -> int | None:
    """The memory that can be had without swapping; None where the system does not tell."""
    try:
        lines: Iterable[str] = meminfo.read_text("ascii").splitlines()
    except OSError:
        return None
    found = next((line.split()[1] for line in lines if line.startswith("MemAvailable:")), None)
    return int(found) // 1024 if found else None


def _with(snapshot: Snapshot, rehearsal: Rehearsal | Unknown) -> Snapshot:
    stand_ins = (str(rehearsal.twin),) if isinstance(rehearsal, Rehearsal) and rehearsal.started_in is not None else ()
    part = replace(part_of("rehearsal"), stand_ins=stand_ins)
    return replace(snapshot, rehearsal=rehearsal, parts=(*snapshot.parts, part))


def _sentence(error: Exception) -> str:
    """The first line of what went wrong; the last lines of a log are in the directory that is gone by then."""
    text = getattr(error, "strerror", None) or str(error)
    return text.splitlines()[0].rstrip(".") if text else type(error).__name__
