# SPDX-License-Identifier: Apache-2.0
"""What collecting the part ``cassandra`` needs: nodes that can be reached, files for TLS, an account."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from orsgate.collection.cassandra import applies
from orsgate.collection.cassandra import tls as tls_of
from orsgate.doctor.accounts import account
from orsgate.doctor.at_once import at_once
from orsgate.doctor.authorities import authority_check, client_certificate_check
from orsgate.doctor.checks import Check, State, failed
from orsgate.doctor.dial import dial
from orsgate.doctor.files import file_check
from orsgate.doctor.nodes import Node, Nodes, nodes_of
from orsgate.doctor.trouble import Trouble, trouble_of
from orsgate.estate.decisions import persistence
from orsgate.estate.estate import Estate
from orsgate.estate.file import LoadedEstate
from orsgate.estate.knowledge import Failure
from orsgate.probes.tls import Tls, tls_failed
from orsgate.probes.transport import Target
from orsgate.probes.trouble import NATIVE, THRIFT, Service, connect_failed, silent
from orsgate.rules.members import NO_NODES
from orsgate.wire.deadline import Limits
from orsgate.wire.observer import Observer
from orsgate.wire.resolve import Resolver
from orsgate.wire.trouble import ProbeError

_ELSEWHERE = frozenset({Failure.REFUSED, Failure.TIMEOUT, Failure.CLOSED})
"""Failures after which a run tries the other protocol of the node."""
_SERVICES: dict[str, Service] = {"thrift": THRIFT, "native": NATIVE}
_PORT_NAMES = {"thrift": "Thrift port", "native": "native port"}


def no_ring(estate: Estate) -> str | None:
    """Why there is no ring to read; None where there is one, or may be one."""
    return None if applies(estate) else persistence(estate).why


def ring_checks(
    loaded: LoadedEstate,
    estate: Estate,
    resolver: Resolver,
    limits: Limits,
    observer: Observer,
    *,
    can_ask: bool,
    source_at_hand: bool,
) -> Iterator[Check]:
    """Everything that the part ``cassandra`` needs.

    Args:
        loaded: the estate file.
        estate: as ``configuration.read_estate`` gives it.
        resolver: for the addresses of nodes.
        limits: of connecting to a node.
        observer: told how many nodes were connected to.
        can_ask: whether there is a terminal on which a person could be asked.
        source_at_hand: whether the configuration, which names nodes where ``[cassandra]`` does not, could be read.
    """
    section = loaded.file.cassandra
    files = list(_tls_files(loaded))
    yield from files
    why = no_ring(estate)
    if section.username is not None:  # a run looks for the password before it knows whether there is a ring
        yield from account(loaded, "cassandra", section, f"Cassandra user {section.username}", can_ask=can_ask)
    elif why is None:
        text = "no Cassandra account is given; whether one is needed shows only when the ring is asked"
        yield Check("cassandra", "Cassandra account", "account named", "later", text)
    if why is not None:
        yield Check("cassandra", "Cassandra ring", "persistence", "ok", f"no Cassandra ring is read: {why}")
        return
    if section.topology is not None:
        whose = "the saved output of nodetool ring"
        yield file_check(loaded, "cassandra", section.topology, whose, "cassandra", "topology")
    nodes = nodes_of(loaded, estate)
    if not nodes.to_dial:
        yield _no_nodes(loaded, estate, source_at_hand=source_at_hand)
    usable = all(check.state == "ok" for check in files)
    dialling = _Dialling(tls_of(loaded) if usable else None, untried=not usable, resolver=resolver, limits=limits)
    yield from _counted(dialling, nodes, observer)


def _tls_files(loaded: LoadedEstate) -> Iterator[Check]:
    section = loaded.file.cassandra
    if section.ca_file is not None:
        yield authority_check(loaded, "cassandra", section.ca_file, "cassandra")
    if section.client_cert is not None:
        yield client_certificate_check(loaded, section.client_cert, section.client_key)


def _no_nodes(loaded: LoadedEstate, estate: Estate, *, source_at_hand: bool) -> Check:
    state: State
    theirs = "the nodes are those of persistence/cassandra-nodes"
    named_here = "name them as nodes in [cassandra] to have them tested here"
    if loaded.file.configuration.source != "files" and source_at_hand:
        state, text, fix = "later", f"{theirs}, which are known only after the configuration was read", named_here
    elif loaded.file.configuration.source != "files":
        state, text, fix = "unknown", f"{theirs}, and the configuration cannot be read here", named_here
    elif any(estate.certainty(application) for application in estate.in_scope):
        state, text, fix = "unknown", f"{theirs}, and not every current export could be read", "see to the exports first"
    else:
        state, (text, _, fix) = "missing", NO_NODES.cause.partition(": ")
    return Check("cassandra", "Cassandra nodes", "nodes looked for", state, text, fix)


def _counted(dialling: _Dialling, nodes: Nodes, observer: Observer) -> Iterator[Check]:
    tests: list[Callable[[], Check]] = [partial(dialling.node, node) for node in nodes.to_dial]
    tests += [partial(dialling.name, host) for host in nodes.to_resolve]
    done: list[Check] = []

    def run(test: Callable[[], Check]) -> Check:
        check = test()
        done.append(check)
        observer("connecting to Cassandra nodes", len(done), len(tests))
        return check

    yield from at_once(run, tests)


@dataclass(frozen=True, slots=True)
class _Words:
    """What goes wrong on the way to a node."""

    service: Service
    tls: Tls | None

    def connect_failed(self, asked: str, error: OSError, seconds: float) -> ProbeError:
        return connect_failed(asked, error, seconds, self.service)

    def silent(self, asked: str, seconds: float) -> ProbeError:
        return silent(asked, "the TLS handshake", seconds)

    def tls_failed(self, asked: str, error: OSError) -> ProbeError:
        return tls_failed(asked, error, self.tls or Tls())


class _Dialling:
    """How nodes are connected to.

    Args:
        tls: how to go over to TLS; None: plain.
        untried: whether TLS is spoken to the ring, and cannot be tried.
        resolver: for their addresses.
        limits: of one connection.
    """

    def __init__(self, tls: Tls | None, *, untried: bool, resolver: Resolver, limits: Limits) -> None:
        self._tls = tls
        self._context = None if tls is None else tls.context()
        self._untried = untried
        self._resolver = resolver
        self._limits = limits

    def node(self, node: Node) -> Check:
        """Connect to one node, and where it does not answer to its port for the other protocol."""
        subject, tls = str(node.target), ", TLS handshake" if self._tls else ""
        how = f"node resolved, connected to its {_PORT_NAMES[node.protocol]}{tls}"
        trouble = self._dial(node.target, node.protocol)
        if trouble is None:
            return self._reached(subject, how, f"{subject}{_member(node)} accepts connections")
        if trouble.failure in _ELSEWHERE and node.otherwise is not None:
            other = "native" if node.protocol == "thrift" else "thrift"
            if self._dial(node.otherwise, other) is None:
                how += f", then to its {_PORT_NAMES[other]}"
                text = f"{trouble.text}; its {_PORT_NAMES[other]} {node.otherwise.port} accepts connections and is read instead"
                return self._reached(subject, how, text)
        return failed("cassandra", subject, how, trouble)

    def _dial(self, target: Target, protocol: str) -> Trouble | None:
        return dial(target, _Words(_SERVICES[protocol], self._tls), self._context, self._resolver, self._limits)

    def _reached(self, subject: str, how: str, text: str) -> Check:
        if self._untried:
            text = f"{text}; TLS was not tried, since its files cannot be used"
            return Check("cassandra", subject, how, "unknown", text, "correct the files for TLS first")
        return Check("cassandra", subject, how, "ok", f"{text}{' with TLS' if self._tls else ''}")

    def name(self, host: str) -> Check:
        """Look up a host that options name and that is not connected to."""
        how = "host named in options, resolved"
        try:
            addresses = self._resolver.addresses(host, self._limits.deadline())
        except ProbeError as error:
            return failed("cassandra", host, how, trouble_of(error.unknown))
        return Check("cassandra", host, how, "ok", f"{host} resolves to {', '.join(addresses)}")


def _member(node: Node) -> str:
    return f", where {node.member} is reached," if node.member else ""
