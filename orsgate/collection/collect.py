# SPDX-License-Identifier: Apache-2.0
"""Collect once: reads everything an estate file leads to, and freezes it in a snapshot."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from orsgate.collection.beginning import empty_snapshot, part_of
from orsgate.collection.cassandra import Reached, applies, collect_ring, login, nodes_not_known, reached, tls
from orsgate.collection.configuration import source_of
from orsgate.collection.passwords import Ask
from orsgate.collection.plan import PlanFiles, planned
from orsgate.estate.crosschecks import LIVE_SOURCES
from orsgate.estate.deployment import Deployment, Response
from orsgate.estate.estate import Estate
from orsgate.estate.file import LoadedEstate
from orsgate.estate.inventory import Configuration
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.mistakes import InputError
from orsgate.estate.ring import Ring
from orsgate.estate.secret import Redactor
from orsgate.estate.snapshot import Part, Snapshot
from orsgate.probes.login import Login
from orsgate.probes.tls import Tls
from orsgate.sources.interface import Reading, Source
from orsgate.wire.deadline import Limits
from orsgate.wire.observer import Observer, unobserved
from orsgate.wire.trouble import attempt

if TYPE_CHECKING:
    from orsgate.collection.deployment import DeploymentTest


@dataclass(frozen=True, slots=True)
class Credentials:
    """What sources and ring are asked with.

    Attributes:
        source: of the configuration; None where it is not read.
        login: the account; None where there is none, or the ring is not asked.
        tls: None where neither an authority nor a certificate is named, or the ring is not asked.
    """

    source: Source | None = None
    login: Login | None = None
    tls: Tls | None = None


def nobody_to_ask(what: str) -> str:
    """Raises InputError: the password of ``what`` is not given, and there is nobody to ask for it."""
    raise InputError(f"the password of the {what} is not given: set password_env or password_file")


def collect(
    loaded: LoadedEstate,
    parts: Collection[str],
    *,
    timeout: float | None = None,
    offline: bool = False,
    observer: Observer = unobserved,
    ask: Ask = nobody_to_ask,
    allow_http: bool = False,
    redactor: Redactor | None = None,
    plan: PlanFiles | None = None,
    deployment: DeploymentTest | None = None,
) -> Snapshot:
    """Read the parts of an estate.

    An interruption by the user ends it early: what is missing is unknown, and the snapshot says that it was interrupted.

    Args:
        loaded: the estate file.
        parts: which of ``configuration``, ``cassandra`` and ``http``.
        timeout: seconds the run may take from when no person is waited for any more; what is missing then is unknown.
        offline: open no socket.
        observer: told about progress.
        ask: asks for a password that nothing else gives.
        allow_http: whether an account may be sent without TLS to another host.
        redactor: replaces secrets where they enter; None for one whose key lives for this run only.
        plan: exports to be judged in place of the current options; None for the options as they are.
        deployment: what is tried for the part ``http``; None: it is only read.

    Raises:
        InputError: if a password cannot be had, or would be sent in the open.
    """
    credentials = credentials_for(loaded, parts, ask, offline=offline, allow_http=allow_http)
    return collect_until(
        deadline(timeout), loaded, parts, credentials,
        offline=offline, observer=observer, redactor=redactor, plan=plan, deployment=deployment,
    )  # fmt: skip


def credentials_for(
    loaded: LoadedEstate, parts: Collection[str], ask: Ask, *, offline: bool, allow_http: bool = False
) -> Credentials:
    """Everything that needs a person, or can be refused: it comes first, so that nothing is collected in vain.

    Raises:
        InputError: if a password cannot be had, or would be sent in the open.
    """
    source = source_of(loaded, ask, allow_http=allow_http) if _reads_source(loaded, parts, offline=offline) else None
    asks_ring = bool({"cassandra", "http"} & set(parts)) and not offline
    return Credentials(source, login(loaded, ask), tls(loaded)) if asks_ring else Credentials(source)


def _reads_source(loaded: LoadedEstate, parts: Collection[str], *, offline: bool) -> bool:
    """Whether the configuration is read: for itself, or to learn which nodes the options name."""
    if loaded.file.configuration.source not in LIVE_SOURCES:
        return True
    return not offline and (bool({"configuration", "http"} & set(parts)) or loaded.file.cassandra.nodes is None)


def deadline(timeout: float | None) -> float | None:
    """The end of a run that may take ``timeout`` seconds from now, as ``time.monotonic`` counts; None for no end."""
    return time.monotonic() + timeout if timeout is not None else None


def collect_until(
    until: float | None,
    loaded: LoadedEstate,
    parts: Collection[str],
    credentials: Credentials,
    *,
    offline: bool = False,
    observer: Observer = unobserved,
    redactor: Redactor | None = None,
    plan: PlanFiles | None = None,
    deployment: DeploymentTest | None = None,
) -> Snapshot:
    """Read the parts of an estate, as ``collect`` does.

    Args:
        until: when the run ends, as ``time.monotonic`` counts; None for no end.
        loaded: the estate file.
        parts: which of ``configuration``, ``cassandra`` and ``http``.
        credentials: for the ring, where it is asked.
        offline: open no socket.
        observer: told about progress.
        redactor: replaces secrets where they enter; None for one whose key lives for this run only.
        plan: exports to be judged in place of the current options; None for the options as they are.
        deployment: what is tried for the part ``http``; None: it is only read.
    """
    cancel = threading.Event()
    limits = Limits(call=loaded.file.cassandra.timeout, run_until=until, cancel=cancel)
    redactor = redactor or Redactor()
    snapshot = replace(empty_snapshot(loaded), plan=str(plan.directory) if plan else "")
    try:
        read = _configuration(loaded, credentials.source, limits, observer, parts, redactor)
        snapshot = replace(snapshot, configuration=read)
        if plan and isinstance(read, Configuration):
            in_scope = [application.name for application in Estate(snapshot).in_scope]
            read = planned(read, in_scope, plan, redactor)
            snapshot = replace(snapshot, configuration=read)
        estate = Estate(snapshot) if isinstance(read, Configuration) else None
        if "configuration" in parts:
            snapshot = replace(snapshot, parts=(*snapshot.parts, _part_read(credentials.source)))
        if "cassandra" in parts:
            ring: Ring | Unknown | None = None
            if "configuration" not in parts or _has_ring(loaded, estate):
                nodes = reached(loaded, estate, credentials.login, credentials.tls, limits)
                ring = collect_ring(loaded, nodes, observer, offline=offline)
                if estate is None and ring == nodes_not_known(loaded) and isinstance(read, Unknown):
                    ring = read
            snapshot = replace(snapshot, cassandra=ring, parts=(*snapshot.parts, part_of("cassandra")))
        if "http" in parts:
            ring_nodes = (
                reached(loaded, estate, credentials.login, credentials.tls, limits) if _has_ring(loaded, estate) else None
            )
            known = estate or (read if isinstance(read, Unknown) else None)
            tested = _deployment(loaded, known, ring_nodes, deployment, limits, observer, offline=offline)
            snapshot = replace(snapshot, deployment=tested, parts=(*snapshot.parts, _part_tried(tested)))
    except KeyboardInterrupt:
        cancel.set()
        snapshot = _interrupted(snapshot, parts, deployment)
    if "configuration" not in parts:
        snapshot = replace(snapshot, configuration=None)
    return replace(snapshot, deadline_passed=until is not None and time.monotonic() >= until)


def _configuration(
    loaded: LoadedEstate, source: Source | None, limits: Limits, observer: Observer, parts: Collection[str], redactor: Redactor
) -> Configuration | Unknown | None:
    """The configuration, or why it cannot be had; None where it was not asked for."""
    if source is None:
        cause = f"the configuration was not read from {loaded.file.configuration.source.upper()}: --offline"
        return Unknown(cause, failure=Failure.NOT_ASKED) if "configuration" in parts else None
    of_source = replace(limits, call=loaded.file.configuration.timeout)
    expected = loaded.file.configuration.server
    return attempt(partial(source.read, Reading(loaded, redactor, of_source, observer, ask_server=expected is not None)))


def _deployment(
    loaded: LoadedEstate,
    estate: Estate | Unknown | None,
    nodes: Reached | Unknown | None,
    test: DeploymentTest | None,
    limits: Limits,
    observer: Observer,
    *,
    offline: bool,
) -> Deployment | Unknown:
    """What the deployment answers, logs and does; or why nothing of it can be known."""
    if offline:
        return Unknown("the deployment was not asked: --offline", failure=Failure.NOT_ASKED)
    if not isinstance(estate, Estate):
        return estate or Unknown("the deployment was not asked: its applications are not known", failure=Failure.NOT_ASKED)
    from orsgate.collection.deployment import DeploymentTest  # noqa: PLC0415 - requests is slow to import

    test = test or DeploymentTest()
    test.run(loaded, estate, nodes, limits, observer)
    return test.found


def _part_tried(found: Deployment | Unknown) -> Part:
    """What is said of the part http: what stood in for ORS there."""
    served = found.served if isinstance(found, Deployment) else ()
    stand_ins = dict.fromkeys(each.answer.stand_in for each in served if isinstance(each.answer, Response))
    return replace(part_of("http"), stand_ins=tuple(name for name in stand_ins if name))


def _part_read(source: Source | None) -> Part:
    """What is said of the part configuration: where it was read, and what stood in for the system there."""
    part = part_of("configuration")
    if source is None:
        return part
    return replace(part, source=source.described, stand_ins=(source.stand_in,) if source.stand_in else ())


def _has_ring(loaded: LoadedEstate, estate: Estate | None) -> bool:
    """Whether there is a ring to read, where the configuration could not be read as far as the estate file says."""
    return applies(estate) if estate is not None else loaded.file.estate.persistence in {None, "cassandra"}


def _interrupted(snapshot: Snapshot, parts: Collection[str], deployment: DeploymentTest | None) -> Snapshot:
    unknown = Unknown("the run was interrupted while facts were collected", failure=Failure.NOT_ASKED)
    there = {part.part for part in snapshot.parts}
    if "configuration" in parts and "configuration" not in there and not isinstance(snapshot.configuration, Configuration):
        snapshot = replace(snapshot, configuration=unknown, parts=(*snapshot.parts, part_of("configuration")))
    if "cassandra" in parts and "cassandra" not in there:
        snapshot = replace(snapshot, cassandra=unknown, parts=(*snapshot.parts, part_of("cassandra")))
    if "http" in parts and "http" not in there:
        tried = deployment.found if deployment and deployment.found.served else unknown
        snapshot = replace(snapshot, deployment=tried, parts=(*snapshot.parts, _part_tried(tried)))
    return replace(snapshot, interrupted=True)
