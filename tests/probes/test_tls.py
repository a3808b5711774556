# SPDX-License-Identifier: Apache-2.0
"""TLS with both protocols: who is trusted, and one clear sentence for each way in which it fails."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

from orsgate.collection.cassandra import tls as tls_of
from orsgate.estate.file import LoadedEstate
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.mistakes import InputError
from orsgate.estate.ring import FACTS, Node
from orsgate.estate.schema_objects import CassandraSection
from orsgate.probes.cassandra import Access, Limits, Seed, Target, Tls, read_ring
from orsgate.sandbox.authority import Authority
from tests.probes.native_probe import SLACK, one_sentence, unknowns
from tests.probes.native_samples import node_4
from tests.probes.samples import node_1_1
from tests.probes.scripted import Script, Server, answers
from tests.probes.scripted_native import answers as native_answers
from tests.probes.scripted_native import error
from tests.probes.tls_servers import over_tls, server_context

CALL = 8.0
SHORT = 0.25
NODES: dict[str, Callable[[], Script]] = {
    "thrift": lambda: answers(node_1_1()),
    "native": lambda: native_answers(node_4()),
}
PROTOCOLS = ["thrift", pytest.param("native", marks=pytest.mark.slow)]  # a good native conversation starts a process
both = pytest.mark.parametrize("protocol", PROTOCOLS)
either = pytest.mark.parametrize("protocol", ["thrift", "native"])
pytestmark = pytest.mark.usefixtures("watch")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"), "house")


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("stranger"), "stranger")


@pytest.fixture(scope="module")
def good(authority: Authority) -> Path:
    return authority.issue("node", "localhost", "127.0.0.1")


def read(server: Server, protocol: Any, tls: Tls | None, host: str = "127.0.0.1", call: float = CALL) -> Node:
    port = server.target.port
    access = Access(first=protocol, ports={"thrift": port, "native": port}, limits=Limits(call=call), tls=tls)
    return read_ring([Seed(Target(host, port))], access).nodes[0]


def refused(script: Script, protocol: str, tls: Tls | None, host: str = "127.0.0.1", call: float = CALL) -> Unknown:
    """Why nothing is known of the node."""
    with Server(script) as server:
        started = time.monotonic()
        node = read(server, protocol, tls, host, call)
        assert time.monotonic() - started < 2 * (call * 1.1 + SLACK)  # by one protocol, and by the other
    missing = unknowns(node)
    assert set(missing) == set(FACTS) - {"thrift"}
    (cause,) = {unknown.cause for unknown in missing.values()}
    one_sentence(missing["release"])
    assert cause.startswith(f"{host}:") or f"certificate of {host}:" in cause
    return missing["release"]


def of(protocol: str, context: ssl.SSLContext) -> Script:
    return over_tls(NODES[protocol](), context)


@both
@pytest.mark.parametrize("newest", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_a_good_certificate(protocol: str, newest: ssl.TLSVersion, host: str, authority: Authority, good: Path) -> None:
    with Server(of(protocol, server_context(good, newest=newest))) as server:
        assert unknowns(read(server, protocol, Tls(authority.ca_file), host)) == {}


@either
@pytest.mark.parametrize(
    ("begins", "ends", "said"),
    [(-3, -1, "has expired (renew it; is the clock of this host right?)"), (1, 2, "is not valid yet (is the clock")],
)
def test_a_certificate_out_of_its_time(protocol: str, begins: float, ends: float, said: str, authority: Authority) -> None:
    certificate = authority.issue(f"dated{begins}", "127.0.0.1", begins=begins, ends=ends)
    unknown = refused(of(protocol, server_context(certificate)), protocol, Tls(authority.ca_file))
    assert (unknown.failure, said in unknown.cause) == (Failure.UNTRUSTED, True)


@either
def test_a_certificate_of_another_authority(protocol: str, stranger: Authority, good: Path) -> None:
    unknown = refused(of(protocol, server_context(good)), protocol, Tls(stranger.ca_file))
    assert unknown.failure is Failure.UNTRUSTED
    assert "comes from an authority that is not in stranger.pem (check [cassandra] ca_file)" in unknown.cause


@either
def test_a_certificate_of_an_authority_that_this_host_does_not_know(protocol: str, good: Path) -> None:
    unknown = refused(of(protocol, server_context(good)), protocol, Tls())
    assert "comes from an authority that this host does not trust (set [cassandra] ca_file)" in unknown.cause


@either
@pytest.mark.parametrize(("hosts", "host"), [(("other.example",), "127.0.0.1"), (("127.0.0.1",), "localhost"), ((), "localhost")])
def test_a_certificate_for_another_host(protocol: str, hosts: tuple[str, ...], host: str, authority: Authority) -> None:
    script = of(protocol, server_context(authority.issue("other", *hosts)))
    unknown = refused(script, protocol, Tls(authority.ca_file), host)
    assert unknown.failure is Failure.UNTRUSTED
    assert "is for another host (name the node as its certificate does" in unknown.cause


@both
def test_another_host_passes_where_names_are_not_checked(protocol: str, authority: Authority) -> None:
    with Server(of(protocol, server_context(authority.issue("other", "other.example")))) as server:
        assert unknowns(read(server, protocol, Tls(authority.ca_file, check_hostname=False))) == {}


@either
def test_another_authority_does_not_pass_where_names_are_not_checked(protocol: str, stranger: Authority, good: Path) -> None:
    tls = Tls(stranger.ca_file, check_hostname=False)
    assert refused(of(protocol, server_context(good)), protocol, tls).failure is Failure.UNTRUSTED


@both
@pytest.mark.parametrize("newest", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_client_certificate_that_is_demanded_and_given(
    protocol: str, newest: ssl.TLSVersion, authority: Authority, good: Path
) -> None:
    own = authority.issue("client")
    with Server(of(protocol, server_context(good, authority.ca_file, newest))) as server:
        assert unknowns(read(server, protocol, Tls(authority.ca_file, own))) == {}


@either
@pytest.mark.parametrize("newest", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_client_certificate_that_is_demanded_and_not_given(
    protocol: str, newest: ssl.TLSVersion, authority: Authority, good: Path
) -> None:
    script = of(protocol, server_context(good, authority.ca_file, newest))
    unknown = refused(script, protocol, Tls(authority.ca_file))
    assert unknown.failure is Failure.UNTRUSTED
    assert "does it demand a client certificate? set client_cert and client_key in [cassandra]" in unknown.cause


@either
@pytest.mark.parametrize("newest", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_client_certificate_that_the_server_does_not_trust(
    protocol: str, newest: ssl.TLSVersion, authority: Authority, stranger: Authority, good: Path
) -> None:
    script = of(protocol, server_context(good, authority.ca_file, newest))
    unknown = refused(script, protocol, Tls(authority.ca_file, stranger.issue("client")))
    assert unknown.failure is Failure.UNTRUSTED
    assert "does it trust the client_cert in [cassandra]?" in unknown.cause


@either
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated:DeprecationWarning")
def test_a_server_that_knows_only_an_old_tls(protocol: str, authority: Authority, good: Path) -> None:
    context = server_context(good)
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("ALL:@SECLEVEL=0")
    unknown = refused(of(protocol, context), protocol, Tls(authority.ca_file))
    assert unknown.failure is Failure.UNTRUSTED
    assert "speaks only a TLS older than 1.2" in unknown.cause


@either
def test_plain_where_tls_is_expected(protocol: str, good: Path) -> None:
    unknown = refused(of(protocol, server_context(good)), protocol, None)
    assert unknown.failure is Failure.CLOSED


@either
def test_an_alert_to_what_is_plain(protocol: str) -> None:
    def alert(connection: socket.socket, _: threading.Event) -> None:
        connection.recv(9)
        connection.sendall(b"\x15\x03\x03\x00\x02\x02\x46")

    unknown = refused(alert, protocol, None)
    assert (unknown.failure, "expects TLS (set ca_file in [cassandra]" in unknown.cause) == (Failure.UNTRUSTED, True)


@either
@pytest.mark.parametrize(
    "said",
    [
        pytest.param(b"", id="Thrift closes"),
        pytest.param(error(0x0A, "Invalid or unsupported protocol version: 22").frame(4, 0), id="native protocol"),
        pytest.param(b"HTTP/1.1 400 Bad Request\r\n\r\n", id="HTTP"),
        pytest.param(b"SSH-2.0-OpenSSH\r\n", id="SSH"),
        pytest.param(bytes(100), id="zeros"),
        pytest.param(b"\x16\x03\x03\xff\xff" + bytes(99), id="an overlong record"),
    ],
)
def test_tls_where_something_else_is_spoken(protocol: str, said: bytes, authority: Authority) -> None:
    def talk(connection: socket.socket, _: threading.Event) -> None:
        connection.recv(5)
        connection.sendall(said)

    unknown = refused(talk, protocol, Tls(authority.ca_file))
    assert unknown.failure is Failure.UNTRUSTED
    assert "is client_encryption_options enabled on it" in unknown.cause


@pytest.mark.slow
@either
def test_tls_where_a_plain_server_waits_for_more(protocol: str, authority: Authority) -> None:
    unknown = refused(NODES[protocol](), protocol, Tls(authority.ca_file), call=SHORT)
    assert (unknown.failure, "the TLS handshake" in unknown.cause) == (Failure.TIMEOUT, True)


@either
def test_a_greeting_in_tls_1_0(protocol: str, authority: Authority) -> None:
    def greet(connection: socket.socket, over: threading.Event) -> None:
        connection.recv(5)
        connection.sendall(b"\x16\x03\x01\x00\x2a\x02\x00\x00\x26\x03\x01" + bytes(33) + b"\x00\x2f\x00")
        over.wait()

    assert "speaks only a TLS older than 1.2" in refused(greet, protocol, Tls(authority.ca_file)).cause


@pytest.mark.slow
@either
@pytest.mark.parametrize("every", [None, 0.05, 1.0])
def test_a_handshake_that_is_silent_or_trickles_does_not_stretch_the_deadline(
    protocol: str, every: float | None, authority: Authority
) -> None:
    def trickle(connection: socket.socket, over: threading.Event) -> None:
        for byte in b"\x16\x03\x03\x3f\xff\x02" + bytes(100_000):
            if over.wait(every):
                return
            connection.sendall(bytes([byte]))

    unknown = refused(trickle, protocol, Tls(authority.ca_file), call=SHORT)
    assert unknown.failure is Failure.TIMEOUT
    assert "did not answer the TLS handshake completely within 0.25 s" in unknown.cause


@either
def test_a_server_that_ends_a_handshake_without_saying_why(protocol: str, authority: Authority, good: Path) -> None:
    def hang_up(connection: socket.socket, _: threading.Event) -> None:
        socket.socket(fileno=connection.detach()).close()  # in TLS 1.3 the client is through with its handshake by now

    unknown = refused(over_tls(hang_up, server_context(good)), protocol, Tls(authority.ca_file))
    assert unknown.failure is Failure.UNTRUSTED
    assert "closed the connection during the TLS handshake" in unknown.cause
    assert "does it demand a client certificate?" in unknown.cause


@both
def test_a_server_that_breaks_off_in_the_middle_is_closed_and_not_untrusted(
    protocol: str, authority: Authority, good: Path
) -> None:
    def stop(connection: socket.socket, _: threading.Event) -> None:
        connection.recv(100)
        connection.sendall(b"\x84\x00" if protocol == "native" else b"\x00\x00")
        socket.socket(fileno=connection.detach()).close()  # without a word of farewell

    unknown = refused(over_tls(stop, server_context(good)), protocol, Tls(authority.ca_file))
    assert unknown.failure is Failure.CLOSED


# Files that cannot be used


class Loaded:
    """An estate file with nothing but ``[cassandra]``."""

    def __init__(self, directory: Path, **section: Any) -> None:
        self.file = self
        self.cassandra = CassandraSection(**section)
        self._directory = directory

    def resolve(self, name: str) -> Path:
        return self._directory / name

    def where(self, *parts: str) -> str:
        return "estate.toml " + ".".join(parts)


def problem(directory: Path, **section: Any) -> str:
    with pytest.raises(InputError) as caught:
        tls_of(cast("LoadedEstate", Loaded(directory, **section)))
    text = str(caught.value)
    assert text.isprintable()
    return text


def test_nothing_of_tls_is_no_tls(tmp_path: Path) -> None:
    assert tls_of(cast("LoadedEstate", Loaded(tmp_path))) is None


def test_files_that_can_be_used(tmp_path: Path, authority: Authority, good: Path) -> None:
    found = tls_of(cast("LoadedEstate", Loaded(tmp_path, ca_file=str(authority.ca_file), client_cert=str(good))))
    assert found == Tls(authority.ca_file, good)


def test_an_authority_that_is_missing(tmp_path: Path) -> None:
    assert f"ca_file {tmp_path / 'ca.pem'} cannot be read: No such file" in problem(tmp_path, ca_file="ca.pem")


def test_an_authority_that_is_a_directory(tmp_path: Path) -> None:
    assert f"ca_file {tmp_path} " in problem(tmp_path, ca_file=".")


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"\xff\xfe\x00", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
)
def test_an_authority_that_is_no_pem(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "ca.pem").write_bytes(content)
    assert f"ca_file {tmp_path / 'ca.pem'} holds no certificate in PEM that can be used" in problem(tmp_path, ca_file="ca.pem")


def test_a_client_certificate_that_is_missing(tmp_path: Path) -> None:
    assert f"client certificate {tmp_path / 'own.pem'} cannot be read" in problem(tmp_path, client_cert="own.pem")


def test_a_client_certificate_that_is_no_pem(tmp_path: Path) -> None:
    (tmp_path / "own.pem").write_text("hello")
    assert f"client certificate {tmp_path / 'own.pem'} holds no certificate" in problem(tmp_path, client_cert="own.pem")


def test_a_key_that_is_missing(tmp_path: Path, good: Path) -> None:
    said = problem(tmp_path, client_cert=str(good), client_key="own.key")
    assert str(tmp_path / "own.key") in said


def test_a_key_of_another_certificate(tmp_path: Path, authority: Authority, good: Path) -> None:
    said = problem(tmp_path, client_cert=str(good), client_key=str(authority.issue("another")))
    assert "another.pem holds no certificate with its unlocked key in PEM that can be used" in said
    assert "mismatch" in said.lower()


def test_a_key_that_is_locked_is_not_asked_for(tmp_path: Path, authority: Authority) -> None:
    locked = authority.issue("locked", password="lock")  # noqa: S106
    assert "locked.pem holds no certificate with its unlocked key" in problem(tmp_path, client_cert=str(locked))
