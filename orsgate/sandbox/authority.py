# SPDX-License-Identifier: Apache-2.0
"""A test authority that issues the certificates of a sandbox ring, its nodes and its clients."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from orsgate.sandbox.certificates import OTHER_HOST, STORE_PASSWORD, Certificates, Tls

_KEY_BITS = 2048
_PERIOD = timedelta(days=30)


def issue(tls: Tls, addresses: Sequence[str], directory: Path) -> Certificates:
    """Makes the authority and all certificates of a ring whose nodes have ``addresses``, as files of a new ``directory``."""
    directory.mkdir(mode=0o700)
    authority = _Authority()
    names: list[x509.GeneralName] = [x509.DNSName(OTHER_HOST)]
    if not tls.other_host:
        names = [x509.IPAddress(ipaddress.ip_address(address)) for address in addresses]
        names += [x509.DNSName(name) for name in tls.dns_names]
    server_key, server = authority.issue("orsgate sandbox node", names, expired=tls.expired)
    client_key, client = authority.issue("orsgate sandbox client", [])
    certificates = Certificates(
        tls,
        ca=directory / "ca.pem",
        other_ca=directory / "other-ca.pem",
        client=directory / "client.pem",
        client_key=directory / "client.key",
        keystore=directory / "keystore.p12",
        truststore=directory / "truststore.p12",
    )
    pem = serialization.Encoding.PEM
    certificates.ca.write_bytes(authority.certificate.public_bytes(pem))
    certificates.other_ca.write_bytes(_Authority().certificate.public_bytes(pem))
    certificates.client.write_bytes(client.public_bytes(pem))
    certificates.client_key.write_bytes(
        client_key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    encryption = serialization.BestAvailableEncryption(STORE_PASSWORD.encode())
    certificates.keystore.write_bytes(
        pkcs12.serialize_key_and_certificates(b"node", server_key, server, [authority.certificate], encryption)
    )
    trusted = pkcs12.PKCS12Certificate(authority.certificate, b"ca")
    certificates.truststore.write_bytes(pkcs12.serialize_java_truststore([trusted], encryption))
    return certificates


class _Authority:
    """A certificate authority, new and with a key of its own."""

    def __init__(self) -> None:
        self._name = _named("orsgate sandbox authority")
        self._key = _new_key()
        usage = _usage(key_cert_sign=True, crl_sign=True)
        builder = _builder(self._name, self._key, self._name, self._key).add_extension(usage, critical=True)
        basic = x509.BasicConstraints(ca=True, path_length=0)
        self.certificate = _signed(builder.add_extension(basic, critical=True), self._key)

    def issue(
        self, subject: str, names: Sequence[x509.GeneralName], *, expired: bool = False
    ) -> tuple[RSAPrivateKey, x509.Certificate]:
        """A new key, and a certificate for it that serves servers and clients alike."""
        key = _new_key()
        # Key encipherment: among Cassandra's default suites are those that encrypt the session's key with this one.
        usage = _usage(digital_signature=True, key_encipherment=True)
        purposes = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH])
        builder = _builder(_named(subject), key, self._name, self._key, expired=expired)
        builder = builder.add_extension(usage, critical=True).add_extension(purposes, critical=False)
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return key, _signed(builder, self._key)


def _new_key() -> RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=_KEY_BITS)


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _builder(
    subject: x509.Name, key: RSAPrivateKey, issuer: x509.Name, issuer_key: RSAPrivateKey, *, expired: bool = False
) -> x509.CertificateBuilder:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    begin = yesterday - _PERIOD if expired else yesterday
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + _PERIOD)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )


def _signed(builder: x509.CertificateBuilder, key: RSAPrivateKey) -> x509.Certificate:
    return builder.sign(key, hashes.SHA256())


def _usage(**purposes: bool) -> x509.KeyUsage:
    every = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**{name: purposes.get(name, False) for name in every})
