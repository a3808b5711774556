# SPDX-License-Identifier: Apache-2.0
"""Addresses and ports are nobody else's."""

import socket

import pytest

from orsgate.sandbox.errors import SandboxError
from orsgate.sandbox.loopback import Loopback


def test_nets_are_given_once_and_again_after_the_sandbox_ends() -> None:
    with Loopback() as one, Loopback() as two:
        nets = {owner.addresses(1, ())[0] for owner in (one, two) for _ in range(50)}
        assert len(nets) == 100


def test_a_port_that_somebody_uses_everywhere_is_replaced() -> None:
    with socket.create_server(("0.0.0.0", 0)) as server, Loopback() as loopback:  # noqa: S104
        taken = server.getsockname()[1]
        assert loopback.usual_or_other(taken) != taken
        with pytest.raises(SandboxError, match="No loopback net"):
            loopback.addresses(1, (taken,))


def test_a_port_that_somebody_uses_on_localhost_is_free_elsewhere() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, Loopback() as loopback:
        assert loopback.usual_or_other(server.getsockname()[1]) == server.getsockname()[1]
