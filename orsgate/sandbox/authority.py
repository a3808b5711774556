# SPDX-License-Identifier: Apache-2.0
"""Certificate authorities, and the certificates that they issue to the nodes and clients of a sandbox ring."""

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
_DAY = timedelta(days=1)
_BEGINS, _ENDS = -1.0, 29.0
"""Days from now between which a certificate is valid by default: from yesterday on, for clocks that are slow."""
_EXPIRED = {"begins": -31.0, "ends": -1.0}
_PEM = serialization.Encoding.PEM


def issue(tls: Tls, addresses: Sequence[str], directory: Path) -> Certificates:
    """Makes the authority and all certificates of a ring whose nodes have ``addresses``, as files of a new ``directory``."""
    directory.mkdir(mode=0o700)
    authority = Authority(directory, "ca")
    hosts = [OTHER_HOST] if tls.other_host else [OTHER_HOST, *addresses, *tls.dns_names]
    server_key, server = authority.certify("orsgate sandbox node", hosts, **(_EXPIRED if tls.expired else {}))
    client_key, client = authority.certify("orsgate sandbox client")
    certificates = Certificates(
        tls,
        ca=authority.ca_file,
        other_ca=Authority(directory, "other-ca").ca_file,
        client=directory / "client.pem",
        client_key=directory / "client.key",
        keystore=directory / "keystore.p12",
        truststore=directory / "truststore.p12",
    )
    certificates.client.write_bytes(client.public_bytes(_PEM))
    certificates.client_key.write_bytes(_key_file(client_key))
    encryption = serialization.BestAvailableEncryption(STORE_PASSWORD.encode())
    certificates.keystore.write_bytes(
        pkcs12.serialize_key_and_certificates(b"node", server_key, server, [authority.certificate], encryption)
    )
    trusted = pkcs12.PKCS12Certificate(authority.certificate, b"ca")
    certificates.truststore.write_bytes(pkcs12.serialize_java_truststore([trusted], encryption))
    return certificates


class Authority:
    """A certificate authority, new and with a key of its own. All have the same name, and only their keys tell them apart.

    Args:
        directory: where its files go.
        name: of its own file, without the suffix.

    Attributes:
        certificate: its own.
        ca_file: PEM file with that, for those who trust it.
    """

    def __init__(self, directory: Path, name: str) -> None:
        self._directory = directory
        self._name = _named("orsgate sandbox authority")
        self._key = _new_key()
        usage = _usage(key_cert_sign=True, crl_sign=True)
        builder = _builder(self._name, self._key, self._name, self._key, _BEGINS, _ENDS).add_extension(usage, critical=True)
        basic = x509.BasicConstraints(ca=True, path_length=0)
        self.certificate = _signed(builder.add_extension(basic, critical=True), self._key)
        self.ca_file = directory / f"{name}.pem"
        self.ca_file.write_bytes(self.certificate.public_bytes(_PEM))

    def certify(
        self, subject: str, hosts: Sequence[str] = (), *, begins: float = _BEGINS, ends: float = _ENDS
    ) -> tuple[RSAPrivateKey, x509.Certificate]:
        """A new key, and a certificate for it that serves servers and clients alike.

        Args:
            subject: whose it is.
            hosts: names and addresses of the servers that it is for.
            begins: days from now from which on it is valid.
            ends: days from now until which it is.
        """
        key = _new_key()
        # Key encipherment: among Cassandra's default suites are those that encrypt the session's key with this one.
        usage = _usage(digital_signature=True, key_encipherment=True)
        purposes = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH])
        builder = _builder(_named(subject), key, self._name, self._key, begins, ends)
        builder = builder.add_extension(usage, critical=True).add_extension(purposes, critical=False)
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        if hosts:
            builder = builder.add_extension(x509.SubjectAlternativeName([_alternative(host) for host in hosts]), critical=False)
        return key, _signed(builder, self._key)

    def issue(self, name: str, *hosts: str, begins: float = _BEGINS, ends: float = _ENDS, password: str = "") -> Path:
        """PEM file of that name, with a certificate as of ``certify`` and its key, which ``password`` locks if given."""
        key, certificate = self.certify(name, hosts, begins=begins, ends=ends)
        path = self._directory / f"{name}.pem"
        path.write_bytes(certificate.public_bytes(_PEM) + _key_file(key, password))
        return path


def _key_file(key: RSAPrivateKey, password: str = "") -> bytes:
    lock = serialization.BestAvailableEncryption(password.encode()) if password else serialization.NoEncryption()
    return key.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, lock)


def _alternative(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _new_key() -> RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=_KEY_BITS)


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _builder(
    subject: x509.Name, key: RSAPrivateKey, issuer: x509.Name, issuer_key: RSAPrivateKey, begins: float, ends: float
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + begins * _DAY)
        .not_valid_after(now + ends * _DAY)
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
