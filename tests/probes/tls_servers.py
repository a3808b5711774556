# SPDX-License-Identifier: Apache-2.0
"""TLS servers that show the certificates made for a test."""

from __future__ import annotations

import socket
import ssl
import threading
from pathlib import Path

from tests.probes.scripted import Script


def server_context(
    certificate: Path, clients: Path | None = None, newest: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3
) -> ssl.SSLContext:
    """What a server shows; it demands a certificate of the authority ``clients``, if that is given."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.maximum_version = newest
    if clients is not None:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(clients)
    return context


def over_tls(script: Script, context: ssl.SSLContext) -> Script:
    """``script`` behind TLS; a client that does not come to terms is closed."""

    def serve(connection: socket.socket, over: threading.Event) -> None:
        with context.wrap_socket(connection, server_side=True) as secured:
            script(secured, over)

    return serve
