# SPDX-License-Identifier: Apache-2.0
"""Whether the nodes that ORS contacts are those of the ring that was audited.

That the options are called ``cassandra-nodes`` and ``cassandra-listenport``, and that the latter has the default
9160, is unconfirmed.
"""

from __future__ import annotations

from dataclasses import replace

from orsgate.estate.estate import Estate
from orsgate.estate.field_types import split_node
from orsgate.estate.inventory import Application
from orsgate.estate.judgement import Findings, Judgement
from orsgate.estate.knowledge import Unknown
from orsgate.estate.options import Setting
from orsgate.estate.ring import Ring
from orsgate.estate.wording import listed
from orsgate.rules.node_lists import (
    DEFAULT_PORT,
    NODES,
    PORT,
    THIS_HOST,
    ListedNode,
    RingIndex,
    host_key,
    parse_node_list,
    parse_port,
)
from orsgate.rules.options import options_place, shown
from orsgate.rules.subjects import every_application


def contacts_lead_to_ring(estate: Estate) -> Judgement:
    """The hosts and the port that each application is told lead to the ring that was audited."""
    findings = Findings()
    contacts = _Contacts(estate, estate.ring)
    untold: list[str] = []
    for application in every_application(estate):
        name = application.name
        reading = estate.effective(application, NODES)
        if reading.unknown:
            findings.gap(name, reading.unknown)
        if reading.setting is not None:
            findings.evidence(name, shown(reading.setting), reading.setting.where)
            contacts.judge(findings, application, reading.setting)
        elif reading.absent:
            findings.evidence(name, f"{NODES} is not set", options_place(application))
            untold.append(name)
    if untold:
        findings.note(f"{NODES} (name unconfirmed) is not set, so which nodes ORS contacts is not known: {listed(untold)}")
    return findings.judgement()


class _Contacts:
    """Judges node lists against one ring; each host is looked up once, however many applications name it."""

    def __init__(self, estate: Estate, ring: Ring) -> None:
        self._estate = estate
        self._index = RingIndex(ring)
        self._leads: dict[str, bool | Unknown] = {}
        # Where members are reached at other addresses than their own, their ports say nothing about those of ORS.
        self._mapped = bool(estate.snapshot.estate.cassandra.addresses)
        self._ports = _answering_ports(ring)
        self._mute = next((node.thrift for node in ring.nodes if isinstance(node.thrift, Unknown)), None)

    def judge(self, findings: Findings, application: Application, setting: Setting) -> None:
        name = application.name
        nodes = parse_node_list(setting.text)
        if not nodes:
            findings.violation(name, f"{NODES} names no node", "nodes of the ring that was audited", setting.where)
        for node in nodes:
            leads = self._from(application, node.host)
            if isinstance(leads, Unknown):
                findings.gap(name, leads)
            elif not leads:
                found = f"{NODES} names {node.host}, which is no node of the ring that was audited"
                findings.violation(name, found, "nodes of the ring that was audited", setting.where)
        if self._ports and not self._mapped:
            self._judge_port(findings, application, setting, nodes)
        elif self._mute is not None and not self._ports:
            cause = "no node of the ring answers Thrift (ORS-0503), so that the port by which ORS is to reach it cannot be told"
            findings.gap(name, replace(self._mute, cause=cause))

    def _from(self, application: Application, host: str) -> bool | Unknown:
        """Whether ``host``, as the host of ``application`` understands it, leads to the ring."""
        leads = self._cached(host)
        if leads is True or host_key(host) not in THIS_HOST:
            return leads
        return application.host if isinstance(application.host, Unknown) else self._cached(application.host)

    def _cached(self, host: str) -> bool | Unknown:
        if host not in self._leads:
            self._leads[host] = self._index.leads(host)
        return self._leads[host]

    def _judge_port(
        self, findings: Findings, application: Application, setting: Setting, nodes: tuple[ListedNode, ...]
    ) -> None:  # fmt: skip
        expected = f"the port on which the ring answered: {listed([str(port) for port in sorted(self._ports)])}"
        for node in nodes:
            if node.port is not None and node.port not in self._ports:
                findings.violation(application.name, f"{NODES} names {node.host}:{node.port}", expected, setting.where)
        if all(node.port is not None for node in nodes):
            return
        reading = self._estate.effective(application, PORT)
        if reading.unknown:
            findings.gap(application.name, reading.unknown)
        if reading.setting is not None:
            if parse_port(reading.setting.text) not in self._ports:
                findings.violation(application.name, shown(reading.setting), expected, reading.setting.where)
        elif reading.absent and DEFAULT_PORT not in self._ports:
            found = f"{PORT} is not set, so its default {DEFAULT_PORT} (unconfirmed) counts"
            findings.violation(application.name, found, expected, options_place(application))


def _answering_ports(ring: Ring) -> frozenset[int]:
    answering = (split_node(node.thrift_at or node.asked) for node in ring.nodes if not isinstance(node.thrift, Unknown))
    return frozenset(split[1] for split in answering if split is not None and split[1] is not None)
