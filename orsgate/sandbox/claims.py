# SPDX-License-Identifier: Apache-2.0
"""Names that one process of this machine holds, and loses when it ends."""

from __future__ import annotations

import socket


def claim(name: str) -> socket.socket | None:
    """Takes ``name`` until the socket is closed; None where another one has it.

    The socket is bound to the name in Linux' abstract namespace: every process of this network namespace sees it, and the
    kernel drops it with the process, however that ends.
    """
    held = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        held.bind(f"\0orsgate-sandbox {name}")
    except OSError:
        held.close()
        return None
    return held
