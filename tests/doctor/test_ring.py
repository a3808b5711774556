# SPDX-License-Identifier: Apache-2.0
"""Cassandra nodes are connected to, told nothing, and what is in the way is said as the probe says it."""

from __future__ import annotations

import os
import socket
import threading
import time
from pathlib import Path

import pytest

from orsgate.probes.transport import Target
from orsgate.sandbox.authority import Authority
from tests.doctor.estates import SECRET, Remembering, about, diagnose, serving, silent, write_estate
from tests.probes.tls_servers import server_context

pytestmark = pytest.mark.slow

SHORT = "timeout = 0.4"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"), "house")


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("stranger"), "stranger")


@pytest.fixture(scope="module")
def certificate(authority: Authority) -> Path:
    return authority.issue("node", "localhost", "127.0.0.1")


def nodes(*targets: Target) -> str:
    return f"nodes = [{', '.join(repr(str(target)) for target in targets)}]"


def test_nodes_that_accept_are_told_nothing(tmp_path: Path) -> None:
    one, two = Remembering(), Remembering()
    with serving(one) as first, serving(two) as second:
        found = diagnose(write_estate(tmp_path, cassandra=nodes(first, second)))
        assert one.heard() == two.heard() == b""
    assert found.complete
    check = about(found, str(first))
    assert (check.what, check.state, check.how) == ("cassandra", "ok", "node resolved, connected to its Thrift port")
    assert check.text == f"{first} accepts connections"


@pytest.mark.parametrize("protocol", ["thrift", "native"])
def test_a_closed_port(protocol: str, tmp_path: Path, nowhere: Target) -> None:
    given = f'{nodes(nowhere)}\nprotocol = "{protocol}"\nthrift_port = {nowhere.port}\nnative_port = {nowhere.port}'
    found = diagnose(write_estate(tmp_path, cassandra=given))
    check = about(found, str(nowhere))
    assert check.state == "missing"
    assert check.text == f"{nowhere} refused the connection"
    assert {"thrift": "rpc_port", "native": "native_transport_port"}[protocol] in check.fix
    assert (found.collectable("configuration"), found.collectable("cassandra")) == ("yes", "no")
    assert not found.complete


@pytest.mark.parametrize(("protocol", "first", "then"), [("thrift", "Thrift", "native"), ("native", "native", "Thrift")])
def test_the_other_protocol_is_tried_where_a_run_would_try_it(
    protocol: str, first: str, then: str, tmp_path: Path, nowhere: Target
) -> None:
    other = Remembering()
    with serving(other) as target:
        port = {"thrift": "native_port", "native": "thrift_port"}[protocol]
        given = f'{nodes(nowhere)}\nprotocol = "{protocol}"\n{port} = {target.port}'
        found = diagnose(write_estate(tmp_path, cassandra=given))
        assert other.heard() == b""
    check = about(found, str(nowhere))
    assert check.state == "ok"
    assert check.how == f"node resolved, connected to its {first} port, then to its {then} port"
    assert f"refused the connection; its {then} port {target.port} accepts connections and is read instead" in check.text


def test_a_name_that_does_not_resolve(tmp_path: Path) -> None:
    found = diagnose(write_estate(tmp_path, cassandra='nodes = ["cass-1.invalid"]'))
    check = about(found, "cass-1.invalid:9160")
    assert check.state == "missing"
    assert check.text == "cass-1.invalid does not resolve on this host"
    assert check.fix == "check the name, DNS and the hosts file"


def test_nodes_come_from_the_options_where_none_are_named(tmp_path: Path) -> None:
    with serving(Remembering()) as target:
        options = f"[persistence]\ncassandra-nodes=127.0.0.1;other.invalid\ncassandra-listenport={target.port}\n"
        path = write_estate(tmp_path, options, application='host = "127.0.0.1"', cassandra="native_port = 1")
        found = diagnose(path)
    assert about(found, str(target)).state == "ok"
    assert about(found, f"other.invalid:{target.port}").state == "missing"


def test_names_in_options_must_resolve_where_other_nodes_are_asked(tmp_path: Path) -> None:
    with serving(Remembering()) as target:
        options = "[persistence]\ncassandra-nodes=127.0.0.1;other.invalid;10.0.0.1\n"
        path = write_estate(tmp_path, options, application='host = "localhost"', cassandra=nodes(target))
        found = diagnose(path)
    assert [(check.subject, check.state) for check in found.checks if check.how == "host named in options, resolved"] == [
        ("localhost", "ok"),
        ("other.invalid", "missing"),
    ]


def test_mapped_addresses_are_connected_to(tmp_path: Path, nowhere: Target) -> None:
    with serving(Remembering()) as target:
        given = f'{nodes(target)}\naddresses = {{ "10.0.0.1" = "{target}", "10.0.0.2" = "{nowhere}" }}'
        found = diagnose(write_estate(tmp_path, cassandra=given))
    assert about(found, str(target)).state == "ok"  # once, although it is named twice
    assert about(found, str(nowhere)).text == f"{nowhere} refused the connection"


def test_without_any_node(tmp_path: Path) -> None:
    path = write_estate(tmp_path)
    check = about(diagnose(path), "Cassandra nodes")
    assert (check.state, check.text) == ("missing", "no Cassandra node is named")
    (tmp_path / "exports/ORS_1.cfg").unlink()
    check = about(diagnose(path), "Cassandra nodes")
    assert (check.state, "not every current export could be read" in check.text) == ("unknown", True)


def test_a_trusted_certificate_and_nothing_said_behind_it(tmp_path: Path, authority: Authority, certificate: Path) -> None:
    script = Remembering(server_context(certificate))
    with serving(script) as target:
        found = diagnose(write_estate(tmp_path, cassandra=f'{nodes(target)}\nca_file = "{authority.ca_file}"'))
        assert (script.heard(), script.handshakes) == (b"", 1)
    assert found.complete
    assert about(found, str(target)).text == f"{target} accepts connections with TLS"
    assert about(found, "house.pem").state == "ok"


def test_a_certificate_of_another_authority(tmp_path: Path, stranger: Authority, certificate: Path) -> None:
    with serving(Remembering(server_context(certificate))) as target:
        found = diagnose(write_estate(tmp_path, cassandra=f'{nodes(target)}\nca_file = "{stranger.ca_file}"'))
    check = about(found, str(target))
    assert check.text == f"the certificate of {target} comes from an authority that is not in stranger.pem"
    assert (check.state, check.fix) == ("missing", "check [cassandra] ca_file")


def test_a_client_certificate_that_is_demanded_and_missing(tmp_path: Path, authority: Authority, certificate: Path) -> None:
    with serving(Remembering(server_context(certificate, clients=authority.ca_file))) as target:
        given = f'{nodes(target)}\nca_file = "{authority.ca_file}"'
        check = about(diagnose(write_estate(tmp_path, cassandra=given)), str(target))
        assert check.state == "missing"
        assert "set client_cert and client_key in [cassandra]" in check.fix
        path = write_estate(tmp_path, cassandra=f'{given}\nclient_cert = "{authority.issue("client")}"')
        found = diagnose(path)
    assert found.complete
    assert about(found, "client.pem").state == "ok"


def test_a_server_that_is_silent_in_tls(tmp_path: Path, authority: Authority) -> None:
    started = time.monotonic()
    with serving(silent) as target:
        given = f'{nodes(target)}\n{SHORT}\nca_file = "{authority.ca_file}"'
        check = about(diagnose(write_estate(tmp_path, cassandra=given)), str(target))
    assert time.monotonic() - started < 3
    assert check.state == "missing"
    assert "did not answer the TLS handshake completely within 0.4 s" in check.text


@pytest.mark.parametrize("content", [None, b"", b"no certificate"])
def test_an_authority_that_cannot_be_used(content: bytes | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "ca.pem").write_bytes(content)
    with serving(Remembering()) as target:
        found = diagnose(write_estate(tmp_path, cassandra=f'{nodes(target)}\nca_file = "ca.pem"'))
    assert about(found, "ca.pem").state == "missing"
    check = about(found, str(target))
    assert (check.state, "TLS was not tried" in check.text) == ("unknown", True)
    assert found.collectable("cassandra") == "no"


@pytest.mark.timeout(10)
def test_files_for_tls_that_are_pipes_or_do_not_fit(tmp_path: Path, authority: Authority, certificate: Path) -> None:
    os.mkfifo(tmp_path / "pipe.pem")
    other = authority.issue("other")
    with serving(Remembering()) as target:
        for given in ('ca_file = "pipe.pem"', 'client_cert = "pipe.pem"', f'client_cert = "{other}"\nclient_key = "pipe.pem"'):
            found = diagnose(write_estate(tmp_path, cassandra=f"{nodes(target)}\n{given}"))
            (check,) = [check for check in found.checks if "loaded" in check.how]
            assert (check.state, "is not a file" in check.text) == ("missing", True)
        given = f'client_cert = "{other}"\nclient_key = "{certificate}"'
        found = diagnose(write_estate(tmp_path, cassandra=f"{nodes(target)}\n{given}"))
    check = about(found, "other.pem")
    assert (check.state, "holds no certificate with its unlocked key" in check.text) == ("missing", True)


def test_the_deadline_of_the_run(tmp_path: Path, authority: Authority) -> None:
    started = time.monotonic()
    with serving(silent) as target:
        found = diagnose(write_estate(tmp_path, cassandra=f'{nodes(target)}\nca_file = "{authority.ca_file}"'), timeout=0.5)
    assert time.monotonic() - started < 3
    check = about(found, str(target))
    assert (check.state, check.fix) == ("unknown", "allow more with --timeout")
    assert found.collectable("cassandra") == "unknown"
    assert not found.complete


def test_many_nodes_are_connected_to_at_the_same_time_but_not_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock, running, most = threading.Lock(), 0, 0

    def slow(*_: object, **__: object) -> list[object]:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.02)
        with lock:
            running -= 1
        return []

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    names = ", ".join(f'"cass-{number}.invalid"' for number in range(60))
    found = diagnose(write_estate(tmp_path, cassandra=f"nodes = [{names}]"))
    assert len(found.obstacles("cassandra")) == 60
    assert 1 < most <= 16


@pytest.mark.parametrize("persistence", ["none", "redis"])
def test_without_cassandra_no_node_is_connected_to(persistence: str, tmp_path: Path, nowhere: Target) -> None:
    estate = f'rollback = "rollback"\npersistence = "{persistence}"'
    found = diagnose(write_estate(tmp_path, estate=estate, cassandra=nodes(nowhere)))
    assert found.complete
    assert found.not_needed == {"cassandra": f'persistence = "{persistence}" in the estate file'}
    (check,) = found.of("cassandra")
    assert (check.state, check.text) == ("ok", f'no Cassandra ring is read: persistence = "{persistence}" in the estate file')


def test_the_topology_file(tmp_path: Path) -> None:
    with serving(Remembering()) as target:
        path = write_estate(tmp_path, cassandra=f'{nodes(target)}\ntopology = "ring.txt"')
        assert about(diagnose(path), "ring.txt").state == "missing"
        (tmp_path / "ring.txt").write_text("whatever it says")
        assert about(diagnose(path), "ring.txt").state == "ok"


def test_the_account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(Remembering()) as target:
        account = f'{nodes(target)}\nusername = "reader"'
        found = diagnose(write_estate(tmp_path, cassandra=account), can_ask=True)
        assert about(found, "password of the Cassandra user reader").state == "later"
        assert found.complete
        found = diagnose(write_estate(tmp_path, cassandra=account))
        assert about(found, "password of the Cassandra user reader").state == "missing"

        path = write_estate(tmp_path, cassandra=f'{account}\npassword_env = "ORSGATE_TEST_PASSWORD"')
        monkeypatch.delenv("ORSGATE_TEST_PASSWORD", raising=False)
        check = about(diagnose(path), "ORSGATE_TEST_PASSWORD")
        assert (check.state, "which is not set" in check.text) == ("missing", True)
        monkeypatch.setenv("ORSGATE_TEST_PASSWORD", SECRET)
        assert about(diagnose(path), "ORSGATE_TEST_PASSWORD").state == "ok"

        path = write_estate(tmp_path, cassandra=f'{account}\npassword_file = "secret"')
        secret = tmp_path / "secret"
        secret.write_text(f"{SECRET}\n")
        secret.chmod(0o644)
        check = about(diagnose(path), "secret")
        assert (check.state, check.fix) == ("missing", f"chmod 600 {secret}")
        secret.chmod(0o600)
        assert about(diagnose(path), "secret").state == "ok"


def test_a_password_is_looked_for_even_where_there_is_no_ring(tmp_path: Path) -> None:
    """So does a run, before it knows."""
    given = 'username = "reader"\npassword_env = "ORSGATE_NOT_SET"'
    found = diagnose(write_estate(tmp_path, estate='rollback = "rollback"\npersistence = "none"', cassandra=given))
    assert [check.subject for check in found.obstacles("cassandra")] == ["ORSGATE_NOT_SET"]
