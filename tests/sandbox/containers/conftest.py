# SPDX-License-Identifier: Apache-2.0
"""A Docker daemon, where this machine has one; and what is on it of a ring."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from fixtures.at_hand import not_at_hand
from orsgate.sandbox.containers.daemon import NotAtHandError, connect, require_packages
from orsgate.sandbox.containers.owner import LABEL


@pytest.fixture(scope="session")
def docker() -> Iterator[Any]:
    """A client of the daemon."""
    try:
        require_packages()
        client = connect()
    except NotAtHandError as error:
        not_at_hand("containers", str(error))
    yield client
    client.close()


def left_of(client: Any, owner: str) -> list[str]:
    """The names of the containers and networks that an owner has."""
    own = {"label": f"{LABEL}={owner}"}
    found = (*client.containers.list(all=True, filters=own, ignore_removed=True), *client.networks.list(filters=own))
    return [each.name for each in found]
