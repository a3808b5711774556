# SPDX-License-Identifier: Apache-2.0
"""How a sandbox ring speaks TLS with its clients: what can be asked for, and the files it then has."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any

STORE_PASSWORD = "of the sandbox"  # noqa: S105  # it guards keys that live as long as a sandbox
OTHER_HOST = "other.example"
"""The only name in the certificate of a ring that is asked for one of another host."""


@dataclass(frozen=True, slots=True)
class Tls:
    """How a ring is to speak TLS with its clients.

    Attributes:
        dns_names: names in the certificate of the nodes, besides their addresses.
        expired: whether that certificate expired yesterday.
        other_host: whether it names ``OTHER_HOST`` alone, and neither ``dns_names`` nor the nodes.
        require_client_auth: whether a client must show a certificate that the ring's authority issued.
    """

    dns_names: tuple[str, ...] = ()
    expired: bool = False
    other_host: bool = False
    require_client_auth: bool = False


@dataclass(frozen=True, slots=True)
class Certificates:
    """The files of a ring that speaks TLS; all but the stores are PEM.

    Attributes:
        tls: what was asked for.
        ca: certificate of the authority that issued those of the nodes and of the client.
        other_ca: certificate of an authority of the same name that issued nothing.
        client: certificate for a client.
        client_key: its private key, not encrypted.
        keystore: key and certificate of the nodes, as PKCS12 under ``STORE_PASSWORD``.
        truststore: the certificate of the authority, likewise.
    """

    tls: Tls
    ca: Path
    other_ca: Path
    client: Path
    client_key: Path
    keystore: Path
    truststore: Path

    def context(self) -> ssl.SSLContext:
        """What the sandbox' own clients speak TLS with: they show the client certificate, and trust whatever answers."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE  # an expired or wrong certificate is what some rings are made for
        context.set_ciphers("ALL")  # the releases before 4.0 offer suites that OpenSSL no longer does by itself
        context.load_cert_chain(self.client, self.client_key)
        return context

    def options(self, keystore: Path, truststore: Path) -> dict[str, Any]:
        """The ``client_encryption_options`` of a node that finds its stores there.

        Protocol and cipher suites are left to the release: its defaults are what is in the field.
        """
        return {
            "enabled": True,
            "keystore": str(keystore),
            "keystore_password": STORE_PASSWORD,
            "require_client_auth": self.tls.require_client_auth,
            "truststore": str(truststore),
            "truststore_password": STORE_PASSWORD,
            "store_type": "PKCS12",
        }
