# SPDX-License-Identifier: Apache-2.0
"""Real Cassandra nodes that demand an account and TLS with a client certificate, read by each protocol."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import pytest

from fixtures.rings import RingFactory
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.ring import Node
from orsgate.probes.cassandra import Access, Limits, Login, Seed, Target, Tls, read_ring
from orsgate.sandbox.certificates import Tls as Demands
from tests.probes.native_probe import unknowns

pytestmark = pytest.mark.ring

ACCOUNT = ("reader", "made-up secret")
RELEASES = [
    "1.2.19",
    "3.9",
    *(pytest.param(release, marks=pytest.mark.soak) for release in ("2.0.17", "2.1.22", "2.2.5", "4.1.10")),
]
Protocol = Literal["thrift", "native"]
PLAIN_NATIVE = {
    **dict.fromkeys(("1.2.19", "2.0.17"), Failure.TIMEOUT),
    **dict.fromkeys(("2.1.22", "2.2.5", "3.9"), Failure.CLOSED),
    "4.1.10": Failure.UNTRUSTED,
}
"""What a release does about the native protocol without TLS: it waits for more, closes, or says in TLS what is wrong."""


@dataclass(frozen=True)
class Guarded:
    """A node that demands an account and TLS.

    Attributes:
        release: its Cassandra release.
        ports: what it speaks.
        good: how it is reached.
        other_authority: a file with an authority that did not issue its certificate.
    """

    host: str
    release: str
    ports: dict[Protocol, int]
    good: Access
    other_authority: Path

    def read(self, protocol: Protocol, **changed: Any) -> Node:
        """What the node told, reached as ``good`` but for ``changed``."""
        # The other protocol would answer where this one does not.
        ports: dict[Protocol, int] = dict.fromkeys(("thrift", "native"), self.ports[protocol])
        access = replace(self.good, first=protocol, ports=ports, **changed)
        (node,) = read_ring([Seed(Target(self.host, self.ports[protocol]))], access).nodes
        return node


def guarded_by(ring: Any) -> Guarded:
    node, files = ring.nodes[0], ring.certificates
    offered: dict[Protocol, int | None] = {"thrift": node.rpc_port, "native": node.native_port}
    return Guarded(
        node.address,
        node.release,
        {name: port for name, port in offered.items() if port is not None},
        Access(limits=Limits(call=10), login=Login(*ACCOUNT), tls=Tls(files.ca, files.client, files.client_key)),
        files.other_ca,
    )


@pytest.fixture(scope="module", params=RELEASES)
def guarded(request: pytest.FixtureRequest, cassandra_ring: RingFactory) -> Guarded:
    demands = Demands(require_client_auth=True)
    return guarded_by(cassandra_ring(request.param, nodes=1, datacenters=("DC1",), login=ACCOUNT, tls=demands))


def test_everything_is_read_by_those_who_may(guarded: Guarded) -> None:
    read = [guarded.read(protocol) for protocol in guarded.ports]
    for protocol, node in zip(guarded.ports, read, strict=True):
        assert bool(node.native) == (protocol == "native")
        # Only from 4.0 on is the snitch told over the native protocol.
        left = [unknown.cause for unknown in unknowns(node).values() if "snitch" not in unknown.cause]
        assert left == []
    assert all(node.places == read[0].places and node.keyspaces == read[0].keyspaces for node in read)


@pytest.mark.parametrize("login", [None, Login("reader", "wrong"), Login("nobody", "made-up secret")])
def test_wrong_credentials_are_one_sentence(guarded: Guarded, login: Login | None) -> None:
    for protocol in guarded.ports:
        node = guarded.read(protocol, login=login)
        keyspaces = node.keyspaces
        assert isinstance(keyspaces, Unknown)
        assert keyspaces.failure is Failure.DENIED, keyspaces.cause
        said = "asks for a login (set username" if login is None else "check [cassandra] username"
        assert said in keyspaces.cause
        assert "secret" not in keyspaces.cause
        assert "\n" not in keyspaces.cause


def _other_authority(guarded: Guarded, tls: Tls) -> Tls:
    return replace(tls, ca_file=guarded.other_authority)


def _without_certificate(_: Guarded, tls: Tls) -> Tls:
    return replace(tls, client_cert=None, client_key=None)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_other_authority, "comes from an authority that is not in other-ca.pem (check [cassandra] ca_file)"),
        (_without_certificate, "client certificate"),
    ],
)
def test_trust_goes_both_ways(guarded: Guarded, change: Callable[[Guarded, Tls], Tls], said: str) -> None:
    assert guarded.good.tls is not None
    for protocol in guarded.ports:
        node = guarded.read(protocol, tls=change(guarded, guarded.good.tls))
        causes = {unknown.cause for unknown in unknowns(node).values()}
        assert len(causes) == 1
        (cause,) = causes
        assert said in cause, (protocol, cause)
        assert isinstance(node.release, Unknown)
        assert node.release.failure is Failure.UNTRUSTED


def test_without_tls_nothing_is_read(guarded: Guarded) -> None:
    for protocol in guarded.ports:
        node = guarded.read(protocol, tls=None, limits=Limits(call=3))
        assert isinstance(node.release, Unknown)
        expected = Failure.UNTRUSTED if protocol == "thrift" else PLAIN_NATIVE[guarded.release]
        assert node.release.failure is expected, node.release.cause


@pytest.mark.parametrize(
    ("demands", "said"),
    [
        (Demands(expired=True), "has expired"),
        (Demands(other_host=True), "is for another host"),
    ],
)
def test_a_certificate_that_is_no_good(demands: Demands, said: str, own_cassandra_ring: RingFactory) -> None:
    found = guarded_by(own_cassandra_ring("1.2.19", nodes=1, datacenters=("DC1",), login=ACCOUNT, tls=demands))
    for protocol in found.ports:
        node = found.read(protocol)
        assert isinstance(node.release, Unknown)
        assert (node.release.failure, said in node.release.cause) == (Failure.UNTRUSTED, True), node.release.cause
    assert found.good.tls is not None
    if demands.other_host:
        unchecked = found.read("thrift", tls=replace(found.good.tls, check_hostname=False))
        assert unchecked.release == "1.2.19"
