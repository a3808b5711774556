# SPDX-License-Identifier: Apache-2.0
"""An Orchestration Server as its Application object describes it: what an ORS twin reads when it starts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from orsgate.estate.release import OrsRelease, parse_release
from orsgate.sandbox.errors import UsageError
from orsgate.sandbox.twins.objects import Properties, Tree, TreeApplication, TreeTransaction

ORS_TYPE = 161
"""CFGOrchestrationServer."""
HTTP_PORT = 7210
"""Where an application listens whose object names no port ``http``; there is no documented default."""
UNKNOWN_BUILD = "8.1.4"
"""Of an application whose object holds no version."""

HELP_FROM = "8.1.400.55"
JSON_FROM = "8.1.400.30"
HA_FROM = "8.1.300.00"
CASSANDRA_OPTIONAL_FROM = "8.1.300.00"
_SHARED_FROM = "8.1.400.64"
_LIST = 21
_WARM = 2
_THRIFT_PORT = 9160
_MEMBERS = "cluster"

Options = Mapping[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class Persistence:
    """The section ``persistence`` of an application that keeps its sessions in Cassandra.

    Attributes:
        keyspace: ``cassandra-keyspace-name``.
        nodes: hosts of ``cassandra-nodes``, separated by ``;`` or ``,`` (unconfirmed).
        port: ``cassandra-listenport``.
        strategy_class: ``cassandra-strategy-class``.
        strategy_options: ``cassandra-strategy-options``, taken apart.
    """

    keyspace: str
    nodes: tuple[str, ...]
    port: int
    strategy_class: str
    strategy_options: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class OrsApplication:
    """An ORS application.

    Attributes:
        node: the DBID of the Primary, which is the id of the node.
        primary: whether it is the Primary of that node.
        build: what its object says of its version.
        host: name of its host.
        port: the one with the id ``http``.
        cluster: the Transaction that lists its Primary; empty for none.
        options: the effective ones.
        warm_standby: whether its pair is configured so that a Backup takes over.
        arguments: its command line arguments.
    """

    name: str
    dbid: int
    node: int
    primary: bool
    build: str
    host: str
    port: int
    cluster: str
    options: Options
    warm_standby: bool
    arguments: str

    @property
    def release(self) -> OrsRelease:
        """Its build, to compare with."""
        return parse_release(self.build)

    def has(self, since: str) -> bool:
        """Whether its build has what came with ``since``; a version without a build number is the last of its release."""
        answer = self.release.at_least(since)
        return True if answer is None else answer

    @property
    def external_url(self) -> str:
        """``orchestration/external-url``, without a slash at its end; empty where it is not set."""
        return self.options.get(("orchestration", "external-url"), "").strip().rstrip("/")

    @property
    def persistence(self) -> Persistence | None:
        """How it keeps its sessions; None where its options name no keyspace or no node."""
        of = {name: value.strip() for (section, name), value in self.options.items() if section == "persistence"}
        keyspace, nodes = of.get("cassandra-keyspace-name", ""), _parts(of.get("cassandra-nodes", ""))
        if not keyspace or not nodes:
            return None
        port = of.get("cassandra-listenport", "")
        pairs = (re.split(r"[:=]", part, maxsplit=1) for part in _parts(of.get("cassandra-strategy-options", "")))
        return Persistence(
            keyspace=keyspace,
            nodes=nodes,
            port=int(port) if port.isdecimal() else _THRIFT_PORT,
            strategy_class=of.get("cassandra-strategy-class") or "SimpleStrategy",
            strategy_options={pair[0].strip(): pair[1].strip() for pair in pairs if len(pair) > 1},
        )


def ors_applications(tree: Tree) -> dict[str, OrsApplication]:
    """Name -> every Orchestration Server of a tree that is enabled."""
    hosts = {host.dbid: host.name for host in tree.hosts}
    servers = [one for one in tree.applications if one.type == ORS_TYPE and one.enabled]
    primary_of = {one.backup: one for one in servers if one.backup and one.backup != one.dbid}
    clusters = _clusters(tree)
    return {one.name: _application(one, primary_of.get(one.dbid), hosts, clusters) for one in servers}


def ors_application(tree: Tree, name: str) -> OrsApplication:
    """One Orchestration Server.

    Raises:
        UsageError: the tree holds none of that name that is enabled.
    """
    found = ors_applications(tree).get(name)
    if found is None:
        raise UsageError(f"the configuration holds no enabled Orchestration Server {name}")
    return found


def _application(
    one: TreeApplication, primary: TreeApplication | None, hosts: Mapping[int, str], clusters: Mapping[str, TreeTransaction]
) -> OrsApplication:
    head = primary or one
    cluster = clusters.get(head.name)
    build = one.version or UNKNOWN_BUILD
    try:
        shares = parse_release(build).at_least(_SHARED_FROM) is not False
    except ValueError:
        raise UsageError(f"{one.name} has the version {build!r}, which is no release such as 8.1.400.27") from None
    shared = _enabled(cluster.annex) if cluster and shares else {}
    own = _enabled(one.options)
    return OrsApplication(
        name=one.name,
        dbid=one.dbid,
        node=head.dbid,
        primary=primary is None,
        build=build,
        host=hosts.get(one.host, ""),
        port=dict(one.ports).get("http", HTTP_PORT),
        cluster=cluster.name if cluster else "",
        options={**{key: value for key, value in shared.items() if key[0] != _MEMBERS}, **own},
        warm_standby=head.redundancy == _WARM,
        arguments=one.arguments,
    )


def _clusters(tree: Tree) -> dict[str, TreeTransaction]:
    """Name of a Primary -> the Transaction that lists it."""
    found: dict[str, TreeTransaction] = {}
    for transaction in tree.transactions:
        if transaction.type == _LIST and transaction.enabled:
            for section, name in _enabled(transaction.annex):
                if section == _MEMBERS:
                    found.setdefault(name, transaction)
    return found


def _enabled(properties: Properties) -> dict[tuple[str, str], str]:
    """What is not disabled by ``#``."""
    return {
        (section, name): value
        for section, options in properties
        if not section.startswith("#")
        for name, value in options
        if not name.startswith("#")
    }


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in re.split("[;,]", text) if part.strip())
