# SPDX-License-Identifier: Apache-2.0
"""Whether the running nodes of a ring all see each other and have one schema."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from orsgate.estate.ring import UNREACHABLE
from orsgate.sandbox.client import NoAnswer, Refused
from orsgate.sandbox.errors import SandboxError
from orsgate.sandbox.node import Node

_PAUSE = 0.05
"""Seconds between two rounds of questions."""
_FIRST_CALL, _LAST_CALL = 1.0, 16.0
"""Seconds a call may take, at first and at last; doubled with each round in which one took too long. While a ring comes
up, a node can wait rpc_timeout_in_ms (10 s) for a member that never got its question: asking again is quicker. After a
member died it waits as long, and then only patience helps."""


@dataclass(frozen=True, slots=True)
class View:
    """What one node says of the ring.

    Attributes:
        schema: the schema version that all members have, as it sees it; empty where they have none in common.
        obstacle: why there is none.
        slow: whether it did not answer in time.
    """

    schema: str = ""
    obstacle: str = ""
    slow: bool = False


def wait_until_agreed(nodes: Sequence[Node], timeout: float) -> None:
    """Waits until every running node answers, sees all others, and all have one schema version.

    Nodes that were stopped or killed through the ring do not count; the others may know that they are gone, or not yet.

    Raises:
        SandboxError: a node ended by itself, or they do not agree in time.
    """
    deadline = time.monotonic() + timeout
    members = {node.address for node in nodes if node.expected}
    asked = [node for node in nodes if node.expected and node.can_be_asked]
    if not asked:
        raise SandboxError("No running node can be asked whether the ring agrees")
    patience = _FIRST_CALL if len(members) == len(nodes) else _LAST_CALL
    with ThreadPoolExecutor(len(asked), thread_name_prefix="agreement") as pool:
        while True:
            views = list(pool.map(_ask, asked, [members] * len(asked), [patience] * len(asked)))
            if not (obstacle := _obstacle(views)):
                return
            for node in nodes:
                node.require_running()
            if time.monotonic() > deadline:
                raise SandboxError(f"The ring does not agree after {timeout:.0f} s: {obstacle}")
            if any(view.slow for view in views):
                patience = min(2 * patience, _LAST_CALL)
            time.sleep(_PAUSE)


def _ask(node: Node, members: set[str], patience: float) -> View:
    try:
        with node.client(patience) as client:
            # Tokens first: the node knows them by itself, while for the schema it asks the other members.
            owners = client.token_owners()
            if owners is not None and (unknown := members - owners):
                return View(obstacle=f"{node.address} does not know the tokens of {', '.join(sorted(unknown))}")
            return view_of(node.address, members, client.schema_versions())
    except NoAnswer as error:
        return View(obstacle=str(error), slow=True)
    except Refused as error:
        return View(obstacle=str(error))


def view_of(asked: str, members: set[str], versions: Mapping[str, Sequence[str]]) -> View:
    """What the ``describe_schema_versions`` of a node tells about the agreement of ``members``."""
    having = {version: members.intersection(nodes) for version, nodes in versions.items()}
    lost = having.pop(UNREACHABLE, set())
    if lost:
        return View(obstacle=f"{asked} cannot reach {', '.join(sorted(lost))}")
    if missing := members.difference(*having.values()):
        return View(obstacle=f"{asked} does not see {', '.join(sorted(missing))}")
    schemas = [version for version, nodes in having.items() if nodes]
    if len(schemas) > 1:
        return View(obstacle=f"{asked} sees several schema versions: {dict(versions)}")
    return View(schema=schemas[0])


def _obstacle(views: Sequence[View]) -> str:
    """Why ``views`` are no agreement; empty where they are one."""
    for view in views:
        if view.obstacle:
            return view.obstacle
    schemas = {view.schema for view in views}
    return "" if len(schemas) == 1 else f"the nodes have different schema versions: {', '.join(sorted(schemas))}"
