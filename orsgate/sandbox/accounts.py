# SPDX-License-Identifier: Apache-2.0
"""The account that a ring with passwords is used by, made with the help of the one that Cassandra makes by itself."""

from __future__ import annotations

import itertools
import time
from collections.abc import Sequence

from orsgate.sandbox.client import NoAnswer, Refused
from orsgate.sandbox.errors import SandboxError, UsageError
from orsgate.sandbox.node import Node

DEFAULT_SUPERUSER = ("cassandra", "cassandra")
"""Name and password of the account that Cassandra makes in a ring that has none."""
_PAUSE = 0.1
"""Seconds between two tries: each of them opens a connection, and the default account appears seconds after the node."""


def make_account(nodes: Sequence[Node], login: tuple[str, str], timeout: float) -> None:
    """Makes the superuser ``login``, known to all ``nodes``, so that it can log in whichever of them is down later.

    A node that is killed forgets it, like all that its commit log did not hold yet (up to 10 s).

    Raises:
        UsageError: none of them can be asked.
        SandboxError: a node ended by itself, or the account cannot be made in time.
    """
    asked = [node for node in nodes if node.can_be_asked]
    if not asked:
        raise UsageError(f"The account {login[0]} cannot be made: no node of the ring serves clients")
    deadline = time.monotonic() + timeout
    for node in itertools.cycle(asked):
        try:
            _make(node, login, len(nodes))
        except (NoAnswer, Refused) as error:  # the default account appears on one node, and the others hear of it
            node.require_running()
            if time.monotonic() > deadline:
                raise SandboxError(f"The account {login[0]} cannot be made after {timeout:.0f} s: {error}") from error
            time.sleep(_PAUSE)
        else:
            return


def _make(node: Node, login: tuple[str, str], replicas: int) -> None:
    # Both on one node: it writes the account to as many members as it has just been told.
    with node.client(login=DEFAULT_SUPERUSER) as client:
        client.update_keyspace("system_auth", "SimpleStrategy", {"replication_factor": str(replicas)})
        if login != DEFAULT_SUPERUSER:
            name, password = (part.replace("'", "''") for part in login)
            try:
                client.execute_cql(f"CREATE USER '{name}' WITH PASSWORD '{password}' SUPERUSER", None, "ONE")
            except Refused as error:
                if "already exists" not in str(error):  # an earlier try came as far, and only its answer was lost
                    raise
