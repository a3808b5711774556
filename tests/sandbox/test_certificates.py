# SPDX-License-Identifier: Apache-2.0
"""The certificates of a sandbox ring are good, or wrong in exactly the way that was asked for."""

import ssl
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12

from orsgate.sandbox.authority import issue
from orsgate.sandbox.certificates import OTHER_HOST, STORE_PASSWORD, Certificates, Tls

ADDRESS, SECOND = "127.1.1.1", "127.1.1.2"


def shake(files: Certificates, host: str, *, ca: Path | None = None, certificate: bool = True) -> str:
    """What keeps a client that checks everything from a TLS connection with a node that it calls ``host``; nothing if empty."""
    client = ssl.create_default_context(cafile=ca or files.ca)
    if certificate:
        client.load_cert_chain(files.client, files.client_key)
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    ours = client.wrap_bio(to_client, to_server, server_hostname=host)
    theirs = node_context(files).wrap_bio(to_server, to_client, server_side=True)
    for _ in range(4):
        for side in (ours, theirs):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
            except ssl.SSLError as error:
                return str(error)
    return ""


def node_context(files: Certificates) -> ssl.SSLContext:
    """What a node does with its stores."""
    password = STORE_PASSWORD.encode()
    key, certificate, chain = pkcs12.load_key_and_certificates(files.keystore.read_bytes(), password)
    assert key
    assert certificate
    pem = serialization.Encoding.PEM
    written = files.keystore.with_suffix(".pem")
    written.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + b"".join(each.public_bytes(pem) for each in (certificate, *chain))
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(written)
    trusted = pkcs12.load_pkcs12(files.truststore.read_bytes(), password).additional_certs
    context.load_verify_locations(cadata="".join(each.certificate.public_bytes(pem).decode() for each in trusted))
    if files.tls.require_client_auth:
        context.verify_mode = ssl.CERT_REQUIRED
    return context


@pytest.mark.slow
def test_a_good_one_names_every_node(tmp_path: Path) -> None:
    files = issue(Tls(dns_names=("cass-1.example",)), [ADDRESS, SECOND], tmp_path / "tls")
    assert [shake(files, host) for host in (ADDRESS, SECOND, "cass-1.example")] == ["", "", ""]
    assert "mismatch" in shake(files, "127.1.1.3")
    assert "CERTIFICATE_VERIFY_FAILED" in shake(files, ADDRESS, ca=files.other_ca)
    assert (tmp_path / "tls").stat().st_mode & 0o077 == 0


def test_an_expired_one_is_only_that(tmp_path: Path) -> None:
    assert "certificate has expired" in shake(issue(Tls(expired=True), [ADDRESS], tmp_path / "tls"), ADDRESS)


@pytest.mark.slow
def test_one_of_another_host_is_only_that(tmp_path: Path) -> None:
    files = issue(Tls(other_host=True, dns_names=("cass-1.example",)), [ADDRESS], tmp_path / "tls")
    assert "mismatch" in shake(files, ADDRESS)
    assert "mismatch" in shake(files, "cass-1.example")
    assert shake(files, OTHER_HOST) == ""


@pytest.mark.slow
@pytest.mark.parametrize(("required", "obstacle"), [(False, ""), (True, "PEER_DID_NOT_RETURN_A_CERTIFICATE")])
def test_a_client_shows_its_certificate_where_it_must(tmp_path: Path, required: bool, obstacle: str) -> None:  # noqa: FBT001
    files = issue(Tls(require_client_auth=required), [ADDRESS], tmp_path / "tls")
    assert shake(files, ADDRESS) == ""
    assert obstacle in shake(files, ADDRESS, certificate=False)
    assert bool(shake(files, ADDRESS, certificate=False)) == required
