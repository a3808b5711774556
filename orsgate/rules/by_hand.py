# SPDX-License-Identifier: Apache-2.0
"""Step 10: what no documented interface shows, so that a person tries it and attests it."""

from __future__ import annotations

from orsgate.estate.decisions import interaction_connections, said_not_to_pull, unresolved_connection
from orsgate.estate.estate import Estate
from orsgate.estate.inventory import TELEPHONY_SERVERS, Application
from orsgate.estate.judgement import Findings, Judgement
from orsgate.estate.wording import listed
from orsgate.rules.multimedia import ALL_WITHOUT, NONE_CONNECTED

NO_TELEPHONY = "no member of a cluster in scope is connected to a T-Server or SIP Server"


def multimedia_is_pulled(estate: Estate) -> Judgement:
    """A person has to see that a multimedia interaction is pulled and routed on each node that works with multimedia."""
    findings = Findings()
    findings.rests_on(estate.basis)
    without = said_not_to_pull(estate)
    pulling, excused = [], False
    for primary in estate.primaries:
        servers = interaction_connections(estate, primary)
        if primary.name in without:
            excused = excused or bool(servers)
        elif servers:
            pulling.append(primary.name)
            findings.subject(primary.name)
        elif unknown := unresolved_connection(estate, primary):
            findings.gap(primary.name, unknown)
    findings.manual(
        "put a multimedia interaction into a queue that each of these nodes pulls from, check that it is routed to an agent, and "
        f"attest interaction id, node and time: {listed(pulling)}"
    )
    return findings.judgement(ALL_WITHOUT if excused else NONE_CONNECTED)


def calls_are_routed(estate: Estate) -> Judgement:
    """A person has to see that each cluster routes a test call through each T-Server and SIP Server it is connected to."""
    findings = Findings()
    findings.rests_on(estate.basis)
    calls: list[str] = []
    for cluster in estate.clusters:
        if unknown := cluster.members_unknown:
            findings.gap(cluster.transaction, unknown)
        servers: dict[str, None] = {}
        for _, member in estate.members(cluster):
            servers.update(dict.fromkeys(_telephony(estate, member)))
            if unknown := unresolved_connection(estate, member):
                findings.gap(member.name, unknown)
        for server in servers:
            findings.subject(f"{cluster.transaction} / {server}")
        if servers:
            calls.append(f"{cluster.transaction} through {listed(list(servers))}")
    findings.manual(
        "make a test call through each T-Server and SIP Server, check that it is routed by the cluster, and attest DN, time and "
        f"session id: {'; '.join(calls)}"
    )
    return findings.judgement(NO_TELEPHONY)


def _telephony(estate: Estate, application: Application) -> list[str]:
    """The T-Servers and SIP Servers an application is connected to; not the second object of an Interaction Server."""
    if not isinstance(application.connections, tuple):
        return []
    targets = [estate.applications[name] for name in application.connections if name in estate.applications]
    return [
        target.name
        for target in targets
        if target.type in TELEPHONY_SERVERS and (target.address is None or target.address not in estate.interaction_server_at)
    ]
