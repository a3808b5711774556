# SPDX-License-Identifier: Apache-2.0
"""Certificates of a site's own authority, by which its ORS twins speak HTTPS."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from pathlib import Path

from orsgate.sandbox.authority import Authority


def contexts_of(authority: Authority) -> Callable[[str], ssl.SSLContext]:
    """What makes the TLS context of a server, by the address that its certificate is for."""

    def context(address: str) -> ssl.SSLContext:
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(authority.issue(address, address))
        return made

    return context


def new_authority(directory: Path) -> Authority:
    """An authority in a directory that is made for it, which only its owner can enter."""
    directory.mkdir(mode=0o700)
    return Authority(directory, "ca")
