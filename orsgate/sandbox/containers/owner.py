# SPDX-License-Identifier: Apache-2.0
"""Whose containers and networks they are: all of an owner are removed together, by itself or after it was killed."""

from __future__ import annotations

import socket
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from orsgate.sandbox.claims import claim

if TYPE_CHECKING:
    from docker import DockerClient

LABEL = "orsgate.sandbox.owner"
"""The label that every container and network of the sandbox carries."""
_GONE, _GOING = 404, 409


class Owner:
    """A mark that no other run has, and that is known to be dead when this process is.

    It is seen by every process of this network namespace, which are those that can reach the containers' addresses.
    """

    def __init__(self) -> None:
        self.name = uuid.uuid4().hex
        self._claim = _claimed(self.name)

    @property
    def labels(self) -> dict[str, str]:
        """What to label containers and networks with."""
        return {LABEL: self.name}

    def remove_all(self, client: DockerClient) -> None:
        """Removes every container and network of this owner."""
        _remove(client, self.name)

    def close(self) -> None:
        """Gives up the mark; whatever is left may be swept."""
        if self._claim:
            self._claim.close()


def sweep(client: DockerClient) -> list[str]:
    """Removes the containers and networks of owners that were killed; gives the names of these owners."""
    found = {
        *(each.labels[LABEL] for each in client.containers.list(all=True, filters={"label": LABEL}, ignore_removed=True)),
        *((each.attrs.get("Labels") or {})[LABEL] for each in client.networks.list(filters={"label": LABEL})),
    }
    swept = []
    for name in sorted(found):
        if held := _claimed(name):
            with held:
                _remove(client, name)
            swept.append(name)
    return swept


def _claimed(name: str) -> socket.socket | None:
    """Takes the mark ``name``; None where its owner lives."""
    return claim(f"owner {name}")


def _remove(client: DockerClient, name: str) -> None:
    own = {"label": f"{LABEL}={name}"}
    containers = client.containers.list(all=True, filters=own, sparse=True, ignore_removed=True)
    for container in containers:  # one by one: when the interpreter ends, no thread can be started any more
        _unless_gone(container.remove, force=True, v=True)
    for network in client.networks.list(filters=own):
        _unless_gone(network.remove)


def _unless_gone(remove: Callable[..., None], **options: Any) -> None:
    from docker.errors import APIError  # noqa: PLC0415  # of the optional dependencies

    try:
        remove(**options)
    except APIError as error:
        if error.status_code not in {_GONE, _GOING}:  # another one removes it as well
            raise
