# SPDX-License-Identifier: Apache-2.0
"""Rings that ask for a password and speak TLS let in who has both, on every port, and nobody else."""

import os
import ssl
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from fixtures.rings import RingFactory
from orsgate.sandbox.accounts import DEFAULT_SUPERUSER
from orsgate.sandbox.certificates import Tls
from orsgate.sandbox.client import Client, NoAnswer, Refused, connect
from orsgate.sandbox.errors import UsageError
from orsgate.sandbox.native import NativeClient, connect_native
from orsgate.sandbox.node import Node
from orsgate.sandbox.ring import Ring

pytestmark = pytest.mark.ring

LOGIN = ("o'reader", 'p\'ass "word"')
RELEASES = ("1.2.19", "2.1.22", "3.9", "4.1.10")
PROTOCOLS = [(release, protocol) for release in RELEASES for protocol in ("thrift", "native")]
PROTOCOLS.remove(("4.1.10", "thrift"))
PATIENCE = 8.0

Connect = Callable[..., AbstractContextManager[Client | NativeClient]]


@pytest.fixture
def guarded(cassandra_ring: RingFactory) -> Callable[[str], Ring[Any]]:
    """Gives the ring of a release whose clients need certificate, name and password."""
    return lambda release: cassandra_ring(release, nodes=1, login=LOGIN, tls=Tls(require_client_auth=True))


def connector(node: Node, protocol: str) -> Connect:
    """Connects to a node with nothing but what it is told."""

    def via(login: tuple[str, str] | None, context: ssl.SSLContext | None) -> AbstractContextManager[Client | NativeClient]:
        if protocol == "thrift":
            assert node.rpc_port
            return connect(node.address, node.rpc_port, PATIENCE, login=login, context=context)
        assert node.native_port
        version = node.plan.line.native
        assert version
        return connect_native(node.address, node.native_port, PATIENCE, protocol=version, login=login, context=context)

    return via


def verifying(ring: Ring[Any], *, certificate: bool = True, other: bool = False) -> ssl.SSLContext:
    """A client that checks what it is shown, and shows its certificate or not."""
    files = ring.certificates
    context = ssl.create_default_context(cafile=files.other_ca if other else files.ca)
    context.set_ciphers("ALL")
    if certificate:
        context.load_cert_chain(files.client, files.client_key)
    return context


@pytest.mark.parametrize(("release", "protocol"), PROTOCOLS)
def test_only_the_right_password_over_tls_is_let_in(guarded: Callable[[str], Ring[Any]], release: str, protocol: str) -> None:
    ring = guarded(release)
    (node,) = ring.nodes
    via = connector(node, protocol)
    with via(LOGIN, verifying(ring)) as client:
        assert client.token_owners() == {node.address}
        assert client.schema_versions()
    wrong = (LOGIN[0], "wrong")
    for login in (wrong, ("nobody", LOGIN[1])):
        with pytest.raises(Refused), via(login, verifying(ring)):
            pass
    with pytest.raises(Refused), via(None, verifying(ring)) as client:
        # Over Thrift anybody may ask for versions and members; rows are what a login is needed for.
        client.execute_cql("SELECT release_version FROM system.local", None, "ONE")


@pytest.mark.parametrize(("release", "protocol"), PROTOCOLS)
def test_plain_traffic_and_strangers_get_nothing(guarded: Callable[[str], Ring[Any]], release: str, protocol: str) -> None:
    ring = guarded(release)
    via = connector(ring.nodes[0], protocol)
    contexts = (None, verifying(ring, certificate=False), verifying(ring, other=True))
    for context in contexts:
        with pytest.raises(NoAnswer), via(LOGIN, context) as client:
            client.schema_versions()


def test_the_account_may_do_everything_and_survives_a_node(own_cassandra_ring: RingFactory) -> None:
    ring = own_cassandra_ring("1.2.19", nodes=3, login=LOGIN)
    with pytest.raises(UsageError, match="not started with TLS"):
        _ = ring.certificates
    ring.nodes[1].kill()
    ring.wait_until_agreed()
    for node in (ring.nodes[0], ring.nodes[2]):
        with node.client() as client, node.native_client() as native:
            assert client.schema_versions()
            assert native.schema_versions()
    ring.create_keyspace("Mine")
    ring.execute_cql("CREATE USER reader WITH PASSWORD 'reading' NOSUPERUSER")
    with (
        ring.nodes[0].client(login=("reader", "reading")) as client,
        pytest.raises(Refused),
    ):
        client.drop_keyspace("Mine")


def test_the_default_superuser_can_be_the_account(own_cassandra_ring: RingFactory) -> None:
    ring = own_cassandra_ring("2.2.5", nodes=1, login=DEFAULT_SUPERUSER, without_rpc=(0,))
    ring.create_keyspace("Mine")
    with pytest.raises(Refused, match="refused the login"), ring.nodes[0].client(login=("cassandra", "wrong")):
        pass


def test_a_conversation_leaves_no_thread_and_no_word(cassandra_ring: RingFactory) -> None:
    (node,) = cassandra_ring("2.1.22", nodes=1, login=LOGIN, tls=Tls(require_client_auth=True)).nodes
    script = """
import sys, threading
from orsgate.sandbox.client import NoAnswer, Refused
from orsgate.sandbox.native import connect_native
host, port = sys.argv[1], int(sys.argv[2])
for port, login in ((port, None), (port, ("a", "b")), (1, None)):
    try:
        with connect_native(host, port, 3, protocol=3, login=login):
            pass
    except (NoAnswer, Refused) as error:
        print(type(error).__name__)
print([thread.name for thread in threading.enumerate() if not thread.daemon])
"""
    result = subprocess.run(
        [sys.executable, "-c", script, node.address, str(node.native_port)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    assert (result.stderr, result.returncode) == ("", 0)
    assert result.stdout.splitlines() == ["NoAnswer", "NoAnswer", "NoAnswer", "['MainThread']"]
